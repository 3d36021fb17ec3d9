/*
 * The BITS service: its job model, and who may touch what.
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

#ifndef WINEBITS_QMGR_H
#define WINEBITS_QMGR_H

#include <stdarg.h>
#include <windef.h>
#include <winbase.h>
#include <objbase.h>
#include <bits.h>
#include <bitsmsg.h>

#include "../engine/engine.h"
#include "wine/list.h"

struct job;
struct file;
struct transfer;

/* What bits 0x1f allow; bits10_1.h has the sixth. */
#define NOTIFY_FLAGS_ALL 0x3f

/*
 * Locks
 *
 * manager.lock guards the whole model: every field of manager, job and file that does not say
 * otherwise.  It is never held around COM, file I/O, the store, service control or a wait.
 * manager.queue_lock guards what the engine's loop thread hands over; it is the inner one of the two
 * and is held for a few instructions only.
 *
 * A job that is busy belongs to one thread: only that thread moves its state, changes what a client
 * can set, or adds files.  Clients wait for their turn; the model thread does not, it comes back.
 */

/* ---- hash.c: chained hash tables over embedded nodes, for the jobs' ids and the part files' numbers ---- */

struct hash_node
{
    struct hash_node *next;
    UINT32 hash;
};

struct hash
{
    struct hash_node **buckets;
    UINT32 mask;                    /* number of buckets - 1 */
    UINT32 count;
};

HRESULT hash_init(struct hash *hash);
void hash_free(struct hash *hash);
void hash_add(struct hash *hash, struct hash_node *node, UINT32 value);
void hash_remove(struct hash *hash, struct hash_node *node);
/* First node of that value, or next one after node. */
struct hash_node *hash_first(const struct hash *hash, UINT32 value);
struct hash_node *hash_next(const struct hash_node *node);

/* ---- The objects ---- */

/* Properties that are plain numbers.  The values are keys of the store: never renumber. */
enum job_int
{
    JOB_PRIORITY = 1,               /* BG_JOB_PRIORITY */
    JOB_NOTIFY_FLAGS = 2,
    JOB_MINIMUM_RETRY_DELAY = 3,
    JOB_NO_PROGRESS_TIMEOUT = 4,
    JOB_MAXIMUM_DOWNLOAD_TIME = 5,
    JOB_PROXY_USAGE = 6,            /* BG_JOB_PROXY_USAGE */
    JOB_SECURITY_FLAGS = 7,
    JOB_FILE_ACL_FLAGS = 8,
    JOB_PEER_FLAGS = 9,
    JOB_INT_COUNT
};

/* Properties that are text; NULL means "none".  Keys of the store are 0x100 more. */
enum job_text
{
    JOB_DISPLAY_NAME = 1,
    JOB_DESCRIPTION = 2,
    JOB_OWNER = 3,                  /* SID */
    JOB_CMD_PROGRAM = 4,
    JOB_CMD_PARAMETERS = 5,
    JOB_PROXY_LIST = 6,
    JOB_PROXY_BYPASS = 7,
    JOB_CUSTOM_HEADERS = 8,         /* sealed on disk */
    JOB_TEXT_COUNT
};

/* Bits of struct store_file.flags: on disk, never renumber. */
#define FILE_DONE      0x0001       /* the part file is whole */
#define FILE_COMMITTED 0x0002       /* it has its final name */
#define FILE_NOTIFIED  0x0004       /* FileTransferred was delivered */

struct file
{
    struct job *job;                /* fixed; whoever holds a file holds its job */
    UINT32 index;                   /* fixed; order of addition */
    UINT32 part_id;                 /* fixed; the digits in the part file's name */
    struct hash_node part_node;     /* in manager.parts */
    const WCHAR *local;             /* fixed; behind the structure */
    WCHAR *remote;
    UINT64 size;                    /* ENGINE_SIZE_UNKNOWN until known */
    UINT64 offset;                  /* good bytes in the part file, as of the last event */
    UINT64 stored_offset;           /* the same as the store knows it */
    char *etag;
    char *last_modified;
    UINT32 flags;                   /* FILE_* */
    UINT32 changes;                 /* restarts without progress because the remote file changed */
    struct transfer *transfer;      /* while the engine works on it */
    struct list again;              /* in job.again, to be submitted out of turn */
    BOOL is_again;
};

