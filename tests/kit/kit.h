/* kit.h: what tests that need a database share. A test program calls kit_database() once in main,
 * before check forks: it makes a database of its own from kade_template, with two shops in it, and
 * drops it at exit. Each test opens its own connections with kit_db. A step that must not fail ends
 * the program with "Bail out!", so that helpers need no checks at the call. */
#ifndef TESTS_KIT_H
#define TESTS_KIT_H

#include <check.h>

#include "base/arena.h"
#include "base/id.h"
#include "platform/conf.h"
#include "platform/db.h"

enum { KIT_A, KIT_B, KIT_SHOPS };

struct kit_shop {
    struct uuid id, store;
    const char *slug, *host; /* "a", "a.test" */
};
struct kit {
    struct conf *conf; /* of the installation under test: database, memcached, state folder */
    const char *database;
    struct arena *arena;
    struct kit_shop shop[KIT_SHOPS]; /* a: LKR, English and Sinhala; b: USD, English */
};

/* Bails out without servers (tests/kit/with-servers). */
const struct kit *kit_database(void);
/* The one made by kit_database. */
const struct kit *kit(void);
/* A connection of the caller's to that database; end with db_free. Role: "kade_web",
 * "kade_admin", "kade_jobs", "kade_migrate", "postgres". */
struct db *kit_db(const char *role);
/* Opens a scope in a shop (KIT_A, KIT_B, or -1 for none) at the current instant. */
void kit_scope(struct db *db, struct arena *a, int shop);
/* Runs a script as the superuser (no row security). */
void kit_sql(const char *sql);
/* One value read by the superuser; NULL when no row. Lives as long as the program. */
const char *kit_value(const char *sql);
/* kit_value as a number. */
int64_t kit_number(const char *sql);
/* "TMP/NAME" in the scratch folder of the program. */
char *kit_path(const char *name);
/* Runs the suite with TAP on standard output; the exit status of main. */
int kit_run(Suite *s);

/* RC_OK, or the test fails with what the database said. */
#define kit_ok(db, call)                                                                           \
    do {                                                                                           \
        enum rc kit_rc_ = (call);                                                                  \
        ck_assert_msg(kit_rc_ == RC_OK, "%s: %s: %s", #call, rc_name(kit_rc_),                     \
                      db_error(db)->message != NULL ? db_error(db)->message : "-");                \
    } while (0)
#define kit_rc(is, should)                                                                         \
    do {                                                                                           \
        enum rc kit_is_ = (is), kit_should_ = (should);                                            \
        ck_assert_msg(kit_is_ == kit_should_, "%s is %s, not %s", #is, rc_name(kit_is_),           \
                      rc_name(kit_should_));                                                       \
    } while (0)

#endif
