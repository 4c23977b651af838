/* score.c: the scoreboard in one memfd that every process of an installation maps.
 *
 * A row belongs to one process: only it writes the row, between two bumps of a sequence number, so
 * readers (master, /metrics) take a consistent copy without a lock and a writer killed half-way
 * hurts nobody. Route and installation counters are shared and only ever added to; they outlive
 * the processes, so the numbers Prometheus reads never fall. Not a log and not a history.
 * Invariant: a route slot, once claimed, keeps its name for the life of the board. */
#include "app/score.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/score_internal.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"

static const int64_t bucket_us[SCORE_BUCKETS - 1] = { 1000,   2500,    5000,   10000,
                                                      25000,  50000,   100000, 250000,
                                                      500000, 1000000, 2500000 };

enum rc scoreboard_open(int fd, int *out_fd, struct scoreboard **out)
{
    bool fresh = fd < 0;
    if (fresh) {
        fd = memfd_create("kade-scoreboard", 0);
        if (fd < 0 || ftruncate(fd, (off_t)sizeof(struct scoreboard)) != 0) {
            log_error("no scoreboard", "errno=%s", strerror(errno));
            if (fd >= 0)
                close(fd);
            return RC_UPSTREAM;
        }
    } else {
        struct stat st;
        if (fstat(fd, &st) != 0 || st.st_size != (off_t)sizeof(struct scoreboard))
            return RC_INVALID; /* made by another version: the caller makes a new one */
    }
    struct scoreboard *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (b == MAP_FAILED) {
        log_error("no scoreboard", "errno=%s", strerror(errno));
        if (fresh)
            close(fd);
        return RC_UPSTREAM;
    }
    if (fresh) {
        b->started = instant_now();
        b->magic = SCOREBOARD_MAGIC;
    } else if (b->magic != SCOREBOARD_MAGIC) {
        munmap(b, sizeof *b);
        return RC_INVALID;
    }
    *out_fd = fd;
    *out = b;
    return RC_OK;
}

/* Readers that meet an odd number, or another one afterwards, read again. */
static void row_edit(struct score *s)
{
    atomic_fetch_add_explicit(&s->seq, 1, memory_order_acq_rel);
}

static void row_done(struct score *s)
{
    atomic_fetch_add_explicit(&s->seq, 1, memory_order_release);
}

struct score *score_take(struct scoreboard *b, const char *pool, int pid)
{
    for (size_t i = 0; i < SCORE_WORKERS; i++) {
        struct score *s = &b->row[i];
        int none = 0;
        if (!atomic_compare_exchange_strong(&s->pid, &none, pid))
            continue;
        if (atomic_load(&s->seq) & 1)
            row_done(s); /* its last owner was killed while it wrote */
        row_edit(s);
        str_copy(s->pool, sizeof s->pool, pool);
        s->route[0] = s->request_id[0] = '\0';
        s->busy_since = s->deadline_s = 0;
        s->requests = 0;
        s->route_ix = -1;
        s->index = (unsigned)i;
        s->state = SCORE_STARTING;
        row_done(s);
        return s;
    }
    return NULL;
}

static void row_free(struct score *s)
{
    if (!(atomic_load(&s->seq) & 1))
        row_edit(s);
    s->state = SCORE_FREE;
    s->busy_since = 0;
    row_done(s);
    atomic_store(&s->pid, 0);
}

void score_release(struct score *s)
{
    if (s != NULL)
        row_free(s);
}

void scoreboard_drop(struct scoreboard *b, int pid)
{
    for (size_t i = 0; i < SCORE_WORKERS; i++)
        if (atomic_load(&b->row[i].pid) == pid)
            row_free(&b->row[i]);
}

struct scoreboard *score_board(const struct score *s)
{
    if (s == NULL)
        return NULL;
    uintptr_t first = (uintptr_t)s - s->index * sizeof *s;
    return (struct scoreboard *)(first - offsetof(struct scoreboard, row));
}

void score_state(struct score *s, enum score_state st)
{
    if (s == NULL)
        return;
    row_edit(s);
    s->state = st;
    s->busy_since = st == SCORE_BUSY ? monotonic_us() : 0;
    if (st != SCORE_BUSY)
        s->deadline_s = 0;
    s->route[0] = s->request_id[0] = '\0';
    s->route_ix = -1;
    row_done(s);
}

void score_deadline(struct score *s, int64_t seconds)
{
    if (s == NULL)
        return;
    row_edit(s);
    s->deadline_s = seconds;
    row_done(s);
}

