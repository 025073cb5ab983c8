# shellcheck shell=bash disable=SC2154
# (the variables named below are set by scripts/bench, which sources this)
# Runs commands and notes what they cost. Needs $run.
# $run/results.tsv gets one line per run: GROUP, NAME, seconds, CPU seconds of the command, CPU seconds of the server,
# bytes of output.

# timed GROUP NAME SERVER-PID COMMAND [OUTPUT]: COMMAND is a line for bash, run with pipefail. False where a peer failed,
# which leaves it out of this round; a failure of this toolkit ends the run.
timed() {
    local before after bytes=0
    before=$(server_ticks "$3")
    if ! /usr/bin/time -q -o "$run/time" -f '%e %U %S' bash -o pipefail -c "$4" 2> "$run/stderr"; then
        cat "$run/stderr" >&2
        case $2 in
            bpipe-*)
                echo "error: this command failed: $4" >&2
                exit 1
                ;;
        esac
        printf '  %-28s failed, left out of this round\n' "$2"
        return 1
    fi
    # a server process outlives its client for a moment, and counts when it has ended
    sleep 0.2
    after=$(server_ticks "$3")
    if [ -n "${5:-}" ]; then bytes=$(du -sb "$5" | cut -f 1); fi
    mawk -v OFS='\t' -v group="$1" -v name="$2" -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" -v bytes="$bytes" \
        '{ print group, name, $1, $2 + $3, ticks / hertz, bytes }' "$run/time" >> "$run/results.tsv"
    tail -n 1 "$run/results.tsv" | mawk -F '\t' '{ printf "  %-28s %7.2f s\n", $2, $3 }'
}

# CPU ticks of a server and its processes, those that ended included; 0 without a server
server_ticks() { # PID
    [ -n "$1" ] || { echo 0; return; }
    local pid
    for pid in "$1" $(cat "/proc/$1/task/$1/children"); do
        sed 's/.*) //' "/proc/$pid/stat" 2> /dev/null || true
    done | mawk '{ sum += $12 + $13 + (NR == 1 ? $14 + $15 : 0) } END { print sum + 0 }'
}

# staged_profile RUN COMMAND: the cost of each program of a pipe whose stages are written as `@NAME program ...`
staged_profile() {
    local stage="/usr/bin/time -q -a -o $run/stages -f '$1\t\\1\t%U\t%S\t%M'"
    : > "$run/stages"
    # shellcheck disable=SC2001
    bash -o pipefail -c "$(sed "s#@\([a-z0-9_-]*\)#$stage#g" <<< "$2")"
    mawk -F '\t' -v OFS='\t' '{ print $1, $2, $3 + $4, $5 / 1024 }' "$run/stages" >> "$run/profiles.tsv"
}

# java_profile RUN COMMAND: the CPU seconds of a java program, those of the programs that it started, and its own peak
# of resident memory. COMMAND must end up as the java process by `exec` alone.
java_profile() {
    local pid resident=0 ticks='0 0' seen
    bash -c "exec $2" 2> "$run/stderr" &
    pid=$!
    # what is read here only grows: the last look before the end is the total, but for the last 20 ms
    while kill -0 "$pid" 2> /dev/null; do
        seen=$(mawk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2> /dev/null) || true
        resident=${seen:-$resident}
        seen=$(sed 's/.*) //' "/proc/$pid/stat" 2> /dev/null | mawk '{ print $12 + $13, $14 + $15 }') || true
        ticks=${seen:-$ticks}
        sleep 0.02
    done
    if ! wait "$pid"; then
        cat "$run/stderr" >&2
        echo "error: this command failed: $2" >&2
        exit 1
    fi
    mawk -v OFS='\t' -v name="$1" -v kib="$resident" -v hertz="$(getconf CLK_TCK)" '{
        print name, "java", $1 / hertz, kib / 1024
        if ($2 > 0) print name, "its native clients", $2 / hertz, 0 }' <<< "$ticks" >> "$run/profiles.tsv"
}

# started N COMMAND...: milliseconds of N starts, one per line
started() {
    local count=$1 from to
    shift
    for ((; count > 0; count--)); do
        from=${EPOCHREALTIME/[.,]/}
        "$@" > /dev/null
        to=${EPOCHREALTIME/[.,]/}
        echo $(((to - from) / 1000))
    done
}
