/* router.c: which route a path and method find: literals before captures, narrow kinds before wide
 * ones, going back when a branch ends, and what a 405 may name. */
#include <check.h>
#include <string.h>

#include "app/router.h"
#include "base/arena.h"
#include "base/str.h"

static enum rc none(struct req *r)
{
    (void)r;
    return RC_OK;
}

static const struct app_module m = { .name = "unit" };
static const struct app_route routes[] = {
    { M_GET, "/", none },
    { M_GET, "/p/{slug:slug}", none },
    { M_POST, "/p/{slug:slug}", none },
    { M_GET, "/p/new", none },
    { M_GET, "/x/{id:id}", none },
    { M_GET, "/x/{n:int}", none },
    { M_GET, "/x/{s:slug}", none },
    { M_GET, "/x/{t:token}", none },
    { M_GET, "/x/{a:any}", none },
    { M_GET, "/x/{a:rest}", none },
    { M_GET, "/back/{n:int}/only", none },
    { M_POST, "/back/{s:slug}/{t:slug}", none },
    { M_GET, "/back/{a:any}/{b:any}/deep", none },
    { M_GET, "/robots.txt", none },
    { M_GET, "/w/{item:id}/{n:int}", none },
};

static struct {
    struct arena *arena;
    struct router *router;
} t;

static void setup(void)
{
    const char *problem = "";
    t.arena = arena_new_sized(0);
    t.router = router_new(t.arena);
    for (size_t i = 0; i < COUNT_OF(routes); i++)
        ck_assert_msg(router_add(t.router, &m, &routes[i], &problem) == RC_OK, "%s", problem);
}

static void teardown(void)
{
    arena_free(t.arena);
}

static const struct {
    unsigned method;
    const char *path, *pattern; /* NULL: none */
    unsigned allowed;
} cases[] = {
    { M_GET, "/", "/", M_GET },
    { M_GET, "/p/lantern", "/p/{slug:slug}", M_GET },
    { M_POST, "/p/lantern", "/p/{slug:slug}", M_POST },
    { M_GET, "/p/new", "/p/new", M_GET },
    { M_POST, "/p/new", "/p/{slug:slug}", M_POST }, /* the literal has no POST */
    { M_DELETE, "/p/new", NULL, M_GET | M_POST },
    { 0, "/p/lantern", NULL, M_GET | M_POST },
    { M_GET, "/p/Lantern", NULL, 0 },
    { M_GET, "/p/\xe0\xb6\x9a\xe0\xb6\xa9\xe0\xb7\x9a", "/p/{slug:slug}", M_GET },
    { M_GET, "/p/", NULL, 0 },
    { M_GET, "/p", NULL, 0 },
    { M_GET, "/p/a/b", NULL, 0 },
    { M_GET, "/x/0190a000-0000-7000-8000-000000000001", "/x/{id:id}", M_GET },
    { M_GET, "/x/0190a000-0000-7000-8000-00000000000g", "/x/{s:slug}", M_GET },
    { M_GET, "/x/42", "/x/{n:int}", M_GET },
    { M_GET, "/x/1234567890123456789", "/x/{s:slug}", M_GET }, /* more digits than an int has */
    { M_GET, "/x/abc", "/x/{s:slug}", M_GET },
    { M_GET, "/x/ABC", "/x/{t:token}", M_GET },
    { M_GET, "/x/A.B", "/x/{a:any}", M_GET },
    { M_GET, "/x/A/B", "/x/{a:rest}", M_GET },
    { M_GET, "/x/", NULL, 0 },
    { M_GET, "/back/1/only", "/back/{n:int}/only", M_GET },
    { M_POST, "/back/1/only", "/back/{s:slug}/{t:slug}", M_POST },
    { M_GET, "/back/1/other/deep", "/back/{a:any}/{b:any}/deep", M_GET },
    { M_GET, "/back/a/b", NULL, M_POST },
    { M_GET, "/robots.txt", "/robots.txt", M_GET },
    { M_GET, "/robotsxtxt", NULL, 0 },
    { M_GET, "/nowhere", NULL, 0 },
    { M_GET, "x", NULL, 0 },
};

START_TEST(a_path_finds_its_route)
{
    struct route_match hit;
    router_find(t.router, t.arena, cases[_i].method, cases[_i].path, &hit);
    ck_assert_pstr_eq(hit.route ? hit.route->pattern : NULL, cases[_i].pattern);
    ck_assert_uint_eq(hit.allowed, cases[_i].allowed);
    ck_assert_ptr_eq(hit.module, hit.route ? &m : NULL);
}
END_TEST

START_TEST(captures_have_the_names_of_their_own_route)
{
    struct route_match hit;
    router_find(t.router, t.arena, M_GET, "/w/0190a000-0000-7000-8000-000000000001/7", &hit);
    ck_assert_uint_eq(hit.nparams, 2);
    ck_assert_str_eq(hit.params[0].name, "item");
    ck_assert_str_eq(hit.params[0].value, "0190a000-0000-7000-8000-000000000001");
    ck_assert_str_eq(hit.params[1].name, "n");
    ck_assert_str_eq(hit.params[1].value, "7");
    router_find(t.router, t.arena, M_GET, "/x/a/b/c", &hit);
    ck_assert_str_eq(hit.params[0].value, "a/b/c");
}
END_TEST

START_TEST(a_capture_has_a_length)
{
    struct route_match hit;
    char path[400] = "/p/";
    memset(path + 3, 'a', 320);
    router_find(t.router, t.arena, M_GET, path, &hit);
    ck_assert_ptr_nonnull(hit.route);
    path[323] = 'a';
    router_find(t.router, t.arena, M_GET, path, &hit);
    ck_assert_ptr_null(hit.route);
}
END_TEST

START_TEST(same_shapes_clash_and_different_ones_do_not)
{
    static const struct app_route clash = { M_GET, "/p/{other:slug}", none };
    static const struct app_route fine = { M_GET, "/p/{other:int}", none };
    const char *problem = "";
    ck_assert_int_eq(router_add(t.router, &m, &clash, &problem), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "clashes with \"/p/{slug:slug}\""));
    ck_assert_int_eq(router_add(t.router, &m, &fine, &problem), RC_OK);
}
END_TEST

struct seen {
    const char *last;
    size_t n;
};
static void see(const struct app_module *mod, const struct app_route *route, void *arg)
{
    struct seen *s = arg;
    ck_assert_ptr_eq(mod, &m);
    if (s->last)
        ck_assert_int_le(strcmp(s->last, route->pattern), 0);
    s->last = route->pattern;
    s->n++;
}

START_TEST(every_route_is_listed_in_order)
{
    struct seen s = { 0 };
    router_each(t.router, see, &s);
    ck_assert_uint_eq(s.n, COUNT_OF(routes));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("router");
    TCase *tc = tcase_create("router");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, a_path_finds_its_route, 0, (int)COUNT_OF(cases));
    tcase_add_test(tc, captures_have_the_names_of_their_own_route);
    tcase_add_test(tc, a_capture_has_a_length);
    tcase_add_test(tc, same_shapes_clash_and_different_ones_do_not);
    tcase_add_test(tc, every_route_is_listed_in_order);
    suite_add_tcase(s, tc);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? 1 : 0;
}
