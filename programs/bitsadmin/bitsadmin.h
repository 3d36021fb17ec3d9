/*
 * What the files of bitsadmin share.
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

#ifndef BITSADMIN_H
#define BITSADMIN_H

#include <stdarg.h>
#include <windef.h>
#include <winbase.h>
#include <wingdi.h>
#include <wincon.h>
#include <winnls.h>
#include <objbase.h>
#include "bits5_0.h"
#include "bitsmsg.h"

#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

/* A command line that makes no sense; the reason has been printed.  Exit code 1. */
#define E_USAGE ((HRESULT)0xa0000001)

struct verb
{
    const WCHAR *name;
    const WCHAR *syntax;        /* its arguments, for the usage text */
    const WCHAR *help;
    int min_args, max_args;     /* max_args -1: any number */
    HRESULT (*run)(const struct verb *verb, int argc, WCHAR **argv);
    /* What run does to the job that argv[0] names; gets the arguments after that name. */
    HRESULT (*job)(IBackgroundCopyJob *job, int argc, WCHAR **argv);
    const WCHAR *what;          /* completes "Unable to ..." */
    const WCHAR *done;          /* printed on success */
};

/* main.c */
int wmain(int argc, WCHAR **argv);
BOOL word_is(const WCHAR *word, const WCHAR *expected);
const WCHAR *null_word(const WCHAR *arg);
HRESULT bad_argument(const WCHAR *arg);
HRESULT bad_argument_count(void);

/* ole.c */
HRESULT ole_manager(IBackgroundCopyManager **ret_manager);
void ole_stop(void);
void ole_free(void *ptr);
BOOL ole_guid(const WCHAR *text, GUID *ret_guid);
BOOL ole_account(const WCHAR *sid, WCHAR *account, DWORD size);

/* output.c */
extern BOOL output_raw;
void output_start(BOOL raw, BOOL nowrap);
void output_flush(void);
BOOL output_is_console(void);
int output_width(void);
HANDLE output_interrupt(void);
void output_clear(void);
void output_text(const WCHAR *text);
void output_format(const WCHAR *format, ...);
void output_label(const WCHAR *label);
void output_error(const WCHAR *what, HRESULT hr);
void output_banner(void);
void output_frame(WCHAR **lines, unsigned int count);
WCHAR *error_text(HRESULT hr);
void trim_text(WCHAR *text);
void format_guid(const GUID *guid, WCHAR *text);
void format_size(UINT64 size, WCHAR *text);
void format_time(const FILETIME *time, WCHAR *text, int size);

#define GUID_TEXT 39
#define SIZE_TEXT 24
#define TIME_TEXT 160

/* job.c */
HRESULT job_find(const WCHAR *name, IBackgroundCopyJob **ret_job);
HRESULT job_get(const struct verb *verb, int argc, WCHAR **argv);
HRESULT job_set(const struct verb *verb, int argc, WCHAR **argv);
HRESULT job_create(const struct verb *verb, int argc, WCHAR **argv);
HRESULT job_suspend(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT job_resume(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT job_cancel(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT job_complete(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT job_take_ownership(IBackgroundCopyJob *job, int argc, WCHAR **argv);

/* props.c */
const WCHAR *state_word(BG_JOB_STATE state);
const WCHAR *type_word(BG_JOB_TYPE type);
const WCHAR *priority_word(BG_JOB_PRIORITY priority);
BOOL priority_parse(const WCHAR *word, BG_JOB_PRIORITY *ret_priority);
BOOL acl_flags_parse(const WCHAR *word, DWORD *ret_flags);
struct error_info
{
    WCHAR *file;                /* "URL -> local name" */
    WCHAR *code;
    WCHAR *context;
    HRESULT hr;
};
HRESULT error_info_get(IBackgroundCopyJob *job, struct error_info *info);
void error_info_free(struct error_info *info);

HRESULT get_acl_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_bytes_total(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_bytes_transferred(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_completion_time(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_creation_time(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_custom_headers(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_description(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_display_name(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_error(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_error_count(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_files_total(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_files_transferred(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_max_download_time(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_min_retry_delay(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_modification_time(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_no_progress_timeout(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_notify_cmd_line(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_notify_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_notify_interface(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_owner(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_priority(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_proxy_bypass_list(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_proxy_list(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_proxy_usage(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_security_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_state(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT get_type(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_acl_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_custom_headers(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_description(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_display_name(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_max_download_time(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_min_retry_delay(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_no_progress_timeout(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_notify_cmd_line(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_notify_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_priority(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_proxy_settings(IBackgroundCopyJob *job, int argc, WCHAR **argv);
HRESULT set_security_flags(IBackgroundCopyJob *job, int argc, WCHAR **argv);

/* file.c */
HRESULT file_add(const struct verb *verb, int argc, WCHAR **argv);
HRESULT file_add_set(const struct verb *verb, int argc, WCHAR **argv);
HRESULT file_list(IBackgroundCopyJob *job, int argc, WCHAR **argv);

/* list.c */
HRESULT list_info(const struct verb *verb, int argc, WCHAR **argv);
HRESULT list_jobs(const struct verb *verb, int argc, WCHAR **argv);
HRESULT list_monitor(const struct verb *verb, int argc, WCHAR **argv);
HRESULT list_reset(const struct verb *verb, int argc, WCHAR **argv);

/* transfer.c */
HRESULT transfer(const struct verb *verb, int argc, WCHAR **argv);

#endif
