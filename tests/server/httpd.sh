#!/bin/sh
# The misbehaving server misbehaves as its URL says, and not otherwise.
#
# Copyright 2026 the winebits authors; licence as in content.h

httpd=${top_builddir:-.}/tests/server/httpd
if ! command -v curl >/dev/null
then
    echo "no curl: skipped"
    exit 77
fi
tmp=$(mktemp -d) || exit 1
failures=0 checks=0 pid=
trap 'test -z "$pid" || kill $pid; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

mkfifo "$tmp/port"
"$httpd" --stay --port 0 --bind 127.0.0.2 --port 0 --pidfile "$tmp/pid" >"$tmp/port" 2>"$tmp/err" & pid=$!
{ read -r word port; read -r word port2; } <"$tmp/port"
url=http://127.0.0.1:$port

# is WHAT GOT WANTED
is()
{
    checks=$((checks + 1))
    if test "$2" != "$3"
    then
        failures=$((failures + 1))
        echo "$1: got '$2', expected '$3'"
    fi
}
# get ARGS: curl, quietly; the status is in $code, curl's in $rc, the body and the head in files
get()
{
    code=$(curl -s --noproxy '*' -m 20 -D "$tmp/head" -o "$tmp/body" -w '%{http_code}' "$@")
    rc=$?
}
# same SIZE SEED [OFFSET]: whether the body is that content
same()
{
    "$httpd" --dump "$@" | cmp -s - "$tmp/body" && echo same || echo differs
}
size() { wc -c <"$tmp/body" | tr -d ' '; }
head_line() { tr -d '\r' <"$tmp/head" | sed -n "s/^$1: //p"; }
count() { curl -s "$url/count/$1/$2"; }

is "pid file" "$(cat "$tmp/pid")" $pid

# plain files
get "$url/t=plain/f/100000/7/name.exe"
is "plain" "$code $(same 100000 7)" "200 same"
is "ETag" "$(head_line ETag)" '"7-186a0"'
is "Last-Modified" "$(head_line Last-Modified)" "Wed, 01 Jan 2020 00:00:07 GMT"
get -r 12345-54321 "$url/t=plain/f/100000/7"
is "range" "$code $(same 41977 7 12345) $(head_line Content-Range)" "206 same bytes 12345-54321/100000"
get -r 4398046511101- "$url/t=plain/f/4T/3"
is "end of a large file" "$code $(same 3 3 4398046511101)" "206 same"
get -r -5 "$url/t=plain/f/100/3"
is "suffix range" "$code $(same 5 3 95)" "206 same"
get -r 100- "$url/t=plain/f/100"
is "range behind the end" "$code $(head_line Content-Range)" "416 bytes */100"
get -I "$url/t=plain/f/1G"
is "HEAD" "$code $(head_line Content-Length)" "200 1073741824"
get "$url/t=plain/f/0"
is "empty file" "$code $(size)" "200 0"
get -d 12345 "$url/t=plain/f/10" -o /dev/null "$url/t=plain/f/10"
is "POST" "$code" "405405"
is "counters" "$(count plain get) $(count plain head) $(count plain other) $(count plain ranged)" "6 1 2 4"
get "$url/t=other/f/10" -o /dev/null "$url/t=other/f/11"
is "keep-alive" "$(count other connections) $(count other requests)" "1 2"
get "$url/f/1Q"; is "bad size" "$code" 400
get "$url/f/1?dorp=5"; is "unknown option" "$code" 400
get "$url/t=old/f/10" -0; is "HTTP/1.0" "$code $rc" "200 0"
get "http://127.0.0.2:$port2/t=second/f/10"; is "second address" "$code $(size)" "200 10"
get -x "127.0.0.1:$port" --noproxy '' "http://example.invalid/t=proxied/f/10"
is "as a proxy" "$code $(size) $(count proxied requests)" "200 10 1"

# conditions
etag='"1-64"' date='Wed, 01 Jan 2020 00:00:01 GMT' before='Wed, 01 Jan 2020 00:00:00 GMT'
cond() { get -H "$2" ${3:+-r 10-} "$url/t=cond/$4f/100"; is "$2 $4" "$code" "$1"; }
cond 200 "If-Match: $etag"
cond 200 "If-Match: \"a\", $etag"
cond 412 'If-Match: "1-6"'
cond 412 "If-Match: $etag" "" weak/
cond 412 "If-Match: *" "" noetag/
cond 200 "If-Unmodified-Since: $date"
cond 412 "If-Unmodified-Since: $before"
cond 200 "If-Unmodified-Since: $before" "" nolm/
cond 200 "If-Unmodified-Since: yesterday"
cond 206 "If-Range: $etag" r
cond 200 'If-Range: "x"' r
cond 206 "If-Range: $date" r
cond 200 "If-Range: $before" r
cond 200 "If-Range: $etag" r weak/
cond 304 "If-None-Match: $etag"
cond 304 "If-Modified-Since: $date"
cond 200 "If-Modified-Since: $before"
is "conditional" "$(count cond conditional)" 17

