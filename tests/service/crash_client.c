/*
 * A client whose service is killed again and again: what it was told is true afterwards.
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

/*
 * crash_client URL DIR ROUNDS SEED [continue]
 *
 * When the service does not come back it prints "stuck", and another client may continue in its place: Wine's own
 * servers can be left in a state by the kill that only a new start of the prefix ends.
 *
 * Prints "up" in each round when the service has been found in order and is busy; crash.sh then kills it at a
 * random moment.  Meanwhile the client adds files, sets properties, suspends and resumes; what has succeeded must
 * be there in the next round.  In the last rounds it is Complete that is killed.
 */

#include <stdio.h>
#include <stdlib.h>
#include "../com/util.h"
#include "../server/content.h"

#define MAX_FILES 400
#define COMPLETE_ROUNDS 5
#define STUCK_TIMEOUT 20000     /* the prefix needs a new start then */

static const char *url, *dir;
static IBackgroundCopyManager *bits;
static IBackgroundCopyJob *job;

/* What the next client has to know, should this one get stuck. */
static struct
{
    GUID id;
    unsigned int random_state;
    unsigned int round, complete_round;
    BOOL is_complete;           /* all is there, and Complete may have been called */
    /* what the service has agreed to, and what it may have done before it was killed */
    unsigned int added, maybe_added;
    unsigned int described, maybe_described;
    unsigned int last_files_done;
} known;

static unsigned int get_random(unsigned int limit)
{
    known.random_state = known.random_state * 1103515245 + 12345;
    return (known.random_state >> 16) % limit;
}

static unsigned int file_size_of(unsigned int index)
{
    return index ? index * 7919 % 40000 : 8000000;
}

static void fail(const char *what, HRESULT hr)
{
    printf("%s: %#lx\n", what, hr);
    fflush(stdout);
    exit(1);
}

static void tell(const char *what)
{
    printf("%s\n", what);
    fflush(stdout);
}

/* Of the codes that mean that the service has gone, Wine has several. */
static BOOL has_died(HRESULT hr)
{
    return HRESULT_FACILITY(hr) == FACILITY_RPC
            || (HRESULT_FACILITY(hr) == FACILITY_WIN32 && HRESULT_CODE(hr) >= 1700 && HRESULT_CODE(hr) <= 1799)
            || hr == CO_E_OBJNOTCONNECTED || hr == CO_E_SERVER_EXEC_FAILURE
            || hr == HRESULT_FROM_WIN32(ERROR_SERVICE_REQUEST_TIMEOUT)
            || hr == HRESULT_FROM_WIN32(ERROR_BROKEN_PIPE) || hr == HRESULT_FROM_WIN32(ERROR_PIPE_NOT_CONNECTED)
            || hr == HRESULT_FROM_WIN32(ERROR_NO_DATA) || hr == REGDB_E_CLASSNOTREG;
}

static void hand_over(BOOL is_taking)
{
    char name[MAX_PATH];
    size_t count = 0;
    FILE *file;

    snprintf(name, sizeof(name), "%s\\known", dir);
    if ((file = fopen(name, is_taking ? "rb" : "wb")))
    {
        count = is_taking ? fread(&known, sizeof(known), 1, file) : fwrite(&known, sizeof(known), 1, file);
        fclose(file);
    }
    if (count != 1)
        fail(name, E_FAIL);
}

static void disconnect(void)
{
    if (job)
        IBackgroundCopyJob_Release(job);
    if (bits)
        IBackgroundCopyManager_Release(bits);
    job = NULL;
    bits = NULL;
}

/* Activation races with the end of the service that was killed, so it may take several attempts.  Each is in an apartment of
 * its own: Wine knows objects by the id of their process, and takes the new service for the dead one when it has got that id. */
static HRESULT connect_to_job(void)
{
    DWORD begin = GetTickCount();
    HRESULT hr;

    for (;;)
    {
        disconnect();
        CoUninitialize();
        CoInitializeEx(NULL, COINIT_MULTITHREADED);
        hr = CoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_LOCAL_SERVER,
                              &IID_IBackgroundCopyManager, (void **)&bits);
        if (SUCCEEDED(hr))
            hr = IBackgroundCopyManager_GetJob(bits, &known.id, &job);
        if (SUCCEEDED(hr) || hr == BG_E_NOT_FOUND)
            return hr;
        if (GetTickCount() - begin > STUCK_TIMEOUT)
        {
            hand_over(FALSE);
            tell("stuck");
            exit(1);
        }
        Sleep(20);
    }
}

