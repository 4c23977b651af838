/* kade_kit.c: what commands share: loading, connecting, finding the shop, starting other programs,
 * and printing rows. Log lines of the libraries go to standard error as warnings only, so that what
 * a person reads is what the command says. */
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "platform/db.h"
#include "platform/json.h"
#include "programs/kade.h"

extern char **environ;

int kade_fail(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fflush(stdout);
    fputs("kade: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    return EXIT_FAILED;
}

int kade_fail_db(struct kade *k, const char *doing, enum rc rc)
{
    const struct db_error *e = db_error(k->app.db);
    if (rc == RC_UPSTREAM)
        return kade_fail("%s: the database at %s, port %d, does not answer: %s. Is it running, and "
                         "do host, port and name in section db fit?",
                         doing, k->prog.conf->db_host, k->prog.conf->db_port,
                         e->message == NULL ? "no reason given" : e->message);
    return kade_fail("%s: %s%s%s%s%s", doing, e->message == NULL ? rc_name(rc) : e->message,
                     e->detail == NULL ? "" : ": ", e->detail == NULL ? "" : e->detail,
                     e->statement == NULL ? "" : " in ", e->statement == NULL ? "" : e->statement);
}

int kade_load(struct kade *k, bool templates)
{
    if (k->prog.registry != NULL)
        return 0;
    log_set_level(LOG_WARN_);
    if (k->prog.conf == NULL && prog_conf(&k->prog, "kade", k->value[OPT_CONFIG]) != RC_OK)
        return kade_fail("the configuration does not load: see above");
    log_set_level(LOG_WARN_);
    if (prog_load(&k->prog, templates) != RC_OK)
        return kade_fail("the installation does not load: see above");
    return 0;
}

int kade_open(struct kade *k, const char *role)
{
    int status = kade_load(k, false);
    if (status != 0)
        return status;
    k->app = (struct app_ctx){ .conf = k->prog.conf,
                               .registry = k->prog.registry,
                               .pool = "cli",
                               .arena = k->prog.arena,
                               .work = k->arena };
    enum rc rc = app_open(&k->app, role, "kade");
    if (rc != RC_OK)
        return kade_fail("cannot open the installation: %s", rc_name(rc));
    k->opened = true;
    rc = db_connect(k->app.db);
    if (rc != RC_OK)
        return kade_fail_db(k, "connecting", rc);
    rc = loader_call_start(&k->app);
    return rc == RC_OK ? 0 : kade_fail("a module did not start: %s", rc_name(rc));
}

void kade_scope(struct kade *k, const struct uuid *tenant)
{
    db_scope_end(k->app.db); /* nothing when there is none */
    db_scope_begin(k->app.db, k->arena, tenant, instant_now());
}

int kade_tenant_by_slug(struct kade *k, const char *slug, struct uuid *out)
{
    const struct tenant *t;
    kade_scope(k, NULL);
    enum rc rc = tenant_by_slug(&k->app, slug, &t);
    db_scope_end(k->app.db);
    if (rc == RC_NOTFOUND)
        return kade_fail("there is no shop '%s': see 'kade tenant list'", slug);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding the shop", rc);
    *out = t->id;
    return 0;
}

int kade_shop(struct kade *k, const struct tenant **out)
{
    struct uuid id;
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &id);
    if (status != 0)
        return status;
    kade_scope(k, NULL);
    enum rc rc = tenant_by_id(&k->app, id, out);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding the shop", rc);
    kade_scope(k, &id);
    return 0;
}

const char *kade_text(struct kade *k, const char *arg)
{
    char *out;
    if (utf8_clean(k->arena, arg, strlen(arg), UTF8_MULTILINE, &out) == RC_OK)
        return out;
    (void)kade_fail("'%s' is not text in UTF-8", arg);
    return NULL;
}

int kade_tenant(struct kade *k, struct uuid *out)
{
    if (!kade_has(k, OPT_TENANT)) {
        (void)kade_fail("which shop? Give --tenant SLUG; 'kade tenant list' shows them");
        return EXIT_USAGE;
    }
    return kade_tenant_by_slug(k, k->value[OPT_TENANT], out);
}

