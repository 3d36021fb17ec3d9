#!/bin/sh
# Makes the Wine prefix that the tests share.
#
# Copyright 2026 the winebits authors; licence as in Makefile.am

[ -n "$WINE" ] || exit 0
WINEPREFIX=$top_builddir/tests/prefix
WINEDLLOVERRIDES='mscoree,mshtml=;winedbg.exe=d'
WINEDEBUG=-all
export WINEPREFIX WINEDLLOVERRIDES WINEDEBUG
exec "$WINE" wineboot -i >/dev/null 2>&1
