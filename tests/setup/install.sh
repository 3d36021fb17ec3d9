#!/bin/sh
# install, install again, remove: the prefix is as it was, with each set of CPUs that a prefix may have.
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

activate=$top_builddir/tests/setup/activate.exe
v1='{4991d34b-80a1-4291-83b6-3328366b9097}'
v10_3='{5fd42ad5-c04e-4d36-adc7-e08ff15737ad}'

round_trip()
{
    ok "$1: Wine's BITS answers" wine_in_prefix "$activate" $v1
    ok "$1: Wine's BITS is no later one" eval '! wine_in_prefix "$activate" $v10_3'
    snapshot "$dir/before"

    run_setup status
    wanted "$1: status before" 1 $status
    has "$1: status before" "^BITS qmgr.dll in system32 *Wine's$"
    has "$1: status before" "^BITS service *Wine's$"
    has "$1: status before" '^setup: BITS is not installed in /.*/prefix$'

    run_setup install
    wanted "$1: install" 0 $status
    has "$1: install" '^setup: BITS [0-9.]* is installed in /.*/prefix$'
    ok "$1: all is ours" all_ours
    ok "$1: our BITS answers" wine_in_prefix "$activate" $v1
    ok "$1: our BITS is a later one" wine_in_prefix "$activate" $v10_3
    snapshot "$dir/installed"
    ok "$1: no DLL override" eval '! grep -i -A9 "DllOverrides" "$dir/installed.user" | grep -qi "qmgr\|bits"'
    ok "$1: all is ours in the files" all_ours

    run_setup install
    wanted "$1: second install" 0 $status
    has "$1: second install" '^setup: BITS [0-9.]* is already installed in /'
    snapshot "$dir/again"
    ok "$1: the second install changes nothing" same_snapshots "$dir/installed" "$dir/again"

    run_setup remove
    wanted "$1: remove" 0 $status
    has "$1: remove" '^setup: BITS is removed from /.*/prefix$'
    snapshot "$dir/after"
    ok "$1: the prefix is as it was" same_snapshots "$dir/before" "$dir/after"
    ok "$1: Wine's BITS answers again" wine_in_prefix "$activate" $v1
    ok "$1: Wine's BITS is no later one" eval '! wine_in_prefix "$activate" $v10_3'

    run_setup remove
    wanted "$1: second remove" 0 $status
    has "$1: second remove" '^setup: BITS is not installed in /'
    snapshot "$dir/after"
    ok "$1: the second remove changes nothing" same_snapshots "$dir/before" "$dir/after"
}

make_prefix
if grep -q '^#arch=win32' "$prefix/system.reg"; then
    round_trip win32
else
    ok "a 64-bit prefix has syswow64" test -d "$prefix/drive_c/windows/syswow64"
    round_trip "win64 with syswow64"

    make_prefix
    rm -rf "$prefix/drive_c/windows/syswow64"
    round_trip "win64 without syswow64"
    ok "no syswow64 was made" test ! -d "$prefix/drive_c/windows/syswow64"

    end_wine
    mv "$prefix" "$dir/Préfixe 'à' \$HOME"
    prefix="$dir/Préfixe 'à' \$HOME"
    run_setup install
    wanted "an odd name: install" 0 $status
    ok "an odd name: all is ours" all_ours
    run_setup remove
    wanted "an odd name: remove" 0 $status
fi
finish
