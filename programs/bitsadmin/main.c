/*
 * The command line: switches, the table of verbs, usage.
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

#include "bitsadmin.h"

#include <stdlib.h>
#include <string.h>

/* Arguments are taken as they are; the C runtime would expand a * in them. */
int _dowildcard = 0;

static HRESULT help(const struct verb *verb, int argc, WCHAR **argv);

static const struct verb verbs[] =
{
    { L"/HELP", L"", L"Prints this text; so does /?.", 0, 0, help },
    { L"/?", NULL, NULL, 0, 0, help },

    { L"/LIST", L"[/ALLUSERS] [/VERBOSE]", L"Lists the jobs.", 0, 2, list_jobs },
    { L"/MONITOR", L"[/ALLUSERS] [/REFRESH seconds]", L"Lists the jobs again and again, until Ctrl+C.",
            0, 3, list_monitor },
    { L"/RESET", L"[/ALLUSERS]", L"Cancels the jobs.", 0, 1, list_reset },

    { L"/TRANSFER", L"name [type] [/PRIORITY priority] [/ACLFLAGS flags] [/DYNAMIC]\n"
            L"        remote_url local_name [remote_url local_name ...]",
            L"Transfers files in a new job, shows how it goes and completes the job.\n"
            L"    type is /DOWNLOAD (if none is given) or /UPLOAD.", 3, -1, transfer },

    { L"/CREATE", L"[type] name", L"Creates a job that is suspended and has no files.\n"
            L"    type is /DOWNLOAD (if none is given), /UPLOAD or /UPLOAD-REPLY.", 1, 2, job_create },
    { L"/INFO", L"job [/VERBOSE]", L"Shows a job in one line, or all of it.", 1, 2, list_info },
    { L"/ADDFILE", L"job remote_url local_name", L"Adds a file; its local name is a full path.", 3, 3, file_add,
            NULL, L"add file to job" },
    { L"/ADDFILESET", L"job text_file", L"Adds the files of a list: a remote and a local name on each line,\n"
            L"    # begins a comment.", 2, 2, file_add_set, NULL, L"add files to job" },
    { L"/LISTFILES", L"job", L"Lists the files of a job.", 1, 1, job_set, file_list, L"list files" },

    { L"/SUSPEND", L"job", L"Pauses a job.", 1, 1, job_set, job_suspend, L"suspend job", L"Job suspended." },
    { L"/RESUME", L"job", L"Starts a job, or starts it again.", 1, 1, job_set, job_resume,
            L"resume job", L"Job resumed." },
    { L"/CANCEL", L"job", L"Deletes a job and what it has fetched.", 1, 1, job_set, job_cancel,
            L"cancel job", L"Job canceled." },
    { L"/COMPLETE", L"job", L"Puts the transferred files in place and ends the job.", 1, 1, job_set, job_complete,
            L"complete job", L"Job completed." },
    { L"/TAKEOWNERSHIP", L"job", L"Makes the caller the owner of a job.", 1, 1, job_set, job_take_ownership,
            L"take ownership of job", L"Job ownership taken." },

    { L"/GETTYPE", L"job", L"Prints DOWNLOAD, UPLOAD or UPLOAD-REPLY.", 1, 1, job_get, get_type, L"get type" },
    { L"/GETSTATE", L"job", L"Prints the state.", 1, 1, job_get, get_state, L"get state" },
    { L"/GETBYTESTOTAL", L"job", L"Prints the size of all files.", 1, 1, job_get, get_bytes_total,
            L"get bytes total" },
    { L"/GETBYTESTRANSFERRED", L"job", L"Prints how many bytes are transferred.", 1, 1, job_get,
            get_bytes_transferred, L"get bytes transferred" },
    { L"/GETFILESTOTAL", L"job", L"Prints the number of files.", 1, 1, job_get, get_files_total,
            L"get files total" },
    { L"/GETFILESTRANSFERRED", L"job", L"Prints how many files are transferred.", 1, 1, job_get,
            get_files_transferred, L"get files transferred" },
    { L"/GETCREATIONTIME", L"job", L"Prints when the job was created.", 1, 1, job_get, get_creation_time,
            L"get creation time" },
    { L"/GETMODIFICATIONTIME", L"job", L"Prints when the job last changed.", 1, 1, job_get, get_modification_time,
            L"get modification time" },
    { L"/GETCOMPLETIONTIME", L"job", L"Prints when the last file was transferred.", 1, 1, job_get,
            get_completion_time, L"get completion time" },
    { L"/GETERROR", L"job", L"Prints what went wrong.", 1, 1, job_get, get_error, L"get error" },
    { L"/GETERRORCOUNT", L"job", L"Prints how often something went wrong.", 1, 1, job_get, get_error_count,
            L"get error count" },
    { L"/GETOWNER", L"job", L"Prints the owner.", 1, 1, job_get, get_owner, L"get owner" },

    { L"/GETDISPLAYNAME", L"job", L"Prints the name.", 1, 1, job_get, get_display_name, L"get display name" },
    { L"/SETDISPLAYNAME", L"job name", L"Sets the name.", 2, 2, job_set, set_display_name,
            L"set display name", L"Job display name set." },
    { L"/GETDESCRIPTION", L"job", L"Prints the description.", 1, 1, job_get, get_description, L"get description" },
    { L"/SETDESCRIPTION", L"job description", L"Sets the description.", 2, 2, job_set, set_description,
            L"set description", L"Job description set." },
    { L"/GETPRIORITY", L"job", L"Prints the priority.", 1, 1, job_get, get_priority, L"get priority" },
    { L"/SETPRIORITY", L"job priority", L"Sets the priority: FOREGROUND, HIGH, NORMAL or LOW.", 2, 2, job_set,
            set_priority, L"set priority", L"Job priority set." },
    { L"/GETNOTIFYFLAGS", L"job", L"Prints the notification flags.", 1, 1, job_get, get_notify_flags,
            L"get notification flags" },
    { L"/SETNOTIFYFLAGS", L"job flags", L"Sets the notification flags, the sum of: 1 when transferred,\n"
            L"    2 on error, 4 never, 8 on every change.", 2, 2, job_set, set_notify_flags,
            L"set notification flags", L"Job notification flags set." },
    { L"/GETNOTIFYINTERFACE", L"job", L"Prints REGISTERED when a program is told of events.", 1, 1, job_get,
            get_notify_interface, L"get notification interface" },
    { L"/GETMINRETRYDELAY", L"job", L"Prints the seconds from an error to the next attempt.", 1, 1, job_get,
            get_min_retry_delay, L"get minimum retry delay" },
    { L"/SETMINRETRYDELAY", L"job seconds", L"Sets the seconds from an error to the next attempt.", 2, 2, job_set,
            set_min_retry_delay, L"set minimum retry delay", L"Job minimum retry delay set." },
    { L"/GETNOPROGRESSTIMEOUT", L"job", L"Prints the seconds without progress that end the attempts.", 1, 1,
            job_get, get_no_progress_timeout, L"get no progress timeout" },
    { L"/SETNOPROGRESSTIMEOUT", L"job seconds", L"Sets the seconds without progress that end the attempts.", 2, 2,
            job_set, set_no_progress_timeout, L"set no progress timeout", L"Job no progress timeout set." },
    { L"/GETMAXDOWNLOADTIME", L"job", L"Prints the seconds that the transfer may take.", 1, 1, job_get,
            get_max_download_time, L"get maximum download time" },
    { L"/SETMAXDOWNLOADTIME", L"job seconds", L"Sets the seconds that the transfer may take.", 2, 2, job_set,
            set_max_download_time, L"set maximum download time", L"Job maximum download time set." },
    { L"/GETPROXYUSAGE", L"job", L"Prints which proxy settings the job uses.", 1, 1, job_get, get_proxy_usage,
            L"get proxy usage" },
    { L"/GETPROXYLIST", L"job", L"Prints the proxies.", 1, 1, job_get, get_proxy_list, L"get proxy list" },
    { L"/GETPROXYBYPASSLIST", L"job", L"Prints the hosts that need no proxy.", 1, 1, job_get,
            get_proxy_bypass_list, L"get proxy bypass list" },
    { L"/SETPROXYSETTINGS", L"job usage", L"Sets the proxies. usage is PRECONFIG, AUTODETECT, NO_PROXY, or\n"
            L"    OVERRIDE with a list of proxies and a list of hosts without one (or NULL).", 2, 4, job_set,
            set_proxy_settings, L"set proxy settings", L"Job proxy settings set." },
    { L"/GETNOTIFYCMDLINE", L"job", L"Prints the program that runs when the job ends.", 1, 1, job_get,
            get_notify_cmd_line, L"get notification command line" },
    { L"/SETNOTIFYCMDLINE", L"job program parameters", L"Sets the program that runs when the job ends, or NULL;\n"
            L"    the parameters repeat its name, NULL for none.", 3, 3, job_set, set_notify_cmd_line,
            L"set notification command line", L"Job notification command line set." },
    { L"/GETACLFLAGS", L"job", L"Prints what the files keep of their access rights.", 1, 1, job_get,
            get_acl_flags, L"get ACL flags" },
    { L"/SETACLFLAGS", L"job letters", L"Sets it: O(wner), G(roup), D(ACL), S(ACL).", 2, 2, job_set,
            set_acl_flags, L"set ACL flags", L"Job ACL flags set." },
    { L"/GETCUSTOMHEADERS", L"job", L"Prints the additional HTTP headers.", 1, 1, job_get, get_custom_headers,
            L"get custom headers" },
    { L"/SETCUSTOMHEADERS", L"job header [header ...]", L"Sets them; NULL removes them.", 2, -1, job_set,
            set_custom_headers, L"set custom headers", L"Job custom headers set." },
    { L"/GETSECURITYFLAGS", L"job", L"Prints how certificates and redirections are treated.", 1, 1, job_get,
            get_security_flags, L"get security flags" },
    { L"/SETSECURITYFLAGS", L"job value", L"Sets it, the sum of: 1 check revocation; ignore 2 a wrong name,\n"
            L"    4 a wrong date, 8 an unknown authority, 16 a wrong usage; redirections: 0x100 report,\n"
            L"    0x200 refuse, 0x800 allow from HTTPS to HTTP.", 2, 2, job_set, set_security_flags,
            L"set security flags", L"Job security flags set." },
};

