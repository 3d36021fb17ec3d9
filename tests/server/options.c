/*
 * The words of a test server URL, split and chosen for one request.
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
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "httpd.h"

enum kind { KIND_FLAG, KIND_NUMBER, KIND_STRING, KIND_EXTRA, KIND_SELECTOR, KIND_THEN };

struct word
{
    const char *name;
    enum kind kind;
    size_t offset;
};

#define FIELD(x) offsetof(struct options, x)
static const struct word words[] =
{
    { "after",         KIND_SELECTOR, 0 },
    { "auth",          KIND_STRING, FIELD(auth) },
    { "badchunk",      KIND_FLAG,   FIELD(bad_chunk) },
    { "barelf",        KIND_FLAG,   FIELD(bare_lf) },
    { "bigline",       KIND_NUMBER, FIELD(big_line) },
    { "bigtotal",      KIND_NUMBER, FIELD(big_total) },
    { "body",          KIND_NUMBER, FIELD(body) },
    { "challenge",     KIND_STRING, FIELD(challenge) },
    { "chunked",       KIND_NUMBER, FIELD(chunked) },
    { "close",         KIND_FLAG,   FIELD(close_now) },
    { "code",          KIND_NUMBER, FIELD(code) },
    { "connclose",     KIND_FLAG,   FIELD(conn_close) },
    { "crange",        KIND_STRING, FIELD(crange) },
    { "crangeshift",   KIND_STRING, FIELD(crange_shift) },
    { "crangetotal",   KIND_STRING, FIELD(crange_total) },
    { "delay",         KIND_NUMBER, FIELD(delay) },
    { "drop",          KIND_NUMBER, FIELD(drop) },
    { "encoding",      KIND_STRING, FIELD(encoding) },
    { "etag",          KIND_STRING, FIELD(etag) },
    { "first",         KIND_SELECTOR, 0 },
    { "flip",          KIND_NUMBER, FIELD(flip) },
    { "flipseed",      KIND_NUMBER, FIELD(flip_seed) },
    { "force206",      KIND_FLAG,   FIELD(force_206) },
    { "garbage",       KIND_NUMBER, FIELD(garbage) },
    { "gate",          KIND_NUMBER, FIELD(gate) },
    { "header",        KIND_EXTRA,  0 },
    { "http09",        KIND_FLAG,   FIELD(http09) },
    { "http10",        KIND_FLAG,   FIELD(http10) },
    { "interim",       KIND_STRING, FIELD(interim) },
    { "interims",      KIND_NUMBER, FIELD(interim_count) },
    { "length",        KIND_STRING, FIELD(length) },
    { "length2",       KIND_STRING, FIELD(length2) },
    { "lm",            KIND_STRING, FIELD(lm) },
    { "location",      KIND_STRING, FIELD(location) },
    { "method",        KIND_SELECTOR, 0 },
    { "never",         KIND_FLAG,   FIELD(never) },
    { "noaccept",      KIND_FLAG,   FIELD(no_accept) },
    { "noetag",        KIND_FLAG,   FIELD(no_etag) },
    { "nohead",        KIND_NUMBER, FIELD(no_head) },
    { "nolength",      KIND_FLAG,   FIELD(no_length) },
    { "nolm",          KIND_FLAG,   FIELD(no_lm) },
    { "norange",       KIND_FLAG,   FIELD(no_range) },
    { "proxyauth",     KIND_STRING, FIELD(proxy_auth) },
    { "range",         KIND_SELECTOR, 0 },
    { "redirect",      KIND_STRING, FIELD(redirect) },
    { "redirecthost",  KIND_STRING, FIELD(redirect_host) },
    { "redirectport",  KIND_NUMBER, FIELD(redirect_port) },
    { "relative",      KIND_FLAG,   FIELD(relative) },
    { "retryafter",    KIND_STRING, FIELD(retry_after) },
    { "rst",           KIND_FLAG,   FIELD(rst) },
    { "seed",          KIND_NUMBER, FIELD(seed) },
    { "silentclose",   KIND_FLAG,   FIELD(silent_close) },
    { "size",          KIND_NUMBER, FIELD(size) },
    { "slow",          KIND_NUMBER, FIELD(slow) },
    { "slowhead",      KIND_NUMBER, FIELD(slow_head) },
    { "stall",         KIND_NUMBER, FIELD(stall) },
    { "status",        KIND_NUMBER, FIELD(status) },
    { "statusline",    KIND_STRING, FIELD(status_line) },
    { "t",             KIND_STRING, FIELD(name) },
    { "then",          KIND_THEN, 0 },
    { "type",          KIND_STRING, FIELD(type) },
    { "weak",          KIND_FLAG,   FIELD(weak) },
};
#undef FIELD

struct token
{
    const struct word *word;
    char *value;                    /* NULL when there was no '='; decoded but for headers */
};

