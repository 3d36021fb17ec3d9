/*
 * IBackgroundCopyJobHttpOptions: headers, security flags, redirect policies, certificates.
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

#include <stdio.h>
#include <stdlib.h>
#include "util.h"
#include "wine/test.h"

#define MAX_HEADERS 16383

static IBackgroundCopyJobHttpOptions *get_options(IBackgroundCopyJob *job)
{
    IBackgroundCopyJobHttpOptions *options = NULL;
    HRESULT hr;

    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return options;
}

static void check_headers_(unsigned int line, IBackgroundCopyJobHttpOptions *options, const WCHAR *expected)
{
    WCHAR *headers = (void *)0xdeadbeef;
    HRESULT hr;

    hr = IBackgroundCopyJobHttpOptions_GetCustomHeaders(options, &headers);
    ok_(__FILE__, line)(hr == (expected ? S_OK : S_FALSE), "Got hr %#lx.\n", hr);
    ok_(__FILE__, line)(expected ? headers && !wcscmp(headers, expected) : !headers, "Got %s.\n",
            wine_dbgstr_w(headers));
    if (hr == S_OK)
        CoTaskMemFree(headers);
}
#define check_headers(options, expected) check_headers_(__LINE__, options, expected)

static void test_custom_headers(void)
{
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJobHttpOptions *options = get_options(job);
    unsigned int i;
    WCHAR *headers;
    HRESULT hr;

    check_headers(options, NULL);
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_headers(options, NULL);
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, L"Wine: test\r\n");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_headers(options, L"Wine: test\r\n");
    hr = IBackgroundCopyJobHttpOptions_GetCustomHeaders(options, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);

    headers = malloc((MAX_HEADERS + 2) * sizeof(*headers));
    wcscpy(headers, L"Long: ");
    for (i = wcslen(headers); i < MAX_HEADERS + 1; i++)
        headers[i] = 'x';
    headers[i] = 0;
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, headers);
    ok(hr == BG_E_STRING_TOO_LONG, "Got hr %#lx.\n", hr);
    check_headers(options, L"Wine: test\r\n");
    wcscpy(headers + MAX_HEADERS - 2, L"\r\n");
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, headers);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_headers(options, headers);
    free(headers);
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, NULL);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    check_headers(options, NULL);
    IBackgroundCopyJobHttpOptions_Release(options);
    drop_job(job);
}

static void test_security_flags(void)
{
    static const ULONG good[] =
    {
        0, 0x0001, 0x0002, 0x0004, 0x0008, 0x0010, 0x001f, 0x0100, 0x0200, 0x0800, 0x0900, 0x0a00, 0x0b1f & ~0x0300,
    };
    static const ULONG bad[] = {0x0020, 0x0040, 0x0080, 0x0300, 0x0400, 0x0700, 0x1000, 0x80000000, 0x10001};
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJobHttpOptions *options = get_options(job);
    ULONG flags = 0xdead;
    unsigned int i;
    HRESULT hr;

    hr = IBackgroundCopyJobHttpOptions_GetSecurityFlags(options, &flags);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(!flags, "Got %#lx.\n", flags);
    hr = IBackgroundCopyJobHttpOptions_GetSecurityFlags(options, NULL);
    ok(hr == NULL_REF, "Got hr %#lx.\n", hr);
    for (i = 0; i < ARRAYSIZE(good); i++)
    {
        hr = IBackgroundCopyJobHttpOptions_SetSecurityFlags(options, good[i]);
        ok(hr == S_OK, "Got hr %#lx for %#lx.\n", hr, good[i]);
        hr = IBackgroundCopyJobHttpOptions_GetSecurityFlags(options, &flags);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        ok(flags == good[i], "Got %#lx for %#lx.\n", flags, good[i]);
    }
    for (i = 0; i < ARRAYSIZE(bad); i++)
    {
        hr = IBackgroundCopyJobHttpOptions_SetSecurityFlags(options, bad[i]);
        ok(hr == E_NOTIMPL, "Got hr %#lx for %#lx.\n", hr, bad[i]);
    }
    hr = IBackgroundCopyJobHttpOptions_GetSecurityFlags(options, &flags);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    ok(flags == good[ARRAYSIZE(good) - 1], "Got %#lx.\n", flags);
    IBackgroundCopyJobHttpOptions_Release(options);
    drop_job(job);
}

static void test_client_certificate(void)
{
    static BYTE none[20];
    IBackgroundCopyJob *job = create_job();
    IBackgroundCopyJobHttpOptions *options = get_options(job);
    BG_CERT_STORE_LOCATION location;
    WCHAR *store, *subject;
    BYTE *hash;
    HRESULT hr;

    hr = IBackgroundCopyJobHttpOptions_RemoveClientCertificate(options);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJobHttpOptions_GetClientCertificate(options, &location, &store, &hash, &subject);
    ok(hr == HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA), "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJobHttpOptions_SetClientCertificateByID(options, BG_CERT_STORE_LOCATION_CURRENT_USER,
                                                                L"MY", none);
    todo_wine ok(hr == CRYPT_E_NOT_FOUND, "Got hr %#lx.\n", hr);
    if (hr != CRYPT_E_NOT_FOUND)
        ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJobHttpOptions_SetClientCertificateByName(options, BG_CERT_STORE_LOCATION_CURRENT_USER,
                                                                  L"MY", L"winebits.none.example");
    todo_wine ok(hr == CRYPT_E_NOT_FOUND, "Got hr %#lx.\n", hr);
    if (hr != CRYPT_E_NOT_FOUND)
        ok(hr == E_NOTIMPL, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJobHttpOptions_RemoveClientCertificate(options);
    ok(hr == S_FALSE, "Got hr %#lx.\n", hr);
    IBackgroundCopyJobHttpOptions_Release(options);
    drop_job(job);
}

/* They go with each request of the job to its server, and to no other. */
static void test_headers_sent(void)
{
    IBackgroundCopyJobHttpOptions *options;
    IBackgroundCopyJob *job;
    char path[256], *heads, *p;
    unsigned int port, count;
    HRESULT hr;

    if (!need_server())
        return;

    job = create_job_with(remote_name("/t=headers/f/1000"), local_name(L"headers"));
    add_file(job, remote_name("/t=headers/f/1000/2"), local_name(L"headers2"));
    options = get_options(job);
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, L"X-One: 1\r\nX-Two: two words\r\n");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyJobHttpOptions_Release(options);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    heads = server_get("/heads/headers");
    for (p = heads, count = 0; p && (p = strstr(p, "X-One: 1\r\n")); p++, count++);
    ok(count >= 2 && count == server_count("headers", "requests"), "%u of %u requests have it.\n", count,
            (unsigned int)server_count("headers", "requests"));
    for (p = heads, count = 0; p && (p = strstr(p, "X-Two: two words\r\n")); p++, count++);
    ok(count == server_count("headers", "requests"), "%u of %u requests have it.\n", count,
            (unsigned int)server_count("headers", "requests"));
    ok(heads && strstr(heads, "User-Agent: Microsoft BITS/"), "There is no user agent.\n");
    ok(heads && strstr(heads, "Accept-Encoding: identity"), "There is no encoding.\n");
    free(heads);
    drop_job(job);

    /* "localhost" is another host than "127.0.0.1". */
    sscanf(server_url(), "http://127.0.0.1:%u", &port);
    snprintf(path, sizeof(path), "/t=elsewhere/redirect=1/redirecthost=localhost/redirectport=%u/f/1000", port);
    job = create_job_with(remote_name(path), local_name(L"headers"));
    options = get_options(job);
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, L"X-Secret: 42\r\nAuthorization: Basic bWU6c2VjcmV0\r\n");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyJobHttpOptions_Release(options);
    resume_job(job);
    wait_state(job, STATE(TRANSFERRED));
    heads = server_get("/heads/elsewhere");
    p = heads ? strstr(heads, "Host: localhost") : NULL;
    ok(!!p, "The redirect was not followed.\n");
    while (p && p > heads && strncmp(p, "GET ", 4) && strncmp(p, "HEAD ", 5))
        p--;
    ok(p && !strstr(p, "X-Secret") && !strstr(p, "Authorization"), "Another host has seen the headers: %s.\n", p);
    ok(heads && strstr(heads, "X-Secret: 42"), "The host has not seen the headers.\n");
    free(heads);
    drop_job(job);
}

