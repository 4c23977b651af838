/* master_children.c: the processes of the master: start, bury, start again, drain, and end what is
 * stuck. The master does nothing else that could fail: no database, no cache, no request.
 *
 * Back-off is for crashes only: 0.1 s doubling to 5 s while a slot's processes die young; one that
 * ended in good order (its number of requests served) or after a long life is replaced at once.
 * Invariant: every child is in exactly one slot or one entry of the old list. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "programs/master.h"

static const int64_t backoff_first = 100000, backoff_most = SECONDS(5), long_life = SECONDS(10);
static const int64_t term_every = 100000;

static const char *pool_of(const struct master *m, const struct slot *s)
{
    return s->pool < 0 ? "jobs" : m->prog.conf->pools[s->pool].name;
}

static void plan(struct master *m, int pool, int n)
{
    for (int i = 0; i < n; i++) {
        if (m->nslot >= SLOTS_MOST)
            return;
        m->slot[m->nslot++] = (struct slot){ .pool = pool };
    }
}

void children_plan(struct master *m)
{
    m->nslot = 0;
    for (size_t i = 0; i < m->prog.conf->npools; i++)
        plan(m, (int)i, m->prog.conf->pools[i].workers);
    plan(m, -1, m->prog.conf->jobs_workers);
}

/* In the child: only what this process needs stays. */
static int child_main(struct master *m, const struct slot *s, pid_t parent)
{
    const char *pool = pool_of(m, s);
    char title[16];
    (void)snprintf(title, sizeof title, "kade-%s", pool);
    (void)prctl(PR_SET_NAME, title);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* a master that dies takes its workers along */
    if (getppid() != parent)
        return 0;
    int fd = -1;
    for (size_t i = 0; i < m->nsock; i++) {
        if (s->pool >= 0 && str_eq(m->sock[i].pool, pool))
            fd = m->sock[i].fd;
        else
            close(m->sock[i].fd);
    }
    log_set_context("prog", s->pool < 0 ? "kade-jobs" : "kade-worker");
    struct score *score = score_take(m->board, pool, getpid());
    int status = s->pool < 0 ? jobs_run(&m->prog, score)
                             : worker_run(&m->prog, &m->prog.conf->pools[s->pool], fd, score);
    score_release(score);
    return status;
}

void children_spawn(struct master *m, int64_t now)
{
    for (size_t i = 0; i < m->nslot; i++) {
        struct slot *s = &m->slot[i];
        if (s->pid != 0 || now < s->next_start)
            continue;
        pid_t parent = getpid();
        pid_t pid = fork();
        if (pid == 0)
            exit(child_main(m, s, parent));
        if (pid < 0) {
            log_error("no process", "pool=%s errno=%s", pool_of(m, s), strerror(errno));
            s->next_start = now + SECONDS(1);
            continue;
        }
        s->pid = pid;
        s->started = now;
        s->ready = s->killed = false;
        scoreboard_count(m->board, SCORE_SPAWNS, 1);
    }
}

static void describe(int how, char *out, size_t size)
{
    if (WIFSIGNALED(how))
        (void)snprintf(out, size, "signal %d (%s)", WTERMSIG(how), strsignal(WTERMSIG(how)));
    else
        (void)snprintf(out, size, "exit %d", WEXITSTATUS(how));
}

/* What the dead process was doing is still on the board. */
static void log_crash(struct master *m, pid_t pid, const char *pool, int how)
{
    static struct score_row row[SCORE_WORKERS];
    char why[64];
    describe(how, why, sizeof why);
    size_t n = scoreboard_rows(m->board, row, COUNT_OF(row));
    const struct score_row none = { 0 }, *was = &none;
    for (size_t i = 0; i < n; i++)
        if (row[i].pid == pid)
            was = &row[i];
    log_error("process ended", "pool=%s pid=%d why=%s route=%s request=%s", pool, (int)pid, why,
              was->route[0] == '\0' ? "-" : was->route,
              was->request_id[0] == '\0' ? "-" : was->request_id);
    scoreboard_count(m->board, SCORE_CRASHES, 1);
}

static void slot_ended(struct master *m, struct slot *s, int how, int64_t now)
{
    bool in_order = WIFEXITED(how) && WEXITSTATUS(how) == 0;
    if (!in_order && !m->stopping)
        log_crash(m, s->pid, pool_of(m, s), how);
    if (in_order || now - s->started > long_life)
        s->backoff = 0;
    if (in_order && s->ready) {
        s->next_start = now;
    } else {
        s->backoff = s->backoff == 0 ? backoff_first : s->backoff * 2;
        if (s->backoff > backoff_most)
            s->backoff = backoff_most;
        s->next_start = now + s->backoff;
    }
    s->pid = 0;
    s->ready = false;
}

