# shellcheck shell=bash disable=SC2154
# (the variables named below are set by scripts/bench, which sources this)
# Turns the notes of the runs into Markdown, which is also what the terminal shows. Needs $run, $size, $rounds,
# $load.

# machine: what the numbers depend on; no host name and no path
machine() {
    printf -- '- %s cores, %s, %s GB of memory\n' "$(nproc)" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
        "$(mawk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)"
    printf -- '- Linux %s, %s\n' "$(uname -r | cut -d - -f 1)" "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
    printf -- '- %s\n' "$(mariadb --version | grep -o '[0-9.]*-MariaDB' | head -n 1)" \
        "$("$(postgresql_programs)/postgres" --version)" "SQLite $(sqlite3 --version | cut -d ' ' -f 1)" \
        "zstd $(zstd --version | grep -o 'v[0-9.]*' | head -n 1)" "$(mydumper --version | cut -d , -f 1)" \
        "$(java -version 2>&1 | head -n 1)"
    printf -- '- load average when it began: %s (what else ran makes the seconds longer, the CPU seconds less so)\n' "$load"
}

# median_table GROUP BASELINE OURS: one line per contender; the medians also go to $run/medians.tsv
median_table() {
    printf '| %s | seconds | from - to | ÷ %s | ours ÷ this | CPU s | server CPU s | output MB | ours ÷ this |\n' \
        "${1/-/ }" "${2//|/\\|}"
    printf '|---|--:|--:|--:|--:|--:|--:|--:|--:|\n'
    mawk -F '\t' -v group="$1" -v baseline="$2" -v ours="$3" -v medians="$run/medians.tsv" '
        $1 == group {
            if (!($2 in runs)) order[++count] = $2
            seconds[$2, ++runs[$2]] = $3
            cpu[$2] += $4
            server[$2] += $5
            bytes[$2] = $6
        }
        function sort(name,    i, j, value) {
            for (i = 2; i <= runs[name]; i++) {
                value = seconds[name, i]
                for (j = i - 1; j > 0 && seconds[name, j] > value; j--) seconds[name, j + 1] = seconds[name, j]
                seconds[name, j + 1] = value
            }
        }
        function median(name,    half) {
            half = int(runs[name] / 2)
            return runs[name] % 2 ? seconds[name, half + 1] : (seconds[name, half] + seconds[name, half + 1]) / 2
        }
        function ratio(a, b) {
            return b > 0 && a > 0 ? sprintf("%.2f", a / b) : ""
        }
        END {
            for (i = 1; i <= count; i++) { sort(order[i]); middle[order[i]] = median(order[i]) }
            for (i = 1; i <= count; i++) {
                name = order[i]
                printf "%s\t%s\t%s\n", group, name, middle[name] >> medians
                shown = name
                gsub(/\|/, "\\|", shown)
                printf "| %s | %.2f | %.2f - %.2f | %s | %s | %.1f | %.1f | %s | %s |\n", shown, middle[name],
                    seconds[name, 1], seconds[name, runs[name]], ratio(middle[name], middle[baseline]),
                    (name == ours ? "" : ratio(middle[ours], middle[name])), cpu[name] / runs[name],
                    server[name] / runs[name], (bytes[name] > 0 ? sprintf("%.1f", bytes[name] / 1e6) : ""),
                    (name == ours ? "" : ratio(bytes[ours], bytes[name]))
            }
        }' "$run/results.tsv"
}

# profile_table: where the CPU seconds went, and the peak of resident memory, per process
profile_table() {
    printf '| run | process | CPU s | peak resident MiB |\n|---|---|--:|--:|\n'
    mawk -F '\t' '{ printf "| %s | %s | %.1f | %s |\n", $1, $2, $3, ($4 > 0 ? sprintf("%.0f", $4) : "") }' "$run/profiles.tsv"
}

start_table() { # FILE-OF-MILLISECONDS
    sort -n "$1" | mawk '{ value[NR] = $1 } END {
        printf "`bpipe-reader --version`: median of %d starts %d ms (%d - %d)\n",
            NR, value[int((NR + 1) / 2)], value[1], value[NR] }'
}

growth_table() {
    printf '| work | MB of SQL | seconds | MB/s | ÷ peer | peak resident MiB of java |\n|---|--:|--:|--:|--:|--:|\n'
    cat "$run/growth.md"
}

# growth_lines: those of one size and engine
growth_lines() {
    mawk -F '\t' -v size="$size" '
        FILENAME ~ /profiles/ { if ($2 == "java") resident[substr($1, 1, index($1, ",") - 1)] = sprintf("%.0f", $4); next }
        /bpipe-/ { printf "| %s | %d | %.2f | %.0f | %.2f | %s |\n", $1, size, $3, size / $3, $3 / peer, resident[$2]; next }
        {
            peer = $3
            gsub(/\|/, "\\|", $2)
            printf "| %s, %s | %d | %.2f | %.0f | | |\n", $1, $2, size, $3, size / $3
        }' "$run/profiles.tsv" "$run/results.tsv"
}

# report: the whole page
report() {
    local engine
    printf '# Measured by scripts/bench\n\n'
    machine
    if [ -n "$growth" ]; then
        printf '\nOne round per size.\n\n'
        growth_table
        return
    fi
    printf -- '- data set of --size %s, medians of %s rounds (slow contenders: at most 2), run alternately\n' "$size" "$rounds"
    printf -- '- "ours ÷ this" is the ratio of this toolkit to the contender: below 1 is better\n'
    for engine in "${engines[@]}"; do
        case $engine in
            mariadb) both_tables "$engine" 'mariadb-dump | zstd -3 -T0' 'zstd -dc | mariadb' ;;
            postgresql) both_tables "$engine" 'pg_dump | zstd -3 -T0' 'zstd -dc | psql' ;;
            sqlite) both_tables "$engine" 'sqlite3 .dump | zstd -3 -T0' 'zstd -dc | sqlite3' ;;
        esac
    done
    if [ -s "$run/profiles.tsv" ]; then
        printf '\n## Where CPU and memory go\n\n'
        profile_table
    fi
    if [ -s "$run/starts" ]; then
        printf '\n## Start-up\n\n'
        start_table "$run/starts"
    fi
}

both_tables() { # ENGINE DUMP-BASELINE RESTORE-BASELINE
    printf '\n## %s\n' "$1"
    mawk -v engine="$1" '$1 == engine { printf "\n%.0f MB of SQL text.\n", $2 / 1e6 }' "$run/texts.tsv"
    ! asked dump || { echo; median_table "dump-$1" "$2" bpipe-reader; }
    ! asked restore || { echo; median_table "restore-$1" "$3" bpipe-writer; }
    mawk -F '\t' -v engine="$1" -v dump="$2" -v restore="$3" '
        $1 == "dump-" engine && $2 == dump || $1 == "restore-" engine && $2 == restore { theirs += $3; parts++ }
        $1 ~ "-" engine "$" && $2 ~ /^bpipe-(reader|writer)$/ { ours += $3; parts++ }
        END {
            if (parts == 4) printf "\nDump and restore together: %.2f s, `%s` and `%s` %.2f s, ratio %.2f.\n",
                ours, dump, restore, theirs, ours / theirs
        }' "$run/medians.tsv"
}
