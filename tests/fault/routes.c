/* routes.c: every route of every module while the first, the second, the third ... call to
 * database, cache or file that can fail does, until a run meets no fault. After each: a whole page
 * or a clean error, what was answered is what is stored, and doctor finds nothing. The routes come
 * from the router: one that changes something and has no row in tests/fault/calls_MODULE.c fails
 * this test, and so does a row of a route that is gone. */
#include <stdio.h>
#include <string.h>

#include "app/router.h"
#include "base/buf.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/fault.h"
#include "torture.h"

#ifdef KADE_FAULT
enum { MOST = 600 };

static const struct {
    unsigned bit;
    const char *name;
} writing[] = {
    { M_POST, "POST" }, { M_PUT, "PUT" }, { M_PATCH, "PATCH" }, { M_DELETE, "DELETE" }
};

static struct {
    struct kit *k;
    bool staff;
    const char *cookie[AS_STAFF + 1];
    size_t routes, faults, rows, missing;
} t;

/* ---- the table is complete ---- */

static const struct torture_call *row_of(const char *route)
{
    for (const struct torture_module **m = torture_modules; *m; m++)
        for (const struct torture_call *c = (*m)->calls; c && c->route; c++)
            if (str_eq(c->route, route))
                return c;
    return NULL;
}

static void has_a_row(const struct app_module *m, const struct app_route *route, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < COUNT_OF(writing); i++) {
        if (!(route->methods & writing[i].bit))
            continue;
        char *key = arena_printf(t.k->arena, "%s %s", writing[i].name, route->pattern);
        t.routes++;
        if (row_of(key))
            continue;
        t.missing++;
        printf("# %s has no row: say in tests/fault/calls_%s.c how it is called\n", key, m->name);
    }
}

START_TEST(every_route_that_changes_something_has_a_row)
{
    t.k = torture_open(false);
    t.routes = t.missing = t.rows = 0;
    router_each(t.k->app.registry->router, has_a_row, NULL);
    for (const struct torture_module **m = torture_modules; *m; m++)
        for (const struct torture_call *c = (*m)->calls; c && c->route; c++)
            t.rows++;
    ck_assert_msg(t.missing == 0, "%zu routes have no row in tests/fault", t.missing);
    ck_assert_msg(t.rows == t.routes, "%zu rows for %zu routes: one is of a route that is gone",
                  t.rows, t.routes);
    torture_close(t.k);
}
END_TEST

/* ---- one call ---- */

static bool whole(const struct kit_answer *a, int wanted)
{
    if (a->nbody && memchr(a->body, 0x1e, a->nbody))
        return false;
    switch (a->status) {
    case 503:
        return kit_header(a, "Retry-After") != NULL && a->nbody > 0;
    case 500:
    case 403: /* a session that could not be read: the token proves nothing */
    case 401:
        return a->nbody > 0;
    case 303:
    case 301:
        return kit_header(a, "Location") != NULL;
    default:
        return a->status == wanted && (a->nbody > 0 || wanted == 204);
    }
}

