/* kade.h: the command line's own frame: options, commands, output. Private to kade*.c.
 * A command returns its exit status: 0 done, 1 failed, 2 wrong usage. */
#ifndef PROGRAMS_KADE_H
#define PROGRAMS_KADE_H

#include "app/ctx.h"
#include "base/buf.h"
#include "base/id.h"
#include "programs/prog.h"

enum kade_option {
    OPT_CONFIG,
    OPT_JSON,
    OPT_TENANT,
    OPT_HELP,
    OPT_VERSION,
    OPT_ROUTES,
    OPT_PERMISSIONS,
    OPT_TEMPLATES,
    OPT_EVENTS,
    OPT_BOOTSTRAP,
    OPT_SUPERUSER,
    OPT_DRY_RUN,
    OPT_NAME,
    OPT_HOST,
    OPT_CURRENCY,
    OPT_LOCALE,
    OPT_ZONE,
    OPT_COUNTRY,
    OPT_ROLE,
    OPT_OPERATOR,
    OPT_FORMAT,
    OPT_PICTURES,
    OPT_PRODUCTS,
    OPT_ORDERS,
    OPT_YES,
    OPT_ALT,
    OPT_CAPTION,
    OPT_SKU,
    OPT_ALL,
    OPTIONS
};

struct kade {
    struct prog prog;
    struct app_ctx app;
    bool opened;
    const char *value[OPTIONS]; /* NULL = not given, "" = a flag that is on */
    struct arena *arena;
};

struct command {
    const char *group, *name; /* "tenant", "create"; name NULL: the group is the command */
    const char *args;         /* "SLUG --name NAME" */
    const char *help;
    int least, most;                 /* arguments */
    const enum kade_option *options; /* its own, ends with OPTIONS */
    int (*run)(struct kade *k, char **arg);
};
/* One table a file, ends with a zeroed entry. */
extern const struct command kade_check_commands[], kade_migrate_commands[], kade_tenant_commands[],
    kade_user_commands[], kade_import_commands[], kade_media_commands[], kade_theme_commands[],
    kade_home_commands[], kade_jobs_commands[], kade_backup_commands[], kade_search_commands[],
    kade_field_commands[], kade_desk_commands[], kade_collection_commands[], kade_order_commands[],
    kade_tax_commands[], kade_payment_commands[];

/* Prints "kade: ..." on standard error; returns EXIT_FAILED. Say what to do next. */
int kade_fail(const char *fmt, ...) ATTR_FORMAT(1, 2);
/* The same for an rc of a database call, with what the server said. */
int kade_fail_db(struct kade *k, const char *doing, enum rc rc);
static inline bool kade_has(const struct kade *k, enum kade_option o)
{
    return k->value[o] != NULL;
}
/* Configuration, modules and languages (templates only for check): 0 or an exit status. */
int kade_load(struct kade *k, bool templates) ATTR_MUST_CHECK;
/* Connects in a role; loads first when needed. */
int kade_open(struct kade *k, const char *role) ATTR_MUST_CHECK;
/* The shop of --tenant; with none given an error that names the option. Opened first. */
int kade_tenant(struct kade *k, struct uuid *out) ATTR_MUST_CHECK;
int kade_tenant_by_slug(struct kade *k, const char *slug, struct uuid *out) ATTR_MUST_CHECK;
/* All of it for a command about one shop: connected as staff, in its scope. */
int kade_shop(struct kade *k, const struct tenant **out) ATTR_MUST_CHECK;
/* An argument as clean text; NULL after an error was printed. */
const char *kade_text(struct kade *k, const char *arg);
/* A database scope in a shop (NULL: none). */
void kade_scope(struct kade *k, const struct uuid *tenant);
/* kade_user.c: 0 with a clean address, else a usage error. */
int kade_email(struct kade *k, const char *arg, const char **out) ATTR_MUST_CHECK;
/* From standard input or made (*made: show it once); hashed. */
int kade_password(struct kade *k, const char **password, bool *made,
                  const char **hash) ATTR_MUST_CHECK;
/* Prints the account; a made password once, it is stored nowhere. */
int kade_account_rows(struct kade *k, const char *email, struct uuid id, const char *password,
                      bool made) ATTR_MUST_CHECK;
/* kade_operator.c: the same three commands for the platform's operators (--operator). */
int kade_operator_create(struct kade *k, const char *email) ATTR_MUST_CHECK;
int kade_operator_reset(struct kade *k, const char *email) ATTR_MUST_CHECK;
int kade_operator_disable(struct kade *k, const char *email) ATTR_MUST_CHECK;
int kade_operator_list(struct kade *k) ATTR_MUST_CHECK;
/* Whole number of an option in [least, most]; absent = otherwise. */
int kade_int(struct kade *k, enum kade_option o, int64_t least, int64_t most, int64_t otherwise,
             int64_t *out) ATTR_MUST_CHECK;
/* Starts argv[0] from PATH, waits; true when it exited with 0. env: "NAME=value" to add or NULL. */
bool kade_spawn(struct kade *k, const char *const *argv, const char *env);

/* "PGPASSFILE=..." for PostgreSQL's own tools, NULL when no file is configured. */
const char *kade_password_env(struct kade *k);
/* kade_migrate.c: the database of the configuration, if it is missing; roles and extensions. */
int kade_make_database(struct kade *k, const char *superuser) ATTR_MUST_CHECK;
int kade_bootstrap(struct kade *k, const struct conf *c, const char *superuser) ATTR_MUST_CHECK;
bool kade_createdb(struct kade *k, const char *superuser, const char *name);
bool kade_dropdb(struct kade *k, const char *superuser, const char *name);

/* ---- output: rows as a table for people or, with --json, an array of objects ---- */
struct kade_rows {
    struct kade *k;
    const char *const *cols; /* NULL-terminated; lower case */
    size_t ncols, n, cap;
    const char **cell;
};
void kade_rows_begin(struct kade_rows *o, struct kade *k, const char *const *cols);
/* ncols texts; NULL is shown as "-" and null. They must live until kade_rows_end. */
void kade_rows_add(struct kade_rows *o, const char *const *cells);
int kade_rows_end(struct kade_rows *o); /* 0, or EXIT_FAILED when it could not be written */

#endif
