/*
 * Exit status 0 when a class of the BITS service answers: its list of jobs can be asked for.
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


#include <stdio.h>
#include <windows.h>
#include <objbase.h>
#include "bits.h"

/* activate.exe {CLSID}; with a second argument it then waits, as a program that uses BITS would. */
int main(int argc, char **argv)
{
    IBackgroundCopyManager *manager = NULL;
    IEnumBackgroundCopyJobs *jobs = NULL;
    WCHAR string[64];
    CLSID clsid;
    HRESULT hr;

    if (argc < 2 || !MultiByteToWideChar(CP_ACP, 0, argv[1], -1, string, 64)
            || FAILED(CLSIDFromString(string, &clsid)))
    {
        fprintf(stderr, "usage: activate.exe {CLSID} [wait]\n");
        return 2;
    }
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IBackgroundCopyManager,
                (void **)&manager);
    if (SUCCEEDED(hr))
        hr = IBackgroundCopyManager_EnumJobs(manager, 0, &jobs);
    printf("%s: %#lx\n", argv[1], hr);
    fflush(stdout);
    if (argc > 2)
        Sleep(INFINITE);
    if (jobs)
        IEnumBackgroundCopyJobs_Release(jobs);
    if (manager)
        IBackgroundCopyManager_Release(manager);
    CoUninitialize();
    return FAILED(hr);
}
