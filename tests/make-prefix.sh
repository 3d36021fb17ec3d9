#!/bin/sh
# Makes a fresh Wine prefix and installs this build into it.
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
# Usage: make-prefix.sh [--stock] [DIR]
# DIR is replaced; the default is the prefix that the tests of this build share.  --stock: nothing is
# installed into it.  From the environment: top_builddir (default: the current directory), WINE,
# WINESERVER, PE_ARCH; i386-windows asks for a 32-bit prefix.

stock=
if test "${1-}" = --stock; then
    stock=1
    shift
fi
top_builddir=${top_builddir:-$(pwd)}
prefix=${1:-$top_builddir/tests/prefix}
WINE=${WINE:-$(command -v wine)}
WINESERVER=${WINESERVER:-$(command -v wineserver)}
if test -z "$WINE" || test -z "$WINESERVER"; then
    echo "make-prefix: no wine; what needs it will be skipped"
    exit 0
fi

case $prefix in
    /*) ;;
    *) prefix=$(pwd)/$prefix ;;
esac
if test -e "$prefix" && test ! -f "$prefix/system.reg" && ! rmdir "$prefix" 2>/dev/null; then
    echo "make-prefix: $prefix is something else than a Wine prefix; it stays as it is" >&2
    exit 1
fi

WINEPREFIX=$prefix
WINEDEBUG=${WINEDEBUG:--all}
WINEDLLOVERRIDES='winedbg.exe=d;mscoree,mshtml='
export WINE WINESERVER WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
unset WINEARCH

remove_prefix()
{
    if test -d "$prefix"; then
        "$WINESERVER" -k 2>/dev/null
        "$WINESERVER" -w 2>/dev/null
        rm -rf "$prefix"
    fi
}

boot_prefix()
{
    remove_prefix
    log=$("$WINE" wineboot -i 2>&1 </dev/null) && test -d "$prefix/drive_c/windows/system32" && "$WINESERVER" -w
}

mkdir -p "$(dirname "$prefix")" || exit 1
case ${PE_ARCH-} in
    i386-windows)
        if ! (WINEARCH=win32 && export WINEARCH && boot_prefix); then
            if ! boot_prefix || test ! -f "$prefix/drive_c/windows/syswow64/kernel32.dll"; then
                remove_prefix
                echo "make-prefix: $WINE runs no 32-bit programs; what needs that will be skipped"
                exit 0
            fi
        fi ;;
    *)
        if ! boot_prefix; then
            printf 'make-prefix: %s\n' "$WINE cannot make $prefix:" "$log" >&2
            exit 1
        fi ;;
esac
if test -n "$stock"; then
    # Some of Wine's own keys come with the first start and go with the second.
    "$WINE" cmd /c ver >/dev/null 2>&1 </dev/null && "$WINESERVER" -w
    exit
fi
sh "$top_builddir/programs/setup/winebits-setup" install --prefix "$prefix" --wine "$WINE"
