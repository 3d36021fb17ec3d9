/*
 * Measures the BITS service of a prefix from outside, through COM only.
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

/* Talks to whatever BITS service the system has: makes jobs, resumes them, waits, completes them, prints times.
 *
 *   --dest=DIR --url=URL                       one job, one file
 *   --dest=DIR --prefix=P --suffix=S --count=N [--jobs=K]
 *                                              files P0S .. P<N-1>S, dealt out to K jobs
 *     --prio=fg|high|normal|low                default fg
 *     --wait=cb | poll:MS                      JobTransferred callbacks (default), or GetState every so often
 *     --set                                    one AddFileSet per job instead of AddFile per file
 *     --timeout=S                              give up after S seconds (default 600)
 *     --verify=SIZE                            each file must have SIZE bytes
 *     --keep                                   do not look at the files afterwards and do not delete them
 *   --dest=DIR --url=URL --rtt=N               the round trip of N GetProgress calls
 *   --dest=DIR --url=URL --first-byte          from before CoCreateInstance until progress shows a byte
 *   --hold                                     keeps the prefix alive until stdin ends, without using BITS
 *
 * The last line of output is RESULT NAME=VALUE...; times in seconds:
 *   create  manager, CreateJob, SetPriority, SetNotify...; includes the start of the service when it was not running
 *   transfer  first Resume to the last job's final state;  complete  all Complete calls
 *   resume_to_end  first Resume to the end of the last Complete
 *   create_to_end  first CreateJob to the end of the last Complete
 * Exit status 0: every job was transferred and completed. */

#define INITGUID
#include <winsock2.h>
#include <windows.h>
#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include "bits.h"

struct bench
{
    const WCHAR *url, *prefix, *suffix, *dest;
    int count, jobs;
    BG_JOB_PRIORITY priority;
    BOOL callback, set, keep;
    int poll_ms;
    double timeout;
    INT64 verify;

    IBackgroundCopyManager *manager;
    IBackgroundCopyJob **job;
    BG_JOB_STATE *state;
};

static LONG events;
static HANDLE event;

static double now(void)
{
    LARGE_INTEGER frequency, counter;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    return (double)counter.QuadPart / (double)frequency.QuadPart;
}

static void check(const char *what, HRESULT hr)
{
    if (SUCCEEDED(hr))
        return;
    printf("%s: %#lx\n", what, (unsigned long)hr);
    exit(2);
}

static void *allocate(size_t size)
{
    void *p = calloc(1, size);

    if (!p)
        check("memory", E_OUTOFMEMORY);
    return p;
}

/* ---- the callback ---- */

static HRESULT WINAPI callback_QueryInterface(IBackgroundCopyCallback *iface, REFIID iid, void **out)
{
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IBackgroundCopyCallback))
    {
        *out = iface;
        return S_OK;
    }
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI callback_AddRef(IBackgroundCopyCallback *iface)
{
    return 2;
}

static ULONG WINAPI callback_Release(IBackgroundCopyCallback *iface)
{
    return 1;
}

static HRESULT WINAPI callback_JobTransferred(IBackgroundCopyCallback *iface, IBackgroundCopyJob *job)
{
    InterlockedIncrement(&events);
    SetEvent(event);
    return S_OK;
}

static HRESULT WINAPI callback_JobError(IBackgroundCopyCallback *iface, IBackgroundCopyJob *job,
        IBackgroundCopyError *error)
{
    return callback_JobTransferred(iface, job);
}

static HRESULT WINAPI callback_JobModification(IBackgroundCopyCallback *iface, IBackgroundCopyJob *job,
        DWORD reserved)
{
    return S_OK;
}

static IBackgroundCopyCallbackVtbl callback_vtbl =
{
    callback_QueryInterface,
    callback_AddRef,
    callback_Release,
    callback_JobTransferred,
    callback_JobError,
    callback_JobModification,
};

static IBackgroundCopyCallback callback = { &callback_vtbl };

/* ---- the steps ---- */

static BOOL is_final(BG_JOB_STATE state)
{
    return state == BG_JOB_STATE_TRANSFERRED || state == BG_JOB_STATE_ERROR;
}