/* Switches and keywords, in any case. */
BOOL word_is(const WCHAR *word, const WCHAR *expected)
{
    return CompareStringOrdinal(word, -1, expected, -1, TRUE) == CSTR_EQUAL;
}

/* The word NULL stands for no value. */
const WCHAR *null_word(const WCHAR *arg)
{
    return word_is(arg, L"NULL") ? NULL : arg;
}

HRESULT bad_argument(const WCHAR *arg)
{
    output_format(L"Invalid argument: %s\n", arg);
    return E_USAGE;
}

HRESULT bad_argument_count(void)
{
    output_text(L"Invalid number of arguments.\n");
    return E_USAGE;
}

static HRESULT help(const struct verb *verb, int argc, WCHAR **argv)
{
    unsigned int i;

    output_text(L"USAGE: BITSADMIN [/RAWRETURN] [/WRAP | /NOWRAP] command\n"
                L"The following commands are available:\n\n");
    for (i = 0; i < ARRAY_SIZE(verbs); i++)
        if (verbs[i].help)
            output_format(L"%s %s\n    %s\n", verbs[i].name, verbs[i].syntax, verbs[i].help);
    output_text(L"\nA job is its name, or its identifier in braces.\n"
                L"/RAWRETURN prints values alone, for scripts; /NOWRAP cuts long lines, /WRAP does not.\n");
    return S_OK;
}

