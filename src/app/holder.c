/* holder.c: who holds a queue row, and what happens when it does not come back. A holder is host,
 * pid and the kernel's start time of that pid, so a number used again (after a restart of a
 * container, say) is not mistaken for the process that died. Processes of other hosts are never
 * judged: their rows come free when the lease has run out. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/event_internal.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/crypto.h"

static struct {
    char holder[128];
    pid_t pid;
    char last_words[256];
    size_t nlast;
} self;

/* Field 22 of /proc/PID/stat; it follows the command name, which may hold spaces and brackets. */
static bool start_of(long pid, char *out, size_t size)
{
    char path[64], text[1024];
    (void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return false;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    const char *p = strrchr(text, ')');
    for (int field = 2; p != NULL && field < 22; field++)
        p = strchr(p + 1, ' ');
    if (p == NULL)
        return false;
    size_t digits = strspn(p + 1, "0123456789");
    if (digits == 0 || digits >= size)
        return false;
    memcpy(out, p + 1, digits);
    out[digits] = '\0';
    return true;
}

static const char *host_name(void)
{
    static char name[64];
    if (name[0] == '\0' && gethostname(name, sizeof name - 1) != 0)
        (void)str_copy(name, sizeof name, "localhost");
    return name;
}

const char *holder_self(void)
{
    if (self.pid != getpid()) { /* also after a fork */
        char start[32] = "0";
        self.pid = getpid();
        (void)start_of(self.pid, start, sizeof start);
        (void)snprintf(self.holder, sizeof self.holder, "%s:%ld:%s", host_name(), (long)self.pid,
                       start);
    }
    return self.holder;
}

bool holder_is_dead(const char *text)
{
    const char *start = strrchr(text, ':');
    if (start == NULL || start == text)
        return false;
    const char *pid = start - 1;
    while (pid > text && *pid != ':')
        pid--;
    size_t host = strlen(host_name());
    if (*pid != ':' || (size_t)(pid - text) != host || strncmp(text, host_name(), host) != 0)
        return false;
    char now[32];
    long n = strtol(pid + 1, NULL, 10);
    return n > 0 && (!start_of(n, now, sizeof now) || !str_eq(now, start + 1));
}

enum rc holder_find_dead(struct db *db, struct arena *a, const char *const **out, size_t *n)
{
    struct app_job_holder_list list;
    enum rc rc = app_q_job_holders(db, &list);
    if (rc != RC_OK)
        return rc;
    const char **dead = arena_array(a, const char *, list.n);
    size_t count = 0;
    for (size_t i = 0; i < list.n; i++)
        if (holder_is_dead(list.row[i].holder))
            dead[count++] = list.row[i].holder;
    *out = dead;
    *n = count;
    return RC_OK;
}

int64_t retry_at(int64_t now, int32_t attempt)
{
    int64_t wait = SECONDS(5);
    for (int32_t i = 1; i < attempt && wait < SECONDS(21600); i++)
        wait *= 2;
    if (wait > SECONDS(21600))
        wait = SECONDS(21600);
    uint32_t r;
    crypto_random(&r, sizeof r);
    return now + wait - wait / 4 + (int64_t)(r % (uint64_t)(wait / 2));
}

static void on_alarm(int sig)
{
    (void)sig;
    ssize_t ignored = write(STDERR_FILENO, self.last_words, self.nlast);
    (void)ignored;
    _exit(75); /* EX_TEMPFAIL; the master starts a new process, which takes the row over */
}

void work_alarm(unsigned seconds, const char *what)
{
    if (seconds == 0) {
        (void)alarm(0);
        return;
    }
    int n = snprintf(self.last_words, sizeof self.last_words,
                     "lvl=error msg=\"work past its time\" what=%s s=%u pid=%ld\n", what, seconds,
                     (long)getpid());
    self.nlast = n < 0                                ? 0
                 : (size_t)n < sizeof self.last_words ? (size_t)n
                                                      : sizeof self.last_words - 1;
    struct sigaction sa = { .sa_handler = on_alarm };
    sigemptyset(&sa.sa_mask);
    sigaction(SIGALRM, &sa, NULL);
    (void)alarm(seconds);
}
