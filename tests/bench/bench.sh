#!/bin/sh
# Measures our BITS, native curl, aria2c and Wine's own BITS side by side over loopback; numbers, no verdicts.
#
# Copyright 2026 the winebits authors; licence as in bitsbench.c
#
# make bench [NAME=VALUE...], or in the build directory: sh .../tests/bench/bench.sh.  From the environment:
#   ROUNDS=5                rounds; the tools take turns in each
#   TOOLS="ours curl aria2 stock"
#   WORKLOADS="a b c d rtt start idle"
#       a  one file of SIZE=1G                  wall: Resume to the end of Complete; curl, aria2c: the whole process
#       b  FILES=1000 of FILE_SIZE=10K, one job     wall: the same
#       c  JOBS=50 jobs of one file of JOB_SIZE=1M  wall: first CreateJob to the end of the last Complete
#       d  as a, over TLS, with a CA that the prefix trusts
#       rtt    the round trip of CALLS=2000 GetProgress calls
#       start  from CoCreateInstance, the service not running, until progress shows a byte
#       idle   wake-ups of the service's threads in IDLE=60 seconds
#   STOCK_LARGE_ROUNDS=1    rounds of a and d for Wine's own BITS, which takes most of a minute for one
#   WAIT=cb                 how the BITS client waits: cb, or poll:MS
#   BENCH_DIR               for prefixes, files and results; all on one file system
#   OUR_PREFIX=DIR          a prefix with our BITS to use instead of making one
# CPU is that of everything but the web server: client, service, wineserver and whatever else runs in the prefix.

ROUNDS=${ROUNDS:-5}
TOOLS=${TOOLS:-ours curl aria2 stock}
WORKLOADS=${WORKLOADS:-a b c d rtt start idle}
STOCK_LARGE_ROUNDS=${STOCK_LARGE_ROUNDS:-1}
WAIT=${WAIT:-cb}
CALLS=${CALLS:-2000}
IDLE=${IDLE:-60}
FILES=${FILES:-1000}
JOBS=${JOBS:-50}
top_builddir=$(cd "${top_builddir:-.}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
BENCH_DIR=${BENCH_DIR:-$top_builddir/tests/bench/run}
mkdir -p "$BENCH_DIR" || exit 1
BENCH_DIR=$(cd "$BENCH_DIR" && pwd)
WINE=${WINE:-$(command -v wine)}
WINESERVER=${WINESERVER:-$(command -v wineserver)}
WINEDEBUG=-all
WINEDLLOVERRIDES='winedbg.exe=d;mscoree,mshtml='
export WINE WINESERVER WINEDEBUG WINEDLLOVERRIDES top_builddir
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

bench=$top_builddir/tests/bench
httpd=$top_builddir/tests/server/httpd
raw=$BENCH_DIR/raw.txt
dest=$BENCH_DIR/dest
holders=

say() { echo "bench: $*" >&2; }
fail() { say "$*"; exit 1; }
bytes() { numfmt --from=iec "$1"; }
size=$(bytes "${SIZE:-1G}") && file_size=$(bytes "${FILE_SIZE:-10K}") && job_size=$(bytes "${JOB_SIZE:-1M}") || exit 2

has() { case " $1 " in *" $2 "*) return 0 ;; esac; return 1; }
without() { echo " $1 " | sed "s/ $2 / /"; }

prefix_of()
{
    case $1 in
    ours) echo "${OUR_PREFIX:-$BENCH_DIR/ours}" ;;
    stock) echo "$BENCH_DIR/stock" ;;
    *) echo - ;;
    esac
}

in_prefix() # TOOL PROGRAM...
{
    WINEPREFIX=$(prefix_of "$1")
    export WINEPREFIX
    shift
    "$WINE" "$@" </dev/null
}

cleanup()
{
    exec 8>&- 9>&-
    for tool in $holders
    do
        WINEPREFIX=$(prefix_of "$tool") "$WINESERVER" -k
    done
    sh "$here/../server/nginx.sh" stop "$BENCH_DIR/nginx"
    rm -rf "$dest" "$BENCH_DIR"/hold.*
}
trap cleanup EXIT
trap 'exit 130' HUP INT TERM

# ---- what there is ----

