/* req.c: how handlers read a request and answer it. Nothing is sent from here: an answer is
 * collected in r->out and leaves when the handler has returned. Invariants: a header value never
 * contains a control character, and a redirect never leaves the shop. */
#include "app/req.h"

#include <stdarg.h>
#include <string.h>

#include "app/loader.h"
#include "app/req_priv.h"
#include "base/log.h"
#include "base/str.h"

/* ---- reading ----------------------------------------------------------------------------------
 */

const char *req_header(const struct req *r, const char *lower_name)
{
    for (size_t i = 0; i < r->nheaders; i++)
        if (str_eq(r->headers[i].name, lower_name))
            return r->headers[i].value;
    return NULL;
}

const char *req_cookie(const struct req *r, const char *name)
{
    const struct req_live *l = req_live(r);
    for (size_t i = 0; i < l->ncookies && !l->cookies_ignored; i++)
        if (str_eq(l->cookies[i].name, name))
            return l->cookies[i].value;
    return NULL;
}

const char *req_param(const struct req *r, const char *name)
{
    for (size_t i = 0; i < r->nparams; i++)
        if (str_eq(r->params[i].name, name))
            return r->params[i].value;
    check_that(!"a capture of this route");
    return "";
}

struct uuid req_param_id(const struct req *r, const char *name)
{
    struct uuid id;
    check_that(uuid_parse(req_param(r, name), &id) == RC_OK);
    return id;
}

int64_t req_param_int(const struct req *r, const char *name)
{
    int64_t v;
    check_that(str_int(req_param(r, name), 0, INT64_MAX, &v) == RC_OK);
    return v;
}

const char *req_arg(const struct req *r, const char *name)
{
    for (size_t i = 0; i < r->nargs; i++)
        if (str_eq(r->args[i].name, name))
            return r->args[i].value;
    return NULL;
}

void *req_ctx_get(struct req *r, const struct app_module *m, size_t size)
{
    size_t i = loader_index(r->app->registry, m);
    if (!r->modctx[i])
        r->modctx[i] = arena_alloc(r->arena, size);
    return r->modctx[i];
}

bool req_is_htmx(const struct req *r)
{
    return str_eq(req_header(r, "hx-request"), "true");
}

/* ---- answering --------------------------------------------------------------------------------
 */

static bool header_safe(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            return false;
    return true;
}

void req_add_header(struct req *r, const char *name, const char *value)
{
    check_that(r->out.nheaders < COUNT_OF(r->out.header));
    if (!header_safe(name) || !header_safe(value)) { /* left out rather than split in two */
        log_error("header refused", "name=%s", header_safe(name) ? name : "(bad)");
        return;
    }
    r->out.header[r->out.nheaders].name = name;
    r->out.header[r->out.nheaders].value = arena_strdup(r->arena, value);
    r->out.nheaders++;
}

void req_set_header(struct req *r, const char *name, const char *value)
{
    size_t n = 0;
    for (size_t i = 0; i < r->out.nheaders; i++)
        if (!str_ieq(r->out.header[i].name, name))
            r->out.header[n++] = r->out.header[i];
    r->out.nheaders = n;
    req_add_header(r, name, value);
}

/* The newest value of a cookie is the only one that is sent. */
static void cookie_drop(struct req *r, const char *name)
{
    size_t n = 0, len = strlen(name);
    for (size_t i = 0; i < r->out.nheaders; i++) {
        const struct req_header *h = &r->out.header[i];
        if (!(str_ieq(h->name, "Set-Cookie") && strncmp(h->value, name, len) == 0 &&
              h->value[len] == '='))
            r->out.header[n++] = *h;
    }
    r->out.nheaders = n;
}

void req_set_cookie(struct req *r, const char *name, const char *value, int64_t max_age,
                    unsigned flags)
{
    const char *age =
        max_age < 0 ? "" : arena_printf(r->arena, "; Max-Age=%lld", (long long)max_age);
    check_that(strpbrk(value, "\",;\\ \t") == NULL);
    cookie_drop(r, name);
    req_add_header(r, "Set-Cookie",
                   arena_printf(r->arena, "%s=%s; Path=/; SameSite=Lax%s%s%s", name, value, age,
                                flags & COOKIE_HTTP_ONLY ? "; HttpOnly" : "",
                                r->https ? "; Secure" : ""));
    r->out.no_store = true;
}

static enum rc go(struct req *r, int status, const char *path)
{
    const char *to = path && url_is_inside(path) ? url_prefixed(r, path) : url_prefixed(r, "/");
    struct buf b;
    buf_init(&b, r->arena, 16 * 1024);
    for (const unsigned char *p = (const unsigned char *)to; *p; p++) /* headers are ASCII */
        if (*p >= 0x80)
            buf_printf(&b, "%%%02X", *p);
        else
            buf_char(&b, (char)*p);
    if (buf_rc(&b) != RC_OK)
        return req_fail(r, RC_LIMIT, NULL, "redirect of %zu bytes", strlen(to));
    r->out.status = status;
    buf_clear(&r->out.body);
    r->out.type = NULL;
    req_set_header(r, "Location", b.p);
    return RC_OK;
}

enum rc req_redirect(struct req *r, const char *path)
{
    r->out.no_store = true;
    return go(r, 303, path);
}

enum rc req_moved(struct req *r, const char *path)
{
    return go(r, 301, path);
}

const char *req_next(const struct req *r, const char *fallback)
{
    const char *next = req_pair(req_live(r), "next");
    if (!next)
        next = req_arg(r, "next");
    return next && url_is_inside(next) ? next : fallback;
}

enum rc req_text(struct req *r, int status, const char *type, const char *body)
{
    r->out.status = status;
    r->out.type = type;
    buf_clear(&r->out.body);
    buf_str(&r->out.body, body);
    return buf_rc(&r->out.body);
}

enum rc req_json(struct req *r, int status, const struct buf *json)
{
    enum rc rc = buf_rc(json);
    if (rc != RC_OK)
        return rc;
    r->out.status = status;
    r->out.type = "application/json";
    buf_clear(&r->out.body);
    buf_put(&r->out.body, json->p, json->n);
    return buf_rc(&r->out.body);
}

enum rc req_accel(struct req *r, const char *internal_path, const char *type,
                  const char *download_name)
{
    if (!url_is_inside(internal_path) || strchr(internal_path, '?') || strchr(internal_path, '%'))
        return req_fail(r, RC_BUG, NULL, "private file at a path that is none");
    r->out.status = 200;
    r->out.type = type;
    r->out.no_store = true;
    r->out.accel = arena_printf(r->arena, "/internal%s", internal_path);
    if (download_name) {
        struct buf b;
        buf_init(&b, r->arena, 2048);
        buf_str(&b, "attachment; filename*=UTF-8''");
        buf_url(&b, download_name);
        if (buf_rc(&b) != RC_OK)
            return RC_LIMIT;
        req_set_header(r, "Content-Disposition", b.p);
    }
    return RC_OK;
}

enum rc req_fail_at(struct req *r, enum rc rc, const char *file, int line, const char *message,
                    const char *detail_fmt, ...)
{
    if (r->err.rc != RC_OK) /* the first failure is the cause */
        return rc;
    va_list ap;
    va_start(ap, detail_fmt);
    r->err.detail = arena_vprintf(r->arena, detail_fmt, ap);
    va_end(ap);
    r->err.rc = rc;
    r->err.file = file;
    r->err.line = line;
    r->err.message = message;
    return rc;
}
