#!/bin/sh
# Makes the certificates of the test servers.
#
# Copyright 2026 the winebits authors; licence as in content.h
#
# certs.sh DIR [CRL_URL]
#
# Into DIR: ca.crt, the CA that a test may trust, other-ca.crt, one that it must not, ca.crl, and for each server
# below NAME.pem (its certificate and what it sends with it) with the key server.key.  All but wrong-name are for 127.0.0.1,
# 127.0.0.2 and localhost.  CRL_URL is where ca.crl will be served.
#
#   valid           signed by the CA
#   chain           signed by an intermediate CA, which the server sends
#   no-chain        the same, but the server does not send it
#   wrong-name      for wrong.example
#   expired, not-yet    its time is over, or has not come
#   unknown-ca      signed by the other CA
#   self-signed
#   wrong-usage     for clients only
#   crl             valid, and its revocation list can be had
#   revoked         ... and it is on it
#   crl-missing     names a revocation list that nobody serves
set -e

servers='valid chain no-chain wrong-name expired not-yet unknown-ca self-signed wrong-usage crl revoked crl-missing'
if test "$1" = --list
then
    echo $servers
    exit 0
fi
test -n "$1" || { echo "usage: certs.sh DIR [CRL_URL] | --list" >&2; exit 2; }
dir=$1 crl_url=${2:-http://127.0.0.1:1/ca.crl}
command -v openssl >/dev/null || { echo "certs.sh: no openssl: install openssl" >&2; exit 77; }
mkdir -p "$dir/work"
cd "$dir"
exec 3>&2 2>work/log
trap 'test $? -eq 0 || { echo "certs.sh: openssl failed:"; tail -5 work/log; } >&3' EXIT

key() { openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1"; }
# The CAs stay from one run to the next, so that what trusts one need not be told again.
test -s work/complete || { rm -rf work/[!l]*; rm -f ca.crt other-ca.crt; }
for name in server.key work/ca.key work/other-ca.key work/middle-ca.key
do
    test -s $name || key $name
done

# ca_config CA: its own state, so that each has its own serial numbers and list
ca_config()
{
    mkdir -p "work/$1.new"
    : >"work/$1.index"
    cat >"work/$1.conf" <<END
[ca]
default_ca = ca
[ca_ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
dir = work
database = work/$1.index
new_certs_dir = work/$1.new
certificate = $1.crt
private_key = work/$1.key
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
default_crl_days = 3650
[any]
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
END
}
for ca in ca other-ca middle-ca
do
    ca_config $ca
done

self_sign() { openssl req -x509 -new -config work/ca.conf -key "$1" -days 3650 -subj "$2" -extensions "$3" -out "$4"; }
# extensions FILE HOSTS USAGE [CRL_URL]
extensions()
{
    cat >"work/$1" <<END
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = $3
subjectAltName = $2
authorityKeyIdentifier = keyid
END
    test -z "$4" || echo "crlDistributionPoints = URI:$4" >>"work/$1"
}
# sign CA NAME KEY EXTENSIONS FROM UNTIL
sign()
{
    openssl req -new -config "work/$1.conf" -key "$3" -subj "/CN=winebits test: $2" -out "work/$2.csr"
    openssl ca -batch -config "work/$1.conf" -in "work/$2.csr" -extfile "work/$4" -notext -out "$2.crt" \
        -startdate "$5" -enddate "$6" >/dev/null
}

hosts=IP:127.0.0.1,IP:127.0.0.2,DNS:localhost
extensions server.ext $hosts serverAuth
extensions wrong-name.ext DNS:wrong.example serverAuth
extensions wrong-usage.ext $hosts clientAuth
extensions crl.ext $hosts serverAuth "$crl_url"
extensions crl-missing.ext $hosts serverAuth http://127.0.0.1:1/missing.crl
printf 'basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\nsubjectKeyIdentifier = hash\n' \
    >work/middle-ca.ext
from=20200101000000Z until=20491231235959Z

test -s ca.crt || openssl req -x509 -new -config work/ca.conf -key work/ca.key -days 9000 -subj '/CN=winebits test CA' \
    -extensions ca_ca -out ca.crt
test -s other-ca.crt || openssl req -x509 -new -config work/ca.conf -key work/other-ca.key -days 9000 -subj '/CN=winebits other CA' \
    -extensions ca_ca -out other-ca.crt
openssl req -x509 -new -config work/ca.conf -key server.key -days 9000 -subj '/CN=winebits test: self-signed' \
    -addext subjectAltName=$hosts -addext extendedKeyUsage=serverAuth -out self-signed.crt
sign ca valid server.key server.ext $from $until
sign ca wrong-name server.key wrong-name.ext $from $until
sign ca expired server.key server.ext $from 20200201000000Z
sign ca not-yet server.key server.ext 20490101000000Z $until
sign ca wrong-usage server.key wrong-usage.ext $from $until
sign ca crl server.key crl.ext $from $until
sign ca revoked server.key crl.ext $from $until
sign ca crl-missing server.key crl-missing.ext $from $until
sign other-ca unknown-ca server.key server.ext $from $until
sign ca middle-ca work/middle-ca.key middle-ca.ext $from $until
sign middle-ca chain server.key server.ext $from $until
sign middle-ca no-chain server.key server.ext $from $until

openssl ca -config work/ca.conf -revoke revoked.crt
openssl ca -config work/ca.conf -gencrl -out work/ca.crl.pem
openssl crl -in work/ca.crl.pem -outform DER -out ca.crl
for name in $servers
do
    cp $name.crt $name.pem
done
cat middle-ca.crt >>chain.pem
echo yes >work/complete
