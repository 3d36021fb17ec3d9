#!/bin/sh
# bitsadmin as the scripts of this world call it: what it prints, and its exit codes.
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
# The prefix is one of its own, since /list and /reset are about the whole queue.

top_builddir=${top_builddir:-$(pwd)}
srcdir=${srcdir:-.}
WINE=${WINE:-$(command -v wine)}
WINESERVER=${WINESERVER:-$(command -v wineserver)}
if test -z "$WINE" || test -z "$WINESERVER"
then
    echo "no wine: skipped"
    exit 77
fi

tmp=$(mktemp -d) || exit 1
WINEPREFIX=$tmp/prefix
WINEDEBUG=${WINEDEBUG:--all}
WINEDLLOVERRIDES='winedbg.exe=d;mscoree,mshtml='
LC_ALL=C.UTF-8
export WINE WINESERVER WINEPREFIX WINEDEBUG WINEDLLOVERRIDES LC_ALL top_builddir
httpd=$top_builddir/tests/server/httpd
work=$WINEPREFIX/drive_c/t
checks=0 failures=0 pid=
cr=$(printf '\r')

finish()
{
    test -z "$pid" || kill "$pid"
    "$WINESERVER" -k 2>/dev/null
    "$WINESERVER" -w 2>/dev/null
    rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

sh "$srcdir/tests/make-prefix.sh" "$WINEPREFIX" || exit 1
if test ! -d "$WINEPREFIX/.winebits"
then
    echo "no prefix for this processor: skipped"
    exit 77
fi
mkdir "$work" || exit 1

mkfifo "$tmp/port"
"$httpd" --stay >"$tmp/port" & pid=$!
read -r word port <"$tmp/port"
URL=http://127.0.0.1:$port
export URL

# bat: runs the batch commands on stdin.  What they print is in $tmp/out, with LF.  No || in them: older
# versions of Wine's cmd run what follows always.
bat()
{
    { echo '@echo off'; cat; } | sed "s/\$/$cr/" >"$work/test.bat"
    timeout -k 10 120 "$WINE" cmd /c 'C:\t\test.bat' >"$tmp/raw" 2>"$tmp/err" </dev/null
    if test $? -ge 124
    then
        echo "batch file not ended after two minutes; it printed:"
        cat "$tmp/raw"
        exit 1
    fi
    tr -d '\r' <"$tmp/raw" >"$tmp/out"
}

# want WHAT: the output is that on stdin, with {GUID} for every identifier and "text" for that of an error.
want()
{
    hex='[0-9A-F][0-9A-F][0-9A-F][0-9A-F]'
    cat >"$tmp/want"
    sed "s/{$hex$hex-$hex-$hex-$hex-$hex$hex$hex}/{GUID}/g
        s/^\(Unable to .* - 0x[0-9a-f]*\. \).*/\1text/
        /^Unable to .* - 0x[0-9a-f]*\$/{n; s/.*/text/;}" "$tmp/out" >"$tmp/got"
    checks=$((checks + 1))
    if ! diff -u "$tmp/want" "$tmp/got" >"$tmp/diff"
    then
        failures=$((failures + 1))
        echo "$1:"
        sed 1,2d "$tmp/diff"
    fi
}

# is WHAT GOT WANTED
is()
{
    checks=$((checks + 1))
    if test "$2" != "$3"
    then
        failures=$((failures + 1))
        printf "%s: got '%s', expected '%s'\n" "$1" "$2" "$3"
    fi
}

# todo WHAT GOT WANTED: as is, for what is still missing.
todo()
{
    checks=$((checks + 1))
    if test "$2" = "$3"
    then
        failures=$((failures + 1))
        echo "$1: is no longer missing"
    fi
}

# same FILE SIZE [SEED]
same()
{
    "$httpd" --dump "$2" "${3:-1}" | cmp -s - "$work/$1" && echo same || echo differs
}

# ---- The banner, byte for byte ----

timeout -k 10 120 "$WINE" bitsadmin /list >"$tmp/raw" 2>/dev/null
printf '\r\nBITSADMIN version 3.0\r\nBITS administration utility.\r\n(C) Copyright Microsoft Corp.\r\n\r\n' >"$tmp/banner"
printf '\r\nListed 0 job(s).\r\n' | cat "$tmp/banner" - >"$tmp/want"
is "empty queue" "$(cmp "$tmp/want" "$tmp/raw" 2>&1)" ""

# ---- Bad command lines ----

bat <<'END'
bitsadmin /setpolicy X 0 >C:\t\1.txt
echo %errorlevel%
bitsadmin >C:\t\2.txt
echo %errorlevel%
bitsadmin /? >C:\t\3.txt
echo %errorlevel%
bitsadmin /HELP >C:\t\4.txt
bitsadmin /rawreturn /addfile x y
echo %errorlevel%
bitsadmin /rawreturn /addfile a b c d
echo %errorlevel%
bitsadmin /rawreturn /addfile x ""
echo %errorlevel%
bitsadmin /RAWRETURN /transfer x /priority urgent %URL%/f/1 C:\t\x
echo %errorlevel%
bitsadmin /rawreturn /transfer x %URL%/f/1
bitsadmin /rawreturn /transfer x %URL%/f/1 C:\t\x %URL%/f/2
bitsadmin /rawreturn /transfer x /priority
bitsadmin /rawreturn /create /nothing x
bitsadmin /rawreturn /list /all
bitsadmin /hold
bitsadmin /list | find "Listed"
END
sed -n '/^BITSADMIN version/,$d; p' "$tmp/out" >"$tmp/out2"
sed -n 's/^Listed/&/p' "$tmp/out" >>"$tmp/out2"
mv "$tmp/out2" "$tmp/out"
want "bad command lines" <<'END'
1
1
0
Invalid number of arguments.
1
Invalid number of arguments.
1
Invalid number of arguments.
1
Invalid argument: urgent
1
Invalid number of arguments.
Invalid number of arguments.
Invalid number of arguments.
Invalid argument: /nothing
Invalid argument: /all

Listed 0 job(s).
END
printf '%s\r\n' 'Invalid command' 'USAGE: BITSADMIN [/RAWRETURN] [/WRAP | /NOWRAP] command' \
    'The following commands are available:' | cat "$tmp/banner" - >"$tmp/want"
is "unknown command" "$(head -n 8 "$work/1.txt" | cmp "$tmp/want" - 2>&1)" ""
is "no command" "$(cmp "$work/1.txt" "$work/2.txt" 2>&1)" ""
is "/HELP and /?" "$(cmp "$work/3.txt" "$work/4.txt" 2>&1)" ""
is "usage is help" "$(sed '6d' "$work/1.txt" | cmp - "$work/3.txt" 2>&1)" ""
is "/HOLD is not in it" "$(grep -ci /hold "$work/3.txt")" 0

# ---- A job from create to complete, as batch files do it ----

bat <<'END'
for /f "skip=4 tokens=1,2,3" %%i in ('bitsadmin /create /download myjob') do (
    echo %%i %%j %%k
    set job=%%k
)
set job=%job:~0,-1%
bitsadmin /addfile %job% %URL%/f/100000/3 "C:\t\my file.bin" | find "Added"
bitsadmin /setNotifyCmdLine %job% C:\windows\system32\cmd.exe "cmd.exe /c exit 1" >nul 2>&1
echo %errorlevel%
bitsadmin /setnotifycmdline %job% NULL NULL >nul
bitsadmin /resume %job% | find "Job"
set turns=0
:loop
set /a turns=turns+1
for /f "skip=4" %%s in ('bitsadmin /getstate %job%') do set state=%%s
if "%state%" == "TRANSFERRED" goto done
if not "%turns%" == "200" goto loop
:done
echo %state%
bitsadmin /info %job% /verbose | find "STATE: TRANSFERRED"
bitsadmin /info %job%
bitsadmin /complete %job% | find "Job"
bitsadmin /rawreturn /getstate %job%
END
sed -i 's/ OWNER: .*/ OWNER: x/' "$tmp/out"
want "batch download" <<END
Created job {GUID}.
Added $URL/f/100000/3 -> C:\\t\\my file.bin to job.
0
Job resumed.
TRANSFERRED
TYPE: DOWNLOAD STATE: TRANSFERRED OWNER: x

BITSADMIN version 3.0
BITS administration utility.
(C) Copyright Microsoft Corp.

{GUID} 'myjob' TRANSFERRED 1 / 1 100000 / 100000
Job completed.
Unable to get job - 0x80200001. text
END
is "batch download" "$(same 'my file.bin' 100000 3)" same

# ---- Names, identifiers, exit codes ----

bat <<'END'
for /f "delims={}" %%I in ('bitsadmin /rawreturn /create guid') do set TMP_GUID=%%~I
bitsadmin /cancel {%TMP_GUID%} 1>nul
echo %errorlevel%
for /f %%I in ('bitsadmin /rawreturn /create 4711') do set dljob=%%~I
echo %dljob:~-1%
echo %dljob:~-13,-1%>C:\t\tail.txt
for /f %%I in ('bitsadmin /rawreturn /geterrorcount %dljob%') do cmd /c exit /b %%I && echo no errors
bitsadmin /rawreturn /create 4711 >nul
bitsadmin /rawreturn /getstate 4711
echo %errorlevel%
bitsadmin /rawreturn /getstate nobody >nul
echo %errorlevel%
bitsadmin /rawreturn /getstate {01234567-0123-0123-0123-0123456789AB} >nul
echo %errorlevel%
for /f %%f in ('bitsadmin /rawreturn /getstate nobody') do set dstate=%%f
goto :BITS_%dstate%
:BITS_SUSPENDED
echo found
:BITS_Unable
for /f "usebackq" %%i in (`bitsadmin /rawreturn /create "mor:NAME"`) do bitsadmin /rawreturn /setsecurityflags "%%i" 0x0000
for /f "delims=" %%d in ('bitsadmin /RawReturn /GetState mor:NAME') do echo [%%d]
for /f "tokens=1" %%i in ('bitsadmin /list ^| find "mor"') do bitsadmin /rawreturn /suspend "%%i"
bitsadmin /rawreturn /create ""
echo.
bitsadmin /rawreturn /create /download
echo.
bitsadmin /rawreturn /getdisplayname /DOWNLOAD
echo.
bitsadmin /complete nobody
echo %errorlevel%
bitsadmin /rawreturn /reset
END
is "12 digits" "$(tr -d '\r' <"$work/tail.txt" | grep -c '^[0-9A-F]\{12\}$')" 1
want "names" <<'END'
0
}
no errors
Unable to get job - 0x80070034. text
-2147024844
-2145386495
-2145386495
Job security flags set.
[SUSPENDED]
Job suspended.
{GUID}
{GUID}
/download

