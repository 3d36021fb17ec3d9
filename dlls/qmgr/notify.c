/*
 * Callbacks and command lines: tells clients what has become of their jobs.
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

#include "config.h"

#include <stdlib.h>

#include "qmgr.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

#define THREADS             4       /* calls in flight (reference/bits.md 5.6) */
#define THREADS_MAX         32      /* when clients hang */
#define SLOW_MS             50      /* a call keeps others waiting then */
#define HUNG_MS             2000    /* a call is long then */
#define IDLE_MS             5000    /* until a thread without work ends */
#define MODIFICATION_MS     500     /* between two JobModification of a job */

enum delivery { DELIVER_NOTHING, DELIVER_FILE, DELIVER_EVENT, DELIVER_MODIFICATION };

/* What a notify thread has taken on. */
struct task
{
    enum delivery what;
    struct job *job;
    ULONG event;                    /* BG_NOTIFY_JOB_TRANSFERRED or _ERROR */
    BG_JOB_STATE state;             /* that the event is about */
    struct file *file;
    IUnknown *object;               /* or NULL */
    UINT32 generation;
    HANDLE process;                 /* of a command line */
};

/* ---- What is to be delivered ---- */

/* What comes next for a job.  *ret_due: when to look again for a JobModification, or 0. */
static enum delivery choose_locked(struct job *job, UINT64 *ret_due)
{
    ULONG flags = job->ints[JOB_NOTIFY_FLAGS];
    UINT64 now;

    *ret_due = 0;
    if (state_is_final(job->state) || job->notify_busy || manager.closing || (flags & BG_NOTIFY_DISABLE))
        return DELIVER_NOTHING;
    if (!job->notify_waiting)
    {
        if (job->notify && job->has_callback2 && (flags & BG_NOTIFY_FILE_TRANSFERRED) && !list_empty(&job->arrived))
            return DELIVER_FILE;
        if ((job->notify_pending & flags) && (job->notify || job->texts[JOB_CMD_PROGRAM]))
            return DELIVER_EVENT;
    }
    if (job->notify && job->notify_modified && (flags & BG_NOTIFY_JOB_MODIFICATION))
    {
        now = engine_now(manager.engine);
        if (!job->notify_time || now - job->notify_time >= MODIFICATION_MS)
            return DELIVER_MODIFICATION;
        *ret_due = job->notify_time + MODIFICATION_MS;
    }
    return DELIVER_NOTHING;
}

static DWORD CALLBACK notify_thread(void *arg);

/* Another thread for the queue, if there may be one. */
static void add_thread_locked(void)
{
    HANDLE thread;

    /* Not in the model's lock for long: this makes a thread only when none is idle. */
    if ((thread = CreateThread(NULL, 0, notify_thread, NULL, 0, NULL)))
    {
        manager.notify_threads++;
        CloseHandle(thread);
    }
}

/* How long a call may keep the others waiting before they get another thread. */
static UINT64 patience_locked(void)
{
    return manager.notify_threads < THREADS ? SLOW_MS : HUNG_MS;
}

static void CALLBACK relieve(PTP_CALLBACK_INSTANCE instance, void *context)
{
    AcquireSRWLockExclusive(&manager.lock);
    if (!manager.closing && !list_empty(&manager.notify_queue) && !manager.notify_idle
            && manager.notify_threads < THREADS_MAX)
        add_thread_locked();
    if (!manager.closing && !list_empty(&manager.notify_queue))
        timer_set(manager.engine, &manager.notify_timer, engine_now(manager.engine) + patience_locked());
    ReleaseSRWLockExclusive(&manager.lock);
}

static void relieve_fire(struct timer *timer)
{
    TrySubmitThreadpoolCallback(relieve, NULL, NULL);
}

static void kick_locked(struct job *job)
{
    UINT64 due;

    if (job->notify_queued)
        return;
    if (choose_locked(job, &due) == DELIVER_NOTHING)
    {
        /* A redelivery that is being waited for has the timer. */
        if (due && !job->notify_waiting)
            timer_set(manager.engine, &job->notify_timer, due);
        return;
    }
    job->notify_queued = TRUE;
    list_add_tail(&manager.notify_queue, &job->notify_entry);
    job_addref(job);
    if (manager.notify_idle)
        WakeConditionVariable(&manager.notify_wake);
    else if (!manager.notify_threads)
        add_thread_locked();
    else if (!manager.notify_timer.index)
        timer_set(manager.engine, &manager.notify_timer, engine_now(manager.engine) + patience_locked());
}

