/*
 * Remote names: what is accepted, and what of them may be logged.
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

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <curl/curl.h>

#include "engine.h"

/* reference/bits.md 3.5 */
#define MAX_URL     2200

static BOOL is_slash(WCHAR c)
{
    return c == '/' || c == '\\';
}

static BOOL is_letter(WCHAR c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static BOOL has_prefix(const WCHAR *string, const WCHAR *prefix)
{
    return !_wcsnicmp(string, prefix, wcslen(prefix));
}

/* Names that DOS takes for devices in every directory; an extension and trailing spaces do not matter. */
static BOOL is_device(const WCHAR *name, size_t len)
{
    static const WCHAR *const devices[] = { L"aux", L"con", L"conin$", L"conout$", L"nul", L"prn" };
    static const WCHAR *const numbered[] = { L"com", L"lpt" };
    size_t i, base = 0;

    while (base < len && name[base] != '.')
        base++;
    while (base && name[base - 1] == ' ')
        base--;
    for (i = 0; i < ARRAYSIZE(devices); i++)
        if (base == wcslen(devices[i]) && has_prefix(name, devices[i]))
            return TRUE;
    for (i = 0; i < ARRAYSIZE(numbered); i++)
        if (base == 4 && has_prefix(name, numbered[i])
                && ((name[3] >= '1' && name[3] <= '9') || name[3] == 0xb9 || name[3] == 0xb2 || name[3] == 0xb3))
            return TRUE;
    return FALSE;
}

/* The part after "X:" or "\\server": names between separators, the last one that of a file. */
static BOOL check_names(const WCHAR *path)
{
    size_t len;

    while (*path)
    {
        while (is_slash(*path))
            path++;
        for (len = 0; path[len] && !is_slash(path[len]); len++)
            if (path[len] < 0x20 || wcschr(L"<>:\"|?*", path[len]))
                return FALSE;
        if (!len || len > MAX_PATH || is_device(path, len))
            return FALSE;
        path += len;
    }
    return TRUE;
}

/* A full path of a file on a drive or a share. */
static BOOL check_path(const WCHAR *path)
{
    const WCHAR *server, *share;

    if (is_letter(path[0]) && path[1] == ':' && is_slash(path[2]))
        return path[3] && check_names(path + 2);

    if (!is_slash(path[0]) || !is_slash(path[1]))
        return FALSE;
    server = path + 2;
    share = server + wcscspn(server, L"/\\");
    if (share == server || !share[0] || is_slash(share[1]) || !wcspbrk(share + 1, L"/\\"))
        return FALSE;
    /* \\?\ and \\.\ are not servers, pipes and mailslots are not shares. */
    if (share == server + 1 && *server == '.')
        return FALSE;
    if (has_prefix(share + 1, L"pipe\\") || has_prefix(share + 1, L"pipe/")
            || has_prefix(share + 1, L"mailslot\\") || has_prefix(share + 1, L"mailslot/"))
        return FALSE;
    return check_names(server);
}

static WCHAR *path_dup(const WCHAR *prefix, const WCHAR *path)
{
    size_t prefix_len = wcslen(prefix), len = wcslen(path) + 1, i;
    WCHAR *ret;

    if (!(ret = malloc((prefix_len + len) * sizeof(*ret))))
        return NULL;
    memcpy(ret, prefix, prefix_len * sizeof(*ret));
    memcpy(ret + prefix_len, path, len * sizeof(*ret));
    for (i = 0; ret[i]; i++)
        if (ret[i] == '/')
            ret[i] = '\\';
    return ret;
}

/* What follows "file://".  Nothing is unescaped: unconfirmed, reference/bits.md 12. */
static WCHAR *path_from_file_url(const WCHAR *rest)
{
    if (is_slash(rest[0]) && !is_slash(rest[1]))
        return path_dup(L"", rest + 1);         /* file:///C:/dir/file */
    if (is_slash(rest[0]) || (is_letter(rest[0]) && rest[1] == ':'))
        return path_dup(L"", rest);             /* file://C:\dir\file, file:////server/share/file */
    return path_dup(L"\\\\", rest);             /* file://server/share/file */
}

/* Whether every character may stand in a URL that is sent as it is.  Beyond ASCII they are left to the
 * server, but for the host. */
static BOOL check_characters(const WCHAR *url)
{
    const WCHAR *p, *authority, *path;
    size_t len;

    for (p = url; *p; p++)
    {
        if (*p <= ' ' || (*p >= 0x7f && *p <= 0xa0))
            return FALSE;
        if (*p >= 0xd800 && *p < 0xdc00 && p[1] >= 0xdc00 && p[1] < 0xe000)
            p++;
        else if (*p >= 0xd800 && *p < 0xe000)
            return FALSE;
    }
    authority = wcsstr(url, L"://");
    if (!authority)
        return FALSE;
    authority += 3;
    path = authority + wcscspn(authority, L"/?#");
    /* libcurl forgives additional slashes. */
    if (path == authority)
        return FALSE;
    for (p = authority; p < path; p++)
        if (*p >= 0x80 || *p == '\\')
            return FALSE;
    while (*path == '/')
    {
        len = wcscspn(path + 1, L"/?#");
        if (len > MAX_PATH)
            return FALSE;
        path += len + 1;
    }
    return TRUE;
}

static enum url_kind check_http(const WCHAR *url)
{
    char *utf8 = NULL, *scheme = NULL, *host = NULL, *port = NULL;
    enum url_kind kind = URL_INVALID;
    CURLU *parsed;

    if (!check_characters(url))
        return URL_INVALID;
    if (!(parsed = curl_url()) || !(utf8 = wide_to_utf8(url)))
        goto done;
    if (curl_url_set(parsed, CURLUPART_URL, utf8, CURLU_PATH_AS_IS)
            || curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0)
            || curl_url_get(parsed, CURLUPART_HOST, &host, 0)
            || curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT)
            || !*host || !strcmp(port, "0"))
        goto done;
    if (!strcmp(scheme, "http"))
        kind = URL_HTTP;
    else if (!strcmp(scheme, "https"))
        kind = URL_HTTPS;

