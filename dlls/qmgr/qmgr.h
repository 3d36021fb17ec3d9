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
#include <bits2_0.h>
#include <bits2_5.h>
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
    char *etag;
    char *last_modified;
    UINT64 synced;                  /* bytes of them that the disk has, as far as known */
    UINT32 resets;                  /* how often the part file began anew */
    UINT32 flags;                   /* FILE_* */
    UINT32 changes;                 /* restarts in a row because the remote file changed */
    UINT64 reached;                 /* the most that was there before them */
    BOOL is_touched;                /* there may be a part file */
    BOOL is_unsaved;                /* in job.unsaved: its row is older than this */
    BOOL is_renamed;                /* as is the remote name in the row */
    struct file *next_unsaved;
    struct transfer *transfer;      /* while the engine works on it */
    struct list entry;              /* in job.again, or with FILE_DONE in job.arrived */
    BOOL is_again;                  /* in job.again */
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
    ULONG missed;                   /* WORK_TIMER and WORK_SAVE that came meanwhile */
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
    struct list arrived;            /* done ones whose FileTransferred was not delivered */
    struct file *unsaved;           /* what the store does not know yet; see file_changed_locked() */
    BOOL is_save_set;               /* save_timer is */
    struct list transfers;          /* what the engine has, submitted of them */
    UINT32 submitted;
    UINT32 connecting, transferring;    /* of these, by phase */
    BOOL requeued;                  /* one lost its slot */
    BOOL running;                   /* transfers may be submitted */
    BOOL stopping;                  /* submitted ones were cancelled */
    BOOL failed;                    /* failure holds why the job stops */
    struct xfer_result failure;     /* without its url */
    struct file *failure_file;

    UINT64 no_progress_since;       /* first transient error without progress after it, or 0 */
    UINT64 failed_at;               /* when TRANSIENT_ERROR was entered */
    ULONG retry_after;              /* seconds the server asked for */
    UINT64 active_since;            /* when CONNECTING or TRANSFERRING was entered, or 0 */
    UINT64 active_time;             /* milliseconds in these states before that, since Resume */
    UINT64 state_due;               /* what state_timer is set to, or 0; written while busy */
    BOOL is_holding;                /* one of manager.holders */

    IUnknown *notify;               /* the client's object, or NULL */
    UINT32 notify_generation;       /* of that object */
    BOOL has_callback2;             /* it may know FileTransferred */
    ULONG notify_pending;           /* BG_NOTIFY_JOB_TRANSFERRED or _ERROR not delivered yet, or 0 */
    BOOL notify_modified;           /* JobModification is due */
    BOOL notify_busy;               /* a notify thread has the job */
    BOOL notify_queued;             /* in manager.notify_queue */
    BOOL notify_waiting;            /* for notify_timer, after a failed delivery */
    UINT64 notify_time;             /* of the last JobModification */
    struct list notify_entry;

    struct timer state_timer;       /* retry, no progress, maximum download time */
    struct timer notify_timer;      /* redelivery, JobModification */
    struct timer save_timer;        /* unsaved files */
    struct timer sync_timer;        /* unsynced ones */
    UINT64 sync_due;                /* what sync_timer is set to, or 0 */
    BOOL is_syncing;                /* a thread of the pool is at it */

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
    BOOL closing;                   /* the service stops: no job moves any more */
    UINT32 syncing;                 /* jobs with is_syncing */
    struct timer purge_timer;       /* inactivity */

    struct list notify_queue;       /* jobs with something to deliver */
    CONDITION_VARIABLE notify_wake;
    UINT32 notify_threads, notify_idle;
    struct timer notify_timer;      /* when all threads are in a call for long */

    SRWLOCK queue_lock;
    CONDITION_VARIABLE queue_wake;
    struct list queue;              /* jobs with work for the model thread */
    BOOL queue_stop;
    HANDLE thread;                  /* the model thread */
};

extern struct manager manager;

/* ---- save.c: one change of a job on its way to the store ---- */

/* Keys of the store besides job_int and job_text: never renumber. */
#define KEY_TEXTS          0x100
#define KEY_TYPE           0x200
#define KEY_STATE          0x201    /* BG_JOB_STATE; QUEUED stands for CONNECTING and TRANSFERRING too */
#define KEY_INTENT         0x202    /* INTENT_*, while Complete and Cancel deal with the files */
#define KEY_ERROR_CODE     0x203
#define KEY_ERROR_CONTEXT  0x204
#define KEY_ERROR_FILE     0x205    /* index */
#define KEY_ERROR_COUNT    0x206
#define KEY_CREATED        0x207
#define KEY_MODIFIED       0x208
#define KEY_TRANSFERRED    0x209
#define KEY_NOTIFY_PENDING 0x20a