struct tokens
{
    struct token list[MAX_TOKENS];
    unsigned int count;
};

size_t percent_decode(char *string)
{
    char *in = string, *out = string;
    unsigned int c;

    while (*in)
    {
        if (*in == '%' && sscanf(in + 1, "%2x", &c) == 1 && in[1] && in[2])
        {
            *out++ = (char)c;
            in += 3;
        }
        else
            *out++ = *in++;
    }
    *out = 0;
    return out - string;
}

static const struct word *word_find(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
    {
        if (!strcmp(words[i].name, name))
            return &words[i];
    }
    return NULL;
}

/* A decimal number with K, M, G or T, powers of 1024, behind it. */
static int parse_number(const char *string, uint64_t *ret_value)
{
    static const char units[] = "KMGT";
    const char *unit;
    char *end;

    if (*string < '0' || *string > '9')
        return 0;
    errno = 0;
    *ret_value = strtoull(string, &end, 10);
    if (errno)
        return 0;
    if (*end && (unit = strchr(units, *end)))
    {
        *ret_value <<= 10 * (unit - units + 1);
        end++;
    }
    return !*end;
}

static const char *token_add(struct tokens *tokens, char *text)
{
    struct token *token;
    char *value;

    if (!*text)
        return NULL;
    if ((value = strchr(text, '=')))
        *value++ = 0;
    if (tokens->count == MAX_TOKENS)
        return "too many options";
    token = &tokens->list[tokens->count];
    if (!(token->word = word_find(text)))
        return "unknown option";
    token->value = value;
    tokens->count++;
    return NULL;
}

static const char *split_query(struct tokens *tokens, char *query)
{
    const char *error;
    char *part, *save;

    for (part = strtok_r(query, "&", &save); part; part = strtok_r(NULL, "&", &save))
    {
        if ((error = token_add(tokens, part)))
            return error;
    }
    return NULL;
}

/* [/OPTION...]/f/SIZE[/SEED][/anything] */
static const char *split_path(struct tokens *tokens, char *path, struct options *options)
{
    const char *error;
    char *part, *save;

    for (part = strtok_r(path, "/", &save); part && strcmp(part, "f"); part = strtok_r(NULL, "/", &save))
    {
        if ((error = token_add(tokens, part)))
            return error;
    }
    if (!part)
        return "no /f/SIZE in the path";
    if (!(part = strtok_r(NULL, "/", &save)) || !parse_number(part, &options->size))
        return "bad size";
    if ((part = strtok_r(NULL, "/", &save)) && *part >= '0' && *part <= '9')
        parse_number(part, &options->seed);
    return NULL;
}

