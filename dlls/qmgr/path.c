/*
 * Local names: what BITS takes as a target, and whether it can write there.
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

#include <wchar.h>

#include "qmgr.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

static BOOL is_separator(WCHAR c)
{
    return c == '\\' || c == '/';
}

/* CON, NUL, COM1 and their like name a device in every directory, whatever extension follows. */
static BOOL is_device_name(const WCHAR *name, size_t len)
{
    static const WCHAR devices[][4] = { L"CON", L"PRN", L"AUX", L"NUL" };
    size_t i;

    for (i = 0; i < len && name[i] != '.'; i++) /* nothing */;
    while (i && name[i - 1] == ' ')
        i--;
    len = i;
    if (len == 3)
    {
        for (i = 0; i < ARRAYSIZE(devices); i++)
        {
            if (!_wcsnicmp(name, devices[i], 3))
                return TRUE;
        }
    }
    return len == 4 && name[3] >= '1' && name[3] <= '9'
            && (!_wcsnicmp(name, L"COM", 3) || !_wcsnicmp(name, L"LPT", 3));
}

/* The part after "X:" or "\\server\share", where separators and components follow. */
static const WCHAR *path_skip_root(const WCHAR *path)
{
    int i;

    if (((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z')) && path[1] == ':')
        return path + 2;
    if (!is_separator(path[0]) || !is_separator(path[1]))
        return NULL;
    path += 2;
    if (*path == '?' || (*path == '.' && is_separator(path[1])))
        return NULL;
    for (i = 0; i < 2; i++)
    {
        const WCHAR *start = path;

        while (*path && !is_separator(*path))
            path++;
        if (path == start)
            return NULL;
        if (!i)
        {
            if (!*path)
                return NULL;
            path++;
        }
    }
    return path;
}

HRESULT path_check(const WCHAR *path)
{
    const WCHAR *p, *start;

    if (!path || wcslen(path) > MAX_PATH || !(p = path_skip_root(path)) || !is_separator(*p))
        return E_INVALIDARG;
    for (start = ++p; ; p++)
    {
        if (*p && !is_separator(*p))
        {
            if (*p < ' ' || wcschr(L":*?\"<>|", *p))
                return E_INVALIDARG;
            continue;
        }
        if (is_device_name(start, p - start))
            return E_INVALIDARG;
        if (!*p)
            break;
        start = p + 1;
    }
    /* A name that ends in a separator, or in "." or "..", is a directory's. */
    if (p == start || !wcscmp(start, L".") || !wcscmp(start, L".."))
        return E_INVALIDARG;
    return S_OK;
}

size_t path_directory_length(const WCHAR *path)
{
    size_t len = wcslen(path);

    while (len && !is_separator(path[len - 1]))
        len--;
    return len;
}

HRESULT path_check_directory(const WCHAR *path)
{
    size_t len = path_directory_length(path);
    WCHAR name[MAX_PATH + 16];
    unsigned int i;
    DWORD attributes, error;
    HANDLE file;

    memcpy(name, path, len * sizeof(WCHAR));
    name[len] = 0;
    attributes = GetFileAttributesW(name);
    if (attributes == INVALID_FILE_ATTRIBUTES)
    {
        error = GetLastError();
        WARN("No directory %s, error %lu.\n", debugstr_w(name), error);
        if (error == ERROR_FILE_NOT_FOUND || error == ERROR_INVALID_NAME)
            error = ERROR_PATH_NOT_FOUND;
        return HRESULT_FROM_WIN32(error);
    }
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);

    /* Attributes and access lists tell only half of it: read-only mounts and quotas do not show there. */
    for (i = 0; i < 16; i++)
    {
        swprintf(name + len, ARRAYSIZE(name) - len, L"BIT%08X.tmp", random_number());
        file = CreateFileW(name, GENERIC_WRITE | DELETE, 0, NULL, CREATE_NEW,
                FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
        if (file != INVALID_HANDLE_VALUE)
        {
            CloseHandle(file);
            return S_OK;
        }
        error = GetLastError();
        if (error != ERROR_FILE_EXISTS && error != ERROR_ALREADY_EXISTS)
            break;
    }
    WARN("Cannot write into the directory of %s, error %lu.\n", debugstr_w(path), error);
    if (error == ERROR_WRITE_PROTECT)
        error = ERROR_ACCESS_DENIED;
    return HRESULT_FROM_WIN32(error);
}
