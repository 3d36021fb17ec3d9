/*
 * What the test server has seen, per test name: log, counters, gates and options set at run time.
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

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "httpd.h"

#define MAX_ENTRIES 20000

struct entry
{
    struct entry *next;
    char *line;                     /* up to the status */
    char *head;
    unsigned int status;
    unsigned int generation;        /* of the name when it began */
    int listed;
    uint64_t sent;
    const char *how;                /* how it ended, NULL while it runs */
};

struct target
{
    struct target *next;
    unsigned int counts[METHOD_COUNT];
    char target[1];
};

enum counter
{
    COUNT_REQUESTS, COUNT_GET, COUNT_HEAD, COUNT_OTHER, COUNT_RANGED, COUNT_CONDITIONAL, COUNT_AUTH,
    COUNT_PROXYAUTH, COUNT_CONNECTIONS, COUNT_BODY, COUNT_ACTIVE, COUNT_PEAK, COUNT_GATED, COUNT_ENDED,
    COUNT_LAST
};

static const char *const counter_names[COUNT_LAST] =
{
    "requests", "get", "head", "other", "ranged", "conditional", "auth",
    "proxyauth", "connections", "body", "active", "peak", "gated", "ended",
};

struct name
{
    struct name *next;
    struct entry *entries, **last_entry;
    unsigned int entry_count;
    unsigned int generation;        /* raised by a reset, so that requests of before do not count after */
    struct target *targets;
    char *options;
    uint64_t counters[COUNT_LAST];
    unsigned int ticket;            /* how often the gate was opened */
    enum gate opened;               /* how, the last time */
    char name[1];
};

/* One lock guards everything here; the condition is broadcast at every change. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct name *names;

static void *allocate(size_t size)
{
    void *p = calloc(1, size);

    if (!p)
    {
        fprintf(stderr, "httpd: out of memory\n");
        exit(1);
    }
    return p;
}

static char *duplicate(const char *string)
{
    return strcpy(allocate(strlen(string) + 1), string);
}

struct name *name_get(const char *text)
{
    struct name *name;

    pthread_mutex_lock(&lock);
    for (name = names; name && strcmp(name->name, text); name = name->next)
        ;
    if (!name)
    {
        name = allocate(sizeof(*name) + strlen(text));
        strcpy(name->name, text);
        name->options = duplicate("");
        name->last_entry = &name->entries;
        name->next = names;
        names = name;
    }
    pthread_mutex_unlock(&lock);
    return name;
}

void name_get_options(struct name *name, char *buffer, size_t size)
{
    pthread_mutex_lock(&lock);
    snprintf(buffer, size, "%s", name->options);
    pthread_mutex_unlock(&lock);
}

void name_set_options(struct name *name, const char *options)
{
    pthread_mutex_lock(&lock);
    free(name->options);
    name->options = duplicate(options);
    pthread_mutex_unlock(&lock);
}

void name_reset(struct name *name)
{
    struct target *target;
    struct entry *entry;
    uint64_t active, gated;

    pthread_mutex_lock(&lock);
    /* Entries of running requests stay with their thread; entry_end() frees those. */
    while ((entry = name->entries))
    {
        name->entries = entry->next;
        if (!entry->how)
            continue;
        free(entry->line);
        free(entry->head);
        free(entry);
    }
    name->last_entry = &name->entries;
    name->entry_count = 0;
    name->generation++;
    while ((target = name->targets))
    {
        name->targets = target->next;
        free(target);
    }
    free(name->options);
    name->options = duplicate("");
    active = name->counters[COUNT_ACTIVE];
    gated = name->counters[COUNT_GATED];
    memset(name->counters, 0, sizeof(name->counters));
    name->counters[COUNT_ACTIVE] = active;
    name->counters[COUNT_GATED] = gated;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void name_count_target(struct name *name, const char *text, enum method method,
        unsigned int counts[METHOD_COUNT])
{
    struct target *target;

    pthread_mutex_lock(&lock);
    for (target = name->targets; target && strcmp(target->target, text); target = target->next)
        ;
    if (!target)
    {
        target = allocate(sizeof(*target) + strlen(text));
        strcpy(target->target, text);
        target->next = name->targets;
        name->targets = target;
    }
    target->counts[method]++;
    memcpy(counts, target->counts, sizeof(target->counts));
    pthread_mutex_unlock(&lock);
}

static void count_request(struct name *name, struct conn *conn, const struct request *request)
{
    uint64_t *counters = name->counters;

    counters[COUNT_REQUESTS]++;
    counters[!strcmp(request->method, "GET") ? COUNT_GET : !strcmp(request->method, "HEAD") ? COUNT_HEAD :
            COUNT_OTHER]++;
    counters[COUNT_RANGED] += request_header(request, "Range") != NULL;
    counters[COUNT_CONDITIONAL] += request_header(request, "If-Match") ||
            request_header(request, "If-Unmodified-Since") || request_header(request, "If-Range") ||
            request_header(request, "If-None-Match") || request_header(request, "If-Modified-Since");
    counters[COUNT_AUTH] += request_header(request, "Authorization") != NULL;
    counters[COUNT_PROXYAUTH] += request_header(request, "Proxy-Authorization") != NULL;
    if (conn->name != name)
    {
        conn->name = name;
        counters[COUNT_CONNECTIONS]++;
    }
    if (++counters[COUNT_ACTIVE] > counters[COUNT_PEAK])
        counters[COUNT_PEAK] = counters[COUNT_ACTIVE];
}

struct entry *entry_begin(struct name *name, struct conn *conn, const struct request *request)
{
    static const char *const logged[] =
    {
        "Range", "If-Range", "If-Match", "If-Unmodified-Since", "If-None-Match", "If-Modified-Since",
    };
    struct entry *entry = allocate(sizeof(*entry));
    size_t size = strlen(request->raw) + 256, used, i;
    const char *value;