# bodies that stop
get "$url/t=drop/drop=1000/first=1/f/100000"
is "drop" "$rc $(same 1000 1)" "18 same"
get "$url/t=drop/drop=1000/first=1/f/100000"
is "dropped once" "$rc $(same 100000 1)" "0 same"
get "$url/t=rst/drop=1000/rst/f/100000"; is "reset in the body" "$rc" 56
get "$url/t=rst/rst/f/10"; is "reset" "$rc" 56
get "$url/t=close/close/f/10"; is "close" "$rc" 52
get -m 1 "$url/t=stall/stall=500/f/1000"; is "stall" "$rc $(size)" "28 500"
get -m 1 "$url/t=never/never/f/1000"; is "never" "$rc $code" "28 000"
is "client gone" "$(curl -s "$url/wait/stall/ended/1") $(curl -s "$url/log/stall" | sed 's/.*status/status/')" \
    "ok status=200 sent=500 end=client"
get "$url/t=slow/slow=100000/delay=10/f/10000"; is "slow" "$rc $(same 10000 1)" "0 same"
get "$url/t=slow/slowhead=1/f/10"; is "slow head" "$rc $(same 10 1)" "0 same"

# gates
curl -s -o "$tmp/gated" "$url/t=gate/gate=300/f/1000" & client=$!
is "at the gate" "$(curl -s "$url/wait/gate/gated/1")" ok
is "before the gate" "$(count gate body)" 300
curl -s -o /dev/null "$url/release/gate"
wait $client
is "after the gate" "$(wc -c <"$tmp/gated" | tr -d ' ') $(count gate gated)" "1000 0"
curl -s -o /dev/null "$url/t=gate/gate=300/f/1000" & client=$!
curl -s -o /dev/null "$url/wait/gate/gated/1"
curl -s -o /dev/null "$url/drop/gate"
wait $client
is "dropped at the gate" $? 18

# versions, groups, set, reset
two="$url/t=two/drop=100/first=1/then/after=1/seed=2/f/1000"
get "$two"; is "version 1" "$(same 100 1) $(head_line ETag)" 'same "1-3e8"'
get "$two"; is "version 2" "$(same 1000 2) $(head_line ETag)" 'same "2-3e8"'
curl -s -o /dev/null "$url/reset/two"
is "reset" "$(count two requests)" 0
get "$two"; is "version 1 again" "$(same 100 1)" same
get "$url/t=flip/flip=100/flipseed=5/f/200"
is "flip" "$({ "$httpd" --dump 100 1; "$httpd" --dump 100 5 100; } | cmp - "$tmp/body" && echo same)" same
curl -s -o /dev/null "$url/set/setting?status=404"
get "$url/t=setting/f/10"; is "set" "$code" 404
curl -s -o /dev/null "$url/set/setting"
get "$url/t=setting/f/10"; is "set back" "$code" 200
m="$url/t=method/method=GET/first=1/status=500/f/10"
get -I "$m"; is "not for HEAD" "$code" 200
get "$m"; is "for the first GET" "$code" 500
get "$m"; is "not for the second" "$code" 200
get "$url/t=ranged/range=1/status=403/f/10"; is "without range" "$code" 200
get -r 1-2 "$url/t=ranged/range=1/status=403/f/10"; is "with range" "$code" 403

# status, redirects
get "$url/t=s/status=503/retryafter=7/body=100/f/10"
is "503" "$code $(head_line Retry-After) $(size)" "503 7 100"
get "$url/t=s/status=503/retryafter=date%2B60/f/10"
is "date" "$(head_line Retry-After | sed 's/[0-9]/9/g; s/^...//; s/9 ... 9/9 mon 9/')" ", 99 mon 9999 99:99:99 GMT"
get -I "$url/t=s/nohead=501/f/10"; is "no HEAD" "$code" 501
get "$url/t=s/nohead=501/f/10"; is "but GET" "$code" 200
get -L "$url/t=r/redirect=3/code=307/f/10"
is "redirects" "$code $(count r requests) $(size)" "200 4 10"
get -L --max-redirs 5 "$url/t=loop/redirect=loop/f/10"; is "loop" "$rc $(count loop requests)" "47 6"
get -L "$url/t=rp/redirect=1/redirecthost=127.0.0.2/redirectport=$port2/f/10"
is "other host" "$code $(curl -s "$url/log/rp" | sed 's/^[^ ]* port=//; s/ .*//' | tr '\n' ' ')" "200 $port $port2 "
get "$url/t=rl/location=file:%2F%2F%2Fetc/f/10"; is "location" "$code $(head_line Location)" "302 file:///etc"
get -L "$url/t=rr/redirect=1/relative/f/10"; is "relative" "$code" 200

