# Rows of oc_filecache, which is most of any Nextcloud database. Usage:
#   mawk -v rows=N -v users=N -f random.awk -f filecache.awk > oc_filecache.tsv
# Storage 1 holds the previews (about a third of the rows, as in life), the others one user's files each.

function emit(storage, path, parent, name, type, part, size, when) {
    printf "%d\t%d\t%s\t%s\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t0\t0\t%s\t%d\t%s\n", \
        ++fileid, storage, path, hex32(), parent, name, type, part, size, when, \
        random(4) ? when : when + random(90000), type == 2 ? substr(hex32(), 1, 13) : hex32(), type == 2 ? 31 : 27, \
        random(12) == 0 ? "SHA1:" hex32() substr(hex32(), 1, 8) : (random(2) ? "" : "\\N")
    return fileid
}

function moment() {
    return 1500000000 + random(210000000)
}

function file_name(kind, day, number) {
    if (kind < 5) return sprintf("IMG_%d_%06d.jpg", 20100101 + day, 60000 + number * 37)
    if (kind < 8) return pick(file_words) " " pick(last_names) " " (2005 + random(20)) "-" number "." pick(extensions)
    return sprintf("%s_%s_v%d_%03d.%s", pick(file_words), pick(file_words), random(30), number, pick(extensions))
}

# One user's tree: folders grow under random folders; files come in batches, as they are uploaded or synchronised,
# so that rows beside each other share folder, time and form of name.
function home(storage, count,    parents, paths, depths, folders, at, name, kind, left, when, day) {
    split("", paths)
    paths[0] = "files"
    depths[0] = 0
    parents[0] = emit(storage, "files", emit(storage, "", -1, "", 2, 1, 0, moment()), "files", 2, 1, 0, moment())
    folders = 1
    for (count -= 2; count > 0; count--) {
        at = random(folders)
        if (depths[at] < 7) {
            name = pick(folder_words) " " (2005 + random(20)) (random(3) ? "" : " " words(file_words, 2)) " " folders
            paths[folders] = paths[at] "/" name
            depths[folders] = depths[at] + 1
            parents[folders] = emit(storage, paths[folders], parents[at], name, 2, 1, random(2000000000), moment())
            at = folders++
        }
        when = moment()
        day = random(140) * 1000 + random(28)
        kind = random(10)
        for (left = 1 + random(40); left > 0 && count > 1; left--) {
            name = file_name(kind, day, left + folders * 40)
            when += random(300)
            emit(storage, paths[at] "/" name, parents[at], name, 3 + random(extensions[0]), 3, \
                random(20) == 0 ? random(2000000000) : random(8000000), when)
            count--
        }
    }
}

function previews(count,    root, hash, path, owner, left, size, when) {
    root = emit(1, "appdata_ocq7x2m4k9/preview", emit(1, "appdata_ocq7x2m4k9", -1, "appdata_ocq7x2m4k9", 2, 1, 0, moment()), \
        "preview", 2, 1, 0, moment())
    for (count -= 2; count > 0; count -= left + 1) {
        hash = hex32()
        owner = 1000 + random(9000000)
        path = "appdata_ocq7x2m4k9/preview"
        for (left = 1; left <= 7; left++) path = path "/" substr(hash, left, 1)
        path = path "/" owner
        when = moment()
        root = emit(1, path, 2 + random(fileid), owner, 2, 1, 0, when)
        for (left = 0; left < 4 && left < count - 1; left++) {
            size = preview_sizes[left + 1]
            emit(1, path "/" size, root, size, left % 2 ? 5 : 4, 3, 2000 + random(300000), when)
        }
    }
}

BEGIN {
    list_of("jpg png pdf docx xlsx odt mp4 md txt zip", extensions)
    list_of("1024-1024-max.jpg 256-256-crop.png 64-64-crop.jpg 2048-2048.png", preview_sizes)
    shared = int(rows * 0.35)
    previews(shared)
    for (user = 1; user <= users; user++) home(user + 1, int((rows - shared) / users))
}
