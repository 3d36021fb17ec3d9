/*
 * Runs a command and tells its time and CPU, with that of every process of a Wine prefix; watches idle services.
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

/*   measure run DIR COMMAND...     DIR: a WINEPREFIX, or - for none
 *   measure idle DIR SECONDS       wake-ups of the BITS service's threads, and its CPU
 *   measure service DIR            the service's process
 *
 * Output of run, on the last line: "MEASURE wall=S cpu=S own=S prefix=S rss_kib=N status=N"; own is the command with its children,
 * prefix the other processes of the prefix (wineserver, services), rss_kib the peak of the BITS service in this time.
 * The service is the svchost.exe of the group netsvcs. */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_PROCESSES 256
#define MAX_THREADS 1024

struct process
{
    pid_t pid;
    unsigned long long start;       /* tells a pid from its next user */
    unsigned long long ticks;       /* user and system, dead children included */
};

struct snapshot
{
    struct process list[MAX_PROCESSES];
    unsigned int count;
};

struct threads
{
    struct
    {
        pid_t tid;
        unsigned long sleeps;
    } list[MAX_THREADS];
    unsigned int count;
};

static double now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec + ts.tv_nsec / 1e9;
}

static size_t read_proc(pid_t pid, const char *name, char *buffer, size_t size)
{
    char path[256];
    size_t length;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    buffer[0] = 0;
    if (!(file = fopen(path, "r")))
        return 0;
    length = fread(buffer, 1, size - 1, file);
    fclose(file);
    buffer[length] = 0;
    return length;
}

/* Whether a block of NUL-terminated strings has this one. */
static int has_string(const char *block, size_t length, const char *string)
{
    size_t i;

    for (i = 0; i < length; i += strlen(block + i) + 1)
    {
        if (!strcmp(block + i, string))
            return 1;
    }
    return 0;
}

static int is_in_prefix(pid_t pid, const char *prefix)
{
    char buffer[65536], variable[4200];
    size_t length = read_proc(pid, "environ", buffer, sizeof(buffer));

    snprintf(variable, sizeof(variable), "WINEPREFIX=%s", prefix);
    return has_string(buffer, length, variable);
}

static int is_service(pid_t pid)
{
    char buffer[4096];
    size_t length = read_proc(pid, "cmdline", buffer, sizeof(buffer));

    return strstr(buffer, "svchost.exe") && has_string(buffer, length, "netsvcs");
}

static int get_ticks(pid_t pid, struct process *process)
{
    unsigned long long user, system, child_user, child_system;
    char buffer[4096], *p;

    if (!read_proc(pid, "stat", buffer, sizeof(buffer)) || !(p = strrchr(buffer, ')')))
        return 0;
    if (sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu %*d %*d %*d %*d %llu",
            &user, &system, &child_user, &child_system, &process->start) != 5)
        return 0;
    process->pid = pid;
    process->ticks = user + system + child_user + child_system;
    return 1;
}

static void take_snapshot(const char *prefix, struct snapshot *snapshot)
{
    struct dirent *entry;
    DIR *dir;
    pid_t pid;

    snapshot->count = 0;
    if (!strcmp(prefix, "-") || !(dir = opendir("/proc")))
        return;
    while ((entry = readdir(dir)) && snapshot->count < MAX_PROCESSES)
    {
        /* This program may have the variable as well. */
        if (!isdigit((unsigned char)entry->d_name[0]) || (pid = atoi(entry->d_name)) == getpid())
            continue;
        if (is_in_prefix(pid, prefix) && get_ticks(pid, &snapshot->list[snapshot->count]))
            snapshot->count++;
    }
    closedir(dir);
}

static const struct process *snapshot_find(const struct snapshot *snapshot, const struct process *process)
{
    unsigned int i;

    for (i = 0; i < snapshot->count; i++)
    {
        if (snapshot->list[i].pid == process->pid && snapshot->list[i].start == process->start)
            return &snapshot->list[i];
    }
    return NULL;
}

static double cpu_between(const struct snapshot *before, const struct snapshot *after)
{
    unsigned long long ticks = 0;
    const struct process *old;
    unsigned int i;

    for (i = 0; i < after->count; i++)
    {
        old = snapshot_find(before, &after->list[i]);
        ticks += after->list[i].ticks - (old ? old->ticks : 0);
    }
    for (i = 0; i < before->count; i++)
    {
        if (!snapshot_find(after, &before->list[i]))
            printf("Process %d ended in the meantime; its CPU time is missing below.\n", (int)before->list[i].pid);
    }
    return (double)ticks / sysconf(_SC_CLK_TCK);
}

