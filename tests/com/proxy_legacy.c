/*
 * The marshalling test: the interfaces of qmgr.h.
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

#undef STANDALONE
#include "config.h"

#include "proxy.h"

static BOOL is_test_bstr(BSTR string, unsigned int slot, unsigned int n)
{
    return is_test_string(string, slot, n) && SysStringLen(string) == lstrlenW(string);
}

/* ---- Mocks ---- */

MOCK_CALL(job1_CancelJob, IBackgroundCopyJob1, 3)

METHOD(job1_GetProgress, IBackgroundCopyJob1 *iface, DWORD flags, DWORD *progress)
{
    *progress = VALUE(44);
    return mock_reply(4, flags == VALUE(4));
}

METHOD(job1_GetStatus, IBackgroundCopyJob1 *iface, DWORD *status, DWORD *win32, DWORD *transport,
        DWORD *retries)
{
    *status = VALUE(51);
    *win32 = VALUE(52);
    *transport = VALUE(53);
    *retries = VALUE(54);
    return mock_reply(5, TRUE);
}

METHOD(job1_AddFiles, IBackgroundCopyJob1 *iface, ULONG count, FILESETINFO **set)
{
    ULONG i;

    for (i = 0; i < count; i++)
        if (!set[i] || !is_test_bstr(set[i]->bstrRemoteFile, 6, i) || set[i]->dwSizeHint != VALUE(i) ||
            (i ? !is_test_bstr(set[i]->bstrLocalFile, 7, i) : set[i]->bstrLocalFile != NULL))
            return WRONG;
    return mock_reply(6, count == 20);
}

METHOD(job1_GetFile, IBackgroundCopyJob1 *iface, ULONG index, FILESETINFO *info)
{
    info->bstrRemoteFile = SysAllocString(test_string(7, 0));
    info->bstrLocalFile = SysAllocString(test_string(7, 1));
    info->dwSizeHint = VALUE(7);
    return mock_reply(7, index == VALUE(7));
}

MOCK_GET(job1_GetFileCount, IBackgroundCopyJob1, 8, DWORD, VALUE(8))
MOCK_CALL(job1_SwitchToForeground, IBackgroundCopyJob1, 9)

METHOD(job1_get_JobID, IBackgroundCopyJob1 *iface, GUID *id)
{
    *id = test_guid;
    return mock_reply(10, TRUE);
}

static const IBackgroundCopyJob1Vtbl job1_vtbl =
{
    MOCK_UNKNOWN, job1_CancelJob, job1_GetProgress, job1_GetStatus, job1_AddFiles, job1_GetFile,
    job1_GetFileCount, job1_SwitchToForeground, job1_get_JobID,
};

METHOD(group_GetProp, IBackgroundCopyGroup *iface, GROUPPROP id, VARIANT *value)
{
    VariantInit(value);
    switch (id)
    {
    case GROUPPROP_NOTIFYFLAGS:
        V_VT(value) = VT_I4;
        V_I4(value) = VALUE(6);
        return mock_reply(3, TRUE);
    case GROUPPROP_DISPLAYNAME:
        V_VT(value) = VT_BSTR;
        V_BSTR(value) = SysAllocString(test_string(3, 0));
        return mock_reply(3, TRUE);
    default:
        return E_NOTIMPL;
    }
}

METHOD(group_SetProp, IBackgroundCopyGroup *iface, GROUPPROP id, VARIANT *value)
{
    switch (id)
    {
    case GROUPPROP_NOTIFYFLAGS:
        return mock_reply(4, V_VT(value) == VT_I4 && V_I4(value) == VALUE(6));
    case GROUPPROP_DISPLAYNAME:
        return mock_reply(4, V_VT(value) == VT_BSTR && is_test_bstr(V_BSTR(value), 4, 0));
    default:
        return V_VT(value) == VT_EMPTY ? E_NOTIMPL : WRONG;
    }
}

METHOD(group_GetProgress, IBackgroundCopyGroup *iface, DWORD flags, DWORD *progress)
{
    *progress = VALUE(55);
    return mock_reply(5, flags == VALUE(5));
}

