/*
 * When to try again.
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
#include "wine/test.h"

/* Sun, 06 Nov 1994 08:49:37 GMT */
#define NOV_1994    784111777

static void test_retry_after(void)
{
    static const struct
    {
        const char *text;
        UINT64 now;
        BOOL valid;
        ULONG seconds;
    }
    tests[] =
    {
        { "0", 0, TRUE, 0 },
        { "120", 0, TRUE, 120 },
        { " 120 ", 1000, TRUE, 120 },
        { "4294967295", 0, TRUE, 4294967295u },
        { "4294967296", 0, TRUE, 4294967295u },
        { "999999999999999999999999999999", 0, TRUE, 4294967295u },

        /* the three forms of a date */
        { "Sun, 06 Nov 1994 08:49:37 GMT", NOV_1994 - 10, TRUE, 10 },
        { "Sunday, 06-Nov-94 08:49:37 GMT", NOV_1994 - 10, TRUE, 10 },
        { "Sun Nov  6 08:49:37 1994", NOV_1994 - 10, TRUE, 10 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", NOV_1994, TRUE, 0 },
        { "Sun, 06 Nov 1994 08:49:37 GMT", NOV_1994 + 10, TRUE, 0 },
        { "Thu, 01 Jan 1970 00:00:00 GMT", 0, TRUE, 0 },
        { "Thu, 06 Nov 1969 08:49:37 GMT", 0, TRUE, 0 },
        { "Thu, 01 Jan 1970 00:00:60 GMT", 0, TRUE, 60 },
        { "Thu, 29 Feb 2024 00:00:00 GMT", 1709164790, TRUE, 10 },
        { "Fri, 01 Mar 2024 00:00:00 GMT", 1709164790, TRUE, 86410 },
        { "Tue, 29 Feb 2000 12:00:00 GMT", 951825590, TRUE, 10 },
        { "Fri, 31 Dec 2100 23:59:59 GMT", 4133980799u - 5, TRUE, 5 },
        { "Fri, 31 Dec 9999 23:59:59 GMT", 0, TRUE, 4294967295u },
        { "Wed Jan 31 00:00:00 2024", 1706659190, TRUE, 10 },
        /* two digits: at most 50 years ahead of now, which is 2025 */
        { "Sunday, 01-Jan-70 00:00:00 GMT", 1750000000, TRUE, 1405760000 },
        { "Tuesday, 01-Jan-80 00:00:00 GMT", 1750000000, TRUE, 0 },
        { "Saturday, 01-Jan-00 00:00:00 GMT", 1750000000, TRUE, 0 },
        { "Saturday, 01-Jan-00 00:00:00 GMT", 946684790, TRUE, 10 },

        { "" },
        { " " },
        { "-1" },
        { "1.5" },
        { "120 s" },
        { "soon" },
        { "Sun" },
        { "Sun," },
        { "Sun, 06 Nov 1994 08:49:37" },
        { "Sun, 06 Nov 1994 08:49:37 CET" },
        { "Sun, 06 Nov 1994 08:49:37 GMTx" },
        { "Sun, 6 Nov 1994 08:49:37 GMT" },
        { "Sun, 00 Nov 1994 08:49:37 GMT" },
        { "Sun, 31 Nov 1994 08:49:37 GMT" },
        { "Tue, 29 Feb 1994 08:49:37 GMT" },
        { "Thu, 29 Feb 2100 08:49:37 GMT" },
        { "Sun, 06 Foo 1994 08:49:37 GMT" },
        { "Sun, 06 Nov 1994 24:00:00 GMT" },
        { "Sun, 06 Nov 1994 08:60:37 GMT" },
        { "Sun, 06 Nov 1994 08:49:61 GMT" },
        { "Sun, 06 Nov 94 08:49:37 GMT" },
        { "Sunday, 06-Nov-1994 08:49:37 GMT" },
        { "Sun Nov 6 08:49:37 1994" },
        { "Sun Nov  6 08:49:37 94" },
    };
    ULONG seconds;
    size_t i;
    BOOL ret;

    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        seconds = 0xdead;
        ret = retry_parse_after(tests[i].text, strlen(tests[i].text), tests[i].now, &seconds);
        ok(ret == tests[i].valid, "%s: got %d.\n", tests[i].text, ret);
        ok(seconds == (tests[i].valid ? tests[i].seconds : 0xdead), "%s: got %lu.\n", tests[i].text, seconds);
    }
    ok(retry_parse_after("1234", 2, 0, &seconds) && seconds == 12, "Got %lu.\n", seconds);
}

static void test_verdict(void)
{
    static const struct
    {
        struct retry_facts facts;
        enum retry_verdict verdict;
    }
    tests[] =
    {
        /* transient, transport, reused, answered, gained, reconnects */
        { { FALSE }, RETRY_NEVER },
        { { FALSE, TRUE, TRUE, FALSE, 1 << 20, 0 }, RETRY_NEVER },
        /* the server said so */
        { { TRUE, FALSE, FALSE, TRUE, 1 << 20, 0 }, RETRY_LATER },
        /* a connection that brought something */
        { { TRUE, TRUE, FALSE, TRUE, 0x10000, 0 }, RETRY_NOW },
        { { TRUE, TRUE, FALSE, TRUE, 0x10000, 1000 }, RETRY_NOW },
        { { TRUE, TRUE, FALSE, TRUE, 0xffff, 0 }, RETRY_LATER },
        { { TRUE, TRUE, TRUE, TRUE, 0xffff, 0 }, RETRY_LATER },
        /* one that had been closed already, but only once */
        { { TRUE, TRUE, TRUE, FALSE, 0, 0 }, RETRY_NOW },
        { { TRUE, TRUE, TRUE, FALSE, 0, 1 }, RETRY_LATER },
        { { TRUE, TRUE, FALSE, FALSE, 0, 0 }, RETRY_LATER },
    };
    enum retry_verdict verdict;
    size_t i;

    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        verdict = retry_verdict(&tests[i].facts);
        ok(verdict == tests[i].verdict, "%u: got %d.\n", (int)i, verdict);
    }
}

START_TEST(retry)
{
    test_retry_after();
    test_verdict();
}
