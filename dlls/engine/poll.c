/*
 * Where the loop waits: the sockets that curl wants watched, its timer, and the wake-up.
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

/* curl_multi_poll() would do, but selects and unselects events for each socket around each wait, at ten
 * round trips to Wine's server a socket; one WSAPoll() is two for all of them. */

#include "config.h"

#include <winsock2.h>
#include <ws2tcpip.h>

#include <limits.h>
#include <stdlib.h>

#include "private.h"
#include "wine/debug.h"

WINE_DEFAULT_DEBUG_CHANNEL(dlengine);

struct poll
{
    UINT64 curl_due;                /* in ticks of the system; when curl wants to be called, or NEVER */
    unsigned int count, size, ready_count;
    WSAPOLLFD *fds;                 /* the first one is the wake-up */
    WSAPOLLFD *ready;               /* of the wait that has just ended; as large */
};

#define NEVER (~(UINT64)0)

static WSAPOLLFD *find(struct poll *poll, curl_socket_t socket)
{
    unsigned int i;

    for (i = 1; i < poll->count; i++)
    {
        if (poll->fds[i].fd == socket)
            return &poll->fds[i];
    }
    return NULL;
}

static int socket_callback(CURL *easy, curl_socket_t socket, int what, void *arg, void *socket_arg)
{
    struct poll *poll = arg;
    WSAPOLLFD *fd = find(poll, socket);

    if (what == CURL_POLL_REMOVE)
    {
        if (fd)
            *fd = poll->fds[--poll->count];
        return 0;
    }
    if (!fd)
    {
        if (poll->count == poll->size)
        {
            unsigned int size = 2 * poll->size;
            WSAPOLLFD *fds, *ready;

            if ((ready = realloc(poll->ready, size * sizeof(*ready))))
                poll->ready = ready;
            if ((fds = realloc(poll->fds, size * sizeof(*fds))))
                poll->fds = fds;
            if (!ready || !fds)
                return -1;
            poll->size = size;
        }
        fd = &poll->fds[poll->count++];
        fd->fd = socket;
    }
    fd->events = (what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0);
    return 0;
}

static int timer_callback(CURLM *multi, long timeout, void *arg)
{
    struct poll *poll = arg;

    poll->curl_due = timeout < 0 ? NEVER : GetTickCount64() + timeout;
    return 0;
}

/* A datagram socket that talks to itself and hears nobody else. */
static SOCKET make_wake_socket(void)
{
    struct sockaddr_in address = {0};
    int length = sizeof(address);
    u_long nonblocking = 1;
    SOCKET ret;

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((ret = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)) == INVALID_SOCKET)
        return ret;
    if (!bind(ret, (struct sockaddr *)&address, sizeof(address))
        && !getsockname(ret, (struct sockaddr *)&address, &length)
        && !connect(ret, (struct sockaddr *)&address, sizeof(address))
        && !ioctlsocket(ret, FIONBIO, &nonblocking))
        return ret;
    closesocket(ret);
    return INVALID_SOCKET;
}

HRESULT poll_init(struct engine *engine)
{
    struct poll *poll;

    if (!(poll = calloc(1, sizeof(*poll))))
        return E_OUTOFMEMORY;
    engine->poll = poll;
    engine->wake_socket = INVALID_SOCKET;
    poll->curl_due = NEVER;
    poll->size = 8;
    if (!(poll->fds = malloc(poll->size * sizeof(*poll->fds)))
        || !(poll->ready = malloc(poll->size * sizeof(*poll->ready))))
        return E_OUTOFMEMORY;
    if ((engine->wake_socket = make_wake_socket()) == INVALID_SOCKET)
    {
        ERR("No socket for wake-ups, error %d.\n", WSAGetLastError());
        return HRESULT_FROM_WIN32(WSAGetLastError());
    }
    poll->fds[0].fd = engine->wake_socket;
    poll->fds[0].events = POLLIN;
    poll->count = 1;
    curl_multi_setopt(engine->multi, CURLMOPT_SOCKETFUNCTION, socket_callback);
    curl_multi_setopt(engine->multi, CURLMOPT_SOCKETDATA, poll);
    curl_multi_setopt(engine->multi, CURLMOPT_TIMERFUNCTION, timer_callback);
    curl_multi_setopt(engine->multi, CURLMOPT_TIMERDATA, poll);
    return S_OK;
}

void poll_cleanup(struct engine *engine)
{
    struct poll *poll = engine->poll;

    if (!poll)
        return;
    if (engine->wake_socket != INVALID_SOCKET)
        closesocket(engine->wake_socket);
    free(poll->fds);
    free(poll->ready);
    free(poll);
    engine->poll = NULL;
}

void poll_wake(struct engine *engine)
{
    if (send(engine->wake_socket, "", 1, 0) != 1 && WSAGetLastError() != WSAEWOULDBLOCK)
        ERR("Cannot wake the loop, error %d.\n", WSAGetLastError());
}

void poll_wait(struct engine *engine, UINT64 timeout)
{
    struct poll *poll = engine->poll;
    unsigned int i;
    UINT64 now;
    int ret;

    if (poll->curl_due != NEVER)
    {
        now = GetTickCount64();
        timeout = min(timeout, poll->curl_due > now ? poll->curl_due - now : 0);
    }
    ret = WSAPoll(poll->fds, poll->count, timeout == NEVER ? -1 : (int)min(timeout, INT_MAX));
    if (ret == SOCKET_ERROR)
    {
        ERR("WSAPoll failed, error %d.\n", WSAGetLastError());
        Sleep(100); /* whatever it is, do not spin on it */
        ret = 0;
    }
    if (ret && poll->fds[0].revents)
    {
        char buffer[16];

        while (recv(engine->wake_socket, buffer, sizeof(buffer), 0) == 1)
            ;
    }
    poll->ready_count = 0;
    for (i = 1; ret && i < poll->count; i++)
    {
        if (poll->fds[i].revents)
            poll->ready[poll->ready_count++] = poll->fds[i];
    }
}

void poll_dispatch(struct engine *engine)
{
    struct poll *poll = engine->poll;
    unsigned int i;
    int running;

    for (i = 0; i < poll->ready_count; i++)
    {
        short revents = poll->ready[i].revents;
        int bits = 0;

        if (revents & (POLLIN | POLLHUP))
            bits |= CURL_CSELECT_IN;
        if (revents & POLLOUT)
            bits |= CURL_CSELECT_OUT;
        if (revents & (POLLERR | POLLNVAL))
            bits |= CURL_CSELECT_ERR;
        curl_multi_socket_action(engine->multi, poll->ready[i].fd, bits, &running);
    }
    poll->ready_count = 0;
    if (poll->curl_due != NEVER && poll->curl_due <= GetTickCount64())
    {
        poll->curl_due = NEVER;
        curl_multi_socket_action(engine->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}