static WCHAR *get_remote(IBackgroundCopyJob *job)
{
    IBackgroundCopyFile *file = job_file(job, 0);
    WCHAR *name = NULL;
    HRESULT hr;

    hr = IBackgroundCopyFile_GetRemoteName(file, &name);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyFile_Release(file);
    return name;
}

static void test_redirect_policy(void)
{
    static const struct
    {
        ULONG flags;
        BOOL followed, renamed;
    }
    tests[] =
    {
        {0x0000, TRUE, FALSE},
        {0x0100, TRUE, TRUE},
        {0x0200, FALSE, TRUE},
    };
    IBackgroundCopyJobHttpOptions *options;
    WCHAR *name, old[256], new[256];
    IBackgroundCopyJob *job;
    unsigned int i;
    char path[256];
    HRESULT hr;

    if (!need_server())
        return;
    for (i = 0; i < ARRAYSIZE(tests); i++)
    {
        winetest_push_context("Flags %#lx", tests[i].flags);
        snprintf(path, sizeof(path), "/t=redirect%u/redirect=1/f/1000", i);
        wcscpy(old, remote_name(path));
        job = create_job_with(old, local_name(L"redirected"));
        options = get_options(job);
        hr = IBackgroundCopyJobHttpOptions_SetSecurityFlags(options, tests[i].flags);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        IBackgroundCopyJobHttpOptions_Release(options);
        resume_job(job);
        if (tests[i].followed)
        {
            wait_state(job, STATE(TRANSFERRED));
        }
        else
        {
            wait_state(job, STATE(ERROR));
            check_error(job, BG_ERROR_CONTEXT_REMOTE_FILE, 0x8019012e);
        }
        snprintf(path, sizeof(path), "/t=redirect%u/redirect=0/f/1000", i);
        wcscpy(new, remote_name(path));
        name = get_remote(job);
        ok(name && !wcscmp(name, tests[i].renamed ? new : old), "Got %s.\n", wine_dbgstr_w(name));
        CoTaskMemFree(name);
        if (!tests[i].followed)
        {
            /* The name is the target's now. */
            resume_job(job);
            wait_state(job, STATE(TRANSFERRED));
        }
        hr = IBackgroundCopyJob_Complete(job);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        check_content(local_name(L"redirected"), 1000, 1);
        IBackgroundCopyJob_Release(job);
        winetest_pop_context();
    }

    job = create_job_with(remote_name("/t=loop/redirect=loop/f/1000"), local_name(L"loop"));
    resume_job(job);
    wait_state(job, STATE(ERROR) | STATE(TRANSIENT_ERROR));
    ok(server_count("loop", "requests") < 200, "There were %u requests.\n",
            (unsigned int)server_count("loop", "requests"));
    drop_job(job);

    job = create_job_with(remote_name("/t=tofile/location=file:%2F%2F%2FC:%2Fwindows%2Fwin.ini/f/1000"),
                          local_name(L"tofile"));
    resume_job(job);
    wait_state(job, STATE(ERROR) | STATE(TRANSIENT_ERROR));
    drop_job(job);
}