struct job_error
{
    BG_ERROR_CONTEXT context;
    HRESULT code;
    struct file *file;              /* or NULL; whoever holds the record holds the job */
    const WCHAR *protocol;          /* "http", "file", or NULL; static */
};

struct job
{
    LONG refcount;                  /* interlocked: model, queue, COM objects, notify threads */
    UINT64 id;                      /* fixed; the store's */
    GUID guid;                      /* fixed */
    BG_JOB_TYPE type;               /* fixed */
    struct group *group;            /* fixed */

    struct list entry;              /* in manager.jobs while live */
    struct hash_node guid_node;     /* in manager.guids while live */

    BG_JOB_STATE state;             /* written by job_post() and load.c only */
    BOOL busy;                      /* some thread changes the job now */
    BOOL deferred;                  /* the model thread wants to look at it when that is over */
    ULONG ints[JOB_INT_COUNT];      /* written while busy */
    WCHAR *texts[JOB_TEXT_COUNT];   /* written while busy */
    struct job_error error;         /* valid in ERROR and TRANSIENT_ERROR */
    ULONG error_count;
    FILETIME created, modified, transferred;

    struct file **files;            /* grows only, in order of addition */
    UINT32 file_count, file_capacity;
    UINT32 done_count;              /* of FILE_DONE */
    UINT32 unknown_count;           /* sizes not known */
    UINT64 bytes_total;             /* of the known sizes */
    UINT64 bytes_done;              /* sum of the offsets */

    UINT32 next;                    /* first file never submitted since the last start of transfers */
    struct list again;              /* files to submit out of turn */
    UINT32 submitted;               /* transfers the engine has */
    UINT32 connecting, transferring;    /* of these, by phase */
    BOOL running;                   /* transfers may be submitted */
    BOOL stopping;                  /* submitted ones were cancelled */
    BOOL failed;                    /* failure holds why the job stops */
    struct xfer_result failure;
    struct file *failure_file;

    UINT64 no_progress_since;       /* first transient error without progress after it, or 0 */
    UINT64 failed_at;               /* when TRANSIENT_ERROR was entered */
    ULONG retry_after;              /* seconds the server asked for */
    UINT64 active_since;            /* when CONNECTING or TRANSFERRING was entered, or 0 */
    UINT64 active_time;             /* milliseconds in these states before that, since Resume */
    UINT64 stored_at;               /* when the offsets were written last */

    IUnknown *notify;               /* the client's object, or NULL */
    ULONG notify_pending;           /* BG_NOTIFY_JOB_TRANSFERRED or _ERROR not delivered yet, or 0 */
    BOOL notify_modified;           /* JobModification is due */
    BOOL notify_busy;               /* a notify thread has the job */
    BOOL notify_queued;             /* in manager.notify_queue */
    BOOL notify_waiting;            /* for notify_timer, after a failed delivery */
    UINT32 notify_file;             /* next file to look at for FileTransferred */
    UINT64 notify_time;             /* of the last JobModification */
    struct list notify_entry;

    struct timer state_timer;       /* retry, no progress, maximum download time */
    struct timer notify_timer;      /* redelivery, JobModification */

    /* guarded by manager.queue_lock */
    struct list queue_entry;        /* in manager.queue */
    BOOL is_queued;
    ULONG queue_flags;              /* WORK_* */
    struct list dirty;              /* transfers with events */
};

struct manager
{
    SRWLOCK lock;
    CONDITION_VARIABLE changed;     /* busy and submitted of some job */
    struct engine *engine;          /* fixed */
    struct store *store;            /* fixed */
    UINT64 next_id;
    struct list jobs;               /* live ones, in order of creation */
    UINT32 job_count;
    struct hash guids;
    struct hash parts;              /* numbers of part files of live jobs */
    UINT32 holders;                 /* reasons to hold the prefix open */
    UINT32 closing;                 /* the service stops: no job moves any more */
    struct timer purge_timer;       /* inactivity */

