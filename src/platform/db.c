/* db.c: one connection to PostgreSQL: opening it with our session settings, back-off while the
 * server is away, the scope of a request, and failures turned into result codes. Statements are in
 * db_stmt.c, round trips in db_pipe.c, transactions in db_tx.c, maintenance in db_admin.c.
 *
 * Invariant: db->open says what the server has open on this connection; a connection that failed in
 * a way libpq cannot repair is closed at once, so nothing is ever sent on a broken one. */
#include "platform/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/db_int.h"
#include "platform/fault.h"

enum { BACKOFF_FIRST_US = 100000, BACKOFF_LAST_US = 1000000, IDLE_IN_TX_MS = 60000 };

struct db *db_new(const struct conf *c, const char *role, const char *application_name)
{
    struct db *db = calloc(1, sizeof *db);
    check_that(db != NULL);
    db->magic = DB_MAGIC;
    db->conf = c;
    db->role = strdup(role);
    db->name = strdup(application_name);
    check_that(db->role != NULL && db->name != NULL);
    db->prepared = map_new();
    return db;
}

void db_free(struct db *db)
{
    if (db == NULL)
        return;
    check_that(db->magic == DB_MAGIC);
    db_drop(db);
    map_free(db->prepared, NULL);
    free(db->role);
    free(db->name);
    db->magic = 0;
    free(db);
}

void db_drop(struct db *db)
{
    if (db->pg != NULL)
        PQfinish(db->pg);
    db->pg = NULL;
    db->open = DB_OPEN_NONE;
    db->open_failed = db->forget_prepared = db->copying = false;
    map_free(db->prepared, NULL);
    db->prepared = map_new();
}

static void on_notice(void *arg, const char *message)
{
    (void)arg;
    log_debug("database notice", "text=%s", message);
}

/* Everything a session needs travels in the start-up packet: no statement, no trip. search_path is
 * empty, so a name without its schema is an error and not somebody else's table. Plans are generic:
 * they are made once per connection and were measured that way. */
static PGconn *open_connection(const struct db *db)
{
    const struct conf *c = db->conf;
    char port[16], options[320];
    snprintf(port, sizeof port, "%d", c->db_port > 0 ? c->db_port : 5432);
    snprintf(options, sizeof options,
             "-c statement_timeout=%d -c lock_timeout=%d "
             "-c idle_in_transaction_session_timeout=%d -c timezone=UTC -c datestyle=ISO "
             "-c search_path= -c plan_cache_mode=force_generic_plan -c jit=off",
             c->db_statement_timeout_ms, c->db_lock_timeout_ms, IDLE_IN_TX_MS);
    const char *keys[] = { "host",
                           "port",
                           "dbname",
                           "user",
                           "passfile",
                           "application_name",
                           "options",
                           "client_encoding",
                           "gssencmode",
                           "connect_timeout",
                           "keepalives_idle",
                           "tcp_user_timeout",
                           NULL };
    const char *values[] = { c->db_host, port,    c->db_name, db->role,  c->db_password_file,
                             db->name,   options, "UTF8",     "disable", "3",
                             "30",       "15000", NULL };
    return PQconnectdbParams(keys, values, 0);
}

static enum rc connect_failed(struct db *db, const char *why)
{
    enum rc rc = db_fail(db, RC_UPSTREAM, NULL, "%s", why);
    int64_t back = db->backoff_us == 0 ? BACKOFF_FIRST_US : db->backoff_us * 2;
    db->backoff_us = back > BACKOFF_LAST_US ? BACKOFF_LAST_US : back;
    db->down_until = monotonic_us() + db->backoff_us;
    log_warn("database away", "role=%s wait_ms=%d why=%s", db->role, (int)(db->backoff_us / 1000),
             db->message);
    return rc;
}

enum rc db_connect(struct db *db)
{
    if (db->pg != NULL)
        return RC_OK;
    if (db_is_down(db))
        return db_fail(db, RC_UPSTREAM, NULL, "waiting before the next attempt to connect");
    if (fault_here(FAULT_DB, "connect"))
        return connect_failed(db, "fault: connection refused");
    int64_t t0 = monotonic_us();
    db->pg = open_connection(db);
    db->count.us += monotonic_us() - t0;
    if (PQstatus(db->pg) != CONNECTION_OK) {
        char why[400];
        (void)str_copy(why, sizeof why, PQerrorMessage(db->pg));
        db_drop(db);
        return connect_failed(db, why);
    }
    PQsetNoticeProcessor(db->pg, on_notice, NULL);
    db->backoff_us = db->down_until = 0;
    return db->nlistening > 0 ? db_relisten(db) : RC_OK;
}

bool db_is_connected(const struct db *db)
{
    return db->pg != NULL;
}

bool db_is_down(const struct db *db)
{
    return db->pg == NULL && db->down_until != 0 && monotonic_us() < db->down_until;
}

const struct db_error *db_error(const struct db *db)
{
    return &db->error;
}

