/*
 * Strings between UTF-8 and UTF-16.
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

#include "engine.h"
#include <winnls.h>

WCHAR *utf8_to_wide(const char *string)
{
    WCHAR *ret;
    int len;

    if (!string || !(len = MultiByteToWideChar(CP_UTF8, 0, string, -1, NULL, 0)))
        return NULL;
    if ((ret = malloc(len * sizeof(*ret))))
        MultiByteToWideChar(CP_UTF8, 0, string, -1, ret, len);
    return ret;
}

char *wide_to_utf8(const WCHAR *string)
{
    char *ret;
    int len;

    if (!string || !(len = WideCharToMultiByte(CP_UTF8, 0, string, -1, NULL, 0, NULL, NULL)))
        return NULL;
    if ((ret = malloc(len)))
        WideCharToMultiByte(CP_UTF8, 0, string, -1, ret, len, NULL, NULL);
    return ret;
}

WCHAR *wide_dup(const WCHAR *string)
{
    size_t size;
    WCHAR *ret;

    if (!string)
        return NULL;
    size = (lstrlenW(string) + 1) * sizeof(*string);
    if ((ret = malloc(size)))
        memcpy(ret, string, size);
    return ret;
}
