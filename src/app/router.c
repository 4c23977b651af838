/* router.c: a trie of path segments. Built once by the loader and read-only afterwards, so that
 * every worker forked from the master shares its pages. At each segment a literal is tried before
 * the captures, and captures from the narrowest kind to the widest; the first leaf that has a route
 * for the method wins, the methods of the others are what a 405 names. It decodes nothing: paths
 * arrive clean from req_path.c. Every node is visited at most once for a path, so the work is
 * bounded by the number of routes, not by the path. */
#include "app/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/str.h"

enum { MAX_SEGMENTS = 24, MAX_PARAMS = 8, MAX_CAPTURE = 320 };
enum kind { K_ID, K_INT, K_SLUG, K_TOKEN, K_ANY, K_REST, K_COUNT };

static const char *const kind_names[K_COUNT] = { "id", "int", "slug", "token", "any", "rest" };

struct leaf {
    struct leaf *next;
    const struct app_module *module;
    const struct app_route *route;
    const char *names[MAX_PARAMS];
};
struct node {
    const char *literal;   /* of a literal child */
    struct node *literals; /* first child */
    struct node *next;     /* sibling */
    struct node *captures[K_COUNT];
    struct leaf *leaves;
};
struct router {
    struct arena *arena;
    struct node root;
    size_t count;
};

struct router *router_new(struct arena *a)
{
    struct router *r = arena_new(a, struct router);
    r->arena = a;
    return r;
}

static enum rc bad(struct router *r, const struct app_module *m, const struct app_route *route,
                   const char *why, const char **problem)
{
    *problem = arena_printf(r->arena, "module %s: route \"%s\": %s", m->name,
                            route->pattern ? route->pattern : "(null)", why);
    return RC_INVALID;
}

static bool literal_ok(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
            return false;
    }
    return n > 0 && s[0] != '.';
}

/* "{name:kind}" into its parts; false when it is not one. */
static bool capture_parse(struct arena *a, const char *s, size_t n, const char **name,
                          enum kind *kind)
{
    const char *colon = memchr(s, ':', n);
    if (n < 5 || s[0] != '{' || s[n - 1] != '}' || !colon || colon == s + 1)
        return false;
    for (const char *p = s + 1; p < colon; p++)
        if (!((*p >= 'a' && *p <= 'z') || *p == '_' || (p > s + 1 && *p >= '0' && *p <= '9')))
            return false;
    size_t len = (size_t)(s + n - 1 - (colon + 1));
    for (unsigned k = 0; k < K_COUNT; k++)
        if (strlen(kind_names[k]) == len && memcmp(kind_names[k], colon + 1, len) == 0) {
            *name = arena_strndup(a, s + 1, (size_t)(colon - s - 1));
            *kind = (enum kind)k;
            return true;
        }
    return false;
}

static struct node *literal_child(struct router *r, struct node *at, const char *s, size_t n)
{
    struct node **link = &at->literals;
    for (; *link; link = &(*link)->next)
        if (strlen((*link)->literal) == n && memcmp((*link)->literal, s, n) == 0)
            return *link;
    *link = arena_new(r->arena, struct node);
    (*link)->literal = arena_strndup(r->arena, s, n);
    return *link;
}

static struct node *capture_child(struct router *r, struct node *at, enum kind k)
{
    if (!at->captures[k])
        at->captures[k] = arena_new(r->arena, struct node);
    return at->captures[k];
}

/* Walks the pattern, making nodes; NULL with *why when the pattern is bad. */
static struct node *walk(struct router *r, const char *pattern, const char **names,
                         const char **why)
{
    struct node *at = &r->root;
    size_t params = 0, segments = 0;
    const char *p = pattern;
    if (*p != '/') {
        *why = "a pattern starts with '/'";
        return NULL;
    }
    while (p[0] == '/' && p[1] != '\0') {
        const char *s = ++p;
        p += strcspn(p, "/");
        size_t n = (size_t)(p - s);
        const char *name;
        enum kind kind;
        if (++segments > MAX_SEGMENTS) {
            *why = "more than 24 segments";
            return NULL;
        }
        if (literal_ok(s, n)) {
            at = literal_child(r, at, s, n);
            continue;
        }
        if (!capture_parse(r->arena, s, n, &name, &kind)) {
            *why = "each segment is lower-case letters, digits, '-', '_', '.' or "
                   "{name:id|int|slug|token|any|rest}";
            return NULL;
        }
        for (size_t i = 0; i < params; i++)
            if (str_eq(names[i], name)) {
                *why = "a capture name is used twice";
                return NULL;
            }
        if (params == MAX_PARAMS || (kind == K_REST && *p)) {
            *why = kind == K_REST ? "a rest capture comes last" : "more than 8 captures";
            return NULL;
        }
        names[params++] = name;
        at = capture_child(r, at, kind);
    }
    if (*p == '/' && p != pattern) {
        *why = "a pattern does not end with '/'";
        return NULL;
    }
    return at;
}