METHOD(group_GetStatus, IBackgroundCopyGroup *iface, DWORD *status, DWORD *index)
{
    *status = VALUE(61);
    *index = VALUE(62);
    return mock_reply(6, TRUE);
}

METHOD(group_GetJob, IBackgroundCopyGroup *iface, GUID id, IBackgroundCopyJob1 **job)
{
    *job = NULL;
    return IsEqualGUID(&id, &test_guid) ? mock_out(&IID_IBackgroundCopyJob1, 7, job) : WRONG;
}

MOCK_CALL(group_SuspendGroup, IBackgroundCopyGroup, 8)
MOCK_CALL(group_ResumeGroup, IBackgroundCopyGroup, 9)
MOCK_CALL(group_CancelGroup, IBackgroundCopyGroup, 10)
MOCK_GET(group_get_Size, IBackgroundCopyGroup, 11, DWORD, VALUE(11))

METHOD(group_get_GroupID, IBackgroundCopyGroup *iface, GUID *id)
{
    *id = test_guid;
    return mock_reply(12, TRUE);
}

METHOD(group_CreateJob, IBackgroundCopyGroup *iface, GUID id, IBackgroundCopyJob1 **job)
{
    *job = NULL;
    return IsEqualGUID(&id, &test_guid) ? mock_out(&IID_IBackgroundCopyJob1, 13, job) : WRONG;
}

METHOD(group_EnumJobs, IBackgroundCopyGroup *iface, DWORD flags, IEnumBackgroundCopyJobs1 **jobs)
{
    *jobs = NULL;
    return flags == VALUE(14) ? mock_out(&IID_IEnumBackgroundCopyJobs1, 14, jobs) : WRONG;
}

MOCK_CALL(group_SwitchToForeground, IBackgroundCopyGroup, 15)

METHOD(group_QueryNewJobInterface, IBackgroundCopyGroup *iface, REFIID iid, IUnknown **out)
{
    return mock_out(iid, 16, out);
}

METHOD(group_SetNotificationPointer, IBackgroundCopyGroup *iface, REFIID iid, IUnknown *object)
{
    BYTE data[300];
    IBackgroundCopyCallback1 *callback;
    IBackgroundCopyJob1 *job;
    unsigned int i;
    HRESULT hr;

    if (!IsEqualGUID(iid, &IID_IBackgroundCopyCallback1))
        return WRONG;
    if (FAILED(hr = IUnknown_QueryInterface(object, iid, (void **)&callback)))
        return hr;
    for (i = 0; i < sizeof(data); i++)
        data[i] = test_byte(i);
    job = (IBackgroundCopyJob1 *)mock_create(&IID_IBackgroundCopyJob1);
    hr = IBackgroundCopyCallback1_OnStatus(callback, iface, job, ~0u, VALUE(1), VALUE(2), VALUE(3), VALUE(4));
    if (hr == REPLY(3))
        hr = IBackgroundCopyCallback1_OnProgress(callback, VALUE(1), iface, job, VALUE(2), VALUE(3));
    if (hr == REPLY(4))
        hr = IBackgroundCopyCallback1_OnProgressEx(callback, VALUE(1), iface, job, VALUE(2), VALUE(3),
                                                   sizeof(data), data);
    IBackgroundCopyJob1_Release(job);
    IBackgroundCopyCallback1_Release(callback);
    return hr == REPLY(5) ? mock_reply(17, TRUE) : hr;
}

static const IBackgroundCopyGroupVtbl group_vtbl =
{
    MOCK_UNKNOWN, group_GetProp, group_SetProp, group_GetProgress, group_GetStatus, group_GetJob,
    group_SuspendGroup, group_ResumeGroup, group_CancelGroup, group_get_Size, group_get_GroupID,
    group_CreateJob, group_EnumJobs, group_SwitchToForeground, group_QueryNewJobInterface,
    group_SetNotificationPointer,
};

