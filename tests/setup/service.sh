#!/bin/sh
# A running service is stopped and started again around a change.
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

system32=$prefix/drive_c/windows/system32

running()
{
    wine_in_prefix sc query BITS 2>/dev/null | grep -q 'STATE.*RUNNING'
}

# Only ours has this class.
is_ours()
{
    running && wine_in_prefix "$top_builddir/tests/setup/activate.exe" '{5fd42ad5-c04e-4d36-adc7-e08ff15737ad}'
}

make_prefix
snapshot "$dir/before"
# A program that uses the prefix all the time.
mkfifo "$dir/hold"
WINEPREFIX=$prefix "$WINE" cmd <"$dir/hold" >/dev/null 2>&1 &
user=$!
exec 3>"$dir/hold"

wine_in_prefix net start BITS >/dev/null 2>&1
ok "Wine's service runs" running
run_setup install
wanted "install" 0 $status
ok "install: the service runs again" running
ok "install: it is ours" is_ours
run_setup install
wanted "a second install" 0 $status
ok "a second install: the service runs" running

printf x >>"$system32/qmgr.dll"
run_setup install
wanted "another build" 0 $status
ok "another build: the service runs again" running
ok "another build: it is ours" is_ours

# Killed while the service was stopped: the next run starts it.
printf x >>"$system32/qmgr.dll"
at=1
while :; do
    WINEBITS_SETUP_STOP_AT=$at
    export WINEBITS_SETUP_STOP_AT
    run_setup install
    unset WINEBITS_SETUP_STOP_AT
    test $status = 137 || break
    running || break
    at=$((at + 1))
done
wanted "killed while the service was stopped" 137 $status
run_setup install
wanted "after that: install" 0 $status
ok "after that: the service runs again" running

run_setup remove
wanted "remove" 0 $status
ok "remove: the service runs again" running
ok "remove: it is Wine's" eval '! is_ours'
ok "remove: Wine's BITS answers" \
    wine_in_prefix "$top_builddir/tests/setup/activate.exe" '{4991d34b-80a1-4291-83b6-3328366b9097}'
ok "the user's program was left alone" kill -0 $user

wine_in_prefix sc stop BITS >/dev/null
run_setup install
wanted "a service at rest: install" 0 $status
ok "a service at rest stays so" eval '! running'
run_setup remove
wanted "a service at rest: remove" 0 $status
ok "a service at rest stays so" eval '! running'

# A service that does not stop; where there is no /proc to find it in, this is not tried.
run_setup install
wine_in_prefix net start BITS >/dev/null 2>&1
frozen=
for process in /proc/[0-9]*; do
    if tr '\000' ' ' <"$process/cmdline" | grep -q 'svchost.*netsvcs' &&
        tr '\000' '\n' <"$process/environ" | grep -qxF "WINEPREFIX=$prefix"; then
        frozen="$frozen ${process#/proc/}"
    fi
done 2>/dev/null
if test -n "$frozen"; then
    # shellcheck disable=SC2086 # a list of words
    kill -STOP $frozen
    run_setup remove
    wanted "a frozen service: remove" 1 $status
    has "a frozen service: remove" "^setup: the BITS service does not stop; end the programs that use it, or give --force"
    ok "a frozen service: the user's program was left alone" kill -0 $user
    run_setup remove --force
    wanted "a frozen service: remove --force" 0 $status
    ok "a frozen service: remove --force: it is Wine's" eval 'running && ! is_ours'
else
    run_setup remove
fi

kill $user 2>/dev/null
wait $user 2>/dev/null
snapshot "$dir/after"
ok "the prefix is as it was" same_snapshots "$dir/before" "$dir/after"
finish
