/*
 * When to try again: what a server asks for, and what a failure allows.
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

/* Gaining so much is progress enough to try again at once, however often. */
#define MIN_GAIN        0x10000

#define SECONDS_A_DAY   86400

struct input
{
    const char *p, *end;
};

static BOOL skip_string(struct input *in, const char *string)
{
    size_t len = strlen(string);

    if ((size_t)(in->end - in->p) < len || memcmp(in->p, string, len))
        return FALSE;
    in->p += len;
    return TRUE;
}

/* Between min and max digits. */
static BOOL parse_number(struct input *in, int min, int max, int *ret)
{
    int count = 0, value = 0;

    for (; count < max && in->p < in->end && *in->p >= '0' && *in->p <= '9'; in->p++, count++)
        value = value * 10 + *in->p - '0';
    *ret = value;
    return count >= min;
}

/* One of several names; returns its place. */
static BOOL parse_name(struct input *in, const char *const *names, int count, int *ret)
{
    int i;

    for (i = 0; i < count; i++)
    {
        if (skip_string(in, names[i]))
        {
            *ret = i;
            return TRUE;
        }
    }
    return FALSE;
}

static BOOL parse_month(struct input *in, int *ret)
{
    static const char *const months[] =
            { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

    return parse_name(in, months, sizeof(months) / sizeof(*months), ret);
}

static BOOL parse_time(struct input *in, int *seconds)
{
    int hour, minute, second;

    if (!parse_number(in, 2, 2, &hour) || !skip_string(in, ":") || !parse_number(in, 2, 2, &minute)
            || !skip_string(in, ":") || !parse_number(in, 2, 2, &second))
        return FALSE;
    *seconds = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second <= 60;
}

/* Seconds since 1970, or 0 before, for a day of the Gregorian calendar; month from 0. */
static BOOL make_time(int year, int month, int day, int seconds, UINT64 *ret)
{
    static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
    int leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
    int past = year - 1, days;

    if (day < 1 || day > before[month + 1] - before[month] + (month == 1 && leap))
        return FALSE;
    if (year < 1970)
    {
        *ret = 0;
        return TRUE;
    }
    days = (year - 1970) * 365 + (past / 4 - past / 100 + past / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
    days += before[month] + (month > 1 && leap) + day - 1;
    *ret = (UINT64)days * SECONDS_A_DAY + seconds;
    return TRUE;
}

/* RFC 9110 5.6.7: a date of today's form, or of one of two obsolete ones. */
static BOOL parse_date(struct input *in, UINT64 now, UINT64 *ret)
{
    static const char *const day_names[] =
            { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
              "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    int name, day, month, year, seconds;

    if (!parse_name(in, day_names, sizeof(day_names) / sizeof(*day_names), &name))
        return FALSE;
    if (skip_string(in, ", "))
    {
        if (!parse_number(in, 2, 2, &day))
            return FALSE;
        if (skip_string(in, "-"))           /* Sunday, 06-Nov-94 08:49:37 GMT */
        {
            if (!parse_month(in, &month) || !skip_string(in, "-") || !parse_number(in, 2, 2, &year))
                return FALSE;
            /* Two digits mean a year at most 50 years ahead of now. */
            year += 1900;
            while (year < 1920 || (year < 9900 && (UINT64)(year + 50 - 1970) * 31556952 < now))
                year += 100;
        }
        else                                /* Sun, 06 Nov 1994 08:49:37 GMT */
        {
            if (!skip_string(in, " ") || !parse_month(in, &month) || !skip_string(in, " ")
                    || !parse_number(in, 4, 4, &year))
                return FALSE;
        }
        if (!skip_string(in, " ") || !parse_time(in, &seconds) || !skip_string(in, " GMT"))
            return FALSE;
    }
    else                                    /* Sun Nov  6 08:49:37 1994 */
    {
        if (!skip_string(in, " ") || !parse_month(in, &month) || !skip_string(in, " "))
            return FALSE;
        if (!(skip_string(in, " ") ? parse_number(in, 1, 1, &day) : parse_number(in, 2, 2, &day)))
            return FALSE;
        if (!skip_string(in, " ") || !parse_time(in, &seconds) || !skip_string(in, " ")
                || !parse_number(in, 4, 4, &year))
            return FALSE;
    }
    return make_time(year, month, day, seconds, ret);
}

BOOL retry_parse_after(const char *p, size_t len, UINT64 now_unix, ULONG *ret_seconds)
{
    struct input in = { p, p + len };
    UINT64 value = 0;

    while (in.p < in.end && (*in.p == ' ' || *in.p == '\t'))
        in.p++;
    while (in.end > in.p && (in.end[-1] == ' ' || in.end[-1] == '\t'))
        in.end--;
    if (in.p == in.end)
        return FALSE;
    if (*in.p >= '0' && *in.p <= '9')
    {
        for (; in.p < in.end && *in.p >= '0' && *in.p <= '9'; in.p++)
            if (value <= 0xffffffff)
                value = value * 10 + *in.p - '0';
    }
    else
    {
        if (!parse_date(&in, now_unix, &value))
            return FALSE;
        value = value > now_unix ? value - now_unix : 0;
    }
    if (in.p < in.end)
        return FALSE;
    *ret_seconds = value > 0xffffffff ? 0xffffffff : value;
    return TRUE;
}

enum retry_verdict retry_verdict(const struct retry_facts *facts)
{
    if (!facts->transient)
        return RETRY_NEVER;
    if (!facts->transport)
        return RETRY_LATER;
    if (facts->gained >= MIN_GAIN)
        return RETRY_NOW;
    /* A server may close an idle connection just when a request sets out on it. */
    if (facts->reused && !facts->answered && !facts->reconnects)
        return RETRY_NOW;
    return RETRY_LATER;
}
