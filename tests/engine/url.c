/*
 * Remote names: accepted, refused, redacted.
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

static void test_check(void)
{
    static const struct
    {
        const WCHAR *url;
        enum url_kind kind;
        const WCHAR *path;
    }
    tests[] =
    {
        { L"http://host", URL_HTTP },
        { L"http://host/", URL_HTTP },
        { L"HTTP://HOST/A/b.c?d=e&f=%20#g", URL_HTTP },
        { L"https://host:8443/file", URL_HTTPS },
        { L"HttpS://host/file", URL_HTTPS },
        { L"http://user:password@host/file", URL_HTTP },
        { L"http://user@host/file", URL_HTTP },
        { L"http://127.0.0.1:80/file", URL_HTTP },
        { L"http://[::1]:80/file", URL_HTTP },
        { L"http://xn--mnchen-3ya.example/", URL_HTTP },
        { L"http://host:65535/", URL_HTTP },
        { L"http://host/../a/./b", URL_HTTP },
        { L"http://host//a//b", URL_HTTP },
        { L"http://host?query", URL_HTTP },
        { L"http://host/a@b:c", URL_HTTP },
        { L"http://host/{a}|b^[c]", URL_HTTP },
        /* beyond ASCII, it is the server's to understand; unconfirmed: reference/bits.md 12 */
        { L"http://host/\x4e2d\xe9?\xd83d\xde00", URL_HTTP },

        { NULL, URL_INVALID },
        { L"", URL_INVALID },
        { L"http", URL_INVALID },
        { L"http:", URL_INVALID },
        { L"http:/host/file", URL_INVALID },
        { L"http://", URL_INVALID },
        { L"http:///file", URL_INVALID },
        { L"http:////host/file", URL_INVALID },
        { L"http://?query", URL_INVALID },
        { L"http://#fragment", URL_INVALID },
        { L"http://:80/", URL_INVALID },
        { L"http://user@/", URL_INVALID },
        { L"http://host:0/", URL_INVALID },
        { L"http://host:65536/", URL_INVALID },
        { L"http://host:99999999999/", URL_INVALID },
        { L"http://host:-1/", URL_INVALID },
        { L"http://host:80a/", URL_INVALID },
        { L"http://host:80:80/", URL_INVALID },
        { L"http://[::1/file", URL_INVALID },
        { L"http://[zz]/file", URL_INVALID },
        { L"http://h\xf6st/", URL_INVALID },
        { L"http://ho st/", URL_INVALID },
        { L"http://host\\share/file", URL_INVALID },
        { L"http://host/a b", URL_INVALID },
        { L" http://host/", URL_INVALID },
        { L"http://host/ ", URL_INVALID },
        { L"http://host/a\r\nX: y", URL_INVALID },
        { L"http://host/\n", URL_INVALID },
        { L"http://host/\t", URL_INVALID },
        { L"http://host/\x1", URL_INVALID },
        { L"http://host/\x7f", URL_INVALID },
        { L"http://host/\x85", URL_INVALID },
        { L"http://host/\xa0", URL_INVALID },
        { L"http://host/\xd800", URL_INVALID },
        { L"http://host/\xdc00\xd800", URL_INVALID },
        { L"http://host/\xd800z", URL_INVALID },
        { L"ftp://host/file", URL_INVALID },
        { L"gopher://host/", URL_INVALID },
        { L"javascript:alert(1)", URL_INVALID },
        { L"mailto:a@b", URL_INVALID },
        { L"httpx://host/", URL_INVALID },
        { L"host/file", URL_INVALID },
        { L"www.host.com", URL_INVALID },

        { L"C:\\dir\\file", URL_FILE, L"C:\\dir\\file" },
        { L"c:\\file with blanks.txt", URL_FILE, L"c:\\file with blanks.txt" },
        { L"C:/dir/file", URL_FILE, L"C:\\dir\\file" },
        { L"C:\\dir\\..\\file", URL_FILE, L"C:\\dir\\..\\file" },
        { L"C:\\a#b%20c@d", URL_FILE, L"C:\\a#b%20c@d" },
        { L"C:\\console\\com\\lpt10.txt", URL_FILE, L"C:\\console\\com\\lpt10.txt" },
        { L"\\\\server\\share\\file", URL_FILE, L"\\\\server\\share\\file" },
        { L"\\\\server\\share\\dir\\file", URL_FILE, L"\\\\server\\share\\dir\\file" },
        { L"\\\\10.0.0.1\\c$\\file", URL_FILE, L"\\\\10.0.0.1\\c$\\file" },
        { L"file://C:\\dir\\file", URL_FILE, L"C:\\dir\\file" },
        { L"file:///C:/dir/file", URL_FILE, L"C:\\dir\\file" },
        { L"FILE:///c:\\dir\\file", URL_FILE, L"c:\\dir\\file" },
        { L"file:///C:/a%20b", URL_FILE, L"C:\\a%20b" },
        { L"file://server/share/file", URL_FILE, L"\\\\server\\share\\file" },
        { L"file:////server/share/file", URL_FILE, L"\\\\server\\share\\file" },
        { L"file://\\\\server\\share\\file", URL_FILE, L"\\\\server\\share\\file" },

        { L"C:", URL_INVALID },
        { L"C:\\", URL_INVALID },
        { L"C:file", URL_INVALID },
        { L"C:\\dir\\", URL_INVALID },
        { L"C:\\file:stream", URL_INVALID },
        { L"C:\\file::$DATA", URL_INVALID },
        { L"C:\\dir\\*", URL_INVALID },
        { L"C:\\dir\\f?le", URL_INVALID },
        { L"C:\\a|b", URL_INVALID },
        { L"C:\\a\"b", URL_INVALID },
        { L"C:\\a<b>", URL_INVALID },
        { L"C:\\a\nb", URL_INVALID },
        { L"1:\\file", URL_INVALID },
        { L"\\file", URL_INVALID },
        { L"/dir/file", URL_INVALID },
        { L"dir\\file", URL_INVALID },
        { L".\\file", URL_INVALID },
        { L"..\\file", URL_INVALID },
        { L"\\\\", URL_INVALID },
        { L"\\\\server", URL_INVALID },
        { L"\\\\server\\share", URL_INVALID },
        { L"\\\\server\\share\\", URL_INVALID },
        { L"\\\\server\\\\file", URL_INVALID },
        { L"\\\\\\share\\file", URL_INVALID },
        { L"\\\\?\\C:\\dir\\file", URL_INVALID },
        { L"\\\\?\\UNC\\server\\share\\file", URL_INVALID },
        { L"\\\\.\\C:\\file", URL_INVALID },
        { L"\\\\.\\pipe\\name", URL_INVALID },
        { L"\\\\.\\PhysicalDrive0", URL_INVALID },
        { L"\\??\\C:\\file", URL_INVALID },
        { L"\\\\server\\pipe\\name", URL_INVALID },
        { L"\\\\server\\PIPE\\name", URL_INVALID },
        { L"\\\\server\\mailslot\\name", URL_INVALID },
        { L"C:\\nul", URL_INVALID },
        { L"C:\\dir\\CON.txt", URL_INVALID },
        { L"C:\\dir\\com1", URL_INVALID },
        { L"C:\\Lpt9 .x", URL_INVALID },
        { L"C:\\aux\\file", URL_INVALID },
        { L"file:", URL_INVALID },
        { L"file://", URL_INVALID },
        { L"file:///", URL_INVALID },
        { L"file:///dir/file", URL_INVALID },
        { L"file://C:dir", URL_INVALID },
        { L"file:C:\\dir\\file", URL_INVALID },
        { L"file:////?/C:/file", URL_INVALID },
        { L"file://./pipe/name", URL_INVALID },
        { L"file://server/pipe/name", URL_INVALID },
        { L"file://server", URL_INVALID },
    };
    enum url_kind kind;
    WCHAR *path;
    size_t i;

    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        path = (WCHAR *)0xdeadbeef;
        kind = url_check(tests[i].url, &path);
        ok(kind == tests[i].kind, "%s: got %d.\n", wine_dbgstr_w(tests[i].url), kind);
        if (tests[i].path)
            ok(path && !wcscmp(path, tests[i].path), "%s: got %s.\n", wine_dbgstr_w(tests[i].url), wine_dbgstr_w(path));
        else
            ok(!path, "%s: got %s.\n", wine_dbgstr_w(tests[i].url), wine_dbgstr_w(path));
        free(path);
        kind = url_check(tests[i].url, NULL);
        ok(kind == tests[i].kind, "%s: got %d.\n", wine_dbgstr_w(tests[i].url), kind);
    }
}