static uint64_t route_key(const char *module, const char *pattern)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a: spreads short names well and needs no table */
    for (const char *p = module; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    h = (h ^ 0xffu) * 1099511628211u;
    for (const char *p = pattern; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    return h == 0 ? 1 : h;
}

/* The claim is one compare-and-swap of the key; the names are then written by whoever finds them
 * not yet there, always the same bytes. -1 when the table is full. */
static int route_slot(struct scoreboard *b, const char *module, const char *pattern)
{
    uint64_t key = route_key(module, pattern);
    for (size_t i = 0; i < SCORE_ROUTES; i++) {
        size_t at = (key + i) % SCORE_ROUTES;
        struct score_route *t = &b->route[at];
        uint64_t have = atomic_load(&t->key);
        if (have == 0 && atomic_compare_exchange_strong(&t->key, &have, key))
            have = key;
        if (have != key)
            continue;
        if (!atomic_load(&t->named)) {
            str_copy(t->module, sizeof t->module, module);
            str_copy(t->pattern, sizeof t->pattern, pattern);
            atomic_store(&t->named, true);
        }
        return (int)at;
    }
    return -1;
}

void score_begin(struct score *s, const char *module, const char *pattern, const char *request_id)
{
    if (s == NULL)
        return;
    int ix = route_slot(score_board(s), module, pattern);
    row_edit(s);
    s->route_ix = ix;
    str_copy(s->route, sizeof s->route, pattern);
    str_copy(s->request_id, sizeof s->request_id, request_id == NULL ? "" : request_id);
    if (s->busy_since == 0)
        s->busy_since = monotonic_us();
    s->state = SCORE_BUSY;
    row_done(s);
}

static void add(_Atomic uint64_t *c, uint64_t by)
{
    if (by != 0)
        atomic_fetch_add_explicit(c, by, memory_order_relaxed);
}

void score_end(struct score *s, int status, int64_t us, unsigned statements, unsigned trips,
               int64_t db_us, unsigned cache_hits, unsigned cache_misses)
{
    if (s == NULL)
        return;
    row_edit(s);
    s->requests++;
    int ix = s->route_ix;
    row_done(s);
    if (ix < 0)
        return;
    struct score_route *t = &score_board(s)->route[ix];
    size_t bucket = 0;
    while (bucket < SCORE_BUCKETS - 1 && us > bucket_us[bucket])
        bucket++;
    add(&t->bucket[bucket], 1);
    add(&t->us, us < 0 ? 0 : (uint64_t)us);
    add(&t->status[status >= 100 && status < 600 ? status / 100 - 1 : 4], 1);
    add(&t->statements, statements);
    add(&t->trips, trips);
    add(&t->db_us, db_us < 0 ? 0 : (uint64_t)db_us);
    add(&t->cache_hits, cache_hits);
    add(&t->cache_misses, cache_misses);
}

void scoreboard_gauge(struct scoreboard *b, enum score_gauge g, int64_t v)
{
    if (b != NULL)
        atomic_store_explicit(&b->gauge[g], v, memory_order_relaxed);
}

void scoreboard_count(struct scoreboard *b, enum score_counter c, uint64_t by)
{
    if (b != NULL)
        add(&b->counter[c], by);
}

/* Copies until two equal even numbers enclose the copy. A writer that was killed or put to sleep in
 * between leaves an odd one: then the last copy is given, marked, good enough for a log line. */
static void row_read(const struct score *s, struct score_row *out)
{
    for (int turn = 0; turn < 1000; turn++) {
        unsigned before = atomic_load_explicit(&s->seq, memory_order_acquire);
        out->state = s->state;
        memcpy(out->pool, s->pool, sizeof out->pool);
        memcpy(out->route, s->route, sizeof out->route);
        memcpy(out->request_id, s->request_id, sizeof out->request_id);
        out->requests = s->requests;
        out->busy_since = s->busy_since;
        out->deadline_s = s->deadline_s;
        atomic_thread_fence(memory_order_acquire);
        out->whole =
            (before & 1) == 0 && atomic_load_explicit(&s->seq, memory_order_relaxed) == before;
        if (out->whole)
            break;
    }
    out->pool[sizeof out->pool - 1] = '\0';
    out->route[sizeof out->route - 1] = '\0';
    out->request_id[sizeof out->request_id - 1] = '\0';
}

size_t scoreboard_rows(const struct scoreboard *b, struct score_row *out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < SCORE_WORKERS && n < most; i++) {
        const struct score *s = &b->row[i];
        int pid = atomic_load(&s->pid);
        if (pid == 0)
            continue;
        out[n].pid = pid;
        row_read(s, &out[n]);
        n++;
    }
    return n;
}
