/* db_tx.c: write transactions around a function that may run up to three times. Its BEGIN travels
 * with its first statement; a body that asks nothing of the database opens nothing.
 *
 * Invariant: after db_tx returns, no transaction of its is open, the hooks of db_after_commit ran
 * exactly when the code is RC_OK, and a body that swallowed a failure cannot commit half of its
 * work. */
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "platform/db_int.h"
#include "platform/fault.h"

enum { RUNS = 3, JITTER_US = 10000 };

bool db_in_tx(const struct db *db)
{
    return db->tx.on;
}

void db_after_commit(struct db *db, void (*fn)(struct db *db, void *arg), void *arg)
{
    check_that(db->tx.on);
    struct db_hook *h = arena_new(db->arena, struct db_hook);
    *h = (struct db_hook){ .fn = fn, .arg = arg };
    *db->tx.last = h;
    db->tx.last = &h->next;
}

/* Two that collided must not collide again: a pause that differs from process to process. */
static void pause_before_retry(int run)
{
    uint64_t seed = (uint64_t)monotonic_us() ^ (uint64_t)getpid() << 32;
    uint64_t spread = (seed * UINT64_C(0x9e3779b97f4a7c15)) >> 49; /* 15 bits: up to 33 ms */
    struct timespec ts = { .tv_nsec = (long)((JITTER_US + spread) * (uint64_t)run * 500) };
    nanosleep(&ts, NULL);
}

/* Commits or rolls back and says what became of it. */
static enum rc finish(struct db *db, enum rc rc)
{
    enum rc failed = db->tx.failed;
    if (failed == RC_RETRY || (failed != RC_OK && rc == RC_OK))
        rc = failed;
    if (rc == RC_OK && db->tx.begun && fault_here(FAULT_DB, "commit"))
        rc = db_fail(db, RC_RETRY, NULL, "fault: serialization failure at commit");
    if (db->open == DB_OPEN_WRITE) {
        enum rc ended = db_finish(db, rc == RC_OK);
        rc = rc == RC_OK ? ended : rc;
    }
    return rc;
}

enum rc db_tx_at(struct db *db, unsigned flags, db_tx_fn *fn, void *arg, const char *file, int line)
{
    check_that(db->arena != NULL);
    if (db->tx.on) {
        log_error("transaction inside a transaction", "outer=%s:%d inner=%s:%d", db->tx.file,
                  db->tx.line, file, line);
        check_failed("no transaction is open", file, line);
    }
    for (int run = 1;; run++) {
        struct arena_mark_at mark = arena_mark(db->arena);
        db->tx = (struct db_txn){ .on = true, .flags = flags, .file = file, .line = line };
        db->tx.last = &db->tx.first;
        enum rc rc = finish(db, fn(db, arg));
        struct db_hook *hook = db->tx.first;
        db->tx = (struct db_txn){ 0 };
        if (rc == RC_OK) {
            for (; hook != NULL; hook = hook->next)
                hook->fn(db, hook->arg);
            return RC_OK;
        }
        if (rc != RC_RETRY || (flags & DB_TX_RETRY) == 0 || run == RUNS)
            return rc;
        log_info("transaction again", "run=%d at=%s:%d", run + 1, file, line);
        arena_rewind(db->arena, mark);
        pause_before_retry(run);
    }
}