static void check(HRESULT hr, const char *what)
{
    if (FAILED(hr))
        fail(what, hr);
}

/* Compares the job with what is known of it. */
static BG_JOB_STATE verify(unsigned int round)
{
    unsigned int number = 0xdead;
    BG_JOB_PROGRESS progress;
    BG_JOB_STATE state;
    WCHAR *text;

    check(IBackgroundCopyJob_GetState(job, &state), "GetState");
    check(IBackgroundCopyJob_GetProgress(job, &progress), "GetProgress");
    check(IBackgroundCopyJob_GetDescription(job, &text), "GetDescription");
    if (swscanf(text, L"%u", &number) != 1 || (number != known.described && number != known.maybe_described))
    {
        printf("Round %u: description %ls instead of %u or %u.\n", round, text, known.described, known.maybe_described);
        fail("GetDescription", E_FAIL);
    }
    CoTaskMemFree(text);
    known.described = known.maybe_described = number;
    if (progress.FilesTotal != known.added && progress.FilesTotal != known.maybe_added)
    {
        printf("Round %u: %lu files instead of %u or %u.\n", round, progress.FilesTotal, known.added, known.maybe_added);
        fail("FilesTotal", E_FAIL);
    }
    known.added = known.maybe_added = progress.FilesTotal;
    if (progress.FilesTransferred > progress.FilesTotal || progress.FilesTransferred < known.last_files_done)
    {
        printf("Round %u: %lu of %lu files done, %u before.\n", round, progress.FilesTransferred,
               progress.FilesTotal, known.last_files_done);
        fail("FilesTransferred", E_FAIL);
    }
    known.last_files_done = progress.FilesTransferred;
    if (state == BG_JOB_STATE_ERROR)
    {
        IBackgroundCopyError *error;
        BG_ERROR_CONTEXT context;
        HRESULT code = S_OK;

        if (SUCCEEDED(IBackgroundCopyJob_GetError(job, &error)))
            IBackgroundCopyError_GetError(error, &context, &code);
        fail("The job is in state ERROR", code);
    }
    if (state == BG_JOB_STATE_ACKNOWLEDGED || state == BG_JOB_STATE_CANCELLED)
        fail("The job is over", state);
    if (progress.BytesTotal != BG_SIZE_UNKNOWN && progress.BytesTransferred > progress.BytesTotal)
        fail("More bytes than there are", E_FAIL);
    return state;
}

static HRESULT add_one(void)
{
    WCHAR remote[1024], local[MAX_PATH];
    HRESULT hr;

    swprintf(remote, ARRAYSIZE(remote), L"%hs%u/%u", url, file_size_of(known.added), known.added + 1);
    swprintf(local, ARRAYSIZE(local), L"%hs\\file%u", dir, known.added);
    known.maybe_added = known.added + 1;
    hr = IBackgroundCopyJob_AddFile(job, remote, local);
    if (SUCCEEDED(hr))
        known.added = known.maybe_added;
    return hr;
}

static HRESULT describe(void)
{
    WCHAR text[32];
    HRESULT hr;

    known.maybe_described = known.described + 1;
    swprintf(text, ARRAYSIZE(text), L"%u", known.maybe_described);
    hr = IBackgroundCopyJob_SetDescription(job, text);
    if (SUCCEEDED(hr))
        known.described = known.maybe_described;
    return hr;
}

/* Until the service is killed. */
static void keep_busy(void)
{
    BG_JOB_PROGRESS progress;
    HRESULT hr;

    for (;;)
    {
        switch (get_random(8))
        {
            case 0: case 1:
                hr = known.added < MAX_FILES ? add_one() : S_OK;
                break;
            case 2: case 3:
                hr = describe();
                break;
            case 4:
                if (SUCCEEDED(hr = IBackgroundCopyJob_Suspend(job)))
                    hr = IBackgroundCopyJob_Resume(job);
                break;
            case 5:
                hr = IBackgroundCopyJob_SetPriority(job, get_random(4));
                break;
            default:
                hr = IBackgroundCopyJob_GetProgress(job, &progress);
                Sleep(get_random(20));
                break;
        }
        if (FAILED(hr))
            break;
    }
    if (!has_died(hr))
        fail("A call", hr);
}

