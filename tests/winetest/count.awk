# Counts what one of Wine's tests printed: name, side, executed, todo, todo succeeded, failures, skipped, note.
#
# Copyright 2026 the winebits authors; licence as in winetest.sh
#
# Wine's summary line calls both a failed test and a todo that succeeds a failure, and adds those of a child process to
# its parent's, so the failures are counted by their own lines.

{ sub(/\r$/, "") }
/^[^ ]+:[0-9]+: Test failed: /                      { failures++ }
/^[^ ]+:[0-9]+: Test succeeded inside todo block: / { fixed++ }
/: unhandled exception /                            { failures++; crashed = 1 }
/^[0-9a-f]+:[a-z0-9_]+: [0-9]+ tests executed \(/ {
    executed += $2
    todo += substr($5, 2)
    skipped += $(NF - 1)
    summaries++
}
END {
    # Without the line that ends every test there are failures of which nothing tells.
    if (status == 77) note = "not-run"
    else if (status == 124 || status == 137) note = "timeout"
    else if (crashed || !summaries) note = "died"
    if (note && note != "not-run" && !crashed) failures++
    print name, side, executed + 0, todo + 0, fixed + 0, failures + 0, skipped + 0, note
}