void notify_kick(struct job *job)
{
    AcquireSRWLockExclusive(&manager.lock);
    kick_locked(job);
    ReleaseSRWLockExclusive(&manager.lock);
}

void job_modified(struct job *job)
{
    AcquireSRWLockExclusive(&manager.lock);
    if (job->notify && (job->ints[JOB_NOTIFY_FLAGS] & BG_NOTIFY_JOB_MODIFICATION))
    {
        job->notify_modified = TRUE;
        kick_locked(job);
    }
    ReleaseSRWLockExclusive(&manager.lock);
}

void notify_timer_fired(struct job *job)
{
    AcquireSRWLockExclusive(&manager.lock);
    job->notify_waiting = FALSE;
    kick_locked(job);
    ReleaseSRWLockExclusive(&manager.lock);
}

/* ---- The end of a delivery ---- */

/* Its client is gone, nothing will ever reach it again. */
static BOOL is_dead(HRESULT hr)
{
    return hr == RPC_E_DISCONNECTED || hr == RPC_E_SERVER_DIED || hr == RPC_E_SERVER_DIED_DNE
            || hr == CO_E_OBJNOTCONNECTED || hr == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)
            || hr == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED) || hr == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED_DNE)
            || hr == HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF);
}

static void drop_object(struct task *task)
{
    IUnknown *object = NULL;

    WARN("job %p: the client is gone.\n", task->job);
    AcquireSRWLockExclusive(&manager.lock);
    if (task->job->notify_generation == task->generation)
    {
        object = task->job->notify;
        task->job->notify = NULL;
    }
    ReleaseSRWLockExclusive(&manager.lock);
    if (object)
        IUnknown_Release(object);
}

static void finish_task(struct task *task, HRESULT hr)
{
    BOOL is_file_done = FALSE, is_event_done = FALSE;
    struct job *job = task->job;
    struct change change;

    AcquireSRWLockExclusive(&manager.lock);
    job->notify_busy = FALSE;
    manager.holders--;
    if (!state_is_final(job->state) && !manager.closing)
    {
        if (task->what == DELIVER_FILE && SUCCEEDED(hr))
        {
            task->file->flags |= FILE_NOTIFIED;
            is_file_done = TRUE;
        }
        else if (task->what == DELIVER_FILE)
        {
            /* It stays the first one; the next files wait for it. */
            list_add_head(&job->arrived, &task->file->entry);
        }
        else if (task->what == DELIVER_EVENT && SUCCEEDED(hr) && job->state == task->state
                && job->notify_generation == task->generation)
        {
            job->notify_pending = 0;
            is_event_done = TRUE;
        }
        if (FAILED(hr) && job->notify_generation == task->generation
                && (task->what == DELIVER_EVENT || (task->what == DELIVER_FILE && job->has_callback2))
                && (job->notify || job->texts[JOB_CMD_PROGRAM]))
        {
            job->notify_waiting = TRUE;
            timer_set(manager.engine, &job->notify_timer, engine_now(manager.engine)
                    + job->ints[JOB_MINIMUM_RETRY_DELAY] * (UINT64)1000);
        }
    }
    ReleaseSRWLockExclusive(&manager.lock);

    /* Not for a job that its client has completed meanwhile. */
    if ((is_file_done || is_event_done) && SUCCEEDED(job_begin(job)))
    {
        change_begin(&change, job);
        if (is_file_done)
            change_file(&change, task->file);
        else
            change_delete(&change, KEY_NOTIFY_PENDING);
        change_commit_async(&change);
        job_end(job);
    }
    notify_kick(job);
    hold_changed();
    if (task->object)
        IUnknown_Release(task->object);
    job_release(job);
    free(task);
}

/* ---- Command lines ---- */

static void CALLBACK command_over(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WAIT wait,
        TP_WAIT_RESULT result)
{
    struct task *task = context;
    DWORD code = ~0u;

    GetExitCodeProcess(task->process, &code);
    TRACE("job %p: the command ended with %lu.\n", task->job, code);
    CloseHandle(task->process);
    CloseThreadpoolWait(wait);
    finish_task(task, code ? E_FAIL : S_OK);
}

