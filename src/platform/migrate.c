/* migrate.c: brings a database forward. Files sql/<module>/NNN_name.sql run once each, in order of
 * number, module after module, each in a transaction of its own together with its record. What ran
 * is remembered with its SHA-256: a past that was edited, removed or added to refuses everything
 * before anything runs. Not here: going back; a mistake is mended by a further file.
 *
 * Invariant: at most one runner at a time; after a failure the database is as the last recorded
 * file left it. */
#include "platform/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/crypto.h"

enum { FILE_MAX = 16 * 1024 * 1024, LOCK_TRIES = 300, LOCK_PAUSE_MS = 100 };

struct step {
    const char *module, *name; /* "002_tenants.sql" */
    int32_t no;
    const char *text, *sha256;
    bool recorded;
};

struct run {
    struct db *db;
    struct arena *a;
    const char *dir;
    struct step *step;
    size_t n, cap;
    const char *problem;
};

static enum rc refuse(struct run *r, enum rc rc, const char *fmt, ...) ATTR_FORMAT(3, 4);
static enum rc refuse(struct run *r, enum rc rc, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    r->problem = arena_vprintf(r->a, fmt, ap);
    va_end(ap);
    return rc;
}

static enum rc database_problem(struct run *r, enum rc rc)
{
    const struct db_error *e = db_error(r->db);
    if (str_eq(e->sqlstate, "42P01") || str_eq(e->sqlstate, "3F000"))
        return refuse(r, RC_INVALID,
                      "this database was never prepared: run sql/bootstrap.sql as a superuser");
    return refuse(r, rc, "database: %s", e->message != NULL ? e->message : rc_name(rc));
}

/* ---- files -------------------------------------------------------------------------------------
 */

static enum rc read_file(struct arena *a, const char *path, char **out)
{
    FILE *f = fopen(path, "rbe");
    if (f == NULL)
        return RC_NOTFOUND;
    struct buf b;
    buf_init(&b, a, FILE_MAX);
    char chunk[16384];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_put(&b, chunk, n);
    bool bad = ferror(f) != 0 || memchr(b.p, '\0', b.n) != NULL;
    fclose(f);
    if (bad || buf_rc(&b) != RC_OK)
        return RC_INVALID;
    *out = b.p;
    return RC_OK;
}

static bool is_migration(const char *name)
{
    size_t n = strlen(name);
    if (n < 9 || !str_ends(name, ".sql") || name[3] != '_')
        return false;
    for (size_t i = 0; i < n - 4; i++) {
        bool digit = name[i] >= '0' && name[i] <= '9';
        bool letter = (name[i] >= 'a' && name[i] <= 'z') || name[i] == '_';
        if (i < 3 ? !digit : !digit && !letter)
            return false;
    }
    return true;
}

static struct step *add_step(struct run *r)
{
    if (r->n == r->cap) {
        size_t cap = r->cap == 0 ? 32 : r->cap * 2;
        struct step *s = arena_array(r->a, struct step, cap);
        if (r->n > 0)
            memcpy(s, r->step, r->n * sizeof *s);
        r->step = s;
        r->cap = cap;
    }
    return &r->step[r->n++];
}

static int by_name(const void *x, const void *y)
{
    const struct step *a = x, *b = y;
    return strcmp(a->name, b->name);
}

static enum rc read_step(struct run *r, const char *module, const char *name)
{
    char *path = arena_printf(r->a, "%s/%s/%s", r->dir, module, name);
    int64_t no;
    if (!is_migration(name) || str_int(arena_strndup(r->a, name, 3), 1, 999, &no) != RC_OK)
        return refuse(r, RC_INVALID, "sql/%s/%s: a migration is named NNN_words.sql", module, name);
    struct step s = { .module = module, .name = arena_strdup(r->a, name), .no = (int32_t)no };
    char *text;
    if (read_file(r->a, path, &text) != RC_OK)
        return refuse(r, RC_INVALID, "sql/%s/%s cannot be read: %s", module, name, strerror(errno));
    s.text = text;
    s.sha256 = crypto_sha256_hex(r->a, text, strlen(text));
    *add_step(r) = s;
    return RC_OK;
}

/* A module without a folder has no schema. */
static enum rc read_module(struct run *r, const char *module)
{
    size_t first = r->n;
    DIR *d = opendir(arena_printf(r->a, "%s/%s", r->dir, module));
    if (d == NULL)
        return RC_OK;
    enum rc rc = RC_OK;
    struct dirent *e;
    while (rc == RC_OK && (e = readdir(d)) != NULL)
        if (str_ends(e->d_name, ".sql"))
            rc = read_step(r, module, e->d_name);
    closedir(d);
    if (r->n > first)
        qsort(r->step + first, r->n - first, sizeof *r->step, by_name);
    for (size_t i = first + 1; i < r->n && rc == RC_OK; i++)
        if (r->step[i].no == r->step[i - 1].no)
            rc = refuse(r, RC_INVALID, "sql/%s: %s and %s have the same number", module,
                        r->step[i - 1].name, r->step[i].name);
    return rc;
}

/* ---- history -----------------------------------------------------------------------------------
 */

static struct step *find_step(struct run *r, size_t first, int32_t no)
{
    for (size_t i = first; i < r->n; i++)
        if (r->step[i].no == no)
            return &r->step[i];
    return NULL;
}

