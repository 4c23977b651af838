/* master.c: kade-master, the parent of every worker. Reads the configuration, opens the pools'
 * sockets, gives up root, loads modules and templates once, forks, and from then on only watches:
 * a signal, a dead child or a deadline. It never talks to the database, to memcached or to a
 * client, so what can hang or crash in those cannot take the installation down.
 *
 *   SIGHUP   reload (master_reload.c)       SIGTERM, SIGINT  drain, then stop
 *   SIGUSR1  open the file of --log again   SIGCHLD          bury and replace
 *
 * Signals are blocked and taken with sigtimedwait: between them the master sleeps.
 * Invariant: the signal mask is back to none in every child before it serves. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "config.h"
#include "programs/master.h"

static struct {
    struct master m;
    const char *log; /* for the handler children keep */
} self;

static const char usage[] =
    "usage: kade-master --config FILE [--log FILE] [--foreground]\n"
    "       kade-master --config FILE --check\n"
    "Starts the workers of every pool and the jobs processes, and keeps them running.\n"
    "  --log FILE    write the log there instead of standard error; SIGUSR1 opens it again\n"
    "  --foreground  accepted for readability: the master never goes to the background\n"
    "  --check       only load configuration, modules and templates; exit 0 when they are good\n";

static void open_log(const char *file)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (fd < 0)
        return; /* the old file stays in use: losing the log is worse than a stale one */
    (void)dup2(fd, STDERR_FILENO);
    (void)dup2(fd, STDOUT_FILENO);
    close(fd);
}

/* In the master and in every child: only open, dup2 and close, all safe in a handler. */
static void on_reopen(int sig)
{
    (void)sig;
    int keep = errno;
    if (self.log != NULL)
        open_log(self.log);
    errno = keep;
}

static void signals(sigset_t *set)
{
    struct sigaction sa = { .sa_handler = on_reopen, .sa_flags = SA_RESTART };
    sigemptyset(&sa.sa_mask);
    sigaction(SIGUSR1, &sa, NULL); /* before libfcgi, which would make it a stop signal */
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGUSR1);
    sigprocmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* For good: a reload runs as that user as well, so its files must be readable by it. */
static enum rc drop_root(const struct conf *c, const char *log)
{
    if (geteuid() != 0 || str_empty(c->user))
        return RC_OK;
    const struct passwd *pw = getpwnam(c->user);
    if (pw == NULL) {
        log_error("no such user", "user=%s hint=%s", c->user,
                  "create it or change user in section app");
        return RC_INVALID;
    }
    if (log != NULL && chown(log, pw->pw_uid, pw->pw_gid) != 0)
        log_warn("log keeps its owner", "file=%s errno=%s", log, strerror(errno));
    if (initgroups(c->user, pw->pw_gid) != 0 || setgid(pw->pw_gid) != 0 ||
        setuid(pw->pw_uid) != 0 || setuid(0) == 0) {
        log_error("cannot become user", "user=%s errno=%s", c->user, strerror(errno));
        return RC_DENIED;
    }
    return RC_OK;
}

/* The file we were started from; a reload takes what lies there then, for instance an update. */
static void own_file(struct master *m)
{
    static const char deleted[] = " (deleted)";
    ssize_t n = readlink("/proc/self/exe", m->self, sizeof m->self - 1);
    m->self[n > 0 ? n : 0] = '\0';
    if (str_ends(m->self, deleted))
        m->self[(size_t)n - (sizeof deleted - 1)] = '\0';
    else if (n <= 0)
        (void)str_copy(m->self, sizeof m->self, m->argv[0]);
}

/* Two generations live beside each other for a moment, each with a row on the board. */
static enum rc check_size(const struct conf *c)
{
    size_t n = (size_t)c->jobs_workers;
    for (size_t i = 0; i < c->npools; i++)
        n += (size_t)c->pools[i].workers;
    if (n <= SLOTS_MOST / 2)
        return RC_OK;
    log_error("configuration refused", "processes=%zu most=%d hint=%s", n, (int)SLOTS_MOST / 2,
              "fewer workers here, or more machines");
    return RC_LIMIT;
}

static enum rc start(struct master *m, bool *inherited)
{
    own_file(m);
    *inherited = reload_inherit(m);
    m->generation++;
    enum rc rc = prog_conf(&m->prog, "kade-master", m->file);
    if (rc == RC_OK) {
        m->deadline_s = m->prog.conf->request_deadline_s;
        m->drain_s = m->prog.conf->drain_s;
    }
    if (rc == RC_OK)
        rc = check_size(m->prog.conf);
    if (rc == RC_OK && m->board == NULL)
        rc = scoreboard_open(-1, &m->board_fd, &m->board);
    if (rc == RC_OK)
        rc = reload_sockets(m);
    if (rc == RC_OK)
        rc = drop_root(m->prog.conf, m->log);
    if (rc == RC_OK)
        rc = prog_load(&m->prog, true);
    if (rc == RC_OK)
        children_plan(m);
    return rc;
}

