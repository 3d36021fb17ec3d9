#!/bin/sh
# Builds Wine's own qmgr tests and runs them on our BITS and on Wine's, side by side.
#
# Copyright 2026 the winebits authors
#
# This library is free software; you can redistribute it and/or
# modify it under the terms of the GNU Lesser General Public
# License as published by the Free Software Foundation; either
# version 2.1 of the License, or (at your option) any later version.
#
# This library is distributed in the hope that it will be useful,
# but WITHOUT ANY WARRANTY; without even the implied warranty of
# MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
# Lesser General Public License for more details.
#
# You should have received a copy of the GNU Lesser General Public
# License along with this library; if not, write to the Free Software
# Foundation, Inc., 51 Franklin St, Fifth Floor, Boston, MA 02110-1301, USA
#
# `make winetest` calls it; README beside it tells what it takes from the environment and what it prints.
# Exit status: 0 unless a test fails on our BITS.

set -eu

me=winetest
here=$(cd "$(dirname "$0")" && pwd)
top_builddir=$(cd "${top_builddir:-.}" && pwd)
SUITES=${WINETEST_SUITE:-bookworm}
version=${WINETEST_VERSION-}
tests=${WINETEST_TESTS-}
sides=${WINETEST_SIDES:-ours stock}
TEST_TIMEOUT=${WINETEST_TIMEOUT:-600}
WINE=${WINE:-$(command -v wine || :)}
WINESERVER=${WINESERVER:-$(command -v wineserver || :)}
export top_builddir TEST_TIMEOUT WINE WINESERVER
unset http_proxy all_proxy HTTP_PROXY ALL_PROXY

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/winebits
run=$top_builddir/tests/winetest/run
# One of Wine's tests downloads the root page of this host; no other address than loopback's may stand for it.
site=test.winehq.org
site_address=127.0.0.80
work=
server=
prefixes=

# shellcheck source=tools/sources.sh
. "$here/../../tools/sources.sh"

