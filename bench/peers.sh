# shellcheck shell=bash disable=SC2154
# (the variables named below are set by scripts/bench, which sources this)
# The contenders: what a user would pick, and this toolkit, each as one command line. Needs $run, and $bin (empty without this toolkit).

names=()
commands=()
outputs=()
paces=()

# contender NAME COMMAND [OUTPUT] [slow]: one that is slow takes part in the first two rounds only
contender() {
    names+=("$1")
    commands+=("$2")
    outputs+=("${3:-}")
    paces+=("${4:-}")
}

forget_contenders() {
    names=()
    commands=()
    outputs=()
    paces=()
}

# the programs with their way to the throwaway servers
define_programs() {
    local pg
    mariadb="mariadb --no-defaults --socket=$run/mariadb.sock --user=root --max-allowed-packet=1G"
    # the options that bpipe-reader gives it
    mariadb_dump="mariadb-dump --no-defaults --socket=$run/mariadb.sock --user=root --single-transaction --quick
        --routines --events --triggers --hex-blob --default-character-set=utf8mb4 --max-allowed-packet=1G
        --no-tablespaces --skip-lock-tables --skip-add-locks --skip-disable-keys"
    mariadb_dump=${mariadb_dump//$'\n'/ }
    mydumper="mydumper --socket=$run/mariadb.sock --user=root --verbose=1 --threads=2 --rows=200000
        --triggers --events --routines --database=nextcloud"
    mydumper=${mydumper//$'\n'/ }
    myloader="myloader --socket=$run/mariadb.sock --user=root --verbose=1 --threads=2"
    pg=$(postgresql_programs)
    pg_dump="$pg/pg_dump -h $run/socket -U postgres"
    pg_restore="$pg/pg_restore -h $run/socket -U postgres"
    vacuumdb="$pg/vacuumdb --analyze-only -j2 -q -h $run/socket -U postgres"
    psql="$pg/psql -X -q -v ON_ERROR_STOP=1 -h $run/socket -U postgres"
    reader_mariadb="$bin/bpipe-reader --engine mariadb --socket $run/mariadb.sock --user root --database nextcloud"
    reader_postgresql="$bin/bpipe-reader --engine postgresql --socket $run/socket --user postgres --database nextcloud --clients $pg"
    reader_sqlite="$bin/bpipe-reader --engine sqlite --database $run/nextcloud.sqlite"
    writer_mariadb="$bin/bpipe-writer --socket $run/mariadb.sock --user root --into restored --no-keep"
    writer_postgresql="$bin/bpipe-writer --socket $run/socket --user postgres --into restored --no-keep --clients $pg"
    writer_sqlite="$bin/bpipe-writer --into $run/restored.sqlite --no-keep"
}

dump_mariadb() {
    contender 'mariadb-dump > /dev/null' "$mariadb_dump nextcloud > /dev/null"
    contender 'mariadb-dump | zstd -3 -T0' "$mariadb_dump nextcloud | zstd -q -3 -T0 > $run/m.sql.zst" "$run/m.sql.zst"
    contender 'mariadb-dump | gzip' "$mariadb_dump nextcloud | gzip > $run/m.sql.gz" "$run/m.sql.gz" slow
    contender 'mydumper -t 2' "$mydumper -o $run/m.folder" "$run/m.folder"
    contender 'mydumper -t 2 -c' "$mydumper -c -o $run/m.packed" "$run/m.packed" slow
    [ -n "$bin" ] || return 0
    contender 'bpipe-reader' "$reader_mariadb > $run/m.bpipe" "$run/m.bpipe"
    contender 'bpipe-reader --jobs 2' "$reader_mariadb --jobs 2 > $run/m.jobs" "$run/m.jobs"
}

dump_postgresql() {
    contender 'pg_dump > /dev/null' "$pg_dump nextcloud > /dev/null"
    contender 'pg_dump | zstd -3 -T0' "$pg_dump nextcloud | zstd -q -3 -T0 > $run/p.sql.zst" "$run/p.sql.zst"
    contender 'pg_dump | gzip' "$pg_dump nextcloud | gzip > $run/p.sql.gz" "$run/p.sql.gz" slow
    contender 'pg_dump -Fc' "$pg_dump -Fc nextcloud > $run/p.custom" "$run/p.custom" slow
    contender 'pg_dump -Fd -j2' "$pg_dump -Fd -j2 -f $run/p.folder nextcloud" "$run/p.folder" slow
    [ -n "$bin" ] || return 0
    contender 'bpipe-reader' "$reader_postgresql > $run/p.bpipe" "$run/p.bpipe"
    contender 'bpipe-reader --jobs 2' "$reader_postgresql --jobs 2 > $run/p.jobs" "$run/p.jobs"
}

dump_sqlite() {
    contender 'sqlite3 .dump > /dev/null' "sqlite3 $run/nextcloud.sqlite .dump > /dev/null"
    contender 'sqlite3 .dump | zstd -3 -T0' "sqlite3 $run/nextcloud.sqlite .dump | zstd -q -3 -T0 > $run/s.sql.zst" "$run/s.sql.zst"
    contender 'sqlite3 .dump | gzip' "sqlite3 $run/nextcloud.sqlite .dump | gzip > $run/s.sql.gz" "$run/s.sql.gz" slow
    [ -z "$bin" ] || contender 'bpipe-reader' "$reader_sqlite > $run/s.bpipe" "$run/s.bpipe"
}

restore_mariadb() {
    contender 'load without secondary keys' "zstd -q -dc $run/m.data.zst | $mariadb restored"
    contender 'zstd -dc | mariadb' "zstd -q -dc $run/m.sql.zst | $mariadb restored"
    contender 'myloader -t 2' "$myloader --source-db=nextcloud --database=restored --directory=$run/m.folder"
    [ -z "$bin" ] || contender 'bpipe-writer' "$writer_mariadb < $run/m.bpipe"
}

restore_postgresql() {
    contender 'load without keys' "zstd -q -dc $run/p.data.zst | $psql restored > /dev/null"
    contender 'zstd -dc | psql' "zstd -q -dc $run/p.sql.zst | $psql restored > /dev/null"
    contender 'pg_restore -j2' "$pg_restore -j2 -d restored $run/p.custom"
    contender 'pg_restore -j2, ANALYZE' "$pg_restore -j2 -d restored $run/p.custom && $vacuumdb -d restored"
    [ -z "$bin" ] || contender 'bpipe-writer' "$writer_postgresql < $run/p.bpipe"
}

restore_sqlite() {
    contender 'zstd -dc | sqlite3' "zstd -q -dc $run/s.sql.zst | sqlite3 $run/restored.sqlite > /dev/null"
    [ -z "$bin" ] || contender 'bpipe-writer' "$writer_sqlite < $run/s.bpipe"
}

# what the restores read, where the dumps of this run did not leave it
inputs_mariadb() {
    [ -e "$run/m.sql.zst" ] || bash -o pipefail -c "$mariadb_dump nextcloud | zstd -q -3 -T0 > $run/m.sql.zst"
    [ -e "$run/m.folder" ] || $mydumper -o "$run/m.folder"
    { cat "$bench/schema/mariadb.sql"; $mariadb_dump --no-create-info nextcloud; } | zstd -q -3 -T0 > "$run/m.data.zst"
    [ -z "$bin" ] || [ -e "$run/m.bpipe" ] || $reader_mariadb > "$run/m.bpipe"
}

inputs_postgresql() {
    [ -e "$run/p.sql.zst" ] || bash -o pipefail -c "$pg_dump nextcloud | zstd -q -3 -T0 > $run/p.sql.zst"
    [ -e "$run/p.custom" ] || $pg_dump -Fc -Z1 nextcloud > "$run/p.custom"
    { $pg_dump --section=pre-data nextcloud; $pg_dump --section=data nextcloud; } | zstd -q -3 -T0 > "$run/p.data.zst"
    [ -z "$bin" ] || [ -e "$run/p.bpipe" ] || $reader_postgresql > "$run/p.bpipe"
}

inputs_sqlite() {
    [ -e "$run/s.sql.zst" ] || bash -o pipefail -c "sqlite3 $run/nextcloud.sqlite .dump | zstd -q -3 -T0 > $run/s.sql.zst"
    [ -z "$bin" ] || [ -e "$run/s.bpipe" ] || $reader_sqlite > "$run/s.bpipe"
}

# An empty place for a restore, and a server that has nothing left to write from the one before.
place_mariadb() {
    mariadb_sql '' 'DROP DATABASE IF EXISTS restored; SET GLOBAL innodb_max_dirty_pages_pct = 0'
    until [ "$(mariadb_sql '' "SHOW STATUS LIKE 'Innodb_buffer_pool_pages_dirty'" | cut -f 2)" -lt 200 ]; do
        sleep 0.2
    done
    mariadb_sql '' 'SET GLOBAL innodb_max_dirty_pages_pct = 90'
    # bpipe-writer makes its own
    [ "$1" = bpipe-writer ] || mariadb_sql '' 'CREATE DATABASE restored CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'
}

place_postgresql() {
    postgresql_sql postgres 'DROP DATABASE IF EXISTS restored'
    [ "$1" = bpipe-writer ] || postgresql_sql postgres 'CREATE DATABASE restored TEMPLATE template0'
    postgresql_sql postgres 'CHECKPOINT'
}

place_sqlite() {
    rm -f "$run"/restored.sqlite*
}

# rows of a database in a word, for the comparison of what was restored with what was dumped
rows_mariadb() { # DATABASE
    mariadb_sql "$1" "$(count_rows)"
}

rows_postgresql() {
    postgresql_sql "$1" "$(count_rows)"
}

rows_sqlite() {
    local file=$run/nextcloud.sqlite
    [ "$1" = nextcloud ] || file=$run/restored.sqlite
    sqlite3 "$file" "$(count_rows)"
}

count_rows() {
    printf "SELECT count(*) FROM oc_%s;" "${tables[@]}"
}
