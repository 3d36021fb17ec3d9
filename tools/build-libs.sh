#!/bin/sh
# Provides static libcurl and SQLite for the PE side, from signed source packages.
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
# What it leaves in the cache (CACHE is ${XDG_CACHE_HOME:-$HOME/.cache}/winebits unless --cache says
# otherwise); `configure --with-libs=CACHE/libs` takes the first of these:
#
#   CACHE/libs/HOST                    link to the set that is valid now
#   CACHE/sets/HOST-KEY/include        curl/*.h, sqlite3.h
#   CACHE/sets/HOST-KEY/lib            libcurl.a, libsqlite3.a
#   CACHE/sets/HOST-KEY/lib/pkgconfig  libcurl.pc, sqlite3.pc; relocatable
#   CACHE/sets/HOST-KEY/licenses       the terms of curl; SQLite is in the public domain
#   CACHE/sets/HOST-KEY/SOURCES        recipe, packages and versions it was made of
#   CACHE/sources, CACHE/apt           what was downloaded, and apt's private state
#   CACHE/log                          what configure and make said
#
# KEY is a hash of the versions, the flags and the compiler.  A set is built aside and renamed when
# it is complete, so that one that exists is good.  A set made by the same recipe is taken without
# asking the network for something newer.

set -eu

# The packages and the least version of each that will do.
CURL_MIN=8.10
SQLITE_MIN=3.40

# Everything that decides what the libraries contain; a change here is a new recipe.
RECIPE=1

# What the engine uses of curl: HTTP and HTTPS through Schannel, every proxy,
# SSPI's authentication.  The larger write size hands a callback what one receive has brought, in
# place of 16 KiB pieces.
CURL_CPPFLAGS='-DCURL_MAX_WRITE_SIZE=1048576'
CURL_FLAGS='--disable-shared --enable-static --disable-dependency-tracking --disable-debug
 --enable-unity --enable-optimize --disable-manual --disable-docs --enable-http --enable-proxy
 --disable-file --disable-ftp --disable-ipfs --disable-ldap --disable-ldaps --disable-rtsp
 --disable-dict --disable-telnet --disable-tftp --disable-pop3 --disable-imap --disable-smb
 --disable-smtp --disable-gopher --disable-mqtt --disable-websockets --disable-alt-svc
 --disable-hsts --disable-netrc --disable-cookies --disable-doh --disable-mime --disable-form-api
 --disable-aws --disable-unix-sockets --disable-tls-srp --disable-ares --disable-ca-search
 --disable-libcurl-option --disable-progress-meter --disable-bindlocal --enable-ipv6
 --enable-threaded-resolver --enable-verbose --enable-sspi --enable-http-auth --enable-basic-auth
 --enable-digest-auth --enable-ntlm --enable-negotiate-auth --enable-kerberos-auth
 --with-schannel --with-winidn --without-zlib --without-brotli --without-zstd --without-libpsl
 --without-libidn2 --without-libgsasl --without-libssh --without-libssh2 --without-librtmp
 --without-nghttp2 --without-nghttp3 --without-ngtcp2 --without-ca-bundle --without-ca-path'
# NO_OVERLAPPED: under Wine a write that names its offset costs two round trips to the server more.
SQLITE_FLAGS='-DSQLITE_THREADSAFE=1 -DSQLITE_WIN32_NO_OVERLAPPED -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0
 -DSQLITE_TEMP_STORE=3 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_DEPRECATED
 -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_OMIT_DECLTYPE -DSQLITE_OMIT_JSON
 -DSQLITE_LIKE_DOESNT_MATCH_BLOBS'
COMMON_CFLAGS='-O2 -g0 -fno-ident'

# Where the packages come from.
SUITES=${SUITES:-trixie}

me=build-libs
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/winebits
hosts=
work=

# shellcheck source=tools/sources.sh
. "$(dirname "$0")/sources.sh"

usage()
{
    cat <<END
Usage: tools/build-libs.sh [--host HOST ...] [--cache DIR]

Makes static libcurl (>= $CURL_MIN) and SQLite (>= $SQLITE_MIN) available for each HOST,
by default x86_64-w64-mingw32 and i686-w64-mingw32.

Environment:
  MIRROR   Debian mirror ($MIRROR)
  SUITES   Debian suites to take source packages from ($SUITES)
  KEYRING  keys that the suites must be signed with ($KEYRING)
END
}

cleanup()
{
    [ -z "$work" ] || rm -rf "$work"
}

