/* score.h: the scoreboard: one shared-memory table (memfd, survives the master's exec) with a row
 * per process and counters per route. Workers write their own row without locks; the master watches
 * deadlines, /metrics adds up. */
#ifndef APP_SCORE_H
#define APP_SCORE_H

#include "app/types.h"

enum { SCORE_WORKERS = 128, SCORE_ROUTES = 1024, SCORE_BUCKETS = 12 };
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
struct score_row {
    int pid;
    char pool[16];
    enum score_state state;
    uint64_t requests;
    int64_t busy_since;
    char route[96];
    char request_id[40];
};
KADE_API size_t scoreboard_rows(const struct scoreboard *b, struct score_row *out, size_t most);
/* Prometheus text of all counters. */
KADE_API void scoreboard_metrics(const struct scoreboard *b, struct buf *out);

#endif