# heads
get -r 5-9 "$url/t=h/crangeshift=-1/f/100"; is "shift" "$(head_line Content-Range)" "bytes 4-8/100"
get -r 5-9 "$url/t=h/crangetotal=*/f/100"; is "total" "$(head_line Content-Range)" "bytes 5-9/*"
get -r 5-9 "$url/t=h/crange=none/f/100"; is "no Content-Range" "$code $(head_line Content-Range)" "206 "
get -r 5-9 "$url/t=h/crange=rubbish/f/100"; is "bad Content-Range" "$(head_line Content-Range)" "rubbish"
get -r 5-9 "$url/t=h/norange/f/100"; is "no ranges" "$code $(size) $(head_line Accept-Ranges)" "200 100 "
get "$url/t=h/force206/f/100"; is "unasked 206" "$code $(head_line Content-Range)" "206 bytes 0-99/100"
get "$url/t=h/noetag/nolm/f/9"; is "no validators" "$(head_line ETag)$(head_line Last-Modified)" ""
get "$url/t=h/weak/lm=never/f/9"; is "weak" "$(head_line ETag) $(head_line Last-Modified)" 'W/"1-9" never'
get "$url/t=h/nolength/f/900"; is "no length" "$rc $(same 900 1) $(head_line Content-Length)" "0 same "
get "$url/t=h/length=2000/f/900"; is "length too long" "$rc $(same 900 1)" "18 same"
get "$url/t=h/length=-5/f/900"; is "negative length" "$rc" 8
get "$url/t=h/length2=5/f/900"; is "two lengths" "$(head_line Content-Length | tr '\n' ' ')" "900 5 "
get "$url/t=h/chunked=100/f/950"; is "chunked" "$rc $(same 950 1)" "0 same"
get "$url/t=h/chunked=100/drop=300/f/950"; is "truncated chunks" "$rc $(same 300 1)" "18 same"
get "$url/t=h/badchunk/f/950"; is "bad chunk" "$rc" 56
get "$url/t=h/encoding=gzip/f/950"; is "encoding" "$(head_line Content-Encoding)" "gzip"
get "$url/t=h/header=X-A:%20b%0D%0AX-C:%20d/f/9"; is "split header" "$(head_line X-A)$(head_line X-C)" "bd"
get "$url/t=h/header=X-N:%20a%00b/f/9"; is "NUL" "$(tr -d '\r' <"$tmp/head" | tr '\000' 0 | sed -n 's/X-N: //p')$rc" "8"
get "$url/t=h/bigline=50000/f/9"; is "big line" "$rc $(head_line X-Big | wc -c | tr -d ' ')" "0 50001"
get "$url/t=h/bigtotal=1M/f/9"; is "big head" "$rc" 56
get "$url/t=h/barelf/f/9"; is "bare LF" "$rc $(grep -c "$(printf '\r')" "$tmp/head")" "0 0"
get "$url/t=h/http10/f/9"; is "HTTP/1.0 answer" "$(sed -n 1p "$tmp/head" | tr -d '\r')" "HTTP/1.0 200 OK"
get "$url/t=h/http09/f/9"; is "HTTP/0.9" "$rc" 1
get --http0.9 "$url/t=h/http09/f/900"; is "HTTP/0.9 body" "$(same 900 1)" same
get "$url/t=h/garbage=900/f/9" --http0.9; is "garbage" "$(same 900 1)" same
get "$url/t=h/statusline=ICY%20200%20OK/f/9"; is "status line" "$rc" 1
get "$url/t=h/interim=103/interims=3/f/9"; is "interim" "$code $(grep -c '^HTTP/1.1 103' "$tmp/head")" "200 3"
get -m 1 "$url/t=h/interim=100/interims=0/f/9"; is "endless interim" "$((rc != 0))" 1
get "$url/t=cc/connclose/f/9" -o /dev/null "$url/t=cc/silentclose/f/9" -o /dev/null "$url/t=cc/f/9"
is "closing" "$(count cc connections)" 3

# credentials
get "$url/t=auth/auth=me:secret/f/9"
is "challenge" "$code $(head_line WWW-Authenticate)" '401 Basic realm="test"'
get -u me:wrong "$url/t=auth/auth=me:secret/f/9"; is "wrong password" "$code" 401
get -u me:secret "$url/t=auth/auth=me:secret/f/9"; is "right password" "$code $(count auth auth)" "200 2"
get "$url/t=auth/proxyauth=me:secret/challenge=Digest/f/9"
is "proxy" "$code $(head_line Proxy-Authenticate)" "407 Digest"
curl -s -o /dev/null -H 'X-Secret: 42' "$url/t=heads/f/9"
is "heads" "$(curl -s "$url/heads/heads" | grep -c 'X-Secret: 42')" 1

# its end
kill $pid
wait $pid
is "SIGTERM" $? 0
pid=
is "messages" "$(grep -v '^httpd: ' "$tmp/err")" ""
is "pid file gone" "$(ls "$tmp/pid" 2>/dev/null)" ""
is "end of stdin" "$("$httpd" </dev/null | sed 's/[0-9]*$//')" "PORT "

echo "httpd.sh: $checks checks, $failures failures."
test $failures -eq 0
