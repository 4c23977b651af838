/* db_admin.c: what migrations, the command line, the jobs process and tests need besides prepared
 * statements: scripts, results as text, COPY and notifications. Not for request code (checksrc).
 *
 * Invariant: none of it begins or leaves a transaction by itself; inside db_tx a script is part of
 * that transaction. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/db_int.h"
#include "platform/fault.h"

static void close_if_broken(struct db *db)
{
    if (PQstatus(db->pg) == CONNECTION_OK)
        return;
    log_warn("database connection lost", "role=%s why=%s", db->role,
             db->error.message != NULL ? db->error.message : "");
    db_drop(db);
}

/* Connected, and the BEGIN of a db_tx around us sent. */
static enum rc ready(struct db *db, const char *what)
{
    check_that(!db->copying);
    enum rc rc = db_connect(db);
    if (rc == RC_OK && db->tx.on && !db->tx.begun)
        rc = db_trip(db, NULL, 0);
    if (rc == RC_OK && db->tx.on)
        rc = db->tx.failed;
    if (rc == RC_OK && fault_here(FAULT_DB, what)) {
        rc = db_fail(db, RC_UPSTREAM, NULL, "fault: %s: connection lost", what);
        db_drop(db);
        if (db->tx.on)
            db->tx.failed = rc;
    }
    return rc;
}

/* A failure here poisons the transaction around it. */
static enum rc settled(struct db *db, enum rc rc)
{
    if (db->pg != NULL && db->open != DB_OPEN_NONE)
        db->open_failed = PQtransactionStatus(db->pg) == PQTRANS_INERROR;
    if (db->tx.on && rc != RC_OK && (db->pg == NULL || db->open_failed))
        db->tx.failed = rc;
    return rc;
}

enum rc db_script(struct db *db, const char *sql)
{
    enum rc rc = ready(db, "script");
    if (rc != RC_OK)
        return rc;
    if (PQsendQuery(db->pg, sql) != 1)
        rc = db_fail(db, RC_UPSTREAM, NULL, "%s", PQerrorMessage(db->pg));
    PGresult *res;
    while (db->pg != NULL && (res = PQgetResult(db->pg)) != NULL) {
        ExecStatusType st = PQresultStatus(res);
        if (st == PGRES_FATAL_ERROR && rc == RC_OK)
            rc = db_fail_result(db, res, NULL);
        PQclear(res);
        if (st == PGRES_COPY_IN || st == PGRES_COPY_OUT || st == PGRES_COPY_BOTH) {
            rc = db_fail(db, RC_BUG, NULL, "COPY from or to the client in a script");
            db_drop(db);
        }
    }
    if (db->pg != NULL)
        close_if_broken(db);
    if (db->pg != NULL && db->tx.on && PQtransactionStatus(db->pg) == PQTRANS_IDLE) {
        db->open = DB_OPEN_NONE;
        rc = db_fail(db, RC_BUG, NULL,
                     "the script ended the transaction it runs in: leave out "
                     "COMMIT and ROLLBACK");
        db->tx.failed = rc;
    }
    if (db->pg != NULL && !db->tx.on && db->arena == NULL &&
        PQtransactionStatus(db->pg) != PQTRANS_IDLE && rc == RC_OK)
        rc = db_fail(db, RC_BUG, NULL, "the script left a transaction open");
    if (db->pg != NULL && rc != RC_OK && db->open == DB_OPEN_NONE &&
        PQtransactionStatus(db->pg) != PQTRANS_IDLE)
        db_drop(db); /* nobody would end what the script began */
    return settled(db, rc);
}

static void copy_table(struct arena *a, const PGresult *res, struct db_table *out)
{
    struct db_table t = { .rows = (size_t)PQntuples(res), .cols = (size_t)PQnfields(res) };
    t.cell = arena_array(a, char *, t.rows *t.cols);
    t.name = arena_array(a, char *, t.cols);
    for (size_t c = 0; c < t.cols; c++)
        t.name[c] = arena_strdup(a, PQfname(res, (int)c));
    for (size_t i = 0; i < t.rows * t.cols; i++) {
        int r = (int)(i / t.cols), c = (int)(i % t.cols);
        if (!PQgetisnull(res, r, c))
            t.cell[i] = arena_strndup(a, PQgetvalue(res, r, c), (size_t)PQgetlength(res, r, c));
    }
    *out = t;
}

enum rc db_table(struct db *db, struct arena *a, const char *sql, const char *const *params,
                 size_t nparams, struct db_table *out)
{
    enum rc rc = ready(db, "table");
    if (rc != RC_OK)
        return rc;
    PGresult *res = PQexecParams(db->pg, sql, (int)nparams, NULL, params, NULL, NULL, 0);
    ExecStatusType st = PQresultStatus(res);
    if (st == PGRES_TUPLES_OK || st == PGRES_COMMAND_OK) {
        if (PQntuples(res) > DB_ROWS_MAX)
            rc = db_fail(db, RC_LIMIT, NULL, "result too big: %d rows", PQntuples(res));
        else
            copy_table(a, res, out);
    } else {
        rc = db_fail_result(db, res, NULL);
    }
    PQclear(res);
    close_if_broken(db);
    return settled(db, rc);
}

enum rc db_cell(struct db *db, struct arena *a, const char *sql, const char *const *params,
                size_t nparams, char **out)
{
    struct db_table t;
    enum rc rc = db_table(db, a, sql, params, nparams, &t);
    if (rc == RC_OK)
        *out = t.rows > 0 && t.cols > 0 ? t.cell[0] : NULL;
    return rc;
}

