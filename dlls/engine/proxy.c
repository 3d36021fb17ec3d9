/*
 * Which proxy a request takes: the user's settings, none, or the job's own list.
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

#include <windows.h>
#include <winhttp.h>

#include "bitsmsg.h"
#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

/* Reading the settings is a registry access, which many small files would notice. */
#define PRECONFIG_LIFE_MS 1000

/* Finds the proxy for a scheme in a list of "[scheme=][scheme://]host[:port]" entries separated by spaces
 * or semicolons; an entry without a scheme serves all that have none of their own. */
static BOOL choose_proxy(const char *list, const char *scheme, char **ret_proxy)
{
    size_t scheme_length = strlen(scheme);
    const char *found = NULL;
    size_t found_length = 0;

    *ret_proxy = NULL;
    while (*list)
    {
        size_t length = strcspn(list, " ;\t\r\n"), skip = 0;
        const char *equals = memchr(list, '=', length);

        if (equals)
            skip = equals + 1 - list;
        if (!equals && length && !found)
        {
            found = list;
            found_length = length;
        }
        else if (equals && skip == scheme_length + 1 && !_strnicmp(list, scheme, scheme_length))
        {
            found = list + skip;
            found_length = length - skip;
            break;
        }
        list += length;
        list += strspn(list, " ;\t\r\n");
    }
    if (!found)
        return TRUE;
    if (!(*ret_proxy = malloc(found_length + 1)))
        return FALSE;
    memcpy(*ret_proxy, found, found_length);
    (*ret_proxy)[found_length] = 0;
    return TRUE;
}

/* "*.example.com" or a whole name; "<local>" stands for names without a dot. */
static BOOL is_bypassed(const char *list, const char *host)
{
    size_t host_length = strlen(host);

    while (*list)
    {
        size_t length = strcspn(list, " ;\t\r\n");

        if (length == 7 && !_strnicmp(list, "<local>", 7))
        {
            if (!strchr(host, '.'))
                return TRUE;
        }
        else if (length && list[0] == '*')
        {
            if (length - 1 <= host_length && !_strnicmp(list + 1, host + host_length - (length - 1), length - 1))
                return TRUE;
        }
        else if (length == host_length && !_strnicmp(list, host, length))
        {
            return TRUE;
        }
        list += length;
        list += strspn(list, " ;\t\r\n");
    }
    return FALSE;
}

static HRESULT apply_list(CURL *easy, const char *list, const char *bypass, const char *url)
{
    char *scheme = NULL, *host = NULL, *proxy = NULL;
    CURLU *parts = curl_url();
    HRESULT hr = E_OUTOFMEMORY;

    if (!parts || curl_url_set(parts, CURLUPART_URL, url, 0) || curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0)
        || curl_url_get(parts, CURLUPART_HOST, &host, 0) || !choose_proxy(list, scheme, &proxy))
        goto done;
    hr = S_OK;
    if (proxy && !(bypass && is_bypassed(bypass, host)))
    {
        /* Only HTTP proxies are meant; a scheme in front decorates. */
        if (_strnicmp(proxy, "http://", 7) && strstr(proxy, "://"))
            hr = BG_E_INVALID_PROXY_INFO;
        else
        {
            curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
            /* Not the environment's exceptions. */
            curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
        }
    }
    else
    {
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    }

done:
    free(proxy);
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parts);
    return hr;
}

void proxy_cleanup(struct engine *engine)
{
    free(engine->ie_proxy);
    free(engine->ie_bypass);
    engine->ie_proxy = engine->ie_bypass = NULL;
}

static HRESULT read_preconfig(struct engine *engine)
{
    WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config = {0};
    UINT64 now = engine_now(engine);
    HRESULT hr = S_OK;

    if (now < engine->ie_expires)
        return S_OK;
    proxy_cleanup(engine);
    if (!WinHttpGetIEProxyConfigForCurrentUser(&config))
        return S_OK;
    engine->ie_proxy = wide_to_utf8(config.lpszProxy);
    engine->ie_bypass = wide_to_utf8(config.lpszProxyBypass);
    if ((config.lpszProxy && !engine->ie_proxy) || (config.lpszProxyBypass && !engine->ie_bypass))
        hr = E_OUTOFMEMORY;
    else
        engine->ie_expires = now + PRECONFIG_LIFE_MS;
    GlobalFree(config.lpszAutoConfigUrl);
    GlobalFree(config.lpszProxy);
    GlobalFree(config.lpszProxyBypass);
    return hr;
}

/* The Internet settings of the user; without any, curl looks at http_proxy and its like, as the host's
 * programs do. */
static HRESULT apply_preconfig(CURL *easy, struct engine *engine, const char *url)
{
    HRESULT hr;

    if (FAILED(hr = read_preconfig(engine)) || !engine->ie_proxy)
        return hr;
    return apply_list(easy, engine->ie_proxy, engine->ie_bypass, url);
}

HRESULT proxy_apply(CURL *easy, struct xfer *xfer, const char *url)
{
    switch (xfer->proxy)
    {
        case XFER_PROXY_NONE:
            curl_easy_setopt(easy, CURLOPT_PROXY, "");
            return S_OK;
        case XFER_PROXY_OVERRIDE:
            return xfer->proxy_list ? apply_list(easy, xfer->proxy_list, xfer->proxy_bypass, url)
                                    : BG_E_INVALID_PROXY_INFO;
        case XFER_PROXY_PRECONFIG:
            return apply_preconfig(easy, xfer->group->engine, url);
    }
    return E_INVALIDARG;
}
