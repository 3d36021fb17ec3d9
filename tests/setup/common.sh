# What the tests of the installer share; each of them sources this.
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
# $prefix is a fresh copy of a stock prefix after make_prefix, and its Wine ends with the test.

top_builddir=${top_builddir:-$(pwd)}
top_srcdir=${top_srcdir:-$(cd "${srcdir:-.}" && pwd)}
WINE=${WINE:-$(command -v wine)}
WINESERVER=${WINESERVER:-$(command -v wineserver)}
WINEDEBUG=${WINEDEBUG:--all}
WINEDLLOVERRIDES='winedbg.exe=d;mscoree,mshtml='
unset WINEPREFIX WINEARCH
export WINE WINESERVER WINEDEBUG WINEDLLOVERRIDES
setup=$top_builddir/programs/setup/winebits-setup
stock=$top_builddir/tests/setup/stock
dir=$top_builddir/tests/setup/$(basename "$0" .sh).tmp
prefix=$dir/prefix
failures=0
checks=0

skip_all()
{
    echo "$(basename "$0"): skipped: $*"
    exit 77
}

# ok TEXT COMMAND...: the command must succeed.
ok()
{
    text=$1
    shift
    checks=$((checks + 1))
    if ! "$@"; then
        failures=$((failures + 1))
        echo "FAIL: $text"
    fi
}

# wanted TEXT EXPECTED ACTUAL
wanted()
{
    checks=$((checks + 1))
    if test "$2" != "$3"; then
        failures=$((failures + 1))
        printf 'FAIL: %s: wanted "%s", got "%s"\n' "$1" "$2" "$3"
    fi
}

# has TEXT PATTERN: the last output of run_setup has such a line.
has()
{
    checks=$((checks + 1))
    if ! grep -q -e "$2" "$dir/out"; then
        failures=$((failures + 1))
        printf 'FAIL: %s: no "%s" in:\n' "$1" "$2"
        cat "$dir/out"
    fi
}

finish()
{
    echo "$(basename "$0"): $checks checks, $failures failures"
    test $failures = 0
    exit
}

end_wine()
{
    if test -d "$prefix"; then
        WINEPREFIX=$prefix "$WINESERVER" -k >/dev/null 2>&1
        WINEPREFIX=$prefix "$WINESERVER" -w >/dev/null 2>&1
    fi
}

clean_up()
{
    end_wine
    rm -rf "$dir"
}

wine_in_prefix()
{
    WINEPREFIX=$prefix "$WINE" "$@" </dev/null
}

# Hard links save most of the time; Wine writes registry files, and we replace our files, by renaming.
make_prefix()
{
    end_wine
    rm -rf "$prefix"
    cp -al "$stock" "$prefix" 2>/dev/null || { rm -rf "$prefix" && cp -a "$stock" "$prefix"; }
    for file in "$prefix"/*.reg "$prefix"/.update-timestamp "$prefix"/drive_c/windows/sys*/qmgr*.dll; do
        test -f "$file" || continue
        cp -p "$file" "$file.copy" && mv "$file.copy" "$file"
    done
}

# Runs the installer on $prefix; its output is in $dir/out, its exit status in $status.
run_setup()
{
    command=$1
    shift
    sh "$setup" "$command" --prefix "$prefix" --wine "$WINE" "$@" >"$dir/out" 2>&1
    status=$?
}

# The registry in files is current only when no Wine runs.  Left out: the times of keys, and one value
# that is itself a time, which Wine writes whenever it starts.
snapshot()
{
    WINEPREFIX=$prefix "$WINESERVER" -w
    for hive in system user userdef; do
        sed -e '/^#time=/d' -e 's/^\(\[.*\]\) [0-9]*$/\1/' -e '/^"DriverDateData"=/d' \
            "$prefix/$hive.reg" >"$1.$hive"
    done
    (
        cd "$prefix" || exit
        # What still is the stock prefix's own file needs no checksum.
        find . -type f -links +1 -printf '%p %m %U %i %s %T@\n' | sort
        find . ! -type f -printf '%p %y %m %U %l\n' | sort
        find . -type f -links 1 -printf '%p %m %U\n' | sort
        find . -type f -links 1 ! -name '*.reg' ! -name .update-timestamp -exec cksum {} + | sort -k 3
    ) >"$1.files"
}

same_snapshots()
{
    for part in system user userdef files; do
        diff "$1.$part" "$2.$part" || return 1
    done
}

# The same without waiting for Wine to end: the registry where the installer has business, and its files.
quick_snapshot()
{
    for key in 'Software\Classes' 'Software\Microsoft\Windows NT\CurrentVersion\SvcHost' \
        'Software\Microsoft\Windows\CurrentVersion' 'System\CurrentControlSet\Services'; do
        wine_in_prefix regedit /E 'C:\quick.reg' "HKEY_LOCAL_MACHINE\\$key" >/dev/null 2>&1
        iconv -f UTF-16LE -t UTF-8 "$prefix/drive_c/quick.reg"
        rm -f "$prefix/drive_c/quick.reg"
    done >"$1"
    (
        cd "$prefix" || exit
        find . -type d | sort
        find . -name '*winebits*' | sort
        find ./drive_c/windows ./drive_c/ProgramData \( -name 'qmgr*' -o -name 'bits*' \) -exec cksum {} + | sort -k 3
    ) >>"$1"
}

all_ours()
{
    run_setup status
    test $status = 0 && ! grep -v '^setup:' "$dir/out" | grep -qv ' ours, version [0-9.]*$\| ours$'
}

test -n "$WINE" && test -n "$WINESERVER" || skip_all "no wine"
test -f "$stock/system.reg" || skip_all "$WINE cannot make a prefix for these programs"
mkdir -p "$dir" || exit 99
TMPDIR=$dir
export TMPDIR
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