static HRESULT run(int argc, WCHAR **argv)
{
    unsigned int i;

    for (i = 0; argc && i < ARRAY_SIZE(verbs); i++)
    {
        if (!word_is(argv[0], verbs[i].name))
            continue;
        argc--;
        argv++;
        /* Some shells add empty arguments. */
        while (verbs[i].max_args >= 0 && argc > verbs[i].max_args && !argv[argc - 1][0])
            argc--;
        if (argc < verbs[i].min_args || (verbs[i].max_args >= 0 && argc > verbs[i].max_args))
            return bad_argument_count();
        return verbs[i].run(&verbs[i], argc, argv);
    }
    output_text(L"Invalid command\n");
    help(NULL, 0, NULL);
    return E_USAGE;
}

/* Wine ends a service soon after the last ordinary process of the prefix.  So that transfers go on,
 * the BITS service keeps one such process: this program, which waits for an event of the service or
 * for the service itself to end.  It prints nothing, needs no COM, and no user should run it, hence it
 * is not in the table. */
static int hold(WCHAR **argv)
{
    HANDLE handles[2];
    unsigned int i;

    for (i = 0; i < 2; i++)
        handles[i] = (HANDLE)(ULONG_PTR)_wcstoui64(argv[i], NULL, 16);
    return WaitForMultipleObjects(2, handles, FALSE, INFINITE) == WAIT_FAILED;
}

int wmain(int argc, WCHAR **argv)
{
    BOOL raw = FALSE, nowrap = FALSE;
    HRESULT hr;
    int i;

    if (argc == 4 && word_is(argv[1], L"/HOLD"))
        return hold(argv + 2);

    for (i = 1; i < argc; i++)
    {
        if (word_is(argv[i], L"/RAWRETURN"))
            raw = TRUE;
        else if (word_is(argv[i], L"/NOWRAP"))
            nowrap = TRUE;
        else if (word_is(argv[i], L"/WRAP"))
            nowrap = FALSE;
        else
            break;
    }
    output_start(raw, nowrap);
    if (!raw)
        output_banner();
    hr = run(argc - i, argv + i);
    ole_stop();
    output_flush();
    if (hr == E_USAGE)
        return 1;
    return FAILED(hr) ? hr : 0;
}