    struct list notify_queue;       /* jobs with something to deliver */
    CONDITION_VARIABLE notify_wake;
    UINT32 notify_threads, notify_idle;

    SRWLOCK queue_lock;
    CONDITION_VARIABLE queue_wake;
    struct list queue;              /* jobs with work for the model thread */
    BOOL queue_stop;
    HANDLE thread;                  /* the model thread */
};

extern struct manager manager;

/* ---- model.c: the job list ---- */

HRESULT model_start(void);          /* opens the store, loads, starts the engine and the model thread */
void model_stop(void);              /* writes everything down and stops them */
HRESULT model_create_job(const WCHAR *name, BG_JOB_TYPE type, struct job **ret_job);
/* A live job: S_OK with a reference, or BG_E_NOT_FOUND. */
HRESULT model_find_job(const GUID *guid, struct job **ret_job);
/* Every live job, referenced; the array is to be freed after the references. */
HRESULT model_enum_jobs(struct job ***ret_jobs, UINT32 *ret_count);
struct job *job_addref(struct job *job);
void job_release(struct job *job);

/* Files.  The snapshot of an enumerator is their number: files are only ever added. */
HRESULT job_add_files(struct job *job, UINT32 count, const BG_FILE_INFO *files);  /* all or none */
UINT32 job_get_file_count(struct job *job);
struct file *job_get_file(struct job *job, UINT32 index);       /* lives as long as the job */
void file_get_progress(struct file *file, BG_FILE_PROGRESS *progress);
/* Strings for a client come from CoTaskMemAlloc. */
HRESULT file_get_remote_name(struct file *file, WCHAR **ret_name);
HRESULT file_get_local_name(struct file *file, WCHAR **ret_name);
HRESULT file_get_temporary_name(struct file *file, WCHAR **ret_name);
HRESULT file_set_remote_name(struct file *file, const WCHAR *url);
HRESULT job_replace_remote_prefix(struct job *job, const WCHAR *old, const WCHAR *new); /* S_FALSE: none */
WCHAR *file_part_path(const struct file *file);                 /* free() */

/* ---- job_props.c: what a client sets and reads ---- */

/* A change waits until the job is not busy, is BG_E_INVALID_STATE for one in a final state, and is
 * durable on return.  The caller has checked the value. */
HRESULT job_set_int(struct job *job, enum job_int which, ULONG value);
HRESULT job_set_text(struct job *job, enum job_text which, const WCHAR *text);  /* NULL: none */
HRESULT job_set_proxy(struct job *job, BG_JOB_PROXY_USAGE usage, const WCHAR *list, const WCHAR *bypass);
HRESULT job_set_notify_cmdline(struct job *job, const WCHAR *program, const WCHAR *parameters);
HRESULT job_take_ownership(struct job *job, const WCHAR *sid);
ULONG job_get_int(struct job *job, enum job_int which);
/* CoTaskMemAlloc; S_FALSE and NULL when there is none. */
HRESULT job_get_text(struct job *job, enum job_text which, WCHAR **ret_text);
/* Both or none. */
HRESULT job_get_proxy(struct job *job, BG_JOB_PROXY_USAGE *usage, WCHAR **ret_list, WCHAR **ret_bypass);
BG_JOB_STATE job_get_state(struct job *job);
void job_get_progress(struct job *job, BG_JOB_PROGRESS *progress);
void job_get_times(struct job *job, BG_JOB_TIMES *times);
ULONG job_get_error_count(struct job *job);
/* A copy of the record, or BG_E_ERROR_INFORMATION_UNAVAILABLE. */
HRESULT job_get_error(struct job *job, struct job_error *error);
/* For any setter that is not one of the above: the job is the caller's from begin to end. */
HRESULT job_begin(struct job *job);
void job_end(struct job *job);
/* CoTaskMemAlloc'ed copy of a string; NULL in, NULL and S_OK out. */
HRESULT client_string(const WCHAR *string, WCHAR **ret_string);

/* ---- state.c: the job state table ---- */

