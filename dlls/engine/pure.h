/*
 * Functions of bytes and numbers alone: no I/O, no clock, no windows.h needed.
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

#ifndef WINEBITS_ENGINE_PURE_H
#define WINEBITS_ENGINE_PURE_H

#include <stddef.h>

/* Pure files are also built with the native compiler, where these are all that they need. */
#ifdef _WIN32
#include <stdarg.h>
#include <windef.h>
#else
#include <stdint.h>
typedef int BOOL;
typedef uint32_t ULONG;
typedef uint64_t UINT64;
#define TRUE 1
#define FALSE 0
#endif

#ifndef ENGINE_SIZE_UNKNOWN
#define ENGINE_SIZE_UNKNOWN (~(UINT64)0)
#endif

/* range.c: values of header fields, without the line end */

/* Content-Length: digits only; a list of equal numbers counts as one. */
BOOL range_parse_length(const char *p, size_t len, UINT64 *ret_length);
/* Content-Range of a 206: "bytes 0-9/100"; *ret_total is ENGINE_SIZE_UNKNOWN for "*". */
BOOL range_parse_content_range(const char *p, size_t len, UINT64 *first, UINT64 *last, UINT64 *ret_total);

/* retry.c */

/* Retry-After as seconds from now: a number, or a date in one of HTTP's three forms. */
BOOL retry_parse_after(const char *p, size_t len, UINT64 now_unix, ULONG *seconds);

/* What is known about a request that failed. */
struct retry_facts
{
    BOOL transient;             /* as error.c classified the error */
    BOOL transport;             /* the connection failed, not the server's answer */
    BOOL reused;                /* the request went out on a connection used before */
    BOOL answered;              /* a byte of an answer to this request came */
    UINT64 gained;              /* bytes that reached the part file since the last (re)connect */
    unsigned int reconnects;    /* immediate ones since the last that gained enough */
};

enum retry_verdict
{
    RETRY_NOW,                  /* connect again at once, from the present offset */
    RETRY_LATER,                /* report a transient error */
    RETRY_NEVER,                /* report a fatal one */
};

enum retry_verdict retry_verdict(const struct retry_facts *facts);

#endif /* WINEBITS_ENGINE_PURE_H */
