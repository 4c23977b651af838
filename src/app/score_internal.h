/* score_internal.h: the scoreboard's layout, for score.c (writing) and score_text.c (metrics) only.
 * It is shared memory: no pointers, and any change of it makes a new board at the next reload. */
#ifndef APP_SCORE_INTERNAL_H
#define APP_SCORE_INTERNAL_H

#include <stdatomic.h>

#include "app/score.h"

#define SCOREBOARD_MAGIC 0x4b534231u /* KSB1 */

struct score {
    _Alignas(64) _Atomic int pid;
    _Atomic unsigned seq; /* odd while the owner writes */
    unsigned index;       /* in scoreboard.row */
    int route_ix;
    enum score_state state;
    char pool[16], route[96], request_id[40];
    uint64_t requests;
    int64_t busy_since, deadline_s;
};

struct score_route {
    _Atomic uint64_t key; /* 0 = free */
    _Atomic bool named;
    char module[32], pattern[96];
    _Atomic uint64_t status[5]; /* 1xx .. 5xx */
    _Atomic uint64_t bucket[SCORE_BUCKETS];
    _Atomic uint64_t us, statements, trips, db_us, cache_hits, cache_misses;
};

struct scoreboard {
    uint32_t magic;
    int64_t started; /* instant */
    _Atomic int64_t gauge[SCORE_GAUGES];
    _Atomic uint64_t counter[SCORE_COUNTERS];
    struct score row[SCORE_WORKERS];
    struct score_route route[SCORE_ROUTES];
};

#endif