BITSADMIN version 3.0
BITS administration utility.
(C) Copyright Microsoft Corp.

Unable to get job - 0x80200001
text
-2145386495
{GUID} canceled.
{GUID} canceled.
{GUID} canceled.
{GUID} canceled.
{GUID} canceled.
5 out of 5 jobs canceled.
END

# ---- /TRANSFER ----

timeout -k 10 120 "$WINE" bitsadmin /transfer job "$URL/f/300000/5" 'C:\t\a.bin' >"$tmp/raw" 2>/dev/null
is "exit code" $? 0
printf 'Transfer complete.\r\n' | cat "$tmp/banner" - >"$tmp/want"
is "plain transfer" "$(cmp "$tmp/want" "$tmp/raw" 2>&1)" ""
is "plain transfer" "$(same a.bin 300000 5)" same

bat <<'END'
bitsadmin /rawreturn /nowrap /transfer starter /priority foreground /download %URL%/f/1000/1 "C:\t\b 1.bin"
echo %errorlevel%
bitsadmin /transfer "" %URL%/f/1000/2 "C:\t\b2.bin" >nul
echo %errorlevel%
bitsadmin.exe /transfer /Download /priority Foreground %URL%/f/1000/3 C:\t\b3.bin >nul && echo good
bitsadmin /TRANSFER "GEN ERIC" /DOWNLOAD /PRIORITY NORMAL "%URL%/f/1000/4" "C:\t\b4.bin" "%URL%/f/0" "C:\t\b5.bin" >nul 2>&1
echo %errorlevel%
for /f "tokens=2 delims={}" %%g in ('bitsadmin /create NAME') do (
    bitsadmin /rawreturn /transfer {%%g} /download /priority normal %URL%/f/1000/6 C:\t\b6.bin
    bitsadmin /rawreturn /cancel {%%g}
)
bitsadmin /rawreturn /transfer local C:\t\b6.bin C:\t\b7.bin
echo %errorlevel%
bitsadmin /rawreturn /transfer relative %URL%/f/1 b8.bin >C:\t\8.txt
echo %errorlevel%
bitsadmin /transfer missing %URL%/status=404/f/1 C:\t\b9.bin >C:\t\9.txt
bitsadmin /rawreturn /transfer missing %URL%/status=404/f/1 C:\t\b9.bin >nul
echo %errorlevel%
bitsadmin /rawreturn /transfer starter /dynamic /download /priority foreground %URL%/f/1 C:\t\b0.bin >C:\t\0.txt
bitsadmin /rawreturn /list
END
want "transfers" <<'END'
0
0
good
0
Job canceled.
0
-2147024809
-2145844844

