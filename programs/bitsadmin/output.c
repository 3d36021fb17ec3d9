/*
 * Standard output: banner, errors, values, the frames of a live display.
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

#include "bitsadmin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const WCHAR banner[] =
    L"\nBITSADMIN version 3.0\nBITS administration utility.\n(C) Copyright Microsoft Corp.\n\n";
#define BANNER_WIDTH 29         /* its longest line */

BOOL output_raw;

static HANDLE handle;
static BOOL is_console;
static BOOL cut_lines;          /* /NOWRAP */
static int column;
static WORD attributes;         /* of ordinary text on the console */
static HANDLE interrupt_event;

static WCHAR buffer[2048];
static unsigned int used;

/* The rows that hold the last frame, or the banner before the first one. */
static struct
{
    SHORT top;
    unsigned int rows;
    int lengths[8];
} frame;

void output_start(BOOL raw, BOOL nowrap)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    DWORD mode;

    output_raw = raw;
    handle = GetStdHandle(STD_OUTPUT_HANDLE);
    is_console = GetConsoleMode(handle, &mode) && GetConsoleScreenBufferInfo(handle, &info);
    if (is_console)
        attributes = info.wAttributes;
    cut_lines = nowrap && is_console;
}

BOOL output_is_console(void)
{
    return is_console;
}

int output_width(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;

    return is_console && GetConsoleScreenBufferInfo(handle, &info) ? info.dwSize.X : 0;
}

/* A redirected stream gets the console's code page, or what that would be. */
static void write_encoded(const WCHAR *text, int len)
{
    UINT cp = GetConsoleOutputCP();
    char *bytes;
    DWORD written, pos;
    int size;

    if (!cp)
        cp = GetOEMCP();
    if (!(size = WideCharToMultiByte(cp, 0, text, len, NULL, 0, NULL, NULL)) || !(bytes = malloc(size)))
        return;
    WideCharToMultiByte(cp, 0, text, len, bytes, size, NULL, NULL);
    for (pos = 0; pos < (DWORD)size; pos += written)
        if (!WriteFile(handle, bytes + pos, size - pos, &written, NULL) || !written)
            break;
    free(bytes);
}

void output_flush(void)
{
    DWORD written;

    if (used && is_console)
        WriteConsoleW(handle, buffer, used, &written, NULL);
    else if (used)
        write_encoded(buffer, used);
    used = 0;
}

static void put_char(WCHAR c)
{
    /* A pair that is cut in two could not be encoded. */
    if (used >= ARRAY_SIZE(buffer) - 2 && !IS_LOW_SURROGATE(c))
        output_flush();
    buffer[used++] = c;
}

void output_text(const WCHAR *text)
{
    int width = cut_lines ? output_width() : 0;

    for (; *text; text++)
    {
        if (*text == '\n')
        {
            put_char('\r');
            put_char('\n');
            column = 0;
        }
        else if (*text != '\r')
        {
            column = *text == '\t' ? (column | 7) + 1 : column + 1;
            if (!cut_lines || column < width)
                put_char(*text);
        }
    }
}

void output_format(const WCHAR *format, ...)
{
    WCHAR *text, *bigger;
    va_list args;
    size_t size = 256;
    int ret;

    text = malloc(size * sizeof(WCHAR));
    while (text)
    {
        va_start(args, format);
        ret = _vsnwprintf(text, size, format, args);
        va_end(args);
        if (ret >= 0 && (size_t)ret < size)
        {
            output_text(text);
            break;
        }
        size *= 2;
        if (!(bigger = realloc(text, size * sizeof(WCHAR))))
            break;
        text = bigger;
    }
    free(text);
}

/* Labels stand out on a console. */
void output_label(const WCHAR *label)
{
    if (is_console)
    {
        output_flush();
        SetConsoleTextAttribute(handle, FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE
                | FOREGROUND_INTENSITY | (attributes & 0xf0));
    }
    output_text(label);
    if (is_console)
    {
        output_flush();
        SetConsoleTextAttribute(handle, attributes);
    }
}

void trim_text(WCHAR *text)
{
    size_t len = wcslen(text);

    while (len && (text[len - 1] <= ' '))
        text[--len] = 0;
}

/* The service knows the texts of its own codes, the system the others. */
WCHAR *error_text(HRESULT hr)
{
    IBackgroundCopyManager *manager;
    WCHAR *text = NULL, *remote, *local;

    if (SUCCEEDED(ole_manager(&manager)))
    {
        if (SUCCEEDED(IBackgroundCopyManager_GetErrorDescription(manager, hr,
                LANGIDFROMLCID(GetThreadLocale()), &remote)) && remote)
        {
            text = _wcsdup(remote);
            ole_free(remote);
        }
        IBackgroundCopyManager_Release(manager);
    }
    if (!text && FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM
            | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, hr, 0, (WCHAR *)&local, 0, NULL))
    {
        text = _wcsdup(local);
        LocalFree(local);
    }
    if (text)
        trim_text(text);
    return text;
}

