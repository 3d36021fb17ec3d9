/*
 * Feeds a parser its corpus and random changes of it: FUZZ_ROUNDS of them, from FUZZ_SEED on.
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

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MAX_SEEDS   256
#define MAX_INPUT   512

static uint32_t state;

static uint32_t random_below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

static struct input
{
    char data[MAX_INPUT];
    size_t len;
}
seeds[MAX_SEEDS];
static unsigned int seed_count;

static void read_corpus(const char *name)
{
    const char *srcdir = getenv("srcdir");
    char path[1024], line[MAX_INPUT];
    FILE *file;

    snprintf(path, sizeof(path), "%s/tests/fuzz/%s.txt", srcdir ? srcdir : ".", name);
    if (!(file = fopen(path, "r")))
    {
        perror(path);
        exit(99);
    }
    while (seed_count < MAX_SEEDS && fgets(line, sizeof(line), file))
    {
        seeds[seed_count].len = strcspn(line, "\n");
        memcpy(seeds[seed_count].data, line, seeds[seed_count].len);
        seed_count++;
    }
    fclose(file);
    if (!seed_count)
    {
        fprintf(stderr, "%s: no input\n", path);
        exit(99);
    }
}

/* One small change, of the kinds that parsers stumble over. */
static void mutate(struct input *input)
{
    static const char interesting[] = "0123456789 \t-/*,:=;\r\n\0\xff" "bytesGMTaz";
    const struct input *other = &seeds[random_below(seed_count)];
    size_t pos = random_below(input->len + 1), from, count;

    switch (random_below(7))
    {
        case 0:     /* replace */
            if (pos < input->len)
                input->data[pos] = interesting[random_below(sizeof(interesting) - 1)];
            break;
        case 1:     /* flip a bit */
            if (pos < input->len)
                input->data[pos] ^= 1 << random_below(8);
            break;
        case 2:     /* insert */
            if (input->len < MAX_INPUT)
            {
                memmove(input->data + pos + 1, input->data + pos, input->len - pos);
                input->data[pos] = interesting[random_below(sizeof(interesting) - 1)];
                input->len++;
            }
            break;
        case 3:     /* delete */
            count = random_below(input->len - pos + 1);
            memmove(input->data + pos, input->data + pos + count, input->len - pos - count);
            input->len -= count;
            break;
        case 4:     /* cut off */
            input->len = pos;
            break;
        case 5:     /* go on as another */
            from = random_below(other->len + 1);
            count = other->len - from;
            if (count > MAX_INPUT - pos)
                count = MAX_INPUT - pos;
            memcpy(input->data + pos, other->data + from, count);
            input->len = pos + count;
            break;
        case 6:     /* repeat */
            count = random_below(20);
            if (pos < input->len && input->len + count <= MAX_INPUT)
            {
                memmove(input->data + pos + count, input->data + pos, input->len - pos);
                memset(input->data + pos, input->data[pos + count], count);
                input->len += count;
            }
            break;
    }
}

/* In a block of exactly its size, so that the sanitizer sees each byte read beyond. */
static int try_input(const struct input *input)
{
    char *exact = malloc(input->len ? input->len : 1);
    int ret;

    memcpy(exact, input->data, input->len);
    ret = fuzz_one(exact, input->len);
    free(exact);
    return ret;
}

int main(void)
{
    const char *rounds_text = getenv("FUZZ_ROUNDS"), *seed_text = getenv("FUZZ_SEED");
    unsigned long rounds = rounds_text ? strtoul(rounds_text, NULL, 10) : 200000, i, accepted = 0;
    struct input input;
    unsigned int j;

    state = seed_text ? strtoul(seed_text, NULL, 10) | 1 : 1;
    read_corpus(fuzz_name);
    for (j = 0; j < seed_count; j++)
        try_input(&seeds[j]);
    for (i = 0; i < rounds; i++)
    {
        input = seeds[random_below(seed_count)];
        for (j = 1 + random_below(4); j; j--)
            mutate(&input);
        accepted += try_input(&input);
    }
    printf("%s: %lu inputs, %lu accepted.\n", fuzz_name, rounds, accepted);
    /* If all of them were refused at the first byte, nothing has been tested. */
    return !accepted || accepted == rounds;
}
