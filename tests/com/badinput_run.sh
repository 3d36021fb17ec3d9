#!/bin/sh
# Runs badinput.exe, with a file system of a megabyte, and one that is read-only, where this user may mount them.
#
# Copyright 2026 the winebits authors; licence as in util.h

tmp=$(mktemp -d) || exit 1
cleanup()
{
    for dir in full readonly
    do
        ! mountpoint -q "$tmp/$dir" || umount "$tmp/$dir"
    done
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

mkdir "$tmp/full" "$tmp/readonly"
if mount -t tmpfs -o size=1m winebits "$tmp/full" 2>/dev/null &&
    mount -t tmpfs -o ro winebits "$tmp/readonly" 2>/dev/null
then
    FULL_DISK=Z:$(echo "$tmp/full" | tr / '\\')
    READONLY_DISK=Z:$(echo "$tmp/readonly" | tr / '\\')
    export FULL_DISK READONLY_DISK
else
    echo "badinput_run.sh: cannot mount file systems; the tests of a full and a read-only one are skipped"
fi
sh "${top_srcdir:-.}/tests/run-wine.sh" "${top_builddir:-.}/tests/com/badinput.exe"
