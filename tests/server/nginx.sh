#!/bin/sh
# Starts and stops an nginx of the tests: HTTP, and HTTPS with one port per certificate, on free ports.
#
# Copyright 2026 the winebits authors; licence as in content.h
#
# nginx.sh start DIR [CERTIFICATE... | none]
#
# Serves DIR/www; makes the certificates in DIR/certs (see certs.sh; default: all of them, or those named).  Prints, and writes
# to DIR/ports, "http PORT" and for each certificate "NAME PORT".  On every port:
#   /logs/NAME.log      what was asked of the server NAME (http, valid, ...): one line per request, nothing for a client that
#                       went away after the handshake: "connection method URI [range] status bytes"
#   /to/PORT/PATH       a redirect to http://127.0.0.1:PORT/PATH;  /tos/PORT/PATH: https
#   /ca.crl             the revocation list
#
# nginx.sh stop DIR
set -e

here=$(cd "$(dirname "$0")" && pwd)
usage() { sed -n 's/^# \(nginx.sh .*\)/\1/p' "$0" >&2; exit 2; }
test $# -ge 2 || usage
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2

case $verb in
stop)
    if pid=$(cat "$dir/nginx.pid" 2>/dev/null)
    then
        kill "$pid"
        # It removes the file as the last thing it does.
        tries=0
        while test -e "$dir/nginx.pid" && test $((tries += 1)) -le 500
        do
            sleep 0.02
        done
    fi
    exit 0 ;;
start) ;;
*) usage ;;
esac

nginx=$(command -v nginx || command -v /usr/sbin/nginx) || { echo "nginx.sh: no nginx: install nginx-light" >&2; exit 77; }
test -s "$dir/nginx.pid" && { echo "nginx.sh: one is running in $dir" >&2; exit 1; }
case $* in
none) names= ;;
'') names=$(sh "$here/certs.sh" --list) ;;
*) names=$* ;;
esac
mkdir -p "$dir/www" "$dir/log" "$dir/temp"
rm -f "$dir"/log/*.log

location='
        root www;
        location /logs/ { alias log/; default_type text/plain; access_log off; add_header Cache-Control no-store; }
        location ~ ^/to/(\d+)/(.*)$ { return 302 http://127.0.0.1:$1/$2; }
        location ~ ^/tos/(\d+)/(.*)$ { return 302 https://127.0.0.1:$1/$2; }
        location = /ca.crl { alias certs/ca.crl; }
'

# config BASE_PORT: writes the configuration and the list of ports
config()
{
    port=$1
    echo "http $port" >"$dir/ports"
    # Paths in it are relative to DIR, by -p.
    cat <<END
daemon on;
pid nginx.pid;
worker_processes 1;
error_log log/error.log;
events { worker_connections 1024; }
http
{
    default_type application/octet-stream;
    client_body_temp_path temp/body;
    proxy_temp_path temp/proxy;
    fastcgi_temp_path temp/fastcgi;
    uwsgi_temp_path temp/uwsgi;
    scgi_temp_path temp/scgi;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    log_format test '\$connection \$request_method \$request_uri [\$http_range] \$status \$body_bytes_sent';
    server
    {
        listen 127.0.0.1:$port;
        access_log log/http.log test;
        $location
    }
END
    for name in $names
    do
        port=$((port + 1))
        echo "$name $port" >>"$dir/ports"
        cat <<END
    server
    {
        listen 127.0.0.1:$port ssl;
        ssl_certificate certs/$name.pem;
        ssl_certificate_key certs/server.key;
        access_log log/$name.log test;
        $location
    }
END
    done
    echo "}"
}

# Relative paths of root and alias go by -p, those of certificates by the directory of the configuration file: the same.
seed=$$
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
do
    # Below the range that the kernel gives to clients.
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    base=$((15000 + seed / 256 % 17000))
    test -z "$names" || sh "$here/certs.sh" "$dir/certs" "http://127.0.0.1:$base/ca.crl"
    config $base >"$dir/nginx.conf"
    # The user directive is for root only, whose workers could not read private directories otherwise.
    if "$nginx" -p "$dir/" -e log/error.log -c "$dir/nginx.conf" -g "$(test "$(id -u)" != 0 || echo 'user root;')" \
        2>"$dir/log/start.log"
    then
        cat "$dir/ports"
        exit 0
    fi
    if ! grep -q 'Address already in use' "$dir/log/start.log"
    then
        cat "$dir/log/start.log" >&2
        exit 1
    fi
done
echo "nginx.sh: no free ports" >&2
exit 1
