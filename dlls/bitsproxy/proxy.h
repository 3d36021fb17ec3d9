/*
 * What the generated proxies are compiled with.
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

#ifndef WINEBITS_PROXY_H
#define WINEBITS_PROXY_H

#include <stdarg.h>
#include <windef.h>
#include <winbase.h>
#include <objbase.h>

/* The system's; some headers declare them for C++ alone. */
HRESULT STDMETHODCALLTYPE IUnknown_QueryInterface_Proxy(IUnknown *iface, REFIID iid, void **out);
ULONG STDMETHODCALLTYPE IUnknown_AddRef_Proxy(IUnknown *iface);
ULONG STDMETHODCALLTYPE IUnknown_Release_Proxy(IUnknown *iface);

/* blanket.c: takes the place of the system's in every proxy. */
HRESULT STDMETHODCALLTYPE blanket_QueryInterface_Proxy(IUnknown *iface, REFIID iid, void **out);

#ifdef REGISTER_PROXY_DLL
#define IUnknown_QueryInterface_Proxy blanket_QueryInterface_Proxy
#endif

/* The class of our proxies; not Wine's, whose registration stays whole. */
#define PROXY_CLSID_IS { 0xfadf3f8f, 0xf129, 0x4d47, { 0x90, 0xd0, 0xa8, 0xe5, 0x87, 0x9b, 0xdc, 0xd3 } }
/* {fadf3f8f-f129-4d47-90d0-a8e5879bdcd3} */

#endif /* WINEBITS_PROXY_H */
