/*
 * A native HTTP server on loopback that misbehaves as its URL says; see README.
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

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "content.h"
#include "httpd.h"

#define MAX_PORTS 8
#define MAX_HEAD 262144
#define WAIT_MS 60000

static struct
{
    int fd;
    unsigned int port;
} listeners[MAX_PORTS];
static unsigned int listener_count;
static volatile sig_atomic_t stopped;
static const char *root_target;         /* what "/" stands for */

static void stop(int signal)
{
    stopped = 1;
}

static void fail(const char *what)
{
    fprintf(stderr, "httpd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void add_listener(const char *address, const char *port)
{
    struct sockaddr_in addr = { 0 };
    socklen_t length = sizeof(addr);
    int one = 1, fd;

    if (listener_count == MAX_PORTS)
    {
        fprintf(stderr, "httpd: too many ports\n");
        exit(2);
    }
    addr.sin_family = AF_INET;
    addr.sin_port = htons(atoi(port));
    if (inet_pton(AF_INET, address, &addr.sin_addr) != 1 || (ntohl(addr.sin_addr.s_addr) >> 24) != 127)
    {
        fprintf(stderr, "httpd: %s is not a loopback address\n", address);
        exit(2);
    }
    if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        fail("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1024) ||
            getsockname(fd, (struct sockaddr *)&addr, &length))
        fail("listen");
    listeners[listener_count].fd = fd;
    listeners[listener_count++].port = ntohs(addr.sin_port);
}

/* Splits a head, which ends with an empty line, in place.  Returns 0 when it is not HTTP. */
static int parse_request(char *head, struct request *request)
{
    char *line, *save, *p;

    if (!(line = strtok_r(head, "\r\n", &save)))
        return 0;
    request->method = line;
    if (!(p = strchr(line, ' ')))
        return 0;
    *p++ = 0;
    request->target = p;
    if (!(p = strchr(p, ' ')))
        return 0;
    *p++ = 0;
    request->http10 = !strcmp(p, "HTTP/1.0");
    if (strncmp(p, "HTTP/1.", 7))
        return 0;
    while ((line = strtok_r(NULL, "\r\n", &save)) && request->header_count < MAX_HEADERS)
    {
        struct header *header = &request->headers[request->header_count];

        if (!(p = strchr(line, ':')))
            return 0;
        *p++ = 0;
        header->name = line;
        header->value = p + strspn(p, " \t");
        request->header_count++;
    }
    return 1;
}

/* The control URLs, by which tests look and steer. */
static int control(struct conn *conn, const struct request *request)
{
    char *path = strdup(request->target), *query, *verb, *name_text, *key, *value, *save, *text = NULL;
    struct name *name;
    int ret, keep;

    if ((query = strchr(path, '?')))
        *query++ = 0;
    verb = strtok_r(path, "/", &save);
    name_text = strtok_r(NULL, "/", &save);
    key = strtok_r(NULL, "/", &save);
    value = strtok_r(NULL, "/", &save);
    if (!verb || !name_text)
    {
        keep = send_text(conn, request, 404, "see tests/server/README\n");
        free(path);
        return keep;
    }
    percent_decode(name_text);
    name = name_get(name_text);
    if (!strcmp(verb, "log"))
        text = name_log(name);
    else if (!strcmp(verb, "heads"))
        text = name_heads(name);
    else if (!strcmp(verb, "count"))
        text = name_count(name, key);
    else if (!strcmp(verb, "wait") && key && value)
    {
        if ((ret = name_wait(name, key, strtoull(value, NULL, 10), WAIT_MS)) >= 0)
            text = strdup(ret ? "ok\n" : "timeout\n");
    }
    else if (!strcmp(verb, "set"))
        name_set_options(name, query ? query : "");
    else if (!strcmp(verb, "reset"))
        name_reset(name);
    else if (!strcmp(verb, "release"))
        name_open_gate(name, GATE_RELEASED);
    else if (!strcmp(verb, "drop"))
        name_open_gate(name, GATE_DROPPED);
    else
        text = strdup("");
    if (!text && strcmp(verb, "count") && strcmp(verb, "wait"))
        text = strdup("ok\n");
    keep = send_text(conn, request, !text || !*text ? strcmp(verb, "log") && strcmp(verb, "heads") ? 404 : 200 :
            !strcmp(text, "timeout\n") ? 504 : 200, text ? text : "unknown counter\n");
    free(text);
    free(path);
    return keep;
}

static int is_control(const char *target)
{
    static const char *const verbs[] =
    {
        "/count/", "/drop/", "/heads/", "/log/", "/release/", "/reset/", "/set/", "/wait/",
    };
    size_t i;

    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
    {
        if (!strncmp(target, verbs[i], strlen(verbs[i])))
            return 1;
    }
    return 0;
}

/* Reads until the buffer holds a whole head.  Returns its length, or 0 at the end of the connection. */
static size_t read_head(int fd, char *buffer, size_t *used)
{
    ssize_t received;
    char *end;

    for (;;)
    {
        buffer[*used] = 0;
        if ((end = strstr(buffer, "\r\n\r\n")))
            return end + 4 - buffer;
        if (*used == MAX_HEAD - 1)
            return 0;
        if ((received = recv(fd, buffer + *used, MAX_HEAD - 1 - *used, 0)) <= 0)
        {
            if (received < 0 && errno == EINTR)
                continue;
            return 0;
        }
        *used += received;
    }
}

/* Drops the body of a request.  What was read with the head stays in the buffer, behind the head. */
static int skip_body(int fd, const struct request *request, char *buffer, size_t *used)
{
    const char *value = request_header(request, "Content-Length");
    uint64_t left = value ? strtoull(value, NULL, 10) : 0;
    ssize_t received;

    if (left < *used)
    {
        *used -= left;
        memmove(buffer, buffer + left, *used);
        return 1;
    }
    left -= *used;
    for (*used = 0; left; left -= received)
    {
        if ((received = recv(fd, buffer, left < MAX_HEAD ? left : MAX_HEAD, 0)) <= 0)
            return 0;
    }
    return 1;
}

static void *serve(void *arg)
{
    struct conn *conn = arg;
    char *buffer = malloc(MAX_HEAD);
    struct request *request = malloc(sizeof(*request));
    size_t used = 0, length;
    int keep = 1;

    while (buffer && request && keep && (length = read_head(conn->fd, buffer, &used)))
    {
        char *raw = strndup(buffer, length), *head = strndup(buffer, length);
        const char *value;

        memset(request, 0, sizeof(*request));
        request->raw = raw;
        request->port = conn->port;
        used -= length;
        memmove(buffer, buffer + length, used);
        if (!parse_request(head, request))
        {
            send_text(conn, request, 400, "bad request\n");
            keep = 0;
        }
        else if (!skip_body(conn->fd, request, buffer, &used))
            keep = 0;
        else if (root_target && !strcmp(request->target, "/"))
        {
            request->target = root_target;
            keep = respond(conn, request);
        }
        else if (is_control(request->target))
            keep = control(conn, request);
        else
            keep = respond(conn, request);
        if (keep && ((value = request_header(request, "Connection")) ? !strcasecmp(value, "close") : request->http10))
            keep = 0;
        free(raw);
        free(head);
    }
    close(conn->fd);
    free(request);
    free(buffer);
    free(conn);
    return NULL;
}

static void accept_connection(unsigned int index)
{
    static unsigned int number;
    struct conn *conn;
    pthread_attr_t attr;
    pthread_t thread;
    int fd, one = 1;

    if ((fd = accept(listeners[index].fd, NULL, NULL)) < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (!(conn = calloc(1, sizeof(*conn))))
    {
        close(fd);
        return;
    }
    conn->fd = fd;
    conn->number = ++number;
    conn->port = listeners[index].port;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 256 * 1024);
    if (pthread_create(&thread, &attr, serve, conn))
    {
        close(fd);
        free(conn);
    }
    pthread_attr_destroy(&attr);
}

/* Writes content to stdout, for checksums. */
static int dump(uint64_t size, uint64_t seed, uint64_t offset)
{
    static char buffer[1 << 20];
    size_t part;

    for (; size; size -= part, offset += part)
    {
        part = size < sizeof(buffer) ? size : sizeof(buffer);
        content_fill(buffer, part, seed, offset);
        if (fwrite(buffer, 1, part, stdout) != part)
            fail("write");
    }
    if (fflush(stdout))
        fail("write");
    return 0;
}

static void write_file(const char *path, int pid)
{
    unsigned int i;
    char *temp;
    FILE *file;

    /* Readers wait for the file to appear, so it must appear whole. */
    if (!(temp = malloc(strlen(path) + 5)))
        fail("memory");
    sprintf(temp, "%s.new", path);
    if (!(file = fopen(temp, "w")))
        fail(temp);
    if (pid)
        fprintf(file, "%d\n", (int)getpid());
    for (i = 0; !pid && i < listener_count; i++)
        fprintf(file, "%u\n", listeners[i].port);
    if (fclose(file) || rename(temp, path))
        fail(path);
    free(temp);
}

static int usage(void)
{
    fprintf(stderr,
            "usage: httpd [--bind 127.x.x.x] [--port N]... [--pidfile FILE] [--portfile FILE] [--root TARGET] [--stay]\n"
            "       httpd --dump SIZE [SEED [OFFSET]]\n"
            "Prints \"PORT n\" for each --port (default: one, any free one) and serves until stdin ends or\n"
            "SIGTERM comes; --stay: until SIGTERM.\n");
    return 2;
}

int main(int argc, char **argv)
{
    const char *address = "127.0.0.1", *pid_file = NULL, *port_file = NULL;
    struct pollfd fds[MAX_PORTS + 1] = { { 0 } };
    struct sigaction action = { { 0 } };
    sigset_t signals, old_signals;
    int watch_stdin = 1;
    unsigned int i;
    char junk[256];

    if (argc > 2 && !strcmp(argv[1], "--dump"))
        return dump(strtoull(argv[2], NULL, 10), argc > 3 ? strtoull(argv[3], NULL, 10) : 1,
                argc > 4 ? strtoull(argv[4], NULL, 10) : 0);
    for (i = 1; i < (unsigned int)argc; i++)
    {
        if (!strcmp(argv[i], "--stay"))
            watch_stdin = 0;
        else if (i + 1 == (unsigned int)argc)
            return usage();
        else if (!strcmp(argv[i], "--bind"))
            address = argv[++i];
        else if (!strcmp(argv[i], "--port"))
            add_listener(address, argv[++i]);
        else if (!strcmp(argv[i], "--pidfile"))
            pid_file = argv[++i];
        else if (!strcmp(argv[i], "--portfile"))
            port_file = argv[++i];
        else if (!strcmp(argv[i], "--root"))
            root_target = argv[++i];
        else
            return usage();
    }
    if (!listener_count)
        add_listener(address, "0");

    signal(SIGPIPE, SIG_IGN);
    action.sa_handler = stop;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    /* Blocked outside of ppoll(), and in every thread made below. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, &old_signals);

    if (pid_file)
        write_file(pid_file, 1);
    if (port_file)
        write_file(port_file, 0);
    for (i = 0; i < listener_count; i++)
    {
        printf("PORT %u\n", listeners[i].port);
        fds[i].fd = listeners[i].fd;
        fds[i].events = POLLIN;
    }
    fflush(stdout);
    fds[i].fd = watch_stdin ? 0 : -1;
    fds[i].events = POLLIN;

    while (!stopped)
    {
        if (ppoll(fds, listener_count + 1, NULL, &old_signals) < 0)
            continue;
        for (i = 0; i < listener_count; i++)
        {
            if (fds[i].revents)
                accept_connection(i);
        }
        if (fds[i].revents && read(0, junk, sizeof(junk)) <= 0)
            break;
    }
    if (pid_file)
        unlink(pid_file);
    if (port_file)
        unlink(port_file);
    /* Connections are threads that may wait for ever; they need no farewell. */
    _exit(0);
}