/* ---- COPY --------------------------------------------------------------------------------------
 */

void db_copy_escape(struct buf *b, const char *s)
{
    if (s == NULL) {
        buf_str(b, "\\N");
        return;
    }
    for (; *s != '\0'; s++) {
        switch (*s) {
        case '\\':
            buf_str(b, "\\\\");
            break;
        case '\n':
            buf_str(b, "\\n");
            break;
        case '\r':
            buf_str(b, "\\r");
            break;
        case '\t':
            buf_str(b, "\\t");
            break;
        default:
            buf_char(b, *s);
        }
    }
}

enum rc db_copy_begin(struct db *db, const char *copy_sql)
{
    enum rc rc = ready(db, "copy");
    if (rc != RC_OK)
        return rc;
    PGresult *res = PQexecParams(db->pg, copy_sql, 0, NULL, NULL, NULL, NULL, 0);
    if (PQresultStatus(res) == PGRES_COPY_IN)
        db->copying = true;
    else if (PQresultStatus(res) == PGRES_FATAL_ERROR)
        rc = db_fail_result(db, res, NULL);
    else
        rc = db_fail(db, RC_BUG, NULL, "not a COPY .. FROM STDIN");
    PQclear(res);
    close_if_broken(db);
    return settled(db, rc);
}

enum rc db_copy_put(struct db *db, const char *p, size_t n)
{
    check_that(db->copying);
    if (PQputCopyData(db->pg, p, (int)n) == 1)
        return RC_OK;
    return db_fail(db, RC_UPSTREAM, NULL, "%s", PQerrorMessage(db->pg));
}

enum rc db_copy_end(struct db *db, int64_t *rows)
{
    check_that(db->copying);
    db->copying = false;
    enum rc rc = RC_OK;
    int64_t n = 0;
    if (PQputCopyEnd(db->pg, NULL) != 1)
        rc = db_fail(db, RC_UPSTREAM, NULL, "%s", PQerrorMessage(db->pg));
    PGresult *res;
    while ((res = PQgetResult(db->pg)) != NULL) {
        if (PQresultStatus(res) != PGRES_COMMAND_OK)
            rc = rc == RC_OK ? db_fail_result(db, res, NULL) : rc;
        else if (str_int(PQcmdTuples(res), 0, INT64_MAX, &n) != RC_OK)
            n = 0;
        PQclear(res);
    }
    close_if_broken(db);
    if (rc == RC_OK && rows != NULL)
        *rows = n;
    return settled(db, rc);
}

/* ---- notifications -----------------------------------------------------------------------------
 */

static enum rc listen_to(struct db *db, const char *channel)
{
    char sql[2 * DB_NAME + 16];
    char *name = PQescapeIdentifier(db->pg, channel, strlen(channel));
    if (name == NULL)
        return db_fail(db, RC_INVALID, NULL, "channel name");
    snprintf(sql, sizeof sql, "LISTEN %s", name);
    PQfreemem(name);
    PGresult *res = PQexecParams(db->pg, sql, 0, NULL, NULL, NULL, NULL, 0);
    enum rc rc = PQresultStatus(res) == PGRES_COMMAND_OK ? RC_OK : db_fail_result(db, res, NULL);
    PQclear(res);
    return rc;
}

enum rc db_relisten(struct db *db)
{
    for (size_t i = 0; i < db->nlistening; i++) {
        enum rc rc = listen_to(db, db->listening[i]);
        if (rc != RC_OK) {
            db_drop(db);
            return rc;
        }
    }
    db->missed = true;
    return RC_OK;
}

enum rc db_listen(struct db *db, const char *channel)
{
    check_that(db->open == DB_OPEN_NONE && strlen(channel) < DB_NAME);
    for (size_t i = 0; i < db->nlistening; i++)
        if (str_eq(db->listening[i], channel))
            return db_connect(db); /* which listens again where it has to */
    enum rc rc = ready(db, "listen");
    if (rc == RC_OK)
        rc = listen_to(db, channel);
    if (rc != RC_OK)
        return rc;
    check_that(db->nlistening < COUNT_OF(db->listening));
    (void)str_copy(db->listening[db->nlistening++], DB_NAME, channel);
    return RC_OK;
}

static bool drain(struct db *db)
{
    bool came = db->missed;
    PGnotify *n;
    db->missed = false;
    while ((n = PQnotifies(db->pg)) != NULL) {
        came = true;
        PQfreemem(n);
    }
    return came;
}

enum rc db_wait_notify(struct db *db, int ms, bool *out)
{
    if (db->pg == NULL || fault_here(FAULT_DB, "wait"))
        return db_fail(db, RC_UPSTREAM, NULL, "not connected: LISTEN is gone");
    bool came = drain(db);
    int64_t end = monotonic_us() + (int64_t)ms * 1000;
    while (!came) {
        int64_t left = (end - monotonic_us() + 999) / 1000;
        struct pollfd fd = { .fd = PQsocket(db->pg), .events = POLLIN };
        int n = poll(&fd, 1, left > 0 ? (int)left : 0);
        if (n <= 0) /* time is up, or a signal wants attention */
            break;
        if (PQconsumeInput(db->pg) != 1) {
            enum rc rc = db_fail(db, RC_UPSTREAM, NULL, "%s", PQerrorMessage(db->pg));
            close_if_broken(db);
            return rc;
        }
        came = drain(db);
    }
    *out = came;
    return RC_OK;
}
