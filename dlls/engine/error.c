/*
 * Codes and texts: what curl, HTTP and the file system say, as HRESULT.
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

#include <stdarg.h>

#include <windef.h>
#include <winbase.h>
#include <winhttp.h>
#include <bitsmsg.h>

#include "private.h"

struct text
{
    DWORD code;
    const WCHAR *text;
};

/* reference/bits.md 4.1, 4.2, 4.4, 4.5; by value, as error_text() searches. */
static const struct text texts[] =
{
    { 0x00200006, L"No error has occurred." },
    { 0x00200017, L"Only the files that had arrived completely were kept." },
    { 0x0020001a, L"The operation is done, but some temporary files could not be deleted." },
    { 0x0020002a, L"The proxy settings changed while the request was under way." },
    { 0x00200055, L"The setting was stored, but a policy of this computer overrides it." },
    { 0x80072ee2, L"The server did not answer in time." },
    { 0x80072ee4, L"The HTTP transport failed for a reason unknown to it." },
    { 0x80072ee5, L"The URL is not valid." },
    { 0x80072ee6, L"The URL names a protocol that is not supported." },
    { 0x80072ee7, L"The name of the server or of the proxy could not be resolved." },
    { 0x80072eef, L"The server or the proxy did not accept the credentials." },
    { 0x80072efd, L"No connection to the server or to the proxy could be made." },
    { 0x80072efe, L"The connection to the server broke." },
    { 0x80072f05, L"The certificate of the server has expired or is not valid yet." },
    { 0x80072f06, L"The certificate of the server was issued for another name." },
    { 0x80072f0c, L"The server asks for a client certificate." },
    { 0x80072f0d, L"The certificate of the server comes from an issuer that is not trusted." },
    { 0x80072f19, L"It could not be found out whether the certificate of the server has been revoked." },
    { 0x80072f78, L"The response of the server could not be understood." },
    { 0x80072f7c, L"There were too many redirects, or one of them was not allowed." },
    { 0x80072f7d, L"A secure connection to the server could not be set up." },
    { 0x80072f89, L"The certificate of the server is not valid." },
    { 0x80072f8a, L"The certificate of the server has been revoked." },
    { 0x80072f8f, L"The identity of the server could not be verified." },
    { 0x80072f93, L"The certificate of the server was not issued for this use." },
    { 0x80072f96, L"The headers of the response are too large." },
    { 0x80200001, L"There is no such job." },
    { 0x80200002, L"The state of the job does not allow this operation." },
    { 0x80200003, L"The job has no files." },
    { 0x80200004, L"The error does not concern a particular file." },
    { 0x80200005, L"The error does not concern a particular protocol." },
    { 0x80200007, L"The error occurred at a point that is not known." },
    { 0x80200008, L"The error occurred while the transfer service managed its queue." },
    { 0x80200009, L"The error occurred while the local file was being accessed." },
    { 0x8020000a, L"The error occurred while the remote file was being accessed." },
    { 0x8020000b, L"The error occurred in the network connection." },
    { 0x8020000c, L"The error occurred while the client was being notified." },
    { 0x8020000d, L"The volume of the destination is locked." },
    { 0x8020000e, L"The volume of the destination is not the one on which the transfer began." },
    { 0x8020000f, L"There is no error to report at present." },
    { 0x80200010, L"No network is connected. The transfer goes on when there is one." },
    { 0x80200011, L"The server did not tell the size of the file." },
    { 0x80200012, L"The server does not support HTTP/1.1." },
    { 0x80200013, L"The server does not support requests for a part of a file." },
    { 0x80200014, L"The transfer service cannot be used from another computer." },
    { 0x80200015, L"The drive letters of the new owner do not mean what they mean to the present one." },
    { 0x80200016, L"The new owner may not access the temporary files of the job." },
    { 0x80200018, L"The list of proxies is too long." },
    { 0x80200019, L"The list of hosts that bypass the proxy is too long." },
    { 0x8020001b, L"The server sent a response that contradicts the request or itself." },
    { 0x8020001c, L"The job cannot take another file." },
    { 0x8020001d, L"The local file was changed while it was being transferred." },
    { 0x8020001e, L"The error occurred in the application on the server." },
    { 0x8020001f, L"The server does not know the upload session, or has ended it." },
    { 0x80200020, L"The data are larger than the limit." },
    { 0x80200021, L"The text is too long." },
    { 0x80200022, L"Client and server have no version of the upload protocol in common." },
    { 0x80200023, L"The upload directory on the server has script or execute rights enabled." },
    { 0x80200024, L"The transfer makes no progress. The server may be set up wrongly." },
    { 0x80200025, L"The user name is too long." },
    { 0x80200026, L"The password is too long." },
    { 0x80200027, L"The credentials are meant for a target that is not defined." },
    { 0x80200028, L"The credentials are meant for an authentication scheme that is not defined." },
    { 0x80200029, L"The job has no such file." },
    { 0x8020002b, L"The range is not valid, or does not lie within the remote file." },
    { 0x8020002c, L"The ranges overlap." },
    { 0x8020002d, L"No connection could be made." },
    { 0x8020002e, L"The connection was closed too early." },
    { 0x8020003e, L"A policy allows no transfers at this time." },
    { 0x8020003f, L"The proxy settings of the job cannot be used." },
    { 0x80200040, L"The format of the credentials is not valid." },
    { 0x80200041, L"The hash algorithm is not valid." },
    { 0x80200042, L"The cache record has been deleted." },
    { 0x80200043, L"The job is being completed already." },
    { 0x80200044, L"Peers are still being searched for." },
    { 0x80200045, L"The gateway did not tell its traffic counters." },
    { 0x80200046, L"A test option prevents the download." },
    { 0x80200047, L"Peer caching is turned off." },
    { 0x80200048, L"The cache record is in use." },
    { 0x80200049, L"The user has too many jobs." },
    { 0x80200050, L"There are too many jobs on this computer." },
    { 0x80200051, L"The job has too many files." },
    { 0x80200052, L"The file has too many ranges." },
    { 0x80200053, L"The application found the downloaded data not valid." },
    { 0x80200054, L"The download took longer than is allowed." },
    { 0x80200056, L"The job needs a helper token, which is missing." },
    { 0x80200057, L"There is no property with this number." },
    { 0x80200058, L"The property can only be read." },
    { 0x80200059, L"The cost of the present network exceeds what the job allows." },
    { 0x80200060, L"Only download jobs have this property." },
    { 0x80200061, L"The property can no longer be changed: the job has files." },
    { 0x80200062, L"The property can no longer be changed: the job has been resumed." },
    { 0x80200063, L"The maximum download size is not valid." },
    { 0x80200064, L"The file is larger than the maximum download size of the job." },
    { 0x80200065, L"The computer is in standby. The transfer goes on later." },
    { 0x80200066, L"Stored credentials are not supported for this target." },
    { 0x80200067, L"The battery policy allows no transfers at present." },
    { 0x80200068, L"The battery saver allows no transfers at present." },
    { 0x80200069, L"The transfer did not react in time and was ended." },
    { 0x8020006a, L"The app package was not found." },
    { 0x8020006b, L"The app package does not support this operation." },
    { 0x8020006c, L"The job store is damaged." },
    { 0x8020006d, L"The remote file cannot be read in parts." },
    { 0x8020006e, L"The owner of the job may not transfer in the background." },
    { 0x8020006f, L"Transfers wait while a game is running." },
    { 0x80200070, L"A policy of the system allows no transfers at present." },
    { 0x80200071, L"This is not possible in a job with an HTTP method of its own." },
    { 0x80200072, L"The settings of the job cannot be used together." },
    { 0x80200073, L"The remote file changed during the transfer." },
    { 0x80200074, L"The application that is to check server certificates cannot be reached." },
    { 0x80200075, L"The property cannot be changed while the job is active." },
    { 0x80200076, L"The error occurred while the application checked the certificate of the server." },
};

