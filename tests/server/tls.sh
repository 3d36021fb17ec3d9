#!/bin/sh
# nginx and its certificates are what the TLS tests take them for.
#
# Copyright 2026 the winebits authors; licence as in content.h

here=$(cd "$(dirname "$0")" && pwd)
for program in nginx openssl curl
do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || { echo "no $program: skipped"; exit 77; }
done
tmp=$(mktemp -d) || exit 1
failures=0 checks=0
trap 'sh "$here/nginx.sh" stop "$tmp"; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# is WHAT GOT WANTED
is()
{
    checks=$((checks + 1))
    test "$2" = "$3" && return
    failures=$((failures + 1))
    echo "$1: got '$2', expected '$3'"
}
port() { sed -n "s/^$1 //p" "$tmp/ports"; }
# get CA NAME [ARGS]: curl's exit status
get()
{
    ca=$1 name=$2
    shift 2
    curl -s --noproxy '*' -m 20 -o "$tmp/body" --cacert "$tmp/certs/$ca.crt" "$@" \
        "https://localhost:$(port "$name")/file"
    echo $?
}
requests() { curl -s --noproxy '*' "http://127.0.0.1:$(port http)/logs/$1.log" | wc -l | tr -d ' '; }

sh "$here/nginx.sh" start "$tmp" >"$tmp/out" || exit 1
echo content >"$tmp/www/file"
is "ports" "$(cat "$tmp/out")" "$(cat "$tmp/ports")"
is "a second one" "$(sh "$here/nginx.sh" start "$tmp" 2>/dev/null; echo $?)" 1
is "http" "$(curl -s --noproxy '*' "http://127.0.0.1:$(port http)/file")" content
is "range" "$(curl -s --noproxy '*' -r 1-2 "http://127.0.0.1:$(port http)/file")" on

curl -s --noproxy '*' "http://127.0.0.1:$(port http)/ca.crl" | openssl crl -inform DER >"$tmp/crl" 2>/dev/null
for name in $(sh "$here/certs.sh" --list)
do
    case $name in
    valid|chain|crl|revoked|crl-missing) wanted=0 ;;
    *) wanted=60 ;;
    esac
    is "$name" "$(get ca $name)" $wanted
    is "requests with $name" "$(requests $name)" $((wanted == 0))
    is "$name, verified by nobody" "$(get ca $name -k)" 0
done
is "unknown-ca under its CA" "$(get other-ca unknown-ca)" 0
is "valid under the other CA" "$(get other-ca valid)" 60
is "crl" "$(get ca crl --crlfile "$tmp/crl")" 0
is "revoked" "$(get ca revoked --crlfile "$tmp/crl")" 60
is "redirect" "$(curl -s --noproxy '*' -k -o "$tmp/body" -w '%{redirect_url}' \
    "https://localhost:$(port valid)/tos/5/a")" https://127.0.0.1:5/a

ca=$(cat "$tmp/certs/ca.crt")
sh "$here/nginx.sh" stop "$tmp"
is "stopped" "$(get ca valid)" 7
sh "$here/nginx.sh" start "$tmp" valid >/dev/null || exit 1
is "the CA stays" "$(cat "$tmp/certs/ca.crt")" "$ca"
is "still valid" "$(get ca valid)" 0
is "the log does not" "$(requests valid)" 1
is "one certificate" "$(wc -l <"$tmp/ports" | tr -d ' ')" 2

echo "tls.sh: $checks checks, $failures failures."
test $failures -eq 0
