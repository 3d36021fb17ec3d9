/*
 * Lengths and ranges in the header fields of a response.
 *
 * Copyright 2026 the winebits authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * This library is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with this library; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin St, Fifth Floor, Boston, MA 02110-1301, USA
 */

#include <string.h>

#include "pure.h"

struct input
{
    const char *p, *end;
};

static void skip_blanks(struct input *in)
{
    while (in->p < in->end && (*in->p == ' ' || *in->p == '\t'))
        in->p++;
}

static BOOL skip_char(struct input *in, char c)
{
    if (in->p >= in->end || *in->p != c)
        return FALSE;
    in->p++;
    return TRUE;
}

/* Digits alone: no sign, no overflow; ENGINE_SIZE_UNKNOWN is not a number either. */
static BOOL parse_number(struct input *in, UINT64 *ret)
{
    const char *begin = in->p;
    UINT64 value = 0;
    unsigned int digit;

    for (; in->p < in->end && *in->p >= '0' && *in->p <= '9'; in->p++)
    {
        digit = *in->p - '0';
        if (value > (ENGINE_SIZE_UNKNOWN - 1 - digit) / 10)
            return FALSE;
        value = value * 10 + digit;
    }
    *ret = value;
    return in->p > begin;
}

static BOOL parse_unit(struct input *in)
{
    static const char unit[] = "bytes";
    size_t i;

    skip_blanks(in);
    for (i = 0; unit[i]; i++, in->p++)
        if (in->p >= in->end || (*in->p | 0x20) != unit[i])
            return FALSE;
    /* A blank in place of "=" is the rule; some servers write what the request had. */
    if (in->p >= in->end || !strchr(" \t=", *in->p) || !*in->p)
        return FALSE;
    in->p++;
    skip_blanks(in);
    return TRUE;
}

static BOOL parse_end(struct input *in)
{
    skip_blanks(in);
    return in->p == in->end;
}

BOOL range_parse_length(const char *p, size_t len, UINT64 *ret_length)
{
    struct input in = { p, p + len };
    UINT64 length, other;

    skip_blanks(&in);
    if (!parse_number(&in, &length))
        return FALSE;
    /* A repeated field may have been merged; RFC 9110 8.6 allows it when the values agree. */
    for (;;)
    {
        skip_blanks(&in);
        if (!skip_char(&in, ','))
            break;
        skip_blanks(&in);
        if (!parse_number(&in, &other) || other != length)
            return FALSE;
    }
    if (!parse_end(&in))
        return FALSE;
    *ret_length = length;
    return TRUE;
}

BOOL range_parse_content_range(const char *p, size_t len, UINT64 *ret_first, UINT64 *ret_last, UINT64 *ret_total)
{
    struct input in = { p, p + len };
    UINT64 first, last, total = ENGINE_SIZE_UNKNOWN;

    if (!parse_unit(&in) || !parse_number(&in, &first) || !skip_char(&in, '-') || !parse_number(&in, &last)
            || !skip_char(&in, '/'))
        return FALSE;
    if (!skip_char(&in, '*') && !parse_number(&in, &total))
        return FALSE;
    if (!parse_end(&in) || first > last || last >= total)
        return FALSE;
    *ret_first = first;
    *ret_last = last;
    *ret_total = total;
    return TRUE;
}
