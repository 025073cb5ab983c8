# The rows of every table but oc_filecache, one file of tab-separated values per table below `folder`. Usage:
#   mawk -v scale=MB -v users=N -v files=N -v folder=DIR -f random.awk -f tables.awk
# Escapes are those that LOAD DATA and COPY share: \N for NULL, \n, \r, \\.

function to(table) {
    return folder "/oc_" table ".tsv"
}

function user() {
    return "user" (1 + random(users))
}

function moment() {
    return 1500000000 + random(210000000)
}

function uuid(    h) {
    h = hex32()
    return substr(h, 1, 8) "-" substr(h, 9, 4) "-" substr(h, 13, 4) "-" substr(h, 17, 4) "-" substr(h, 21, 12)
}

function few(    i, out, type, name) {
    list_of("httpd httpd/unix-directory application image/jpeg image/png application/pdf application/msword " \
        "application/vnd.ms-excel application/vnd.oasis.opendocument.text video/mp4 text/markdown text/plain " \
        "application/zip image video text audio audio/mpeg", types)
    for (i = 1; i <= types[0]; i++) printf "%d\t%s\n", i, types[i] > to("mimetypes")
    printf "1\tlocal::/var/www/nextcloud/data/\t1\t\\N\n" > to("storages")
    for (i = 1; i <= users; i++) {
        printf "%d\thome::user%d\t1\t%d\n", i + 1, i, moment() > to("storages")
        printf "user%d\t%s\t3|$argon2id$v=19$m=65536,t=4,p=1$%s%s\tuser%d\n", i, \
            pick(first_names) " " pick(last_names), hex32(), hex32(), i > to("users")
        printf "%d\tprincipals/users/user%d\tPersonal\tpersonal\t%d\t#%06x\tVEVENT,VTODO\n", \
            i, i, random(500), random(16777216) > to("calendars")
    }
}

function preferences(count,    i) {
    list_of("core files activity dav theming notifications text photos calendar", apps)
    for (i = 1; i <= count; i++) {
        printf "user%d\t%s\tsetting_%d\t%s\n", 1 + i % users, apps[1 + i % apps[0]], i, \
            random(3) ? random(2000000000) : "{\"view\":\"" pick(file_words) "\",\"sort\":" random(9) "}" \
            > to("preferences")
    }
}

function shares(count,    i, type) {
    for (i = 1; i <= count; i++) {
        type = random(4) == 0 ? 3 : 0
        printf "%d\t%d\t%s\tuser%d\tuser%d\t%s\t%d\t/%s %d\t%d\t%d\t%s\t%s\n", i, type, type == 3 ? "\\N" : user(), \
            1 + random(users), 1 + random(users), random(9) ? "file" : "folder", 1 + random(files), \
            pick(folder_words), random(100000), 1 + random(31), moment(), \
            random(5) ? "\\N" : "2024-0" (1 + random(9)) "-1" random(10) " 00:00:00", \
            type == 3 ? substr(hex32(), 1, 15) : "\\N" > to("share")
    }
}

function activities(count,    i, id, path, who) {
    list_of("file_created file_changed file_deleted shared_with_by calendar_event comments", kinds)
    for (i = 1; i <= count; i++) {
        id = 1 + random(files)
        path = "\\\\/" pick(folder_words) "\\\\/" pick(file_words) " " random(100000) ".docx"
        who = user()
        printf "%d\t%d\t30\t%s\t%s\t%s\tfiles\t%s_self\t[{\"%d\":\"%s\"},\"%s\"]\t\t[]\t%s\thttps://cloud.example.org/index.php/apps/files/?dir=/%s\tfiles\t%d\n", \
            i, 1600000000 + i * 7, pick(kinds), who, user(), pick(kinds), id, path, who, path, pick(folder_words), id \
            > to("activity")
    }
}

function event(id,    from) {
    from = 1500000000 + random(210000000)
    return "BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\nCALSCALE:GREGORIAN\\r\\nPRODID:-//Sabre//Sabre VObject 4.5.3//EN\\r\\n" \
        "BEGIN:VTIMEZONE\\r\\nTZID:Europe/Berlin\\r\\nBEGIN:DAYLIGHT\\r\\nTZOFFSETFROM:+0100\\r\\nTZOFFSETTO:+0200\\r\\n" \
        "TZNAME:CEST\\r\\nDTSTART:19700329T020000\\r\\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\\r\\nEND:DAYLIGHT\\r\\n" \
        "END:VTIMEZONE\\r\\nBEGIN:VEVENT\\r\\nUID:" id "\\r\\nDTSTAMP:20230101T" sprintf("%06d", random(240000)) "Z\\r\\n" \
        "DTSTART;TZID=Europe/Berlin:20" (10 + random(15)) "0" (1 + random(9)) "1" random(10) "T0" random(10) "0000\\r\\n" \
        "SUMMARY:" words(prose, 3 + random(5)) "\\r\\nLOCATION:" pick(last_names) " " random(300) "\\r\\n" \
        "DESCRIPTION:" words(prose, 20 + random(120)) "\\r\\nATTENDEE;CN=" pick(first_names) ":mailto:" user() \
        "@example.org\\r\\nSEQUENCE:" random(9) "\\r\\nEND:VEVENT\\r\\nEND:VCALENDAR\\r\\n"
}

function calendar_objects(count,    i, id, from) {
    for (i = 1; i <= count; i++) {
        id = uuid()
        from = moment()
        printf "%d\t%s\t%s.ics\t%d\t%d\t%s\t%d\tVEVENT\t%d\t%d\t%s\t0\n", i, event(id), toupper(id), \
            1 + random(users), moment(), hex32(), 800 + random(900), from, from + 3600, id > to("calendarobjects")
    }
}

function cards(count,    i, id, first, last, photo, j) {
    for (i = 1; i <= count; i++) {
        id = uuid()
        first = pick(first_names)
        last = pick(last_names)
        photo = ""
        # a small picture in one card of four: base64-like text that does not compress well
        if (random(4) == 0) for (j = 0; j < 40; j++) photo = photo hex32()
        printf "%d\t%d\tBEGIN:VCARD\\r\\nVERSION:3.0\\r\\nUID:%s\\r\\nFN:%s %s\\r\\nN:%s;%s;;;\\r\\nEMAIL;TYPE=WORK:user%d@example.org\\r\\nTEL;TYPE=CELL:+49 %d %d\\r\\nNOTE:%s\\r\\n%sEND:VCARD\\r\\n\t%s.vcf\t%d\t%s\t%d\t%s\n", \
            i, 1 + random(users), id, first, last, last, first, random(100000), 100 + random(900), random(10000000), \
            words(prose, 5 + random(30)), photo == "" ? "" : "PHOTO;ENCODING=b;TYPE=jpeg:" photo "\\r\\n", \
            id, moment(), hex32(), 300 + random(1500), id > to("cards")
    }
}

function comments(count,    i) {
    for (i = 1; i <= count; i++) {
        printf "%d\t0\t0\t0\tusers\t%s\t%s\\n%s\tcomment\t2023-0%d-1%d 1%d:00:00\tfiles\t%d\n", i, user(), \
            words(prose, 4 + random(20)), words(prose, 4 + random(40)) (random(6) ? "" : " 👍🏽"), \
            1 + random(9), random(10), random(10), 1 + random(files) > to("comments")
    }
}

BEGIN {
    few()
    preferences(scale * 160)
    shares(scale * 60)
    activities(scale * 515)
    calendar_objects(scale * 68)
    cards(scale * 68)
    comments(scale * 32)
}
