#!/bin/sh
# Runs one test program in the prefix of this build; automake calls it for every .exe in TESTS.
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
# Usage: run-wine.sh PROGRAM.exe [ARGUMENT ...]
# From the environment: top_builddir, srcdir, WINE, WINESERVER, PE_ARCH; WINEPREFIX for another
# prefix than the build's, TEST_TIMEOUT for other limits than 300 seconds.
# For the program: HTTPD, the server that misbehaves, HTTPD_URL where one already runs for it, srcdir.
# Exit status: the program's; 77 when nothing here can run it; 124 when it took too long.

top_builddir=${top_builddir:-$(pwd)}
top_builddir=$(cd "$top_builddir" && pwd)
srcdir=$(cd "${srcdir:-.}" && pwd)
WINEPREFIX=${WINEPREFIX:-$top_builddir/tests/prefix}
WINE=${WINE:-$(command -v wine)}
WINEDEBUG=${WINEDEBUG:--all}
WINEDLLOVERRIDES='winedbg.exe=d;mscoree,mshtml='
HTTPD=$top_builddir/tests/server/httpd
export top_builddir srcdir WINEPREFIX WINE WINEDEBUG WINEDLLOVERRIDES HTTPD

skip()
{
    echo "run-wine: $*"
    exit 77
}

if test $# -lt 1 || test ! -f "$1"; then
    echo "run-wine: no program '${1-}'" >&2
    exit 99
fi
test -n "$WINE" || skip "no wine"
test -f "$WINEPREFIX/system.reg" || skip "no prefix $WINEPREFIX; make it with tests/make-prefix.sh"

# 4c 01 is the machine of 32-bit programs.
header=$(od -An -tu4 -j60 -N4 "$1" | tr -d ' ')
if test "$(od -An -tx1 -j$((header + 4)) -N2 "$1" | tr -d ' ')" = 4c01 &&
    ! grep -q '^#arch=win32' "$WINEPREFIX/system.reg" &&
    test ! -f "$WINEPREFIX/drive_c/windows/syswow64/kernel32.dll"; then
    skip "this Wine runs no 32-bit programs"
fi

server=
ports=
cleanup()
{
    test -z "$server" || kill "$server" 2>/dev/null
    test -z "$ports" || rm -f "$ports"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if test -z "${HTTPD_URL-}" && test -x "$HTTPD"; then
    ports=${TMPDIR:-/tmp}/winebits-port.$$
    rm -f "$ports"
    mkfifo "$ports" || exit 99
    "$HTTPD" --stay >"$ports" 2>/dev/null &
    server=$!
    read -r word port <"$ports"
    if test "$word" != PORT || test -z "$port"; then
        echo "run-wine: $HTTPD does not start" >&2
        exit 99
    fi
    HTTPD_URL=http://127.0.0.1:$port
    export HTTPD_URL
fi

timeout -k 10 "${TEST_TIMEOUT:-300}" "$WINE" "$@" </dev/null