/* Whether the request is one that the group beginning at the token is for. */
static const char *group_matches(const struct request *request, const struct tokens *tokens, unsigned int i,
        const unsigned int counts[METHOD_COUNT], int *ret_match)
{
    unsigned int number = counts[METHOD_GET] + counts[METHOD_HEAD] + counts[METHOD_OTHER], first;
    int ranged = request_header(request, "Range") != NULL, match = 1;
    uint64_t value;

    for (first = i; i < tokens->count && tokens->list[i].word->kind != KIND_THEN; i++)
    {
        const struct token *token = &tokens->list[i];

        if (strcmp(token->word->name, "method"))
            continue;
        if (!token->value || (strcmp(token->value, "GET") && strcmp(token->value, "HEAD")))
            return "method wants GET or HEAD";
        if (strcmp(token->value, request->method))
            match = 0;
        number = counts[strcmp(token->value, "GET") ? METHOD_HEAD : METHOD_GET];
    }
    for (i = first; i < tokens->count && tokens->list[i].word->kind != KIND_THEN; i++)
    {
        const struct token *token = &tokens->list[i];

        if (token->word->kind != KIND_SELECTOR || !strcmp(token->word->name, "method"))
            continue;
        if (!token->value || !parse_number(token->value, &value))
            return "a selector wants a number";
        if (!strcmp(token->word->name, "first"))
            match = match && number <= value;
        else if (!strcmp(token->word->name, "after"))
            match = match && number > value;
        else
            match = match && ranged == !!value;
    }
    *ret_match = match;
    return NULL;
}

static const char *token_apply(const struct token *token, struct options *options)
{
    char *field = (char *)options + token->word->offset;

    switch (token->word->kind)
    {
    case KIND_FLAG:
        if (token->value)
            return "a flag takes no value";
        *(unsigned int *)field = 1;
        break;
    case KIND_NUMBER:
        if (!token->value || !parse_number(token->value, (uint64_t *)field))
            return "a number is missing or bad";
        break;
    case KIND_STRING:
        if (!token->value)
            return "a value is missing";
        percent_decode(token->value);
        *(const char **)field = token->value;
        break;
    case KIND_EXTRA:
        if (!token->value || options->extra_count == MAX_EXTRA)
            return "no header, or too many";
        options->extra_length[options->extra_count] = percent_decode(token->value);
        options->extra[options->extra_count++] = token->value;
        break;
    case KIND_SELECTOR:
    case KIND_THEN:
        break;
    }
    return NULL;
}

static void options_defaults(struct options *options)
{
    memset(options, 0, sizeof(*options));
    options->name = "-";
    options->seed = 1;
    options->flip_seed = 999;
    options->code = 302;
    options->interim_count = 1;
    options->body = options->drop = options->stall = options->gate = options->flip = NOT_SET;
}

const char *options_parse(const struct request *request, char *scratch, size_t size, struct options *options)
{
    unsigned int counts[METHOD_COUNT] = { 0 }, i;
    const char *path = request->target, *error, *p;
    struct tokens tokens = { { { NULL } } };
    struct name *name;
    char *query;
    int match = 0;

    options_defaults(options);
    /* The form that a proxy gets. */
    if (*path != '/' && (p = strstr(path, "://")) && !(path = strchr(p + 3, '/')))
        return "no path";
    if (strlen(path) >= size / 2)
        return "target too long";
    strcpy(scratch, path);
    if ((query = strchr(scratch, '?')))
        *query++ = 0;
    if ((error = split_path(&tokens, scratch, options)))
        return error;
    if (query && (error = split_query(&tokens, query)))
        return error;
    for (i = 0; i < tokens.count; i++)
    {
        if (!strcmp(tokens.list[i].word->name, "t") && tokens.list[i].value)
            options->name = tokens.list[i].value;
    }

    name = name_get(options->name);
    strcpy(scratch + size / 2, "then&");
    name_get_options(name, scratch + size / 2 + 5, size - size / 2 - 5);
    if ((error = split_query(&tokens, scratch + size / 2)))
        return error;
    for (i = 0; i < tokens.count; i++)
    {
        if (tokens.list[i].word->kind == KIND_SELECTOR)
            break;
    }
    if (i < tokens.count)
        name_count_target(name, request->target, !strcmp(request->method, "GET") ? METHOD_GET :
                !strcmp(request->method, "HEAD") ? METHOD_HEAD : METHOD_OTHER, counts);

    for (i = 0; i < tokens.count; i++)
    {
        if (!i || tokens.list[i].word->kind == KIND_THEN)
        {
            if ((error = group_matches(request, &tokens,
                    i + (tokens.list[i].word->kind == KIND_THEN), counts, &match)))
                return error;
        }
        if (match && (error = token_apply(&tokens.list[i], options)))
            return error;
    }
    return NULL;
}
