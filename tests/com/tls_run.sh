#!/bin/sh
# Runs tls.exe against an nginx with good and bad certificates, under a CA that the prefix trusts for the time.
#
# Copyright 2026 the winebits authors; licence as in util.h

server=${top_srcdir:-.}/tests/server
run="sh ${top_srcdir:-.}/tests/run-wine.sh"
httpd=${top_builddir:-.}/tests/server/httpd
programs=${top_builddir:-.}/tests
for program in nginx openssl
do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || { echo "no $program: skipped"; exit 77; }
done
tmp=$(mktemp -d) || exit 1
cleanup()
{
    HTTPD_URL=none $run "$programs/server/addroot.exe" remove "Z:$tmp/certs/ca.crt" >/dev/null 2>&1
    sh "$server/nginx.sh" stop "$tmp"
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

sh "$server/nginx.sh" start "$tmp" >/dev/null || exit 1
"$httpd" --dump 100000 1 >"$tmp/www/file"
NGINX_PORTS=$(tr '\n' ' ' <"$tmp/ports")
export NGINX_PORTS
HTTPD_URL=none $run "$programs/server/addroot.exe" add "Z:$tmp/certs/ca.crt"
result=$?
if test $result -ne 0
then
    echo "tls_run.sh: cannot add the CA to the prefix"
    exit $result
fi
HTTPD_URL=none $run "$programs/com/tls.exe"