static void get_local_name(const struct bench *bench, int i, WCHAR *name)
{
    _snwprintf(name, MAX_PATH, L"%ls\\bb%d.bin", bench->dest, i);
}

static IBackgroundCopyManager *get_manager(void)
{
    IBackgroundCopyManager *manager;

    check("CoCreateInstance", CoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_LOCAL_SERVER,
            &IID_IBackgroundCopyManager, (void **)&manager));
    return manager;
}

static void create_jobs(struct bench *bench)
{
    WCHAR name[64];
    GUID id;
    int j;

    for (j = 0; j < bench->jobs; j++)
    {
        _snwprintf(name, ARRAYSIZE(name), L"bitsbench %d", j);
        check("CreateJob", IBackgroundCopyManager_CreateJob(bench->manager, name, BG_JOB_TYPE_DOWNLOAD, &id,
                &bench->job[j]));
        /* Stock Wine refuses this; that is no reason not to measure it. */
        IBackgroundCopyJob_SetPriority(bench->job[j], bench->priority);
        if (!bench->callback)
            continue;
        check("SetNotifyInterface", IBackgroundCopyJob_SetNotifyInterface(bench->job[j], (IUnknown *)&callback));
        check("SetNotifyFlags", IBackgroundCopyJob_SetNotifyFlags(bench->job[j],
                BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR));
    }
}

static void add_files(struct bench *bench, int j)
{
    BG_FILE_INFO *info = allocate((bench->count / bench->jobs + 1) * sizeof(*info));
    WCHAR *remote, *local;
    int i, count = 0;

    for (i = j; i < bench->count; i += bench->jobs, count++)
    {
        remote = allocate(2048 * sizeof(WCHAR));
        local = allocate(MAX_PATH * sizeof(WCHAR));
        if (bench->url)
            _snwprintf(remote, 2047, L"%ls", bench->url);
        else
            _snwprintf(remote, 2047, L"%ls%d%ls", bench->prefix, i, bench->suffix);
        get_local_name(bench, i, local);
        info[count].RemoteName = remote;
        info[count].LocalName = local;
        if (!bench->set)
            check("AddFile", IBackgroundCopyJob_AddFile(bench->job[j], remote, local));
    }
    if (bench->set)
        check("AddFileSet", IBackgroundCopyJob_AddFileSet(bench->job[j], count, info));
    while (count--)
    {
        free(info[count].RemoteName);
        free(info[count].LocalName);
    }
    free(info);
}

static BOOL wait_for_jobs(struct bench *bench)
{
    double start = now();
    int left = bench->jobs, j;

    while (left)
    {
        if (now() - start > bench->timeout)
        {
            printf("Timeout, %d jobs left.\n", left);
            return FALSE;
        }
        /* The states are asked for when all callbacks are there; and once in a while, since stock Wine never
         * calls JobError. */
        if (!bench->callback)
            Sleep(bench->poll_ms);
        else if (!WaitForSingleObject(event, 1000) && InterlockedCompareExchange(&events, 0, 0) < bench->jobs)
            continue;
        for (j = 0; j < bench->jobs; j++)
        {
            if (is_final(bench->state[j]))
                continue;
            check("GetState", IBackgroundCopyJob_GetState(bench->job[j], &bench->state[j]));
            if (is_final(bench->state[j]))
                left--;
        }
    }
    return TRUE;
}

static BOOL complete_job(struct bench *bench, int j)
{
    IBackgroundCopyError *error;
    BG_ERROR_CONTEXT context = 0;
    HRESULT hr, code = S_OK;

    if (bench->state[j] == BG_JOB_STATE_TRANSFERRED)
    {
        hr = IBackgroundCopyJob_Complete(bench->job[j]);
        if (hr != S_OK)
            printf("Complete of job %d: %#lx.\n", j, (unsigned long)hr);
        return hr == S_OK;
    }
    if (SUCCEEDED(hr = IBackgroundCopyJob_GetError(bench->job[j], &error)))
    {
        IBackgroundCopyError_GetError(error, &context, &code);
        IBackgroundCopyError_Release(error);
    }
    printf("Job %d: state %d, GetError %#lx, context %d, code %#lx.\n", j, bench->state[j], (unsigned long)hr,
            context, (unsigned long)code);
    IBackgroundCopyJob_Cancel(bench->job[j]);
    return FALSE;
}