/* reference/bits.md 4.3; by value. */
static const struct text statuses[] =
{
    { 100, L"The server expects the request to be continued." },
    { 101, L"The server changed the protocol." },
    { 200, L"The server answered as if all were well." },
    { 201, L"The server created a new resource." },
    { 202, L"The server accepted the request, but has not carried it out yet." },
    { 203, L"The server answered with information that is not its own." },
    { 204, L"The server answered without content." },
    { 205, L"The server asks for the view to be reset." },
    { 206, L"The server sent a part of the file." },
    { 300, L"The server offers several files for this URL." },
    { 301, L"The file has moved to another URL for good." },
    { 302, L"The file is at another URL for the time being." },
    { 303, L"The answer is found at another URL." },
    { 304, L"The file on the server has not been modified." },
    { 305, L"The file can only be had through a proxy named by the server." },
    { 307, L"The file is at another URL for the time being, to be requested in the same way." },
    { 400, L"The server finds the request malformed." },
    { 401, L"The server asks for credentials, or did not accept those given." },
    { 402, L"The server asks for a payment." },
    { 403, L"The server refuses access to the file." },
    { 404, L"The file does not exist on the server." },
    { 405, L"The server does not allow this kind of request for the file." },
    { 406, L"The server has no form of the file that was asked for." },
    { 407, L"The proxy asks for credentials, or did not accept those given." },
    { 408, L"The server waited too long for the request." },
    { 409, L"The request conflicts with the present state of the file." },
    { 410, L"The file is no longer on the server." },
    { 411, L"The server wants to be told the length of the request." },
    { 412, L"The file on the server does not meet a condition of the request." },
    { 413, L"The request is too large for the server." },
    { 414, L"The URL is too long for the server." },
    { 415, L"The server does not support the format of the request." },
    { 416, L"The part asked for lies outside the file." },
    { 417, L"The server cannot meet an expectation of the request." },
    { 449, L"The server wants the request again after some action." },
    { 500, L"The server failed for an internal reason." },
    { 501, L"The server cannot do what the request asks for." },
    { 502, L"A gateway got a response that was not valid." },
    { 503, L"The server is not available at the moment." },
    { 504, L"A gateway waited too long for a response." },
    { 505, L"The server does not support this version of HTTP." },
};

