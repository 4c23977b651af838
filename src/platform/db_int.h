/* db_int.h: what the files of the database layer share. Nobody else includes it; libpq's header is
 * seen only through it. */
#ifndef PLATFORM_DB_INT_H
#define PLATFORM_DB_INT_H

#include <libpq-fe.h>

#include "base/map.h"
#include "platform/db.h"

#define DB_MAGIC      0x44424442u
#define DB_PIPE_MAGIC 0x44425049u

enum { DB_ROWS_MAX = 100000, DB_BYTES_MAX = 32 * 1024 * 1024, DB_NAME = 64, DB_FRAGS_MAX = 30 };

/* Types of PostgreSQL (pg_type.oid), fixed for ever. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_VARCHAR = 1043,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
    OID_JSONB = 3802,
    OID_BOOLS = 1000,
    OID_INT4S = 1007,
    OID_TEXTS = 1009,
    OID_INT8S = 1016,
    OID_UUIDS = 2951
};

struct db_hook {
    void (*fn)(struct db *db, void *arg);
    void *arg;
    struct db_hook *next;
};

/* The db_tx that runs now. */
struct db_txn {
    bool on, begun; /* begun: its BEGIN has reached the server */
    unsigned flags;
    enum rc failed; /* first failure that poisoned it; every later statement answers with it */
    const char *file;
    int line;
    struct db_hook *first, **last;
};

enum db_open { DB_OPEN_NONE, DB_OPEN_WRITE };

struct db {
    uint32_t magic;
    const struct conf *conf;
    char *role, *name;
    PGconn *pg;
    struct map *prepared; /* names the server knows on this connection */
    bool forget_prepared; /* DEALLOCATE ALL goes with the next trip */
    enum db_open open;    /* transaction the server has open between trips */
    bool open_failed;     /* it is poisoned */
    struct db_txn tx;
    struct arena *arena; /* NULL outside a scope */
    struct uuid tenant;
    bool has_tenant;
    int64_t now;
    int64_t down_until, backoff_us;
    struct db_counters count;
    void *user, *app;
    struct db_error error;
    char message[512], detail[512], constraint[128], statement[96], source[160];
    bool copying;
    char listening[4][DB_NAME]; /* channels, listened to again after a reconnect */
    size_t nlistening;
    bool missed; /* notifications may have come while nobody listened */
};

/* One argument as libpq takes it; p NULL = null. */
struct db_value {
    const char *p;
    int n, format;
};

struct db_op {
    const struct db_stmt *stmt;
    unsigned frags;
    size_t nvalues;
    struct db_value *values;
    bool invalid, prepare;
    struct db_result *out;
    void (*done)(void *target, const struct db_result *r);
    void *target;
    char name[DB_NAME];
};

struct db_pipe {
    uint32_t magic;
    struct db *db;
    struct db_op *ops;
    size_t n, cap;
};

/* ---- db.c --------------------------------------------------------------------------------------
 */
/* Closes a connection that is of no more use; everything it had open is gone. */
void db_drop(struct db *db);
/* Records a failure found by us (no SQLSTATE) or by the server; returns rc. */
enum rc db_fail(struct db *db, enum rc rc, const struct db_stmt *s, const char *fmt, ...)
    ATTR_FORMAT(4, 5);
enum rc db_fail_result(struct db *db, const PGresult *res, const struct db_stmt *s);
enum rc db_rc_of_sqlstate(const char *state);
bool db_result_is_fatal(const PGresult *res);

/* ---- db_admin.c --------------------------------------------------------------------------------
 */
/* LISTEN on a new connection to what the old one listened to. */
enum rc db_relisten(struct db *db);

/* ---- db_stmt.c ---------------------------------------------------------------------------------
 */
Oid db_type_oid(enum field_type t);
bool db_type_matches(enum field_type t, Oid oid);
const char *db_type_name(enum field_type t);
/* SQL with the pieces of frags kept and the others cut out. */
char *db_stmt_text(struct arena *a, const struct db_stmt *s, unsigned frags);
void db_stmt_name(const struct db_stmt *s, unsigned frags, char out[DB_NAME]);
size_t db_stmt_nvalues(const struct db_stmt *s);
void db_stmt_oids(const struct db_stmt *s, Oid *out);
/* False when a value cannot be represented. */
bool db_encode(struct arena *a, const struct db_param *p, const union db_arg *v,
               struct db_value *out);
enum rc db_decode(struct db *db, const struct db_stmt *s, const PGresult *res,
                  struct db_result *out);

/* ---- db_pipe.c ---------------------------------------------------------------------------------
 */
/* One round trip: what must be opened or closed first, then the statements. n may be 0. */
enum rc db_trip(struct db *db, struct db_op *ops, size_t n);
/* COMMIT or ROLLBACK of the write transaction, as a trip of its own. */
enum rc db_finish(struct db *db, bool commit);

#endif
