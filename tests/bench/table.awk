# Makes bench.sh's table out of its raw lines: round workload tool ok value cpu rss_kib.
#
# Copyright 2026 the winebits authors; licence as in bitsbench.c

function sort(list, n,    i, j, x)
{
    for (i = 2; i <= n; i++)
    {
        x = list[i]
        for (j = i - 1; j >= 1 && list[j] > x; j--)
            list[j + 1] = list[j]
        list[j + 1] = x
    }
}

function median(list, n)
{
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

# "median (smallest-largest)" of the values of one column; the median is left in the variable middle
function spread(column, key, format,    list, n, r)
{
    n = 0
    for (r = 1; r <= rounds; r++)
    {
        if ((key, r) in ok)
            list[++n] = column == "cpu" ? cpu[key, r] : wall[key, r]
    }
    middle = -1
    if (!n)
        return "-"
    sort(list, n)
    middle = median(list, n)
    return n == 1 ? sprintf(format, middle) : sprintf(format " (" format "-" format ")", middle, list[1], list[n])
}

# The ratio of the medians, and the smallest and largest ratio within a round
function ratio(column, key, base,    list, n, r, a, b, mine, theirs)
{
    spread(column, key, "%g")
    mine = middle
    spread(column, base, "%g")
    theirs = middle
    if (mine < 0 || theirs <= 0)
        return "-"
    n = 0
    for (r = 1; r <= rounds; r++)
    {
        if (!((key, r) in ok) || !((base, r) in ok))
            continue
        a = column == "cpu" ? cpu[key, r] : wall[key, r]
        b = column == "cpu" ? cpu[base, r] : wall[base, r]
        if (b > 0)
            list[++n] = a / b
    }
    sort(list, n)
    if (n < 2)
        return sprintf("%.2f", mine / theirs)
    return sprintf("%.2f (%.2f-%.2f)", mine / theirs, list[1], list[n])
}

/^#/ { next }

{
    key = $2 SUBSEP $3
    if (!(key in seen))
    {
        seen[key] = 1
        keys[++key_count] = key
        peak[key] = 0
        failed[key] = 0
    }
    if ($1 > rounds)
        rounds = $1
    if (!$4)
    {
        failed[key]++
        next
    }
    ok[key, $1] = 1
    wall[key, $1] = $5 + 0
    cpu[key, $1] = $6 + 0
    if ($7 > peak[key])
        peak[key] = $7 + 0
}

END {
    bytes["a"] = bytes["d"] = size
    bytes["b"] = files
    bytes["c"] = jobs
    line = "%-8s %-6s %-26s %-19s %8s  %-23s %-19s %7s%s\n"
    printf line, "workload", "tool", "wall s (rtt: us)", "ratio", "MB/s", "CPU s", "CPU ratio", "RSS MiB", ""
    for (i = 1; i <= key_count; i++)
    {
        split(keys[i], part, SUBSEP)
        if (part[1] == "idle")
            continue
        if (i > 1 && part[1] != last)
            print ""
        last = part[1]
        base = last SUBSEP (last == "a" || last == "d" ? "curl" : last == "b" || last == "c" ? "aria2" : "stock")
        cpu_base = last SUBSEP (last in bytes ? "curl" : "stock")
        times = spread("wall", keys[i], last == "rtt" ? "%.0f" : "%.3f")
        rate = last in bytes && middle > 0 ? sprintf("%.1f", bytes[last] / 1e6 / middle) : "-"
        printf line, last, part[2], times, ratio("wall", keys[i], base), rate, spread("cpu", keys[i], "%.2f"),
            ratio("cpu", keys[i], cpu_base), peak[keys[i]] ? sprintf("%.1f", peak[keys[i]] / 1024) : "-",
            failed[keys[i]] ? "  " failed[keys[i]] " failed" : ""
    }
    print ""
    for (i = 1; i <= key_count; i++)
    {
        split(keys[i], part, SUBSEP)
        if (part[1] != "idle")
            continue
        if (failed[keys[i]])
            printf "idle     %-6s the service does not run\n", part[2]
        else
            printf "idle     %-6s %.1f wake-ups a minute, %.2f CPU s\n", part[2], wall[keys[i], 1], cpu[keys[i], 1]
    }
}