static enum rc check_recorded(struct run *r, const char *module, size_t first,
                              const struct app_migration_row *was)
{
    struct step *s = find_step(r, first, was->no);
    if (s == NULL || !str_eq(s->name, was->name))
        return refuse(r, RC_CONFLICT,
                      "sql/%s/%s has run here but is missing: restore the file, history is kept",
                      module, was->name);
    if (!str_eq(s->sha256, was->sha256))
        return refuse(r, RC_CONFLICT,
                      "sql/%s/%s was edited after it ran: restore it and put the change into a new "
                      "file",
                      module, was->name);
    s->recorded = true;
    return RC_OK;
}

static enum rc check_module(struct run *r, const char *module)
{
    size_t first = r->n;
    struct app_migration_row_list rows;
    enum rc rc = read_module(r, module);
    if (rc != RC_OK)
        return rc;
    rc = app_q_migrations(r->db, module, &rows);
    if (rc != RC_OK)
        return database_problem(r, rc);
    for (size_t i = 0; i < rows.n; i++) {
        rc = check_recorded(r, module, first, &rows.row[i]);
        if (rc != RC_OK)
            return rc;
    }
    int32_t last = rows.n > 0 ? rows.row[rows.n - 1].no : 0;
    for (size_t i = first; i < r->n; i++)
        if (!r->step[i].recorded && r->step[i].no < last)
            return refuse(r, RC_CONFLICT,
                          "sql/%s/%s is new but %03d has already run: give it a number above that",
                          module, r->step[i].name, (int)last);
    return RC_OK;
}

/* ---- running -----------------------------------------------------------------------------------
 */

static enum rc apply_in_tx(struct db *db, void *arg)
{
    const struct step *s = arg;
    struct app_migration_settings_row settings;
    enum rc rc = app_q_migration_settings(db, &settings);
    if (rc == RC_OK)
        rc = db_script(db, s->text);
    if (rc == RC_OK)
        rc = app_q_migration_add(db, s->module, s->no, s->name, s->sha256, NULL);
    return rc;
}

static enum rc apply(struct run *r, struct step *s)
{
    int64_t t0 = monotonic_us();
    enum rc rc = db_tx(r->db, 0, apply_in_tx, s);
    if (rc != RC_OK) {
        const struct db_error *e = db_error(r->db);
        return refuse(r, rc, "sql/%s/%s failed and nothing of it was kept: %s%s%s (%s)", s->module,
                      s->name, e->message != NULL ? e->message : rc_name(rc),
                      e->detail != NULL ? ": " : "", e->detail != NULL ? e->detail : "",
                      e->sqlstate[0] != '\0' ? e->sqlstate : "no SQLSTATE");
    }
    log_info("migrated", "file=sql/%s/%s ms=%d", s->module, s->name,
             (int)((monotonic_us() - t0) / 1000));
    return RC_OK;
}

static enum rc lock(struct run *r)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        struct app_migration_lock_row row;
        enum rc rc = app_q_migration_lock(r->db, &row);
        if (rc != RC_OK)
            return database_problem(r, rc);
        if (row.ours)
            return RC_OK;
        struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
        nanosleep(&pause, NULL);
    }
    return refuse(r, RC_CONFLICT,
                  "another migration is running in this database: wait until it has ended");
}

static void unlock(struct run *r)
{
    struct app_migration_lock_row row;
    if (app_q_migration_unlock(r->db, &row) != RC_OK || !row.ours)
        log_warn("migration lock was lost", "why=%s", "connection ended");
}

static enum rc run_all(struct run *r, const struct migrate_module *m, size_t n, bool dry,
                       struct migrate_report *out)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = check_module(r, m[i].name);
    struct migrate_report report = { 0 };
    for (size_t i = 0; i < r->n && rc == RC_OK; i++) {
        if (r->step[i].recorded) {
            report.present++;
            continue;
        }
        rc = dry ? RC_OK : apply(r, &r->step[i]);
        report.applied += rc == RC_OK ? 1 : 0;
    }
    *out = report;
    return rc;
}

enum rc migrate_run(struct db *db, struct arena *a, const char *sql_dir,
                    const struct migrate_module *m, size_t n, bool dry, struct migrate_report *out)
{
    struct run r = { .db = db, .a = a, .dir = sql_dir };
    struct migrate_report report = { 0 };
    db_scope_begin(db, a, NULL, instant_now());
    enum rc rc = lock(&r);
    if (rc == RC_OK) {
        rc = run_all(&r, m, n, dry, &report);
        unlock(&r);
    }
    db_scope_end(db);
    report.problem = r.problem;
    *out = report; /* also on failure: it says what is wrong */
    return rc;
}

enum rc migrate_version(struct db *db, struct arena *a, const char *module, unsigned *out)
{
    struct app_migration_version_row row;
    bool own = db_arena(db) == NULL;
    if (own)
        db_scope_begin(db, a, NULL, instant_now());
    enum rc rc = app_q_migration_version(db, module, &row);
    if (own)
        db_scope_end(db);
    if (rc == RC_OK)
        *out = (unsigned)row.version;
    return rc;
}

enum rc migrate_bootstrap(struct db *superuser, const char *sql_dir)
{
    struct arena *a = arena_new_sized(0);
    char *text = NULL;
    enum rc rc = read_file(a, arena_printf(a, "%s/bootstrap.sql", sql_dir), &text);
    if (rc != RC_OK)
        log_error("cannot read bootstrap.sql", "dir=%s", sql_dir);
    else
        rc = db_script(superuser, text);
    arena_free(a);
    return rc;
}