METHOD(qmgr_CreateGroup, IBackgroundCopyQMgr *iface, GUID id, IBackgroundCopyGroup **group)
{
    *group = NULL;
    return IsEqualGUID(&id, &test_guid) ? mock_out(&IID_IBackgroundCopyGroup, 3, group) : WRONG;
}

METHOD(qmgr_GetGroup, IBackgroundCopyQMgr *iface, GUID id, IBackgroundCopyGroup **group)
{
    *group = NULL;
    return IsEqualGUID(&id, &test_guid) ? mock_out(&IID_IBackgroundCopyGroup, 4, group) : QM_E_ITEM_NOT_FOUND;
}

METHOD(qmgr_EnumGroups, IBackgroundCopyQMgr *iface, DWORD flags, IEnumBackgroundCopyGroups **groups)
{
    *groups = NULL;
    return flags == VALUE(5) ? mock_out(&IID_IEnumBackgroundCopyGroups, 5, groups) : WRONG;
}

static const IBackgroundCopyQMgrVtbl qmgr_vtbl =
{
    MOCK_UNKNOWN, qmgr_CreateGroup, qmgr_GetGroup, qmgr_EnumGroups,
};

METHOD(callback1_OnStatus, IBackgroundCopyCallback1 *iface, IBackgroundCopyGroup *group,
        IBackgroundCopyJob1 *job, DWORD index, DWORD status, DWORD retries, DWORD win32, DWORD transport)
{
    return mock_reply(3, is_object(group, &IID_IBackgroundCopyGroup) && is_object(job, &IID_IBackgroundCopyJob1) &&
                      index == ~0u && status == VALUE(1) && retries == VALUE(2) && win32 == VALUE(3) &&
                      transport == VALUE(4));
}

METHOD(callback1_OnProgress, IBackgroundCopyCallback1 *iface, DWORD type, IBackgroundCopyGroup *group,
        IBackgroundCopyJob1 *job, DWORD index, DWORD value)
{
    return mock_reply(4, type == VALUE(1) && is_object(group, &IID_IBackgroundCopyGroup) &&
                      is_object(job, &IID_IBackgroundCopyJob1) && index == VALUE(2) && value == VALUE(3));
}

METHOD(callback1_OnProgressEx, IBackgroundCopyCallback1 *iface, DWORD type, IBackgroundCopyGroup *group,
        IBackgroundCopyJob1 *job, DWORD index, DWORD value, DWORD size, BYTE *data)
{
    return mock_reply(5, type == VALUE(1) && is_object(group, &IID_IBackgroundCopyGroup) &&
                      is_object(job, &IID_IBackgroundCopyJob1) && index == VALUE(2) && value == VALUE(3) &&
                      size == 300 && is_test_data(data, size));
}

static const IBackgroundCopyCallback1Vtbl callback1_vtbl =
{
    MOCK_UNKNOWN, callback1_OnStatus, callback1_OnProgress, callback1_OnProgressEx,
};

#define SET_GUID(element) *(element) = test_guid

MOCK_ENUM(enum_groups, IEnumBackgroundCopyGroups, GUID, SET_GUID);
MOCK_ENUM(enum_jobs1, IEnumBackgroundCopyJobs1, GUID, SET_GUID);

const struct mock_class legacy_classes[7] =
{
    { &qmgr_vtbl, { &IID_IBackgroundCopyQMgr } },
    { &group_vtbl, { &IID_IBackgroundCopyGroup } },
    { &job1_vtbl, { &IID_IBackgroundCopyJob1 } },
    { &callback1_vtbl, { &IID_IBackgroundCopyCallback1 } },
    { &enum_groups_vtbl, { &IID_IEnumBackgroundCopyGroups } },
    { &enum_jobs1_vtbl, { &IID_IEnumBackgroundCopyJobs1 } },
};

/* ---- Calls ---- */

static void check_guid(int line, const GUID *guid)
{
    ok_(__FILE__, line)(IsEqualGUID(guid, &test_guid), "Got id %s.\n", wine_dbgstr_guid(guid));
}