struct db_counters db_counters(const struct db *db)
{
    return db->count;
}

struct arena *db_arena(struct db *db)
{
    return db->arena;
}

int db_socket(const struct db *db)
{
    return db->pg != NULL ? PQsocket(db->pg) : -1;
}

/* ---- scope ------------------------------------------------------------------------------------
 */

void db_scope_begin(struct db *db, struct arena *a, const struct uuid *tenant, int64_t now)
{
    check_that(db->magic == DB_MAGIC && db->arena == NULL && a != NULL);
    db->arena = a;
    db->count = (struct db_counters){ 0 };
    db->error = (struct db_error){ 0 };
    db->now = now;
    db_scope_tenant(db, tenant);
}

void db_scope_tenant(struct db *db, const struct uuid *tenant)
{
    check_that(!db->tx.on);
    db->has_tenant = tenant != NULL;
    db->tenant = tenant != NULL ? *tenant : (struct uuid){ 0 };
}

const struct uuid *db_scope_tenant_id(const struct db *db)
{
    return db->has_tenant ? &db->tenant : NULL;
}

void db_scope_end(struct db *db)
{
    check_that(!db->tx.on);
    if (db->arena == NULL)
        return;
    db->arena = NULL;
    db->has_tenant = false;
}

void db_set_user(struct db *db, void *user)
{
    db->user = user;
}

void *db_user(const struct db *db)
{
    return db->user;
}

void db_set_app(struct db *db, void *app)
{
    db->app = app;
}

void *db_app(const struct db *db)
{
    return db->app;
}

/* ---- failures ----------------------------------------------------------------------------------
 */

static const struct {
    const char *prefix; /* first that fits decides */
    enum rc rc;
} sqlstates[] = {
    { "40001", RC_RETRY },    /* serialization failure */
    { "40P01", RC_RETRY },    /* deadlock */
    { "23505", RC_CONFLICT }, /* unique */
    { "23P01", RC_CONFLICT }, /* exclusion */
    { "23", RC_INVALID },     /* check, foreign key, not null */
    { "22", RC_INVALID },     /* a value that does not fit its type */
    { "KD001", RC_CONFLICT }, /* app.guard_state: no such transition */
    { "KD002", RC_DENIED },   /* app.touch: a row may not change its tenant */
    { "42501", RC_DENIED },   /* grants and row security */
    { "57014", RC_LIMIT },    /* statement timeout */
    { "55P03", RC_LIMIT },    /* lock timeout */
    { "57P", RC_UPSTREAM },   /* shutdown, crash, starting up */
    { "25P03", RC_UPSTREAM }, /* idle in transaction: the server hung up */
    { "08", RC_UPSTREAM },    /* connection */
    { "53", RC_UPSTREAM },    /* disk, memory, connections used up */
    { "58", RC_UPSTREAM },    /* I/O error */
};

enum rc db_rc_of_sqlstate(const char *state)
{
    for (size_t i = 0; i < COUNT_OF(sqlstates); i++)
        if (str_starts(state, sqlstates[i].prefix))
            return sqlstates[i].rc;
    return RC_BUG;
}

static void keep(char *dst, size_t size, const char *src, const char **field)
{
    *field = NULL;
    if (src == NULL)
        return;
    (void)str_copy(dst, size, src);
    size_t n = strlen(dst);
    while (n > 0 && dst[n - 1] == '\n')
        dst[--n] = '\0';
    *field = dst;
}

static void keep_statement(struct db *db, enum rc rc, const struct db_stmt *s)
{
    db->error = (struct db_error){ .rc = rc };
    if (s == NULL)
        return;
    keep(db->statement, sizeof db->statement, s->name, &db->error.statement);
    keep(db->source, sizeof db->source, s->file, &db->error.file);
    db->error.line = s->line;
}

enum rc db_fail(struct db *db, enum rc rc, const struct db_stmt *s, const char *fmt, ...)
{
    char text[sizeof db->message];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    keep_statement(db, rc, s);
    keep(db->message, sizeof db->message, text, &db->error.message);
    return rc;
}

bool db_result_is_fatal(const PGresult *res)
{
    const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity != NULL && (str_eq(severity, "FATAL") || str_eq(severity, "PANIC"));
}

enum rc db_fail_result(struct db *db, const PGresult *res, const struct db_stmt *s)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    if (state == NULL) /* not from the server: the connection broke */
        return db_fail(db, RC_UPSTREAM, s, "%s", PQresultErrorMessage(res));
    enum rc rc = db_result_is_fatal(res) ? RC_UPSTREAM : db_rc_of_sqlstate(state);
    keep_statement(db, rc, s);
    (void)str_copy(db->error.sqlstate, sizeof db->error.sqlstate, state);
    keep(db->message, sizeof db->message, message, &db->error.message);
    keep(db->detail, sizeof db->detail, PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL),
         &db->error.detail);
    keep(db->constraint, sizeof db->constraint, PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME),
         &db->error.constraint);
    return rc;
}