/* prefix, then count characters, then suffix */
static enum url_kind check_long(const WCHAR *prefix, unsigned int count, const WCHAR *suffix)
{
    static WCHAR url[4096];
    size_t len = wcslen(prefix), i;
    enum url_kind kind;
    WCHAR *path;

    wcscpy(url, prefix);
    for (i = 0; i < count; i++)
        url[len++] = 'a';
    wcscpy(url + len, suffix);
    kind = url_check(url, &path);
    free(path);
    return kind;
}

static void test_limits(void)
{
    enum url_kind kind;

    /* http://h/ and ? are 10 of 2200. */
    kind = check_long(L"http://h/?", 2190, L"");
    ok(kind == URL_HTTP, "Got %d.\n", kind);
    kind = check_long(L"http://h/?", 2191, L"");
    ok(kind == URL_INVALID, "Got %d.\n", kind);
    kind = check_long(L"http://h/", MAX_PATH, L"/b?c");
    ok(kind == URL_HTTP, "Got %d.\n", kind);
    kind = check_long(L"http://h/", MAX_PATH + 1, L"/b?c");
    ok(kind == URL_INVALID, "Got %d.\n", kind);
    kind = check_long(L"http://h/b/", MAX_PATH + 1, L"");
    ok(kind == URL_INVALID, "Got %d.\n", kind);
    kind = check_long(L"http://h/b#/", MAX_PATH + 1, L"");
    ok(kind == URL_HTTP, "Got %d.\n", kind);
    kind = check_long(L"C:\\", MAX_PATH, L"");
    ok(kind == URL_FILE, "Got %d.\n", kind);
    kind = check_long(L"C:\\", MAX_PATH + 1, L"");
    ok(kind == URL_INVALID, "Got %d.\n", kind);
}

