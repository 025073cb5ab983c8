# A random generator of our own (Park and Miller's), so that the same seed makes the same data everywhere. Awks differ
# in the order in which they evaluate arguments: the scripts run these files with mawk, which every Debian has.

# random(n): a whole number from 0 to n-1
function random(n) {
    state = (state * 16807) % 2147483647
    return state % n
}

# hex32(): 32 hexadecimal digits, as md5 prints them
function hex32() {
    return sprintf("%07x%07x%07x%07x%04x", \
        random(268435456), random(268435456), random(268435456), random(268435456), random(65536))
}

# pick(list): one of the words of an array that split() filled; its size stands at index 0
function pick(list) {
    return list[1 + random(list[0])]
}

# words(list, n): n words with spaces between
function words(list, n,    text) {
    text = pick(list)
    while (--n > 0) text = text " " pick(list)
    return text
}

function list_of(text, list,    size) {
    size = split(text, list, " ")
    list[0] = size
}

BEGIN {
    state = 20240229
    list_of("Documents Projects Photos Invoices Contracts Archive Customers Music Holidays Templates Shared " \
        "Meetings Drafts Scans Backup Family Research Accounting Marketing Übersicht Verträge été 写真 Old New", folder_words)
    list_of("report summary invoice minutes offer plan budget notes agenda letter draft review proposal " \
        "presentation statement receipt manual guide overview schedule Rechnung Protokoll résumé 会議 contract", file_words)
    list_of("the a of project meeting about next week please customer with new and for this release we have " \
        "to change time file review before Friday agreed open question budget team server update who can take " \
        "over early version more details follow see attached thanks later again first second point done", prose)
    list_of("Anna Bruno Carla David Elif Farid Greta Hugo Inès Jonas Kateřina Luca Mia Noah Olga Pavel Rosa Søren " \
        "Tariq Uta Vera Wim Yuki Zoë", first_names)
    list_of("Adler Bauer Costa Dubois Eriksson Fischer García Hansen Ivanova Jensen Kowalski Lindqvist Müller Novák " \
        "Okafor Petit Rossi Schmidt Tanaka Umar Weiß Yılmaz Zhang", last_names)
}
