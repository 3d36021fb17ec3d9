# Source packages of the distribution, checked by their signatures; other scripts read this in.
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
# The script that reads it in runs with `set -e` and sets
#   me        what messages begin with
#   cache     the cache directory, absolute
#   work      a directory of this run's own
#   SUITES    where packages come from, together with MIRROR; KEYRING says what signs them

MIRROR=${MIRROR:-http://deb.debian.org/debian}
KEYRING=${KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}

say()
{
    printf '%s: %s\n' "$me" "$*"
}

die()
{
    printf '%s: %s\n' "$me" "$*" >&2
    exit 1
}

# need COMMAND PACKAGE: stops unless the command is there.
need()
{
    command -v "$1" >/dev/null 2>&1 ||
        die "$1 is missing; install the package $2 (apt-get install $2)"
}

# run_logged LOG COMMAND...: runs with the output in a file.
run_logged()
{
    log=$1
    shift
    "$@" >>"$log" 2>&1
}

# first_error LOG: the line that says best what went wrong.
first_error()
{
    line=$(grep -E 'GPG error' "$1" | head -n 1 | cut -c4-)
    [ -n "$line" ] || line=$(grep -E '^E: ' "$1" | grep -v 'Some index files failed' | head -n 1 | cut -c4-)
    [ -n "$line" ] || line=$(grep -E '^(W|Err): ?' "$1" | head -n 1)
    [ -n "$line" ] || line=$(tail -n 1 "$1")
    printf '%s' "$line"
}

# setup_apt STATE: apt with nothing of the machine's package sources in it; proxies and the like stay.
setup_apt()
{
    apt=$1
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/etc"
    : >"$apt/status"
    {
        printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\n' "$MIRROR" "$SUITES"
        printf 'Signed-By: %s\n' "$KEYRING"
    } >"$apt/etc/winebits.sources"
    apt-config dump >"$work/apt.dump" 2>/dev/null || :
    {
        grep -E '^Acquire::(https?|ForceIPv|Check-|socks|.*[Pp]roxy)' "$work/apt.dump" || :
        cat <<END
Dir::Etc "$apt/etc";
Dir::Etc::main "-";
Dir::Etc::parts "-";
Dir::Etc::sourcelist "$apt/etc/winebits.sources";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::Etc::trusted "-";
Dir::Etc::trustedparts "-";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Sandbox::User "";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
END
    } >"$apt/apt.conf"
    APT_CONFIG=$apt/apt.conf
    export APT_CONFIG
}

# newest PACKAGE MINIMUM: the newest version offered, which must do.
newest()
{
    best=
    for version in $(apt-cache showsrc --only-source "$1" 2>/dev/null | sed -n 's/^Version: //p'); do
        if [ -z "$best" ] || dpkg --compare-versions "$version" gt "$best"; then
            best=$version
        fi
    done
    [ -n "$best" ] || die "no source package $1 in $MIRROR ($SUITES); another suite may have one"
    dpkg --compare-versions "$best" ge "$2" ||
        die "source package $1 is $best in $MIRROR ($SUITES), $2 or later is needed; a newer suite may have it"
    printf '%s' "$best"
}

# open_sources STATE: from here on apt knows the source packages of the suites.  Sets log.
open_sources()
{
    need apt-get apt
    need dpkg-source dpkg-dev
    [ -r "$KEYRING" ] ||
        die "no keys to check source packages with: $KEYRING; install debian-archive-keyring or set KEYRING"
    setup_apt "$1"

    say "reading the package lists of $MIRROR ($SUITES)"
    mkdir -p "$cache/log"
    log=$cache/log/$me-apt.log
    : >"$log"
    run_logged "$log" apt-get update -q --error-on=any ||
        die "cannot read the package lists of $MIRROR: $(first_error "$log"); see $log, or set MIRROR"
}

# download_sources DIR PACKAGE=VERSION...: into DIR, each file checked against the signed lists.  Before
# the packages, options of `apt-get source` may stand.
download_sources()
{
    cd "$1"
    shift
    run_logged "$log" apt-get source -q --only-source --download-only "$@" ||
        die "cannot download the sources from $MIRROR: $(first_error "$log"); see $log, or set MIRROR"
    cd "$work"
}
