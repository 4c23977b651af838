/* kade_migrate.c: kade migrate: brings the database to what the modules expect. With --bootstrap it
 * first makes the database, its roles and extensions, which needs a superuser; everything after
 * that runs as kade_migrate. May be run again at any time. */
#include <stdio.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/db.h"
#include "platform/migrate.h"
#include "programs/kade.h"

static struct db *connect_as(struct kade *k, const struct conf *c, const char *role)
{
    struct db *db = db_new(c, role, "kade migrate");
    k->app.db = db; /* for kade_fail_db */
    return db;
}

/* Asks the server's own tools: CREATE and DROP DATABASE know no parameters and no transaction. */
bool kade_createdb(struct kade *k, const char *superuser, const char *name)
{
    const struct conf *c = k->prog.conf;
    const char *port = arena_printf(k->arena, "%d", c->db_port);
    const char *const argv[] = {
        "createdb", "--no-password", "-h", c->db_host,  "-p", port, "-U", superuser,
        "-E",       "UTF8",          "-T", "template0", name, NULL
    };
    return kade_spawn(k, argv, kade_password_env(k));
}

bool kade_dropdb(struct kade *k, const char *superuser, const char *name)
{
    const struct conf *c = k->prog.conf;
    const char *port = arena_printf(k->arena, "%d", c->db_port);
    const char *const argv[] = { "dropdb", "--no-password", "-h", c->db_host, "-p", port,
                                 "-U",     superuser,       name, NULL };
    return kade_spawn(k, argv, kade_password_env(k));
}

int kade_make_database(struct kade *k, const char *superuser)
{
    log_set_level(LOG_ERROR_); /* that it is not there yet is no warning */
    struct db *db = connect_as(k, k->prog.conf, superuser);
    enum rc rc = db_connect(db);
    log_set_level(LOG_WARN_);
    /* libpq tells no state for a refused start: when it cannot be made either, say why. */
    int status = 0;
    if (rc != RC_OK && !kade_createdb(k, superuser, k->prog.conf->db_name))
        status = kade_fail_db(k, "connecting as the superuser", rc);
    db_free(db);
    k->app.db = NULL;
    return status;
}

int kade_bootstrap(struct kade *k, const struct conf *c, const char *superuser)
{
    struct db *db = connect_as(k, c, superuser);
    enum rc rc = migrate_bootstrap(db, c->sql_dir);
    int status = rc == RC_OK ? 0 : kade_fail_db(k, "bootstrap", rc);
    db_free(db);
    k->app.db = NULL;
    return status;
}

static int bootstrap(struct kade *k)
{
    const char *superuser = k->value[OPT_SUPERUSER];
    if (str_empty(superuser)) {
        (void)kade_fail("--bootstrap needs --superuser NAME, for instance postgres");
        return EXIT_USAGE;
    }
    int status = kade_make_database(k, superuser);
    return status == 0 ? kade_bootstrap(k, k->prog.conf, superuser) : status;
}

static int migrate(struct kade *k, char **arg)
{
    (void)arg;
    int status = kade_load(k, false);
    if (status == 0 && kade_has(k, OPT_BOOTSTRAP))
        status = bootstrap(k);
    if (status != 0)
        return status;
    const struct app_registry *g = k->prog.registry;
    struct migrate_module *m = arena_array(k->arena, struct migrate_module, g->nmodules);
    size_t n = 0;
    for (size_t i = 0; i < g->nmodules; i++)
        if (g->modules[i]->schema_version > 0)
            m[n++].name = g->modules[i]->name;
    struct db *db = connect_as(k, k->prog.conf, "kade_migrate");
    struct migrate_report report = { 0 };
    enum rc rc =
        migrate_run(db, k->arena, k->prog.conf->sql_dir, m, n, kade_has(k, OPT_DRY_RUN), &report);
    if (rc != RC_OK)
        status = report.problem != NULL ? kade_fail("%s", report.problem)
                                        : kade_fail_db(k, "migrating", rc);
    else if (kade_has(k, OPT_JSON))
        printf("{\"applied\":%zu,\"present\":%zu}\n", report.applied, report.present);
    else
        printf("%s %zu, present before %zu\n", kade_has(k, OPT_DRY_RUN) ? "to apply" : "applied",
               report.applied, report.present);
    db_free(db);
    k->app.db = NULL;
    return status;
}

static const enum kade_option migrate_options[] = { OPT_BOOTSTRAP, OPT_SUPERUSER, OPT_DRY_RUN,
                                                    OPTIONS };
const struct command kade_migrate_commands[] = {
    { "migrate", NULL, "[--bootstrap --superuser NAME] [--dry-run]",
      "Bring the database's schema to what the modules expect.", 0, 0, migrate_options, migrate },
    { 0 }
};
