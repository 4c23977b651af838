/* frag.h: cached fragments with generations (architecture.md 8). Invalidation is an increment of
 * the tags' generations after commit; a slow filler then writes under a dead key. memcached away =
 * the filler runs. */
#ifndef APP_FRAG_H
#define APP_FRAG_H

#include "app/req.h"
#include "app/types.h"

struct frag_spec {
    const char *name; /* "storefront.product" */
    unsigned layout;  /* bump when the markup changes; template hash is mixed in as well */
    unsigned fresh_s, stale_s;
    /* NULL, or the space whose tag "all" is bumped before any tag that the content may turn out to
     * hang on is bumped: then what it hangs on may be named after it was built (frag_store_as). */
    const char *guard;
};
struct frag_tag {
    const char *space, *id;
}; /* {"product", slug}; ends with {0} */
typedef enum rc(frag_fill)(struct req *r, void *arg, struct buf *out);

/* Key = tenant, name, layout, templates, locale, currency, theme, vary, and each tag's generation;
 * with a guard the generations lie in the entry instead, and are compared when it is found.
 * vary may be NULL; what else the content depends on (price group, host) goes there. out is
 * appended to. When the filler fails because something is away and a stale copy is at hand, that is
 * used. What was filled while r->out.no_store became true is not stored. */
KADE_API enum rc frag_render(struct req *r, const struct frag_spec *spec,
                             const struct frag_tag *tags, const char *vary, frag_fill *fill,
                             void *arg, struct buf *out) ATTR_MUST_CHECK;
/* Bumps one tag now. Called by EV_AFTER_COMMIT handlers, repeated by the outbox until memcached
 * confirms: false = memcached away. */
KADE_API bool frag_bump(struct app_ctx *app, struct uuid tenant, const char *space, const char *id);

/* ---- in two steps, for what carries more than bytes (whole pages: title, status, type) ---------
 */
enum frag_state {
    FRAG_HIT,   /* use body and meta: fresh, or stale while somebody else refills it */
    FRAG_FILL,  /* ours to build, then frag_store or frag_abandon; has_stale: body and meta are the
                   last copy, good when building fails */
    FRAG_BUILD, /* build, do not store: memcached is away or another process is at it */
};
enum { FRAG_KEY_SIZE = 48 };
struct frag_lookup {
    enum frag_state state;
    bool stale, has_stale;
    const char *body, *meta; /* in the request's arena */
    size_t nbody, nmeta;
    const struct frag_spec *spec; /* the rest is private */
    char key[FRAG_KEY_SIZE], lock[FRAG_KEY_SIZE];
    int64_t started;
    bool expired;           /* its instant has come: good only when building fails */
    struct frag_hold *hold; /* with a guard: generations before the build, the guard's last */
    size_t nhold;
};

/* At most two trips to memcached on a hit (one without tags). */
KADE_API void frag_fetch(struct req *r, const struct frag_spec *spec, const struct frag_tag *tags,
                         const char *vary, struct frag_lookup *out);
/* meta is bytes of the caller's own; at most 64 KB. Does nothing unless state is FRAG_FILL. */
KADE_API void frag_store(struct req *r, const struct frag_lookup *l, const void *meta, size_t nmeta,
                         const void *body, size_t nbody);
/* With more: deps (ended by {0}, at most FRAG_DEPS_MAX, NULL none; needs spec->guard) are tags the
 * content hangs on beside those of frag_fetch. It is not stored when the guard moved meanwhile, as
 * it may show what was before. until: the instant from which it is not served any more, however
 * fresh; INSTANT_MAX none. */
enum { FRAG_DEPS_MAX = 96 };
KADE_API void frag_store_as(struct req *r, const struct frag_lookup *l, const struct frag_tag *deps,
                            int64_t until, const void *meta, size_t nmeta, const void *body,
                            size_t nbody);
/* Building failed. back_off: leave the lock, so that others serve the stale copy for some seconds
 * before anybody tries again. */
KADE_API void frag_abandon(struct req *r, const struct frag_lookup *l, bool back_off);

#endif
