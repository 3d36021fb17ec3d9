/*
 * What a fuzzed parser provides to the driver.
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

#ifndef WINEBITS_FUZZ_H
#define WINEBITS_FUZZ_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* Corpus: tests/fuzz/NAME.txt, one input per line. */
extern const char fuzz_name[];
/* Returns whether the input was accepted. */
int fuzz_one(const char *data, size_t len);

#define fuzz_check(condition, data, len) \
    do { \
        if (!(condition)) \
        { \
            fprintf(stderr, "%s:%d: %s does not hold for \"%.*s\"\n", __FILE__, __LINE__, #condition, (int)(len), data); \
            abort(); \
        } \
    } while (0)

#endif /* WINEBITS_FUZZ_H */