static void check_content_of(unsigned int index)
{
    static unsigned char buffer[65536];
    char name[MAX_PATH];
    UINT64 offset = 0;
    size_t got;
    FILE *file;

    snprintf(name, sizeof(name), "%s\\file%u", dir, index);
    if (!(file = fopen(name, "rb")))
        fail(name, E_FAIL);
    while ((got = fread(buffer, 1, sizeof(buffer), file)))
    {
        if (content_check(buffer, got, index + 1, offset) != got)
            fail("Content is wrong", index);
        offset += got;
    }
    fclose(file);
    if (offset != file_size_of(index))
        fail("Size is wrong", index);
}

/* No kills any more: to the end, whatever state the job was left in. */
static void transfer_all(void)
{
    BG_JOB_PROGRESS progress;
    DWORD begin = GetTickCount();
    UINT64 total = 0;
    unsigned int i;
    BG_JOB_STATE state;

    for (;;)
    {
        check(IBackgroundCopyJob_GetState(job, &state), "GetState");
        check(IBackgroundCopyJob_GetProgress(job, &progress), "GetProgress");
        if (state == BG_JOB_STATE_TRANSFERRED && progress.FilesTransferred == progress.FilesTotal)
            break;
        if (state == BG_JOB_STATE_ERROR)
            fail("The job is in state ERROR", E_FAIL);
        if (state == BG_JOB_STATE_TRANSIENT_ERROR || state == BG_JOB_STATE_SUSPENDED
                || state == BG_JOB_STATE_TRANSFERRED)
            check(IBackgroundCopyJob_Resume(job), "Resume");
        if (GetTickCount() - begin > 2 * TIMEOUT)
            fail("The job does not come to its end", state);
        Sleep(20);
    }
    for (i = 0; i < known.added; i++)
        total += file_size_of(i);
    if (progress.FilesTotal != known.added || progress.BytesTotal != total || progress.BytesTransferred != total)
        fail("Counters are wrong at the end", E_FAIL);
}

static void begin(void)
{
    check(CoCreateInstance(&CLSID_BackgroundCopyManager, NULL, CLSCTX_LOCAL_SERVER,
                           &IID_IBackgroundCopyManager, (void **)&bits), "CoCreateInstance");
    check(IBackgroundCopyManager_CreateJob(bits, L"crash", BG_JOB_TYPE_DOWNLOAD, &known.id, &job), "CreateJob");
    check(IBackgroundCopyJob_SetDescription(job, L"0"), "SetDescription");
    check(add_one(), "AddFile");
}

/* Returns FALSE when the job is over. */
static BOOL connect_to_complete(void)
{
    BG_JOB_STATE state;

    if (connect_to_job() == BG_E_NOT_FOUND)
        return FALSE;
    check(IBackgroundCopyJob_GetState(job, &state), "GetState");
    if (state != BG_JOB_STATE_TRANSFERRED)
        fail("The job is not TRANSFERRED", state);
    return TRUE;
}

static void complete(void)
{
    HRESULT hr;

    for (; connect_to_complete(); known.complete_round++)
    {
        if (known.complete_round < COMPLETE_ROUNDS)
            tell("up");
        hr = IBackgroundCopyJob_Complete(job);
        if (SUCCEEDED(hr))
            break;
        if (!has_died(hr))
            fail("Complete", hr);
    }
}

int main(int argc, char **argv)
{
    unsigned int rounds, i;
    BG_JOB_STATE state;
    HRESULT hr;

    if (argc != 5 && argc != 6)
        return 2;
    url = argv[1];
    dir = argv[2];
    rounds = atoi(argv[3]);
    known.random_state = strtoul(argv[4], NULL, 10);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (argc == 6)
        hand_over(TRUE);
    else
        begin();

    for (; known.round < rounds; known.round++)
    {
        if (FAILED(hr = connect_to_job()))
            fail("GetJob", hr);
        state = verify(known.round);
        if (state == BG_JOB_STATE_SUSPENDED || state == BG_JOB_STATE_TRANSIENT_ERROR
                || state == BG_JOB_STATE_TRANSFERRED)
            check(IBackgroundCopyJob_Resume(job), "Resume");
        tell("up");
        keep_busy();
    }

    if (!known.is_complete)
    {
        if (FAILED(hr = connect_to_job()))
            fail("GetJob", hr);
        verify(known.round);
        tell("down");
        transfer_all();
        known.is_complete = TRUE;
    }
    complete();
    for (i = 0; i < known.added; i++)
        check_content_of(i);
    printf("good %u files\n", known.added);
    return 0;
}