# Do the distribution's own cross packages serve this host?  Both libraries must be static ones.
system_has_libs()
{
    pkgconf=$1-pkg-config
    command -v "$pkgconf" >/dev/null 2>&1 || return 1
    "$pkgconf" --atleast-version="$CURL_MIN" libcurl 2>/dev/null || return 1
    "$pkgconf" --atleast-version="$SQLITE_MIN" sqlite3 2>/dev/null || return 1
    [ -f "$("$pkgconf" --variable=libdir libcurl)/libcurl.a" ] || return 1
    [ -f "$("$pkgconf" --variable=libdir sqlite3)/libsqlite3.a" ] || return 1
    "$pkgconf" --variable=supported_features libcurl | grep -q SSPI
}

# The hash of all that the recipe fixes, for one host.
recipe_of()
{
    {
        printf '%s\n' "$RECIPE" "$1" "$CURL_MIN" "$SQLITE_MIN" "$CURL_CPPFLAGS" "$CURL_FLAGS" \
            "$SQLITE_FLAGS" "$COMMON_CFLAGS" "$SUITES"
        "$1-gcc" -dumpfullversion
    } | sha256sum | cut -c1-16
}

# Is there a complete set by this recipe?
is_current()
{
    [ -f "$cache/libs/$1/SOURCES" ] && grep -q -x "recipe $2" "$cache/libs/$1/SOURCES"
}

# Downloads both source packages and unpacks them below $work.
fetch_sources()
{
    open_sources "$cache/apt"
    curl_version=$(newest curl "$CURL_MIN")
    sqlite_version=$(newest sqlite3 "$SQLITE_MIN")

    say "downloading the sources of curl $curl_version and sqlite3 $sqlite_version"
    mkdir -p "$cache/sources"
    download_sources "$cache/sources" "curl=$curl_version" "sqlite3=$sqlite_version"
    # An epoch is not part of a file name.  The .dsc is the one whose hash apt has just checked;
    # dpkg-source checks the hashes of the archives in it.
    for package in "curl_${curl_version#*:}" "sqlite3_${sqlite_version#*:}"; do
        run_logged "$log" dpkg-source --no-check -x "$cache/sources/$package.dsc" "${package%%_*}" ||
            die "cannot unpack $package.dsc: $(first_error "$log"); see $log"
    done
}

# Makes sqlite3.c and sqlite3.h, which the source package has only the parts of.
make_amalgamation()
{
    need tclsh tcl
    need gcc gcc
    say "generating the SQLite amalgamation"
    mkdir "$work/amalgamation"
    cd "$work/amalgamation"
    log=$cache/log/sqlite3.log
    : >"$log"
    # The time in SQLITE_SOURCE_ID is the release's, from the sources' own manifest.
    run_logged "$log" env CC=gcc ../sqlite3/configure --disable-tcl --disable-readline \
        --disable-load-extension &&
        run_logged "$log" make sqlite3.c ||
        die "cannot generate sqlite3.c: $(tail -n 1 "$log"); see $log"
    cd "$work"
}