int kade_int(struct kade *k, enum kade_option o, int64_t least, int64_t most, int64_t otherwise,
             int64_t *out)
{
    *out = otherwise;
    if (!kade_has(k, o) || str_int(k->value[o], least, most, out) == RC_OK)
        return 0;
    (void)kade_fail("'%s' is not a whole number from %lld to %lld", k->value[o], (long long)least,
                    (long long)most);
    return EXIT_USAGE;
}

bool kade_spawn(struct kade *k, const char *const *argv, const char *env)
{
    size_t n = 0;
    while (environ[n] != NULL)
        n++;
    char **all = arena_array(k->arena, char *, n + 2);
    memcpy(all, environ, n * sizeof *all);
    all[n] = (char *)(uintptr_t)env; /* may be NULL: then it only ends the list */
    fflush(NULL);
    pid_t pid;
    int how = 0;
    int err = posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, all);
    if (err != 0) {
        (void)kade_fail("%s did not start: %s. Is it installed?", argv[0], strerror(err));
        return false;
    }
    while (waitpid(pid, &how, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

const char *kade_password_env(struct kade *k)
{
    const char *file = k->prog.conf->db_password_file;
    return str_empty(file) ? NULL : arena_printf(k->arena, "PGPASSFILE=%s", file);
}

/* ---- rows ---- */

void kade_rows_begin(struct kade_rows *o, struct kade *k, const char *const *cols)
{
    *o = (struct kade_rows){ .k = k, .cols = cols };
    while (cols[o->ncols] != NULL)
        o->ncols++;
}

void kade_rows_add(struct kade_rows *o, const char *const *cells)
{
    if (o->n == o->cap) {
        size_t cap = o->cap == 0 ? 64 : o->cap * 2;
        const char **more = arena_array(o->k->arena, const char *, cap * o->ncols);
        if (o->n > 0)
            memcpy(more, o->cell, o->n * o->ncols * sizeof *more);
        o->cell = more;
        o->cap = cap;
    }
    memcpy(o->cell + o->n++ * o->ncols, cells, o->ncols * sizeof *cells);
}

/* Code points: near enough for names of shops in any script. */
static int wide(const char *s)
{
    return s == NULL ? 1 : (int)utf8_length(s);
}

static int rows_json(const struct kade_rows *o)
{
    struct buf b;
    struct jw w;
    buf_init(&b, o->k->arena, 32 * 1024 * 1024);
    jw_init(&w, &b);
    jw_array(&w);
    for (size_t i = 0; i < o->n; i++) {
        jw_object(&w);
        for (size_t c = 0; c < o->ncols; c++) {
            jw_key(&w, o->cols[c]);
            jw_text(&w, o->cell[i * o->ncols + c]);
        }
        jw_end_object(&w);
    }
    jw_end_array(&w);
    if (buf_rc(&b) != RC_OK)
        return kade_fail("more than 32 MB to print: narrow it down");
    return puts(b.p) < 0 ? EXIT_FAILED : 0;
}

int kade_rows_end(struct kade_rows *o)
{
    if (kade_has(o->k, OPT_JSON))
        return rows_json(o);
    int *width = arena_array(o->k->arena, int, o->ncols);
    for (size_t c = 0; c < o->ncols; c++)
        width[c] = wide(o->cols[c]);
    for (size_t i = 0; i < o->n * o->ncols; i++)
        if (wide(o->cell[i]) > width[i % o->ncols])
            width[i % o->ncols] = wide(o->cell[i]);
    bool ok = true;
    for (size_t i = 0; i <= o->n; i++) {
        for (size_t c = 0; c < o->ncols; c++) {
            const char *s = i == 0 ? o->cols[c] : o->cell[(i - 1) * o->ncols + c];
            bool last = c + 1 == o->ncols;
            ok &= printf("%s%*s", s == NULL ? "-" : s, last ? 0 : width[c] - wide(s) + 2, "") >= 0;
            ok &= !last || putchar('\n') >= 0;
        }
    }
    return ok ? 0 : EXIT_FAILED;
}
