#!/bin/sh
# A run that is killed at any of its steps can be run again, or undone.
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

# killed COMMAND STEP: false when the command has fewer steps than that.
killed()
{
    WINEBITS_SETUP_STOP_AT=$2
    export WINEBITS_SETUP_STOP_AT
    run_setup "$1"
    unset WINEBITS_SETUP_STOP_AT
    test $status = 137
}

make_prefix
# Wine stays between the runs, that saves most of the time.
WINEPREFIX=$prefix "$WINESERVER" -p
quick_snapshot "$dir/before"

# Every step of install; after the odd ones remove, after the even ones install and then a remove that
# is killed as well, at each of its steps in turn.
at=1
remove_at=1
remove_done=
while killed install $at; do
    if test $((at % 2)) = 0; then
        run_setup install
        wanted "install after an install killed at step $at" 0 $status
        ok "all is ours after an install killed at step $at" all_ours
        if test -z "$remove_done"; then
            if killed remove $remove_at; then remove_at=$((remove_at + 1)); else remove_done=1; fi
        fi
    fi
    run_setup remove
    wanted "remove after an install killed at step $at" 0 $status
    quick_snapshot "$dir/after"
    ok "the prefix is as it was after an install killed at step $at" diff "$dir/before" "$dir/after"
    at=$((at + 1))
done
wanted "install, all its steps" 0 $status
ok "install has many steps" test $at -gt 10

# The remaining steps of remove; after each, install again.
while test -z "$remove_done" && killed remove $remove_at; do
    run_setup install
    wanted "install after a remove killed at step $remove_at" 0 $status
    ok "all is ours after a remove killed at step $remove_at" all_ours
    remove_at=$((remove_at + 1))
done
ok "remove has many steps" test $remove_at -gt 6
run_setup remove
wanted "remove in the end" 0 $status
quick_snapshot "$dir/after"
ok "the prefix is as it was in the end" diff "$dir/before" "$dir/after"
echo "$((at - 1)) steps of install, $((remove_at - 1)) of remove"
finish