static void announce(struct master *m)
{
    m->announced = true;
    log_info("ready", "generation=%u processes=%zu draining=%zu", m->generation, m->nslot, m->nold);
    notify_systemd("READY=1\nSTATUS=serving");
}

static void begin_stop(struct master *m)
{
    if (m->stopping)
        return;
    m->stopping = true;
    log_info("stopping", "processes=%zu", m->nslot + m->nold);
    notify_systemd("STOPPING=1");
    if (m->check != 0)
        (void)kill(m->check, SIGKILL);
    children_retire(m);
}

static void take_signal(struct master *m, int sig)
{
    if (sig == SIGHUP)
        m->reload_wanted = true;
    else if (sig == SIGTERM || sig == SIGINT)
        begin_stop(m);
    else if (sig == SIGUSR1) {
        on_reopen(sig);
        children_signal(m, SIGUSR1);
    }
}

/* One turn of the loop; returns how long it may sleep, in microseconds, or -1 at the end. */
static int64_t turn(struct master *m, int64_t now)
{
    children_reap(m, now);
    children_watch(m, now);
    if (m->stopping)
        return children_drain(m, now) ? 50000 : -1;
    children_spawn(m, now);
    bool ready = children_ready(m);
    if (ready && !m->announced)
        announce(m);
    bool draining = m->announced && children_drain(m, now);
    if (m->reload_wanted && m->check == 0 && m->announced)
        reload_check(m);
    int64_t sleep = !ready || draining ? 20000 : SECONDS(1);
    for (size_t i = 0; i < m->nslot; i++)
        if (m->slot[i].pid == 0 && m->slot[i].next_start - now < sleep)
            sleep = m->slot[i].next_start > now ? m->slot[i].next_start - now : 1000;
    return sleep;
}

static void loop(struct master *m, const sigset_t *set)
{
    int64_t sleep = 0;
    while (sleep >= 0) {
        const struct timespec t = { .tv_sec = sleep / 1000000, .tv_nsec = sleep % 1000000 * 1000 };
        int sig = sigtimedwait(set, NULL, &t);
        int64_t now = monotonic_us();
        if (sig > 0)
            take_signal(m, sig);
        sleep = turn(m, now);
    }
}

static void close_sockets(struct master *m)
{
    for (size_t i = 0; i < m->nsock; i++) {
        close(m->sock[i].fd);
        listen_forget(m->sock[i].address);
    }
    m->nsock = 0;
}

static int run(struct master *m)
{
    sigset_t set;
    signals(&set);
    bool inherited = false;
    enum rc rc = start(m, &inherited);
    if (rc != RC_OK && (!inherited || m->board == NULL)) {
        close_sockets(m);
        prog_free(&m->prog);
        return EXIT_FAILED;
    }
    if (rc != RC_OK) {
        /* It loaded a moment ago in the check and does not now. The old workers still serve: keep
         * them, start nobody, and let the next SIGHUP try again. */
        log_error("reload failed", "rc=%s hint=%s", rc_name(rc),
                  "previous workers go on; mend the problem above and send SIGHUP");
        m->nslot = 0;
        m->announced = true;
    }
    loop(m, &set);
    close_sockets(m);
    log_info("stopped", "generation=%u", m->generation);
    prog_free(&m->prog);
    return 0;
}

static int check_only(const char *file)
{
    struct prog p = { 0 };
    enum rc rc = prog_conf(&p, "kade-master", file);
    if (rc == RC_OK)
        rc = check_size(p.conf);
    if (rc == RC_OK)
        rc = prog_load(&p, true);
    prog_free(&p);
    return rc == RC_OK ? 0 : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                             { "log", required_argument, NULL, 'l' },
                                             { "foreground", no_argument, NULL, 'f' },
                                             { "check", no_argument, NULL, 'k' },
                                             { "help", no_argument, NULL, 'h' },
                                             { "version", no_argument, NULL, 'v' },
                                             { 0 } };
    struct master *m = &self.m;
    m->argv = argv;
    m->deadline_s = 30;
    m->drain_s = 20;
    m->file = getenv("KADE_CONFIG");
    bool check = false;
    int o;
    while ((o = getopt_long(argc, argv, "c:l:fhv", options, NULL)) != -1) {
        if (o == 'c') {
            m->file = optarg;
        } else if (o == 'l') {
            m->log = self.log = optarg;
        } else if (o == 'k') {
            check = true;
        } else if (o == 'v') {
            return puts("kade-master " PACKAGE_VERSION) < 0;
        } else if (o != 'f') {
            fputs(usage, o == 'h' ? stdout : stderr);
            return o == 'h' ? 0 : EXIT_USAGE;
        }
    }
    if (optind != argc) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (check)
        return check_only(m->file);
    if (m->log != NULL)
        open_log(m->log);
    return run(m);
}