static void test_qmgr(void)
{
    IBackgroundCopyQMgr *qmgr = get_mock(&IID_IBackgroundCopyQMgr);
    IEnumBackgroundCopyGroups *groups = NULL;
    IBackgroundCopyGroup *group = NULL;
    HRESULT hr;

    call(3, IBackgroundCopyQMgr, CreateGroup, qmgr, test_guid, &group);
    check_object(__LINE__, (IUnknown *)group, &IID_IBackgroundCopyGroup);
    group = NULL;
    call(4, IBackgroundCopyQMgr, GetGroup, qmgr, test_guid, &group);
    check_object(__LINE__, (IUnknown *)group, &IID_IBackgroundCopyGroup);
    hr = IBackgroundCopyQMgr_GetGroup(qmgr, GUID_NULL, &group);
    ok(hr == QM_E_ITEM_NOT_FOUND && !group, "Got %#lx, %p.\n", hr, group);
    call(5, IBackgroundCopyQMgr, EnumGroups, qmgr, VALUE(5), &groups);
    check_object(__LINE__, (IUnknown *)groups, &IID_IEnumBackgroundCopyGroups);
    check_object(__LINE__, (IUnknown *)qmgr, &IID_IBackgroundCopyQMgr);
}

static void test_group_props(IBackgroundCopyGroup *group)
{
    VARIANT value;
    HRESULT hr;

    VariantInit(&value);
    call(3, IBackgroundCopyGroup, GetProp, group, GROUPPROP_NOTIFYFLAGS, &value);
    ok(V_VT(&value) == VT_I4 && V_I4(&value) == VALUE(6), "Got type %u.\n", V_VT(&value));
    call(4, IBackgroundCopyGroup, SetProp, group, GROUPPROP_NOTIFYFLAGS, &value);
    VariantClear(&value);
    call(3, IBackgroundCopyGroup, GetProp, group, GROUPPROP_DISPLAYNAME, &value);
    ok(V_VT(&value) == VT_BSTR && is_test_bstr(V_BSTR(&value), 3, 0), "Got type %u.\n", V_VT(&value));
    VariantClear(&value);
    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = SysAllocString(test_string(4, 0));
    call(4, IBackgroundCopyGroup, SetProp, group, GROUPPROP_DISPLAYNAME, &value);
    VariantClear(&value);
    hr = IBackgroundCopyGroup_GetProp(group, GROUPPROP_REMOTEUSERID, &value);
    ok(hr == E_NOTIMPL, "Got %#lx.\n", hr);
    VariantClear(&value);
    hr = IBackgroundCopyGroup_SetProp(group, GROUPPROP_REMOTEUSERID, &value);
    ok(hr == E_NOTIMPL, "Got %#lx.\n", hr);
}

static void test_group(void)
{
    IBackgroundCopyGroup *group = get_mock(&IID_IBackgroundCopyGroup);
    IEnumBackgroundCopyJobs1 *jobs = NULL;
    IBackgroundCopyJob1 *job;
    IUnknown *object = NULL;
    DWORD value, value2;
    GUID id;

    test_group_props(group);
    value = 0;
    call(5, IBackgroundCopyGroup, GetProgress, group, VALUE(5), &value);
    ok(value == VALUE(55), "Got %#lx.\n", value);
    value = value2 = 0;
    call(6, IBackgroundCopyGroup, GetStatus, group, &value, &value2);
    ok(value == VALUE(61) && value2 == VALUE(62), "Got %#lx, %#lx.\n", value, value2);
    job = NULL;
    call(7, IBackgroundCopyGroup, GetJob, group, test_guid, &job);
    check_object(__LINE__, (IUnknown *)job, &IID_IBackgroundCopyJob1);
    call(8, IBackgroundCopyGroup, SuspendGroup, group);
    call(9, IBackgroundCopyGroup, ResumeGroup, group);
    call(10, IBackgroundCopyGroup, CancelGroup, group);
    get_value(11, IBackgroundCopyGroup, get_Size, group, DWORD, VALUE(11));
    memset(&id, 0, sizeof(id));
    call(12, IBackgroundCopyGroup, get_GroupID, group, &id);
    check_guid(__LINE__, &id);
    job = NULL;
    call(13, IBackgroundCopyGroup, CreateJob, group, test_guid, &job);
    check_object(__LINE__, (IUnknown *)job, &IID_IBackgroundCopyJob1);
    call(14, IBackgroundCopyGroup, EnumJobs, group, VALUE(14), &jobs);
    check_object(__LINE__, (IUnknown *)jobs, &IID_IEnumBackgroundCopyJobs1);
    call(15, IBackgroundCopyGroup, SwitchToForeground, group);
    call(16, IBackgroundCopyGroup, QueryNewJobInterface, group, &IID_IBackgroundCopyJob3, &object);
    call(6, IBackgroundCopyJob, Suspend, object);
    check_object(__LINE__, object, &IID_IBackgroundCopyJob3);
    object = mock_create(&IID_IBackgroundCopyCallback1);
    call(17, IBackgroundCopyGroup, SetNotificationPointer, group, &IID_IBackgroundCopyCallback1, object);
    IUnknown_Release(object);
    check_object(__LINE__, (IUnknown *)group, &IID_IBackgroundCopyGroup);
}