Listed 0 job(s).
END
is "files" "$(for i in 1 2 3 4; do f=b$i.bin; test $i = 1 && f='b 1.bin'; same "$f" 1000 $i; done | tr '\n' ' ')" \
    "same same same same "
is "files" "$(same b5.bin 0) $(same b6.bin 1000 6) $(same b7.bin 1000 6)" "same same same"
is "no files" "$(ls "$work"/b8* "$work"/b9* "$WINEPREFIX"/drive_c/windows/system32/b8* 2>/dev/null)" ""
todo "/dynamic" "$(cat "$work/0.txt"; same b0.bin 1)" same
is "/dynamic is refused" "$(sed 's/\. .*//' "$work/0.txt")" "Unable to set dynamic content - 0x80004002"
is "relative name" "$(sed 's/\. .*//' "$work/8.txt")" "Unable to add file - 0x80070057"
is "error" "$(sed -n '6p; $=' "$work/9.txt" | tr -d '\r' | tr '\n' ' ')" "Unable to complete transfer - 0x80190194 7 "

# A server that fails once is tried again.
"$WINE" bitsadmin /transfer again "$URL/t=again/status=503/retryafter=1/first=1/f/5000" 'C:\t\again.bin' \
    >/dev/null 2>&1 & client=$!
curl -s -o /dev/null "$URL/wait/again/ended/1"
"$WINE" bitsadmin /resume again >/dev/null 2>&1
wait $client
is "tried again" "$? $(same again.bin 5000)" "0 same"

