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
};
struct frag_tag {
    const char *space, *id;
}; /* {"product", slug}; ends with {0} */
typedef enum rc(frag_fill)(struct req *r, void *arg, struct buf *out);

/* Key = tenant, name, layout, locale, currency, theme, price group, vary, and each tag's
 * generation. vary may be NULL. out is appended to. */
KADE_API enum rc frag_render(struct req *r, const struct frag_spec *spec,
                             const struct frag_tag *tags, const char *vary, frag_fill *fill,
                             void *arg, struct buf *out) ATTR_MUST_CHECK;
/* Bumps one tag now. Called by EV_AFTER_COMMIT handlers, repeated by the outbox until memcached
 * confirms: false = memcached away. */
KADE_API bool frag_bump(struct app_ctx *app, struct uuid tenant, const char *space, const char *id);

#endif