static void sign_in(void)
{
    t.cookie[AS_VISITOR] = NULL;
    t.cookie[AS_GUEST] = kit_session(t.k, KIT_SHOP_A, NULL, NULL, 0);
    t.cookie[AS_CUSTOMER] = kit_session(t.k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    t.cookie[AS_STAFF] = kit_session(t.k, KIT_SHOP_A, KIT_STAFF, NULL, 0);
}

/* What a page of that session would carry. */
static const char *token_of(const char *cookie)
{
    unsigned char hash[CRYPTO_HASH], mac[CRYPTO_HASH];
    if (!cookie)
        return NULL;
    crypto_token_hash(strchr(cookie, '=') + 1, hash);
    crypto_mac("csrf", hash, sizeof hash, mac);
    return crypto_base64url(t.k->arena, mac, sizeof mac);
}

static void expect_counts(const struct torture_call *c, const int64_t *had, bool done, unsigned n)
{
    for (size_t i = 0; i < COUNT_OF(c->counts) && c->counts[i].sql; i++) {
        int64_t more = torture_number(t.k, c->counts[i].sql) - had[i];
        ck_assert_msg(more == (done ? c->counts[i].rows : 0), "fault %u of %s: %s grew by %lld", n,
                      c->route, c->counts[i].sql, (long long)more);
    }
}

/* Calls it with the nth call failing; false when it met no fault. */
static bool call(const struct torture_call *c, unsigned n)
{
    const char *cookie = t.cookie[c->who], *token = token_of(cookie);
    const char *const headers[] = { "x-csrf-token", token, NULL };
    int64_t had[COUNT_OF(c->counts)] = { 0 };
    int wanted = c->status ? c->status : 303;
    char *method = arena_strndup(t.k->arena, c->route, strcspn(c->route, " "));
    if (c->before)
        kit_sql(t.k, c->before);
    struct kit_ask q = { .method = method,
                         .host = "a.test",
                         .path = c->path_of ? c->path_of(t.k)
                                 : c->path  ? c->path
                                            : strchr(c->route, ' ') + 1,
                         .body = c->body_of ? c->body_of(t.k) : c->body,
                         .type = c->type,
                         .headers = token ? headers : NULL,
                         .cookie = cookie };
    for (size_t i = 0; i < COUNT_OF(c->counts) && c->counts[i].sql; i++)
        had[i] = torture_number(t.k, c->counts[i].sql);
    kit_pass(t.k, 121); /* limits are not what is tested */
    torture_arm(t.k, n);
    struct kit_answer a = kit_ask(t.k, &q);
    bool met = torture_met(n);
    ck_assert_msg(whole(&a, wanted), "fault %u of %s: %d %.400s\n%.2000s", n, c->route, a.status,
                  a.body ? a.body : "", kit_log(t.k));
    ck_assert_msg(met || a.status == wanted, "untouched %s: %d, not %d: %.400s", c->route, a.status,
                  wanted, a.body ? a.body : "");
    expect_counts(c, had, a.status == wanted, n);
    torture_doctor(t.k, c->route);
    return met;
}

static void torture(const struct torture_call *c)
{
    unsigned n = 1;
    while (call(c, n)) {
        n++;
        ck_assert_msg(n < MOST, "%s never ran untouched", c->route);
    }
    printf("# %-40s %3u faults\n", c->route, n - 1);
    ck_assert_msg(n > 2, "%s meets no fault: it does nothing?", c->route);
    t.faults += n - 1;
}

static void actions_of(bool staff)
{
    t.k = torture_open(staff);
    sign_in();
    for (const struct torture_module **m = torture_modules; *m; m++)
        for (const struct torture_call *c = (*m)->calls; c && c->route; c++)
            if ((c->who == AS_STAFF) == staff)
                torture(c);
    torture_close(t.k);
}

START_TEST(actions_of_shoppers)
{
    actions_of(false);
}
END_TEST

START_TEST(actions_of_staff)
{
    actions_of(true);
}
END_TEST

/* ---- pages: no table, for what they show is not judged here ---- */

static const char *value_of(const char *kind)
{
    if (str_starts(kind, "int"))
        return "1";
    if (str_starts(kind, "token"))
        return "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if (str_starts(kind, "id"))
        return kit_cell(t.k, "SELECT id FROM shop.products WHERE slug = 'brass-lamp' AND tenant_id "
                             "= '" KIT_SHOP_A "'");
    return "brass-lamp";
}

static const char *filled(const char *pattern)
{
    struct buf b;
    buf_init(&b, t.k->arena, 4096);
    for (const char *p = pattern; *p;) {
        if (*p != '{') {
            buf_char(&b, *p++);
            continue;
        }
        buf_str(&b, value_of(strchr(p, ':') + 1));
        p = strchr(p, '}') + 1;
    }
    return b.p;
}

static bool page_whole(const struct kit_answer *a)
{
    if (a->nbody && memchr(a->body, 0x1e, a->nbody))
        return false;
    bool moved = a->status == 301 || a->status == 303;
    if (a->status == 503)
        return a->nbody > 0 && (kit_header(a, "Retry-After") || str_starts(a->type, "application"));
    return moved ? kit_header(a, "Location") != NULL : a->status >= 200 && a->nbody > 0;
}

static void page(const struct app_module *m, const struct app_route *route, void *arg)
{
    const char *path = filled(route->pattern), *cookie = *(const char **)arg;
    (void)m;
    if (!(route->methods & M_GET))
        return;
    int untouched =
        kit_ask(t.k,
                &(struct kit_ask){
                    .host = "a.test", .path = path, .cookie = cookie, .ip = "127.0.0.1" })
            .status;
    for (unsigned n = 1;; n++) {
        kit_pass(t.k, 121);
        torture_arm(t.k, n);
        struct kit_answer a =
            kit_ask(t.k, &(struct kit_ask){
                             .host = "a.test", .path = path, .cookie = cookie, .ip = "127.0.0.1" });
        bool met = torture_met(n);
        ck_assert_msg(page_whole(&a), "fault %u of GET %s: %d %.400s", n, path, a.status,
                      a.body ? a.body : "");
        ck_assert_msg(met || a.status == untouched, "GET %s: %d after faults, %d before", path,
                      a.status, untouched);
        ck_assert_uint_lt(n, MOST);
        t.faults += met;
        if (!met)
            break;
    }
    t.routes++;
}

static void pages_as(enum torture_who who, bool staff)
{
    t.k = torture_open(staff);
    t.routes = t.faults = 0;
    sign_in();
    router_each(t.k->app.registry->router, page, &t.cookie[who]);
    printf("# %zu pages, %zu faults\n", t.routes, t.faults);
    ck_assert_uint_gt(t.faults, t.routes);
    torture_close(t.k);
}

START_TEST(pages_of_visitors)
{
    pages_as(AS_VISITOR, false);
}
END_TEST

START_TEST(pages_of_customers)
{
    pages_as(AS_CUSTOMER, false);
}
END_TEST

START_TEST(pages_of_staff)
{
    pages_as(AS_STAFF, true);
}
END_TEST

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    Suite *s = suite_create("routes");
    TCase *c = tcase_create("faults");
    tcase_set_timeout(c, 600);
    tcase_add_unchecked_fixture(c, shop_open, shop_close);
    tcase_add_test(c, every_route_that_changes_something_has_a_row);
    tcase_add_test(c, actions_of_shoppers);
    tcase_add_test(c, actions_of_staff);
    tcase_add_test(c, pages_of_visitors);
    tcase_add_test(c, pages_of_customers);
    tcase_add_test(c, pages_of_staff);
    suite_add_tcase(s, c);
    return kit_run(s);
}
#else
int main(void)
{
    puts("1..0 # SKIP this build cannot make calls fail (--enable-fault)");
    return 0;
}
#endif
