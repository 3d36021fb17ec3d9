/*
 * Debug channels: forwards what include/wine/debug.h declares to Wine's ntdll.
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

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <windef.h>
#include <winbase.h>

#include "wine/debug.h"

/* These exist in the ntdll of every Wine from 5.0 on, in both architectures; not on Windows. */
static unsigned char (__cdecl *p_get_channel_flags)(struct __wine_debug_channel *channel);
static const char *(__cdecl *p_strdup)(const char *string);
static int (__cdecl *p_output)(const char *string);
static int (__cdecl *p_header)(enum __wine_debug_class cls, struct __wine_debug_channel *channel,
                               const char *function);

static BOOL CALLBACK load_functions(INIT_ONCE *once, void *param, void **context)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

    p_strdup = (void *)GetProcAddress(ntdll, "__wine_dbg_strdup");
    p_output = (void *)GetProcAddress(ntdll, "__wine_dbg_output");
    p_header = (void *)GetProcAddress(ntdll, "__wine_dbg_header");
    if (p_strdup && p_output && p_header)
        p_get_channel_flags = (void *)GetProcAddress(ntdll, "__wine_dbg_get_channel_flags");
    return TRUE;
}

/* Returns whether there is a Wine to forward to. */
static BOOL has_wine(void)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

    InitOnceExecuteOnce(&once, load_functions, NULL, NULL);
    return p_get_channel_flags != NULL;
}

unsigned char __wine_dbg_channel_flags(struct __wine_debug_channel *channel)
{
    if (has_wine())
        return p_get_channel_flags(channel);
    channel->flags = 0;
    return 0;
}

/* Off Wine only the tests ask for strings, so a ring that is large enough for one line will do. */
const char *__wine_dbg_string(const char *string)
{
    static char ring[64][256];
    static LONG next;
    char *ret;

    if (has_wine())
        return p_strdup(string);
    ret = ring[(ULONG)InterlockedIncrement(&next) % ARRAYSIZE(ring)];
    lstrcpynA(ret, string, sizeof(ring[0]));
    return ret;
}

static int log_args(const char *format, va_list args)
{
    char buffer[1024];
    int ret;

    /* A line that does not fit is cut, and keeps its end of line. */
    ret = _vsnprintf(buffer, sizeof(buffer), format, args);
    if (ret < 0 || ret >= (int)sizeof(buffer))
        strcpy(buffer + sizeof(buffer) - 5, "...\n");
    return p_output(buffer);
}

int wine_dbg_log(enum __wine_debug_class cls, struct __wine_debug_channel *channel, const char *function,
                 const char *format, ...)
{
    va_list args;
    int ret;

    if (!(__wine_dbg_channel_flags(channel) & (1 << cls)))
        return -1;
    /* ntdll gathers both parts in a buffer of the thread and writes whole lines. */
    if ((ret = p_header(cls, channel, function)) == -1)
        return -1;
    va_start(args, format);
    ret += log_args(format, args);
    va_end(args);
    return ret;
}

int wine_dbg_printf(const char *format, ...)
{
    va_list args;
    int ret;

    if (!has_wine())
        return 0;
    va_start(args, format);
    ret = log_args(format, args);
    va_end(args);
    return ret;
}

const char *wine_dbg_sprintf(const char *format, ...)
{
    char buffer[200];
    va_list args;

    va_start(args, format);
    _vsnprintf(buffer, sizeof(buffer), format, args);
    va_end(args);
    buffer[sizeof(buffer) - 1] = 0;
    return __wine_dbg_string(buffer);
}

/* Room that one character may take, and what may follow it: "...\"" and the terminator. */
#define CHAR_ROOM 6
#define TAIL_ROOM 6

static char *put_char(char *dst, unsigned int c)
{
    switch (c)
    {
    case '\n': *dst++ = '\\'; *dst++ = 'n'; break;
    case '\r': *dst++ = '\\'; *dst++ = 'r'; break;
    case '\t': *dst++ = '\\'; *dst++ = 't'; break;
    case '"':  *dst++ = '\\'; *dst++ = '"'; break;
    case '\\': *dst++ = '\\'; *dst++ = '\\'; break;
    default:
        if (c >= ' ' && c < 127)
            *dst++ = c;
        else
            dst += sprintf(dst, c < 0x100 ? "\\x%02x" : "\\%04x", c);
    }
    return dst;
}

const char *wine_dbgstr_an(const char *string, int length)
{
    char buffer[250], *dst = buffer;
    const char *end = buffer + sizeof(buffer) - CHAR_ROOM - TAIL_ROOM;

    if (!string)
        return "(null)";
    if (!((ULONG_PTR)string >> 16))
        return wine_dbg_sprintf("#%04x", (unsigned int)(ULONG_PTR)string);
    if (length == -1)
        length = strlen(string);
    *dst++ = '"';
    while (length-- > 0 && dst < end)
        dst = put_char(dst, (unsigned char)*string++);
    *dst++ = '"';
    strcpy(dst, length >= 0 ? "..." : "");
    return __wine_dbg_string(buffer);
}

const char *wine_dbgstr_wn(const WCHAR *string, int length)
{
    char buffer[250], *dst = buffer;
    const char *end = buffer + sizeof(buffer) - CHAR_ROOM - TAIL_ROOM;

    if (!string)
        return "(null)";
    if (!((ULONG_PTR)string >> 16))
        return wine_dbg_sprintf("#%04x", (unsigned int)(ULONG_PTR)string);
    if (length == -1)
        length = lstrlenW(string);
    *dst++ = 'L';
    *dst++ = '"';
    while (length-- > 0 && dst < end)
        dst = put_char(dst, *string++);
    *dst++ = '"';
    strcpy(dst, length >= 0 ? "..." : "");
    return __wine_dbg_string(buffer);
}

const char *wine_dbgstr_guid(const GUID *guid)
{
    if (!guid)
        return "(null)";
    if (!((ULONG_PTR)guid >> 16))
        return wine_dbg_sprintf("<guid-0x%04x>", (unsigned int)(ULONG_PTR)guid);
    return wine_dbg_sprintf("{%08lx-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}",
                            guid->Data1, guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1],
                            guid->Data4[2], guid->Data4[3], guid->Data4[4], guid->Data4[5],
                            guid->Data4[6], guid->Data4[7]);
}