static const WCHAR *find_text(const struct text *table, size_t count, DWORD code)
{
    size_t low = 0, high = count, middle;

    while (low < high)
    {
        middle = (low + high) / 2;
        if (table[middle].code == code)
            return table[middle].text;
        if (table[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const WCHAR *error_text(HRESULT hr)
{
    const WCHAR *text;

    if (HRESULT_FACILITY(hr) != 0x19 || HRESULT_CODE(hr) > 999)
        return find_text(texts, ARRAYSIZE(texts), hr);
    if ((text = find_text(statuses, ARRAYSIZE(statuses), HRESULT_CODE(hr))))
        return text;
    switch (HRESULT_CODE(hr) / 100)
    {
        case 3: return L"The server redirected the request in a way that is not supported.";
        case 4: return L"The server refused the request.";
        case 5: return L"The server failed while it handled the request.";
        default: return L"The server answered with an HTTP status that was not expected.";
    }
}

HRESULT error_from_http(unsigned int status)
{
    return (HRESULT)(0x80190000 | (status & 0xffff));
}

/* reference/bits.md 4.4 */
BOOL error_http_transient(unsigned int status)
{
    switch (status)
    {
        case 300: case 301: case 302: case 303: case 304: case 305: case 307:
            return FALSE;
        case 408: case 409:
            return TRUE;
        /* not in that table: the server asks for patience */
        case 425: case 429:
            return TRUE;
        case 501: case 505:
            return FALSE;
        default:
            return status < 400 || status > 499;
    }
}

#define WINHTTP_HR(code) ((HRESULT)(0x80070000 | (code)))

/* What BITS reports through WinHTTP, for what curl reports. */
static const struct
{
    CURLcode code;
    HRESULT hr;
    enum xfer_where where;
    BOOL transient;
}
curl_errors[] =
{
    { CURLE_UNSUPPORTED_PROTOCOL, WINHTTP_HR(ERROR_WINHTTP_UNRECOGNIZED_SCHEME), XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_URL_MALFORMAT, WINHTTP_HR(ERROR_WINHTTP_INVALID_URL), XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_COULDNT_RESOLVE_PROXY, WINHTTP_HR(ERROR_WINHTTP_NAME_NOT_RESOLVED), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_COULDNT_RESOLVE_HOST, WINHTTP_HR(ERROR_WINHTTP_NAME_NOT_RESOLVED), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_COULDNT_CONNECT, WINHTTP_HR(ERROR_WINHTTP_CANNOT_CONNECT), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_WEIRD_SERVER_REPLY, WINHTTP_HR(ERROR_WINHTTP_INVALID_SERVER_RESPONSE), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_PARTIAL_FILE, WINHTTP_HR(ERROR_WINHTTP_CONNECTION_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_WRITE_ERROR, E_FAIL, XFER_WHERE_LOCAL_FILE, FALSE },
    { CURLE_READ_ERROR, E_FAIL, XFER_WHERE_LOCAL_FILE, FALSE },
    { CURLE_OUT_OF_MEMORY, E_OUTOFMEMORY, XFER_WHERE_QUEUE, TRUE },
    { CURLE_OPERATION_TIMEDOUT, WINHTTP_HR(ERROR_WINHTTP_TIMEOUT), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_RANGE_ERROR, BG_E_INSUFFICIENT_RANGE_SUPPORT, XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_SSL_CONNECT_ERROR, WINHTTP_HR(ERROR_WINHTTP_SECURE_CHANNEL_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_BAD_DOWNLOAD_RESUME, BG_E_INSUFFICIENT_RANGE_SUPPORT, XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_ABORTED_BY_CALLBACK, E_ABORT, XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_TOO_MANY_REDIRECTS, WINHTTP_HR(ERROR_WINHTTP_REDIRECT_FAILED), XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_GOT_NOTHING, WINHTTP_HR(ERROR_WINHTTP_CONNECTION_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_SEND_ERROR, WINHTTP_HR(ERROR_WINHTTP_CONNECTION_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_RECV_ERROR, WINHTTP_HR(ERROR_WINHTTP_CONNECTION_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_SSL_CERTPROBLEM, WINHTTP_HR(ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_SSL_CIPHER, WINHTTP_HR(ERROR_WINHTTP_SECURE_CHANNEL_ERROR), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_PEER_FAILED_VERIFICATION, WINHTTP_HR(ERROR_WINHTTP_SECURE_FAILURE), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_BAD_CONTENT_ENCODING, WINHTTP_HR(ERROR_WINHTTP_INVALID_SERVER_RESPONSE), XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_FILESIZE_EXCEEDED, BG_E_TOO_LARGE, XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_LOGIN_DENIED, WINHTTP_HR(ERROR_WINHTTP_LOGIN_FAILURE), XFER_WHERE_REMOTE_FILE, FALSE },
    { CURLE_SSL_CACERT_BADFILE, WINHTTP_HR(ERROR_WINHTTP_SECURE_FAILURE), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_SSL_CRL_BADFILE, WINHTTP_HR(ERROR_WINHTTP_SECURE_CERT_REV_FAILED), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_SSL_ISSUER_ERROR, WINHTTP_HR(ERROR_WINHTTP_SECURE_INVALID_CA), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_NO_CONNECTION_AVAILABLE, WINHTTP_HR(ERROR_WINHTTP_CANNOT_CONNECT), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_SSL_PINNEDPUBKEYNOTMATCH, WINHTTP_HR(ERROR_WINHTTP_SECURE_FAILURE), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_SSL_INVALIDCERTSTATUS, WINHTTP_HR(ERROR_WINHTTP_SECURE_FAILURE), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_AUTH_ERROR, WINHTTP_HR(ERROR_WINHTTP_LOGIN_FAILURE), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_PROXY, WINHTTP_HR(ERROR_WINHTTP_CANNOT_CONNECT), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_SSL_CLIENTCERT, WINHTTP_HR(ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED), XFER_WHERE_TRANSPORT, FALSE },
    { CURLE_UNRECOVERABLE_POLL, WINHTTP_HR(ERROR_WINHTTP_CONNECTION_ERROR), XFER_WHERE_TRANSPORT, TRUE },
    { CURLE_TOO_LARGE, WINHTTP_HR(ERROR_WINHTTP_HEADER_SIZE_OVERFLOW), XFER_WHERE_REMOTE_FILE, FALSE },
};

HRESULT error_from_curl(int code, enum xfer_where *where, BOOL *transient)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(curl_errors); i++)
    {
        if ((int)curl_errors[i].code != code)
            continue;
        *where = curl_errors[i].where;
        *transient = curl_errors[i].transient;
        return curl_errors[i].hr;
    }
    *where = XFER_WHERE_TRANSPORT;
    *transient = FALSE;
    return WINHTTP_HR(ERROR_WINHTTP_INTERNAL_ERROR);
}

HRESULT error_from_file(DWORD error, BOOL *transient)
{
    switch (error)
    {
        /* somebody else has it open, or the medium is not there at the moment */
        case ERROR_SHARING_VIOLATION:
        case ERROR_LOCK_VIOLATION:
        case ERROR_USER_MAPPED_FILE:
        case ERROR_DELETE_PENDING:
        case ERROR_NOT_READY:
        case ERROR_TOO_MANY_OPEN_FILES:
        case ERROR_NO_SYSTEM_RESOURCES:
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY:
        /* the file server cannot be reached */
        case ERROR_REM_NOT_LIST:
        case ERROR_BAD_NETPATH:
        case ERROR_NETWORK_BUSY:
        case ERROR_DEV_NOT_EXIST:
        case ERROR_ADAP_HDW_ERR:
        case ERROR_BAD_NET_RESP:
        case ERROR_UNEXP_NET_ERR:
        case ERROR_NETNAME_DELETED:
        case ERROR_SEM_TIMEOUT:
        case ERROR_NO_NETWORK:
        case ERROR_NETWORK_UNREACHABLE:
        case ERROR_HOST_UNREACHABLE:
        case ERROR_CONNECTION_ABORTED:
            *transient = TRUE;
            break;
        default:
            *transient = FALSE;
            break;
    }
    return error ? HRESULT_FROM_WIN32(error) : E_FAIL;
}