# ---- Files and properties ----

printf '# a comment\r\n\r\n%s/f/10 C:\\t\\set 1.bin\r\n  "%s/f/20"  "C:\\t\\set2.bin"  \r\n' "$URL" "$URL" >"$work/set.txt"
printf '%s/f/10\r\n' "$URL" >"$work/badset.txt"
bat <<'END'
bitsadmin /rawreturn /create j >nul
bitsadmin /rawreturn /addfileset j C:\t\set.txt
bitsadmin /rawreturn /addfileset j C:\t\badset.txt
echo %errorlevel%
bitsadmin /rawreturn /addfileset j C:\t\nothing.txt >nul
echo %errorlevel%
bitsadmin /rawreturn /listfiles j
bitsadmin /rawreturn /getfilestotal j
echo.
bitsadmin /rawreturn /getfilestransferred j
echo.
bitsadmin /rawreturn /getbytestotal j
echo.
bitsadmin /rawreturn /getbytestransferred j
echo.
bitsadmin /rawreturn /gettype j
echo.
bitsadmin /rawreturn /setdisplayname j "a b"
bitsadmin /rawreturn /setdescription "a b" "what it is"
bitsadmin /RAWRETURN /SetPRIORITY "a b" Foreground ""
bitsadmin /rawreturn /setnotifyflags "a b" 0x0003
bitsadmin /rawreturn /setminretrydelay "a b" 60
bitsadmin /rawreturn /setnoprogresstimeout "a b" 3600
bitsadmin /rawreturn /setproxysettings "a b" OVERRIDE http://127.0.0.1:9,http://127.0.0.1:10 "<local> *.example"
bitsadmin /rawreturn /setnotifycmdline "a b" C:\windows\system32\cmd.exe "cmd.exe /c rem"
bitsadmin /rawreturn /setcustomheaders "a b" "X-One: 1" "X-Two: 2"
bitsadmin /rawreturn /setsecurityflags "a b" 0x0102
bitsadmin /rawreturn /setpriority "a b" 5
bitsadmin /rawreturn /setminretrydelay "a b" 5x
bitsadmin /rawreturn /setproxysettings "a b" OVERRIDE list
bitsadmin /rawreturn /setnotifycmdline "a b" program
bitsadmin /rawreturn /getdisplayname "a b"
echo.
bitsadmin /rawreturn /getdescription "a b"
echo.
bitsadmin /rawreturn /getpriority "a b"
echo.
bitsadmin /rawreturn /getnotifyflags "a b"
echo.
bitsadmin /rawreturn /getnotifyinterface "a b"
echo.
bitsadmin /rawreturn /getminretrydelay "a b"
echo.
bitsadmin /rawreturn /getnoprogresstimeout "a b"
echo.
bitsadmin /rawreturn /getproxyusage "a b"
echo.
bitsadmin /rawreturn /getproxylist "a b"
echo.
bitsadmin /rawreturn /getproxybypasslist "a b"
echo.
bitsadmin /rawreturn /getnotifycmdline "a b"
echo.
bitsadmin /rawreturn /getcustomheaders "a b"
echo.
bitsadmin /rawreturn /getsecurityflags "a b"
echo.
bitsadmin /rawreturn /getaclflags "a b"
echo.
bitsadmin /rawreturn /getcompletiontime "a b"
echo.
bitsadmin /rawreturn /geterror "a b" >nul
echo %errorlevel%
bitsadmin /getcreationtime "a b" | find ":"
END
sed -i 's,^[0-9]*/[0-9]*/[0-9]* [0-9]*:[0-9]*:[0-9]* [AP]M$,time,' "$tmp/out"
want "properties" <<END
Added 2 file(s) to job.
Unable to read file list - 0x80070057. text
-2147024809
-2147024894
	0 / UNKNOWN WORKING $URL/f/10 -> C:\\t\\set 1.bin
	0 / UNKNOWN WORKING $URL/f/20 -> C:\\t\\set2.bin