/* Returns the sum of the sizes, and how many are absent or of the wrong size. */
static UINT64 look_at_files(const struct bench *bench, int *ret_bad)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    WCHAR local[MAX_PATH];
    UINT64 bytes = 0, size;
    int i;

    for (i = *ret_bad = 0; i < bench->count; i++)
    {
        get_local_name(bench, i, local);
        if (!GetFileAttributesExW(local, GetFileExInfoStandard, &data))
        {
            ++*ret_bad;
            continue;
        }
        size = ((UINT64)data.nFileSizeHigh << 32) | data.nFileSizeLow;
        bytes += size;
        if (bench->verify >= 0 && size != (UINT64)bench->verify)
            ++*ret_bad;
        DeleteFileW(local);
    }
    return bytes;
}

static int download(struct bench *bench)
{
    double start, create, add, resume, resumed, transferred, end;
    UINT64 bytes = 0;
    int j, bad = 0, ok;

    start = now();
    bench->manager = get_manager();
    create = now();
    create_jobs(bench);
    add = now();
    for (j = 0; j < bench->jobs; j++)
        add_files(bench, j);
    resume = now();
    for (j = 0; j < bench->jobs; j++)
        check("Resume", IBackgroundCopyJob_Resume(bench->job[j]));
    resumed = now();
    ok = wait_for_jobs(bench);
    transferred = now();
    for (j = 0; j < bench->jobs; j++)
        ok = complete_job(bench, j) && ok;
    end = now();
    if (!bench->keep)
        bytes = look_at_files(bench, &bad);
    if (bad)
        printf("%d files absent or of the wrong size.\n", bad);
    for (j = 0; j < bench->jobs; j++)
        IBackgroundCopyJob_Release(bench->job[j]);
    IBackgroundCopyManager_Release(bench->manager);
    ok = ok && !bad;
    printf("RESULT files=%d jobs=%d bytes=%llu create=%.4f add=%.4f resume=%.4f transfer=%.4f complete=%.4f "
            "resume_to_end=%.4f create_to_end=%.4f ok=%d\n", bench->count, bench->jobs,
            (unsigned long long)bytes, add - start, resume - add, resumed - resume, transferred - resume,
            end - transferred, end - resume, end - create, ok);
    return !ok;
}

static int compare_doubles(const void *left, const void *right)
{
    double l = *(const double *)left, r = *(const double *)right;

    return l < r ? -1 : l > r;
}

/* The round trip of GetProgress on a job that does nothing. */
static int round_trip(struct bench *bench, int calls)
{
    double *times = allocate(calls * sizeof(*times)), sum = 0, start;
    BG_JOB_PROGRESS progress;
    int i;

    bench->callback = FALSE;
    bench->manager = get_manager();
    create_jobs(bench);
    add_files(bench, 0);
    for (i = -100; i < calls; i++)
    {
        start = now();
        check("GetProgress", IBackgroundCopyJob_GetProgress(bench->job[0], &progress));
        if (i < 0)
            continue;
        times[i] = (now() - start) * 1e6;
        sum += times[i];
    }
    IBackgroundCopyJob_Cancel(bench->job[0]);
    IBackgroundCopyJob_Release(bench->job[0]);
    IBackgroundCopyManager_Release(bench->manager);
    qsort(times, calls, sizeof(*times), compare_doubles);
    printf("RESULT calls=%d median_us=%.1f mean_us=%.1f p99_us=%.1f ok=1\n", calls, times[calls / 2], sum / calls,
            times[calls * 99 / 100]);
    free(times);
    return 0;
}

