/* sessions.c: who may do what from where: the CSRF matrix, sessions that are fixed, stolen, stale
 * or foreign, permissions, flash shown once, rate limits shared and per process. */
#include "common.h"

#include <string.h>

#include "app/session.h"
#include "base/str.h"

/* The hidden field of a page as this cookie's owner sees it; "" when there is none. */
static const char *token_of(struct kit *k, const char *cookie)
{
    struct kit_answer a =
        kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/note", .cookie = cookie });
    const char *p = strstr(a.body, "name=\"csrf\" value=\"");
    ck_status(a, 200);
    return p ? arena_strndup(k->arena, p + 19, strcspn(p + 19, "\"")) : "";
}

static struct kit_answer post_as(struct kit *k, const char *cookie, const char *token,
                                 const char *const *headers)
{
    const char *body = token ? arena_printf(k->arena, "csrf=%s", token) : "";
    return kit_ask(k, &(struct kit_ask){ .method = "POST",
                                         .host = "a.test",
                                         .path = "/plain",
                                         .cookie = cookie,
                                         .body = body,
                                         .headers = headers,
                                         .foreign = true });
}

#define H(...) ((const char *const[]){ __VA_ARGS__, NULL })

START_TEST(csrf_without_a_session_asks_the_browser)
{
    struct kit *k = kit_default();
    ck_status(post_as(k, NULL, NULL, NULL), 403);
    ck_status(post_as(k, NULL, NULL, H("sec-fetch-site", "same-origin")), 200);
    ck_status(post_as(k, NULL, NULL, H("sec-fetch-site", "same-site")), 403);
    ck_status(post_as(k, NULL, NULL, H("sec-fetch-site", "cross-site")), 403);
    ck_status(post_as(k, NULL, NULL, H("sec-fetch-site", "none")), 403);
    ck_status(post_as(k, NULL, NULL, H("origin", "http://a.test")), 200);
    ck_status(post_as(k, NULL, NULL, H("origin", "http://A.TEST")), 200);
    ck_status(post_as(k, NULL, NULL, H("origin", "http://b.test")), 403);
    ck_status(post_as(k, NULL, NULL, H("origin", "http://a.test.evil.example")), 403);
    ck_status(post_as(k, NULL, NULL, H("origin", "http://a.test@evil.example")), 403);
    ck_status(post_as(k, NULL, NULL, H("origin", "http://a.test:9999")), 403);
    ck_status(post_as(k, NULL, NULL, H("origin", "null")), 403);
    ck_status(post_as(k, NULL, NULL, H("referer", "http://a.test/note?x")), 200);
    ck_status(post_as(k, NULL, NULL, H("referer", "http://evil.example/a.test")), 403);
    ck_status(post_as(k, NULL, NULL, H("sec-fetch-site", "cross-site", "origin", "http://a.test")),
              403);
    kit_close(k);
}
END_TEST

START_TEST(csrf_with_a_session_needs_its_token)
{
    struct kit *k = kit_default();
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    const char *ben = kit_session(k, KIT_SHOP_A, NULL, KIT_BEN, 0);
    const char *anns = token_of(k, ann), *bens = token_of(k, ben);
    ck_assert_uint_gt(strlen(anns), 20);
    ck_assert_str_ne(anns, bens);
    ck_assert_str_eq(token_of(k, NULL), "");
    ck_status(post_as(k, ann, anns, NULL), 200);
    ck_status(post_as(k, ann, NULL, NULL), 403);
    ck_status(post_as(k, ann, NULL, H("sec-fetch-site", "same-origin")), 403);
    ck_status(post_as(k, ann, bens, NULL), 403);
    ck_status(post_as(k, ann, "", NULL), 403);
    ck_status(post_as(k, ann, anns, H("sec-fetch-site", "cross-site")), 403);
    ck_status(post_as(k, ann, NULL, H("x-csrf-token", anns)), 200);
    kit_close(k);
}
END_TEST

START_TEST(csrf_exemptions)
{
    struct kit *k = kit_default();
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    struct kit_answer a = kit_ask(k, &(struct kit_ask){ .method = "POST",
                                                        .host = "a.test",
                                                        .path = "/hook",
                                                        .body = "{\"x\":1}",
                                                        .type = "application/json",
                                                        .foreign = true });
    ck_status(a, 200);
    ck_assert_str_eq(a.body, "{\"x\":1}");
    /* Authorization: the cookie must not count at all */
    a = post_as(k, ann, NULL, H("authorization", "Bearer x"));
    ck_status(a, 200);
    ck_assert_int_eq(a.r->who.kind, WHO_NOBODY);
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test",
                                      .path = "/me",
                                      .cookie = ann,
                                      .headers = H("authorization", "Bearer x") });
    ck_status(a, 303);
    kit_close(k);
}
END_TEST