/* Runs the job's command line.  On success the task ends with the process. */
static BOOL run_command(struct task *task)
{
    STARTUPINFOW startup = { sizeof(startup) };
    WCHAR *program, *parameters;
    PROCESS_INFORMATION info;
    PTP_WAIT wait = NULL;
    BOOL ret = FALSE;

    AcquireSRWLockShared(&manager.lock);
    program = wide_dup(task->job->texts[JOB_CMD_PROGRAM]);
    parameters = wide_dup(task->job->texts[JOB_CMD_PARAMETERS]);
    ReleaseSRWLockShared(&manager.lock);
    if (!program || !(wait = CreateThreadpoolWait(command_over, task, NULL)))
        goto done;
    if (!CreateProcessW(program, parameters, NULL, NULL, FALSE, CREATE_UNICODE_ENVIRONMENT, NULL, NULL,
            &startup, &info))
    {
        WARN("job %p: cannot run %s, error %lu.\n", task->job, debugstr_w(program), GetLastError());
        goto done;
    }
    TRACE("job %p: runs %s.\n", task->job, debugstr_w(program));
    CloseHandle(info.hThread);
    task->process = info.hProcess;
    SetThreadpoolWait(wait, info.hProcess, NULL);
    ret = TRUE;
done:
    if (!ret && wait)
        CloseThreadpoolWait(wait);
    free(program);
    free(parameters);
    return ret;
}

/* ---- Callbacks ---- */

static HRESULT call_event(struct task *task, IBackgroundCopyJob *job)
{
    IBackgroundCopyCallback *callback;
    IBackgroundCopyError *error_object;
    struct job_error error;
    HRESULT hr;

    if (FAILED(hr = IUnknown_QueryInterface(task->object, &IID_IBackgroundCopyCallback, (void **)&callback)))
        return hr;
    if (task->event == BG_NOTIFY_JOB_TRANSFERRED)
    {
        TRACE("job %p: JobTransferred.\n", task->job);
        hr = IBackgroundCopyCallback_JobTransferred(callback, job);
    }
    else if (FAILED(job_get_error(task->job, &error)))
    {
        /* The client was faster: there is no error any more. */
        hr = S_OK;
    }
    else if (SUCCEEDED(hr = error_object_create(task->job, &error, &error_object)))
    {
        TRACE("job %p: JobError.\n", task->job);
        hr = IBackgroundCopyCallback_JobError(callback, job, error_object);
        IBackgroundCopyError_Release(error_object);
    }
    IBackgroundCopyCallback_Release(callback);
    return hr;
}

static HRESULT call_modification(struct task *task, IBackgroundCopyJob *job)
{
    IBackgroundCopyCallback *callback;
    HRESULT hr;

    if (FAILED(hr = IUnknown_QueryInterface(task->object, &IID_IBackgroundCopyCallback, (void **)&callback)))
        return hr;
    hr = IBackgroundCopyCallback_JobModification(callback, job, 0);
    IBackgroundCopyCallback_Release(callback);
    return hr;
}

static HRESULT call_file(struct task *task, IBackgroundCopyJob *job)
{
    IBackgroundCopyCallback2 *callback;
    IBackgroundCopyFile *file;
    HRESULT hr;

    hr = IUnknown_QueryInterface(task->object, &IID_IBackgroundCopyCallback2, (void **)&callback);
    if (hr == E_NOINTERFACE)
    {
        AcquireSRWLockExclusive(&manager.lock);
        if (task->job->notify_generation == task->generation)
            task->job->has_callback2 = FALSE;
        ReleaseSRWLockExclusive(&manager.lock);
    }
    if (FAILED(hr))
        return hr;
    if (SUCCEEDED(hr = file_object_create(task->file, &file)))
    {
        TRACE("job %p: FileTransferred, file %u.\n", task->job, task->file->index);
        hr = IBackgroundCopyCallback2_FileTransferred(callback, job, file);
        IBackgroundCopyFile_Release(file);
    }
    IBackgroundCopyCallback2_Release(callback);
    return hr;
}

static void run_task(struct task *task)
{
    IBackgroundCopyJob *job;
    HRESULT hr = E_FAIL;

    if (task->object && SUCCEEDED(hr = job_object_create(task->job, &job)))
    {
        if (task->what == DELIVER_FILE)
            hr = call_file(task, job);
        else if (task->what == DELIVER_EVENT)
            hr = call_event(task, job);
        else
            hr = call_modification(task, job);
        IBackgroundCopyJob_Release(job);
    }
    if (FAILED(hr) && task->object)
        WARN("job %p: the client's object answers %#lx.\n", task->job, hr);
    if (is_dead(hr))
        drop_object(task);
    if (FAILED(hr) && task->what == DELIVER_EVENT && run_command(task))
        return;
    finish_task(task, hr);
}

/* ---- The threads ---- */

