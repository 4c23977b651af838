/* hello.c: the smallest module that does something: one page. It is what a newcomer writes first,
 * so it must load and answer. Nothing else. */
#include "app/module.h"
#include "app/req.h"

static enum rc page_hello(struct req *r)
{
    return req_text(r, 200, "text/plain; charset=utf-8", "hello");
}

static const struct app_route routes[] = { { M_GET, "/hello", page_hello }, { 0 } };

APP_MODULE(.name = "hello", .routes = routes);
