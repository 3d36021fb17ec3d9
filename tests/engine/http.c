/*
 * Tests of HTTP sources against a server that misbehaves.
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
#include <string.h>

#include "transfer.h"

#include <winhttp.h>

#include "bitsmsg.h"
#include "wine/test.h"

#define HTTP_ERROR(status) (0x80190000 | (status))

/* Requests that end at once, well or not. */
static const struct
{
    const char *path;
    HRESULT hr;
    enum xfer_where where;
    BOOL transient;
    UINT64 size;            /* of the part file when hr is S_OK */
}
answers[] =
{
    { "/f/100000",                          S_OK, XFER_WHERE_NONE, FALSE, 100000 },
    { "/f/0",                               S_OK, XFER_WHERE_NONE, FALSE, 0 },
    { "/f/1",                               S_OK, XFER_WHERE_NONE, FALSE, 1 },
    { "/f/9M",                              S_OK, XFER_WHERE_NONE, FALSE, 9 << 20 },
    { "/noetag/nolm/f/5000",                S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/http10/f/5000",                     S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/barelf/f/5000",                     S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/interim=103/interims=3/f/5000",     S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/silentclose/f/5000",                S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/norange/f/5000",                    S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/encoding=gzip/f/5000",              S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/lm=nonsense/f/5000",                S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/length2=5000/f/5000",               S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/header=X-A:%20b%0D%0A%20folded/f/5000", S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/bigline=8K/f/5000",                 S_OK, XFER_WHERE_NONE, FALSE, 5000 },

    { "/nolength/f/5000",                   BG_E_MISSING_FILE_SIZE, XFER_WHERE_REMOTE_FILE, FALSE },
    { "/chunked=1000/f/5000",               BG_E_MISSING_FILE_SIZE, XFER_WHERE_REMOTE_FILE, FALSE },
    { "/chunked=1000/f/500K",               BG_E_MISSING_FILE_SIZE, XFER_WHERE_REMOTE_FILE, FALSE },
    { "/force206/f/5000",                   BG_E_INVALID_SERVER_RESPONSE, XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=404/f/5000",                 HTTP_ERROR(404), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=403/body=1M/f/5000",         HTTP_ERROR(403), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=410/f/5000",                 HTTP_ERROR(410), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=416/f/5000",                 HTTP_ERROR(416), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=412/f/5000",                 HTTP_ERROR(412), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=300/f/5000",                 HTTP_ERROR(300), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=304/f/5000",                 HTTP_ERROR(304), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=302/f/5000",                 HTTP_ERROR(302), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=204/f/5000",                 HTTP_ERROR(204), XFER_WHERE_REMOTE_FILE },
    { "/status=408/f/5000",                 HTTP_ERROR(408), XFER_WHERE_REMOTE_FILE, TRUE },
    { "/status=409/f/5000",                 HTTP_ERROR(409), XFER_WHERE_REMOTE_FILE, TRUE },
    { "/status=500/f/5000",                 HTTP_ERROR(500), XFER_WHERE_REMOTE_FILE, TRUE },
    { "/status=501/f/5000",                 HTTP_ERROR(501), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=503/f/5000",                 HTTP_ERROR(503), XFER_WHERE_REMOTE_FILE, TRUE },
    { "/status=505/f/5000",                 HTTP_ERROR(505), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/auth=user:secret/f/5000",           HTTP_ERROR(401), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/status=401/body=1M/f/5000",         HTTP_ERROR(401), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/proxyauth=user:secret/f/5000",      HTTP_ERROR(407), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/close/f/5000",      HRESULT_FROM_WIN32(ERROR_WINHTTP_CONNECTION_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { "/rst/f/5000",        HRESULT_FROM_WIN32(ERROR_WINHTTP_CONNECTION_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { "/redirect=3/f/5000",                 S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/redirect=3/code=308/relative/f/5000", S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/redirect=1/location=%2Ff%2F5000%2F1%2Fmy%20file.exe/f/5000", S_OK, XFER_WHERE_NONE, FALSE, 5000 },
    { "/redirect=loop/f/5000", HRESULT_FROM_WIN32(ERROR_WINHTTP_REDIRECT_FAILED), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/redirect=1/location=file:%2F%2F%2Fetc%2Fpasswd/f/5000", HTTP_ERROR(302), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/redirect=1/location=ftp:%2F%2F127.0.0.1%2Fx/f/5000", HTTP_ERROR(302), XFER_WHERE_REMOTE_FILE, FALSE },
    { "/redirect=1/location=http:%2F%2F/f/5000", HTTP_ERROR(302), XFER_WHERE_REMOTE_FILE, FALSE },
};

static void test_answers(void)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(answers); i++)
    {
        struct run run;

        winetest_push_context("%s", answers[i].path);
        run_url(&run, server_url(answers[i].path));
        ok(run.result.hr == answers[i].hr, "Got hr %#lx.\n", run.result.hr);
        ok(run.result.where == answers[i].where, "Got where %u.\n", run.result.where);
        if (HRESULT_CODE(answers[i].hr) != 204)
            ok(run.result.transient == answers[i].transient, "Got transient %d.\n", run.result.transient);
        if (answers[i].hr == S_OK)
        {
            ok(run.result.offset == answers[i].size, "Got offset %I64u.\n", run.result.offset);
            ok(part_is(&run, answers[i].size, 1), "The content is not the server's.\n");
        }
        else
        {
            ok(!run.result.offset, "Got offset %I64u.\n", run.result.offset);
            ok(GetFileAttributesW(run.part) == INVALID_FILE_ATTRIBUTES, "There is a part file.\n");
        }
        run_free(&run);
        winetest_pop_context();
    }
}

/* Answers that are none: some failure, nothing in the part file that the server did not send as content. */
static const char *const nonsense[] =
{
    "/garbage=100/f/5000",
    "/garbage=1M/f/5000",
    "/http09/f/5000",
    "/length=-1/f/5000",
    "/length=1x/f/5000",
    "/length=99999999999999999999999/f/5000",
    "/length2=4999/f/5000",
    "/length=10000/f/5000",
    "/bigline=200K/f/5000",
    "/bigtotal=1M/f/5000",
    "/badchunk/f/5000",
    "/chunked=100/drop=1000/f/5000",
    "/header=X%00Y:%20z/f/5000",
    "/statusline=HTTP%2F9.9%20200%20OK/f/5000",
    "/statusline=HTTP%2F1.1%20abc/f/5000",
    "/status=999/f/5000",
};

static void test_nonsense(void)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(nonsense); i++)
    {
        struct run run;

        winetest_push_context("%s", nonsense[i]);
        run_url(&run, server_url(nonsense[i]));
        ok(FAILED(run.result.hr), "Got hr %#lx.\n", run.result.hr);
        ok(run.result.where == XFER_WHERE_REMOTE_FILE || run.result.where == XFER_WHERE_TRANSPORT,
           "Got where %u.\n", run.result.where);
        if (run.result.offset)
            ok(part_is(&run, run.result.offset, 1), "The content is not the server's.\n");
        run_free(&run);
        winetest_pop_context();
    }
}

/* A length that is too short cuts the file, as the server wished. */
static void test_short_length(void)
{
    struct run run;

    run_url(&run, server_url("/length=1000/f/5000"));
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(part_is(&run, 1000, 1), "The content is not the server's.\n");
    run_free(&run);
}

static void test_retry_after(void)
{
    struct run run;

    run_url(&run, server_url("/status=503/retryafter=77/f/5000"));
    ok(run.result.hr == HTTP_ERROR(503), "Got hr %#lx.\n", run.result.hr);
    ok(run.result.retry_after == 77, "Got %lu seconds.\n", run.result.retry_after);
    run_free(&run);

    run_url(&run, server_url("/status=503/retryafter=garbage/f/5000"));
    ok(!run.result.retry_after, "Got %lu seconds.\n", run.result.retry_after);
    run_free(&run);
}

/* The connection breaks in the middle: the engine goes on by itself, from where it was. */
static void test_reconnect(void)
{
    struct run run;
    const char *log;

    run_url(&run, server_url("/t=reconnect/drop=500000/first=3/f/2M"));
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(part_is(&run, 2 << 20, 1), "The content is not the server's.\n");
    run_free(&run);
    log = ask_server("/log/reconnect");
    ok(!!strstr(log, "Range: bytes="), "No range was asked for: %s\n", log);
    log = ask_server("/count/reconnect/conditional");
    ok(atoi(log) == 3, "Got %s conditional requests.\n", log);
}

/* ... but not for ever when nothing is gained. */
static void test_no_gain(void)
{
    struct run run;

    run_url(&run, server_url("/drop=100/f/2M"));
    ok(run.result.hr == HRESULT_FROM_WIN32(ERROR_WINHTTP_CONNECTION_ERROR), "Got hr %#lx.\n", run.result.hr);
    ok(run.result.transient, "Not worth a retry?\n");
    ok(run.result.offset == 100, "Got offset %I64u.\n", run.result.offset);
    run_free(&run);
}

/* Without a validator nothing proves that the rest belongs to the beginning. */
static void test_no_validator(void)
{
    struct run run;

    run_url(&run, server_url("/noetag/nolm/then/drop=500000/first=1/f/2M"));
    ok(run.result.hr == ENGINE_E_CHANGED, "Got hr %#lx.\n", run.result.hr);
    run_free(&run);
}

/* What continuing meets, after a first request that broke at 100,000 bytes. */
static const struct
{
    const char *path;
    HRESULT hr;
}
continuations[] =
{
    { "/drop=100000/first=1/f/300000",                                  S_OK },
    { "/noetag/then/drop=100000/first=1/f/300000",                      S_OK },
    { "/nolm/then/drop=100000/first=1/f/300000",                        S_OK },
    { "/weak/then/drop=100000/first=1/f/300000",                        S_OK },
    { "/http10/then/drop=100000/first=1/f/300000",                      S_OK },
    { "/weak/nolm/then/drop=100000/first=1/f/300000",                   ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/seed=2/f/300000",              ENGINE_E_CHANGED },
    { "/noetag/then/drop=100000/first=1/then/after=1/seed=2/f/300000",  ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/size=300001/f/300000",         ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/size=50000/f/300000",          ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/noetag/f/300000",              ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/nolm/f/300000",                ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/etag=%22other%22/f/300000",    ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/status=412/f/300000",          ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/status=416/f/300000",          ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/norange/f/300000",             BG_E_INSUFFICIENT_RANGE_SUPPORT },
    { "/drop=100000/first=1/then/after=1/norange/seed=2/f/300000",      ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/crange=none/f/300000",         BG_E_INSUFFICIENT_RANGE_SUPPORT },
    /* a Last-Modified that is none, and two of them */
    { "/noetag/lm=nonsense/then/drop=100000/first=1/then/after=1/seed=2/f/300000", ENGINE_E_CHANGED },
    { "/noetag/header=Last-Modified:%20Wed,%2001%20Jan%202020%2000:00:09%20GMT/then/drop=100000/first=1"
      "/then/after=1/seed=2/f/300000",                                  ENGINE_E_CHANGED },
    { "/drop=100000/first=1/then/after=1/crange=garbage/f/300000",      BG_E_INVALID_SERVER_RESPONSE },
    { "/drop=100000/first=1/then/after=1/crangeshift=1/f/300000",       BG_E_INVALID_SERVER_RESPONSE },
    { "/drop=100000/first=1/then/after=1/crangeshift=-1/f/300000",      BG_E_INVALID_SERVER_RESPONSE },
    { "/drop=100000/first=1/then/after=1/crangetotal=*/f/300000",       BG_E_INVALID_SERVER_RESPONSE },
    { "/drop=100000/first=1/then/after=1/crangetotal=300001/f/300000",  ENGINE_E_CHANGED },
};

static void test_continuations(void)
{
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(continuations); i++)
    {
        struct run run;

        winetest_push_context("%s", continuations[i].path);
        run_url(&run, server_url(continuations[i].path));
        ok(run.result.hr == continuations[i].hr, "Got hr %#lx.\n", run.result.hr);
        if (continuations[i].hr == S_OK)
        {
            ok(part_is(&run, 300000, 1), "The content is not the server's.\n");
        }
        else
        {
            ok(run.result.offset == 100000, "Got offset %I64u.\n", run.result.offset);
            ok(part_is(&run, 100000, 1), "What was good before is not good now.\n");
        }
        run_free(&run);
        winetest_pop_context();
    }
}

/* A transfer that another process began: what is beyond the recorded offset does not count. */
static void test_resume(void)
{
    char etag[80], last_modified[80];
    struct run run;
    HANDLE file;
    DWORD size;

    run_url(&run, server_url("/f/300000"));
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    strcpy(etag, run.etag);
    strcpy(last_modified, run.last_modified);
    ok(run.size == 300000, "Got size %I64u.\n", run.size);

    file = CreateFileW(run.part, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok(file != INVALID_HANDLE_VALUE, "Got error %lu.\n", GetLastError());
    SetFilePointer(file, 150000, NULL, FILE_BEGIN);
    WriteFile(file, "garbage", 7, &size, NULL);
    CloseHandle(file);

    run.params.url = server_url("/t=resume/f/300000");
    run.params.offset = 150000;
    run.params.size = 300000;
    run.params.etag = etag;
    run.params.last_modified = last_modified;
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(part_is(&run, 300000, 1), "The content is not the server's.\n");
    ok(!!strstr(ask_server("/log/resume"), "Range: bytes=150000-299999"), "Got %s\n", ask_server("/log/resume"));

    /* all there already: nobody is asked */
    run.params.url = server_url("/t=whole/f/300000");
    run.params.offset = 300000;
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(!atoi(ask_server("/count/whole/requests")), "A request was sent.\n");

    /* a part file that is shorter than recorded */
    file = CreateFileW(run.part, GENERIC_WRITE, 0, NULL, TRUNCATE_EXISTING, 0, NULL);
    CloseHandle(file);
    run.params.offset = 150000;
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == ENGINE_E_CHANGED, "Got hr %#lx.\n", run.result.hr);
    run_free(&run);
}

static void test_redirects(void)
{
    struct run run;

    run_url(&run, server_url("/redirect=2/f/5000"));
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(!!strcmp(run.url, run.params.url), "The URL is still %s.\n", run.url);
    run_free(&run);

    run_init(&run, server_url("/redirect=2/f/5000"));
    run.params.security = XFER_REDIRECT_DISALLOW;
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == HTTP_ERROR(302), "Got hr %#lx.\n", run.result.hr);
    ok(!!strstr(run.result_url, "/redirect=1/"), "Got URL %s.\n", run.result_url);
    run_free(&run);
}

/* What the client added goes to its host and to no other. */
static void test_headers(void)
{
    struct run run;
    const char *heads;

    run_init(&run, server_url("/t=headers/f/5000"));
    run.params.headers = "X-Secret: one\r\nX-More: two\r\n";
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    heads = ask_server("/heads/headers");
    ok(!!strstr(heads, "X-Secret: one\r\n"), "Got %s\n", heads);
    ok(!!strstr(heads, "X-More: two\r\n"), "Got %s\n", heads);
    ok(!!strstr(heads, "User-Agent: engine test\r\n"), "Got %s\n", heads);
    ok(!!strstr(heads, "Accept-Encoding: identity\r\n"), "Got %s\n", heads);

    run.params.url = server_url("/redirect=1/t=otherhost/redirecthost=localhost/f/5000");
    run.params.offset = 0;
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    heads = ask_server("/heads/otherhost");
    ok(!!(heads = strstr(heads, "X-Secret: one\r\n")), "The first host did not get it.\n");
    ok(heads && !strstr(heads + 1, "X-Secret"), "The second host got it.\n");
    run_free(&run);
}

/* For libcurl the host of http://a\@b/ is b, whatever a browser makes of it. */
static void test_backslash_redirect(void)
{
    const char *server = server_url("");
    char path[512];
    struct run run;

    snprintf(path, sizeof(path), "/redirect=1/location=http:%%2F%%2F127.0.0.1%s%%5C@localhost%s"
             "%%2Ft=backslash%%2Ff%%2F5000/f/5000", strrchr(server, ':'), strrchr(server, ':'));
    run_init(&run, server_url(path));
    run.params.headers = "X-Secret: one\r\n";
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(!!strstr(ask_server("/heads/backslash"), "GET "), "There was no redirect.\n");
    ok(!strstr(ask_server("/heads/backslash"), "X-Secret"), "The second host got the header.\n");
    run_free(&run);
}

/* A name that is empty would stand for the account of the service. */
static void test_nameless_redirect(void)
{
    static const char *const challenges[] = { "NTLM", "Negotiate" };
    const char *server = server_url("");
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(challenges); i++)
    {
        char path[512], counter[80];
        struct run run;

        winetest_push_context("%s", challenges[i]);
        snprintf(path, sizeof(path), "/redirect=1/location=http:%%2F%%2F:@127.0.0.1%s"
                 "%%2Ft=nameless%s%%2Fauth=a:b%%2Fchallenge=%s%%2Ff%%2F5000/f/5000",
                 strrchr(server, ':'), challenges[i], challenges[i]);
        run_url(&run, server_url(path));
        ok(run.result.hr == HTTP_ERROR(401), "Got hr %#lx.\n", run.result.hr);
        snprintf(counter, sizeof(counter), "/count/nameless%s/requests", challenges[i]);
        ok(atoi(ask_server(counter)) == 1, "Got %s requests.\n", ask_server(counter));
        snprintf(counter, sizeof(counter), "/count/nameless%s/auth", challenges[i]);
        ok(!atoi(ask_server(counter)), "Credentials were sent.\n");
        run_free(&run);
        winetest_pop_context();
    }
}

/* Who names a proxy means it, whatever the environment says. */
static void test_proxy_environment(void)
{
    struct run run;

    SetEnvironmentVariableA("no_proxy", "*");
    run_init(&run, "http://example.invalid/t=override/f/5000");
    run.params.proxy = XFER_PROXY_OVERRIDE;
    run.params.proxy_list = server_url("");
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(atoi(ask_server("/count/override/requests")) == 1, "The proxy was not asked.\n");
    run_free(&run);
    SetEnvironmentVariableA("no_proxy", NULL);
}

/* A long page around a redirect is not waited for. */
static void test_redirect_body(void)
{
    const char *server = server_url("");
    char path[512];
    struct run run;

    snprintf(path, sizeof(path), "/status=302/body=1M/header=Location:%%20http:%%2F%%2F127.0.0.1%s%%2Ff%%2F5000/f/5000",
             strrchr(server, ':'));
    run_url(&run, server_url(path));
    ok(run.result.hr == S_OK, "Got hr %#lx.\n", run.result.hr);
    ok(part_is(&run, 5000, 1), "The content is not the server's.\n");
    run_free(&run);
}

static void test_max_size(void)
{
    struct run run;

    run_init(&run, server_url("/f/5000"));
    run.params.max_size = 4999;
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == BG_E_MAX_DOWNLOAD_SIZE_LIMIT_REACHED, "Got hr %#lx.\n", run.result.hr);
    run_free(&run);
}

