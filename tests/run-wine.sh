#!/bin/sh
# Runs one test program in the prefix of the tests; exit status 77 when that is impossible here.
#
# Copyright 2026 the winebits authors; licence as in Makefile.am

if [ -z "$WINE" ]; then
    echo "SKIP: no wine on this machine"
    exit 77
fi
if [ "$PE_ARCH" = i386-windows ] && ! [ -d "$top_builddir/tests/prefix/drive_c/windows/syswow64" ] &&
   ! grep -q '^#arch=win32' "$top_builddir/tests/prefix/system.reg" 2>/dev/null; then
    echo "SKIP: this Wine cannot run 32-bit programs"
    exit 77
fi
WINEPREFIX=$top_builddir/tests/prefix
WINEDLLOVERRIDES='mscoree,mshtml=;winedbg.exe=d'
export WINEPREFIX WINEDLLOVERRIDES
exec "$WINE" "$@"
