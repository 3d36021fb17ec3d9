/*
 * Strings between UTF-8 and UTF-16.
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

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "engine.h"
#include "wine/test.h"

START_TEST(util)
{
    static const struct
    {
        const char *utf8;
        const WCHAR *wide;
    }
    tests[] =
    {
        { "", L"" },
        { "plain", L"plain" },
        { "\xc3\xa9\xe4\xb8\xad", L"\xe9\x4e2d" },
        { "\xf0\x9f\x98\x80", L"\xd83d\xde00" },
    };
    static const char invalid[] = "a\xff\xfe" "b";
    WCHAR *wide;
    char *utf8;
    size_t i;

    ok(!utf8_to_wide(NULL) && !wide_to_utf8(NULL) && !wide_dup(NULL), "Something of nothing.\n");
    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        wide = utf8_to_wide(tests[i].utf8);
        ok(wide && !wcscmp(wide, tests[i].wide), "%u: got %s.\n", (int)i, wine_dbgstr_w(wide));
        free(wide);
        utf8 = wide_to_utf8(tests[i].wide);
        ok(utf8 && !strcmp(utf8, tests[i].utf8), "%u: got %s.\n", (int)i, wine_dbgstr_a(utf8));
        free(utf8);
        wide = wide_dup(tests[i].wide);
        ok(wide && wide != tests[i].wide && !wcscmp(wide, tests[i].wide), "%u: got %s.\n", (int)i, wine_dbgstr_w(wide));
        free(wide);
    }
    /* Bytes of a header may be anything. */
    wide = utf8_to_wide(invalid);
    ok(wide && wide[0] == 'a' && wide[wcslen(wide) - 1] == 'b', "Got %s.\n", wine_dbgstr_w(wide));
    free(wide);
    utf8 = wide_to_utf8(L"a\xd800" L"b");
    ok(utf8 && utf8[0] == 'a' && utf8[strlen(utf8) - 1] == 'b', "Got %s.\n", wine_dbgstr_a(utf8));
    free(utf8);
}