for program in curl:curl aria2:aria2c
do
    has "$TOOLS" ${program%:*} || continue
    command -v ${program#*:} >/dev/null && continue
    say "no ${program#*:}: left out"
    TOOLS=$(without "$TOOLS" ${program%:*})
done
for program in "$bench/measure" "$bench/bitsbench.exe" "$httpd" "$top_builddir/tests/server/addroot.exe"
do
    test -f "$program" || fail "no $program: run make bench"
done

if has "$TOOLS" ours || has "$TOOLS" stock
then
    test -n "$WINE" && test -n "$WINESERVER" || fail "no wine"
fi
if has "$TOOLS" ours && test -z "$OUR_PREFIX"
then
    say "making a prefix with our BITS"
    sh "$here/../make-prefix.sh" "$BENCH_DIR/ours" >&2 || fail "no prefix with our BITS"
fi
if has "$TOOLS" ours
then
    status=$(sh "$top_builddir/programs/setup/winebits-setup" status --prefix "$(prefix_of ours)" --wine "$WINE" 2>&1) ||
        say "the installer is not content: $(echo "$status" | tail -n 1)"
    echo "$status" | grep -q '^BITS qmgr.dll.* ours' || fail "our BITS is not in $(prefix_of ours)"
fi
if has "$TOOLS" stock && ! test -f "$BENCH_DIR/stock/system.reg"
then
    say "making a prefix with Wine's own BITS"
    WINEPREFIX=$BENCH_DIR/stock "$WINE" wineboot -i >/dev/null 2>&1 </dev/null || fail "no prefix"
    WINEPREFIX=$BENCH_DIR/stock "$WINESERVER" -w
fi

say "making the files and starting nginx"
www=$BENCH_DIR/nginx/www
sh "$here/../server/nginx.sh" stop "$BENCH_DIR/nginx"
mkdir -p "$www/files" "$www/jobs" "$dest"
content() { test "$(stat -c %s "$1" 2>/dev/null)" = "$2" || "$httpd" --dump "$2" "$3" >"$1" || fail "cannot write $1"; }
content "$www/large.bin" "$size" 1
content "$www/small.bin" 65536 1
i=0
while test $i -lt "$FILES"
do
    content "$www/files/$i.bin" "$file_size" $i
    i=$((i + 1))
done
i=0
while test $i -lt "$JOBS"
do
    content "$www/jobs/$i.bin" "$job_size" $i
    i=$((i + 1))
done
sh "$here/../server/nginx.sh" start "$BENCH_DIR/nginx" valid >"$BENCH_DIR/nginx.out" || fail "nginx does not start"
http=http://127.0.0.1:$(sed -n 's/^http //p' "$BENCH_DIR/nginx/ports")
# Wine does not find IP addresses in a certificate.
https=https://localhost:$(sed -n 's/^valid //p' "$BENCH_DIR/nginx/ports")
ca=$BENCH_DIR/nginx/certs/ca.crt

# The service lives as long as an ordinary process does; without one every run would pay for its start.
for tool in ours stock
do
    has "$TOOLS" $tool || continue
    holders="$holders $tool"
    in_prefix $tool "$top_builddir/tests/server/addroot.exe" add "$ca" || fail "cannot add the CA"
    rm -f "$BENCH_DIR/hold.$tool"
    mkfifo "$BENCH_DIR/hold.$tool" || exit 1
    WINEPREFIX=$(prefix_of $tool) "$WINE" "$bench/bitsbench.exe" --hold <"$BENCH_DIR/hold.$tool" >/dev/null &
    case $tool in
    ours) exec 8>"$BENCH_DIR/hold.$tool" ;;
    stock) exec 9>"$BENCH_DIR/hold.$tool" ;;
    esac
    say "warming up: $tool"
    in_prefix $tool "$bench/bitsbench.exe" '--dest=C:\bench' --url="$http/small.bin" --verify=65536 >&2 ||
        fail "$tool cannot download"
done

# ---- one measurement ----

# expect COUNT SIZE: the files that must be there now
expect()
{
    test "$(find "$target" -type f -size "${2}c" | wc -l)" = "$1" && test "$(find "$target" -type f | wc -l)" = "$1" &&
        return
    out="$out status=1"
    say "the files are not as they should be"
}

# measure TOOL COMMAND...: leaves MEASURE and RESULT lines in $out
measure()
{
    prefix=$(prefix_of "$1")
    target=$dest
    test "$prefix" = - || target=$prefix/drive_c/bench
    shift
    # What one tool wrote must not be paid for by the next.
    rm -rf "$target"
    mkdir "$target"
    sync
    out=$(WINEPREFIX=$prefix "$bench/measure" run "$prefix" "$@" </dev/null 2>&1)
    echo "# $*" >>"$raw"
    echo "$out" | sed 's/^/# /' >>"$raw"
}

# value NAME: from $out
value() { echo "$out" | tr ' ' '\n' | sed -n "s/^$1=//p" | tail -n 1; }

# record ROUND WORKLOAD TOOL NAME: a line "round workload tool ok wall cpu rss_kib".  NAME is the time to take when the
# client tells it; that of others is of the whole process.
record()
{
    ok=0 wall=$(value "$4")
    test "$(value status)" = 0 && ok=1
    echo "$1 $2 $3 $ok ${wall:-$(value wall)} $(value cpu) $(value rss_kib)" >>"$raw"
    test $ok = 1 || say "workload $2 with $3 failed in round $1: $(echo "$out" | head -n 3)"
}

bits()
{
    tool=$1
    shift
    measure "$tool" "$WINE" "$bench/bitsbench.exe" '--dest=C:\bench' --wait="$WAIT" --keep "$@"
}

