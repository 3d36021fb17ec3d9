/*
 * Servers that prove who they are, servers that do not, and the flags that make up for it.
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

#define IGNORE_CN         0x0002
#define IGNORE_DATE       0x0004
#define IGNORE_UNKNOWN_CA 0x0008
#define IGNORE_USAGE      0x0010
#define CHECK_REVOCATION  0x0001
#define REDIRECT_DISALLOW 0x0200
#define HTTPS_TO_HTTP     0x0800

/* What tls_run.sh has started: "http PORT" and "CERTIFICATE PORT", one after the other. */
static unsigned int get_port(const char *name)
{
    const char *ports = getenv("NGINX_PORTS"), *p = ports;
    size_t len = strlen(name);

    while (p && (p = strstr(p, name)))
    {
        if ((p == ports || p[-1] == ' ') && p[len] == ' ')
            return atoi(p + len);
        p++;
    }
    return 0;
}

/* Requests that the server with that certificate has seen. */
static unsigned int count_requests(const char *name)
{
    unsigned int count = 0;
    char path[256], *log, *p;

    snprintf(path, sizeof(path), "/logs/%s.log", name);
    log = server_get_from(get_port("http"), path);
    for (p = log; p && *p; p++)
        count += *p == '\n';
    free(log);
    return count;
}

static const char *host = "localhost";

static IBackgroundCopyJob *create(const char *name, const char *path, ULONG flags)
{
    IBackgroundCopyJobHttpOptions *options;
    IBackgroundCopyJob *job;
    WCHAR url[512];
    HRESULT hr;

    swprintf(url, ARRAYSIZE(url), L"https://%hs:%u%hs", host, get_port(name), path);
    job = create_job_with(url, local_name(L"target"));
    hr = IBackgroundCopyJob_QueryInterface(job, &IID_IBackgroundCopyJobHttpOptions, (void **)&options);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    /* A header that must not get to anybody who has not shown who he is. */
    hr = IBackgroundCopyJobHttpOptions_SetCustomHeaders(options, L"X-Secret: 42\r\n");
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    hr = IBackgroundCopyJobHttpOptions_SetSecurityFlags(options, flags);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    IBackgroundCopyJobHttpOptions_Release(options);
    return job;
}

static void check_good_(unsigned int line, const char *name, const char *path, ULONG flags)
{
    IBackgroundCopyJob *job = create(name, path, flags);
    unsigned int before = count_requests(name);
    BG_JOB_STATE state;
    HRESULT hr;

    resume_job(job);
    state = wait_state_(__FILE__, line, job, STATE(TRANSFERRED));
    if (state == BG_JOB_STATE_TRANSFERRED)
    {
        hr = IBackgroundCopyJob_Complete(job);
        ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
        check_content_(__FILE__, line, local_name(L"target"), 100000, 1);
        ok_(__FILE__, line)(count_requests(name) > before, "Where does the file come from?\n");
    }
    drop_job(job);
    DeleteFileW(local_name(L"target"));
}
#define check_good(name, path, flags) check_good_(__LINE__, name, path, flags)

/* Neither the file nor a byte of a request gets through. */
static void check_bad_(unsigned int line, const char *name, const char *witness, const char *path, ULONG flags,
                       HRESULT code)
{
    IBackgroundCopyJob *job = create(name, path, flags);
    unsigned int before = count_requests(witness);
    IBackgroundCopyError *error;
    BG_ERROR_CONTEXT context;
    HRESULT hr, ret_code = S_OK;

    resume_job(job);
    wait_state_(__FILE__, line, job, STATE(ERROR) | STATE(TRANSIENT_ERROR));
    hr = IBackgroundCopyJob_GetError(job, &error);
    ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
    if (hr == S_OK)
    {
        hr = IBackgroundCopyError_GetError(error, &context, &ret_code);
        ok_(__FILE__, line)(hr == S_OK, "Got hr %#lx.\n", hr);
        /* WinHTTP tells all of them by one code; the exact one of Windows' BITS is not known. */
        ok_(__FILE__, line)(ret_code == code || broken(ret_code == 0x80072f8f), "Got code %#lx.\n", ret_code);
        IBackgroundCopyError_Release(error);
    }
    drop_job(job);
    ok_(__FILE__, line)(count_requests(witness) == before, "The server has seen a request.\n");
    ok_(__FILE__, line)(!file_exists(local_name(L"target")), "There is a file.\n");
    ok_(__FILE__, line)(!count_names(L"BIT*"), "There is a temporary file.\n");
}
#define check_bad(name, path, flags, code) check_bad_(__LINE__, name, name, path, flags, code)

