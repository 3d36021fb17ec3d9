/*
 * Peer verification: under Wine neither Schannel nor curl's use of it verifies anything.
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

#define SECURITY_WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <wincrypt.h>
#include <winhttp.h>
#include <schannel.h>
#include <sspi.h>

#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

#ifndef SECURITY_FLAG_IGNORE_REVOCATION
#define SECURITY_FLAG_IGNORE_REVOCATION         0x00000080
#endif

/* What may be wrong with a chain, worst first, and which security flag forgives it. */
static const struct
{
    DWORD status;
    ULONG forgiven_by;
    DWORD error;
}
chain_errors[] =
{
    { CERT_TRUST_IS_REVOKED,                0,                      ERROR_WINHTTP_SECURE_CERT_REVOKED },
    { CERT_TRUST_IS_EXPLICIT_DISTRUST,      0,                      ERROR_WINHTTP_SECURE_INVALID_CERT },
    { CERT_TRUST_IS_NOT_SIGNATURE_VALID,    0,                      ERROR_WINHTTP_SECURE_INVALID_CERT },
    { CERT_TRUST_IS_UNTRUSTED_ROOT,         XFER_IGNORE_UNKNOWN_CA, ERROR_WINHTTP_SECURE_INVALID_CA },
    { CERT_TRUST_IS_PARTIAL_CHAIN,          XFER_IGNORE_UNKNOWN_CA, ERROR_WINHTTP_SECURE_INVALID_CA },
    { CERT_TRUST_IS_NOT_TIME_VALID,         XFER_IGNORE_DATE,       ERROR_WINHTTP_SECURE_CERT_DATE_INVALID },
    { CERT_TRUST_IS_NOT_VALID_FOR_USAGE,    XFER_IGNORE_USAGE,      ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE },
};

static HRESULT check_status(DWORD status, ULONG security)
{
    unsigned int i;

    if (security & XFER_CHECK_REVOCATION)
    {
        if (status & (CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION))
            return HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_CERT_REV_FAILED);
    }
    status &= ~(CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION);
    for (i = 0; i < ARRAYSIZE(chain_errors); i++)
    {
        if (!(status & chain_errors[i].status))
            continue;
        if (!(security & chain_errors[i].forgiven_by))
            return HRESULT_FROM_WIN32(chain_errors[i].error);
        status &= ~chain_errors[i].status;
    }
    /* What has no row is not forgivable. */
    return status ? HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_INVALID_CERT) : S_OK;
}

/* Bytes of the address that the host is, or 0 for a name. */
static DWORD parse_address(const char *host, BYTE *address)
{
    char text[INET6_ADDRSTRLEN];
    size_t length;

    /* "[::1]" */
    if (*host == '[')
        host++;
    length = strcspn(host, "]");
    if (length >= sizeof(text))
        return 0;
    memcpy(text, host, length);
    text[length] = 0;
    if (inet_pton(AF_INET, text, address) == 1)
        return 4;
    return inet_pton(AF_INET6, text, address) == 1 ? 16 : 0;
}

/* Whether the certificate is for that address, which Wine does not look for. */
static BOOL has_address(const CERT_CONTEXT *cert, const BYTE *address, DWORD length)
{
    CERT_ALT_NAME_INFO *names;
    CERT_EXTENSION *extension;
    BOOL ret = FALSE;
    DWORD i, size;

    if (!(extension = CertFindExtension(szOID_SUBJECT_ALT_NAME2, cert->pCertInfo->cExtension,
                                        cert->pCertInfo->rgExtension))
        || !CryptDecodeObjectEx(X509_ASN_ENCODING, X509_ALTERNATE_NAME, extension->Value.pbData,
                                extension->Value.cbData, CRYPT_DECODE_ALLOC_FLAG, NULL, &names, &size))
        return FALSE;
    for (i = 0; i < names->cAltEntry && !ret; i++)
    {
        const CERT_ALT_NAME_ENTRY *entry = &names->rgAltEntry[i];

        ret = entry->dwAltNameChoice == CERT_ALT_NAME_IP_ADDRESS && entry->IPAddress.cbData == length
              && !memcmp(entry->IPAddress.pbData, address, length);
    }
    LocalFree(names);
    return ret;
}

