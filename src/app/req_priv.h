/* req_priv.h: what src/app keeps about a request beside its public face. Private to src/app: the
 * public struct is the first member, so a struct req made by req_serve is always one of these. */
#ifndef APP_REQ_PRIV_H
#define APP_REQ_PRIV_H

#include "app/form.h"
#include "app/req.h"
#include "app/session.h"

struct multipart_part;

struct form_note {
    const char *value; /* as typed, for re-display */
    const char *error; /* translated; NULL none */
};
struct form_state {
    const struct form_spec *spec;
    struct form_note *notes; /* by index of spec->fields */
    const char *general;     /* an error of no field */
    const char *unknown;     /* first key that is no field, of an allow_unknown form */
    bool failed, shown;      /* shown: the page runs again to show errors, with status 422 */
};

enum session_stage { SESSION_UNASKED, SESSION_QUEUED, SESSION_KNOWN };

struct req_live {
    struct req r; /* first */
    const struct req_in *in;
    const struct req_param *cookies;
    size_t ncookies;
    const struct form_pair *pairs; /* urlencoded or multipart text fields of the body */
    size_t npairs;
    struct form_state form;
    enum session_stage stage;
    void *session_row;       /* session.c: where the pipeline puts it */
    bool cookies_ignored;    /* an Authorization header speaks for the caller */
    bool session_dropped;    /* logged out: the row is not touched */
    bool building;           /* a page that may be stored is being made */
    struct session *settled; /* became known meanwhile */
    bool failing;            /* the error page itself is being made */
    bool no_personal;        /* holes are filled as for a guest: the database is away */
    int status;              /* wanted for the failure, where rc alone does not tell */
    unsigned allowed;        /* methods for the Allow header of a 405 */
    unsigned wait_s;         /* Retry-After */
    const char *etag;        /* of a shared page */
    const char *authority;   /* host and port for addresses and cache keys; "" not known */
    struct frag_tag *deps;   /* what the page being built turned out to show (page_depends) */
    size_t ndeps;
    bool deps_many;        /* more than can be named: every change counts */
    int64_t until;         /* instant at which something on it changes by the clock */
    const char *statement; /* failing statement, development only */
    bool flash_seen, flash_set;
    enum flash_kind flash_kind;
    const char *flash_text;
};

static inline struct req_live *req_live(const struct req *r)
{
    return (struct req_live *)(uintptr_t)r;
}

/* req_path.c: everything that is decided by the bytes of the request line and Host. */
KADE_API enum rc req_path_decode(struct arena *a, const char *raw, size_t n,
                                 char **out) ATTR_MUST_CHECK;
KADE_API enum rc req_host_clean(struct arena *a, const char *host, char **out) ATTR_MUST_CHECK;
KADE_API size_t req_cookies_parse(struct arena *a, const char *header, struct req_param **out);
/* Best of n offered locales for an Accept-Language header; NULL when none fits. */
KADE_API const struct locale *req_language(const char *header, const struct locale *const *offered,
                                           size_t n);
enum rc req_decode(struct req_live *l) ATTR_MUST_CHECK;

/* req_route.c: tenant, language, currency, theme and route. */
enum rc req_find_tenant(struct req_live *l) ATTR_MUST_CHECK;
enum rc req_find_route(struct req_live *l) ATTR_MUST_CHECK;

/* req_body.c: reads the body within the route's limits into pairs, files or raw bytes. */
enum rc req_read_body(struct req_live *l) ATTR_MUST_CHECK;
const char *req_pair(const struct req_live *l, const char *key); /* of the body; NULL when absent */

/* form.c, form_fields.c */
enum rc form_take(struct req_live *l, const struct form_spec *spec) ATTR_MUST_CHECK;
/* Parses value into *dst by type; NULL or a translated message. */
KADE_API const char *form_field_parse(struct req *r, const struct form_field *f, const char *value,
                                      void *dst);

/* session.c: queues the session's statement into the page's pipeline, once. */
void session_queue(struct req_live *l);
/* The same again where it has not run yet: the page's pipeline was dropped. */
void session_requeue(struct req_live *l);
/* Runs it if it is still queued, and says who this is. */
enum rc session_resolve(struct req_live *l) ATTR_MUST_CHECK;
void session_settle(struct req_live *l); /* after any run of the page's pipeline */
void session_touch(struct req_live *l);  /* after the response */
const char *session_cookie_name(const struct req *r);

/* errors.c: turns the failure into the whole answer; never fails. */
void error_answer(struct req_live *l, enum rc rc);

/* headers.c */
void headers_secure(struct req_live *l);
void headers_cache(struct req_live *l);
void headers_timing(struct req_live *l, int64_t us);

/* page.c, holes.c */
enum rc page_finish(struct req_live *l) ATTR_MUST_CHECK; /* fills holes in r->out.body */
void page_forget(struct req *r); /* drops a half-made page before an error page */

/* urls.c */
KADE_API bool url_is_inside(const char *path); /* "/cart?x=1": ours, and no trick */
const char *url_prefixed(struct req *r, const char *path);
/* Length of "/si" at the start of path when it is a language of this shop other than its first. */
size_t url_prefix_length(const struct req *r, const char *path, const struct locale **l);

#endif
