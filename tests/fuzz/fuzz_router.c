/* fuzz_router.c: any bytes as a path: decoding gives a path without tricks or nothing, and a route
 * that matches can be written back from its pattern and captures to the very same path. */
#include <stdint.h>
#include <string.h>

#include "app/req_priv.h"
#include "app/router.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc none(struct req *r)
{
    (void)r;
    return RC_OK;
}

static const struct app_module m = { .name = "fuzz" };
static const struct app_route routes[] = {
    { M_GET, "/", none },
    { M_GET | M_POST, "/p/{slug:slug}", none },
    { M_GET, "/p/{slug:slug}/{n:int}", none },
    { M_GET, "/p/new", none },
    { M_POST, "/o/{id:id}", none },
    { M_GET, "/o/{any:any}/{t:token}", none },
    { M_GET, "/o/{n:int}/{rest:rest}", none },
    { M_GET, "/a/b/c/{x:any}/d", none },
    { M_DELETE, "/a/{x:any}/c/{y:slug}/d", none },
    { M_GET, "/sitemap.xml", none },
};

static void check_back(struct arena *a, const struct route_match *hit, const char *path)
{
    struct buf b;
    size_t param = 0;
    buf_init(&b, a, 8192);
    for (const char *p = hit->route->pattern; *p;) {
        if (*p != '{') {
            buf_char(&b, *p++);
            continue;
        }
        check_that(param < hit->nparams);
        buf_str(&b, hit->params[param++].value);
        p = strchr(p, '}') + 1;
    }
    check_that(param == hit->nparams && str_eq(b.p, path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    struct router *r = router_new(a);
    const char *problem;
    char *path;
    for (size_t i = 0; i < COUNT_OF(routes); i++)
        check_that(router_add(r, &m, &routes[i], &problem) == RC_OK);
    if (size < 8000 && req_path_decode(a, (const char *)data, size, &path) == RC_OK) {
        check_that(path[0] == '/' && utf8_valid(path, strlen(path)));
        check_that(!strstr(path, "//") && !strchr(path, '\\') && !strstr(path, "/../"));
        check_that(!str_ends(path, "/..") && !str_ends(path, "/.") && !strstr(path, "/./"));
        static const unsigned methods[] = { M_GET, M_POST, M_PUT, M_DELETE, 0 };
        for (size_t i = 0; i < COUNT_OF(methods); i++) {
            struct route_match hit;
            router_find(r, a, methods[i], path, &hit);
            if (hit.route)
                check_back(a, &hit, path);
            else
                check_that((hit.allowed & methods[i]) == 0);
        }
    }
    arena_free(a);
    return 0;
}
