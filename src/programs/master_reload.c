/* master_reload.c: a new configuration or new modules without losing a request.
 *
 * SIGHUP: a child runs `kade-master --check`; only when the new configuration, modules and
 * templates load there does the master exec itself. What survives exec: the listening sockets, the
 * scoreboard and the list of running workers, written as lines into a memfd whose number is in
 * KADE_MASTER_STATE. The new image loads everything afresh (nothing is ever dlclosed), starts new
 * workers, and drains the old ones when the new are ready. Old and new accept on the same socket
 * all the while, so nobody is turned away.
 * Invariant: until the new generation is ready no old worker has been asked to stop. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "programs/master.h"

#define STATE_ENV "KADE_MASTER_STATE"

void reload_check(struct master *m)
{
    m->reload_wanted = false;
    notify_systemd("RELOADING=1");
    log_info("reload", "generation=%u file=%s", m->generation + 1, m->file == NULL ? "-" : m->file);
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        char *const argv[] = { (char *)(uintptr_t)m->self, (char *)(uintptr_t) "--check",
                               m->file == NULL ? NULL : (char *)(uintptr_t) "--config",
                               (char *)(uintptr_t)m->file, NULL };
        execv(m->self, argv);
        log_error("check did not start", "file=%s errno=%s", m->self, strerror(errno));
        _exit(EXIT_FAILED);
    }
    if (pid < 0)
        log_error("no process", "for=check errno=%s", strerror(errno));
    else
        m->check = pid;
}

static void keep_open(int fd, bool keep)
{
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
        (void)fcntl(fd, F_SETFD, keep ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC);
}

static void keep_all(struct master *m, bool keep)
{
    keep_open(m->board_fd, keep);
    for (size_t i = 0; i < m->nsock; i++)
        keep_open(m->sock[i].fd, keep);
}

/* Lines of space-separated words; addresses hold no space (conf refuses it). */
static int write_state(const struct master *m)
{
    int fd = memfd_create("kade-master-state", 0);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    if (f == NULL)
        return -1;
    fprintf(f, "kade 1\ngeneration %u\nboard %d\n", m->generation, m->board_fd);
    for (size_t i = 0; i < m->nsock; i++)
        fprintf(f, "socket %d %s %s\n", m->sock[i].fd, m->sock[i].pool, m->sock[i].address);
    for (size_t i = 0; i < m->nold; i++)
        fprintf(f, "old %d %s\n", (int)m->old[i].pid, m->old[i].pool);
    int kept = fflush(f) == 0 ? dup(fd) : -1; /* without CLOEXEC */
    fclose(f);
    return kept;
}

static void exec_self(struct master *m)
{
    children_retire(m);
    int fd = write_state(m);
    if (fd >= 0) {
        char number[16];
        (void)snprintf(number, sizeof number, "%d", fd);
        (void)setenv(STATE_ENV, number, 1);
        keep_all(m, true);
        execv(m->self, m->argv);
    }
    log_error("exec failed", "file=%s errno=%s", m->self, strerror(errno));
    /* Still here: go on with what is loaded. The retired workers serve until a new set of the same
     * generation is ready, as after any reload. */
    keep_all(m, false);
    (void)unsetenv(STATE_ENV);
    if (fd >= 0)
        close(fd);
    children_plan(m);
}

void reload_verdict(struct master *m, int how)
{
    if (m->stopping)
        return;
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0) {
        scoreboard_count(m->board, SCORE_RELOADS, 1);
        exec_self(m);
        return;
    }
    scoreboard_count(m->board, SCORE_RELOADS_REFUSED, 1);
    log_error("reload refused", "generation=%u why=%s serving=%u", m->generation + 1,
              "the new configuration or a module does not load: see the lines above",
              m->generation);
    notify_systemd("READY=1\nSTATUS=reload refused: the previous generation serves");
}

static bool word_int(const char *s, int *out)
{
    int64_t v;
    if (s == NULL || str_int(s, 0, INT32_MAX, &v) != RC_OK)
        return false;
    *out = (int)v;
    return true;
}

static void inherit_socket(struct master *m, int fd, const char *pool, const char *address)
{
    if (m->nsock >= SOCKETS_MOST || fcntl(fd, F_GETFD) < 0)
        return;
    struct master_socket *s = &m->sock[m->nsock++];
    s->fd = fd;
    str_copy(s->pool, sizeof s->pool, pool);
    str_copy(s->address, sizeof s->address, address);
    keep_open(fd, false);
}

static void inherit_line(struct master *m, char *line)
{
    char *rest = line;
    const char *word = strsep(&rest, " ");
    int n;
    if (rest == NULL || !word_int(strsep(&rest, " "), &n))
        return;
    if (str_eq(word, "generation")) {
        m->generation = (unsigned)n;
    } else if (str_eq(word, "board")) {
        if (scoreboard_open(n, &m->board_fd, &m->board) != RC_OK) {
            m->board = NULL; /* laid out by another version */
            close(n);
        }
    } else if (str_eq(word, "socket") && rest != NULL) {
        const char *pool = strsep(&rest, " ");
        if (rest != NULL)
            inherit_socket(m, n, pool, rest);
    } else if (str_eq(word, "old") && rest != NULL && m->nold < SLOTS_MOST) {
        struct old *o = &m->old[m->nold++];
        *o = (struct old){ .pid = n };
        str_copy(o->pool, sizeof o->pool, rest);
    }
}

bool reload_inherit(struct master *m)
{
    int fd;
    bool there = word_int(getenv(STATE_ENV), &fd);
    (void)unsetenv(STATE_ENV);
    if (!there || lseek(fd, 0, SEEK_SET) != 0)
        return false;
    FILE *f = fdopen(fd, "r");
    if (f == NULL)
        return false;
    char line[256];
    bool ours = fgets(line, sizeof line, f) != NULL && str_eq(line, "kade 1\n");
    while (ours && fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        inherit_line(m, line);
    }
    fclose(f);
    if (m->board != NULL)
        keep_open(m->board_fd, false);
    return ours;
}

static bool wanted(const struct conf *c, const struct master_socket *s)
{
    for (size_t i = 0; i < c->npools; i++)
        if (str_eq(c->pools[i].name, s->pool) && str_eq(c->pools[i].listen, s->address))
            return true;
    return false;
}

static bool have(const struct master *m, const struct conf_pool *pool)
{
    for (size_t i = 0; i < m->nsock; i++)
        if (str_eq(m->sock[i].pool, pool->name) && str_eq(m->sock[i].address, pool->listen))
            return true;
    return false;
}

enum rc reload_sockets(struct master *m)
{
    const struct conf *c = m->prog.conf;
    for (size_t i = 0; i < m->nsock; i++) {
        if (wanted(c, &m->sock[i]))
            continue;
        close(m->sock[i].fd);
        listen_forget(m->sock[i].address);
        m->sock[i--] = m->sock[--m->nsock];
    }
    for (size_t i = 0; i < c->npools; i++) {
        if (have(m, &c->pools[i]))
            continue;
        struct master_socket *s = &m->sock[m->nsock];
        if (m->nsock >= SOCKETS_MOST || !str_copy(s->pool, sizeof s->pool, c->pools[i].name) ||
            !str_copy(s->address, sizeof s->address, c->pools[i].listen)) {
            log_error("pool refused", "pool=%s why=%s", c->pools[i].name,
                      "name longer than 15 bytes, address longer than 127, or more than 32 pools");
            return RC_INVALID;
        }
        enum rc rc = listen_open(s->address, c->user, &s->fd);
        if (rc != RC_OK)
            return rc;
        m->nsock++;
    }
    return RC_OK;
}