# build_curl HOST STAGE
build_curl()
{
    log=$cache/log/curl-$1.log
    : >"$log"
    mkdir -p "$work/build-curl-$1"
    cd "$work/build-curl-$1"
    # No pkg-config: it would find the build machine's libraries.
    # shellcheck disable=SC2086 # the flags are lists of words
    run_logged "$log" env -u PKG_CONFIG_PATH PKG_CONFIG=false \
        CPPFLAGS="$CURL_CPPFLAGS" \
        CFLAGS="$COMMON_CFLAGS -ffile-prefix-map=$work=." \
        ../curl/configure --host="$1" --prefix=/winebits $CURL_FLAGS &&
        run_logged "$log" make -j"$jobs" -C lib libcurl.la ||
        die "cannot build curl for $1: $(tail -n 1 "$log"); see $log"
    mkdir -p "$2/include/curl" "$2/lib/pkgconfig" "$2/licenses"
    cp ../curl/include/curl/*.h "$2/include/curl/"
    cp ../curl/COPYING "$2/licenses/curl"
    cp lib/.libs/libcurl.a "$2/lib/"
    sed -e 's|^prefix=.*|prefix=${pcfiledir}/../..|' -e 's|/winebits/|${prefix}/|g' \
        -e 's|^exec_prefix=.*|exec_prefix=${prefix}|' libcurl.pc >"$2/lib/pkgconfig/libcurl.pc"
    cd "$work"
}

# build_sqlite HOST STAGE
build_sqlite()
{
    log=$cache/log/sqlite3-$1.log
    : >"$log"
    mkdir -p "$2/include" "$2/lib/pkgconfig"
    # shellcheck disable=SC2086 # the flags are lists of words
    run_logged "$log" "$1-gcc" $COMMON_CFLAGS "-ffile-prefix-map=$work=." $SQLITE_FLAGS \
        -c "$work/amalgamation/sqlite3.c" -o "$work/sqlite3-$1.o" &&
        run_logged "$log" "$1-ar" Dcrs "$2/lib/libsqlite3.a" "$work/sqlite3-$1.o" ||
        die "cannot build SQLite for $1: $(tail -n 1 "$log"); see $log"
    cp "$work/amalgamation/sqlite3.h" "$2/include/"
    cat >"$2/lib/pkgconfig/sqlite3.pc" <<END
prefix=\${pcfiledir}/../..
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: SQLite
Description: SQL database engine
Version: $(sed -n 's/^#define SQLITE_VERSION  *"\(.*\)"/\1/p' "$work/amalgamation/sqlite3.h")
Libs: -L\${libdir} -lsqlite3
Cflags: -I\${includedir}
END
}

# build_set HOST RECIPE: builds both libraries and makes them the valid set.
build_set()
{
    host=$1
    recipe=$2
    key=$(printf '%s\n' "$recipe" "$curl_version" "$sqlite_version" | sha256sum | cut -c1-16)
    set_dir=$cache/sets/$host-$key
    if [ ! -d "$set_dir" ]; then
        stage=$work/stage-$host
        say "building curl $curl_version for $host"
        build_curl "$host" "$stage"
        say "building SQLite $sqlite_version for $host"
        build_sqlite "$host" "$stage"
        {
            printf 'recipe %s\n' "$recipe"
            printf 'curl %s\n' "$curl_version"
            printf 'sqlite3 %s\n' "$sqlite_version"
            printf 'from %s %s\n' "$MIRROR" "$SUITES"
        } >"$stage/SOURCES"
        mkdir -p "$cache/sets"
        mv "$stage" "$set_dir"
    fi
    mkdir -p "$cache/libs"
    ln -s "../sets/$host-$key" "$work/link-$host"
    mv -T "$work/link-$host" "$cache/libs/$host"
    say "$host: curl $curl_version, SQLite $sqlite_version in $cache/libs/$host"
}

while [ $# -gt 0 ]; do
    case $1 in
    --host=*) hosts="$hosts ${1#*=}" ;;
    --cache=*) cache=${1#*=} ;;
    --host | --cache)
        [ $# -ge 2 ] || die "$1 needs a value"
        if [ "$1" = --host ]; then hosts="$hosts $2"; else cache=$2; fi
        shift
        ;;
    --help | -h)
        usage
        exit 0
        ;;
    *) die "unknown argument $1; --help lists what there is" ;;
    esac
    shift
done

[ -n "$hosts" ] || hosts='x86_64-w64-mingw32 i686-w64-mingw32'
for host in $hosts; do
    case $host in
    x86_64-w64-mingw32) ;;
    i686-w64-mingw32) ;;
    *) die "host $host is not known; it is x86_64-w64-mingw32 or i686-w64-mingw32" ;;
    esac
done
case $cache in
/*) ;;
*) cache=$(pwd)/$cache ;;
esac
case $cache in
*[[:space:]]*) die "the cache directory $cache has a blank in its name; give another with --cache" ;;
esac

# What is there already needs no lock and no network.
wanted=
for host in $hosts; do
    if system_has_libs "$host"; then
        say "$host: libcurl $("$host-pkg-config" --modversion libcurl) and SQLite" \
            "$("$host-pkg-config" --modversion sqlite3) of the system"
        continue
    fi
    case $host in
    x86_64-*) need "$host-gcc" gcc-mingw-w64-x86-64 ;;
    *) need "$host-gcc" gcc-mingw-w64-i686 ;;
    esac
    if is_current "$host" "$(recipe_of "$host")"; then
        say "$host: $cache/libs/$host is up to date"
    else
        wanted="$wanted $host"
    fi
done
[ -n "$wanted" ] || exit 0

umask 022
mkdir -p "$cache/log" || die "cannot write to $cache; give another directory with --cache"
jobs=$(nproc 2>/dev/null || echo 1)
need make make
need flock util-linux
exec 9>"$cache/lock"
flock -n 9 ||
    {
        say "waiting for another build in $cache"
        flock 9
    }

trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# Left by a run that was killed: nobody else builds here while the lock is held.
rm -rf "$cache"/work.*
work=$(mktemp -d "$cache/work.XXXXXX")

# Who held the lock may have built what is wanted.
pending=
for host in $wanted; do
    is_current "$host" "$(recipe_of "$host")" || pending="$pending $host"
done
[ -n "$pending" ] || exit 0

fetch_sources
make_amalgamation
for host in $pending; do
    build_set "$host" "$(recipe_of "$host")"
done
