/*
 * The files of a job: adding them and listing them.
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

HRESULT file_add(const struct verb *verb, int argc, WCHAR **argv)
{
    IBackgroundCopyJob *job;
    HRESULT hr;

    if (FAILED(hr = job_find(argv[0], &job)))
        return hr;
    if (FAILED(hr = IBackgroundCopyJob_AddFile(job, argv[1], argv[2])))
        output_error(verb->what, hr);
    else
        output_format(L"Added %s -> %s to job.\n", argv[1], argv[2]);
    IBackgroundCopyJob_Release(job);
    return hr;
}

/* UTF-16 and UTF-8 with their marks, UTF-8 without one, else the system's code page (unconfirmed:
 * reference/bitsadmin.md 3.4). */
static WCHAR *decode(const char *bytes, int size)
{
    UINT cp = CP_UTF8;
    WCHAR *text;
    int len;

    if (size >= 2 && !memcmp(bytes, "\xff\xfe", 2))
    {
        if (!(text = calloc(size / 2, sizeof(WCHAR))))
            return NULL;
        memcpy(text, bytes + 2, (size / 2 - 1) * sizeof(WCHAR));
        return text;
    }
    if (size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
    {
        bytes += 3;
        size -= 3;
    }
    if (!size)
        return calloc(1, sizeof(WCHAR));
    if (!(len = MultiByteToWideChar(cp, MB_ERR_INVALID_CHARS, bytes, size, NULL, 0)))
        len = MultiByteToWideChar(cp = CP_ACP, 0, bytes, size, NULL, 0);
    if ((text = calloc(len + 1, sizeof(WCHAR))))
        MultiByteToWideChar(cp, 0, bytes, size, text, len);
    return text;
}

static HRESULT read_text(const WCHAR *name, WCHAR **ret_text)
{
    DWORD size, done = 0;
    char *bytes = NULL;
    HRESULT hr = S_OK;
    HANDLE file;

    *ret_text = NULL;
    file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return HRESULT_FROM_WIN32(GetLastError());
    if ((size = GetFileSize(file, NULL)) > 0x10000000)
        hr = HRESULT_FROM_WIN32(ERROR_FILE_TOO_LARGE);
    else if (!(bytes = malloc(size + 1)))
        hr = E_OUTOFMEMORY;
    else if (!ReadFile(file, bytes, size, &done, NULL))
        hr = HRESULT_FROM_WIN32(GetLastError());
    else if (!(*ret_text = decode(bytes, done)))
        hr = E_OUTOFMEMORY;
    free(bytes);
    CloseHandle(file);
    return hr;
}

static BOOL is_blank(WCHAR c)
{
    return c == ' ' || c == '\t';
}

static WCHAR *next_line(WCHAR **text)
{
    WCHAR *line = *text, *end;

    if (!*line)
        return NULL;
    end = line + wcscspn(line, L"\r\n");
    *text = end + wcsspn(end, L"\r\n");
    *end = 0;
    return line;
}

/* Takes one name off the line; either name may be in quotes, and the last may hold spaces without
 * them (unconfirmed: reference/bitsadmin.md 3.4). */
static WCHAR *next_name(WCHAR **line, BOOL last)
{
    WCHAR *name = *line, *end;

    while (is_blank(*name))
        name++;
    if (*name == '"')
    {
        name++;
        if (!(end = wcschr(name, '"')))
            return NULL;
    }
    else if (last)
        end = name + wcslen(name);
    else
        end = name + wcscspn(name, L" \t");
    *line = *end ? end + 1 : end;
    *end = 0;
    if (last)
    {
        trim_text(name);
        while (is_blank(**line))
            (*line)++;
        if (**line)
            return NULL;
    }
    return *name ? name : NULL;
}

/* Cuts the text into names, in place. */
static HRESULT parse_set(WCHAR *text, BG_FILE_INFO **ret_files, ULONG *ret_count)
{
    BG_FILE_INFO *files = NULL, *bigger;
    ULONG count = 0, size = 0;
    WCHAR *line;

    while ((line = next_line(&text)))
    {
        while (is_blank(*line))
            line++;
        if (!*line || *line == '#')
            continue;
        if (count == size)
        {
            size = size ? size * 2 : 64;
            if (!(bigger = realloc(files, size * sizeof(*files))))
            {
                free(files);
                return E_OUTOFMEMORY;
            }
            files = bigger;
        }
        if (!(files[count].RemoteName = next_name(&line, FALSE))
                || !(files[count].LocalName = next_name(&line, TRUE)))
        {
            free(files);
            return E_INVALIDARG;
        }
        count++;
    }
    *ret_files = files;
    *ret_count = count;
    return count ? S_OK : E_INVALIDARG;
}

HRESULT file_add_set(const struct verb *verb, int argc, WCHAR **argv)
{
    BG_FILE_INFO *files = NULL;
    IBackgroundCopyJob *job;
    ULONG count = 0;
    WCHAR *text;
    HRESULT hr;

    if (FAILED(hr = job_find(argv[0], &job)))
        return hr;
    if (SUCCEEDED(hr = read_text(argv[1], &text)))
        hr = parse_set(text, &files, &count);
    if (FAILED(hr))
        output_error(L"read file list", hr);
    else if (FAILED(hr = IBackgroundCopyJob_AddFileSet(job, count, files)))
        output_error(verb->what, hr);
    else
        output_format(L"Added %lu file(s) to job.\n", count);
    free(files);
    free(text);
    IBackgroundCopyJob_Release(job);
    return hr;
}

static HRESULT print_file(IBackgroundCopyFile *file)
{
    WCHAR done[SIZE_TEXT], total[SIZE_TEXT], *remote = NULL, *local = NULL;
    BG_FILE_PROGRESS progress;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyFile_GetProgress(file, &progress)))
        return hr;
    if (FAILED(hr = IBackgroundCopyFile_GetRemoteName(file, &remote)))
        return hr;
    if (SUCCEEDED(hr = IBackgroundCopyFile_GetLocalName(file, &local)))
    {
        format_size(progress.BytesTransferred, done);
        format_size(progress.BytesTotal, total);
        /* COMPLETED is unconfirmed: reference/bitsadmin.md 1.5 */
        output_format(L"\t%s / %s %s %s -> %s\n", done, total,
                progress.Completed ? L"COMPLETED" : L"WORKING", remote, local);
        ole_free(local);
    }
    ole_free(remote);
    return hr;
}

/* One line for each file of the job. */
HRESULT file_list(IBackgroundCopyJob *job, int argc, WCHAR **argv)
{
    IEnumBackgroundCopyFiles *files;
    IBackgroundCopyFile *file;
    ULONG fetched;
    HRESULT hr;

    if (FAILED(hr = IBackgroundCopyJob_EnumFiles(job, &files)))
        return hr;
    while ((hr = IEnumBackgroundCopyFiles_Next(files, 1, &file, &fetched)) == S_OK)
    {
        hr = print_file(file);
        IBackgroundCopyFile_Release(file);
        if (FAILED(hr))
            break;
    }
    IEnumBackgroundCopyFiles_Release(files);
    return FAILED(hr) ? hr : S_OK;
}
