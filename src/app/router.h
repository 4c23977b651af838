/* router.h: path and method to route. Built once by the loader, read-only afterwards. */
#ifndef APP_ROUTER_H
#define APP_ROUTER_H

#include "app/module.h"
#include "app/req.h"
#include "base/arena.h"

struct router;
KADE_API struct router *router_new(struct arena *a) ATTR_RETNONNULL;
/* RC_INVALID with a reason: bad pattern, or a clash with a route already there (same shape, common
 * method). */
KADE_API enum rc router_add(struct router *r, const struct app_module *m,
                            const struct app_route *route, const char **problem) ATTR_MUST_CHECK;
struct route_match {
    const struct app_route *route;
    const struct app_module *module;
    const struct req_param *params;
    size_t nparams;
    unsigned
        allowed; /* methods of the path, when route is NULL because of the method (405); 0 = 404 */
};
/* path: decoded and clean, starts with '/'. Params live in a. Literals beat captures, segment by
 * segment. */
KADE_API void router_find(const struct router *r, struct arena *a, unsigned method,
                          const char *path, struct route_match *out);
/* Every route in order of pattern, for `kade check` and tests. */
KADE_API void router_each(const struct router *r,
                          void (*fn)(const struct app_module *m, const struct app_route *route,
                                     void *arg),
                          void *arg);

#endif