2
0
UNKNOWN
0
DOWNLOAD
Job display name set.
Job description set.
Job priority set.
Job notification flags set.
Job minimum retry delay set.
Job no progress timeout set.
Job proxy settings set.
Job notification command line set.
Job custom headers set.
Job security flags set.
Invalid argument: 5
Invalid argument: 5x
Invalid number of arguments.
Invalid number of arguments.
a b
what it is
FOREGROUND
3
UNREGISTERED
60
3600
OVERRIDE
http://127.0.0.1:9,http://127.0.0.1:10
<local> *.example
C:\\windows\\system32\\cmd.exe cmd.exe /c rem
X-One: 1
X-Two: 2
0x0102

UNKNOWN
-2145386481
time
END

bat <<'END'
bitsadmin /rawreturn /setcustomheaders "a b" X-Last:3
bitsadmin /rawreturn /setnotifycmdline "a b" NULL NULL
bitsadmin /rawreturn /setproxysettings "a b" PRECONFIG
bitsadmin /rawreturn /info "a b" /verbose
bitsadmin /rawreturn /list
bitsadmin /rawreturn /list /verbose | find "JOB FILES: "
END
sed -i 's/\( OWNER: \).*/\1x/; s,[0-9]*/[0-9]*/[0-9]* [0-9]*:[0-9]*:[0-9]* [AP]M,time,g
    s/^\(owner.*[:?] *\)[A-Za-z]*$/\1x/' "$tmp/out"
todo "owner's rights and peer caching" "$(grep '^owner\|^Peer\|^	 E' "$tmp/out")" "\
owner MIC integrity level: x
owner elevated ?           x
Peercaching flags
	 Enable download from peers      :false
	 Enable serving to peers         :false"
want "verbose block" <<END
Job custom headers set.
Job notification command line set.
Job proxy settings set.
GUID: {GUID} DISPLAY: 'a b'
TYPE: DOWNLOAD STATE: SUSPENDED OWNER: x
PRIORITY: FOREGROUND FILES: 0 / 2 BYTES: 0 / UNKNOWN
CREATION TIME: time MODIFICATION TIME: time
COMPLETION TIME: UNKNOWN ACL FLAGS: 
NOTIFY INTERFACE: UNREGISTERED NOTIFICATION FLAGS: 3
RETRY DELAY: 60 NO PROGRESS TIMEOUT: 3600 ERROR COUNT: 0
PROXY USAGE: PRECONFIG PROXY LIST: NULL PROXY BYPASS LIST: NULL
DESCRIPTION: what it is
JOB FILES: 
	0 / UNKNOWN WORKING $URL/f/10 -> C:\\t\\set 1.bin
	0 / UNKNOWN WORKING $URL/f/20 -> C:\\t\\set2.bin
NOTIFICATION COMMAND LINE: none
CUSTOM HEADERS: X-Last:3
{GUID} 'a b' SUSPENDED 0 / 2 0 / UNKNOWN