START_TEST(a_sign_in_makes_a_new_token)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_post(k, "a.test", "/guest", "");
    const char *guest = kit_set_cookie(k, &a, "session");
    ck_status(a, 303);
    ck_assert_ptr_nonnull(guest);
    const char *cookie = arena_printf(k->arena, "session=%s", guest);
    a = kit_ask(
        k, &(struct kit_ask){ .method = "POST",
                              .host = "a.test",
                              .path = "/login",
                              .cookie = cookie,
                              .body = arena_printf(k->arena, "csrf=%s", token_of(k, cookie)) });
    ck_status(a, 303);
    const char *signed_in = kit_set_cookie(k, &a, "session");
    ck_assert_str_ne(signed_in, guest);
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/me", .cookie = cookie });
    ck_status(a, 303); /* the old token opens nothing */
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test",
                                      .path = "/me",
                                      .cookie = arena_printf(k->arena, "session=%s", signed_in) });
    ck_status(a, 200);
    ck_has(a.body, "<h1>Ann a</h1>");
    ck_has(kit_header(&a, "Cache-Control"), "private");
    kit_close(k);
}
END_TEST

START_TEST(only_hashes_are_stored_and_cookies_are_closed)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_post(k, "a.test", "/guest", "");
    const char *token = kit_set_cookie(k, &a, "session");
    const char *line = kit_header(&a, "Set-Cookie");
    ck_has(line, "HttpOnly");
    ck_has(line, "SameSite=Lax");
    ck_has(line, "Path=/");
    ck_lacks(line, "Secure");
    const char *found = kit_cell(
        k, arena_printf(
               k->arena,
               "SELECT count(*) FROM app.sessions WHERE token_hash = convert_to('%s', 'UTF8') "
               "OR encode(token_hash, 'escape') LIKE '%%%s%%'",
               token, token));
    ck_assert_str_eq(found, "0");
    ck_lacks(kit_log(k), token);
    a = kit_ask(
        k, &(struct kit_ask){
               .method = "POST", .host = "a.test", .path = "/guest", .body = "", .https = true });
    ck_has(kit_header(&a, "Set-Cookie"), "__Host-session=");
    ck_has(kit_header(&a, "Set-Cookie"), "Secure");
    kit_close(k);
}
END_TEST

START_TEST(a_session_ends_with_its_owners_epoch)
{
    struct kit *k = kit_default();
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    struct kit_ask me = { .host = "a.test", .path = "/me", .cookie = ann };
    ck_status(kit_ask(k, &me), 200);
    kit_sql(k, "UPDATE shop.customers SET epoch = 1 WHERE id = '" KIT_ANN
               "' AND tenant_id = '" KIT_SHOP_A "'");
    ck_status(kit_ask(k, &me), 303);
    kit_sql(k, "UPDATE shop.customers SET epoch = 0 WHERE id = '" KIT_ANN
               "' AND tenant_id = '" KIT_SHOP_A "'");
    ck_status(kit_ask(k, &me), 200);
    kit_sql(k, "UPDATE shop.customers SET status = 'blocked' WHERE id = '" KIT_ANN
               "' AND tenant_id = '" KIT_SHOP_A "'");
    ck_status(kit_ask(k, &me), 303);
    kit_sql(k, "UPDATE shop.customers SET status = 'active' WHERE id = '" KIT_ANN
               "' AND tenant_id = '" KIT_SHOP_A "'");
    kit_close(k);
}
END_TEST

START_TEST(stale_foreign_and_broken_cookies_are_as_none)
{
    struct kit *k = kit_default();
    const char *b = kit_session(k, KIT_SHOP_B, NULL, KIT_ANN, 0);
    const char *const cookies[] = { b,
                                    "session=short",
                                    "session=",
                                    "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                    "session=' OR 1=1 --",
                                    "=;;;=,",
                                    "session=\xff\xfe" };
    for (size_t i = 0; i < COUNT_OF(cookies); i++) {
        struct kit_answer a =
            kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/me", .cookie = cookies[i] });
        ck_assert_int_eq(a.status, 303);
        ck_assert_str_eq(kit_header(&a, "Location"), "/login?next=%2Fme");
        a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/", .cookie = cookies[i] });
        ck_status(a, 200);
        ck_has(a.body, "[mine: guest]");
    }
    struct kit_answer a =
        kit_ask(k, &(struct kit_ask){ .host = "b.test", .path = "/me", .cookie = b });
    ck_status(a, 200);
    ck_has(a.body, "Ann b");
    kit_close(k);
}
END_TEST