static pid_t find_service(const struct snapshot *snapshot)
{
    unsigned int i;

    for (i = 0; i < snapshot->count; i++)
    {
        if (is_service(snapshot->list[i].pid))
            return snapshot->list[i].pid;
    }
    return 0;
}

static unsigned long status_value(pid_t pid, const char *file, const char *key)
{
    char buffer[8192], *p;

    read_proc(pid, file, buffer, sizeof(buffer));
    return (p = strstr(buffer, key)) ? strtoul(p + strlen(key), NULL, 10) : 0;
}

static void reset_peak(pid_t pid)
{
    char path[64];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/clear_refs", (int)pid);
    if (!(file = fopen(path, "w")))
        return;
    fputs("5", file);
    fclose(file);
}

/* How often each thread of the process has gone to sleep so far. */
static void take_threads(pid_t pid, struct threads *threads)
{
    struct dirent *entry;
    char path[300];
    DIR *dir;

    threads->count = 0;
    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    if (!(dir = opendir(path)))
        return;
    while ((entry = readdir(dir)) && threads->count < MAX_THREADS)
    {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        snprintf(path, sizeof(path), "task/%s/status", entry->d_name);
        threads->list[threads->count].tid = atoi(entry->d_name);
        threads->list[threads->count++].sleeps = status_value(pid, path, "\nvoluntary_ctxt_switches:");
    }
    closedir(dir);
}

/* What a thread did that ended in between is not known. */
static unsigned long sleeps_between(const struct threads *before, const struct threads *after)
{
    unsigned long sum = 0;
    unsigned int i, j;

    for (i = 0; i < after->count; i++)
    {
        sum += after->list[i].sleeps;
        for (j = 0; j < before->count; j++)
        {
            if (before->list[j].tid == after->list[i].tid)
                sum -= before->list[j].sleeps;
        }
    }
    return sum;
}

static double seconds(const struct timeval *tv)
{
    return tv->tv_sec + tv->tv_usec / 1e6;
}

static int run(const char *prefix, char **command)
{
    struct snapshot before, after;
    struct rusage usage;
    double start, wall, own, others;
    int status;
    pid_t pid;

    take_snapshot(prefix, &before);
    if ((pid = find_service(&before)))
        reset_peak(pid);
    start = now();
    if (!(pid = fork()))
    {
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
    {
        perror("measure");
        return 2;
    }
    wall = now() - start;
    take_snapshot(prefix, &after);
    own = seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
    others = cpu_between(&before, &after);
    pid = find_service(&after);
    status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("MEASURE wall=%.4f cpu=%.3f own=%.3f prefix=%.3f rss_kib=%lu status=%d\n", wall, own + others, own, others,
            pid ? status_value(pid, "status", "VmHWM:") : 0, status);
    return status;
}

static int idle(const char *prefix, unsigned int duration)
{
    static struct threads threads_before, threads_after;
    struct process process_before = { 0 }, process_after;
    struct snapshot snapshot;
    pid_t pid;

    take_snapshot(prefix, &snapshot);
    if (!(pid = find_service(&snapshot)))
    {
        printf("No service runs.\n");
        return 1;
    }
    take_threads(pid, &threads_before);
    get_ticks(pid, &process_before);
    sleep(duration);
    take_threads(pid, &threads_after);
    if (!get_ticks(pid, &process_after) || process_after.start != process_before.start)
    {
        printf("The service ended.\n");
        return 1;
    }
    printf("IDLE seconds=%u threads=%u wakeups_per_minute=%.1f cpu=%.2f\n", duration, threads_after.count,
            sleeps_between(&threads_before, &threads_after) * 60.0 / duration,
            (double)(process_after.ticks - process_before.ticks) / sysconf(_SC_CLK_TCK));
    return 0;
}

int main(int argc, char **argv)
{
    struct snapshot snapshot;
    pid_t pid;

    if (argc >= 4 && !strcmp(argv[1], "run"))
        return run(argv[2], argv + 3);
    if (argc == 4 && !strcmp(argv[1], "idle"))
        return idle(argv[2], atoi(argv[3]));
    if (argc == 3 && !strcmp(argv[1], "service"))
    {
        take_snapshot(argv[2], &snapshot);
        if (!(pid = find_service(&snapshot)))
            return 1;
        printf("%d\n", (int)pid);
        return 0;
    }
    fprintf(stderr, "usage: measure run DIR COMMAND... | idle DIR SECONDS | service DIR; DIR may be -\n");
    return 2;
}
