/*
 * The marshalling test: what both sides know about the arguments.
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

#ifndef WINEBITS_TESTS_COM_PROXY_H
#define WINEBITS_TESTS_COM_PROXY_H

#include <stddef.h>
#include <windows.h>
#include <ole2.h>
#include <bits.h>
#include <qmgr.h>

#include "wine/test.h"

/* A method is known by its slot.  A mock looks at its arguments and answers REPLY(slot) if they are what
 * they should be, or WRONG. */
#define REPLY(slot) MAKE_HRESULT(SEVERITY_SUCCESS, FACILITY_ITF, 0x200 + (slot))
#define WRONG       MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, 0x2ff)

/* Arguments and results of a method. */
#define VALUE(slot)   (0xa5c30000u | (slot))
#define VALUE64(slot) (0x123456789abc0000ull | (slot))
/* Crosses as 16 bits. */
#define SMALL(slot)   (0x5a00 | (slot))

#define RANGE_COUNT 3
extern const BG_FILE_RANGE test_ranges[RANGE_COUNT];
extern const GUID test_guid;
#define DATA_SIZE 70000

/* The n-th string of a method: long, and with characters of every kind.  In a buffer that the next but
 * three call overwrites. */
const WCHAR *test_string(unsigned int slot, unsigned int n);
BOOL is_test_string(const WCHAR *string, unsigned int slot, unsigned int n);
BYTE test_byte(unsigned int i);
BOOL is_test_data(const BYTE *data, unsigned int size);
FILETIME test_time(unsigned int slot, unsigned int n);
BOOL is_test_time(const FILETIME *time, unsigned int slot, unsigned int n);

/* An object that has the interface and those that it is derived from; NULL if nobody here has it. */
IUnknown *mock_create(REFIID iid);
/* What legacy.c adds to that. */
struct mock_class
{
    const void *vtbl;
    const IID *iids[7];
};
extern const struct mock_class legacy_classes[7];

/* The object that hands out the mocks: a class factory. */
IClassFactory *factory_create(void);

/* Calls to the other side. */
#define call(slot, type, method, object, ...) call_(__LINE__, slot, type, method, object, ## __VA_ARGS__)
#define call_(line, slot, type, method, object, ...) do { \
    HRESULT call_hr; \
    ok_(__FILE__, line)(offsetof(type##Vtbl, method) == (slot) * sizeof(void *), \
            #type "::" #method " is not in slot %d.\n", slot); \
    call_hr = ((type *)(object))->lpVtbl->method((type *)(object), ## __VA_ARGS__); \
    ok_(__FILE__, line)(call_hr == REPLY(slot), #type "::" #method " gave %#lx.\n", call_hr); \
} while (0)

/* Takes the string, and frees it. */
void check_string(int line, WCHAR *string, unsigned int slot, unsigned int n);
/* Takes the object, checks that it has the interface and that its proxy takes a blanket, releases it. */
void check_object(int line, IUnknown *object, REFIID iid);

#define get_string(slot, type, method, object) do { \
    WCHAR *get_string_ret = NULL; \
    call_(__LINE__, slot, type, method, object, &get_string_ret); \
    check_string(__LINE__, get_string_ret, slot, 0); \
} while (0)

#define get_value(slot, type, method, object, value_type, value) do { \
    value_type get_value_ret = 0; \
    call_(__LINE__, slot, type, method, object, &get_value_ret); \
    ok(get_value_ret == (value_type)(value), "Got %s.\n", wine_dbgstr_longlong(get_value_ret)); \
} while (0)

#define get_object(slot, type, method, object, object_type, iid) do { \
    object_type *get_object_ret = NULL; \
    call_(__LINE__, slot, type, method, object, &get_object_ret); \
    check_object(__LINE__, (IUnknown *)get_object_ret, iid); \
} while (0)

/* Creates an object on the other side. */
void *get_mock(REFIID iid);
/* Whether the other side still answers after what was done to it. */
void check_alive(int line);

/* legacy.c: calls to every method of qmgr.h. */
void test_legacy(void);

