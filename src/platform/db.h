/* db.h: one PostgreSQL connection, prepared statements described by generated tables, pipelines and
 * transactions. Nobody outside platform/ sees libpq.
 *
 * Life of a request: db_scope_begin (no traffic) ... each statement or pipeline is one round trip
 * and a read-only transaction by itself, with set_config('kade.tenant') and set_config('kade.now')
 * in front; nothing stays open between trips. Writes happen only inside db_tx, whose BEGIN travels
 * with its first statement.
 *
 * Errors: RC_UPSTREAM the server is away (the connection is reopened at the next scope, with
 * back-off), RC_RETRY serialization failure or deadlock (only inside db_tx, which handles it),
 * RC_CONFLICT unique or exclusion violation, RC_INVALID check or foreign key violation or bad
 * value, RC_DENIED permission or row security (42501), RC_LIMIT statement timeout, RC_NOTFOUND a
 * "one" statement found no row, RC_BUG the rest. db_error() tells details. */
#ifndef PLATFORM_DB_H
#define PLATFORM_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/field.h"
#include "base/id.h"
#include "base/rc.h"
#include "platform/conf.h"

struct db;
struct db_pipe;

enum db_card {
    DB_EXEC,  /* no rows; out is int64_t * = affected rows (may be NULL) */
    DB_ONE,   /* exactly one row into *out; none = RC_NOTFOUND */
    DB_MAYBE, /* zero or one: out is struct { bool found; T row; } in generated code */
    DB_MANY   /* struct { T *row; size_t n; } */
};

enum {
    DB_STMT_WRITES = 1,
    DB_STMT_PLAN_INDEX = 2,
    DB_STMT_TENANT_FIRST = 4 /* $1 is the scope's tenant */
};

struct db_param {
    const char *name;
    enum field_type type;
    bool nullable;
};

/* Optional piece of SQL text, chosen by bit (1u << index) in the mask given at the call. The SQL in
 * struct db_stmt carries every piece as "\x01<index>\x02 ... \x03"; a piece not chosen is cut out.
 */
struct db_frag {
    const char *name;
};

struct db_stmt {
    const char *name; /* "wishlist.items" */
    const char *sql;
    const char *file; /* sql/wishlist/q/items.sql, for messages */
    int line;
    enum db_card card;
    unsigned flags;
    const struct db_param *params;
    size_t nparams;
    const struct field *cols;
    size_t ncols;
    const struct db_frag *frags;
    size_t nfrags;
    size_t row_size, row_align;
    uint32_t hash;    /* of sql; part of the prepared name */
    const char *role; /* NULL = any; "desk" = only connections of kade_admin and kade_jobs */
};

/* One argument, in the order of params. Nullable non-pointers: NULL pointer = null. */
union db_arg {
    struct uuid uuid;
    const struct uuid *uuid_or_null;
    const char *text;
    int32_t i4;
    const int32_t *i4_or_null;
    int64_t i8;
    const int64_t *i8_or_null;
    bool b;
    const bool *b_or_null;
    struct bytes bytes;
    struct uuids uuids;
    struct texts texts;
    struct int4s int4s;
    struct int8s int8s;
    struct bools bools;
};

struct db_result {
    void *rows;
    size_t n;
    int64_t affected;
    bool found;
};

struct db_error {
    enum rc rc;
    char sqlstate[6];
    const char *message, *detail, *constraint, *statement, *file;
    int line;
};

struct db_counters {
    unsigned statements, trips;
    int64_t us;
};

/* ---- connection ------------------------------------------------------------------------------ */
/* Does not connect yet. role: the login role; application_name is shown in pg_stat_activity. */
KADE_API struct db *db_new(const struct conf *c, const char *role, const char *application_name);
KADE_API void db_free(struct db *db);
/* Connects now if not connected. RC_UPSTREAM with db_error when it cannot. */
KADE_API enum rc db_connect(struct db *db) ATTR_MUST_CHECK;
KADE_API bool db_is_connected(const struct db *db);
/* True while the connection waits out its back-off (0.1 s doubling to 2 s): a call would fail at
 * once. */
KADE_API bool db_is_down(const struct db *db);
KADE_API const struct db_error *db_error(const struct db *db);
KADE_API struct db_counters db_counters(const struct db *db); /* since db_scope_begin */
KADE_API struct arena *db_arena(struct db *db);               /* of the scope */
KADE_API int db_socket(const struct db *db); /* -1 when not connected; for LISTEN loops */

/* ---- scope ----------------------------------------------------------------------------------- */
/* Rows are copied into a. tenant NULL = no tenant: policies give no rows. No traffic. */
KADE_API void db_scope_begin(struct db *db, struct arena *a, const struct uuid *tenant,
                             int64_t now);
