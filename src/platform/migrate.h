/* migrate.h: forward-only migrations, sql/<module>/NNN_name.sql, ordered by the modules' needs.
 * Each file is one transaction, recorded with its SHA-256 in app.schema_migrations; an edited or
 * missing file of the past refuses to run. One runner at a time (advisory lock). The session user
 * is kade_migrate with row_security off (data-model.md 1.9); owners are set by the files. */
#ifndef PLATFORM_MIGRATE_H
#define PLATFORM_MIGRATE_H

#include <stddef.h>

#include "platform/db.h"

struct migrate_module {
    const char *name;
}; /* in the order they must run; "app", "shop", ... */

struct migrate_report {
    size_t applied, present;
    const char *problem; /* NULL or one line, in the arena */
};

/* db: a connection as kade_migrate. sql_dir holds <module>/NNN_*.sql. dry: only report. */
KADE_API enum rc migrate_run(struct db *db, struct arena *a, const char *sql_dir,
                             const struct migrate_module *m, size_t n, bool dry,
                             struct migrate_report *out) ATTR_MUST_CHECK;
/* Highest NNN recorded for a module, 0 when none; works as any runtime role. */
KADE_API enum rc migrate_version(struct db *db, struct arena *a, const char *module,
                                 unsigned *out) ATTR_MUST_CHECK;
/* Creates roles and the database's extensions and schema app if missing; run as a superuser, may be
 * repeated (sql/bootstrap.sql). */
KADE_API enum rc migrate_bootstrap(struct db *superuser, const char *sql_dir) ATTR_MUST_CHECK;

#endif
