/*
 * The version resource that every DLL and program has.
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

/* A version.rc defines VER_NAME and VER_DESCRIPTION (strings), and, unless they are those of the package,
 * VER_NUMBERS (1,2,3,4) and VER_STRING; VER_TYPE is VFT_DLL unless it says otherwise; then includes this. */

#include <winver.h>
#include "config.h"

#ifndef VER_TYPE
#define VER_TYPE VFT_DLL
#endif
#ifndef VER_NUMBERS
#define VER_NUMBERS WINEBITS_VERSION_NUMBERS
#define VER_STRING PACKAGE_VERSION
#endif

VS_VERSION_INFO VERSIONINFO
FILEVERSION VER_NUMBERS
PRODUCTVERSION WINEBITS_VERSION_NUMBERS
FILEFLAGSMASK VS_FFI_FILEFLAGSMASK
FILEFLAGS 0
FILEOS VOS_NT_WINDOWS32
FILETYPE VER_TYPE
FILESUBTYPE VFT2_UNKNOWN
BEGIN
    BLOCK "StringFileInfo"
    BEGIN
        BLOCK "040904E4"
        BEGIN
            VALUE "CompanyName", "the winebits authors"
            VALUE "FileDescription", VER_DESCRIPTION
            VALUE "FileVersion", VER_STRING
            VALUE "InternalName", VER_NAME
            VALUE "LegalCopyright", "Copyright 2026 the winebits authors; LGPL 2.1 or later"
            VALUE "OriginalFilename", VER_NAME
            VALUE "ProductName", "winebits"
            VALUE "ProductVersion", PACKAGE_VERSION
        END
    END
    BLOCK "VarFileInfo"
    BEGIN
        VALUE "Translation", 0x409, 1252
    END
END
