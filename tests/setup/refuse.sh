#!/bin/sh
# What the installer refuses, and that it then changes nothing.
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
. "$(dirname "$0")/common.sh"

# refused TEXT PATTERN COMMAND...: one line, exit status 1.
refused()
{
    text=$1
    pattern=$2
    shift 2
    "$@" >"$dir/out" 2>&1
    wanted "$text: exit status" 1 $?
    has "$text" "$pattern"
    wanted "$text: one line" 1 "$(wc -l <"$dir/out")"
}

usage_error()
{
    sh "$setup" "$@" >"$dir/out" 2>&1
    wanted "usage error '$*'" 2 $?
    has "usage error '$*'" '^Usage: winebits-setup install|remove|status'
}

make_prefix
snapshot "$dir/before"

usage_error
usage_error --prefix "$prefix"
usage_error install --prefix
usage_error install --bogus
usage_error install remove
usage_error explode
usage_error install --prefix "$prefix" bitts
sh "$setup" --help >"$dir/out" 2>&1
wanted "help" 0 $?
has "help" '^Usage: winebits-setup install|remove|status'
sh "$setup" --version >"$dir/out" 2>&1
wanted "version" 0 $?
has "version" '^winebits-setup [0-9.]*$'

for command in install remove status; do
    refused "$command: DO" '^setup: DO (Delivery Optimization) is not in this version$' \
        sh "$setup" $command --prefix "$prefix" DO
    refused "$command: no directory" "^setup: /no/such/prefix does not exist; create it with 'WINEPREFIX=/no/such/prefix wineboot -i'$" \
        sh "$setup" $command --prefix /no/such/prefix
    mkdir -p "$dir/empty"
    refused "$command: no prefix" "^setup: $dir/empty is not a Wine prefix (no system.reg); create one with 'WINEPREFIX=$dir/empty wineboot -i'$" \
        sh "$setup" $command --prefix "$dir/empty"
    wanted "$command: no prefix: left alone" "" "$(ls -A "$dir/empty")"
    touch "$dir/empty/system.reg"
    refused "$command: half a prefix" "^setup: $dir/empty is not a whole Wine prefix (no windows/system32)" \
        sh "$setup" $command --prefix "$dir/empty"
    rm "$dir/empty/system.reg"
    refused "$command: no such wine" '^setup: /no/such/wine cannot be run; give another one with --wine PATH$' \
        sh "$setup" $command --prefix "$prefix" --wine /no/such/wine
    refused "$command: the prefix from WINEPREFIX" '^setup: /no/such/prefix does not exist' \
        env WINEPREFIX=/no/such/prefix sh "$setup" $command
    refused "$command: the default prefix" "^setup: $dir/.wine does not exist" \
        env HOME="$dir" sh "$setup" $command
    (cd "$dir" && refused "$command: a relative prefix" "^setup: $dir/empty is not a Wine prefix" \
        sh "$setup" $command --prefix empty && exit $failures) || failures=$((failures + 1))
done
printf '#!/bin/sh\necho "it is broken"\nexit 1\n' >"$dir/wine"
chmod +x "$dir/wine"
refused "a wine that does not work" "^setup: $dir/wine does not run in $prefix: it is broken$" \
    sh "$setup" install --prefix "$prefix" --wine "$dir/wine"

mkdir -p "$dir/old/programs/setup"
sed 's,^pkglibdir=.*,pkglibdir=/no/such/directory,' "$setup" >"$dir/old/programs/setup/winebits-setup"
refused "nothing to install" '^setup: there is no qmgr.dll to install; build it first$' \
    env WINEBITS_X86_64= WINEBITS_I386= \
    sh "$dir/old/programs/setup/winebits-setup" install --prefix "$prefix" --wine "$WINE"

mkdir "$prefix/drive_c/windows/winebits-setup.tmp"
echo $$ >"$prefix/drive_c/windows/winebits-setup.tmp/pid"
refused "two at once" "^setup: another winebits-setup (process $$) is at work in $prefix$" \
    sh "$setup" install --prefix "$prefix" --wine "$WINE"
ok "two at once: the first one's directory stays" test -f "$prefix/drive_c/windows/winebits-setup.tmp/pid"
rm -rf "$prefix/drive_c/windows/winebits-setup.tmp"

if test "$(id -u)" = 0; then
    chown 65534 "$prefix"
    for command in install remove status; do
        refused "$command: somebody else's prefix" "^setup: $prefix belongs to another user; run this as that user$" \
            sh "$setup" $command --prefix "$prefix" --wine "$WINE"
    done
    chown 0 "$prefix"
fi
snapshot "$dir/after"
ok "nothing was changed" same_snapshots "$dir/before" "$dir/after"

# A queue with live jobs: our service's start type is automatic.
live_jobs()
{
    sed "/^\[System\\\\\\\\CurrentControlSet\\\\\\\\Services\\\\\\\\BITS\]/,/^$/s/^\"Start\"=.*/\"Start\"=dword:0000000$1/" \
        "$prefix/system.reg" >"$dir/system.reg" && cp "$dir/system.reg" "$prefix/system.reg"
}
live_jobs 2
run_setup install
wanted "Wine's own service may be automatic" 0 $status
WINEPREFIX=$prefix "$WINESERVER" -w
live_jobs 2
cp "$prefix/system.reg" "$dir/system.reg"
refused "remove: live jobs" "^setup: $prefix has unfinished BITS jobs; let them finish, 'bitsadmin /reset' them, or give --force$" \
    sh "$setup" remove --prefix "$prefix" --wine "$WINE"
run_setup install
wanted "live jobs: nothing to do" 0 $status
has "live jobs: nothing to do" 'already installed'
printf x >>"$prefix/drive_c/windows/system32/bitsproxy.dll"
refused "install: live jobs" "^setup: $prefix has unfinished BITS jobs" \
    sh "$setup" install --prefix "$prefix" --wine "$WINE"
ok "live jobs: the prefix did not even start" cmp "$prefix/system.reg" "$dir/system.reg"
run_setup status
wanted "live jobs: status" 0 $status
has "live jobs: status" '^BITS bitsproxy.dll in system32 *ours, version [0-9.]*, not the one of this setup$'
run_setup install --force
wanted "install --force" 0 $status
ok "install --force: all is ours" all_ours
WINEPREFIX=$prefix "$WINESERVER" -w
live_jobs 2
mkdir -p "$prefix/drive_c/ProgramData/Microsoft/Network/Downloader"
for file in qmgr.db qmgr.db-wal qmgr.db-shm; do
    printf x >"$prefix/drive_c/ProgramData/Microsoft/Network/Downloader/$file"
done
run_setup remove --force
wanted "remove --force" 0 $status
WINEPREFIX=$prefix "$WINESERVER" -w
live_jobs 3
snapshot "$dir/after"
ok "remove --force: the prefix is as it was" same_snapshots "$dir/before" "$dir/after"
finish
