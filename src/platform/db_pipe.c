/* db_pipe.c: round trips. A trip is one libpq pipeline with one sync: first what must be opened
 * (BEGIN of a write transaction) and the scope (tenant, instant, read-only or not), then each
 * statement, with its PREPARE in front the first time a connection sees it. Rows are decoded as
 * they are read. Outside db_tx a trip is a transaction by itself, read-only by its scope: the
 * server begins one with the first statement of a pipeline and ends it at the sync, so reading
 * costs no BEGIN, no COMMIT, and nothing stays open between trips.
 *
 * Invariants: every result up to the sync is read, whatever fails; pipeline mode is left before the
 * function returns; a connection that broke is closed. A trip that only reads, or that carried the
 * BEGIN, has changed nothing when the connection breaks, so it is run once more; a later one is
 * not. */
#include <sys/socket.h>

#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/db_int.h"
#include "platform/fault.h"

/* What a trip found out besides its code. */
struct trip {
    enum rc rc;
    bool lost;             /* the connection broke */
    bool stale;            /* the server forgot or refuses a prepared statement */
    bool opener;           /* nothing came before it: it reads, or it carried the BEGIN */
    unsigned heads, scope; /* results before the statements; of them "kade.scope"'s prepare */
};

static bool is_stale(const char *state)
{
    return str_eq(state, "26000") || str_eq(state, "0A000") || str_eq(state, "42P05");
}

/* Notes the first failure only: what follows in the pipeline arrives as aborted. */
static void note(struct db *db, struct trip *t, const PGresult *res, const struct db_stmt *s)
{
    if (t->rc != RC_OK)
        return;
    if (PQresultStatus(res) == PGRES_PIPELINE_ABORTED) {
        t->rc = db_fail(db, RC_BUG, s, "pipeline aborted without a reason");
        return;
    }
    t->rc = db_fail_result(db, res, s);
    t->lost =
        t->rc == RC_UPSTREAM && (db_result_is_fatal(res) || PQstatus(db->pg) != CONNECTION_OK);
    t->stale = is_stale(db->error.sqlstate);
}

static void lost(struct db *db, struct trip *t, const struct db_stmt *s)
{
    t->lost = true;
    if (t->rc == RC_OK)
        t->rc = db_fail(db, RC_UPSTREAM, s, "%s", PQerrorMessage(db->pg));
}

/* One result of the next command, NULL when the connection broke; the command's closing NULL is
 * consumed. */
static PGresult *next_result(struct db *db, struct trip *t, const struct db_stmt *s)
{
    if (t->lost)
        return NULL;
    PGresult *res = PQgetResult(db->pg);
    if (res == NULL) {
        lost(db, t, s);
        return NULL;
    }
    PGresult *more;
    while ((more = PQgetResult(db->pg)) != NULL)
        PQclear(more);
    return res;
}

static bool is_success(const PGresult *res)
{
    ExecStatusType st = PQresultStatus(res);
    return st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK;
}

/* Reads one result that only has to succeed. */
static bool expect(struct db *db, struct trip *t, const struct db_stmt *s)
{
    PGresult *res = next_result(db, t, s);
    if (res == NULL)
        return false;
    bool ok = is_success(res);
    if (!ok)
        note(db, t, res, s);
    PQclear(res);
    return ok;
}

/* ---- sending -----------------------------------------------------------------------------------
 */

