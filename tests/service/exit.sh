#!/bin/sh
# A job goes on when its client has gone, and the prefix ends when the job is done.
#
# Copyright 2026 the winebits authors; licence as in client.c

. "${top_srcdir:-.}/tests/service/common.sh"

# Nothing to do, nothing that runs.
client state '{00000000-0000-0000-0000-000000000000}' >/dev/null
wanted "a prefix without jobs" ended "$(ended 30)"

id=$(client start "$url/t=exit/gate=500000/f/" "$windir" 1 6000000)
wanted "the requests of a client that has gone" ok "$(server wait/exit/gated/1)"
# Longer than Wine waits for services when the last program has ended.
wanted "the prefix of a job on its way" runs "$(ended 5)"
server release/exit >/dev/null
wanted "the files" ok "$(server wait/exit/ended/1)"
wanted "the prefix of a job that is done" ended "$(ended 60)"
wanted "the bodies" 6000000 "$(server count/exit/body)"

wanted "the state for the next client" TRANSFERRED "$(client state "$id")"
wanted "the files for the next client" good "$(client finish "$id" "$windir" 1 6000000)"
wanted "the job when it is over" none "$(client state "$id")"
wanted "temporary files" "" "$(ls "$dir" | grep BIT)"
wanted "the prefix after that" ended "$(ended 30)"

# Neither a job that waits for its client nor one that has failed for good holds anything up.
id=$(client start "$url/t=error/status=404/f/" "$windir" 1 1000)
wanted "the state of a broken job" ERROR "$(client wait "$id")"
wanted "the prefix of a broken job" ended "$(ended 30)"
wanted "the state of a broken job, later" ERROR "$(client state "$id")"
finish