/* The name, by the system's rules; the rest has been judged by check_status(). */
static HRESULT check_name(const CERT_CHAIN_CONTEXT *chain, const char *host)
{
    HTTPSPolicyCallbackData https = {{0}};
    CERT_CHAIN_POLICY_PARA para = {0};
    CERT_CHAIN_POLICY_STATUS status = {0};
    BYTE address[16];
    DWORD length;
    WCHAR *name;
    BOOL ret;

    /* Not by name: to Wine the one of "*.0.0.1" is that of 127.0.0.1, too. */
    if ((length = parse_address(host, address)))
        return has_address(chain->rgpChain[0]->rgpElement[0]->pCertContext, address, length)
               ? S_OK : HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_CERT_CN_INVALID);
    if (!(name = utf8_to_wide(host)))
        return E_OUTOFMEMORY;
    https.cbSize = sizeof(https);
    https.dwAuthType = AUTHTYPE_SERVER;
    https.fdwChecks = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_DATE_INVALID
                      | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE | SECURITY_FLAG_IGNORE_REVOCATION;
    https.pwszServerName = name;
    para.cbSize = sizeof(para);
    para.pvExtraPolicyPara = &https;
    status.cbSize = sizeof(status);
    ret = CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &para, &status);
    free(name);
    if (!ret)
        return HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_FAILURE);
    if (status.dwError == (DWORD)CERT_E_CN_NO_MATCH)
        return HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_CERT_CN_INVALID);
    return status.dwError ? HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_FAILURE) : S_OK;
}

static HRESULT verify(CtxtHandle *context, const char *host, ULONG security)
{
    char server_auth[] = szOID_PKIX_KP_SERVER_AUTH;
    char *usages[] = { server_auth };
    const CERT_CHAIN_CONTEXT *chain;
    CERT_CHAIN_PARA para = {0};
    const CERT_CONTEXT *cert;
    DWORD flags = 0;
    HRESULT hr;

    if (QueryContextAttributesW(context, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert))
        return HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_FAILURE);
    if (security & XFER_CHECK_REVOCATION)
        flags |= CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT;
    para.cbSize = sizeof(para);
    para.RequestedUsage.dwType = USAGE_MATCH_TYPE_OR;
    para.RequestedUsage.Usage.cUsageIdentifier = ARRAYSIZE(usages);
    para.RequestedUsage.Usage.rgpszUsageIdentifier = usages;
    if (!CertGetCertificateChain(NULL, cert, NULL, cert->hCertStore, &para, flags, NULL, &chain))
    {
        CertFreeCertificateContext(cert);
        return HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_FAILURE);
    }
    hr = check_status(chain->TrustStatus.dwErrorStatus, security);
    if (SUCCEEDED(hr) && !(security & XFER_IGNORE_CN))
        hr = check_name(chain, host);
    if (FAILED(hr))
        WARN("Refusing %s: trust status %#lx, hr %#lx.\n", debugstr_a(host), chain->TrustStatus.dwErrorStatus, hr);
    CertFreeCertificateChain(chain);
    CertFreeCertificateContext(cert);
    return hr;
}

static UINT32 hash_host(const char *host)
{
    UINT32 hash = 2166136261u;

    while (*host)
        hash = (hash ^ (BYTE)*host++) * 16777619;
    return hash;
}

HRESULT tls_verify(struct engine *engine, CURL *easy, const char *host, ULONG security)
{
    struct curl_tlssessioninfo *session;
    curl_off_t connection = -1;
    UINT32 hash = hash_host(host);
    unsigned int i;
    HRESULT hr;

    /* A connection answers to one host, but its users may differ in what they forgive. */
    security &= XFER_CHECK_REVOCATION | XFER_IGNORE_CN | XFER_IGNORE_DATE | XFER_IGNORE_UNKNOWN_CA
                | XFER_IGNORE_USAGE;
    if (curl_easy_getinfo(easy, CURLINFO_CONN_ID, &connection))
        connection = -1;
    for (i = 0; connection >= 0 && i < ARRAYSIZE(engine->verified); i++)
    {
        const struct verified *verified = &engine->verified[i];

        if (verified->host_hash == hash && verified->connection == connection && verified->flags == security)
            return S_OK;
    }
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) || session->backend != CURLSSLBACKEND_SCHANNEL
        || !session->internals)
        return HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_FAILURE);
    if (FAILED(hr = verify(session->internals, host, security)))
        return hr;
    if (connection >= 0)
    {
        struct verified *verified = &engine->verified[engine->verified_next++ % ARRAYSIZE(engine->verified)];

        verified->connection = connection;
        verified->host_hash = hash;
        verified->flags = security;
    }
    return S_OK;
}