/* Mocks. */
HRESULT STDMETHODCALLTYPE mock_QueryInterface(IUnknown *iface, REFIID iid, void **out);
ULONG STDMETHODCALLTYPE mock_AddRef(IUnknown *iface);
ULONG STDMETHODCALLTYPE mock_Release(IUnknown *iface);
HRESULT mock_reply(unsigned int slot, BOOL right);
HRESULT mock_out(REFIID iid, unsigned int slot, void *out);
HRESULT mock_out_string(unsigned int slot, unsigned int n, WCHAR **out);
BOOL is_object(void *object, REFIID iid);

#define MOCK_UNKNOWN (void *)mock_QueryInterface, (void *)mock_AddRef, (void *)mock_Release

#define METHOD(name, ...) static HRESULT STDMETHODCALLTYPE name(__VA_ARGS__)
#define MOCK_CALL(name, type, slot) \
    METHOD(name, type *iface) { return mock_reply(slot, TRUE); }
#define MOCK_SET(name, type, slot, value_type, value) \
    METHOD(name, type *iface, value_type in) { return mock_reply(slot, in == (value_type)(value)); }
#define MOCK_GET(name, type, slot, value_type, value) \
    METHOD(name, type *iface, value_type *out) { *out = (value_type)(value); return mock_reply(slot, TRUE); }
#define MOCK_SET_STRING(name, type, slot) \
    METHOD(name, type *iface, const WCHAR *in) { return mock_reply(slot, is_test_string(in, slot, 0)); }
#define MOCK_GET_STRING(name, type, slot) \
    METHOD(name, type *iface, WCHAR **out) { return mock_out_string(slot, 0, out); }
#define MOCK_GET_OBJECT(name, type, slot, object_type, iid) \
    METHOD(name, type *iface, object_type **out) { return mock_out(iid, slot, out); }

/* An enumerator of four elements, at its beginning whatever was called before. */
#define ENUM_COUNT 4
#define MOCK_ENUM(prefix, type, element_type, set_element) \
METHOD(prefix##_Next, type *iface, ULONG count, element_type *out, ULONG *ret_count) \
{ \
    ULONG i, fetched = count < ENUM_COUNT ? count : ENUM_COUNT; \
    if (!ret_count && count != 1) \
        return E_INVALIDARG; \
    for (i = 0; i < fetched; i++) \
        set_element(&out[i]); \
    if (ret_count) \
        *ret_count = fetched; \
    return fetched == count ? REPLY(3) : S_FALSE; \
} \
MOCK_SET(prefix##_Skip, type, 4, ULONG, VALUE(4)) \
MOCK_CALL(prefix##_Reset, type, 5) \
MOCK_GET_OBJECT(prefix##_Clone, type, 6, type, &IID_##type) \
MOCK_GET(prefix##_GetCount, type, 7, ULONG, VALUE(7)) \
static const type##Vtbl prefix##_vtbl = { MOCK_UNKNOWN, prefix##_Next, prefix##_Skip, prefix##_Reset, \
                                          prefix##_Clone, prefix##_GetCount }

#define test_enum(type, element_type, check_element) do { \
    element_type elements[ENUM_COUNT + 2]; \
    type *enumerator = get_mock(&IID_##type); \
    ULONG i, n; \
    HRESULT hr; \
    if (!enumerator) break; \
    memset(elements, 0, sizeof(elements)); \
    call(3, type, Next, enumerator, 1, elements, NULL); \
    check_element(elements[0]); \
    n = 77; \
    call(3, type, Next, enumerator, 2, elements, &n); \
    ok(n == 2, #type ": Got %lu.\n", n); \
    for (i = 0; i < 2; i++) check_element(elements[i]); \
    n = 77; \
    hr = type##_Next(enumerator, ENUM_COUNT + 2, elements, &n); \
    ok(hr == S_FALSE && n == ENUM_COUNT, #type ": Got %#lx, %lu.\n", hr, n); \
    for (i = 0; i < ENUM_COUNT; i++) check_element(elements[i]); \
    hr = type##_Next(enumerator, 2, elements, NULL); \
    ok(FAILED(hr), #type ": Got %#lx.\n", hr); \
    call(4, type, Skip, enumerator, VALUE(4)); \
    call(5, type, Reset, enumerator); \
    get_object(6, type, Clone, enumerator, type, &IID_##type); \
    get_value(7, type, GetCount, enumerator, ULONG, VALUE(7)); \
    check_object(__LINE__, (IUnknown *)enumerator, &IID_##type); \
} while (0)

#endif /* WINEBITS_TESTS_COM_PROXY_H */