static bool send_text(struct db *db, struct trip *t, const char *sql)
{
    t->heads++;
    return PQsendQueryParams(db->pg, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

static const char *begin_text(const struct db *db)
{
    return db->tx.flags & DB_TX_SERIALIZABLE ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN";
}

static const char scope_name[] = "kade.scope";
static const char scope_sql[] = "SELECT pg_catalog.set_config('kade.tenant', $1, true), "
                                "pg_catalog.set_config('kade.now', $2, true), "
                                "pg_catalog.set_config('synchronous_commit', $3, true), "
                                "pg_catalog.set_config('transaction_read_only', $4, true)";

static bool send_scope(struct db *db, struct trip *t)
{
    if (map_get(db->prepared, scope_name) == NULL) {
        static const Oid oids[] = { OID_TEXT, OID_TEXT, OID_TEXT, OID_TEXT };
        t->scope = ++t->heads;
        if (PQsendPrepare(db->pg, scope_name, scope_sql, COUNT_OF(oids), oids) != 1)
            return false;
    }
    char tenant[UUID_TEXT] = "", now[INSTANT_TEXT];
    instant_rfc3339_to(db->now, now);
    if (db->has_tenant)
        uuid_format(db->tenant, tenant);
    const char *values[] = { tenant, now,
                             db->tx.on && db->tx.flags & DB_TX_ASYNC_COMMIT ? "off" : "on",
                             db->tx.on ? "off" : "on" };
    t->heads++;
    return PQsendQueryPrepared(db->pg, scope_name, COUNT_OF(values), values, NULL, NULL, 1) == 1;
}

/* What the statements need in front of them. */
static bool send_head(struct db *db, struct trip *t)
{
    if (db->tx.on && db->tx.begun)
        return true;
    t->opener = true;
    if (db->forget_prepared) {
        map_free(db->prepared, NULL);
        db->prepared = map_new();
        if (!send_text(db, t, "DEALLOCATE ALL"))
            return false;
    }
    return (!db->tx.on || send_text(db, t, begin_text(db))) && send_scope(db, t);
}

static bool send_prepare(struct db *db, struct db_op *op)
{
    const struct db_stmt *s = op->stmt;
    Oid *oids = arena_array(db->arena, Oid, db_stmt_nvalues(s));
    db_stmt_oids(s, oids);
    op->prepare = true;
    return PQsendPrepare(db->pg, op->name, db_stmt_text(db->arena, s, op->frags), (int)op->nvalues,
                         oids) == 1;
}

/* Test builds: the socket goes, or the server raises a timeout. */
static bool faulty(struct db *db, const struct db_op *op)
{
    (void)op; /* named only in test builds */
    if (fault_here(FAULT_DB, op->stmt->name))
        shutdown(PQsocket(db->pg), SHUT_RDWR);
    return fault_here(FAULT_DB, "timeout");
}

static bool send_op(struct db *db, struct db_op *ops, size_t i)
{
    struct db_op *op = &ops[i];
    op->prepare = false;
    if (faulty(db, op))
        return PQsendQueryParams(db->pg, "DO $$BEGIN RAISE SQLSTATE '57014'; END$$", 0, NULL, NULL,
                                 NULL, NULL, 0) == 1;
    bool known = map_get(db->prepared, op->name) != NULL;
    for (size_t j = 0; j < i && !known; j++)
        known = ops[j].prepare && str_eq(ops[j].name, op->name);
    if (!known && !send_prepare(db, op))
        return false;
    const char **values = arena_array(db->arena, const char *, op->nvalues);
    int *lengths = arena_array(db->arena, int, op->nvalues);
    int *formats = arena_array(db->arena, int, op->nvalues);
    for (size_t v = 0; v < op->nvalues; v++) {
        values[v] = op->values[v].p;
        lengths[v] = op->values[v].n;
        formats[v] = op->values[v].format;
    }
    return PQsendQueryPrepared(db->pg, op->name, (int)op->nvalues, values, lengths, formats, 1) ==
           1;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

static void read_head(struct db *db, struct trip *t)
{
    for (unsigned i = 1; i <= t->heads; i++)
        if (expect(db, t, NULL) && i == t->scope)
            map_put(db->prepared, scope_name, db);
}

static void read_op(struct db *db, struct trip *t, struct db_op *op)
{
    if (op->prepare && expect(db, t, op->stmt))
        map_put(db->prepared, op->name, db);
    PGresult *res = next_result(db, t, op->stmt);
    if (res == NULL)
        return;
    if (!is_success(res)) {
        note(db, t, res, op->stmt);
    } else if (t->rc == RC_OK) {
        struct db_result r = { 0 };
        t->rc = db_decode(db, op->stmt, res, &r);
        if (t->rc == RC_OK && op->out != NULL)
            *op->out = r;
        if (t->rc == RC_OK && op->done != NULL)
            op->done(op->target, &r);
    }
    PQclear(res);
}

static void read_sync(struct db *db, struct trip *t)
{
    if (t->lost)
        return;
    PGresult *res = PQgetResult(db->pg);
    if (res == NULL || PQresultStatus(res) != PGRES_PIPELINE_SYNC)
        lost(db, t, NULL);
    PQclear(res);
}

/* What the server says is open after the sync is the truth. */
static void settle(struct db *db, struct trip *t)
{
    if (!t->lost && PQexitPipelineMode(db->pg) != 1)
        lost(db, t, NULL);
    if (t->lost || PQstatus(db->pg) != CONNECTION_OK) {
        t->lost = true;
        log_warn("database connection lost", "role=%s why=%s", db->role,
                 db->error.message != NULL ? db->error.message : "");
        db_drop(db);
        return;
    }
    if (t->opener && !t->stale)
        db->forget_prepared = false;
    PGTransactionStatusType st = PQtransactionStatus(db->pg);
    db->open = st == PQTRANS_IDLE ? DB_OPEN_NONE : DB_OPEN_WRITE;
    db->open_failed = st == PQTRANS_INERROR;
    if (t->opener && db->open != DB_OPEN_NONE)
        db->tx.begun = true;
}

static bool send_all(struct db *db, struct trip *t, struct db_op *ops, size_t n)
{
    if (PQenterPipelineMode(db->pg) != 1 || !send_head(db, t))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!send_op(db, ops, i))
            return false;
    return PQpipelineSync(db->pg) == 1;
}

static void run_once(struct db *db, struct trip *t, struct db_op *ops, size_t n)
{
    int64_t t0 = monotonic_us();
    if (send_all(db, t, ops, n)) {
        read_head(db, t);
        for (size_t i = 0; i < n; i++)
            read_op(db, t, &ops[i]);
        read_sync(db, t);
    } else {
        lost(db, t, n > 0 ? ops[0].stmt : NULL);
    }
    settle(db, t);
    db->count.trips++;
    db->count.statements += (unsigned)n;
    db->count.us += monotonic_us() - t0;
}

/* The body of a transaction goes on after a failure only to hear it again: its first half is gone.
 */
static enum rc poison(struct db *db, const struct trip *t)
{
    if (t->lost || db->open_failed)
        db->tx.failed = t->stale ? RC_RETRY : t->rc;
    return db->tx.failed != RC_OK ? db->tx.failed : t->rc;
}

enum rc db_trip(struct db *db, struct db_op *ops, size_t n)
{
    check_that(db->arena != NULL && !db->copying);
    if (db->tx.on && db->tx.failed != RC_OK)
        return db->tx.failed;
    for (int attempt = 1;; attempt++) {
        struct trip t = { .rc = db_connect(db) };
        if (t.rc != RC_OK) {
            t.lost = true;
            return db->tx.on ? poison(db, &t) : t.rc;
        }
        run_once(db, &t, ops, n);
        if (t.stale && !t.lost)
            db->forget_prepared = true;
        if (t.rc == RC_OK)
            return RC_OK;
        bool again = attempt == 1 && ((t.lost && t.opener) || (t.stale && !db->tx.on));
        if (!again)
            return db->tx.on ? poison(db, &t) : t.rc;
    }
}

enum rc db_finish(struct db *db, bool commit)
{
    if (db->open == DB_OPEN_NONE || db->pg == NULL)
        return RC_OK;
    int64_t t0 = monotonic_us();
    struct trip t = { .rc = RC_OK };
    bool refused = false;
    if (PQenterPipelineMode(db->pg) == 1 && send_text(db, &t, commit ? "COMMIT" : "ROLLBACK") &&
        PQpipelineSync(db->pg) == 1) {
        PGresult *res = next_result(db, &t, NULL);
        if (res != NULL && !is_success(res))
            note(db, &t, res, NULL);
        refused = res != NULL && commit && str_eq(PQcmdStatus(res), "ROLLBACK");
        PQclear(res);
        read_sync(db, &t);
    } else {
        lost(db, &t, NULL);
    }
    settle(db, &t);
    db->count.trips++;
    db->count.us += monotonic_us() - t0;
    if (t.rc == RC_OK && refused)
        return db_fail(db, RC_BUG, NULL, "COMMIT of a failed transaction");
    return t.rc;
}

/* ---- pipes -------------------------------------------------------------------------------------
 */

struct db_pipe *db_pipe(struct db *db)
{
    check_that(db->arena != NULL);
    struct db_pipe *p = arena_new(db->arena, struct db_pipe);
    p->magic = DB_PIPE_MAGIC;
    p->db = db;
    return p;
}

static struct db_op *pipe_add(struct db_pipe *p)
{
    if (p->n == p->cap) {
        size_t cap = p->cap == 0 ? 8 : p->cap * 2;
        struct db_op *ops = arena_array(p->db->arena, struct db_op, cap);
        if (p->n > 0)
            memcpy(ops, p->ops, p->n * sizeof *ops);
        p->ops = ops;
        p->cap = cap;
    }
    return &p->ops[p->n++];
}

/* Arguments are copied, so the caller's may live on its stack. */
static void fill_op(struct db *db, struct db_op *op, const struct db_stmt *s, unsigned frags,
                    const union db_arg *args)
{
    op->stmt = s;
    op->frags = frags;
    op->nvalues = db_stmt_nvalues(s);
    op->values = arena_array(db->arena, struct db_value, op->nvalues);
    db_stmt_name(s, frags, op->name);
    struct db_value *v = op->values;
    if (op->nvalues > s->nparams) {
        static const struct db_param tenant = { "tenant", FT_UUID, true };
        union db_arg arg = { .uuid_or_null = db->has_tenant ? &db->tenant : NULL };
        (void)db_encode(db->arena, &tenant, &arg, v++);
    }
    for (size_t i = 0; i < s->nparams; i++)
        if (!db_encode(db->arena, &s->params[i], &args[i], &v[i]))
            op->invalid = true;
}

void db_send(struct db_pipe *p, const struct db_stmt *s, unsigned frags, const union db_arg *args,
             struct db_result *out, void (*done)(void *target, const struct db_result *r),
             void *target)
{
    check_that(p->magic == DB_PIPE_MAGIC);
    struct db_op *op = pipe_add(p);
    *op = (struct db_op){ .out = out, .done = done, .target = target };
    fill_op(p->db, op, s, frags, args);
}

static enum rc check_ops(struct db *db, const struct db_op *ops, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ops[i].invalid)
            return db_fail(db, RC_INVALID, ops[i].stmt, "an argument is out of range");
    return RC_OK;
}

enum rc db_pipe_run(struct db_pipe *p)
{
    check_that(p->magic == DB_PIPE_MAGIC);
    size_t n = p->n;
    p->n = 0;
    if (n == 0)
        return RC_OK;
    enum rc rc = check_ops(p->db, p->ops, n);
    return rc != RC_OK ? rc : db_trip(p->db, p->ops, n);
}

enum rc db_run(struct db *db, const struct db_stmt *s, unsigned frags, const union db_arg *args,
               struct db_result *out)
{
    check_that(db->arena != NULL);
    struct db_op op = { .out = out };
    fill_op(db, &op, s, frags, args);
    enum rc rc = check_ops(db, &op, 1);
    return rc != RC_OK ? rc : db_trip(db, &op, 1);
}
