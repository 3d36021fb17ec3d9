/*
 * The test vocabulary of Wine, and with STANDALONE the main() behind it.
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

#ifndef __WINE_WINE_TEST_H
#define __WINE_WINE_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <windef.h>
#include <winbase.h>

#include "wine/debug.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Print trace() lines; WINETEST_DEBUG. */
extern int winetest_debug;
/* A person watches; WINETEST_INTERACTIVE. */
extern int winetest_interactive;
/* Print a line for each test that succeeds; WINETEST_REPORT_SUCCESS. */
extern int winetest_report_success;
/* "wine" or "windows"; found out, unless WINETEST_PLATFORM says so. */
extern const char *winetest_platform;

/* The arguments of the program: its name, the test's name, then the test's own. */
int winetest_get_mainargs(char ***argv);
/* Waits for a test program started by this one and adds its failures to ours. */
void winetest_wait_child_process(HANDLE process);
void winetest_add_failures(LONG count);

void winetest_set_location(const char *file, int line);
void winetest_start_todo(int is_todo);
int winetest_loop_todo(void);
void winetest_end_todo(void);
int winetest_is_wine(void);

int winetest_ok(int condition, const char *format, ...) __WINE_PRINTF_ATTR(2, 3);
void winetest_skip(const char *format, ...) __WINE_PRINTF_ATTR(1, 2);
void winetest_win_skip(const char *format, ...) __WINE_PRINTF_ATTR(1, 2);
void winetest_trace(const char *format, ...) __WINE_PRINTF_ATTR(1, 2);
void winetest_printf(const char *format, ...) __WINE_PRINTF_ATTR(1, 2);
/* What the messages of this thread begin with, until the matching pop. */
void winetest_push_context(const char *format, ...) __WINE_PRINTF_ATTR(1, 2);
void winetest_pop_context(void);

/* A result that old versions of Windows have and Wine must not. */
static inline int winetest_broken(int condition)
{
    return condition && !winetest_is_wine();
}

#define ok_(file, line)       (winetest_set_location(file, line), 0) ? (void)0 : (void)winetest_ok
#define skip_(file, line)     (winetest_set_location(file, line), 0) ? (void)0 : winetest_skip
#define win_skip_(file, line) (winetest_set_location(file, line), 0) ? (void)0 : winetest_win_skip
#define trace_(file, line)    (winetest_set_location(file, line), 0) ? (void)0 : winetest_trace
#define wait_child_process_(file, line) \
    (winetest_set_location(file, line), 0) ? (void)0 : winetest_wait_child_process

#define ok                  ok_(__FILE__, __LINE__)
#define skip                skip_(__FILE__, __LINE__)
#define win_skip            win_skip_(__FILE__, __LINE__)
#define trace               trace_(__FILE__, __LINE__)
#define wait_child_process  wait_child_process_(__FILE__, __LINE__)
#define broken(condition)   winetest_broken(!!(condition))

#define todo_if(is_todo) \
    for (winetest_start_todo(!!(is_todo)); winetest_loop_todo(); winetest_end_todo())
#define todo_wine                todo_if(winetest_is_wine())
#define todo_wine_if(condition)  todo_if((condition) && winetest_is_wine())

#ifdef STANDALONE

#include <fcntl.h>
#include <io.h>
#include <string.h>