/* Raw output has no line breaks: a script that keeps the first word of the last line gets "Unable". */
void output_error(const WCHAR *what, HRESULT hr)
{
    WCHAR *text = error_text(hr);

    output_format(L"Unable to %s - 0x%08x%s%s\n", what, hr, output_raw ? L". " : L"\n",
            text ? text : L"No description of this error is available.");
    free(text);
}

void output_banner(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    const WCHAR *line, *end;

    output_text(banner);
    if (!is_console)
        return;
    output_flush();
    /* The first frame takes the place of the banner's text, not of the empty line above it. */
    for (line = banner + 1; (end = wcschr(line, '\n')); line = end + 1)
        frame.lengths[frame.rows++] = end - line;
    if (GetConsoleScreenBufferInfo(handle, &info) && info.dwCursorPosition.Y >= (int)frame.rows
            && info.dwSize.X > BANNER_WIDTH)
        frame.top = info.dwCursorPosition.Y - frame.rows;
    else
    {
        frame.top = info.dwCursorPosition.Y;
        frame.rows = 0;
    }
}

/* Draws the lines over the last frame and leaves the cursor below them.  Lines are cut, not wrapped;
 * what is not needed of the old ones is blanked. */
void output_frame(WCHAR **lines, unsigned int count)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    COORD pos = {0, 0};
    unsigned int i, rows = max(count, frame.rows);
    int width = output_width() - 1, length, j;

    if (width <= 0)
        return;
    output_flush();
    if (!GetConsoleScreenBufferInfo(handle, &info))
        return;
    if (!frame.rows)
        frame.top = info.dwCursorPosition.Y;
    pos.Y = frame.top;
    SetConsoleCursorPosition(handle, pos);
    for (i = 0; i < rows; i++)
    {
        length = i < count ? min((int)wcslen(lines[i]), width) : 0;
        for (j = 0; j < length; j++)
            put_char(lines[i][j]);
        for (; i < frame.rows && j < min(frame.lengths[i], width); j++)
            put_char(' ');
        put_char('\r');
        put_char('\n');
        frame.lengths[i] = length;
    }
    output_flush();
    /* Writing at the bottom moves everything up. */
    if (GetConsoleScreenBufferInfo(handle, &info))
        frame.top = max(info.dwCursorPosition.Y - (int)rows, 0);
    frame.rows = count;
    if (rows > count)
    {
        pos.Y = frame.top + count;
        SetConsoleCursorPosition(handle, pos);
    }
}

/* An empty screen, for a console only. */
void output_clear(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    COORD pos = {0, 0};
    DWORD count, done;

    output_flush();
    if (!is_console || !GetConsoleScreenBufferInfo(handle, &info))
        return;
    count = info.dwSize.X * info.dwSize.Y;
    FillConsoleOutputCharacterW(handle, ' ', count, pos, &done);
    FillConsoleOutputAttribute(handle, attributes, count, pos, &done);
    SetConsoleCursorPosition(handle, pos);
}

static BOOL WINAPI handle_interrupt(DWORD event)
{
    SetEvent(interrupt_event);
    return TRUE;
}

/* From the first call on Ctrl+C sets this event instead of ending the process. */
HANDLE output_interrupt(void)
{
    if (!interrupt_event && (interrupt_event = CreateEventW(NULL, TRUE, FALSE, NULL)))
        SetConsoleCtrlHandler(handle_interrupt, TRUE);
    return interrupt_event;
}

void format_guid(const GUID *guid, WCHAR *text)
{
    _snwprintf(text, GUID_TEXT, L"{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", guid->Data1,
            guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3],
            guid->Data4[4], guid->Data4[5], guid->Data4[6], guid->Data4[7]);
}

void format_size(UINT64 size, WCHAR *text)
{
    if (size == BG_SIZE_UNKNOWN)
        wcscpy(text, L"UNKNOWN");
    else
        _snwprintf(text, SIZE_TEXT, L"%I64u", size);
}

void format_time(const FILETIME *time, WCHAR *text, int size)
{
    SYSTEMTIME utc, local;
    int len;

    wcscpy(text, L"UNKNOWN");
    if (!time->dwLowDateTime && !time->dwHighDateTime)
        return;
    if (!FileTimeToSystemTime(time, &utc) || !SystemTimeToTzSpecificLocalTime(NULL, &utc, &local))
        return;
    if (!(len = GetDateFormatW(LOCALE_USER_DEFAULT, DATE_SHORTDATE, &local, NULL, text, size)))
        return;
    text[len - 1] = ' ';
    if (!GetTimeFormatW(LOCALE_USER_DEFAULT, 0, &local, NULL, text + len, size - len))
        text[len - 1] = 0;
}