    entry->line = allocate(size);
    entry->head = duplicate(request->raw);
    used = snprintf(entry->line, size, "conn=%u port=%u %s %s", conn->number, request->port,
            request->method, request->target);
    for (i = 0; i < sizeof(logged) / sizeof(logged[0]); i++)
    {
        if ((value = request_header(request, logged[i])))
            used += snprintf(entry->line + used, size - used, " [%s: %s]", logged[i], value);
    }

    pthread_mutex_lock(&lock);
    count_request(name, conn, request);
    entry->generation = name->generation;
    if ((entry->listed = name->entry_count++ < MAX_ENTRIES))
    {
        *name->last_entry = entry;
        name->last_entry = &entry->next;
    }
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return entry;
}

void entry_sent(struct name *name, struct entry *entry, uint64_t bytes)
{
    pthread_mutex_lock(&lock);
    entry->sent += bytes;
    if (entry->generation == name->generation)
        name->counters[COUNT_BODY] += bytes;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void entry_end(struct name *name, struct entry *entry, unsigned int status, uint64_t sent, const char *how)
{
    pthread_mutex_lock(&lock);
    entry->status = status;
    entry->sent += sent;
    entry->how = how;
    name->counters[COUNT_ACTIVE]--;
    if (entry->generation == name->generation)
    {
        name->counters[COUNT_BODY] += sent;
        name->counters[COUNT_ENDED]++;
    }
    if (!entry->listed || entry->generation != name->generation)
    {
        free(entry->line);
        free(entry->head);
        free(entry);
    }
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

struct text
{
    char *data;
    size_t used, size;
};

static void text_add(struct text *text, const char *format, ...)
{
    va_list args;
    int length;

    for (;;)
    {
        va_start(args, format);
        length = vsnprintf(text->data + text->used, text->size - text->used, format, args);
        va_end(args);
        if (text->used + length < text->size)
            break;
        text->size = text->size * 2 + length;
        if (!(text->data = realloc(text->data, text->size)))
            exit(1);
    }
    text->used += length;
}

static struct text text_new(void)
{
    struct text text = { allocate(4096), 0, 4096 };

    return text;
}

char *name_log(struct name *name)
{
    struct text text = text_new();
    struct entry *entry;

    pthread_mutex_lock(&lock);
    for (entry = name->entries; entry; entry = entry->next)
        text_add(&text, "%s status=%u sent=%llu end=%s\n", entry->line, entry->status,
                (unsigned long long)entry->sent, entry->how ? entry->how : "running");
    pthread_mutex_unlock(&lock);
    return text.data;
}

char *name_heads(struct name *name)
{
    struct text text = text_new();
    struct entry *entry;

    pthread_mutex_lock(&lock);
    for (entry = name->entries; entry; entry = entry->next)
        text_add(&text, "%s", entry->head);
    pthread_mutex_unlock(&lock);
    return text.data;
}

static int counter_find(const char *key)
{
    int i;

    for (i = 0; i < COUNT_LAST; i++)
    {
        if (!strcmp(counter_names[i], key))
            return i;
    }
    return -1;
}

char *name_count(struct name *name, const char *key)
{
    struct text text = text_new();
    int i;

    if (key && (i = counter_find(key)) < 0)
    {
        free(text.data);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    if (key)
        text_add(&text, "%llu\n", (unsigned long long)name->counters[i]);
    else
        for (i = 0; i < COUNT_LAST; i++)
            text_add(&text, "%s %llu\n", counter_names[i], (unsigned long long)name->counters[i]);
    pthread_mutex_unlock(&lock);
    return text.data;
}

static struct timespec deadline_in(unsigned int ms)
{
    struct timespec when;

    clock_gettime(CLOCK_REALTIME, &when);
    when.tv_sec += ms / 1000;
    when.tv_nsec += ms % 1000 * 1000000l;
    if (when.tv_nsec >= 1000000000l)
    {
        when.tv_sec++;
        when.tv_nsec -= 1000000000l;
    }
    return when;
}

int name_wait(struct name *name, const char *key, uint64_t value, unsigned int ms)
{
    struct timespec when = deadline_in(ms);
    int i = counter_find(key), ret = 0;

    if (i < 0)
        return -1;
    pthread_mutex_lock(&lock);
    while (name->counters[i] < value && ret != ETIMEDOUT)
        ret = pthread_cond_timedwait(&changed, &lock, &when);
    ret = name->counters[i] >= value;
    pthread_mutex_unlock(&lock);
    return ret;
}

void name_open_gate(struct name *name, enum gate gate)
{
    pthread_mutex_lock(&lock);
    name->ticket++;
    name->opened = gate;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

unsigned int name_gate_ticket(struct name *name)
{
    unsigned int ticket;

    pthread_mutex_lock(&lock);
    ticket = name->ticket;
    pthread_mutex_unlock(&lock);
    return ticket;
}

void name_at_gate(struct name *name, int delta)
{
    pthread_mutex_lock(&lock);
    name->counters[COUNT_GATED] += delta;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

enum gate name_wait_gate(struct name *name, unsigned int ticket, unsigned int ms)
{
    struct timespec when = deadline_in(ms);
    enum gate gate = GATE_WAIT;
    int ret = 0;

    pthread_mutex_lock(&lock);
    while (name->ticket == ticket && ret != ETIMEDOUT)
        ret = pthread_cond_timedwait(&changed, &lock, &when);
    if (name->ticket != ticket)
        gate = name->opened;
    pthread_mutex_unlock(&lock);
    return gate;
}
