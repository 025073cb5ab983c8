# shellcheck shell=bash disable=SC2154
# (the variables named below are set by scripts/bench, which sources this)
# The course of a run: data, servers, rounds. After every other file of this folder.

# compare: everything that was asked for, on a data set of $size MB
compare() {
    local engine
    for engine in "${engines[@]}"; do
        open_engine "$engine"
        ! asked dump || dumps "$engine" "$rounds"
        ! asked restore || restores "$engine" "$rounds"
        ! asked memory || profiles "$engine"
        close_engine "$engine"
    done
    if asked startup && [ -n "$bin" ]; then
        say 'starting bpipe-reader --version 20 times'
        started 20 "$bin/bpipe-reader" --version > "$run/starts"
    fi
}

asked() { # WORK
    [[ " ${works[*]} " == *" $1 "* ]]
}

# open_engine ENGINE: a throwaway server on a copy of the data set, or a copy of the file
open_engine() {
    # data made by other code or another server version is another data set
    cache=$kept/$size-$(cat "$bench"/*.awk "$bench"/schema/* "$bench/data.sh" | cksum | cut -d ' ' -f 1)
    mkdir -p "$cache"
    data_set "$1"
    say "opening the $1 database of $size MB"
    case $1 in
        sqlite) cp --reflink=auto "$cache/sqlite" "$run/nextcloud.sqlite" ;;
        *)
            cp -a --reflink=auto "$cache/$1" "$run/$1"
            "start_$1" "$run/$1"
            ;;
    esac
}

close_engine() {
    stop_mariadb
    stop_postgresql
    find "$run" -mindepth 1 -maxdepth 1 ! -name '*.tsv' ! -name '*.md' -exec rm -rf {} +
}

# rounds_of GROUP ENGINE ROUNDS: runs the contenders in turn, so that a slow moment of the machine hits all alike
rounds_of() {
    local group=$1 engine=$2 round i pid
    pid=$(server_pid "$engine")
    for ((round = 1; round <= $3; round++)); do
        say "$group, round $round of $3"
        for i in "${!names[@]}"; do
            if [ "${paces[i]}" = slow ] && ((round > 2)); then continue; fi
            if [ -n "${outputs[i]}" ]; then rm -rf "${outputs[i]}"; fi
            case $group in restore-*) "place_$engine" "${names[i]}" ;; esac
            timed "$group" "${names[i]}" "$pid" "${commands[i]}" "${outputs[i]}" || continue
            if ((round == 1)); then
                case $group in restore-*) prove_restored "$engine" "${names[i]}" ;; esac
            fi
        done
    done
}

server_pid() { # ENGINE
    case $1 in
        mariadb) echo "$mariadb_pid" ;;
        postgresql) echo "$postgresql_pid" ;;
    esac
}

# a restore that is fast because rows are missing is none
prove_restored() { # ENGINE NAME
    if [ "$("rows_$1" nextcloud)" != "$("rows_$1" restored)" ]; then
        echo "error: $2 restored other rows than were dumped" >&2
        exit 1
    fi
}

dumps() { # ENGINE ROUNDS
    forget_contenders
    "dump_$1"
    rounds_of "dump-$1" "$1" "$2"
    printf '%s\t%s\n' "$1" "$(zstd -q -dc "$run/${1:0:1}.sql.zst" | wc -c)" >> "$run/texts.tsv"
}

restores() { # ENGINE ROUNDS
    say "making what the restores of $1 read"
    "inputs_$1"
    forget_contenders
    "restore_$1"
    rounds_of "restore-$1" "$1" "$2"
    "place_$1" bpipe-writer
}

# profiles ENGINE: where the CPU seconds go; one run each, outside of the timed rounds
profiles() {
    say "profiling $1"
    case $1 in
        mariadb) staged_profile 'mariadb-dump, zstd' "@mariadb-dump $mariadb_dump nextcloud | @zstd zstd -q -3 -T0 > $run/m.sql.zst" ;;
        postgresql) staged_profile 'pg_dump, zstd' "@pg_dump $pg_dump nextcloud | @zstd zstd -q -3 -T0 > $run/p.sql.zst" ;;
        sqlite) staged_profile 'sqlite3 .dump, zstd' "@sqlite3 sqlite3 $run/nextcloud.sqlite .dump | @zstd zstd -q -3 -T0 > $run/s.sql.zst" ;;
    esac
    [ -n "$bin" ] || return 0
    local reader=reader_$1 writer=writer_$1
    java_profile "bpipe-reader, $1" "${!reader} > $run/profiled.bpipe"
    "place_$1" bpipe-writer
    java_profile "bpipe-writer, $1" "${!writer} < $run/profiled.bpipe"
    "place_$1" bpipe-writer
}

# grow ENGINE...: the nearest peer and this toolkit on ever larger databases
grow() {
    local engine i work
    for size in "${growth_sizes[@]}"; do
        for engine in "$@"; do
            open_engine "$engine"
            : > "$run/results.tsv"
            : > "$run/profiles.tsv"
            for work in dump restore; do
                [ "$work" = dump ] || "inputs_$engine"
                forget_contenders
                "${work}_$engine"
                for i in "${!names[@]}"; do
                    case ${names[i]} in *' | zstd '* | 'zstd -dc '* | bpipe-reader | bpipe-writer) ;; *) unset "names[i]" ;; esac
                done
                rounds_of "$work-$engine" "$engine" 1
            done
            [ -z "$bin" ] || profiles "$engine"
            growth_lines >> "$run/growth.md"
            close_engine "$engine"
        done
    done
}