enum job_event
{
    /* from clients */
    JOB_RESUME,
    JOB_SUSPEND,
    JOB_CANCEL,
    JOB_COMPLETE,
    /* from the model thread */
    JOB_CONNECTING,
    JOB_CONNECTED,
    JOB_REQUEUED,                   /* no transfer runs any more, some wait */
    JOB_FINISHED,                   /* the last file is whole */
    JOB_FAILED,                     /* worth trying again */
    JOB_BROKEN,                     /* for good */
    JOB_RETRY,                      /* the retry delay is over */
};

/* The only writer of the state.  Returns when the move is made and durable; success codes other than
 * S_OK are BG_S_PARTIAL_COMPLETE and BG_S_UNABLE_TO_DELETE_FILES; no such move: BG_E_INVALID_STATE. */
HRESULT job_post(struct job *job, enum job_event event);
BOOL state_is_final(BG_JOB_STATE state);
BOOL state_is_active(BG_JOB_STATE state);       /* QUEUED, CONNECTING, TRANSFERRING */
const char *debugstr_state(BG_JOB_STATE state);

/* ---- transfer.c: a job's files on their way through the engine; the model thread ---- */

#define WORK_TIMER    0x0001        /* state_timer fired */
#define WORK_LOOK     0x0002        /* the job is to be looked at again */

HRESULT transfer_start_thread(void);
void transfer_stop_thread(void);
void job_queue_work(struct job *job, ULONG flags);
/* With the job busy: lets transfers be submitted, and cancels all of them and waits for the end. */
void job_start_transfers(struct job *job);
HRESULT job_stop_transfers(struct job *job);
/* Live figures of a file that is being transferred. */
void file_get_live_progress_locked(const struct file *file, UINT64 *offset, UINT64 *size);

/* ---- notify.c: callbacks and command lines ---- */

/* Last caller wins, NULL clears and lets go of the object at once. */
HRESULT job_set_notify_interface(struct job *job, IUnknown *object);
IUnknown *job_get_notify_interface(struct job *job);            /* referenced, or NULL */
/* Something was changed that JobModification tells. */
void job_modified(struct job *job);
/* Has a notify thread look whether something is to be delivered. */
void notify_kick(struct job *job);
void notify_stop(void);

/* ---- load.c, save.c: from and to the store ---- */

HRESULT load_jobs(void);

/* ---- path.c: local names ---- */

/* S_OK, or why BITS does not take that name (reference/bits.md 3.5, 6.6); no I/O. */
HRESULT path_check(const WCHAR *path);
/* Whether files can be made in the directory of that file. */
HRESULT path_check_directory(const WCHAR *path);

/* ---- config.c ---- */

enum config_value
{
    CONFIG_MINIMUM_RETRY_DELAY,     /* seconds */
    CONFIG_NO_PROGRESS_TIMEOUT,     /* seconds */
    CONFIG_MAXIMUM_DOWNLOAD_TIME,   /* seconds */
    CONFIG_INACTIVITY_TIMEOUT,      /* seconds */
};

ULONG config_get(enum config_value value);

/* ---- owner.c ---- */

/* The caller's SID as text; free(). */
HRESULT owner_get_caller(WCHAR **ret_sid);

/* ---- factory.c, service.c, main.c ---- */

extern HINSTANCE qmgr_instance;
extern const GUID * const manager_clsids[];
extern const unsigned int manager_clsid_count;
HRESULT factory_register(void);
void factory_revoke(void);
void registration_repair(void);     /* puts the proxies' registration right after wineboot */

/* ---- The COM classes, one constructor each ---- */

HRESULT manager_object_create(IBackgroundCopyManager **ret_manager);
HRESULT job_object_create(struct job *job, IBackgroundCopyJob **ret_job);
HRESULT file_object_create(struct file *file, IBackgroundCopyFile **ret_file);
HRESULT error_object_create(struct job *job, const struct job_error *error, IBackgroundCopyError **ret_error);
HRESULT enum_jobs_object_create(IEnumBackgroundCopyJobs **ret_enum);
HRESULT enum_files_object_create(struct job *job, IEnumBackgroundCopyFiles **ret_enum);

#endif /* WINEBITS_QMGR_H */
