/*
 * What the tests of transfers share: an engine with a clock of their own, and what happened.
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

#ifndef WINEBITS_TESTS_ENGINE_TRANSFER_H
#define WINEBITS_TESTS_ENGINE_TRANSFER_H

#include <stdarg.h>
#include <stdint.h>
#include <windef.h>
#include <winbase.h>

#include "engine.h"

/* Longest wait for an event that must come; only a failing test ever waits that long. */
#define TIMEOUT 60000

/* One transfer as its events told it. */
struct run
{
    struct xfer_params params;
    WCHAR part[MAX_PATH];
    struct xfer *xfer;
    HANDLE done_event;
    HANDLE head_event;          /* set by each head */
    HANDLE progress_event;
    HANDLE requeued_event;

    CRITICAL_SECTION cs;        /* guards the rest until done_event */
    unsigned int connecting, heads, progresses, requeues, done;
    BOOL is_disordered;         /* events came in an order that engine.h rules out */
    BOOL is_running;
    UINT64 size;
    char etag[80], last_modified[80], url[512];
    struct xfer_result result;
    char result_url[512];
    unsigned int number;        /* place among all that ended, from 1 */
};

extern struct engine *engine;
extern struct group *group;     /* foreground */

/* Milliseconds that the engine's clock is ahead of the system's. */
extern volatile LONG64 clock_ahead;
/* Where the system's stands for the engine, or 0 while it goes. */
extern volatile LONG64 clock_stopped;
/* When not 0: after so many looks of the engine at its clock, that jumps ahead by ten minutes. */
extern volatile LONG clock_fuse;

/* Starts the engine and makes a directory for part files. */
BOOL transfers_begin(void);
void transfers_end(void);
/* A new engine and group for the old ones. */
void transfers_restart(void);

/* The server of this test run and a path there; NULL without a server. */
const char *server_url(const char *path);
/* GET of a control URL of that server; the body, valid until the next call. */
const char *ask_server(const char *path);

void run_init(struct run *run, const char *url);
void run_submit(struct run *run, struct group *in);
void run_wait(struct run *run);
/* Deletes the part file too. */
void run_free(struct run *run);
/* init, submit to the foreground group, wait */
void run_url(struct run *run, const char *url);

/* Is the part file size bytes of the server's content? */
BOOL part_is(const struct run *run, UINT64 size, UINT64 seed);

#endif /* WINEBITS_TESTS_ENGINE_TRANSFER_H */
