/* routes.c: law 1 at the door: every GET route of every module, asked in shop a with the addresses
 * and ids of shop b, finds nothing and says nothing of shop b. The routes come from the router, so
 * a new one is tested the day it exists; a capture this test has no values for fails it. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/storefront/shop.h"
#include "app/router.h"

static struct kit *k;

/* Words that only shop b has. */
static const char *const secrets[] = { "Shortwave", "B-RADIO", "Brass lamp of B" };

enum { MODULES_MOST = 64, VALUES_MOST = 64 };

static const char **module_names(void)
{
    static const char *names[MODULES_MOST + 1];
    static char text[MODULES_MOST][64];
    glob_t g;
    char pattern[1000];
    size_t n = 0;
    snprintf(pattern, sizeof(pattern), "%s/modules/.libs/*.so", getenv("KADE_TEST_BUILD"));
    ck_assert_int_eq(glob(pattern, 0, NULL, &g), 0);
    for (size_t i = 0; i < g.gl_pathc && n < MODULES_MOST; i++) {
        const char *base = strrchr(g.gl_pathv[i], '/') + 1;
        snprintf(text[n], sizeof(text[n]), "%.*s", (int)strcspn(base, "."), base);
        names[n] = text[n];
        n++;
    }
    globfree(&g);
    return names;
}

/* Slugs and ids of shop b, read as the superuser. */
static size_t values(const char *kind, const char **out)
{
    const char *sql =
        strcmp(kind, "slug") == 0 || strcmp(kind, "any") == 0 || strcmp(kind, "rest") == 0
            ? "SELECT string_agg(slug, ' ') FROM shop.slugs WHERE tenant_id = '" KIT_SHOP_B "'"
        : strcmp(kind, "id") == 0
            ? "SELECT string_agg(id::text, ' ') FROM (SELECT tenant_id, id FROM shop.products "
              "UNION ALL "
              "SELECT tenant_id, id FROM shop.product_variants UNION ALL SELECT tenant_id, id FROM "
              "shop.categories) x WHERE tenant_id = '" KIT_SHOP_B "'"
        : strcmp(kind, "int") == 0   ? "SELECT '1 2 3'"
        : strcmp(kind, "token") == 0 ? "SELECT 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'"
                                     : NULL;
    size_t n = 0;
    ck_assert_msg(sql != NULL, "no values for captures of kind %s", kind);
    char *all = arena_strdup(k->arena, kit_cell(k, sql));
    for (char *p = all; *p != '\0' && n < VALUES_MOST;) {
        size_t len = strcspn(p, " ");
        char *next = p + len + (p[len] != '\0');
        p[len] = '\0';
        out[n++] = p;
        p = next;
    }
    ck_assert_msg(n > 0, "shop b has no %s", kind);
    return n;
}

static void ask(const char *path, bool captured)
{
    struct kit_answer a = kit_get(k, "a.test", path);
    ck_assert_msg(a.status != 500, "%s answers 500: %.800s", path, a.body);
    if (captured) /* 410: a one-time link nobody here was sent, as one that was used up */
        ck_assert_msg(a.status == 404 || a.status == 303 || a.status == 401 || a.status == 403 ||
                          a.status == 410,
                      "%s answers %d", path, a.status);
    for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
        ck_assert_msg(a.body == NULL || strstr(a.body, secrets[i]) == NULL, "%s tells of \"%s\"",
                      path, secrets[i]);
}

/* The pattern with each capture replaced by value number i of its kind. */
static void ask_with_values(const char *pattern)
{
    const char *v[VALUES_MOST];
    size_t most = 1;
    for (size_t i = 0; i < most; i++) {
        struct buf path;
        buf_init(&path, k->arena, 4000);
        for (const char *p = pattern; *p != '\0';) {
            if (*p != '{') {
                buf_char(&path, *p++);
                continue;
            }
            const char *colon = strchr(p, ':'), *end = strchr(p, '}');
            ck_assert(end != NULL && colon != NULL && colon < end);
            size_t n = values(arena_strndup(k->arena, colon + 1, (size_t)(end - colon - 1)), v);
            most = n > most ? n : most;
            buf_str(&path, v[i % n]);
            p = end + 1;
        }
        ask(path.p, true);
        ask(arena_printf(k->arena, "/si%s", path.p), true);
    }
}

static void each(const struct app_module *m, const struct app_route *route, void *arg)
{
    unsigned *n = arg;
    (void)m;
    if (!(route->methods & M_GET) || (route->flags & R_NO_TENANT))
        return;
    (*n)++;
    if (strchr(route->pattern, '{') != NULL)
        ask_with_values(route->pattern);
    else
        ask(route->pattern, false);
}

START_TEST(no_route_of_a_tells_of_b)
{
    unsigned n = 0;
    k = kit_open(&(struct kit_opt){ .load = module_names() });
    /* what is looked for is there: in its own shop */
    ck_has(kit_get(k, "b.test", "/en/").body, "Shortwave radio");
    router_each(k->app.registry->router, each, &n);
    ck_assert_uint_ge(n, 4);
    kit_close(k);
}
END_TEST

/* The same slug in both shops is two products. */
START_TEST(the_same_slug_is_another_product)
{
    k = shop_kit(false);
    ck_has(kit_get(k, "b.test", "/en/p/brass-lamp-of-b").body, "Brass lamp of B");
    ck_lacks(kit_get(k, "a.test", "/p/brass-lamp").body, "of B");
    ck_lacks(kit_get(k, "a.test", "/p/brass-lamp?variant=B-RADIO").body, "of B");
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("isolation of routes");
    TCase *t = tcase_create("routes");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, no_route_of_a_tells_of_b);
    tcase_add_test(t, the_same_slug_is_another_product);
    suite_add_tcase(s, t);
    return kit_run(s);
}