#define INTENT_COMPLETE 1           /* finished files get their names */
#define INTENT_DISCARD  2           /* the job is over, its part files go */

/* The first failure stays: only the commit needs a look. */
struct change
{
    struct job *job;
    struct store_txn *txn;
    FILETIME time;
    struct file *files;             /* were job.unsaved, and will be again if it fails */
    BOOL is_deletion;
    HRESULT hr;
};

void change_begin(struct change *change, struct job *job);
void change_add_job(struct change *change);
void change_delete_job(struct change *change);
void change_int(struct change *change, UINT32 key, INT64 value);
void change_text(struct change *change, enum job_text which, const WCHAR *text);
void change_delete(struct change *change, UINT32 key);
void change_put_file(struct change *change, struct file *file, const WCHAR *remote);
void change_file(struct change *change, struct file *file);     /* what a transfer changes */
/* All that is unsaved; the job is the caller's. */
void change_files(struct change *change);
/* Durable or undone; on success the job is modified as of now. */
HRESULT change_commit(struct change *change);
void change_commit_async(struct change *change);

/* ---- hold.c: the prefix is held open, and the service started with it, while there is need ---- */

void hold_init(void);
void hold_cleanup(void);
/* To be called without locks when manager.holders or manager.job_count may have become 0 or left it. */
void hold_changed(void);
/* On return the service will be started with the prefix. */
void hold_job_created(void);

/* ---- model.c: the job list ---- */

HRESULT model_start(void);          /* opens the store, loads, starts the engine and the model thread */
void model_stop(void);              /* writes everything down and stops them */
HRESULT model_create_job(const WCHAR *name, BG_JOB_TYPE type, struct job **ret_job);
/* A live job: S_OK with a reference, or BG_E_NOT_FOUND. */
HRESULT model_find_job(const GUID *guid, struct job **ret_job);
/* Every live job, referenced; the array is to be freed after the references. */
HRESULT model_enum_jobs(struct job ***ret_jobs, UINT32 *ret_count);
/* A job with the defaults, in no list yet. */
HRESULT job_alloc(UINT64 id, const GUID *guid, BG_JOB_TYPE type, struct job **ret_job);
void job_insert_locked(struct job *job);
void job_remove_locked(struct job *job);        /* the caller drops the list's reference */
/* A number that is hard to guess, of 32 bits. */
UINT32 random_number(void);
struct job *job_addref(struct job *job);
void job_release(struct job *job);

/* ---- files.c: the files of a job ---- */

/* The snapshot of an enumerator is their number: files are only ever added. */
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
HRESULT file_alloc(struct job *job, UINT32 index, const WCHAR *remote, const WCHAR *local, struct file **ret_file);
void file_free(struct file *file);
/* Makes room for count more; then job_append_file_locked() cannot fail. */
HRESULT job_reserve_files_locked(struct job *job, UINT32 count);
void job_append_file_locked(struct job *job, struct file *file);
/* The only ways to change these, as job totals depend on them. */
void file_set_offset_locked(struct file *file, UINT64 offset);
void file_set_size_locked(struct file *file, UINT64 size);
void file_set_done_locked(struct file *file);
/* The row is out of date.  It is written with the next change_files(): before any move of the job, else
 * soon enough for a crash not to cost much.  Until then the old row still fits the part file, or is one of
 * a file that has not begun. */
void file_changed_locked(struct file *file);

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
BOOL job_try_begin(struct job *job);            /* for the model thread, which will come back */
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
/* The same for a job that is the caller's, see job_begin(). */
HRESULT job_post_busy(struct job *job, enum job_event event);
/* Sets the timer that the state needs; the job is the caller's. */
void state_arm(struct job *job);
/* On the engine's clock, when TRANSIENT_ERROR is over. */
UINT64 state_retry_due(const struct job *job);
/* After load.c has set the state. */
void state_loaded(struct job *job);
BOOL state_is_final(BG_JOB_STATE state);
BOOL state_is_active(BG_JOB_STATE state);       /* QUEUED, CONNECTING, TRANSFERRING */
const char *debugstr_state(BG_JOB_STATE state);

/* ---- sync.c: part files on their way to the disk ---- */