enum rc router_add(struct router *r, const struct app_module *m, const struct app_route *route,
                   const char **problem)
{
    struct leaf leaf = { .module = m, .route = route };
    const char *why = NULL;
    const unsigned all = M_GET | M_POST | M_PUT | M_PATCH | M_DELETE;
    if (!route->pattern)
        return bad(r, m, route, "the pattern is missing", problem);
    if (route->methods == 0 || (route->methods & ~all))
        return bad(r, m, route, "methods are none of M_GET M_POST M_PUT M_PATCH M_DELETE", problem);
    struct node *n = walk(r, route->pattern, leaf.names, &why);
    if (!n)
        return bad(r, m, route, why, problem);
    struct leaf **link = &n->leaves;
    for (; *link; link = &(*link)->next)
        if ((*link)->route->methods & route->methods)
            return bad(r, m, route,
                       arena_printf(r->arena, "clashes with \"%s\" of module %s",
                                    (*link)->route->pattern, (*link)->module->name),
                       problem);
    *link = arena_memdup(r->arena, &leaf, sizeof leaf);
    r->count++;
    return RC_OK;
}

static bool all_in(const char *s, size_t n, bool (*ok)(unsigned char c))
{
    for (size_t i = 0; i < n; i++)
        if (!ok((unsigned char)s[i]))
            return false;
    return true;
}
static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}
/* Names made by utf8_slug: no upper case, letters of other scripts as they are. */
static bool is_slug(unsigned char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c >= 0x80;
}
static bool is_token(unsigned char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool kind_takes(enum kind k, const char *s, size_t n)
{
    if (n == 0 || n > MAX_CAPTURE)
        return false;
    switch (k) {
    case K_ID: {
        char text[UUID_TEXT];
        struct uuid id;
        if (n != UUID_TEXT - 1)
            return false;
        memcpy(text, s, n);
        text[n] = '\0';
        return uuid_parse(text, &id) == RC_OK;
    }
    case K_INT:
        return n <= 18 && all_in(s, n, is_digit);
    case K_SLUG:
        return all_in(s, n, is_slug);
    case K_TOKEN:
        return all_in(s, n, is_token);
    default:
        return true;
    }
}

struct search {
    unsigned method;
    struct {
        const char *p;
        size_t n;
    } got[MAX_PARAMS];
    size_t ngot;
    const struct leaf *found;
    unsigned allowed;
};

static bool leaf_take(struct search *s, const struct node *n)
{
    for (const struct leaf *l = n->leaves; l; l = l->next) {
        s->allowed |= l->route->methods;
        if (l->route->methods & s->method) {
            s->found = l;
            return true;
        }
    }
    return false;
}

/* p: at '/' before the next segment, or at the end. True when a leaf took it. */
static bool descend(struct search *s, const struct node *at, const char *p)
{
    if (*p == '\0')
        return leaf_take(s, at);
    const char *seg = p + 1;
    size_t n = strcspn(seg, "/");
    for (const struct node *c = at->literals; c; c = c->next)
        if (strncmp(c->literal, seg, n) == 0 && c->literal[n] == '\0') {
            if (descend(s, c, seg + n))
                return true;
            break;
        }
    for (unsigned k = 0; k < K_COUNT; k++) {
        const struct node *c = at->captures[k];
        size_t len = k == K_REST ? strlen(seg) : n;
        if (!c || s->ngot == MAX_PARAMS ||
            (k == K_REST ? len == 0 : !kind_takes((enum kind)k, seg, len)))
            continue;
        s->got[s->ngot].p = seg;
        s->got[s->ngot].n = len;
        s->ngot++;
        if (descend(s, c, seg + len))
            return true;
        s->ngot--;
    }
    return false;
}

void router_find(const struct router *r, struct arena *a, unsigned method, const char *path,
                 struct route_match *out)
{
    struct search s = { .method = method };
    *out = (struct route_match){ 0 };
    if (path[0] != '/')
        return;
    bool hit = path[1] == '\0' ? leaf_take(&s, &r->root) : descend(&s, &r->root, path);
    if (!hit) {
        out->allowed = s.allowed;
        return;
    }
    struct req_param *params = arena_array(a, struct req_param, s.ngot);
    for (size_t i = 0; i < s.ngot; i++) {
        params[i].name = s.found->names[i];
        params[i].value = arena_strndup(a, s.got[i].p, s.got[i].n);
    }
    out->route = s.found->route;
    out->module = s.found->module;
    out->params = params;
    out->nparams = s.ngot;
    out->allowed = s.found->route->methods;
}

static void collect(const struct node *n, const struct leaf **all, size_t *at)
{
    for (const struct leaf *l = n->leaves; l; l = l->next)
        all[(*at)++] = l;
    for (const struct node *c = n->literals; c; c = c->next)
        collect(c, all, at);
    for (unsigned k = 0; k < K_COUNT; k++)
        if (n->captures[k])
            collect(n->captures[k], all, at);
}

static int leaf_order(const void *pa, const void *pb)
{
    const struct leaf *a = *(const struct leaf *const *)pa, *b = *(const struct leaf *const *)pb;
    int c = strcmp(a->route->pattern, b->route->pattern);
    return c ? c
             : (a->route->methods > b->route->methods) - (a->route->methods < b->route->methods);
}

void router_each(const struct router *r,
                 void (*fn)(const struct app_module *m, const struct app_route *route, void *arg),
                 void *arg)
{
    const struct leaf **all = arena_array(r->arena, const struct leaf *, r->count);
    size_t n = 0;
    collect(&r->root, all, &n);
    qsort(all, n, sizeof *all, leaf_order);
    for (size_t i = 0; i < n; i++)
        fn(all[i]->module, all[i]->route, arg);
}