void children_reap(struct master *m, int64_t now)
{
    int how;
    pid_t pid;
    while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
        if (pid == m->check) {
            m->check = 0;
            reload_verdict(m, how);
            continue;
        }
        for (size_t i = 0; i < m->nslot; i++)
            if (m->slot[i].pid == pid)
                slot_ended(m, &m->slot[i], how, now);
        for (size_t i = 0; i < m->nold; i++) {
            if (m->old[i].pid != pid)
                continue;
            if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
                log_crash(m, pid, m->old[i].pool, how);
            m->old[i--] = m->old[--m->nold];
        }
        scoreboard_drop(m->board, pid);
    }
}

bool children_ready(struct master *m)
{
    static struct score_row row[SCORE_WORKERS];
    size_t n = scoreboard_rows(m->board, row, COUNT_OF(row));
    size_t ready = 0;
    for (size_t i = 0; i < m->nslot; i++) {
        struct slot *s = &m->slot[i];
        for (size_t j = 0; j < n && s->pid != 0 && !s->ready; j++)
            s->ready =
                row[j].pid == s->pid && (row[j].state == SCORE_IDLE || row[j].state == SCORE_BUSY);
        ready += s->ready;
    }
    return ready == m->nslot;
}

void children_retire(struct master *m)
{
    for (size_t i = 0; i < m->nslot; i++) {
        struct slot *s = &m->slot[i];
        if (s->pid == 0 || m->nold >= SLOTS_MOST)
            continue;
        struct old *o = &m->old[m->nold++];
        *o = (struct old){ .pid = s->pid };
        str_copy(o->pool, sizeof o->pool, pool_of(m, s));
    }
    m->nslot = 0;
}

/* Repeated, because libfcgi may look at its stop flag just before the signal and wait just after.
 */
bool children_drain(struct master *m, int64_t now)
{
    bool ask = now - m->signalled >= term_every;
    if (ask)
        m->signalled = now;
    for (size_t i = 0; i < m->nold; i++) {
        struct old *o = &m->old[i];
        if (o->term_since == 0)
            o->term_since = now;
        if (now - o->term_since > SECONDS(m->drain_s)) {
            log_warn("drain took too long", "pool=%s pid=%d drain_s=%d", o->pool, (int)o->pid,
                     m->drain_s);
            (void)kill(o->pid, SIGKILL);
            o->term_since = now; /* once a drain time is enough */
        } else if (ask) {
            (void)kill(o->pid, SIGTERM);
        }
    }
    return m->nold > 0;
}

void children_signal(struct master *m, int sig)
{
    for (size_t i = 0; i < m->nslot; i++)
        if (m->slot[i].pid != 0)
            (void)kill(m->slot[i].pid, sig);
    for (size_t i = 0; i < m->nold; i++)
        (void)kill(m->old[i].pid, sig);
}

/* False when it was ended already and only has not been buried yet. */
static bool kill_once(struct master *m, int pid)
{
    bool *killed = NULL;
    for (size_t i = 0; i < m->nslot; i++)
        if (m->slot[i].pid == pid)
            killed = &m->slot[i].killed;
    for (size_t i = 0; i < m->nold; i++)
        if (m->old[i].pid == pid)
            killed = &m->old[i].killed;
    if (killed == NULL || *killed)
        return false;
    *killed = true;
    return kill(pid, SIGKILL) == 0;
}

void children_watch(struct master *m, int64_t now)
{
    static struct score_row row[SCORE_WORKERS];
    size_t n = scoreboard_rows(m->board, row, COUNT_OF(row));
    for (size_t i = 0; i < n; i++) {
        const struct score_row *w = &row[i];
        int64_t most = w->deadline_s != 0 ? w->deadline_s : m->deadline_s;
        if (!w->whole || w->busy_since == 0 || most <= 0 || now - w->busy_since <= SECONDS(most) ||
            !kill_once(m, w->pid))
            continue;
        log_error("work past its deadline", "pool=%s pid=%d route=%s request=%s s=%lld", w->pool,
                  w->pid, w->route, w->request_id, (long long)((now - w->busy_since) / SECONDS(1)));
        scoreboard_count(m->board, SCORE_WATCHDOG_KILLS, 1);
    }
}
