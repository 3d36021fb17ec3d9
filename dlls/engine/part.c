/*
 * The file being written: open, write at, commit by rename, discard; gathered writes.
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

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

struct part
{
    HANDLE file;
};

static HRESULT last_error(void)
{
    DWORD error = GetLastError();

    return error ? HRESULT_FROM_WIN32(error) : E_FAIL;
}

/* The copy of a read-only file refuses what is done to it here: after such a refusal, makes it one that does
 * not.  FALSE when that was not the reason; the last error is kept then. */
static BOOL clear_read_only(const WCHAR *path)
{
    DWORD error = GetLastError(), attributes;

    if (error == ERROR_ACCESS_DENIED && (attributes = GetFileAttributesW(path)) != INVALID_FILE_ATTRIBUTES
        && (attributes & FILE_ATTRIBUTE_READONLY)
        && SetFileAttributesW(path, attributes & ~FILE_ATTRIBUTE_READONLY))
        return TRUE;
    SetLastError(error);
    return FALSE;
}

static HANDLE open_file(const WCHAR *path, DWORD access, DWORD sharing, DWORD creation)
{
    return CreateFileW(path, access, sharing, NULL, creation, FILE_ATTRIBUTE_NORMAL, NULL);
}

HRESULT part_open(const WCHAR *path, UINT64 offset, struct part **ret_part)
{
    DWORD access = GENERIC_READ | GENERIC_WRITE, sharing = FILE_SHARE_READ | FILE_SHARE_WRITE;
    LARGE_INTEGER size, position;
    struct part *part;
    HRESULT hr;

    *ret_part = NULL;
    if (!(part = malloc(sizeof(*part))))
        return E_OUTOFMEMORY;
    part->file = open_file(path, access, sharing, OPEN_ALWAYS);
    if (part->file == INVALID_HANDLE_VALUE && clear_read_only(path))
        part->file = open_file(path, access, sharing, OPEN_ALWAYS);
    if (part->file == INVALID_HANDLE_VALUE)
    {
        hr = last_error();
        free(part);
        return hr;
    }
    if (GetLastError() != ERROR_ALREADY_EXISTS)
    {
        size.QuadPart = 0;
    }
    else if (!GetFileSizeEx(part->file, &size))
    {
        hr = last_error();
        goto fail;
    }
    if ((UINT64)size.QuadPart < offset)
    {
        WARN("%s ends before offset %s.\n", debugstr_w(path), wine_dbgstr_longlong(offset));
        hr = ENGINE_E_CHANGED;
        goto fail;
    }
    position.QuadPart = offset;
    if ((offset && !SetFilePointerEx(part->file, position, NULL, FILE_BEGIN))
        || ((UINT64)size.QuadPart > offset && !SetEndOfFile(part->file)))
    {
        hr = last_error();
        goto fail;
    }
    *ret_part = part;
    return S_OK;

fail:
    CloseHandle(part->file);
    free(part);
    return hr;
}

HRESULT part_reserve(struct part *part, const WCHAR *path, UINT64 offset, UINT64 size)
{
    LARGE_INTEGER end, position;
    ULARGE_INTEGER available;
    const WCHAR *name = wcsrchr(path, '\\');
    WCHAR *directory;
    BOOL is_full;

    if (!name || !(directory = wide_dup(path)))
        return E_OUTOFMEMORY;
    directory[name + 1 - path] = 0;
    is_full = GetDiskFreeSpaceExW(directory, &available, NULL, NULL) && available.QuadPart < size - offset;
    free(directory);
    if (is_full)
        return HRESULT_FROM_WIN32(ERROR_DISK_FULL);

    end.QuadPart = size;
    position.QuadPart = offset;
    if (!SetFilePointerEx(part->file, end, NULL, FILE_BEGIN) || !SetEndOfFile(part->file)
        || !SetFilePointerEx(part->file, position, NULL, FILE_BEGIN))
        return last_error();
    return S_OK;
}

/* With the file's own position: an OVERLAPPED costs Wine a round trip to its server. */
HRESULT part_append(struct part *part, const void *data, size_t size)
{
    const BYTE *bytes = data;

    while (size)
    {
        DWORD written;

        if (!WriteFile(part->file, bytes, (DWORD)size, &written, NULL))
            return last_error();
        if (!written)
            return HRESULT_FROM_WIN32(ERROR_DISK_FULL);
        bytes += written;
        size -= written;
    }
    return S_OK;
}