large() # ROUND WORKLOAD TOOL BASE_URL
{
    case $3 in
    curl) measure curl curl -sS --fail --noproxy '*' --cacert "$ca" -o "$dest/0.bin" "$4/large.bin" ;;
    aria2) measure aria2 aria2c -q --no-conf --ca-certificate="$ca" -x1 -s1 -d "$dest" -o 0.bin "$4/large.bin" ;;
    *) bits "$3" --url="$4/large.bin" ;;
    esac
    expect 1 "$size"
    record "$1" "$2" "$3" resume_to_end
}

many() # ROUND WORKLOAD TOOL DIRECTORY COUNT SIZE JOBS WALL_NAME
{
    case $3 in
    curl)
        measure curl curl -sS --fail --noproxy '*' -Z --parallel-max 50 -o "$dest/#1.bin" \
            "$http/$4/[0-$(($5 - 1))].bin" ;;
    aria2)
        seq 0 $(($5 - 1)) | sed "s|.*|$http/$4/&.bin|" >"$BENCH_DIR/list"
        measure aria2 aria2c -q --no-conf -j5 -d "$dest" -i "$BENCH_DIR/list" ;;
    *)
        bits "$3" --prefix="$http/$4/" --suffix=.bin --count="$5" --jobs="$7" ;;
    esac
    expect "$5" "$6"
    record "$1" "$2" "$3" "$8"
}

# The process may outlive the answer to the stop for a moment.
stop_service() # TOOL
{
    in_prefix "$1" net stop BITS >/dev/null 2>&1
    tries=0
    while "$bench/measure" service "$(prefix_of "$1")" >/dev/null && test $((tries += 1)) -le 100
    do
        sleep 0.1
    done
    test $tries -le 100 || say "the service of $1 does not stop"
}

one() # ROUND WORKLOAD TOOL
{
    case $2 in
    a|d)
        test "$3" = stock && test "$1" -gt "$STOCK_LARGE_ROUNDS" && return
        case $2 in
        a) large "$@" "$http" ;;
        d) large "$@" "$https" ;;
        esac ;;
    b) many "$@" files "$FILES" "$file_size" 1 resume_to_end ;;
    c) many "$@" jobs "$JOBS" "$job_size" "$JOBS" create_to_end ;;
    rtt)
        has "$holders" "$3" || return
        measure "$3" "$WINE" "$bench/bitsbench.exe" '--dest=C:\bench' --url="$http/small.bin" --rtt="$CALLS"
        record "$1" rtt "$3" median_us ;;
    start)
        has "$holders" "$3" || return
        stop_service "$3"
        measure "$3" "$WINE" "$bench/bitsbench.exe" '--dest=C:\bench' --url="$http/small.bin" --first-byte
        record "$1" start "$3" first_byte ;;
    esac
}

# ---- the rounds ----

: >"$raw"
for workload in $WORKLOADS
do
    test $workload = idle && continue
    round=1
    while test $round -le "$ROUNDS"
    do
        say "workload $workload, round $round of $ROUNDS"
        for tool in $TOOLS
        do
            one $round $workload "$tool"
        done
        round=$((round + 1))
    done
done
rm -rf "$dest"
for tool in $holders
do
    rm -rf "$(prefix_of "$tool")/drive_c/bench"
done
if has "$WORKLOADS" idle
then
    for tool in $holders
    do
        say "watching the idle service of $tool for $IDLE seconds"
        in_prefix "$tool" "$bench/bitsbench.exe" '--dest=C:\bench' --url="$http/small.bin" >/dev/null
        # What the download itself left behind is not what idle is about.
        sleep 3
        out=$("$bench/measure" idle "$(prefix_of "$tool")" "$IDLE")
        echo "# $out" >>"$raw"
        ok=0
        test -n "$(value wakeups_per_minute)" && ok=1
        echo "1 idle $tool $ok $(value wakeups_per_minute) $(value cpu) 0" >>"$raw"
    done
fi

# ---- the table ----

{
    echo "$ROUNDS rounds, $(nproc) CPUs, $("$WINE" --version 2>/dev/null), $(curl --version 2>/dev/null | sed -n '1s/ (.*//p'), $(
        aria2c --version 2>/dev/null | sed -n 's/^aria2 version/aria2/p')"
    echo "a: 1 file of $size bytes, d: over TLS; b: $FILES files of $file_size bytes in 1 job;" \
        "c: $JOBS jobs of 1 file of $job_size bytes."
    echo "Medians (smallest-largest).  Ratios: to curl for a and d, to aria2c for b and c, to stock for rtt (us) and start;" \
        "of CPU: to curl."
    has "$TOOLS" stock && test "$STOCK_LARGE_ROUNDS" -lt "$ROUNDS" &&
        echo "Wine's own BITS ran a and d in $STOCK_LARGE_ROUNDS round(s) only."
    echo
    awk -v size="$size" -v files="$((FILES * file_size))" -v jobs="$((JOBS * job_size))" \
        -f "$here/table.awk" "$raw"
} | tee "$BENCH_DIR/table.txt"
say "raw lines: $raw"
