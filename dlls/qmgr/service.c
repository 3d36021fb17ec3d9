/*
 * The service: start, wait, stop.
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
#include <winsvc.h>
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(qmgr);

static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop_event;

static void set_status(DWORD state, DWORD error)
{
    SERVICE_STATUS status;

    status.dwServiceType = SERVICE_WIN32;
    status.dwCurrentState = state;
    status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
    status.dwWin32ExitCode = error;
    status.dwServiceSpecificExitCode = 0;
    status.dwCheckPoint = 0;
    status.dwWaitHint = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING ? 30000 : 0;
    SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI service_control(DWORD control, DWORD type, void *data, void *context)
{
    TRACE("control %lu.\n", control);
    switch (control)
    {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
        set_status(SERVICE_STOP_PENDING, NO_ERROR);
        SetEvent(stop_event);
        return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
        return NO_ERROR;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

/* Every local user may call; what he may do is decided job by job. */
static HRESULT init_security(void)
{
    BYTE everyone[SECURITY_MAX_SID_SIZE], system[SECURITY_MAX_SID_SIZE], acl[256];
    DWORD size = sizeof(everyone);
    SECURITY_DESCRIPTOR sd;

    if (!CreateWellKnownSid(WinWorldSid, NULL, everyone, &size))
        return HRESULT_FROM_WIN32(GetLastError());
    size = sizeof(system);
    if (!CreateWellKnownSid(WinLocalSystemSid, NULL, system, &size)
            || !InitializeAcl((ACL *)acl, sizeof(acl), ACL_REVISION)
            || !AddAccessAllowedAce((ACL *)acl, ACL_REVISION,
                    COM_RIGHTS_EXECUTE | COM_RIGHTS_EXECUTE_LOCAL, everyone)
            || !InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION)
            || !SetSecurityDescriptorOwner(&sd, system, FALSE)
            || !SetSecurityDescriptorGroup(&sd, system, FALSE)
            || !SetSecurityDescriptorDacl(&sd, TRUE, (ACL *)acl, FALSE))
        return HRESULT_FROM_WIN32(GetLastError());
    return CoInitializeSecurity(&sd, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_CONNECT, RPC_C_IMP_LEVEL_IMPERSONATE,
            NULL, EOAC_NONE, NULL);
}

static HRESULT run_service(void)
{
    HRESULT hr;

    if (FAILED(hr = CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return hr;
    /* Another service of this process may have been first. */
    if (FAILED(hr = init_security()) && hr != RPC_E_TOO_LATE)
        WARN("Cannot open the service to all callers, hr %#lx.\n", hr);
    registration_repair();
    if (FAILED(hr = model_start()))
        goto done;
    anchor_drop();
    if (SUCCEEDED(hr = factory_register()))
    {
        set_status(SERVICE_RUNNING, NO_ERROR);
        TRACE("Running.\n");
        WaitForSingleObject(stop_event, INFINITE);
        set_status(SERVICE_STOP_PENDING, NO_ERROR);
        factory_revoke();
    }
    anchor_weigh();
    model_stop();
done:
    CoUninitialize();
    return hr;
}

static DWORD win32_from_hresult(HRESULT hr)
{
    if (SUCCEEDED(hr))
        return NO_ERROR;
    return HRESULT_FACILITY(hr) == FACILITY_WIN32 ? HRESULT_CODE(hr) : ERROR_EXCEPTION_IN_SERVICE;
}

void WINAPI ServiceMain(DWORD argc, WCHAR **argv)
{
    DWORD error;

    TRACE("argc %lu.\n", argc);
    if (!(stop_event = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return;
    if (!(status_handle = RegisterServiceCtrlHandlerExW(L"BITS", service_control, NULL)))
    {
        ERR("Cannot register with the service control manager, error %lu.\n", GetLastError());
        CloseHandle(stop_event);
        return;
    }
    set_status(SERVICE_START_PENDING, NO_ERROR);
    error = win32_from_hresult(run_service());
    TRACE("Stopped, error %lu.\n", error);
    CloseHandle(stop_event);
    set_status(SERVICE_STOPPED, error);
}

void WINAPI BITSServiceMain(DWORD argc, WCHAR **argv)
{
    ServiceMain(argc, argv);
}