/* Takes the next job with something to deliver; the task gets the queue's reference. */
static BOOL take_task_locked(struct task *task)
{
    struct job *job = LIST_ENTRY(list_head(&manager.notify_queue), struct job, notify_entry);
    UINT64 due;

    list_remove(&job->notify_entry);
    job->notify_queued = FALSE;
    memset(task, 0, sizeof(*task));
    task->job = job;
    task->what = choose_locked(job, &due);
    if (task->what == DELIVER_NOTHING)
        return FALSE;
    if (task->what == DELIVER_FILE)
    {
        task->file = LIST_ENTRY(list_head(&job->arrived), struct file, entry);
        list_remove(&task->file->entry);
    }
    else if (task->what == DELIVER_EVENT)
    {
        task->event = job->notify_pending;
        task->state = job->state;
    }
    else
    {
        job->notify_modified = FALSE;
        job->notify_time = engine_now(manager.engine);
    }
    if ((task->object = job->notify))
        IUnknown_AddRef(task->object);
    task->generation = job->notify_generation;
    job->notify_busy = TRUE;
    manager.holders++;
    return TRUE;
}

static DWORD CALLBACK notify_thread(void *arg)
{
    struct task *task;
    BOOL is_timeout = FALSE;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    AcquireSRWLockExclusive(&manager.lock);
    for (;;)
    {
        while (list_empty(&manager.notify_queue) && !manager.closing && !is_timeout)
        {
            manager.notify_idle++;
            is_timeout = !SleepConditionVariableSRW(&manager.notify_wake, &manager.lock, IDLE_MS, 0);
            manager.notify_idle--;
        }
        if (list_empty(&manager.notify_queue) || manager.closing)
            break;
        is_timeout = FALSE;
        if (!(task = malloc(sizeof(*task))))
            break;
        if (!take_task_locked(task))
        {
            struct job *job = task->job;

            ReleaseSRWLockExclusive(&manager.lock);
            job_release(job);
            free(task);
            AcquireSRWLockExclusive(&manager.lock);
            continue;
        }
        ReleaseSRWLockExclusive(&manager.lock);
        hold_changed();
        run_task(task);
        AcquireSRWLockExclusive(&manager.lock);
    }
    manager.notify_threads--;
    ReleaseSRWLockExclusive(&manager.lock);
    CoUninitialize();
    return 0;
}

/* ---- Registration ---- */

HRESULT job_set_notify_interface(struct job *job, IUnknown *object)
{
    IUnknown *old;
    HRESULT hr;

    if (FAILED(hr = job_begin(job)))
        return hr;
    if (object)
        IUnknown_AddRef(object);
    AcquireSRWLockExclusive(&manager.lock);
    old = job->notify;
    job->notify = object;
    job->notify_generation++;
    job->has_callback2 = object != NULL;
    GetSystemTimeAsFileTime(&job->modified);
    if (object)
    {
        /* A client that came back wants to hear what happened meanwhile (reference/bits.md 5.6). */
        if (job->state == BG_JOB_STATE_TRANSFERRED)
            job->notify_pending = BG_NOTIFY_JOB_TRANSFERRED;
        else if (job->state == BG_JOB_STATE_ERROR)
            job->notify_pending = BG_NOTIFY_JOB_ERROR;
        job->notify_waiting = FALSE;
        kick_locked(job);
    }
    ReleaseSRWLockExclusive(&manager.lock);
    job_end(job);
    if (old)
        IUnknown_Release(old);
    return S_OK;
}

IUnknown *job_get_notify_interface(struct job *job)
{
    IUnknown *object;

    AcquireSRWLockShared(&manager.lock);
    if ((object = job->notify))
        IUnknown_AddRef(object);
    ReleaseSRWLockShared(&manager.lock);
    return object;
}

void notify_end(struct job *job)
{
    IUnknown *object;

    timer_cancel(manager.engine, &job->notify_timer);
    AcquireSRWLockExclusive(&manager.lock);
    object = job->notify;
    job->notify = NULL;
    job->notify_generation++;
    ReleaseSRWLockExclusive(&manager.lock);
    if (object)
        IUnknown_Release(object);
}

void notify_init(void)
{
    list_init(&manager.notify_queue);
    InitializeConditionVariable(&manager.notify_wake);
    timer_init(&manager.notify_timer, relieve_fire);
}

void notify_stop(void)
{
    /* A thread in a call of a client is not waited for: the process ends. */
    WakeAllConditionVariable(&manager.notify_wake);
}
