# shellcheck shell=bash disable=SC2154
# (the variables named below are set by scripts/bench, which sources this)
# Throwaway servers from the installed programs: on unix sockets only, in a folder of their own, ended with this script.
# Needs $run (the run's temporary folder).

mariadb_pid=
postgresql_pid=

postgresql_programs() {
    local folder
    folder=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
    dirname "$folder"
}

# PostgreSQL's server refuses to run as root: "${as_server[@]}" goes before its programs
as_server=()
if [ "$(id -u)" -eq 0 ]; then
    as_server=(setpriv --reuid=postgres --regid=postgres --init-groups --)
fi

# What an administrator would set on a small machine: a pool that holds the working set, every commit durable.
# The long lock wait is for myloader, whose sessions wait for each other's gap locks on one table.
start_mariadb() { # DATADIR
    PATH=$PATH:/usr/sbin mariadbd --no-defaults --user="$(id -un)" --datadir="$1" --socket="$run/mariadb.sock" \
        --pid-file="$run/mariadb.pid" --tmpdir="$run" --skip-networking --local-infile=1 \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_general_ci \
        --innodb-buffer-pool-size=512M --innodb-log-file-size=256M --innodb-flush-log-at-trx-commit=1 \
        --innodb-lock-wait-timeout=900 --max-allowed-packet=256M > "$run/mariadb.log" 2>&1 &
    mariadb_pid=$!
    await mariadb "$mariadb_pid" mariadb_sql '' 'SELECT 1'
}

start_postgresql() { # DATADIR
    mkdir -p "$run/socket"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$run/socket"

    "${as_server[@]}" "$(postgresql_programs)/postgres" -D "$1" -k "$run/socket" -c listen_addresses= \
        -c shared_buffers=256MB -c fsync=on -c max_wal_size=1GB -c maintenance_work_mem=64MB \
        > "$run/postgresql.log" 2>&1 &
    postgresql_pid=$!
    await postgresql "$postgresql_pid" postgresql_sql postgres 'SELECT 1'
}

# await NAME PID QUESTION...: waits until the server answers
await() {
    local name=$1 pid=$2 tries
    shift 2
    for ((tries = 0; tries < 600; tries++)); do
        if "$@" > /dev/null 2>&1; then return; fi
        if ! kill -0 "$pid" 2> /dev/null; then break; fi
        sleep 0.1
    done
    cat "$run/$name.log" >&2
    echo "error: the $name server did not start" >&2
    exit 1
}

stop_mariadb() {
    [ -z "$mariadb_pid" ] || end "$mariadb_pid" TERM
    mariadb_pid=
}

stop_postgresql() {
    [ -z "$postgresql_pid" ] || end "$postgresql_pid" INT
    postgresql_pid=
}

end() { # PID SIGNAL
    kill -s "$2" "$1" 2> /dev/null || true
    wait "$1" 2> /dev/null || true
}

mariadb_sql() { # DATABASE SQL
    mariadb --no-defaults --socket="$run/mariadb.sock" --user=root --batch --skip-column-names --local-infile=1 \
        --default-character-set=utf8mb4 ${1:+"--database=$1"} --execute="$2"
}

postgresql_sql() { # DATABASE SQL
    PGOPTIONS="-c client_min_messages=warning" "$(postgresql_programs)/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$run/socket" -U postgres -d "$1" -c "$2"
}