static void test_job1(void)
{
    IBackgroundCopyJob1 *job = get_mock(&IID_IBackgroundCopyJob1);
    FILESETINFO files[20], *set[20], file;
    DWORD value, value2, value3, value4;
    unsigned int i;
    GUID id;

    call(3, IBackgroundCopyJob1, CancelJob, job);
    value = 0;
    call(4, IBackgroundCopyJob1, GetProgress, job, VALUE(4), &value);
    ok(value == VALUE(44), "Got %#lx.\n", value);
    value = value2 = value3 = value4 = 0;
    call(5, IBackgroundCopyJob1, GetStatus, job, &value, &value2, &value3, &value4);
    ok(value == VALUE(51) && value2 == VALUE(52) && value3 == VALUE(53) && value4 == VALUE(54),
       "Got %#lx, %#lx, %#lx, %#lx.\n", value, value2, value3, value4);
    for (i = 0; i < ARRAYSIZE(files); i++)
    {
        set[i] = &files[i];
        files[i].bstrRemoteFile = SysAllocString(test_string(6, i));
        files[i].bstrLocalFile = i ? SysAllocString(test_string(7, i)) : NULL;
        files[i].dwSizeHint = VALUE(i);
    }
    call(6, IBackgroundCopyJob1, AddFiles, job, ARRAYSIZE(files), set);
    for (i = 0; i < ARRAYSIZE(files); i++)
    {
        SysFreeString(files[i].bstrRemoteFile);
        SysFreeString(files[i].bstrLocalFile);
    }
    memset(&file, 0, sizeof(file));
    call(7, IBackgroundCopyJob1, GetFile, job, VALUE(7), &file);
    ok(is_test_bstr(file.bstrRemoteFile, 7, 0) && is_test_bstr(file.bstrLocalFile, 7, 1) &&
       file.dwSizeHint == VALUE(7), "Got a wrong file.\n");
    SysFreeString(file.bstrRemoteFile);
    SysFreeString(file.bstrLocalFile);
    get_value(8, IBackgroundCopyJob1, GetFileCount, job, DWORD, VALUE(8));
    call(9, IBackgroundCopyJob1, SwitchToForeground, job);
    memset(&id, 0, sizeof(id));
    call(10, IBackgroundCopyJob1, get_JobID, job, &id);
    check_guid(__LINE__, &id);
    check_object(__LINE__, (IUnknown *)job, &IID_IBackgroundCopyJob1);
}

#define check_guid_element(element) check_guid(__LINE__, &(element))

void test_legacy(void)
{
    test_qmgr();
    test_group();
    test_job1();
    test_enum(IEnumBackgroundCopyGroups, GUID, check_guid_element);
    test_enum(IEnumBackgroundCopyJobs1, GUID, check_guid_element);
    check_alive(__LINE__);
}