START_TEST(permissions_are_roles_and_kinds)
{
    struct kit *k = kit_default();
    const char *staff = kit_session(k, KIT_SHOP_A, KIT_STAFF, NULL, 0);
    const char *clerk = kit_session(k, KIT_SHOP_A, KIT_CLERK, NULL, 0);
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    struct kit_answer a =
        kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/admin/kit", .cookie = staff });
    ck_status(a, 200);
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/admin/kit", .cookie = clerk });
    ck_status(a, 403);
    ck_has(a.body, "Manage the kit");
    /* a customer's session opens nothing under /admin; nobody serves /admin/login here */
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/admin/kit", .cookie = ann });
    ck_status(a, 403);
    ck_has(a.body, "people who are signed in");
    ck_status(kit_get(k, "a.test", "/admin/kit"), 403);
    ck_assert_ptr_null(kit_header(&a, "WWW-Authenticate"));
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/me", .cookie = staff });
    ck_status(a, 303);
    a = kit_get(k, "a.test", "/si/me?a=1");
    ck_assert_str_eq(kit_header(&a, "Location"), "/si/login?next=%2Fsi%2Fme%3Fa%3D1");
    kit_close(k);
}
END_TEST

/* A page of staff outside their areas sends to their own door, not to the customers'. */
static enum rc page_ok(struct req *r)
{
    return req_text(r, 200, "text/plain; charset=utf-8", "in");
}
static const struct app_route desk_routes[] = { { M_GET, "/desk", page_ok, "desk.sit" },
                                                { M_GET, "/admin/login", page_ok },
                                                { 0 } };
static const struct app_perm desk_perms[] = { { "desk.sit", "Sit" }, { 0 } };
static const struct app_module desk = { .magic = APP_MAGIC,
                                        .size = sizeof(struct app_module),
                                        .abi_major = APP_ABI_MAJOR,
                                        .abi_minor = APP_ABI_MINOR,
                                        .build_id = APP_BUILD_ID,
                                        .name = "desk",
                                        .routes = desk_routes,
                                        .perms = desk_perms };

START_TEST(staff_sign_in_at_their_own_door)
{
    const struct app_module *const both[] = { &kit_module, &desk, NULL };
    struct kit *k = kit_open(&(struct kit_opt){ .modules = both, .templates = kit_templates });
    struct kit_answer a = kit_get(k, "a.test", "/desk");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/admin/login?next=%2Fdesk");
    a = kit_get(k, "a.test", "/admin/kit");
    ck_assert_str_eq(kit_header(&a, "Location"), "/admin/login?next=%2Fadmin%2Fkit");
    kit_close(k);
}
END_TEST

/* Only the web server knows prefixes? No: a worker asked past it says that there is nothing. */
START_TEST(a_worker_serves_its_own_pool)
{
    struct kit *k = kit_default();
    const char *staff = kit_session(k, KIT_SHOP_A, KIT_STAFF, NULL, 0);
    static const char *const staffs[] = { "/admin", "/api", NULL };
    static const char *const none[] = { NULL };
    struct conf_pool pools[] = { { .name = "shop", .prefixes = none },
                                 { .name = "admin", .prefixes = staffs } };
    static const struct {
        const char *path;
        int shop, admin;
    } rows[] = {
        { "/", 200, 404 },
        { "/admin/kit", 404, 200 },
        { "/api/kit", 404, 200 },
        { "/si/admin/kit", 404, 404 },
        { "/me", 303, 404 },
        { "/healthz", 200, 200 },
        { "/administrator", 404, 404 },
    };
    k->conf.pools = pools;
    k->conf.npools = COUNT_OF(pools);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct kit_ask q = { .host = "a.test", .path = rows[i].path, .cookie = staff };
        k->app.pool = "shop";
        ck_assert_msg(kit_ask(k, &q).status == rows[i].shop, "shop: %s", rows[i].path);
        k->app.pool = "admin";
        ck_assert_msg(kit_ask(k, &q).status == rows[i].admin, "admin: %s", rows[i].path);
    }
    ck_status(kit_post(k, "a.test", "/api/note", "title=x"), 303);
    k->app.pool = "shop"; /* not even the method is told */
    ck_status(kit_post(k, "a.test", "/admin/kit", "x=1"), 404);
    ck_status(kit_post(k, "a.test", "/api/note", "title=x"), 404);
    k->app.pool = "cli";
    ck_status(kit_get(k, "a.test", "/api/kit"), 200);
    kit_close(k);
}
END_TEST

START_TEST(logout_ends_it)
{
    struct kit *k = kit_default();
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    struct kit_answer a = kit_ask(
        k, &(struct kit_ask){ .method = "POST",
                              .host = "a.test",
                              .path = "/logout",
                              .cookie = ann,
                              .body = arena_printf(k->arena, "csrf=%s", token_of(k, ann)) });
    ck_status(a, 303);
    ck_has(kit_header(&a, "Set-Cookie"), "Max-Age=0");
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/me", .cookie = ann });
    ck_status(a, 303);
    kit_close(k);
}
END_TEST