static void test_cancel(void)
{
    static const char *const paths[] = { "/t=stall/stall=70000/f/1M", "/t=never/never/f/1M", "/t=slow/slowhead=100/f/1M" };
    struct run run;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(paths); i++)
    {
        winetest_push_context("%s", paths[i]);
        run_init(&run, server_url(paths[i]));
        run_submit(&run, group);
        if (!i)
            WaitForSingleObject(run.head_event, TIMEOUT);
        xfer_cancel(run.xfer);
        run_wait(&run);
        ok(run.result.hr == E_ABORT, "Got hr %#lx.\n", run.result.hr);
        if (run.result.offset)
            ok(part_is(&run, run.result.offset, 1), "The content is not the server's.\n");
        run_free(&run);
        winetest_pop_context();
    }
}

/* Silence ends a transfer on the engine's clock. */
static void test_stall(void)
{
    struct run run;

    run_init(&run, server_url("/t=timeout/stall=70000/f/1M"));
    run_submit(&run, group);
    WaitForSingleObject(run.head_event, TIMEOUT);
    ask_server("/wait/timeout/body/70000");
    ok(WaitForSingleObject(run.done_event, 100) == WAIT_TIMEOUT, "It ended early.\n");
    InterlockedExchangeAdd64(&clock_ahead, 301000);
    engine_wake(engine);
    run_wait(&run);
    ok(run.result.hr == HRESULT_FROM_WIN32(ERROR_WINHTTP_TIMEOUT), "Got hr %#lx.\n", run.result.hr);
    ok(run.result.where == XFER_WHERE_TRANSPORT, "Got where %u.\n", run.result.where);
    ok(run.result.transient, "Not worth a retry?\n");
    ok(run.result.offset == 70000, "Got offset %I64u.\n", run.result.offset);
    run_free(&run);
}

