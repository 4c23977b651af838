/* http.c: one worker in this process for tests of pages and actions: opens what the programs open,
 * builds a request in memory, serves it and hands back what a client would see. Servers come from
 * tests/kit/with-servers; the database is this program's own. It asserts nothing about answers. */
#include "kit/http.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "kit/http_data.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"

struct arenas {
    struct arena *arena;
    struct arenas *next;
};

static struct {
    char database[64], dir[512];
} own;

static void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("Bail out! ");
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
    fflush(stdout);
    _exit(99);
}

static const char *need_env(const char *name)
{
    const char *v = getenv(name);
    if (!v || !*v)
        die("%s is not set: run this through tests/kit/with-servers", name);
    return v;
}

static struct db *super(const char *database)
{
    static struct conf c;
    c = (struct conf){ .db_host = need_env("KADE_TEST_PGHOST"),
                       .db_name = database,
                       .db_port = 5432,
                       .db_statement_timeout_ms = 20000,
                       .db_lock_timeout_ms = 10000 };
    return db_new(&c, "postgres", "kit");
}

static void script(const char *database, const char *sql)
{
    struct db *db = super(database);
    if (db_script(db, sql) != RC_OK)
        die("%s: %s", sql, db_error(db)->message ? db_error(db)->message : "no reason");
    db_free(db);
}

void kit_database(void)
{
    char sql[200];
    log_set_level(LOG_ERROR_);
    (void)snprintf(own.database, sizeof own.database, "kade_t_%d", (int)getpid());
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE kade_template", own.database);
    script("postgres", sql);
    for (size_t i = 0; kit_seed_sql[i]; i++)
        script(own.database, kit_seed_sql[i]);
    (void)snprintf(own.dir, sizeof own.dir, "%s/kit.%d", need_env("KADE_TEST_TMP"), (int)getpid());
    if (mkdir(own.dir, 0700) != 0)
        die("%s cannot be made", own.dir);
}

void kit_database_drop(void)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", own.database);
    script("postgres", sql);
}

/* ---- templates: the build's, and a test's own beside them -------------------------------------
 */

static void write_file(const char *path, const char *p, size_t n)
{
    FILE *f = fopen(path, "we");
    if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0)
        die("%s cannot be written", path);
}

static void copy_tree(struct arena *a, const char *from, const char *to)
{
    DIR *d = opendir(from);
    struct dirent *e;
    if (!d)
        die("%s is not there: build first", from);
    (void)mkdir(to, 0700);
    while ((e = readdir(d))) {
        if (e->d_name[0] == '.')
            continue;
        char *src = arena_printf(a, "%s/%s", from, e->d_name);
        char *dst = arena_printf(a, "%s/%s", to, e->d_name);
        struct stat st;
        if (stat(src, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            copy_tree(a, src, dst);
            continue;
        }
        char *p = arena_alloc(a, (size_t)st.st_size + 1);
        FILE *f = fopen(src, "re");
        size_t n = f ? fread(p, 1, (size_t)st.st_size, f) : 0;
        if (f)
            (void)fclose(f);
        write_file(dst, p, n);
    }
    (void)closedir(d);
}

static const char *template_root(struct kit *k, const struct kit_file *extra)
{
    static const char *const tags[] = { "en", "si", "ta", "ar" };
    const char *build = arena_printf(k->arena, "%s/templates", need_env("KADE_TEST_BUILD"));
    if (!extra)
        return build;
    char *root = arena_printf(k->arena, "%s/templates", k->dir);
    (void)mkdir(root, 0700);
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        char *to = arena_printf(k->arena, "%s/%s", root, tags[i]);
        copy_tree(k->arena, arena_printf(k->arena, "%s/%s", build, tags[i]), to);
        for (const struct kit_file *f = extra; f->name; f++) {
            char *path = arena_printf(k->arena, "%s/%s", to, f->name), *slash = strrchr(path, '/');
            *slash = '\0';
            (void)mkdir(path, 0700);
            *slash = '/';
            write_file(path, f->text, strlen(f->text));
        }
    }
    return root;
}

