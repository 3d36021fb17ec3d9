/*
 * Who calls: the owner of a job is named by a SID.
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

#include "qmgr.h"
#include <sddl.h>
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

static HRESULT token_get_sid(HANDLE token, WCHAR **ret_sid)
{
    union
    {
        TOKEN_USER user;
        BYTE bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } buffer;
    WCHAR *sid;
    DWORD size;

    if (!GetTokenInformation(token, TokenUser, &buffer, sizeof(buffer), &size)
            || !ConvertSidToStringSidW(buffer.user.User.Sid, &sid))
        return HRESULT_FROM_WIN32(GetLastError());
    *ret_sid = wide_dup(sid);
    LocalFree(sid);
    return *ret_sid ? S_OK : E_OUTOFMEMORY;
}

HRESULT owner_get_caller(WCHAR **ret_sid)
{
    HANDLE token = NULL;
    HRESULT hr;

    /* Where COM cannot impersonate, everybody who reaches the service is the user of the prefix, and so
     * is the service. */
    if (SUCCEEDED(CoImpersonateClient()))
    {
        if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
            token = NULL;
        CoRevertToSelf();
    }
    if (!token && !OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return HRESULT_FROM_WIN32(GetLastError());
    hr = token_get_sid(token, ret_sid);
    CloseHandle(token);
    return hr;
}