Listed 1 job(s).
JOB FILES: 
END

# ---- An error ----

bat <<'END'
bitsadmin /rawreturn /create wrong >nul
bitsadmin /rawreturn /addfile wrong %URL%/status=404/f/10 C:\t\wrong.bin >nul
bitsadmin /rawreturn /resume wrong
set turns=0
:loop
set /a turns=turns+1
for /f %%s in ('bitsadmin /rawreturn /getstate wrong') do set state=%%s
if "%state%" == "ERROR" goto done
if not "%turns%" == "200" goto loop
:done
for /f "tokens=2 delims=-" %%I in ('bitsadmin /GETERROR wrong ^| find "ERROR CODE:"') do echo [%%I] >C:\t\text.txt
bitsadmin /rawreturn /geterror wrong >C:\t\error.txt
bitsadmin /info wrong /verbose | find "STATE: ERROR" >nul && echo error
bitsadmin /rawreturn /geterrorcount wrong
echo.
bitsadmin /geterror wrong | find "ERROR"
bitsadmin /rawreturn /reset
END
sed -i 's/^\(ERROR CO[A-Z]*: *0x[0-9a-f]* - \).*/\1x/' "$tmp/out"
want "error" <<END
Job resumed.
error
1
ERROR FILE:    $URL/status=404/f/10 -> C:\\t\\wrong.bin
ERROR CODE:    0x80190194 - x
ERROR CONTEXT: 0x00000005 - x
{GUID} canceled.
{GUID} canceled.
2 out of 2 jobs canceled.
END
is "raw error" "$(tr -d '\r' <"$work/error.txt" | sed 's/ - .*//')" "ERROR FILE:    $URL/status=404/f/10 -> C:\\t\\wrong.bin
ERROR CODE:    0x80190194

ERROR CONTEXT: 0x00000005"

# ---- On a console ----

# live GATE COMMAND: a transfer in a terminal; what it shows is read from descriptor 3
live()
{
    rm -f "$tmp/screen" "$tmp/keys"
    mkfifo "$tmp/screen" "$tmp/keys"
    timeout -k 10 120 script -qefc "stty rows 30 cols 120; exec \"\$WINE\" bitsadmin $*" /dev/null \
        <"$tmp/keys" >"$tmp/screen" 2>"$tmp/err" & client=$!
    exec 4>"$tmp/keys" 3<"$tmp/screen"
}
# shown TEXT: waits until it is on the screen
shown()
{
    while read -r line
    do
        echo "$line" >>"$tmp/shown"
        case $line in
            *"$1"*) echo yes; return ;;
        esac
    done <&3
    echo no
}

if command -v script >/dev/null
then
    live "/transfer show /priority high '$URL/t=live/gate=250000/f/1000000' 'C:\\t\\live.bin'"
    is "half way" "$(shown "PRIORITY: HIGH FILES: 0 / 1 BYTES: 250000 / 1000000 (25%)")" yes
    curl -s -o /dev/null "$URL/release/live"
    is "state" "$(shown "DISPLAY: 'show' TYPE: DOWNLOAD STATE: TRANSFERRED")" yes
    is "progress" "$(shown "PRIORITY: HIGH FILES: 1 / 1 BYTES: 1000000 / 1000000 (100%)")" yes
    is "end" "$(shown "Transfer complete.")" yes
    exec 4>&-
    cat <&3 >/dev/null
    exec 3<&-
    wait $client
    is "exit code" "$?" 0
    is "drawn in place" "$(sed -n 's/.*\[2A.*DISPLAY.*/up/p' "$tmp/shown" | sort -u)" up

    live "/transfer stop '$URL/t=stop/gate=250000/f/1000000' 'C:\\t\\stop.bin'"
    is "at the gate" "$(shown "(25%)")" yes
    printf '\003' >&4
    is "Ctrl+C" "$(shown "Transfer canceled.")" yes
    exec 4>&-
    cat <&3 >/dev/null
    exec 3<&-
    wait $client
    is "exit code" "$?" $((0x800704c7 & 255))
    bat <<'END'
bitsadmin /rawreturn /list
END
    want "no job" <<'END'

Listed 0 job(s).
END
else
    echo "no script: the console is not tested"
fi

echo "bitsadmin.sh: $checks checks, $failures failures."
test $failures -eq 0
