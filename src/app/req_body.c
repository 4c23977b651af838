/* req_body.c: reads a request's body, within what its route allows, into pairs, files or raw bytes.
 * A body nobody asked for is not read. Invariants: never more than the route's limit is read or
 * kept, and files exist only in the private spool until the request ends. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/multipart.h"
#include "app/req_priv.h"
#include "base/log.h"
#include "base/str.h"

enum {
    BODY_DEFAULT_KB = 64,
    PARTS_MAX = 200,
    VALUE_MAX = 256 * 1024,
    FILE_DEFAULT_MAX = 10 * 1024 * 1024
};

const char *req_pair(const struct req_live *l, const char *key)
{
    for (size_t i = 0; i < l->npairs; i++)
        if (str_eq(l->pairs[i].key, key))
            return l->pairs[i].value;
    return NULL;
}

static size_t limit_of(const struct req *r)
{
    return (size_t)(r->route->max_body_kb ? r->route->max_body_kb : BODY_DEFAULT_KB) * 1024;
}

static enum rc too_big(struct req_live *l)
{
    l->status = 413;
    return req_fail(&l->r, RC_LIMIT,
                    _("What you sent is larger than this page accepts. Choose a smaller file or "
                      "shorten the text."),
                    "body over %zu bytes", limit_of(&l->r));
}

static enum rc malformed(struct req_live *l, const char *what)
{
    l->status = 400;
    return req_fail(&l->r, RC_INVALID,
                    _("What arrived could not be read. Open the page again and repeat what you "
                      "did."),
                    "%s", what);
}

static enum rc read_all(struct req_live *l, struct buf *b)
{
    size_t most = limit_of(&l->r);
    buf_init(b, l->r.arena, most + 1);
    for (;;) {
        size_t room = most + 1 - b->n;
        if (room > 16384)
            room = 16384;
        char *p = buf_reserve(b, room);
        long n = p ? l->in->read(l->in->read_arg, p, room) : 0;
        if (n < 0 || (size_t)n > room)
            return malformed(l, "connection broke in the body");
        if (n == 0)
            break;
        buf_wrote(b, (size_t)n);
        if (b->n > most)
            return too_big(l);
    }
    if (l->in->content_length >= 0 && (size_t)l->in->content_length != b->n)
        return malformed(l, "body shorter than announced");
    return buf_rc(b) == RC_OK ? RC_OK : too_big(l);
}

static int64_t file_max(void *arg, const char *name)
{
    const struct req_live *l = arg;
    const struct form_spec *spec = l->r.route->form;
    for (const struct form_field *f = spec ? spec->fields : NULL; f && f->name; f++)
        if (f->type == F_FILE && str_eq(f->name, name))
            return f->max > 0 ? f->max : FILE_DEFAULT_MAX;
    return -1;
}

static const char *spool_dir(struct req *r)
{
    char *dir = arena_printf(r->arena, "%s/spool", r->app->conf->state_dir);
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return NULL;
    return dir;
}

static enum rc take_parts(struct req_live *l, const struct multipart_part *parts, size_t n)
{
    struct form_pair *pairs = arena_array(l->r.arena, struct form_pair, n);
    struct req_file *files = arena_array(l->r.arena, struct req_file, n);
    size_t npairs = 0, nfiles = 0;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].value)
            pairs[npairs++] = (struct form_pair){ parts[i].name, parts[i].value };
        else if (parts[i].filename[0]) /* an empty one is a field left empty */
            files[nfiles++] = (struct req_file){ parts[i].name, parts[i].filename, parts[i].type,
                                                 parts[i].path, parts[i].size };
    }
    l->pairs = pairs;
    l->npairs = npairs;
    l->r.files = files;
    l->r.nfiles = nfiles;
    return RC_OK;
}

static enum rc read_multipart(struct req_live *l, const char *type)
{
    struct multipart_part *parts;
    size_t n;
    const char *dir = spool_dir(&l->r);
    if (!dir)
        return req_fail(&l->r, RC_UPSTREAM, NULL, "no spool: %s", strerror(errno));
    const struct multipart_opt opt = { .spool_dir = dir,
                                       .max_parts = PARTS_MAX,
                                       .max_value = VALUE_MAX,
                                       .max_total = limit_of(&l->r),
                                       .file_max = file_max,
                                       .arg = l,
                                       .read = l->in->read,
                                       .read_arg = l->in->read_arg };
    enum rc rc = multipart_read(l->r.arena, type, &opt, &parts, &n);
    if (rc == RC_LIMIT)
        return too_big(l);
    if (rc == RC_INVALID)
        return malformed(l, "multipart body is malformed");
    if (rc != RC_OK)
        return req_fail(&l->r, rc, NULL, "spool cannot be written");
    return take_parts(l, parts, n);
}

static enum rc read_pairs(struct req_live *l)
{
    struct buf b;
    struct form_pair *pairs;
    size_t n;
    enum rc rc = read_all(l, &b);
    if (rc != RC_OK)
        return rc;
    l->r.body = b.p;
    l->r.nbody = b.n;
    rc = form_decode(l->r.arena, b.p, b.n, &pairs, &n);
    if (rc == RC_LIMIT)
        return too_big(l);
    if (rc != RC_OK)
        return malformed(l, "form body is malformed");
    l->pairs = pairs;
    l->npairs = n;
    return RC_OK;
}

static enum rc unsupported(struct req_live *l, const char *type)
{
    l->status = 415;
    return req_fail(&l->r, RC_INVALID,
                    _("This kind of content is not accepted here. Send the form of the page."),
                    "content type %s", type);
}

static bool type_is(const char *type, const char *want)
{
    size_t n = strlen(want);
    return strncasecmp(type, want, n) == 0 && (type[n] == '\0' || strchr("; \t", type[n]));
}

enum rc req_read_body(struct req_live *l)
{
    struct req *r = &l->r;
    const char *type = req_header(r, "content-type");
    bool form_route = r->route->form != NULL;
    if (r->method == M_GET || !l->in->read)
        return RC_OK;
    if (l->in->content_length > 0 && (uint64_t)l->in->content_length > limit_of(r))
        return too_big(l);
    if (l->in->content_length == 0)
        return RC_OK;
    if (!type || !*type)
        return form_route ? unsupported(l, "(none)") : RC_OK;
    if (type_is(type, "application/x-www-form-urlencoded") && !(r->route->flags & R_CSRF_OFF))
        return read_pairs(l);
    if (type_is(type, "application/x-www-form-urlencoded") && form_route)
        return read_pairs(l);
    if (type_is(type, "multipart/form-data"))
        return form_route ? read_multipart(l, type) : unsupported(l, type);
    if (form_route)
        return unsupported(l, type);
    struct buf b;
    enum rc rc = read_all(l, &b);
    if (rc == RC_OK) {
        r->body = b.p;
        r->nbody = b.n;
    }
    return rc;
}
