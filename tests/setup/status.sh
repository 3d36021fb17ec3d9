#!/bin/sh
# status: every part that can be half there, after wineboot, and from a running prefix.
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
classes='HKLM\Software\Classes'
service='HKLM\System\CurrentControlSet\Services\BITS'

# half TEXT PATTERN...: status says so and fails.
half()
{
    text=$1
    shift
    run_setup status
    wanted "$text: exit status" 1 $status
    for pattern in "$@" "^setup: BITS is not whole in $prefix; 'winebits-setup install' puts it right$"; do
        has "$text" "$pattern"
    done
}

repair()
{
    run_setup install
    wanted "$1: install" 0 $status
    ok "$1: all is ours" all_ours
}

make_prefix
snapshot "$dir/before"
# Keeps Wine there, so that this looks at a running prefix; the file is looked at below.
WINEPREFIX=$prefix "$WINESERVER" -p
repair "the first time"
cp "$system32/qmgr.dll" "$dir/qmgr.dll"

rm "$system32/bitsadmin.exe"
half "a file is gone" '^BITS bitsadmin.exe in system32 *missing$' '^BITS qmgr.dll in system32 *ours, version [0-9.]*$'
repair "a file is gone"

cp -p "$stock/drive_c/windows/system32/qmgr.dll" "$system32/qmgr.dll.new"
mv "$system32/qmgr.dll.new" "$system32/qmgr.dll"
half "Wine's qmgr.dll" "^BITS qmgr.dll in system32 *Wine's$"
repair "Wine's qmgr.dll"

echo "no DLL at all" >"$system32/bitsproxy.dll"
half "somebody else's file" "^BITS bitsproxy.dll in system32 *somebody else's$"
repair "somebody else's file"

wine_in_prefix reg delete "$classes\\CLSID\\{5fd42ad5-c04e-4d36-adc7-e08ff15737ad}" /f >/dev/null
half "a class is gone" '^BITS classes *half, 10 of 11 classes$'
repair "a class is gone"

wine_in_prefix reg delete "$service" /v DependOnService /f >/dev/null
half "the service as Wine has it" "^BITS service *Wine's$"
repair "the service as Wine has it"

wine_in_prefix reg add "$service\\Parameters" /v ServiceDll /d 'C:\other.dll' /f >/dev/null
half "another ServiceDll" '^BITS service *half, it does not run qmgr.dll$'
repair "another ServiceDll"

group='HKLM\Software\Microsoft\Windows NT\CurrentVersion\SvcHost'
wine_in_prefix reg add "$group" /v netsvcs /t REG_MULTI_SZ /d 'Schedule' /f >/dev/null
half "not in the group" '^BITS service *half, not in the service group netsvcs$'
repair "not in the group"

for iid in 37668d37-507e-4160-9316-26306d150b12 5ce34c0d-0dc9-4c1f-897c-daa1b78cee7c; do
    wine_in_prefix reg add "$classes\\Interface\\{$iid}\\ProxyStubClsid32" /ve \
        /d '{5CE34C0D-0DC9-4C1F-897C-DAA1B78CEE7C}' /f >/dev/null
done
half "two of Wine's proxies" "^BITS interfaces *half, [0-9]* of [0-9]* are ours, 2 Wine's$"
end_wine
half "two of Wine's proxies, from the file" "^BITS interfaces *half, [0-9]* of [0-9]* are ours, 2 Wine's$"
ok "status does not start a prefix" eval '! WINEPREFIX=$prefix "$WINESERVER" -k0 2>/dev/null'
repair "two of Wine's proxies"
end_wine
ok "all is ours, from the file" all_ours

# Wine's own update leaves the files, and registers Wine's proxy again.
wine_in_prefix wineboot -u >/dev/null 2>&1
ok "wineboot -u leaves qmgr.dll" cmp "$dir/qmgr.dll" "$system32/qmgr.dll"
half "wineboot -u" '^BITS qmgr.dll in system32 *ours, version [0-9.]*$' "^BITS interfaces *half, [0-9]* of [0-9]* are ours, [0-9]* Wine's$"
repair "wineboot -u"

# Another version.
printf x >>"$system32/qmgr.dll"
run_setup status
wanted "another build: whole" 0 $status
has "another build" '^BITS qmgr.dll in system32 *ours, version [0-9.]*, not the one of this setup$'
repair "another build"
ok "another build is replaced" cmp "$dir/qmgr.dll" "$system32/qmgr.dll"

# The record is gone: Wine's own files come back all the same.
rm -rf "$prefix/.winebits"
repair "no record"
rm -rf "$prefix/.winebits"
run_setup remove
wanted "no record: remove" 0 $status
run_setup status
has "no record: remove" '^setup: BITS is not installed in /'
has "no record: remove" "^BITS qmgr.dll in system32 *Wine's$"
ok "no record: Wine's BITS answers" \
    wine_in_prefix "$top_builddir/tests/setup/activate.exe" '{4991d34b-80a1-4291-83b6-3328366b9097}'

# A service that was never there.
make_prefix
wine_in_prefix reg delete "$service" /f >/dev/null
wine_in_prefix reg add "$group" /v netsvcs /t REG_MULTI_SZ /d 'Schedule' /f >/dev/null
end_wine
snapshot "$dir/before"
repair "no service before"
run_setup remove
wanted "no service before: remove" 0 $status
snapshot "$dir/after"
ok "no service before: as it was" same_snapshots "$dir/before" "$dir/after"
finish