/* Changes the tenant. No traffic. */
KADE_API void db_scope_tenant(struct db *db, const struct uuid *tenant);
KADE_API const struct uuid *db_scope_tenant_id(const struct db *db); /* NULL when none */
/* No traffic: nothing is open. */
KADE_API void db_scope_end(struct db *db);
/* Free for per-request user data that hooks need (struct req); owned by the caller. */
KADE_API void db_set_user(struct db *db, void *user);
KADE_API void *db_user(const struct db *db);
/* The process this connection belongs to (struct app_ctx); set once by app_open. */
KADE_API void db_set_app(struct db *db, void *app);
KADE_API void *db_app(const struct db *db);

/* ---- statements: called by generated code -----------------------------------------------------
 */
/* One statement, one trip. out: see enum db_card; rows live in the scope's arena. */
KADE_API enum rc db_run(struct db *db, const struct db_stmt *s, unsigned frags,
                        const union db_arg *args, struct db_result *out) ATTR_MUST_CHECK;
/* A pipeline: queue any number, run once. *out is filled by db_pipe_run. */
KADE_API struct db_pipe *db_pipe(struct db *db) ATTR_RETNONNULL;
KADE_API void db_send(struct db_pipe *p, const struct db_stmt *s, unsigned frags,
                      const union db_arg *args, struct db_result *out,
                      void (*done)(void *target, const struct db_result *r), void *target);
/* First failure is returned and the rest are not filled. An empty pipeline is RC_OK without a trip.
 * The pipe may be filled and run again. */
KADE_API enum rc db_pipe_run(struct db_pipe *p) ATTR_MUST_CHECK;

/* ---- transactions -----------------------------------------------------------------------------
 */
enum {
    DB_TX_RETRY = 1, /* run again on 40001/40P01: at most 3 runs, arena rewound, jitter */
    DB_TX_SERIALIZABLE = 2,
    DB_TX_ASYNC_COMMIT = 4
};
typedef enum rc db_tx_fn(struct db *db, void *arg);
/* Commits when fn returns RC_OK, else rolls back and returns its code. fn may run up to 3 times and
 * must have no effect outside the database. Nesting aborts and prints where the outer one began. */
#define db_tx(db, flags, fn, arg) db_tx_at((db), (flags), (fn), (arg), __FILE__, __LINE__)
KADE_API enum rc db_tx_at(struct db *db, unsigned flags, db_tx_fn *fn, void *arg, const char *file,
                          int line) ATTR_MUST_CHECK;
KADE_API bool db_in_tx(const struct db *db);
/* Called once after COMMIT succeeded, in order, before db_tx returns; forgotten on rollback or
 * retry. */
KADE_API void db_after_commit(struct db *db, void (*fn)(struct db *db, void *arg), void *arg);

/* ---- maintenance: migrations, command line, tests. Not for request code (checksrc). -------------
 */
/* Several statements in one text, simple protocol, outside any scope. */
KADE_API enum rc db_script(struct db *db, const char *sql) ATTR_MUST_CHECK;
/* One text result cell, NULL when no row; parameters are text. */
KADE_API enum rc db_cell(struct db *db, struct arena *a, const char *sql, const char *const *params,
                         size_t nparams, char **out) ATTR_MUST_CHECK;
/* All rows as text: out[row * ncols + col]. */
struct db_table {
    size_t rows, cols;
    char **cell;
    char **name;
};
KADE_API enum rc db_table(struct db *db, struct arena *a, const char *sql,
                          const char *const *params, size_t nparams,
                          struct db_table *out) ATTR_MUST_CHECK;
/* COPY .. FROM STDIN (text format) in chunks; the caller escapes with db_copy_escape. */
KADE_API enum rc db_copy_begin(struct db *db, const char *copy_sql) ATTR_MUST_CHECK;
KADE_API enum rc db_copy_put(struct db *db, const char *p, size_t n) ATTR_MUST_CHECK;
KADE_API void db_copy_escape(struct buf *b, const char *s); /* one value; NULL is \N */
KADE_API enum rc db_copy_end(struct db *db, int64_t *rows) ATTR_MUST_CHECK;
/* LISTEN channel (at most 4); then db_wait_notify blocks up to ms and says whether one came. Kept
 * over a reconnect, after which db_wait_notify answers yes once: something may have been missed. */
KADE_API enum rc db_listen(struct db *db, const char *channel) ATTR_MUST_CHECK;
KADE_API enum rc db_wait_notify(struct db *db, int ms, bool *out) ATTR_MUST_CHECK;
/* Contract test: prepares, compares annotations with what the server describes, and when
 * DB_STMT_PLAN_INDEX is set EXPLAINs with enable_seqscan off. Problems are appended as lines. */
KADE_API enum rc db_contract(struct db *db, const struct db_stmt *s,
                             struct buf *problems) ATTR_MUST_CHECK;
/* Bench: the plan the server chooses by itself on real sizes, for statements with
 * DB_STMT_PLAN_INDEX, all pieces in. A scan of a whole table estimated at least or more (planner
 * units) is a problem. */
KADE_API enum rc db_contract_plans(struct db *db, const struct db_stmt *s, long least,
                                   struct buf *problems) ATTR_MUST_CHECK;

#endif
