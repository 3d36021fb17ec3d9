# What the tests of the service share; each of them sources this.
#
# Copyright 2026 the winebits authors; licence as in client.c
#
# They have a prefix of their own, as it has to come to its end in between, and a server.

top_builddir=${top_builddir:-$(pwd)}
top_srcdir=${top_srcdir:-$(cd "${srcdir:-.}" && pwd)}
WINE=${WINE:-$(command -v wine)}
WINESERVER=${WINESERVER:-$(command -v wineserver)}
WINEDEBUG=${WINEDEBUG:--all}
WINEDLLOVERRIDES='winedbg.exe=d;mscoree,mshtml='
WINEPREFIX=$top_builddir/tests/service/prefix
export WINE WINESERVER WINEDEBUG WINEDLLOVERRIDES WINEPREFIX
programs=$top_builddir/tests/service
failures=0
checks=0

skip_all()
{
    echo "$(basename "$0"): skipped: $*"
    exit 77
}

test -n "$WINE" || skip_all "no wine"
test -f "$WINEPREFIX/drive_c/windows/system32/qmgr.dll" || skip_all "no prefix $WINEPREFIX"
"$WINE" "$programs/client.exe" idle </dev/null >/dev/null 2>&1 || skip_all "this Wine cannot run the test programs"
command -v curl >/dev/null || skip_all "no curl"

dir=$(mktemp -d) || exit 1
windir=Z:$(echo "$dir" | tr / '\\')
httpd=
# An end that does what a test wants besides is called at_end.
cleanup()
{
    at_end
    test -z "$httpd" || kill "$httpd"
    "$WINESERVER" -k
    rm -rf "$dir"
}
at_end()
{
    :
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

mkfifo "$dir/port"
"$top_builddir/tests/server/httpd" --stay >"$dir/port" 2>/dev/null &
httpd=$!
read -r word port <"$dir/port"
rm "$dir/port"
test "$word" = PORT || exit 1
url=http://127.0.0.1:$port

# wanted TEXT EXPECTED ACTUAL
wanted()
{
    checks=$((checks + 1))
    test "$2" = "$3" && return
    failures=$((failures + 1))
    echo "FAIL: $1: expected '$2', got '$3'"
}

client()
{
    timeout 120 "$WINE" "$programs/client.exe" "$@" 2>/dev/null </dev/null | tr -d '\r'
}

server()
{
    curl -s --noproxy '*' -m 90 "$url/$1"
}

# ended SECONDS: whether every process of the prefix has ended in that time.
ended()
{
    timeout "$1" "$WINESERVER" -w && echo ended || echo runs
}

finish()
{
    echo "$(basename "$0"): $checks checks, $failures failures."
    exit $((failures != 0))
}