void sync_init(struct job *job);
/* Its files have changed, or it has come to rest: they are to be synced in a while. */
void sync_arm(struct job *job);
void sync_end(struct job *job);
void sync_timer_over(struct job *job);          /* the model thread */
/* Waits for what is under way, once manager.closing is set. */
void sync_stop(void);

/* ---- transfer.c: a job's files on their way through the engine; the model thread ---- */

#define WORK_TIMER    0x0001        /* state_timer fired */
#define WORK_LOOK     0x0002        /* the job is to be looked at again */
#define WORK_NOTIFY   0x0004        /* notify_timer fired */
#define WORK_SAVE     0x0008        /* save_timer fired */
#define WORK_SYNC     0x0010        /* sync_timer fired */

HRESULT transfer_start_thread(void);
void transfer_stop_thread(void);
void job_queue_work(struct job *job, ULONG flags);
/* With the job the caller's: lets the model thread submit transfers, and cancels all and waits for the end. */
void job_start_transfers(struct job *job);
HRESULT job_stop_transfers(struct job *job);
/* Begins a file's transfer again, with what the file says now. */
void file_restart_locked(struct file *file);
/* Live figures of a file that is being transferred. */
void file_get_live_progress_locked(const struct file *file, UINT64 *offset, UINT64 *size);

/* What the transfers of a job have beyond the offsets of their files; may be "negative" after a restart. */
UINT64 job_get_live_bytes_locked(const struct job *job);

/* ---- notify.c: callbacks and command lines ---- */

/* Last caller wins, NULL clears and lets go of the object at once. */
HRESULT job_set_notify_interface(struct job *job, IUnknown *object);
IUnknown *job_get_notify_interface(struct job *job);            /* referenced, or NULL */
/* Something was changed that JobModification tells. */
void job_modified(struct job *job);
/* Has a notify thread look whether something is to be delivered. */
void notify_kick(struct job *job);
/* The job is final: nothing more is delivered, the client's object is let go. */
void notify_end(struct job *job);
void notify_init(void);
void notify_stop(void);
void notify_timer_fired(struct job *job);

/* ---- load.c: the model as the store knows it ---- */

HRESULT load_jobs(void);

/* ---- path.c: local names ---- */

/* S_OK, or why BITS does not take that name (reference/bits.md 3.5, 6.6); no I/O. */
HRESULT path_check(const WCHAR *path);
/* Characters of the directory's name with the separator behind it. */
size_t path_directory_length(const WCHAR *path);
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

struct manager_class
{
    GUID clsid;
    const WCHAR *version;
};

#define MANAGER_CLASSES 11
extern const struct manager_class manager_classes[MANAGER_CLASSES];

HRESULT factory_register(void);
void factory_revoke(void);
void registration_repair(void);     /* puts the proxies' registration right after wineboot */
void WINAPI ServiceMain(DWORD argc, WCHAR **argv);
void WINAPI BITSServiceMain(DWORD argc, WCHAR **argv);
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);
HRESULT WINAPI DllRegisterServer(void);
HRESULT WINAPI DllUnregisterServer(void);

/* ---- anchor.c: the interfaces stay registered from drop to weigh ---- */

void anchor_drop(void);
void anchor_weigh(void);

/* ---- The COM classes, one constructor each; an object takes references of its own ---- */

struct job_object
{
    IBackgroundCopyJob3 IBackgroundCopyJob3_iface;
    IBackgroundCopyJobHttpOptions IBackgroundCopyJobHttpOptions_iface;
    LONG refcount;
    struct job *job;                /* fixed */
};

extern const IBackgroundCopyJobHttpOptionsVtbl job_http_vtbl;   /* job_http.c */

HRESULT manager_object_create(IBackgroundCopyManager **ret_manager);
HRESULT job_object_create(struct job *job, IBackgroundCopyJob **ret_job);
HRESULT file_object_create(struct file *file, IBackgroundCopyFile **ret_file);
HRESULT error_object_create(struct job *job, const struct job_error *error, IBackgroundCopyError **ret_error);
HRESULT enum_jobs_object_create(IEnumBackgroundCopyJobs **ret_enum);
HRESULT enum_files_object_create(struct job *job, IEnumBackgroundCopyFiles **ret_enum);
/* error.c: the text of a code, CoTaskMemAlloc'ed; NULL on failure. */
HRESULT error_description(HRESULT code, DWORD language, WCHAR **ret_text);

#endif /* WINEBITS_QMGR_H */
