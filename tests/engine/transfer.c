/*
 * What the tests of transfers share.
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

#include <curl/curl.h>

#include "transfer.h"
#include "../server/content.h"
/* The main program is in the file of the test. */
#undef STANDALONE
#include "wine/test.h"

struct engine *engine;
struct group *group;
volatile LONG64 clock_ahead;
volatile LONG64 clock_stopped;
volatile LONG clock_fuse;

static WCHAR directory[MAX_PATH];
static volatile LONG ended;

static UINT64 test_now(void)
{
    LONG64 stopped = InterlockedCompareExchange64(&clock_stopped, 0, 0);
    UINT64 now = (stopped ? stopped : GetTickCount64()) + InterlockedCompareExchange64(&clock_ahead, 0, 0);

    if (clock_fuse && !InterlockedDecrement(&clock_fuse))
        InterlockedExchangeAdd64(&clock_ahead, 600000);
    return now;
}

static BOOL start_engine(void)
{
    struct engine_config config = {0};
    HRESULT hr;

    config.user_agent = "engine test";
    config.now = test_now;
    hr = engine_create(&config, &engine);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    if (FAILED(hr))
        return FALSE;
    hr = group_create(engine, GROUP_FOREGROUND, &group);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    return SUCCEEDED(hr);
}

static void stop_engine(void)
{
    group_release(group);
    engine_destroy(engine);
}

BOOL transfers_begin(void)
{
    WCHAR temp[MAX_PATH];

    GetTempPathW(ARRAYSIZE(temp), temp);
    swprintf(directory, ARRAYSIZE(directory), L"%lswb%lu", temp, GetCurrentProcessId());
    CreateDirectoryW(directory, NULL);
    return start_engine();
}

void transfers_restart(void)
{
    stop_engine();
    start_engine();
}

void transfers_end(void)
{
    stop_engine();
    ok(RemoveDirectoryW(directory), "Files are left in %s, error %lu.\n", wine_dbgstr_w(directory), GetLastError());
}

const char *server_url(const char *path)
{
    static char urls[8][1024];
    static unsigned int next;
    const char *server = getenv("HTTPD_URL");
    char *url = urls[next++ % ARRAYSIZE(urls)];

    if (!server)
        return NULL;
    snprintf(url, sizeof(urls[0]), "%s%s", server, path);
    return url;
}

static size_t collect(char *data, size_t unit, size_t size, void *arg)
{
    char *buffer = arg;
    size_t used = strlen(buffer);

    if (used + size < 65536)
    {
        memcpy(buffer + used, data, size);
        buffer[used + size] = 0;
    }
    return size;
}

const char *ask_server(const char *path)
{
    static char buffer[65536];
    CURL *easy = curl_easy_init();
    CURLcode code;

    buffer[0] = 0;
    curl_easy_setopt(easy, CURLOPT_URL, server_url(path));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, (void *)buffer);
    code = curl_easy_perform(easy);
    ok(!code, "%s: %s.\n", path, curl_easy_strerror(code));
    curl_easy_cleanup(easy);
    return buffer;
}

static void on_connecting(void *context)
{
    struct run *run = context;

    EnterCriticalSection(&run->cs);
    if (run->is_running || run->done)
        run->is_disordered = TRUE;
    run->is_running = TRUE;
    run->connecting++;
    LeaveCriticalSection(&run->cs);
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static void on_head(void *context, const struct xfer_head *head)
{
    struct run *run = context;

    EnterCriticalSection(&run->cs);
    if (!run->is_running || run->done)
        run->is_disordered = TRUE;
    run->heads++;
    run->size = head->size;
    copy(run->etag, sizeof(run->etag), head->etag);
    copy(run->last_modified, sizeof(run->last_modified), head->last_modified);
    copy(run->url, sizeof(run->url), head->url);
    LeaveCriticalSection(&run->cs);
    SetEvent(run->head_event);
}

static void on_progress(void *context, UINT64 offset)
{
    struct run *run = context;

    EnterCriticalSection(&run->cs);
    if (!run->heads || !run->is_running || run->done)
        run->is_disordered = TRUE;
    run->progresses++;
    LeaveCriticalSection(&run->cs);
    SetEvent(run->progress_event);
}

static void on_requeued(void *context, UINT64 offset)
{
    struct run *run = context;

    EnterCriticalSection(&run->cs);
    if (!run->is_running || run->done)
        run->is_disordered = TRUE;
    run->is_running = FALSE;
    run->requeues++;
    LeaveCriticalSection(&run->cs);
    SetEvent(run->requeued_event);
}

static void on_done(void *context, const struct xfer_result *result)
{
    struct run *run = context;

    EnterCriticalSection(&run->cs);
    if (run->done++)
        run->is_disordered = TRUE;
    run->result = *result;
    copy(run->result_url, sizeof(run->result_url), result->url);
    run->number = InterlockedIncrement(&ended);
    LeaveCriticalSection(&run->cs);
    SetEvent(run->done_event);
}

static const struct xfer_events events = { on_connecting, on_head, on_progress, on_requeued, on_done };

void run_init(struct run *run, const char *url)
{
    static unsigned int count;

    memset(run, 0, sizeof(*run));
    InitializeCriticalSection(&run->cs);
    run->done_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    run->head_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    run->progress_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    run->requeued_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    swprintf(run->part, ARRAYSIZE(run->part), L"%ls\\part%u.tmp", directory, count++);
    run->params.url = url;
    run->params.part = run->part;
    run->params.size = run->params.max_size = ENGINE_SIZE_UNKNOWN;
    run->params.proxy = XFER_PROXY_NONE;
}

void run_submit(struct run *run, struct group *in)
{
    HRESULT hr;

    ResetEvent(run->done_event);
    run->done = 0;
    run->is_running = FALSE;
    hr = xfer_submit(in, &run->params, &events, run, &run->xfer);
    ok(hr == S_OK, "Got hr %#lx.\n", hr);
}

void run_wait(struct run *run)
{
    DWORD ret = WaitForSingleObject(run->done_event, TIMEOUT);

    ok(!ret, "No end came.\n");
    if (ret)
        exit(1);
    ok(!run->is_disordered, "The events came in disorder.\n");
}

void run_free(struct run *run)
{
    HRESULT hr = part_discard(run->part);

    ok(hr == S_OK, "Got hr %#lx.\n", hr);
    CloseHandle(run->done_event);
    CloseHandle(run->head_event);
    CloseHandle(run->progress_event);
    CloseHandle(run->requeued_event);
    DeleteCriticalSection(&run->cs);
}

void run_url(struct run *run, const char *url)
{
    run_init(run, url);
    run_submit(run, group);
    run_wait(run);
}

BOOL part_is(const struct run *run, UINT64 size, UINT64 seed)
{
    static BYTE buffer[65536];
    UINT64 offset = 0;
    BOOL ret = TRUE;
    DWORD read;
    HANDLE file;

    file = CreateFileW(run->part, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    while (ret && ReadFile(file, buffer, sizeof(buffer), &read, NULL) && read)
    {
        ret = content_check(buffer, read, seed, offset) == read;
        offset += read;
    }
    CloseHandle(file);
    return ret && offset == size;
}
