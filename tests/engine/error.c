/*
 * Codes and texts: none is missing, none is a success, none is made up.
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

#include <wchar.h>

#include "private.h"
#include "wine/test.h"

static void test_texts(void)
{
    static const struct
    {
        HRESULT first, last;
    }
    /* What reference/bits.md 4.2 lists, in its unbroken runs. */
    ranges[] =
    {
        { 0x00200006, 0x00200006 }, { 0x00200017, 0x00200017 }, { 0x0020001a, 0x0020001a },
        { 0x0020002a, 0x0020002a }, { 0x00200055, 0x00200055 },
        { 0x80200001, 0x80200005 }, { 0x80200007, 0x80200016 }, { 0x80200018, 0x80200019 },
        { 0x8020001b, 0x80200029 }, { 0x8020002b, 0x8020002e }, { 0x8020003e, 0x80200049 },
        { 0x80200050, 0x80200054 }, { 0x80200056, 0x80200059 }, { 0x80200060, 0x80200076 },
        { 0x80072ee2, 0x80072ee2 }, { 0x80072ee7, 0x80072ee7 }, { 0x80072efd, 0x80072efe },
        { 0x80072f78, 0x80072f78 }, { 0x80072f8f, 0x80072f8f }, { 0x80072f19, 0x80072f19 },
        { 0x80072f8a, 0x80072f8a }, { 0x80072f0c, 0x80072f0c },
        { 0x80190064, 0x80190065 }, { 0x801900c8, 0x801900ce }, { 0x8019012c, 0x80190131 },
        { 0x80190133, 0x80190133 }, { 0x80190190, 0x801901a1 }, { 0x801901c1, 0x801901c1 },
        { 0x801901f4, 0x801901f9 },
        /* and any other status */
        { 0x801901a2, 0x801901c0 }, { 0x801901fa, 0x8019024e }, { 0x80190001, 0x80190063 },
    };
    static const HRESULT unknown[] =
            { S_OK, E_FAIL, E_INVALIDARG, 0x80070005, 0x8020002f, 0x8020003d, 0x80200077, 0x80194000, 0x801903e8 };
    const WCHAR *text;
    HRESULT hr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(ranges); i++)
    {
        for (hr = ranges[i].first; hr <= ranges[i].last; hr++)
        {
            text = error_text(hr);
            ok(text && wcslen(text) > 10 && text[wcslen(text) - 1] == '.', "%#lx: got %s.\n", hr, wine_dbgstr_w(text));
        }
    }
    for (i = 0; i < ARRAYSIZE(unknown); i++)
    {
        text = error_text(unknown[i]);
        ok(!text, "%#lx: got %s.\n", unknown[i], wine_dbgstr_w(text));
    }
    ok(!wcscmp(error_text(0x80190194), L"The file does not exist on the server."), "Got %s.\n",
       wine_dbgstr_w(error_text(0x80190194)));
    ok(!wcscmp(error_text(0x80200001), L"There is no such job."), "Got %s.\n",
       wine_dbgstr_w(error_text(0x80200001)));
}

static void test_http(void)
{
    static const unsigned int fatal[] = { 300, 301, 302, 303, 304, 305, 307, 400, 401, 403, 404, 407, 410, 412, 416,
                                          451, 499, 501, 505 };
    static const unsigned int transient[] = { 100, 199, 306, 308, 408, 409, 429, 500, 502, 503, 504, 506, 599 };
    size_t i;

    ok(error_from_http(404) == (HRESULT)0x80190194, "Got %#lx.\n", error_from_http(404));
    for (i = 0; i < ARRAYSIZE(fatal); i++)
        ok(!error_http_transient(fatal[i]), "%u is transient.\n", fatal[i]);
    for (i = 0; i < ARRAYSIZE(transient); i++)
        ok(error_http_transient(transient[i]), "%u is fatal.\n", transient[i]);
}

static void test_curl(void)
{
    static const struct
    {
        CURLcode code;
        HRESULT hr;
        enum xfer_where where;
        BOOL transient;
    }
    tests[] =
    {
        { CURLE_COULDNT_RESOLVE_HOST, 0x80072ee7, XFER_WHERE_TRANSPORT, TRUE },
        { CURLE_COULDNT_CONNECT, 0x80072efd, XFER_WHERE_TRANSPORT, TRUE },
        { CURLE_OPERATION_TIMEDOUT, 0x80072ee2, XFER_WHERE_TRANSPORT, TRUE },
        { CURLE_RECV_ERROR, 0x80072efe, XFER_WHERE_TRANSPORT, TRUE },
        { CURLE_PEER_FAILED_VERIFICATION, 0x80072f8f, XFER_WHERE_TRANSPORT, FALSE },
        { CURLE_SSL_CLIENTCERT, 0x80072f0c, XFER_WHERE_TRANSPORT, FALSE },
        { CURLE_ABORTED_BY_CALLBACK, E_ABORT, XFER_WHERE_TRANSPORT, FALSE },
        { CURLE_OUT_OF_MEMORY, E_OUTOFMEMORY, XFER_WHERE_QUEUE, TRUE },
    };
    enum xfer_where where;
    BOOL transient;
    HRESULT hr;
    int code;
    size_t i;

    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        hr = error_from_curl(tests[i].code, &where, &transient);
        ok(hr == tests[i].hr, "%d: got hr %#lx.\n", tests[i].code, hr);
        ok(where == tests[i].where, "%d: got %d.\n", tests[i].code, where);
        ok(transient == tests[i].transient, "%d: got %d.\n", tests[i].code, transient);
    }
    /* Whatever it is, it is a failure, and can be told. */
    for (code = 1; code < 1000; code++)
    {
        where = XFER_WHERE_NONE;
        transient = 2;
        hr = error_from_curl(code, &where, &transient);
        ok(FAILED(hr) && where != XFER_WHERE_NONE && transient != 2, "%d: got hr %#lx.\n", code, hr);
        ok(HRESULT_FACILITY(hr) == FACILITY_NULL || error_text(hr) || hr == E_OUTOFMEMORY, "%d: no text for %#lx.\n",
           code, hr);
    }
    hr = error_from_curl(-1, &where, &transient);
    ok(FAILED(hr) && !transient, "Got hr %#lx.\n", hr);
}

static void test_file(void)
{
    BOOL transient = 2;
    HRESULT hr;

    hr = error_from_file(ERROR_SHARING_VIOLATION, &transient);
    ok(hr == HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION) && transient == TRUE, "Got hr %#lx, %d.\n", hr, transient);
    hr = error_from_file(ERROR_BAD_NETPATH, &transient);
    ok(hr == HRESULT_FROM_WIN32(ERROR_BAD_NETPATH) && transient == TRUE, "Got hr %#lx, %d.\n", hr, transient);
    hr = error_from_file(ERROR_PATH_NOT_FOUND, &transient);
    ok(hr == HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND) && !transient, "Got hr %#lx, %d.\n", hr, transient);
    hr = error_from_file(ERROR_DISK_FULL, &transient);
    ok(hr == HRESULT_FROM_WIN32(ERROR_DISK_FULL) && !transient, "Got hr %#lx, %d.\n", hr, transient);
    /* A failure without a code is one all the same. */
    hr = error_from_file(ERROR_SUCCESS, &transient);
    ok(FAILED(hr) && !transient, "Got hr %#lx, %d.\n", hr, transient);
}

START_TEST(error)
{
    test_texts();
    test_http();
    test_curl();
    test_file();
}