static void test_certificates(void)
{
    static const struct
    {
        const char *name;
        ULONG ignore;               /* the one flag that lets it through, or 0 */
        HRESULT code;
    }
    servers[] =
    {
        {"no-chain", IGNORE_UNKNOWN_CA, 0x80072f0d},
        {"wrong-name", IGNORE_CN, 0x80072f06},
        {"expired", IGNORE_DATE, 0x80072f05},
        {"not-yet", IGNORE_DATE, 0x80072f05},
        {"unknown-ca", IGNORE_UNKNOWN_CA, 0x80072f0d},
        {"self-signed", IGNORE_UNKNOWN_CA, 0x80072f0d},
        {"wrong-usage", IGNORE_USAGE, 0x80072f93},
    };
    static const ULONG flags[] = {0, IGNORE_CN, IGNORE_DATE, IGNORE_UNKNOWN_CA, IGNORE_USAGE,
            IGNORE_CN | IGNORE_DATE | IGNORE_UNKNOWN_CA | IGNORE_USAGE};
    unsigned int i, j;
    ULONG all = flags[ARRAYSIZE(flags) - 1];

    check_good("valid", "/file", 0);
    check_good("chain", "/file", 0);
    check_good("valid", "/file", all);
    for (i = 0; i < ARRAYSIZE(servers); i++)
    {
        for (j = 0; j < ARRAYSIZE(flags); j++)
        {
            winetest_push_context("%s, flags %#lx", servers[i].name, flags[j]);
            if (flags[j] & servers[i].ignore)
                check_good(servers[i].name, "/file", flags[j]);
            else
                check_bad(servers[i].name, "/file", flags[j], servers[i].code);
            winetest_pop_context();
        }
        /* All others do not help. */
        winetest_push_context("%s, others", servers[i].name);
        check_bad(servers[i].name, "/file", all & ~servers[i].ignore, servers[i].code);
        winetest_pop_context();
    }
}

/* The certificates are for 127.0.0.1 too, all but one. */
static void test_addresses(void)
{
    host = "127.0.0.1";
    check_good("valid", "/file", 0);
    check_bad("wrong-name", "/file", 0, 0x80072f06);
    host = "localhost";
}

static void test_revocation(void)
{
    check_good("crl", "/file", CHECK_REVOCATION);
    check_good("revoked", "/file", 0);
    check_bad("revoked", "/file", CHECK_REVOCATION, 0x80072f8a);
    check_good("crl-missing", "/file", 0);
    check_bad("crl-missing", "/file", CHECK_REVOCATION, 0x80072f19);
}

static void test_redirects(void)
{
    char path[256];

    snprintf(path, sizeof(path), "/tos/%u/file", get_port("valid"));
    check_good("chain", path, 0);
    check_bad_(__LINE__, "chain", "valid", path, REDIRECT_DISALLOW, 0x8019012e);

    /* To less security only when that is wanted. */
    snprintf(path, sizeof(path), "/to/%u/file", get_port("http"));
    winetest_push_context("https to http");
    check_bad_(__LINE__, "valid", "http", path, 0, 0x8019012e);
    check_good("valid", path, HTTPS_TO_HTTP);
    winetest_pop_context();

    /* To a bad server not at all. */
    snprintf(path, sizeof(path), "/tos/%u/file", get_port("self-signed"));
    winetest_push_context("to self-signed");
    check_bad_(__LINE__, "valid", "self-signed", path, 0, 0x80072f0d);
    winetest_pop_context();
}

START_TEST(tls)
{
    if (!test_begin())
        return;
    if (get_port("valid"))
    {
        test_certificates();
        test_addresses();
        test_revocation();
        test_redirects();
    }
    else
        skip("There is no NGINX_PORTS.\n");
    test_end();
}
