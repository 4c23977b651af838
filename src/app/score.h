/* score.h: the scoreboard: one shared-memory table (memfd, survives the master's exec) with a row
 * per process and counters per route. Workers write their own row without locks; the master watches
 * deadlines, /metrics adds up. Every function that takes a struct score allows NULL (a process
 * outside the pool) and then does nothing. */
#ifndef APP_SCORE_H
#define APP_SCORE_H

#include "app/types.h"

enum { SCORE_WORKERS = 512, SCORE_ROUTES = 1024, SCORE_BUCKETS = 12 };
enum score_state { SCORE_FREE, SCORE_STARTING, SCORE_IDLE, SCORE_BUSY, SCORE_DRAINING };

struct score; /* one process's row */
struct scoreboard;

/* fd: an existing memfd or -1 to make one; *out_fd stays open across exec. */
KADE_API enum rc scoreboard_open(int fd, int *out_fd, struct scoreboard **out) ATTR_MUST_CHECK;
KADE_API struct score *score_take(struct scoreboard *b, const char *pool,
                                  int pid); /* NULL when full */
KADE_API void score_release(struct score *s);
KADE_API void score_state(struct score *s, enum score_state st);
KADE_API void score_begin(struct score *s, const char *module, const char *pattern,
                          const char *request_id);
KADE_API void score_end(struct score *s, int status, int64_t us, unsigned statements,
                        unsigned trips, int64_t db_us, unsigned cache_hits, unsigned cache_misses);
/* How long the work in hand may take before the watchdog ends the process; 0 = the configured
 * request deadline. Jobs set it from app_job.timeout_s; score_begin keeps it, idle clears it. */
KADE_API void score_deadline(struct score *s, int64_t seconds);
KADE_API struct scoreboard *score_board(const struct score *s); /* NULL for NULL */
/* The row of a process that is gone is free again; its counters stay. */
KADE_API void scoreboard_drop(struct scoreboard *b, int pid);

/* Published by the jobs process, shown by /metrics. */
enum score_gauge {
    SCORE_JOBS_READY,
    SCORE_JOBS_RUNNING,
    SCORE_JOBS_DEAD,
    SCORE_JOBS_AGE, /* seconds the oldest due job has waited */
    SCORE_OUTBOX_LAG,
    SCORE_OUTBOX_LAG_MS,  /* age of the oldest of them: how far lists and search are behind */
    SCORE_OUTBOX_WAITING, /* events parked for a retry */
    SCORE_OUTBOX_DEAD,
    SCORE_GAUGES
};
enum score_counter {
    SCORE_SPAWNS,
    SCORE_CRASHES,
    SCORE_WATCHDOG_KILLS,
    SCORE_RELOADS,
    SCORE_RELOADS_REFUSED,
    SCORE_JOBS_DONE,
    SCORE_JOBS_FAILED,
    SCORE_JOBS_TAKEN_OVER,
    SCORE_EVENTS_DONE,
    SCORE_EVENTS_FAILED,
    SCORE_COUNTERS
};
KADE_API void scoreboard_gauge(struct scoreboard *b, enum score_gauge g, int64_t v);
KADE_API void scoreboard_count(struct scoreboard *b, enum score_counter c, uint64_t by);

struct score_row {
    int pid;
    bool whole; /* false: read while its owner wrote, members may not belong together */
    char pool[16];
    enum score_state state;
    uint64_t requests;
    int64_t busy_since; /* monotonic_us; 0 when not busy */
    int64_t deadline_s; /* 0 = the configured one */
    char route[96];
    char request_id[40];
};
KADE_API size_t scoreboard_rows(const struct scoreboard *b, struct score_row *out, size_t most);
/* Prometheus text of all counters. */
KADE_API void scoreboard_metrics(const struct scoreboard *b, struct buf *out);

#endif