#define START_TEST(name) \
    static void func_##name(void); \
    const char winetest_name[] = #name; \
    void winetest_run(void) { func_##name(); } \
    static void func_##name(void)

extern const char winetest_name[];
void winetest_run(void);

int winetest_debug = 1;
int winetest_interactive;
int winetest_report_success;
const char *winetest_platform = "windows";

static int winetest_argc;
static char **winetest_argv;

static LONG winetest_successes;
static LONG winetest_failures;
static LONG winetest_skipped;
static LONG winetest_todo_failures;     /* as expected */
static LONG winetest_todo_successes;    /* not as expected */

struct winetest_thread
{
    const char *file;
    int line;
    unsigned int todo_depth;            /* blocks entered */
    unsigned int todo_bits;             /* one per block, the innermost lowest: is it a todo? */
    int todo_loop;
    unsigned int context_count;
    char context[8][128];
};

static DWORD winetest_tls = TLS_OUT_OF_INDEXES;

static struct winetest_thread *winetest_get_thread(void)
{
    struct winetest_thread *data = TlsGetValue(winetest_tls);
    DWORD error = GetLastError();

    if (!data)
    {
        if (!(data = calloc(1, sizeof(*data))))
            ExitProcess(255);
        data->file = "";
        TlsSetValue(winetest_tls, data);
    }
    SetLastError(error);
    return data;
}

int winetest_is_wine(void)
{
    return !strcmp(winetest_platform, "wine");
}

void winetest_set_location(const char *file, int line)
{
    struct winetest_thread *data;
    DWORD error = GetLastError();
    const char *name;

    data = winetest_get_thread();
    for (name = file; *file; file++)
        if (*file == '/' || *file == '\\')
            name = file + 1;
    data->file = name;
    data->line = line;
    SetLastError(error);
}

void winetest_start_todo(int is_todo)
{
    struct winetest_thread *data = winetest_get_thread();

    data->todo_bits = (data->todo_bits << 1) | (is_todo != 0);
    data->todo_depth++;
    data->todo_loop = 1;
}

int winetest_loop_todo(void)
{
    struct winetest_thread *data = winetest_get_thread();
    int loop = data->todo_loop;

    data->todo_loop = 0;
    return loop;
}

void winetest_end_todo(void)
{
    struct winetest_thread *data = winetest_get_thread();

    data->todo_bits >>= 1;
    data->todo_depth--;
}

static void winetest_vprint(const char *verdict, const char *format, va_list args)
{
    struct winetest_thread *data = winetest_get_thread();
    char line[4096];
    unsigned int i;
    size_t length;
    int ret;

    /* One write per line, so that lines of several threads and processes do not mix. */
    if (data->line)
        length = sprintf(line, "%s:%d: ", data->file, data->line);
    else
        length = 0;
    length += sprintf(line + length, "%s", verdict);
    for (i = 0; i < data->context_count && i < ARRAYSIZE(data->context); i++)
        length += sprintf(line + length, "%s: ", data->context[i]);
    ret = _vsnprintf(line + length, sizeof(line) - length, format, args);
    if (ret < 0 || ret >= (int)(sizeof(line) - length))
        strcpy(line + sizeof(line) - 2, "\n");
    fputs(line, stdout);
    fflush(stdout);
}

static void winetest_print(const char *verdict, const char *format, ...) __WINE_PRINTF_ATTR(2, 3);
static void winetest_print(const char *verdict, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    winetest_vprint(verdict, format, args);
    va_end(args);
}

static int winetest_vok(int condition, const char *format, va_list args)
{
    struct winetest_thread *data = winetest_get_thread();
    int is_todo = data->todo_bits != 0;

    if (is_todo && condition)
    {
        winetest_vprint("Test succeeded inside todo block: ", format, args);
        InterlockedIncrement(&winetest_todo_successes);
        return 0;
    }
    if (is_todo)
    {
        if (winetest_debug > 0)
            winetest_vprint("Test marked todo: ", format, args);
        InterlockedIncrement(&winetest_todo_failures);
        return 1;
    }
    if (!condition)
    {
        winetest_vprint("Test failed: ", format, args);
        InterlockedIncrement(&winetest_failures);
        return 0;
    }
    if (winetest_report_success)
        winetest_print("", "Test succeeded\n");
    InterlockedIncrement(&winetest_successes);
    return 1;
}

int winetest_ok(int condition, const char *format, ...)
{
    DWORD error = GetLastError();
    va_list args;
    int ret;

    va_start(args, format);
    ret = winetest_vok(condition, format, args);
    va_end(args);
    SetLastError(error);
    return ret;
}

void winetest_skip(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    winetest_vprint("Tests skipped: ", format, args);
    va_end(args);
    InterlockedIncrement(&winetest_skipped);
}

/* Wine has what an old Windows may lack: there it is a failure. */
void winetest_win_skip(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (winetest_is_wine())
    {
        winetest_vok(0, format, args);
    }
    else
    {
        winetest_vprint("Tests skipped: ", format, args);
        InterlockedIncrement(&winetest_skipped);
    }
    va_end(args);
}

void winetest_trace(const char *format, ...)
{
    DWORD error = GetLastError();
    va_list args;

    if (winetest_debug > 0)
    {
        va_start(args, format);
        winetest_vprint("", format, args);
        va_end(args);
    }
    SetLastError(error);
}

void winetest_printf(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    winetest_vprint("", format, args);
    va_end(args);
}

void winetest_push_context(const char *format, ...)
{
    struct winetest_thread *data = winetest_get_thread();
    va_list args;

    if (data->context_count < ARRAYSIZE(data->context))
    {
        va_start(args, format);
        _vsnprintf(data->context[data->context_count], sizeof(data->context[0]), format, args);
        va_end(args);
        data->context[data->context_count][sizeof(data->context[0]) - 1] = 0;
    }
    data->context_count++;
}

void winetest_pop_context(void)
{
    struct winetest_thread *data = winetest_get_thread();

    if (data->context_count)
        data->context_count--;
}

int winetest_get_mainargs(char ***argv)
{
    *argv = winetest_argv;
    return winetest_argc;
}

void winetest_add_failures(LONG count)
{
    InterlockedExchangeAdd(&winetest_failures, count);
}

void winetest_wait_child_process(HANDLE process)
{
    DWORD exit_code = 1;

    if (!process)
    {
        winetest_ok(0, "No child process.\n");
        return;
    }
    if (WaitForSingleObject(process, 60000) != WAIT_OBJECT_0)
    {
        TerminateProcess(process, 1);
        winetest_ok(0, "Child process did not end.\n");
        return;
    }
    GetExitCodeProcess(process, &exit_code);
    if (exit_code > 255)
        winetest_ok(0, "Child process died with %#lx.\n", exit_code);
    else if (exit_code)
    {
        winetest_print("", "%lu failures in child process\n", exit_code);
        winetest_add_failures(exit_code);
    }
}

static LONG CALLBACK winetest_exception(EXCEPTION_POINTERS *pointers)
{
    EXCEPTION_RECORD *record = pointers->ExceptionRecord;

    winetest_print("", "%04lx:%s: unhandled exception %08lx at %p\n", GetCurrentProcessId(),
                   winetest_name, record->ExceptionCode, record->ExceptionAddress);
    return EXCEPTION_EXECUTE_HANDLER;
}

static int winetest_env(const char *name, int value)
{
    const char *string = getenv(name);

    return string && *string ? atoi(string) : value;
}

int main(int argc, char **argv)
{
    LONG status, total;

    winetest_tls = TlsAlloc();
    winetest_argc = argc;
    winetest_argv = argv;
    _setmode(1, _O_BINARY);
    if (argc > 1 && strcmp(argv[1], winetest_name))
    {
        printf("Usage: %s [%s [ARGUMENT]...]\n", argv[0], winetest_name);
        return 2;
    }
    if (GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version"))
        winetest_platform = "wine";
    if (getenv("WINETEST_PLATFORM"))
        winetest_platform = getenv("WINETEST_PLATFORM");
    winetest_debug = winetest_env("WINETEST_DEBUG", 1);
    winetest_interactive = winetest_env("WINETEST_INTERACTIVE", 0);
    winetest_report_success = winetest_env("WINETEST_REPORT_SUCCESS", 0);

    SetUnhandledExceptionFilter(winetest_exception);
    winetest_run();

    if (winetest_debug > 0)
    {
        total = winetest_successes + winetest_failures + winetest_todo_successes + winetest_todo_failures;
        printf("%04lx:%s: %ld tests executed (%ld marked as todo, %ld %s), %ld skipped.\n",
               GetCurrentProcessId(), winetest_name, total, winetest_todo_failures,
               winetest_failures + winetest_todo_successes,
               winetest_failures + winetest_todo_successes != 1 ? "failures" : "failure",
               winetest_skipped);
        fflush(stdout);
    }
    status = winetest_failures + winetest_todo_successes;
    return status > 255 ? 255 : status;
}

#else

#define START_TEST(name) void func_##name(void); void func_##name(void)

#endif /* STANDALONE */

#ifdef __cplusplus
}
#endif

#endif /* __WINE_WINE_TEST_H */