/* gettext needs glibc locales; made once per build folder. */
static void make_locales(struct kit *k)
{
    const char *dir = arena_printf(k->arena, "%s/tests/locales", need_env("KADE_TEST_BUILD"));
    const char *tool = arena_printf(k->arena, "%s/tools/make-locales", need_env("KADE_TEST_SRC"));
    if (getenv("LOCPATH"))
        return;
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(2, 1);
        execl(tool, tool, dir, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        die("%s failed", tool);
    (void)setenv("LOCPATH", dir, 1);
}

/* ---- a kit ------------------------------------------------------------------------------------
 */

static void configure(struct kit *k, const struct kit_opt *o)
{
    const char *build = need_env("KADE_TEST_BUILD");
    k->conf = (struct conf){
        .state_dir = k->dir,
        .static_dir = arena_printf(k->arena, "%s/static", build),
        .locale_dir = arena_printf(k->arena, "%s/locale", build),
        .template_dir = template_root(k, o->templates),
        .sql_dir = arena_printf(k->arena, "%s/sql", need_env("KADE_TEST_SRC")),
        .development = o->development,
        .log_level = "info",
        .db_host = need_env("KADE_TEST_PGHOST"),
        .db_name = o->database ? o->database : own.database,
        .db_port = 5432,
        .db_statement_timeout_ms = 20000,
        .db_lock_timeout_ms = 10000,
        .cache_servers = o->no_cache ? "" : need_env("KADE_TEST_MEMCACHED"),
        .cache_timeout_ms = 1000,
        .public_url = "http://a.test",
        .smtp_url = "",
        .smtp_user = "",
        .smtp_password_file = "",
        .smtp_tls = "required",
        .smtp_ca_file = "",
        .mail_from = "shop@kade.test",
        .mail_timeout_ms = 10000,
        .stripe_url = "http://127.0.0.1:9",
        .request_deadline_s = 30,
    };
}

static void load(struct kit *k, const struct kit_opt *o)
{
    const struct app_module *all[32] = { &app_builtin, &shop_builtin };
    const char *problem = "no reason";
    size_t n = 2;
    for (size_t i = 0; o->modules && o->modules[i]; i++)
        all[n++] = o->modules[i];
    if (crypto_init() != RC_OK ||
        crypto_load_key(arena_printf(k->arena, "%s/key", k->dir), true) != RC_OK)
        die("no key");
    if (i18n_load(k->conf.locale_dir, k->conf.template_dir, false, k->arena, &problem) != RC_OK)
        die("languages: %s", problem);
    const char *dir = arena_printf(k->arena, "%s/%s/.libs", need_env("KADE_TEST_BUILD"),
                                   o->load_dir ? o->load_dir : "modules");
    if (o->load && loader_load(dir, o->load, false, k->arena, &k->app.registry, &problem) != RC_OK)
        die("modules: %s", problem);
    if (o->load && o->modules) { /* the test's own beside them */
        struct app_registry *g = k->app.registry;
        const struct app_module **both =
            arena_array(k->arena, const struct app_module *, g->nmodules + n);
        size_t m = 0;
        for (size_t i = 0; i < g->nmodules; i++)
            both[m++] = g->modules[i];
        for (size_t i = 0; o->modules[i]; i++)
            both[m++] = o->modules[i];
        loader_free(g);
        if (loader_check(both, m, false, k->arena, &k->app.registry, &problem) != RC_OK)
            die("modules: %s", problem);
    }
    if (!o->load && loader_check(all, n, false, k->arena, &k->app.registry, &problem) != RC_OK)
        die("modules: %s", problem);
    if (loader_check_templates(k->app.registry, k->arena, &problem) != RC_OK)
        die("templates: %s", problem);
}

struct kit *kit_open(const struct kit_opt *opt)
{
    static const struct kit_opt none;
    const struct kit_opt *o = opt ? opt : &none;
    struct arena *a = arena_new_sized(512 * 1024 * 1024);
    struct kit *k = arena_new(a, struct kit);
    k->arena = a;
    k->dir = own.dir;
    char *log = arena_printf(a, "%s/log.%d", own.dir, (int)getpid());
    k->log_fd = open(log, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    log_set_fd(k->log_fd);
    log_set_level(LOG_INFO_);
    make_locales(k);
    configure(k, o);
    load(k, o);
    k->app.conf = &k->conf;
    k->app.pool = "test";
    k->app.arena = a;
    if (app_open(&k->app, o->admin ? "kade_admin" : "kade_web", "kit") != RC_OK)
        die("app_open failed");
    if (loader_call_load(&k->app) != RC_OK || loader_call_start(&k->app) != RC_OK)
        die("a module refused to start");
    return k;
}

void kit_close(struct kit *k)
{
    instant_set_offset(0);
    loader_call_stop(&k->app);
    app_close(&k->app);
    loader_free(k->app.registry);
    while (k->requests) {
        struct arenas *r = k->requests;
        k->requests = r->next;
        arena_free(r->arena);
    }
    i18n_unload();
    log_set_fd(2);
    (void)close(k->log_fd);
    arena_free(k->arena);
}

/* ---- asking -----------------------------------------------------------------------------------
 */

struct body {
    const char *p;
    size_t left;
};

/* In uneven pieces, as a network delivers. */
static long body_read(void *arg, char *p, size_t n)
{
    struct body *b = arg;
    size_t take = b->left < 1021 ? b->left : 1021;
    if (take > n)
        take = n;
    memcpy(p, b->p, take);
    b->p += take;
    b->left -= take;
    return (long)take;
}

static size_t collect_headers(struct kit *k, const struct kit_ask *q, struct req_header *h)
{
    size_t n = 0;
    bool post = q->method && !str_eq(q->method, "GET") && !str_eq(q->method, "HEAD");
    for (size_t i = 0; q->headers && q->headers[i]; i += 2)
        h[n++] = (struct req_header){ q->headers[i], q->headers[i + 1] };
    if (q->cookie)
        h[n++] = (struct req_header){ "cookie", q->cookie };
    if (post && !q->foreign)
        h[n++] = (struct req_header){ "sec-fetch-site", "same-origin" };
    if (q->body)
        h[n++] = (struct req_header){ "content-type",
                                      q->type ? q->type : "application/x-www-form-urlencoded" };
    (void)k;
    return n;
}

struct kit_answer kit_ask(struct kit *k, const struct kit_ask *q)
{
    struct arenas *keep = arena_new(k->arena, struct arenas);
    *keep = (struct arenas){ arena_new_sized(0), k->requests };
    k->requests = keep;
    struct req_header *h = arena_array(k->arena, struct req_header, 160);
    struct body *body = arena_new(k->arena, struct body);
    size_t n = q->body ? (q->nbody ? q->nbody : strlen(q->body)) : 0;
    *body = (struct body){ q->body, n };
    struct req_in *in = arena_new(k->arena, struct req_in);
    *in = (struct req_in){ .method = q->method ? q->method : "GET",
                           .uri = q->path,
                           .host = q->host,
                           .ip = q->ip ? q->ip : "203.0.113.7",
                           .https = q->https,
                           .headers = h,
                           .nheaders = collect_headers(k, q, h),
                           .content_length = q->length ? q->length : (int64_t)n,
                           .read = body_read,
                           .read_arg = body };
    struct req *r;
    req_serve(&k->app, keep->arena, in, &r);
    struct db_counters c = db_counters(k->app.db);
    struct kit_answer a = { .status = r->out.status,
                            .body = r->out.body.p,
                            .nbody = r->out.body.n,
                            .type = r->out.type ? r->out.type : "",
                            .r = r,
                            .statements = c.statements,
                            .trips = c.trips,
                            .arena_bytes = arena_used(keep->arena) };
    req_finish(r);
    return a;
}

struct kit_answer kit_get(struct kit *k, const char *host, const char *path)
{
    return kit_ask(k, &(struct kit_ask){ .host = host, .path = path });
}

struct kit_answer kit_post(struct kit *k, const char *host, const char *path, const char *body)
{
    return kit_ask(k,
                   &(struct kit_ask){ .method = "POST", .host = host, .path = path, .body = body });
}

const char *kit_header(const struct kit_answer *a, const char *name)
{
    for (size_t i = 0; i < a->r->out.nheaders; i++)
        if (str_ieq(a->r->out.header[i].name, name))
            return a->r->out.header[i].value;
    return NULL;
}

const char *kit_set_cookie(struct kit *k, const struct kit_answer *a, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < a->r->out.nheaders; i++) {
        const struct req_header *h = &a->r->out.header[i];
        if (str_ieq(h->name, "Set-Cookie") && strncmp(h->value, name, n) == 0 && h->value[n] == '=')
            return arena_strndup(k->arena, h->value + n + 1, strcspn(h->value + n + 1, ";"));
    }
    return NULL;
}

void kit_pass(struct kit *k, int64_t seconds)
{
    k->passed += seconds;
    instant_set_offset(k->passed);
}

/* ---- database ---------------------------------------------------------------------------------
 */

void kit_sql(struct kit *k, const char *sql)
{
    script(k->conf.db_name, sql);
}

const char *kit_cell(struct kit *k, const char *sql)
{
    struct db *db = super(k->conf.db_name);
    char *out = NULL;
    if (db_cell(db, k->arena, sql, NULL, 0, &out) != RC_OK)
        die("%s: %s", sql, db_error(db)->message);
    db_free(db);
    return out ? out : "";
}

const char *kit_session(struct kit *k, const char *shop, const char *user, const char *customer,
                        int epoch)
{
    unsigned char h[CRYPTO_HASH];
    char hex[2 * CRYPTO_HASH + 1];
    const char *token = crypto_token(k->arena);
    crypto_token_hash(token, h);
    for (size_t i = 0; i < sizeof h; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", h[i]);
    kit_sql(k,
            arena_printf(k->arena,
                         "INSERT INTO app.sessions (tenant_id, token_hash, user_id, customer_id, "
                         "epoch, ip, agent, expires_at) VALUES ('%s', '\\x%s', %s, %s, %d, "
                         "'203.0.113.7', 'kit', now() + interval '1 day')",
                         shop, hex, user ? arena_printf(k->arena, "'%s'", user) : "NULL",
                         customer ? arena_printf(k->arena, "'%s'", customer) : "NULL", epoch));
    return arena_printf(k->arena, "session=%s", token);
}

const char *kit_log(struct kit *k)
{
    off_t n = lseek(k->log_fd, 0, SEEK_END);
    char *p = arena_alloc(k->arena, (size_t)n + 1);
    if (pread(k->log_fd, p, (size_t)n, 0) != n || ftruncate(k->log_fd, 0) != 0)
        die("the log cannot be read");
    (void)lseek(k->log_fd, 0, SEEK_SET);
    return p;
}

int kit_run(Suite *s)
{
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? 1 : 0;
}