cleanup()
{
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    for prefix in $prefixes; do
        WINEPREFIX=$prefix "$WINESERVER" -k 2>/dev/null || :
    done
    [ -z "$work" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- The tests' source ----

# Of Wine's source the directory of these tests is all that is ever unpacked.
fetch_tests()
{
    umask 022
    mkdir -p "$cache/winetest"
    work=$(mktemp -d "$cache/winetest/new.XXXXXX")
    open_sources "$work/apt"
    [ -n "$version" ] || version=$(newest wine 8.0~)
    tarball=$(apt-get source -q --only-source --print-uris --tar-only "wine=$version" 2>>"$log" |
        sed -n "s/^'[^']*' \([^ ]*\.orig\.tar\.[^ ]*\) .*/\1/p")
    [ -n "$tarball" ] || die "no sources of wine $version in $MIRROR ($SUITES): $(first_error "$log")"
    say "downloading the sources of wine $version"
    download_sources "$work" --tar-only "wine=$version"
    mkdir "$work/tests"
    run_logged "$log" tar -xf "$work/$tarball" -C "$work/tests" --wildcards --strip-components=4 \
        '*/dlls/qmgr/tests/*.c' || die "no qmgr tests in $tarball: $(first_error "$log"); see $log"
    printf 'wine %s\nfrom %s %s\n' "$version" "$MIRROR" "$SUITES" >"$work/tests/SOURCES"
    rm -rf "$source_dir"
    mv -T "$work/tests" "$source_dir"
    cd "$top_builddir"
    rm -rf "$work"
    work=
}

# ---- Building ----

build_tests()
{
    mkdir -p "$run/exe" "$run/log"
    rm -f "$run"/exe/* "$run"/log/* "$run/results"
    for file in "$source_dir"/*.c; do
        grep -q '^START_TEST' "$file" || continue
        name=$(basename "$file" .c)
        case " ${tests:-$name} " in
        *" $name "*) ;;
        *) continue ;;
        esac
        # shellcheck disable=SC2086 # the flags are lists of words
        (cd "$top_builddir" && $WINETEST_CC $WINETEST_CPPFLAGS -Iinclude "-I$here/../../include" \
            -o "$run/exe/$name.exe" "$file" $WINETEST_LIBS -luuid -lole32 -lshlwapi -luser32) \
            >"$run/log/build-$name.log" 2>&1 ||
            die "$file does not compile unchanged: $(grep -m 1 error "$run/log/build-$name.log"); see $run/log/build-$name.log"
        grep -q -F "$site" "$file" && touch "$run/exe/$name.site"
    done
    set -- "$run"/exe/*.exe
    [ -f "$1" ] || die "no such test: $tests"
}

# ---- Running ----

# Serves the site to this process and its children.  The machine's hosts file stays as it is: what they see
# instead is a copy, in a mount namespace of their own.
serve_site()
{
    site_problem=
    if [ "$1" != private ]; then
        site_problem="port 80 and a private hosts file take root"
        return
    fi
    if ! { cat /etc/hosts && printf '%s %s\n' "$site_address" "$site"; } >"$run/hosts" 2>/dev/null ||
        ! mount --bind "$run/hosts" /etc/hosts 2>/dev/null; then
        site_problem="no private hosts file possible here"
        return
    fi
    if [ "$(getent hosts "$site" | cut -d ' ' -f 1)" != "$site_address" ]; then
        site_problem="the resolver does not go by the hosts file"
        return
    fi
    rm -f "$run/port"
    mkfifo "$run/port"
    "$top_builddir/tests/server/httpd" --bind "$site_address" --port 80 --root /t=site/f/1000 --stay \
        >"$run/port" 2>"$run/log/httpd.log" &
    server=$!
    read -r word _ <"$run/port" || word=
    if [ "$word" != PORT ]; then
        server=
        site_problem="no server on port 80: $(tail -n 1 "$run/log/httpd.log")"
    fi
}

make_prefix()
{
    prefix=$run/$1
    say "making a prefix with $([ "$1" = ours ] && echo our BITS || echo "Wine's own BITS")"
    case $1 in
    ours) sh "$here/../make-prefix.sh" "$prefix" ;;
    stock) sh "$here/../make-prefix.sh" --stock "$prefix" ;;
    esac >"$run/log/$1-prefix.log" 2>&1 || die "no prefix: see $run/log/$1-prefix.log"
    if [ ! -f "$prefix/system.reg" ]; then
        say "skipped: $(tail -n 1 "$run/log/$1-prefix.log")"
        exit 0
    fi
    prefixes="$prefixes $prefix"
    found=stock
    sh "$top_builddir/programs/setup/winebits-setup" status --prefix "$prefix" --wine "$WINE" \
        >"$run/log/$1-status.log" 2>&1 || :
    ! grep -q '^BITS qmgr.dll.* ours' "$run/log/$1-status.log" || found=ours
    [ $found = "$1" ] || die "the BITS in $prefix is not the one wanted; see $run/log/$1-status.log"
}

run_tests()
{
    serve_site "$1"
    for side in $sides; do
        make_prefix "$side"
    done
    cd "$run/exe"
    : >"$run/results"
    for exe in *.exe; do
        name=${exe%.exe}
        if [ -f "$name.site" ] && [ -n "$site_problem" ]; then
            say "skipped: $name, which wants $site: $site_problem"
            continue
        fi
        for side in $sides; do
            say "$name, $side"
            status=0
            # HTTPD_URL: these tests want no server of run-wine.sh's.
            WINEPREFIX=$run/$side HTTPD_URL=none sh "$here/../run-wine.sh" "$exe" "$name" \
                >"$run/log/$side-$name.log" 2>&1 || status=$?
            awk -v "name=$name" -v "side=$side" -v "status=$status" -f "$here/count.awk" \
                "$run/log/$side-$name.log" >>"$run/results"
        done
    done
}

# ---- Telling ----

# Which of the failures of a side happened how often.
list_failures()
{
    for log in "$run/log/$1"-*.log; do
        tr -d '\r' <"$log" | grep -E '^[^ :]+:[0-9]+: (Test (failed|succeeded inside todo block): |.*: unhandled exception )' || :
    done | sort -t : -k 1,1 -k 2,2n | uniq -c | sed 's/^ *\([0-9]*\) /    \1 x /'
}

report()
{
    printf "\nWine's qmgr tests (%s)\n" "$(sed -n 1p "$source_dir/SOURCES" 2>/dev/null || echo "$source_dir")"
    awk -v "sides=$sides" '
        BEGIN {
            count = split(sides, side)
            title["ours"] = "our BITS"; title["stock"] = "Wine'\''s own BITS"
            printf "%-12s", ""
            for (i = 1; i <= count; i++) printf "  | %-43s", title[side[i]]
            printf "\n%-12s", "test"
            for (i = 1; i <= count; i++)
                printf "  | %8s %6s %7s %8s %7s  ", "executed", "todo", "todo ok", "failures", "skipped"
            print ""
        }
        !($1 in seen) { seen[$1]; order[++tests] = $1 }
        { for (i = 3; i <= 7; i++) { value[$1, $2, i] = $i; total[$2, i] += $i }; note[$1, $2] = $8 }
        END {
            for (t = 1; t <= tests + 1; t++) {
                printf "%-12s", t <= tests ? order[t] : "all"
                for (i = 1; i <= count; i++) {
                    printf "  |"
                    for (c = 3; c <= 7; c++)
                        printf " %" (c == 3 ? 8 : c == 4 ? 6 : c == 5 ? 7 : c == 6 ? 8 : 7) "d", \
                            t <= tests ? value[order[t], side[i], c] : total[side[i], c]
                    printf " %s", t <= tests && note[order[t], side[i]] ? note[order[t], side[i]] : " "
                }
                print ""
            }
        }' "$run/results"
    for side in $sides; do
        list_failures "$side" >"$run/failures"
        if [ -s "$run/failures" ]; then
            printf '\n%s:\n' "$([ "$side" = ours ] && echo With our BITS || echo "With Wine's own BITS")"
            cat "$run/failures"
        fi
    done
    printf '\nThe output of each is in %s.\n' "$run/log"
}

case ${1-} in
--run)
    run_tests "${2-}"
    exit 0
    ;;
esac

if [ -z "$WINE" ] || [ -z "$WINESERVER" ]; then
    say "skipped: no wine"
    exit 0
fi
case $cache in
/*) ;;
*) cache=$(pwd)/$cache ;;
esac
source_dir=${WINETEST_SOURCE:-$cache/winetest/wine-$SUITES${version:+-$version}}
if [ ! -d "$source_dir" ]; then
    [ -z "${WINETEST_SOURCE-}" ] || die "no directory $source_dir"
    fetch_tests
fi
source_dir=$(cd "$source_dir" && pwd)
build_tests
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    unshare -m sh "$0" --run private || exit
else
    sh "$0" --run || exit
fi
[ -f "$run/results" ] || exit 0
report
awk '$2 == "ours" && $6 { bad = 1 } END { exit bad }' "$run/results"
