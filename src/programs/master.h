/* master.h: the master's own state, shared by master*.c only. */
#ifndef PROGRAMS_MASTER_H
#define PROGRAMS_MASTER_H

#include <sys/types.h>

#include "programs/prog.h"

enum { SOCKETS_MOST = 32, SLOTS_MOST = SCORE_WORKERS };

struct master_socket {
    char pool[16], address[128];
    int fd;
};

/* A place that is to be filled by one process of the current generation. */
struct slot {
    int pool;                    /* index in conf->pools, -1 = jobs */
    pid_t pid;                   /* 0 = empty */
    int64_t started, next_start; /* monotonic; not started again before next_start */
    int64_t backoff;
    bool ready;  /* has been idle once */
    bool killed; /* by the watchdog: counted once */
};

/* A process of an earlier generation: serves on until the new one is ready, then drains. */
struct old {
    pid_t pid;
    char pool[16];
    int64_t term_since; /* 0 = not asked to stop yet */
    bool killed;
};

struct master {
    struct prog prog;
    const char *file, *log; /* --config, --log */
    char self[4096];        /* our own program file */
    char **argv;
    struct scoreboard *board;
    int board_fd;
    unsigned generation;
    struct master_socket sock[SOCKETS_MOST];
    size_t nsock;
    struct slot slot[SLOTS_MOST];
    size_t nslot;
    struct old old[SLOTS_MOST];
    size_t nold;
    pid_t check; /* child that tries the new configuration, 0 = none */
    bool reload_wanted, stopping, announced;
    int64_t signalled;
    int deadline_s, drain_s; /* the configuration's, or defaults when it could not be read */
};

/* ---- master_children.c ---- */
void children_plan(struct master *m); /* slots from the configuration */
void children_spawn(struct master *m, int64_t now);
void children_reap(struct master *m, int64_t now);
bool children_ready(struct master *m);
/* Asks to stop (again), and ends those that took longer than drain_s. True while any is left. */
bool children_drain(struct master *m, int64_t now);
void children_retire(struct master *m);          /* every slot's process becomes old */
void children_signal(struct master *m, int sig); /* to every process */
void children_watch(struct master *m, int64_t now);

/* ---- master_reload.c ---- */
void reload_check(struct master *m);            /* starts the child that tries the new one */
void reload_verdict(struct master *m, int how); /* its wait status; on success does not return */
/* After exec: takes over what the old image left. False when there is nothing. */
bool reload_inherit(struct master *m);
enum rc reload_sockets(struct master *m) ATTR_MUST_CHECK; /* opens new ones, closes unneeded */

#endif