static void test_keep_alive(void)
{
    struct run runs[10];
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(runs); i++)
        run_url(&runs[i], server_url("/t=alive/f/5000"));
    for (i = 0; i < ARRAYSIZE(runs); i++)
    {
        ok(runs[i].result.hr == S_OK, "Got hr %#lx.\n", runs[i].result.hr);
        run_free(&runs[i]);
    }
    ok(atoi(ask_server("/count/alive/connections")) == 1, "Got %s connections.\n",
       ask_server("/count/alive/connections"));
}

static void test_bad_places(void)
{
    WCHAR name[MAX_PATH];
    struct run run;

    run_init(&run, server_url("/f/5000"));
    lstrcpyW(name, run.part);
    lstrcatW(name, L"\\absent\\part.tmp");
    run.params.part = name;
    run_submit(&run, group);
    run_wait(&run);
    ok(run.result.hr == HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND), "Got hr %#lx.\n", run.result.hr);
    ok(run.result.where == XFER_WHERE_LOCAL_FILE, "Got where %u.\n", run.result.where);
    run_free(&run);

    run_url(&run, "http://127.0.0.1:1/");
    ok(run.result.hr == HRESULT_FROM_WIN32(ERROR_WINHTTP_CANNOT_CONNECT), "Got hr %#lx.\n", run.result.hr);
    ok(run.result.where == XFER_WHERE_TRANSPORT, "Got where %u.\n", run.result.where);
    ok(run.result.transient, "Not worth a retry?\n");
    run_free(&run);
}

START_TEST(http)
{
    if (!server_url(""))
    {
        skip("No server for this run.\n");
        return;
    }
    if (!transfers_begin())
        return;
    test_answers();
    test_nonsense();
    test_short_length();
    test_retry_after();
    test_reconnect();
    test_no_gain();
    test_no_validator();
    test_continuations();
    test_resume();
    test_redirects();
    test_headers();
    test_backslash_redirect();
    test_nameless_redirect();
    test_proxy_environment();
    test_redirect_body();
    test_max_size();
    test_cancel();
    test_stall();
    test_keep_alive();
    test_bad_places();
    transfers_end();
}
