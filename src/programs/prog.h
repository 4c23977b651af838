/* prog.h: what the programs share: start (configuration, log, modules), sockets, the two loops that
 * serve, and the word to systemd. Private to src/programs. */
#ifndef PROGRAMS_PROG_H
#define PROGRAMS_PROG_H

#include "app/ctx.h"
#include "app/loader.h"
#include "app/score.h"
#include "base/arena.h"

/* Exit statuses of every program. 70 is arena's (EX_SOFTWARE), 75 a job past its time. */
enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_STUCK = 75 };

struct prog {
    const char *name; /* "kade-master" */
    struct arena *arena;
    struct conf *conf;
    struct app_registry *registry;
};

/* Reads the configuration and sets the log level. On failure one line is logged. */
enum rc prog_conf(struct prog *p, const char *name, const char *file) ATTR_MUST_CHECK;
/* Everything workers inherit: the installation's key, languages and templates, modules. No
 * connection is opened. templates: false for the command line. */
enum rc prog_load(struct prog *p, bool templates) ATTR_MUST_CHECK;
/* Development only: takes over the clock's offset from the state folder when it changed. */
void prog_clock(const struct conf *c);
void prog_free(struct prog *p);

/* ---- listen.c ---- */
/* Opens "unix:/path" (mode 0660; a dead socket file is replaced, a live one refused) or
 * "address:port". user: owner of the socket file when root, "" = leave. */
enum rc listen_open(const char *address, const char *user, int *out) ATTR_MUST_CHECK;
void listen_forget(const char *address); /* removes the socket file of "unix:" */

/* ---- worker.c, jobs.c: run until told to stop; the result is the exit status ---- */
int worker_run(const struct prog *p, const struct conf_pool *pool, int listen_fd,
               struct score *score);
int jobs_run(const struct prog *p, struct score *score);
/* Signals of a serving process: SIGTERM and SIGINT set the flag and interrupt what sleeps. */
void serve_signals(void);
bool serve_stopping(void);
const volatile int *serve_stop_flag(void);

/* ---- notify.c ---- */
/* One datagram to systemd ("READY=1"); nothing without NOTIFY_SOCKET. */
void notify_systemd(const char *state);

#endif
