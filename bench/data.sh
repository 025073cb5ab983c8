# shellcheck shell=bash disable=SC2154
# (the variables named below are set by scripts/bench, which sources this)
# The data set: rows by awk, loaded once into one server of each engine, kept for the next run.
# After servers.sh; needs $bench (this folder), $cache (the folder of this data set), $size (MB of SQL text).

tables=(mimetypes storages users preferences filecache share activity calendars calendarobjects cards comments)

# data_set ENGINE...: makes what is missing; afterwards $cache holds `mariadb`, `postgresql` and `sqlite`
data_set() {
    local engine
    for engine in "$@"; do
        if [ -e "$cache/$engine" ]; then
            continue
        fi
        make_rows
        say "loading $size MB of them into $engine (kept in $cache for the next run)"
        rm -rf "$cache/$engine.part"
        "load_$engine" "$cache/$engine.part"
        mv "$cache/$engine.part" "$cache/$engine"
    done
}

# The counts are such that one MB of `size` is at least one MB of what mariadb-dump and pg_dump print.
make_rows() {
    local users=$((size / 5 + 20)) files=$((size * 2600))
    if [ -e "$cache/rows" ]; then
        return
    fi
    say "generating the rows of a cloud with $users users and $files files"
    rm -rf "$cache/rows.part"
    mkdir -p "$cache/rows.part"
    mawk -v rows="$files" -v users="$users" -f "$bench/random.awk" -f "$bench/filecache.awk" \
        > "$cache/rows.part/oc_filecache.tsv" &
    local other=$!
    mawk -v scale="$size" -v users="$users" -v files="$files" -v folder="$cache/rows.part" \
        -f "$bench/random.awk" -f "$bench/tables.awk"
    wait "$other"
    mv "$cache/rows.part" "$cache/rows"
}

load_mariadb() { # DATADIR
    local table
    PATH=$PATH:/usr/sbin mariadb-install-db --no-defaults --datadir="$1" --auth-root-authentication-method=normal \
        --skip-test-db --skip-name-resolve --user="$(id -un)" > "$run/install.log" 2>&1
    start_mariadb "$1"
    mariadb_sql '' 'CREATE DATABASE nextcloud CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'
    mariadb_sql nextcloud "SOURCE $bench/schema/mariadb.sql"
    for table in "${tables[@]}"; do
        mariadb_sql nextcloud "LOAD DATA LOCAL INFILE '$cache/rows/oc_$table.tsv' INTO TABLE oc_$table CHARACTER SET utf8mb4"
    done
    mariadb_sql nextcloud "SOURCE $bench/schema/mariadb-keys.sql"
    mariadb_sql nextcloud "ANALYZE TABLE $(printf 'oc_%s,' "${tables[@]}" | sed 's/,$//')" > /dev/null
    stop_mariadb
}

load_postgresql() { # DATADIR
    local table
    mkdir "$1"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$1"
    "${as_server[@]}" "$(postgresql_programs)/initdb" -D "$1" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
        > "$run/install.log" 2>&1
    start_postgresql "$1"
    postgresql_sql postgres 'CREATE DATABASE nextcloud'
    postgresql_sql nextcloud "\\i $bench/schema/postgresql.sql"
    for table in "${tables[@]}"; do
        postgresql_sql nextcloud "\\copy oc_$table from '$cache/rows/oc_$table.tsv'"
    done
    postgresql_sql nextcloud "\\i $bench/schema/postgresql-keys.sql"
    postgresql_sql nextcloud 'VACUUM ANALYZE'
    stop_postgresql
}

# The shell's import knows neither NULL nor escapes, so the rows go through a table of plain text.
load_sqlite() { # FILE
    local table
    {
        printf '%s\n' 'PRAGMA synchronous = OFF;' 'PRAGMA journal_mode = OFF;' ".read $bench/schema/sqlite.sql" \
            '.mode ascii' '.separator "\t" "\n"'
        for table in "${tables[@]}"; do
            printf '%s\n' "CREATE TEMP TABLE raw AS SELECT * FROM main.oc_$table LIMIT 0;" \
                ".import --schema temp $cache/rows/oc_$table.tsv raw" \
                "INSERT INTO oc_$table SELECT $(sqlite_columns "oc_$table") FROM raw;" 'DROP TABLE raw;'
        done
        printf '%s\n' ".read $bench/schema/sqlite-keys.sql" 'ANALYZE;' 'PRAGMA journal_mode = WAL;'
    } | sqlite3 -bail "$1" > /dev/null
}

# the columns of a table as the expressions that undo the escapes of the rows' text
sqlite_columns() { # TABLE
    sqlite3 :memory: ".read $bench/schema/sqlite.sql" "SELECT group_concat(CASE
        WHEN type = 'BLOB' THEN 'CAST(' || unescaped || ' AS BLOB)'
        WHEN type = 'CLOB' OR type LIKE 'VARCHAR%' THEN unescaped
        ELSE 'nullif(' || name || ', ''\N'')' END, ', ')
        FROM (SELECT *, 'replace(replace(replace(nullif(' || name
            || ', ''\N''), ''\r'', char(13)), ''\n'', char(10)), ''\\'', ''\'')' AS unescaped
        FROM pragma_table_info('$1') ORDER BY cid)"
}
