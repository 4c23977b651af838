/* req.h: one request. Handlers read the fields and answer through req_*; nothing is sent before the
 * handler has returned, so an error page never follows half a page. */
#ifndef APP_REQ_H
#define APP_REQ_H

#include "app/ctx.h"
#include "app/module.h"
#include "app/types.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "platform/cache.h"
#include "platform/db.h"
#include "platform/i18n.h"

#define REQ_MAGIC 0x52455121u

struct req_header {
    const char *name, *value;
}; /* name in lower case for input */
struct req_param {
    const char *name, *value;
}; /* from the path or the query, decoded and clean */
struct req_file {
    const char *field, *name, *type, *path;
    size_t size;
}; /* in a private spool; unlinked at the end */

struct req_err { /* the first failure */
    enum rc rc;
    const char *file;
    int line;
    const char *message; /* for people, translated; may be NULL */
    const char *detail;  /* for the log and for development mode only */
};

struct req_out {
    int status;      /* 0 = not answered yet */
    struct buf body; /* max 16 MB */
    struct req_header header[24];
    size_t nheaders;
    const char *type;  /* Content-Type */
    bool no_store;     /* set as soon as anything personal went in */
    const char *accel; /* X-Accel-Redirect target under /internal/ */
};

enum principal_kind { WHO_NOBODY, WHO_CUSTOMER, WHO_USER, WHO_OPERATOR, WHO_KEY };
struct principal {
    enum principal_kind kind;
    struct uuid id;
    const char *name, *email;
};

struct req {
    uint32_t magic;
    struct app_ctx *app;
    struct arena *arena;
    struct db *db;
    struct cache *cache;
    const char *id;  /* request id: 32 hex digits, from nginx or made here */
    unsigned method; /* M_*; HEAD is M_GET with head set */
    bool head, https, loopback;
    const char *method_name;
    const char *host, *ip, *agent;
    const char *path;  /* decoded, clean, without the locale prefix */
    const char *uri;   /* as asked, with prefix and query; only for links back */
    const char *query; /* raw */
    const struct req_param *params;
    size_t nparams; /* captured from the path */
    const struct req_param *args;
    size_t nargs;         /* query string */
    size_t args_left_out; /* parts of it that could not be read: only for R_ANY_QUERY */
    const struct req_header *headers;
    size_t nheaders;
    const char *body;
    size_t nbody; /* raw body when not a form */
    const struct req_file *files;
    size_t nfiles;
    const struct app_route *route;
    const struct app_module *module;
    const struct tenant *tenant; /* NULL only for R_NO_TENANT */
    struct session *session;     /* NULL: no session */
    struct principal who;
    struct uuid
        price_group; /* whose prices are shown, nil: everybody's; part of each stored page */
    const struct locale *locale;
    const char *currency; /* shop's, or the one chosen */
    const char *theme;    /* "light" "dark" "auto" */
    const void *form;     /* parsed struct of route->form */
    struct req_out out;
    struct req_err err;
    void **modctx;           /* by module index: req_ctx */
    struct page_state *page; /* page.c */
    int64_t now;             /* instant */
    int64_t t0;              /* monotonic */
};

/* ---- reading ----------------------------------------------------------------------------------
 */
KADE_API const char *req_header(const struct req *r, const char *lower_name); /* NULL when absent */
KADE_API const char *req_cookie(const struct req *r, const char *name);       /* NULL when absent */
KADE_API const char *req_param(const struct req *r,
                               const char *name); /* path capture; never NULL for a declared one */
KADE_API struct uuid req_param_id(const struct req *r, const char *name); /* {name:id} */
KADE_API int64_t req_param_int(const struct req *r, const char *name);    /* {name:int} */
KADE_API const char *req_arg(const struct req *r,
                             const char *name); /* query; first one; NULL when absent */
#define req_form(r) ((r)->form)
/* Zeroed state of a module for this request. */
#define req_ctx(r, T, mod) ((T *)req_ctx_get((r), (mod), sizeof(T)))
KADE_API void *req_ctx_get(struct req *r, const struct app_module *m, size_t size);
KADE_API bool req_is_htmx(const struct req *r); /* HX-Request: true */

/* ---- answering --------------------------------------------------------------------------------
 */
KADE_API void req_set_header(struct req *r, const char *name, const char *value); /* replaces */
KADE_API void req_add_header(struct req *r, const char *name, const char *value);
enum { COOKIE_SESSION = 0, COOKIE_HTTP_ONLY = 1 };
/* max_age < 0: session cookie; 0: delete. Secure follows https; SameSite=Lax; Path=/. */
KADE_API void req_set_cookie(struct req *r, const char *name, const char *value, int64_t max_age,
                             unsigned flags);
/* 303 to a path inside the shop ("/cart"), locale prefix added; anything else becomes "/". */
KADE_API enum rc req_redirect(struct req *r, const char *path) ATTR_MUST_CHECK;
/* 301 for moved addresses; same rule. */
KADE_API enum rc req_moved(struct req *r, const char *path) ATTR_MUST_CHECK;
/* The request's "next" argument when it is an inside path, else fallback. */
KADE_API const char *req_next(const struct req *r, const char *fallback);
KADE_API enum rc req_text(struct req *r, int status, const char *type,
                          const char *body) ATTR_MUST_CHECK;
KADE_API enum rc req_json(struct req *r, int status, const struct buf *json) ATTR_MUST_CHECK;
/* Private file by nginx: path below the internal root. */
KADE_API enum rc req_accel(struct req *r, const char *internal_path, const char *type,
                           const char *download_name) ATTR_MUST_CHECK;
/* Records the first failure with its place and returns rc: return req_fail(r, RC_NOTFOUND, NULL,
 * "no product %s", slug); */
#define req_fail(r, rc, message, ...)                                                              \
    req_fail_at((r), (rc), __FILE__, __LINE__, (message), __VA_ARGS__)
KADE_API enum rc req_fail_at(struct req *r, enum rc rc, const char *file, int line,
                             const char *message, const char *detail_fmt, ...)
    ATTR_FORMAT(6, 7) ATTR_MUST_CHECK;

/* ---- life: programs and tests ------------------------------------------------------------------
 */
/* What arrived, undecoded; from FastCGI or made by a test. Strings outlive the request. */
struct req_in {
    const char *method, *uri, *host, *ip, *request_id;
    bool https;
    const struct req_header *headers;
    size_t nheaders;        /* lower-case names */
    int64_t content_length; /* -1 absent */
    /* reads at most n bytes of the body; 0 at the end, -1 on a broken connection */
    long (*read)(void *arg, char *p, size_t n);
    void *read_arg;
};
/* Serves one request from start to access line. out is valid until the arena is reset. The caller
 * writes out to the client and calls req_finish (post-response work: commit, session touch). */
KADE_API void req_serve(struct app_ctx *app, struct arena *a, const struct req_in *in,
                        struct req **out);
KADE_API void req_finish(struct req *r);

#endif
