/* db_contract.c: holds a statement file against a migrated database: it prepares, its parameters
 * and columns are what the annotations say, and where the file says "plan: index" no plan reads a
 * whole table. For tests and `kade check`; not for request code.
 *
 * Invariant: nothing is executed and nothing stays prepared: all happens in a transaction that is
 * rolled back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/db_int.h"

static void problem(struct buf *b, const struct db_stmt *s, unsigned frags, const char *fmt, ...)
    ATTR_FORMAT(4, 5);
static void problem(struct buf *b, const struct db_stmt *s, unsigned frags, const char *fmt, ...)
{
    va_list ap;
    buf_printf(b, "%s:%d: %s", s->file, s->line, s->name);
    if (s->nfrags > 0)
        buf_printf(b, " (fragments %x)", frags);
    buf_str(b, ": ");
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
    buf_char(b, '\n');
}

static bool command(struct db *db, const char *sql)
{
    PGresult *res = PQexecParams(db->pg, sql, 0, NULL, NULL, NULL, NULL, 0);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK;
    if (!ok)
        (void)db_fail_result(db, res, NULL);
    PQclear(res);
    return ok;
}

static bool both_integers(Oid a, Oid b)
{
    return (a == OID_INT4 || a == OID_INT8) && (b == OID_INT4 || b == OID_INT8);
}

/* What the server would infer by itself; a place that takes anything tells nothing. */
static void check_inferred(struct db *db, struct arena *a, const struct db_stmt *s, unsigned frags,
                           const Oid *said, struct buf *out)
{
    if (!command(db, "SAVEPOINT inferred"))
        return;
    PGresult *res = PQprepare(db->pg, "kade.inferred", db_stmt_text(a, s, frags), 0, NULL);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    if (!ok) {
        (void)command(db, "ROLLBACK TO inferred");
        return;
    }
    res = PQdescribePrepared(db->pg, "kade.inferred");
    size_t first = db_stmt_nvalues(s) - s->nparams;
    for (size_t i = first; i < db_stmt_nvalues(s) && (int)i < PQnparams(res); i++) {
        Oid is = PQparamtype(res, (int)i);
        const struct db_param *p = &s->params[i - first];
        if (p->type == FT_TEXT) /* cast in the statement, or it would not have prepared */
            continue;
        if (is != said[i] && !both_integers(is, said[i]) && !db_type_matches(p->type, is))
            problem(out, s, frags, "parameter %s is %s, the server takes type %u", p->name,
                    db_type_name(p->type), is);
    }
    PQclear(res);
    (void)command(db, "DEALLOCATE \"kade.inferred\"");
}

static void check_columns(const struct db_stmt *s, unsigned frags, const PGresult *res,
                          struct buf *out)
{
    if (s->card == DB_EXEC)
        return;
    int n = PQnfields(res);
    if ((size_t)n != s->ncols) {
        problem(out, s, frags, "%d columns come, %zu are described", n, s->ncols);
        return;
    }
    for (int i = 0; i < n; i++) {
        const struct field *f = &s->cols[i];
        if (!str_eq(PQfname(res, i), f->name))
            problem(out, s, frags, "column %d is named %s, described as %s", i + 1, PQfname(res, i),
                    f->name);
        if (!db_type_matches(f->type, PQftype(res, i)))
            problem(out, s, frags, "column %s is type %u, described as %s", f->name,
                    PQftype(res, i), db_type_name(f->type));
    }
}

/* What a node of a plan is estimated at: "(cost=0.00..123.45 rows=..." is 123. */
static long effort_of(const char *line)
{
    const char *p = strstr(line, "..");
    return p != NULL ? strtol(p + 2, NULL, 10) : 0;
}

/* A generic plan, so the values do not matter. A scan of a whole table is a problem from an
 * estimate of least on. */
static void check_plan(struct db *db, const struct db_stmt *s, unsigned frags, const char *name,
                       long least, struct buf *out)
{
    char sql[1024];
    size_t n = (size_t)snprintf(sql, sizeof sql, "EXPLAIN EXECUTE \"%s\"", name);
    for (size_t i = 0; i < db_stmt_nvalues(s) && n < sizeof sql; i++)
        n += (size_t)snprintf(sql + n, sizeof sql - n, "%sNULL", i == 0 ? "(" : ", ");
    if (n + 2 >= sizeof sql) {
        problem(out, s, frags, "too many parameters to explain");
        return;
    }
    if (db_stmt_nvalues(s) > 0)
        (void)str_copy(sql + n, sizeof sql - n, ")");
    PGresult *res = PQexecParams(db->pg, sql, 0, NULL, NULL, NULL, NULL, 0);
    if (PQresultStatus(res) != PGRES_TUPLES_OK) {
        (void)db_fail_result(db, res, s);
        problem(out, s, frags, "EXPLAIN: %s", db->message);
    }
    for (int i = 0; i < PQntuples(res); i++) {
        const char *line = PQgetvalue(res, i, 0);
        if (strstr(line, "Seq Scan on ") != NULL && effort_of(line) >= least)
            problem(out, s, frags, "plan without an index:%s", strstr(line, "Seq Scan on ") + 8);
    }
    PQclear(res);
}

