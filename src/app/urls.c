/* urls.c: addresses inside the shop: with language prefix, encoded, and checked where they came
 * from outside. Asset names come from the manifest the build writes, read once per process.
 * Invariant: url_is_inside is the only judge of a redirect's target. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/ctx.h"
#include "app/page.h"
#include "app/req_priv.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"

enum { URL_MAX = 2000 };

bool url_is_inside(const char *path)
{
    size_t n = path ? strlen(path) : 0;
    if (n == 0 || n > URL_MAX || path[0] != '/' || path[1] == '/' || path[1] == '\\')
        return false;
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '\\')
            return false;
    size_t plain = strcspn(path, "?#");
    for (size_t i = 0; i < plain; i++) {
        if (path[i] != '/')
            continue;
        size_t seg = strcspn(path + i + 1, "/?#");
        const char *s = path + i + 1;
        if ((seg == 1 && s[0] == '.') || (seg == 2 && s[0] == '.' && s[1] == '.'))
            return false;
    }
    return utf8_valid(path, n);
}

size_t url_prefix_length(const struct req *r, const char *path, const struct locale **l)
{
    if (!r->tenant || path[0] != '/')
        return 0;
    size_t seg = strcspn(path + 1, "/?#");
    for (size_t i = 1; i < r->tenant->nlocales; i++) { /* the first language has no prefix */
        const char *tag = r->tenant->locales[i]->tag;
        if (strlen(tag) == seg && strncmp(tag, path + 1, seg) == 0) {
            if (l)
                *l = r->tenant->locales[i];
            return seg + 1;
        }
    }
    return 0;
}

static const char *with_prefix(struct req *r, const struct locale *l, const char *path)
{
    if (!r->tenant || !l || l == r->tenant->locale)
        return path;
    bool offered = false;
    for (size_t i = 0; i < r->tenant->nlocales; i++)
        offered |= r->tenant->locales[i] == l;
    if (!offered)
        return path;
    if (str_eq(path, "/"))
        return arena_printf(r->arena, "/%s", l->tag);
    return arena_printf(r->arena, "/%s%s", l->tag, path);
}

/* Areas of staff have no prefix: their language is the person's (ux.md 1.0). */
static bool unprefixed_area(const char *path)
{
    static const char *const areas[] = { "/admin", "/seller", "/platform", "/api", "/static" };
    for (size_t i = 0; i < COUNT_OF(areas); i++) {
        size_t n = strlen(areas[i]);
        if (strncmp(path, areas[i], n) == 0 && (path[n] == '\0' || strchr("/?#", path[n])))
            return true;
    }
    return false;
}

const char *url_prefixed(struct req *r, const char *path)
{
    if (url_prefix_length(r, path, NULL) || unprefixed_area(path))
        return path;
    return with_prefix(r, r->locale, path);
}

/* One "%s", "%d", "%ld", "%lld", "%u" or "%zu" of fmt into b, text percent-encoded. */
static const char *one_argument(struct buf *b, const char *f, va_list *ap)
{
    if (f[0] == 's') {
        buf_url(b, va_arg(*ap, const char *));
        return f + 1;
    }
    if (f[0] == '%') {
        buf_char(b, '%');
        return f + 1;
    }
    if (f[0] == 'd') {
        buf_int(b, va_arg(*ap, int));
        return f + 1;
    }
    if (f[0] == 'u') {
        buf_int(b, va_arg(*ap, unsigned));
        return f + 1;
    }
    if (f[0] == 'l' && f[1] == 'd') {
        buf_int(b, va_arg(*ap, long));
        return f + 2;
    }
    if (f[0] == 'z' && f[1] == 'u') {
        buf_int(b, (int64_t)va_arg(*ap, size_t));
        return f + 2;
    }
    check_that(f[0] == 'l' && f[1] == 'l' && f[2] == 'd');
    buf_int(b, va_arg(*ap, long long));
    return f + 3;
}

const char *url_path(struct req *r, const char *fmt, ...)
{
    struct buf b;
    va_list ap;
    buf_init(&b, r->arena, 16 * 1024);
    va_start(ap, fmt);
    for (const char *f = fmt; *f;) {
        if (*f != '%')
            buf_char(&b, *f++);
        else
            f = one_argument(&b, f + 1, &ap);
    }
    va_end(ap);
    check_that(buf_rc(&b) == RC_OK && b.p[0] == '/');
    return url_prefixed(r, b.p);
}

const char *url_local(struct req *r, const char *path)
{
    struct buf b;
    buf_init(&b, r->arena, 16 * 1024);
    for (const char *p = path; *p;) {
        size_t n = strcspn(p, "/");
        buf_url(&b, arena_strndup(r->arena, p, n));
        if (p[n] == '/')
            buf_char(&b, '/');
        p += n + (p[n] == '/');
    }
    check_that(buf_rc(&b) == RC_OK && b.n > 0 && b.p[0] == '/');
    return url_prefixed(r, b.p);
}

const char *url_in_locale(struct req *r, const struct locale *l)
{
    const char *bare = r->uri + url_prefix_length(r, r->uri, NULL);
    if (*bare != '/')
        bare = *bare ? arena_printf(r->arena, "/%s", bare) : "/";
    return with_prefix(r, l, bare);
}

const char *url_absolute(struct req *r, const char *path)
{
    const char *host = req_live(r)->in->host;
    if (str_empty(r->host) || path[0] != '/') /* a store of pictures may have its own host */
        return path;
    return arena_printf(r->arena, "%s://%s%s", r->https ? "https" : "http", host, path);
}

/* ---- assets -----------------------------------------------------------------------------------
 */

static struct {
    struct map *names; /* "css/app.css" -> "/static/app.3f2a91c0.css" */
    struct arena *arena;
    int64_t mtime;
    const char *dir;
} assets;

static int64_t manifest_mtime(const char *file)
{
    struct stat st;
    return stat(file, &st) == 0 ? (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000
                                : 0;
}

static void manifest_read(const char *file)
{
    char line[512], name[200], hashed[250];
    FILE *f = fopen(file, "re");
    if (assets.names) {
        map_free(assets.names, NULL);
        arena_free(assets.arena);
    }
    assets.names = map_new();
    assets.arena = arena_new_sized(4 * 1024 * 1024);
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "%199s %249s", name, hashed) == 2)
            map_put(assets.names, name, arena_printf(assets.arena, "/static/%s", hashed));
    if (f)
        (void)fclose(f);
    else
        log_error("no asset manifest", "file=%s", file);
}

const char *url_asset(const struct app_ctx *app, const char *name)
{
    if (!assets.names || app->conf->development || assets.dir != app->conf->static_dir) {
        char file[1024];
        (void)snprintf(file, sizeof file, "%s/manifest.txt", app->conf->static_dir);
        int64_t mtime = manifest_mtime(file);
        if (!assets.names || mtime != assets.mtime || assets.dir != app->conf->static_dir) {
            manifest_read(file);
            assets.mtime = mtime;
            assets.dir = app->conf->static_dir;
        }
    }
    const char *url = map_get(assets.names, name);
    if (!url)
        log_error("asset unknown", "name=%s", name);
    check_that(url != NULL);
    return url;
}
