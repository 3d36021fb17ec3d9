/*
 * file: and UNC sources, copied by the loop in turns.
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

#include <stdio.h>
#include <stdlib.h>

#include <windows.h>

#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

/* Bytes that one copy moves before the loop looks at the others. */
#define TURN_SIZE (8 << 20)

static HRESULT file_error(BOOL *transient)
{
    return error_from_file(GetLastError(), transient);
}

/* The validator of a local source: its last write. */
static void format_time(const FILETIME *time, char *buffer, size_t size)
{
    snprintf(buffer, size, "%08lx%08lx", time->dwHighDateTime, time->dwLowDateTime);
}

HRESULT local_start(struct xfer *xfer, enum xfer_where *where)
{
    struct engine *engine = xfer->group->engine;
    BY_HANDLE_FILE_INFORMATION info;
    struct xfer_head head = {0};
    char last_write[20];
    BOOL transient;

    *where = XFER_WHERE_REMOTE_FILE;
    xfer->source_file = CreateFileW(xfer->source, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                                    OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (xfer->source_file == INVALID_HANDLE_VALUE)
        return file_error(&transient);
    list_add_tail(&engine->locals, &xfer->local_entry);
    if (!GetFileInformationByHandle(xfer->source_file, &info))
        return file_error(&transient);
    format_time(&info.ftLastWriteTime, last_write, sizeof(last_write));
    head.size = (UINT64)info.nFileSizeHigh << 32 | info.nFileSizeLow;
    head.last_modified = last_write;
    if (xfer_offset(xfer) && (head.size != xfer_size(xfer) || !xfer->last_modified
                              || strcmp(xfer->last_modified, last_write)))
        return ENGINE_E_CHANGED;
    return xfer_head(xfer, &head, where);
}

void local_stop(struct xfer *xfer)
{
    list_remove(&xfer->local_entry);
    CloseHandle(xfer->source_file);
    xfer->source_file = INVALID_HANDLE_VALUE;
}

void local_set_attributes(struct xfer *xfer)
{
    FILE_BASIC_INFO info;

    if (GetFileInformationByHandleEx(xfer->source_file, FileBasicInfo, &info, sizeof(info)))
        part_set_attributes(xfer->part, &info);
}

/* Moves one turn's worth; TRUE when the transfer goes on. */
static BOOL copy(struct xfer *xfer)
{
    struct engine *engine = xfer->group->engine;
    UINT64 offset = xfer_offset(xfer), end = min(offset + TURN_SIZE, xfer_size(xfer));
    BOOL transient = FALSE;
    HRESULT hr;

    for (; offset < end; offset = xfer_offset(xfer))
    {
        OVERLAPPED position = {0};
        DWORD read;

        position.Offset = (DWORD)offset;
        position.OffsetHigh = (DWORD)(offset >> 32);
        if (!ReadFile(xfer->source_file, engine->gather, (DWORD)min(GATHER_SIZE, end - offset), &read, &position)
            && GetLastError() != ERROR_HANDLE_EOF)
        {
            hr = file_error(&transient);
            xfer_finish(xfer, hr, XFER_WHERE_REMOTE_FILE, transient, 0, NULL);
            return FALSE;
        }
        if (!read)
        {
            xfer_finish(xfer, ENGINE_E_CHANGED, XFER_WHERE_REMOTE_FILE, TRUE, 0, NULL);
            return FALSE;
        }
        if (FAILED(hr = part_append(xfer->part, engine->gather, read)))
        {
            error_from_file(HRESULT_CODE(hr), &transient);
            xfer_finish(xfer, hr, XFER_WHERE_LOCAL_FILE, transient, 0, NULL);
            return FALSE;
        }
        xfer_wrote(xfer, read);
    }
    if (offset < xfer_size(xfer))
        return TRUE;
    xfer_complete(xfer);
    return FALSE;
}

BOOL local_run(struct engine *engine)
{
    struct xfer *xfer, *next;
    BOOL is_busy = FALSE;

    LIST_FOR_EACH_ENTRY_SAFE(xfer, next, &engine->locals, struct xfer, local_entry)
    {
        if (copy(xfer))
            is_busy = TRUE;
    }
    return is_busy;
}
