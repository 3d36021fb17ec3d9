/*
 * Wine's debug channels for plain PE files; silent where there is no Wine.
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

#ifndef __WINE_WINE_DEBUG_H
#define __WINE_WINE_DEBUG_H

#include <stdarg.h>
#include <stdio.h>
#include <windef.h>
#include <winbase.h>

#ifdef __cplusplus
extern "C" {
#endif

enum __wine_debug_class
{
    __WINE_DBCL_FIXME,
    __WINE_DBCL_ERR,
    __WINE_DBCL_WARN,
    __WINE_DBCL_TRACE,
    __WINE_DBCL_INIT = 7            /* the flags have not been asked for yet */
};

/* The layout is ntdll's. */
struct __wine_debug_channel
{
    unsigned char flags;
    char name[15];
};

#if defined(__MINGW_PRINTF_FORMAT)
#define __WINE_PRINTF_ATTR(fmt, args) __attribute__((format(ms_printf, fmt, args)))
#else
#define __WINE_PRINTF_ATTR(fmt, args) __attribute__((format(printf, fmt, args)))
#endif

/* debug.c */
unsigned char __wine_dbg_channel_flags(struct __wine_debug_channel *channel);
/* Copies a short string to where it stays until the line is finished. */
const char *__wine_dbg_string(const char *string);
int wine_dbg_log(enum __wine_debug_class cls, struct __wine_debug_channel *channel, const char *function,
                 const char *format, ...) __WINE_PRINTF_ATTR(4, 5);
int wine_dbg_printf(const char *format, ...) __WINE_PRINTF_ATTR(1, 2);
const char *wine_dbg_sprintf(const char *format, ...) __WINE_PRINTF_ATTR(1, 2);
const char *wine_dbgstr_an(const char *string, int length);
const char *wine_dbgstr_wn(const WCHAR *string, int length);
const char *wine_dbgstr_guid(const GUID *guid);

#define WINE_DECLARE_DEBUG_CHANNEL(ch) \
    static struct __wine_debug_channel __wine_dbch_##ch __attribute__((unused)) = { 0xff, #ch }
#define WINE_DEFAULT_DEBUG_CHANNEL(ch) \
    static struct __wine_debug_channel __wine_dbch_##ch = { 0xff, #ch }; \
    static struct __wine_debug_channel * const __wine_dbch___default __attribute__((unused)) = \
        &__wine_dbch_##ch

/* A channel that is off costs one test of a byte. */
#define __WINE_IS_DEBUG_ON(cls, channel) \
    (((channel)->flags & (1 << __WINE_DBCL##cls)) && \
     (__wine_dbg_channel_flags(channel) & (1 << __WINE_DBCL##cls)))
#define __WINE_DPRINTF(cls, channel) \
    do { if (__WINE_IS_DEBUG_ON(cls, channel)) { \
        struct __wine_debug_channel * const __dbch = channel; \
        const enum __wine_debug_class __dbcl = __WINE_DBCL##cls; \
        __WINE_DBG_LOG
#define __WINE_DBG_LOG(...) \
        wine_dbg_log(__dbcl, __dbch, __func__, __VA_ARGS__); } } while (0)

#define WINE_TRACE          __WINE_DPRINTF(_TRACE, __wine_dbch___default)
#define WINE_TRACE_(ch)     __WINE_DPRINTF(_TRACE, &__wine_dbch_##ch)
#define WINE_TRACE_ON(ch)   __WINE_IS_DEBUG_ON(_TRACE, &__wine_dbch_##ch)
#define WINE_WARN           __WINE_DPRINTF(_WARN, __wine_dbch___default)
#define WINE_WARN_(ch)      __WINE_DPRINTF(_WARN, &__wine_dbch_##ch)
#define WINE_WARN_ON(ch)    __WINE_IS_DEBUG_ON(_WARN, &__wine_dbch_##ch)
#define WINE_FIXME          __WINE_DPRINTF(_FIXME, __wine_dbch___default)
#define WINE_FIXME_(ch)     __WINE_DPRINTF(_FIXME, &__wine_dbch_##ch)
#define WINE_FIXME_ON(ch)   __WINE_IS_DEBUG_ON(_FIXME, &__wine_dbch_##ch)
#define WINE_ERR            __WINE_DPRINTF(_ERR, __wine_dbch___default)
#define WINE_ERR_(ch)       __WINE_DPRINTF(_ERR, &__wine_dbch_##ch)
#define WINE_ERR_ON(ch)     __WINE_IS_DEBUG_ON(_ERR, &__wine_dbch_##ch)

static inline const char *wine_dbgstr_a(const char *string)
{
    return wine_dbgstr_an(string, -1);
}

static inline const char *wine_dbgstr_w(const WCHAR *string)
{
    return wine_dbgstr_wn(string, -1);
}

static inline const char *wine_dbgstr_longlong(ULONGLONG value)
{
    if (value >> 32)
        return wine_dbg_sprintf("%lx%08lx", (unsigned long)(value >> 32), (unsigned long)value);
    return wine_dbg_sprintf("%lx", (unsigned long)value);
}

static inline const char *wine_dbgstr_point(const POINT *point)
{
    return point ? wine_dbg_sprintf("(%ld,%ld)", point->x, point->y) : "(null)";
}

static inline const char *wine_dbgstr_rect(const RECT *rect)
{
    if (!rect)
        return "(null)";
    return wine_dbg_sprintf("(%ld,%ld)-(%ld,%ld)", rect->left, rect->top, rect->right, rect->bottom);
}

static inline const char *debugstr_an(const char *string, int length) { return wine_dbgstr_an(string, length); }
static inline const char *debugstr_wn(const WCHAR *string, int length) { return wine_dbgstr_wn(string, length); }
static inline const char *debugstr_a(const char *string) { return wine_dbgstr_an(string, -1); }
static inline const char *debugstr_w(const WCHAR *string) { return wine_dbgstr_wn(string, -1); }
static inline const char *debugstr_guid(const GUID *guid) { return wine_dbgstr_guid(guid); }

/* The short names; a test has other uses for them. */
#ifndef __WINE_WINE_TEST_H

#define TRACE               WINE_TRACE
#define TRACE_(ch)          WINE_TRACE_(ch)
#define TRACE_ON(ch)        WINE_TRACE_ON(ch)
#define WARN                WINE_WARN
#define WARN_(ch)           WINE_WARN_(ch)
#define WARN_ON(ch)         WINE_WARN_ON(ch)
#undef ERR
#define ERR                 WINE_ERR
#define ERR_(ch)            WINE_ERR_(ch)
#define ERR_ON(ch)          WINE_ERR_ON(ch)
#define FIXME               WINE_FIXME
#define FIXME_(ch)          WINE_FIXME_(ch)
#define FIXME_ON(ch)        WINE_FIXME_ON(ch)

#endif /* __WINE_WINE_TEST_H */

#ifdef __cplusplus
}
#endif

#endif /* __WINE_WINE_DEBUG_H */
