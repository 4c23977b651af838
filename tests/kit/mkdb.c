/* mkdb.c: makes the migrated template database of a test cluster, through the same functions as
 * `kade migrate`. Not installed, knows nothing of tests.
 * usage: mkdb SOCKETDIR DATABASE SQLDIR MODULE... (the database exists and is empty) */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "platform/conf.h"
#include "platform/db.h"
#include "platform/migrate.h"

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "mkdb: %s: %s\n", what, why != NULL ? why : "no reason given");
    return 1;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: mkdb SOCKETDIR DATABASE SQLDIR MODULE...\n");
        return 2;
    }
    log_set_level(LOG_WARN_);
    struct arena *a = arena_new_sized(0);
    struct conf c = { .db_host = argv[1],
                      .db_name = argv[2],
                      .db_port = 5432,
                      .db_statement_timeout_ms = 30000,
                      .db_lock_timeout_ms = 10000 };
    struct db *super = db_new(&c, "postgres", "mkdb");
    struct db *db = db_new(&c, "kade_migrate", "mkdb");
    size_t n = (size_t)argc - 4;
    struct migrate_module *m = arena_array(a, struct migrate_module, n);
    for (size_t i = 0; i < n; i++)
        m[i].name = argv[4 + i];
    struct migrate_report report = { 0 };
    int status = 0;
    if (migrate_bootstrap(super, argv[3]) != RC_OK)
        status = fail("bootstrap", db_error(super)->message);
    else if (migrate_run(db, a, argv[3], m, n, false, &report) != RC_OK)
        status = fail("migrate", report.problem);
    db_free(super);
    db_free(db);
    arena_free(a);
    return status;
}
