#!/bin/sh
# Kills the service at random moments; nothing that it has agreed to is lost.
#
# Copyright 2026 the winebits authors; licence as in client.c
#
# CRASHES says how often (100), CRASH_SEED which moments.

. "${top_srcdir:-.}/tests/service/common.sh"

crashes=${CRASHES:-100}
seed=${CRASH_SEED:-$$}
echo "crash.sh: CRASHES=$crashes CRASH_SEED=$seed"
command -v pgrep >/dev/null || skip_all "no pgrep"

# pids NAME: process ids, as the host counts, of this prefix.
pids()
{
    for pid in $(pgrep -f "$1")
    do
        if { tr '\0' '\n' <"/proc/$pid/environ" | grep -qx "WINEPREFIX=$WINEPREFIX"; } 2>/dev/null
        then
            echo "$pid"
        fi
    done
}

mkfifo "$dir/output"
mkdir "$dir/files"
result=
kills=0

kill_service()
{
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    # One in four comes at once, the others within 0.4 seconds.
    if test $((seed / 65536 % 4)) -ne 0
    then
        sleep "0.$(printf '%03d' $((seed / 65536 % 400)))"
    fi
    # Wine's list of COM servers would send clients to the dead service for as long as it lives, so it goes too; first,
    # lest a new service be in the old list.
    services=$(pids 'svchost.exe -k netsvcs')
    for pid in $(pids rpcss.exe)
    do
        kill -9 "$pid"
    done
    for pid in $services
    do
        kill -9 "$pid" && kills=$((kills + 1))
    done
}

# run [continue]: one client, until it has come to an end or is stuck.
run()
{
    timeout 600 "$WINE" "$programs/crash_client.exe" "$url/t=crash/slow=3000000/f/" "$windir\\files" "$crashes" "$seed" \
        "$@" </dev/null >"$dir/output" 2>/dev/null &
    result=
    while read -r line
    do
        line=$(echo "$line" | tr -d '\r')
        case $line in
        up) kill_service ;;
        down) ;;
        *)
            result=$line
            echo "crash.sh: $line" ;;
        esac
    done <"$dir/output"
}

run
restarts=0
while test "$result" = stuck && test $restarts -lt "$crashes"
do
    restarts=$((restarts + 1))
    "$WINESERVER" -k
    "$WINESERVER" -w
    run continue
done
rm -f "$dir/files/known"
wanted "the end" good "${result%% *}"
wanted "kills" yes "$(test $kills -ge "$crashes" && echo yes || echo "only $kills")"
wanted "temporary files" "" "$(ls "$dir/files" | grep BIT)"
wanted "what a job that is over leaves" "" "$(client state '{00000000-0000-0000-0000-000000000000}' | grep -v none)"
finish