done:
    curl_free(port);
    curl_free(host);
    curl_free(scheme);
    free(utf8);
    curl_url_cleanup(parsed);
    return kind;
}

enum url_kind url_check(const WCHAR *url, WCHAR **ret_path)
{
    WCHAR *path;

    if (ret_path)
        *ret_path = NULL;
    if (!url || wcslen(url) > MAX_URL)
        return URL_INVALID;
    if (has_prefix(url, L"http://") || has_prefix(url, L"https://"))
        return check_http(url);

    path = has_prefix(url, L"file://") ? path_from_file_url(url + 7) : path_dup(L"", url);
    if (!path || !check_path(path))
    {
        free(path);
        return URL_INVALID;
    }
    if (ret_path)
        *ret_path = path;
    else
        free(path);
    return URL_FILE;
}

const char *url_redact(const char *url, char *buffer, size_t size)
{
    const char *authority, *end, *host, *p;
    char *out = buffer, *limit = buffer + size;

    if (!size)
        return "";
    if (!url)
        url = "(null)";
    authority = (authority = strstr(url, "://")) ? authority + 3 : url;
    end = authority + strcspn(authority, "/?#");
    host = authority;
    /* A path has nobody to hide, but may have an '@'. */
    if (authority != url || !strchr("\\/", url[0] && url[1] == ':' ? url[2] : url[0]))
        for (p = authority; p < end; p++)
            if (*p == '@')
                host = p + 1;

    for (p = url; p < authority && out + 1 < limit; p++)
        *out++ = *p;
    for (p = host; *p && *p != '?' && *p != '#' && out + 1 < limit; p++)
        *out++ = *p;
    *out = 0;
    /* A log is read by line. */
    for (out = buffer; *out; out++)
        if ((unsigned char)*out < ' ' || *out == 0x7f)
            *out = '?';
    return buffer;
}