/* A refused redirect to what cannot be a remote name, or is one of this computer, leaves the name alone. */
static void test_bad_target(void)
{
    static const char *const targets[] = { "file:%2F%2F%2FC:%2Fwindows%2Fwin.ini", "%2F0123456789" };
    IBackgroundCopyJobHttpOptions *options;
    WCHAR *name, old[1024];
    IBackgroundCopyJob *job;
    unsigned int i, j;
    char path[1024];
    HRESULT hr;

    if (!need_server())
        return;
    for (i = 0; i < ARRAYSIZE(targets); i++)
    {
        winetest_push_context("%s", targets[i]);
        sprintf(path, "/f/1000?t=target&location=%s", targets[i]);
        for (j = 0; i && j < 30; j++)
            strcat(path, "0123456789");
        wcscpy(old, remote_name(path));
        job = create_job_with(old, local_name(L"target"));
        options = get_options(job);
        hr = IBackgroundCopyJobHttpOptions_SetSecurityFlags(options, 0x0200);
        ok(hr == S_OK, "Got hr %#lx.\n", hr);
        IBackgroundCopyJobHttpOptions_Release(options);
        resume_job(job);
        wait_state(job, STATE(ERROR));
        check_error(job, BG_ERROR_CONTEXT_REMOTE_FILE, 0x8019012e);
        name = get_remote(job);
        ok(name && !wcscmp(name, old), "Got %s.\n", wine_dbgstr_w(name));
        CoTaskMemFree(name);
        drop_job(job);
        winetest_pop_context();
    }
}

START_TEST(http_options)
{
    if (!test_begin())
        return;
    test_custom_headers();
    test_security_flags();
    test_client_certificate();
    test_headers_sent();
    test_redirect_policy();
    test_bad_target();
    test_end();
}
