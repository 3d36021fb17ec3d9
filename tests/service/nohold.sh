#!/bin/sh
# Where policy says that jobs do not hold the prefix open, they go on when it is started the next time.
#
# Copyright 2026 the winebits authors; licence as in client.c

. "${top_srcdir:-.}/tests/service/common.sh"

at_end()
{
    "$WINE" reg delete 'HKLM\Software\winebits' /v HoldPrefix /f >/dev/null 2>&1
}

"$WINE" reg add 'HKLM\Software\winebits' /v HoldPrefix /t REG_DWORD /d 0 /f >/dev/null 2>&1 </dev/null
id=$(client start "$url/t=nohold/gate=500000/method=GET/first=1/f/" "$windir" 1 6000000)
wanted "the prefix of a job that must not hold it" ended "$(ended 30)"
server release/nohold >/dev/null
requests=$(server count/nohold/requests)

# A program that is no client of BITS.
mkfifo "$dir/input"
"$WINE" "$programs/client.exe" idle <"$dir/input" >/dev/null 2>&1 &
exec 3>"$dir/input"
wanted "new requests" ok "$(server wait/nohold/requests/$((requests + 1)))"
wanted "the state" TRANSFERRED "$(client wait "$id")"
wanted "the files" good "$(client finish "$id" "$windir" 1 6000000)"
exec 3>&-
wanted "the prefix at the end" ended "$(ended 30)"
finish