static int first_byte(struct bench *bench)
{
    double start = now(), connected, seen;
    BG_JOB_PROGRESS progress = { 0 };
    BG_JOB_STATE state = BG_JOB_STATE_SUSPENDED;

    bench->callback = FALSE;
    bench->manager = get_manager();
    connected = now();
    create_jobs(bench);
    add_files(bench, 0);
    check("Resume", IBackgroundCopyJob_Resume(bench->job[0]));
    do
    {
        if (now() - start > bench->timeout)
            break;
        Sleep(1);
        /* In this order: what a final state says has reached the progress. */
        check("GetState", IBackgroundCopyJob_GetState(bench->job[0], &state));
        check("GetProgress", IBackgroundCopyJob_GetProgress(bench->job[0], &progress));
    }
    while (!progress.BytesTransferred && !is_final(state));
    seen = now();
    if (!progress.BytesTransferred)
        printf("No byte in state %d.\n", state);
    IBackgroundCopyJob_Cancel(bench->job[0]);
    IBackgroundCopyJob_Release(bench->job[0]);
    IBackgroundCopyManager_Release(bench->manager);
    printf("RESULT connect=%.4f first_byte=%.4f ok=%d\n", connected - start, seen - start,
            progress.BytesTransferred != 0);
    return !progress.BytesTransferred;
}

static const WCHAR *option(int argc, WCHAR **argv, const WCHAR *name)
{
    size_t length = wcslen(name);
    int i;

    for (i = 1; i < argc; i++)
    {
        if (!wcsncmp(argv[i], L"--", 2) && !wcsncmp(argv[i] + 2, name, length))
        {
            if (argv[i][length + 2] == '=')
                return argv[i] + length + 3;
            if (!argv[i][length + 2])
                return L"";
        }
    }
    return NULL;
}

static int option_number(int argc, WCHAR **argv, const WCHAR *name, int value)
{
    const WCHAR *text = option(argc, argv, name);

    return text ? _wtoi(text) : value;
}

static BG_JOB_PRIORITY parse_priority(const WCHAR *text)
{
    switch (text ? text[0] : 'f')
    {
    case 'h':
        return BG_JOB_PRIORITY_HIGH;
    case 'n':
        return BG_JOB_PRIORITY_NORMAL;
    case 'l':
        return BG_JOB_PRIORITY_LOW;
    default:
        return BG_JOB_PRIORITY_FOREGROUND;
    }
}

int __cdecl wmain(int argc, WCHAR **argv);

int __cdecl wmain(int argc, WCHAR **argv)
{
    struct bench bench = { 0 };
    const WCHAR *text;
    int calls, ret;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (option(argc, argv, L"hold"))
    {
        printf("RESULT ok=1\n");
        while (getchar() != EOF)
            ;
        return 0;
    }
    bench.url = option(argc, argv, L"url");
    bench.prefix = option(argc, argv, L"prefix");
    bench.dest = option(argc, argv, L"dest");
    bench.suffix = (text = option(argc, argv, L"suffix")) ? text : L"";
    bench.count = option_number(argc, argv, L"count", 1);
    bench.jobs = option_number(argc, argv, L"jobs", 1);
    bench.timeout = option_number(argc, argv, L"timeout", 600);
    bench.verify = (text = option(argc, argv, L"verify")) ? _wtoi64(text) : -1;
    bench.keep = option(argc, argv, L"keep") != NULL;
    bench.set = option(argc, argv, L"set") != NULL;
    bench.priority = parse_priority(option(argc, argv, L"prio"));
    bench.callback = !(text = option(argc, argv, L"wait")) || wcsncmp(text, L"poll:", 5);
    bench.poll_ms = bench.callback ? 0 : _wtoi(text + 5);
    if (!bench.dest || (!bench.url && !bench.prefix) || bench.count < 1 || bench.jobs < 1 ||
            bench.jobs > bench.count)
    {
        printf("See the comment at the top of bitsbench.c.\n");
        return 2;
    }

    CreateDirectoryW(bench.dest, NULL);
    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    bench.job = allocate(bench.jobs * sizeof(*bench.job));
    bench.state = allocate(bench.jobs * sizeof(*bench.state));
    check("CoInitializeEx", CoInitializeEx(NULL, COINIT_MULTITHREADED));
    /* The service impersonates its clients. */
    CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_CONNECT, RPC_C_IMP_LEVEL_IMPERSONATE, NULL,
            EOAC_NONE, NULL);
    if ((calls = option_number(argc, argv, L"rtt", 0)) > 0)
        ret = round_trip(&bench, calls);
    else if (option(argc, argv, L"first-byte"))
        ret = first_byte(&bench);
    else
        ret = download(&bench);
    CoUninitialize();
    CloseHandle(event);
    free(bench.job);
    free(bench.state);
    return ret;
}