void part_set_http_time(struct part *part, const char *last_modified)
{
    time_t seconds = curl_getdate(last_modified, NULL);
    ULARGE_INTEGER ticks;
    FILETIME time;

    if (seconds == -1)
    {
        WARN("Last-Modified %s is not a date.\n", debugstr_a(last_modified));
        return;
    }
    ticks.QuadPart = ((UINT64)seconds + 11644473600) * 10000000;
    time.dwLowDateTime = ticks.u.LowPart;
    time.dwHighDateTime = ticks.u.HighPart;
    if (!SetFileTime(part->file, &time, NULL, &time))
        WARN("Setting the time failed, error %lu.\n", GetLastError());
}

void part_set_attributes(struct part *part, const FILE_BASIC_INFO *info)
{
    if (!SetFileInformationByHandle(part->file, FileBasicInfo, (void *)info, sizeof(*info)))
        WARN("Setting attributes failed, error %lu.\n", GetLastError());
}

HRESULT part_close(struct part *part)
{
    HRESULT hr = CloseHandle(part->file) ? S_OK : last_error();

    free(part);
    return hr;
}

void part_cut(struct part *part, UINT64 offset)
{
    LARGE_INTEGER position;

    position.QuadPart = offset;
    /* Whoever opens it next cuts it again. */
    if (!SetFilePointerEx(part->file, position, NULL, FILE_BEGIN) || !SetEndOfFile(part->file))
        WARN("Cutting a part file failed, error %lu.\n", GetLastError());
    part_close(part);
}

HRESULT part_sync(const WCHAR *part)
{
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    BOOL was_read_only = FALSE;
    HRESULT hr = S_OK;
    HANDLE file;

    file = open_file(part, GENERIC_WRITE, sharing, OPEN_EXISTING);
    if (file == INVALID_HANDLE_VALUE && (was_read_only = clear_read_only(part)))
        file = open_file(part, GENERIC_WRITE, sharing, OPEN_EXISTING);
    if (file == INVALID_HANDLE_VALUE)
        return last_error();
    if (!FlushFileBuffers(file))
        hr = last_error();
    CloseHandle(file);
    if (was_read_only)
        SetFileAttributesW(part, GetFileAttributesW(part) | FILE_ATTRIBUTE_READONLY);
    return hr;
}

HRESULT part_commit(const WCHAR *part, const WCHAR *name)
{
    DWORD attributes;

    if (MoveFileExW(part, name, 0))
        return S_OK;
    if (GetLastError() != ERROR_ALREADY_EXISTS && GetLastError() != ERROR_FILE_EXISTS)
        return last_error();
    /* Windows does not replace such a file, Wine does. */
    attributes = GetFileAttributesW(name);
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_READONLY))
        return E_ACCESSDENIED;
    return MoveFileExW(part, name, MOVEFILE_REPLACE_EXISTING) ? S_OK : last_error();
}

HRESULT part_discard(const WCHAR *part)
{
    if (DeleteFileW(part) || (clear_read_only(part) && DeleteFileW(part)))
        return S_OK;
    switch (GetLastError())
    {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
            return S_OK;
        default:
            return last_error();
    }
}

void gather_flush(struct engine *engine)
{
    struct xfer *xfer = engine->gather_owner;
    size_t size = engine->gather_used;
    HRESULT hr;

    engine->gather_owner = NULL;
    engine->gather_used = 0;
    if (!xfer || !size || FAILED(xfer->write_hr))
        return;
    if (FAILED(hr = part_append(xfer->part, engine->gather, size)))
    {
        WARN("xfer %p, writing %s failed, hr %#lx.\n", xfer, debugstr_w(xfer->part_path), hr);
        xfer->write_hr = hr;
        return;
    }
    xfer_wrote(xfer, size);
}

HRESULT gather_write(struct xfer *xfer, const void *data, size_t size)
{
    struct engine *engine = xfer->group->engine;

    if (engine->gather_owner != xfer || engine->gather_used + size > GATHER_SIZE)
        gather_flush(engine);
    if (FAILED(xfer->write_hr))
        return xfer->write_hr;
    memcpy(engine->gather + engine->gather_used, data, size);
    engine->gather_owner = xfer;
    engine->gather_used += size;
    return S_OK;
}
