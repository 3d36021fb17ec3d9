/*
 * Policies and the service's own defaults, in one table.
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

#include "qmgr.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

#define POLICY_KEY  L"Software\\Policies\\Microsoft\\Windows\\BITS"
#define SERVICE_KEY L"Software\\Microsoft\\Windows\\CurrentVersion\\BITS"

#define DAY 86400

/* reference/bits.md 1.4 and 8.1.  The limits on jobs, files and ranges are not here: they do not apply
 * to administrators, and the user of a prefix is one. */
static const struct
{
    enum config_value value;
    const WCHAR *policy;            /* value of the policy key, or NULL; it wins */
    ULONG policy_unit;
    const WCHAR *service;           /* value of the service's key, or NULL */
    ULONG min, max;
    ULONG fallback;
}
values[] =
{
    /* unconfirmed: reference/bits.md 1.4, the name of the service's value */
    { CONFIG_MINIMUM_RETRY_DELAY,   NULL, 1, L"JobMinimumRetryDelay", 5, ~0ul, 600 },
    { CONFIG_NO_PROGRESS_TIMEOUT,   NULL, 1, L"JobNoProgressTimeout", 0, ~0ul, 14 * DAY },
    { CONFIG_MAXIMUM_DOWNLOAD_TIME, L"MaxDownloadTime", 1, NULL, 1, 0x80000000, 90 * DAY },
    { CONFIG_INACTIVITY_TIMEOUT,    L"JobInactivityTimeout", DAY, L"JobInactivityTimeout", 1, 999 * DAY, 90 * DAY },
};

static BOOL read_value(const WCHAR *key, const WCHAR *name, ULONG *value)
{
    DWORD size = sizeof(*value);

    return name && !RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_DWORD, NULL, value, &size);
}

ULONG config_get(enum config_value value)
{
    unsigned int i;
    ULONG number;

    for (i = 0; values[i].value != value; i++) /* nothing */;
    if (read_value(POLICY_KEY, values[i].policy, &number))
    {
        if (number <= values[i].max / values[i].policy_unit)
            number *= values[i].policy_unit;
        else
            number = values[i].max;
    }
    else if (!read_value(SERVICE_KEY, values[i].service, &number))
    {
        number = values[i].fallback;
    }
    return min(max(number, values[i].min), values[i].max);
}