static void check_variant(struct db *db, struct arena *a, const struct db_stmt *s, unsigned frags,
                          struct buf *out)
{
    Oid *oids = arena_array(a, Oid, db_stmt_nvalues(s));
    char name[DB_NAME];
    db_stmt_oids(s, oids);
    db_stmt_name(s, frags, name);
    PGresult *res =
        PQprepare(db->pg, name, db_stmt_text(a, s, frags), (int)db_stmt_nvalues(s), oids);
    if (PQresultStatus(res) != PGRES_COMMAND_OK) {
        (void)db_fail_result(db, res, s);
        problem(out, s, frags, "%s (%s)", db->message, db->error.sqlstate);
        PQclear(res);
        return;
    }
    PQclear(res);
    res = PQdescribePrepared(db->pg, name);
    if ((size_t)PQnparams(res) != db_stmt_nvalues(s))
        problem(out, s, frags, "%d parameters in the text, %zu described", PQnparams(res),
                db_stmt_nvalues(s));
    check_columns(s, frags, res, out);
    PQclear(res);
    if ((s->flags & DB_STMT_PLAN_INDEX) != 0)
        check_plan(db, s, frags, name, 0, out);
    check_inferred(db, a, s, frags, oids, out);
}

enum rc db_contract(struct db *db, const struct db_stmt *s, struct buf *problems)
{
    enum rc rc = db_connect(db);
    if (rc != RC_OK)
        return rc;
    check_that(!db->tx.on && db->open == DB_OPEN_NONE);
    struct arena *a = problems->arena;
    unsigned all = s->nfrags >= 31 ? ~0u : (1u << s->nfrags) - 1;
    for (unsigned bit = 0; bit <= s->nfrags + 1 && rc == RC_OK; bit++) {
        unsigned frags = bit == 0 ? 0 : bit == 1 ? all : 1u << (bit - 2);
        if ((bit == 1 && s->nfrags == 0) || (bit > 1 && s->nfrags == 1))
            continue;
        if (!command(db, "BEGIN") || !command(db, "SET LOCAL enable_seqscan = off"))
            rc = db->error.rc;
        else
            check_variant(db, a, s, frags, problems);
        (void)command(db, "ROLLBACK");
        (void)command(db, "DEALLOCATE ALL");
    }
    if (PQstatus(db->pg) != CONNECTION_OK)
        rc = db_fail(db, RC_UPSTREAM, s, "%s", PQerrorMessage(db->pg));
    db_drop(db); /* what request code prepared was forgotten above */
    return rc;
}

enum rc db_contract_plans(struct db *db, const struct db_stmt *s, long least, struct buf *problems)
{
    char name[DB_NAME];
    enum rc rc = db_connect(db);
    if (rc != RC_OK || (s->flags & DB_STMT_PLAN_INDEX) == 0)
        return rc;
    struct arena *a = problems->arena;
    Oid *oids = arena_array(a, Oid, db_stmt_nvalues(s));
    unsigned all = s->nfrags >= 31 ? ~0u : (1u << s->nfrags) - 1;
    db_stmt_oids(s, oids);
    db_stmt_name(s, all, name);
    if (command(db, "BEGIN")) {
        PGresult *res =
            PQprepare(db->pg, name, db_stmt_text(a, s, all), (int)db_stmt_nvalues(s), oids);
        if (PQresultStatus(res) == PGRES_COMMAND_OK)
            check_plan(db, s, all, name, least, problems);
        else
            problem(problems, s, all, "%s", PQerrorMessage(db->pg));
        PQclear(res);
    }
    (void)command(db, "ROLLBACK");
    (void)command(db, "DEALLOCATE ALL");
    if (PQstatus(db->pg) != CONNECTION_OK)
        rc = db_fail(db, RC_UPSTREAM, s, "%s", PQerrorMessage(db->pg));
    db_drop(db);
    return rc;
}