static void test_redact(void)
{
    static const struct
    {
        const char *url, *redacted;
    }
    tests[] =
    {
        { "http://host/path", "http://host/path" },
        { "http://user:pass@host:80/path?token=1#frag", "http://host:80/path" },
        { "http://user@host", "http://host" },
        { "http://user:p@ss@host/a@b", "http://host/a@b" },
        { "http://user:p\\ss@host/", "http://host/" },
        { "https://host?query", "https://host" },
        { "user:pass@proxy:8080", "proxy:8080" },
        { "C:\\dir@x\\file@y", "C:\\dir@x\\file@y" },
        { "\\\\server\\a@b", "\\\\server\\a@b" },
        { "file:///C:/a@b", "file:///C:/a@b" },
        { "http://host/a\r\nERR: b\x7f", "http://host/a??ERR: b?" },
        { "", "" },
        { "@", "" },
        { NULL, "(null)" },
    };
    char buffer[64], guard[8] = "1234567";
    const char *ret;
    size_t i;

    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        ret = url_redact(tests[i].url, buffer, sizeof(buffer));
        ok(ret == buffer && !strcmp(buffer, tests[i].redacted), "%s: got %s.\n", tests[i].url, ret);
    }
    ret = url_redact("http://user:pass@host/", guard, 6);
    ok(!strcmp(ret, "http:") && guard[6] == '7', "Got %s.\n", ret);
    ret = url_redact("http://user:pass@host/", guard, 1);
    ok(!*ret, "Got %s.\n", ret);
    ret = url_redact("http://user:pass@host/", guard, 0);
    ok(!*ret, "Got %s.\n", ret);
}

START_TEST(url)
{
    test_check();
    test_limits();
    test_redact();
}
