/*
 * Adds a CA to the trusted roots of a prefix, removes it, or tells whether it is there.
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

#include <windows.h>
#include <wincrypt.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads a certificate, PEM or DER. */
static const CERT_CONTEXT *read_certificate(const WCHAR *path)
{
    static BYTE file[65536], der[65536];
    DWORD size, der_size = sizeof(der);
    HANDLE handle;

    handle = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        return NULL;
    if (!ReadFile(handle, file, sizeof(file), &size, NULL))
        size = 0;
    CloseHandle(handle);
    if (!CryptStringToBinaryA((char *)file, size, CRYPT_STRING_BASE64HEADER, der, &der_size, NULL, NULL))
        return CertCreateCertificateContext(X509_ASN_ENCODING, file, size);
    return CertCreateCertificateContext(X509_ASN_ENCODING, der, der_size);
}

/* Wine 8.0 deletes from its copy of the store only and leaves the registry as it was. */
static int delete_key(const CERT_CONTEXT *cert)
{
    WCHAR key[128] = L"Software\\Microsoft\\SystemCertificates\\Root\\Certificates\\";
    DWORD size, i;
    BYTE hash[20];
    LSTATUS ret;

    size = sizeof(hash);
    if (!CertGetCertificateContextProperty(cert, CERT_SHA1_HASH_PROP_ID, hash, &size))
        return 0;
    for (i = 0; i < size; i++)
        swprintf(key + wcslen(key), 3, L"%02X", hash[i]);
    ret = RegDeleteKeyW(HKEY_LOCAL_MACHINE, key);
    SetLastError(ret);
    return !ret || ret == ERROR_FILE_NOT_FOUND;
}

int __cdecl wmain(int argc, WCHAR **argv);

int __cdecl wmain(int argc, WCHAR **argv)
{
    const CERT_CONTEXT *cert = NULL, *found;
    HCERTSTORE store;
    int ret = 1;

    if (argc != 3)
    {
        printf("usage: addroot add|remove|has FILE\n");
        return 2;
    }
    if (!(store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, L"Root")))
    {
        printf("Opening the store: error %#lx.\n", GetLastError());
        return 1;
    }
    if (!(cert = read_certificate(argv[2])))
    {
        printf("Reading %ls: error %#lx.\n", argv[2], GetLastError());
        goto done;
    }
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, cert, NULL);
    if (!wcscmp(argv[1], L"add"))
    {
        if (!CertAddCertificateContextToStore(store, cert, CERT_STORE_ADD_REPLACE_EXISTING, NULL))
            printf("Adding: error %#lx.\n", GetLastError());
        else
            ret = 0;
    }
    else if (!wcscmp(argv[1], L"remove"))
    {
        if ((found && !CertDeleteCertificateFromStore(CertDuplicateCertificateContext(found))) || !delete_key(cert))
            printf("Removing: error %#lx.\n", GetLastError());
        else
            ret = 0;
    }
    else
    {
        printf("%s\n", found ? "yes" : "no");
        ret = !found;
    }
    if (found)
        CertFreeCertificateContext(found);

done:
    if (cert)
        CertFreeCertificateContext(cert);
    CertCloseStore(store, 0);
    return ret;
}