START_TEST(a_session_is_touched_after_the_response_once_a_minute)
{
    struct kit *k = kit_default();
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    struct kit_ask me = { .host = "a.test", .path = "/me", .cookie = ann };
    const char *sql = "SELECT count(*) FROM app.sessions WHERE customer_id = '" KIT_ANN
                      "' AND seen_at > now() - interval '30 seconds'";
    kit_sql(k, "DELETE FROM app.sessions WHERE seen_at < now() - interval '1 hour'");
    kit_sql(k, "UPDATE app.sessions SET seen_at = now() - interval '10 minutes'");
    ck_assert_str_eq(kit_cell(k, sql), "0");
    ck_status(kit_ask(k, &me), 200);
    ck_assert_str_eq(kit_cell(k, sql), "1");
    kit_close(k);
}
END_TEST

START_TEST(flash_is_shown_once_and_only_ours)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_post(k, "a.test", "/note", "title=%3Cb%3EHello&quantity=1");
    ck_status(a, 303);
    const char *flash = kit_set_cookie(k, &a, "flash");
    ck_assert_ptr_nonnull(flash);
    const char *cookie = arena_printf(k->arena, "flash=%s", flash);
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/", .cookie = cookie });
    ck_has(a.body, "&lt;b&gt;Hello");
    ck_has(a.body, "data-test=\"flash\"");
    ck_assert_str_eq(kit_set_cookie(k, &a, "flash"), "");
    ck_has(kit_header(&a, "Cache-Control"), "private");
    ck_assert_ptr_null(kit_header(&a, "ETag"));
    a = kit_get(k, "a.test", "/");
    ck_lacks(a.body, "data-test=\"flash\"");
    /* signed for shop A */
    a = kit_ask(k, &(struct kit_ask){ .host = "b.test", .path = "/", .cookie = cookie });
    ck_lacks(a.body, "Hello");
    char *forged = arena_strdup(k->arena, cookie);
    forged[strlen(forged) - 3] = forged[strlen(forged) - 3] == 'A' ? 'B' : 'A';
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/", .cookie = forged });
    ck_lacks(a.body, "data-test=\"flash\"");
    kit_close(k);
}
END_TEST

static unsigned posts_until_refused(struct kit *k, const char *ip, struct kit_answer *last)
{
    for (unsigned i = 1; i < 20; i++) {
        *last = kit_ask(
            k, &(struct kit_ask){
                   .method = "POST", .host = "a.test", .path = "/limited", .body = "", .ip = ip });
        if (last->status != 200)
            return i;
    }
    return 0;
}

START_TEST(limits_count_for_all_workers)
{
    struct kit *k = kit_default();
    struct kit_answer a;
    ck_assert_uint_eq(posts_until_refused(k, "198.51.100.1", &a), 4);
    ck_status(a, 429);
    ck_assert_ptr_nonnull(kit_header(&a, "Retry-After"));
    int64_t wait;
    ck_assert_int_eq(str_int(kit_header(&a, "Retry-After"), 1, 61, &wait), RC_OK);
    ck_has(a.body, "second");
    ck_assert_uint_eq(posts_until_refused(k, "198.51.100.2", &a), 4);
    kit_close(k);
    k = kit_default(); /* another worker counts on */
    ck_assert_uint_eq(posts_until_refused(k, "198.51.100.1", &a), 1);
    kit_close(k);
}
END_TEST

START_TEST(limits_hold_without_memcached)
{
    struct kit *k = kit_open(
        &(struct kit_opt){ .modules = kit_modules, .templates = kit_templates, .no_cache = true });
    struct kit_answer a;
    ck_assert_uint_eq(posts_until_refused(k, "198.51.100.3", &a), 4);
    ck_status(a, 429);
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("sessions");
    const TTest *const all[] = { csrf_without_a_session_asks_the_browser,
                                 csrf_with_a_session_needs_its_token,
                                 csrf_exemptions,
                                 a_sign_in_makes_a_new_token,
                                 only_hashes_are_stored_and_cookies_are_closed,
                                 a_session_ends_with_its_owners_epoch,
                                 stale_foreign_and_broken_cookies_are_as_none,
                                 permissions_are_roles_and_kinds,
                                 staff_sign_in_at_their_own_door,
                                 a_worker_serves_its_own_pool,
                                 logout_ends_it,
                                 a_session_is_touched_after_the_response_once_a_minute,
                                 flash_is_shown_once_and_only_ours,
                                 limits_count_for_all_workers,
                                 limits_hold_without_memcached,
                                 NULL };
    kit_case(s, "sessions", all);
    return kit_run(s);
}
