/* requests.c: what arrives at a worker and what it answers: addresses, methods, hosts, sizes, and
 * every bad input of the wire: the right status in words, one log line, nothing stored. */
#include "common.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static size_t lines_with(const char *log, const char *needle)
{
    size_t n = 0;
    for (const char *p = log; (p = strstr(p, needle)); p += strlen(needle))
        n++;
    return n;
}

START_TEST(a_page_is_whole_and_says_what_it_may)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_get(k, "a.test", "/");
    ck_status(a, 200);
    ck_assert_str_eq(a.type, "text/html; charset=utf-8");
    ck_has(a.body, "<title>Front – Shop A</title>");
    ck_has(a.body, "lang=\"en\" dir=\"ltr\"");
    ck_has(a.body, "[box 1 of 1]");
    ck_has(a.body, "[mine: guest]");
    ck_has(a.body, "hreflang=\"si\"");
    ck_has(a.body, "http://a.test/si");
    ck_has(kit_header(&a, "Content-Security-Policy"), "default-src 'none'");
    ck_lacks(kit_header(&a, "Content-Security-Policy"), "unsafe");
    ck_assert_str_eq(kit_header(&a, "X-Content-Type-Options"), "nosniff");
    ck_assert_ptr_null(kit_header(&a, "Set-Cookie"));
    ck_has(kit_header(&a, "Server-Timing"), "app;dur=");
    ck_assert_ptr_nonnull(kit_header(&a, "X-Request-Id"));
    ck_assert_ptr_null(memchr(a.body, 0x1e, a.nbody));
    kit_close(k);
}
END_TEST

START_TEST(one_access_line_a_request)
{
    struct kit *k = kit_default();
    (void)kit_log(k);
    (void)kit_get(k, "a.test", "/");
    const char *log = kit_log(k);
    ck_assert_uint_eq(lines_with(log, "msg=request"), 1);
    ck_has(log, "mod=kit");
    ck_has(log, "route=/");
    ck_has(log, "status=200");
    ck_has(log, "rc=ok");
    (void)kit_get(k, "a.test", "/token/abcSECRETtoken0123456789");
    log = kit_log(k);
    ck_has(log, "/token/{t:token}");
    ck_lacks(log, "SECRET");
    kit_close(k);
}
END_TEST

START_TEST(request_id_is_taken_only_when_it_is_one)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_get(k, "a.test", "/echo/x");
    ck_assert_uint_eq(strlen(kit_header(&a, "X-Request-Id")), 32);
    kit_close(k);
}
END_TEST

static const struct {
    const char *path;
    int status;
} bad_paths[] = {
    { "/echo/%00", 400 },
    { "/echo/a%2Fb", 400 },
    { "/echo/a%5cb", 400 },
    { "/echo/../etc", 400 },
    { "/echo/%2e%2e/etc", 400 },
    { "/echo//x", 400 },
    { "/echo/\\x", 400 },
    { "/echo/%zz", 400 },
    { "/echo/%", 400 },
    { "/echo/%ff%fe", 400 },
    { "/echo/%c0%ae", 400 },
    { "echo", 400 },
    { "", 400 },
    { "/echo/x?a=%ff", 400 },
    { "/echo/x?a=%00", 400 },
    { "/echo/x y", 400 },
    { "/echo/%0d%0aX: y", 400 },
    { "/nowhere", 404 },
    { "/echo/%252e%252e", 200 },
    { "/echo/%E0%B6%9A", 200 },
    { "/token/not.a.token", 404 },
    { "/fail", 404 },
    { "http://a.test/echo/x", 200 },
};

START_TEST(bad_addresses_are_refused_in_words)
{
    struct kit *k = kit_default();
    for (size_t i = 0; i < COUNT_OF(bad_paths); i++) {
        (void)kit_log(k);
        struct kit_answer a = kit_get(k, "a.test", bad_paths[i].path);
        ck_assert_msg(a.status == bad_paths[i].status, "%s: %d, not %d", bad_paths[i].path,
                      a.status, bad_paths[i].status);
        ck_assert_uint_eq(lines_with(kit_log(k), "msg=request"), 1);
        if (a.status >= 400) {
            ck_has(a.body, "<h1>");
            ck_has(kit_header(&a, "Cache-Control"), "no-store");
        }
    }
    kit_close(k);
}
END_TEST

START_TEST(a_path_is_decoded_once)
{
    struct kit *k = kit_default();
    ck_assert_str_eq(kit_get(k, "a.test", "/echo/%252e%252e").body, "/echo/%2e%2e");
    ck_assert_str_eq(kit_get(k, "a.test", "/echo/%E0%B6%9A").body, "/echo/ක");
    kit_close(k);
}
END_TEST

START_TEST(long_addresses_and_many_headers)
{
    struct kit *k = kit_default();
    char *path = arena_alloc(k->arena, 9001), *value = arena_alloc(k->arena, 40001);
    const char **headers = arena_array(k->arena, const char *, 2 * 130 + 1);
    memset(path, 'a', 9000);
    path[0] = '/';
    memset(value, 'v', 40000);
    struct kit_answer a = kit_get(k, "a.test", path);
    ck_status(a, 414);
    path[2500] = '\0';
    ck_status(kit_get(k, "a.test", path), 414);
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test",
                                      .path = "/",
                                      .headers = (const char *[]){ "x-big", value, NULL } });
    ck_status(a, 431);
    for (size_t i = 0; i < 130; i++) {
        headers[2 * i] = "x-many";
        headers[2 * i + 1] = "1";
    }
    a = kit_ask(k, &(struct kit_ask){ .host = "a.test", .path = "/", .headers = headers });
    ck_status(a, 431);
    kit_close(k);
}
END_TEST

static const struct {
    const char *host;
    int status;
} hosts[] = {
    { "a.test", 200 },
    { "A.TEST", 200 },
    { "a.test:8080", 200 },
    { "a.test.", 200 },
    { "nobody.test", 404 },
    { "s.test", 503 },
    { "c.test", 410 },
    { "", 400 },
    { "a.test/x", 400 },
    { "a..test", 400 },
    { "a_b", 400 },
    { "a.test:99999", 400 },
    { "a.test:80:80", 400 },
    { "[::1]", 404 },
    { "[::1", 400 },
    { "<script>", 400 },
    { "a.test\r\nX: y", 400 },
    { "bücher.test", 400 },
};

START_TEST(hosts_decide_and_strange_ones_get_a_neutral_page)
{
    struct kit *k = kit_default();
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        struct kit_answer a = kit_get(k, hosts[i].host, "/");
        ck_assert_msg(a.status == hosts[i].status, "%s: %d, not %d", hosts[i].host, a.status,
                      hosts[i].status);
        if (a.status != 200) {
            ck_lacks(a.body, "Shop A");
            ck_lacks(a.body, "Shop S");
            ck_has(a.body, "class=\"neutral\"");
            if (a.status == 503) /* not a matter of seconds, as a database that is away */
                ck_assert_str_eq(kit_header(&a, "Retry-After"), "3600");
        }
        if (a.status == 503)
            ck_assert_ptr_nonnull(kit_header(&a, "Retry-After"));
    }
    kit_close(k);
}
END_TEST

START_TEST(methods_that_do_not_fit_get_405_with_allow)
{
    struct kit *k = kit_default();
    static const char *const methods[] = { "DELETE", "PUT", "OPTIONS", "TRACE", "BREW", "CONNECT" };
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        struct kit_answer a = kit_ask(
            k, &(struct kit_ask){ .method = methods[i], .host = "a.test", .path = "/note" });
        ck_status(a, 405);
        ck_assert_str_eq(kit_header(&a, "Allow"), "GET, HEAD, POST");
    }
    struct kit_answer a =
        kit_ask(k, &(struct kit_ask){ .method = "GE T", .host = "a.test", .path = "/note" });
    ck_status(a, 400);
    a = kit_ask(k, &(struct kit_ask){ .method = "HEAD", .host = "a.test", .path = "/note" });
    ck_status(a, 200);
    ck_assert(a.r->head);
    kit_close(k);
}
END_TEST

static const struct {
    const char *what;
    int status;
} failures[] = {
    { "declined", 404 }, { "invalid", 400 },  { "denied", 403 }, { "notfound", 404 },
    { "gone", 410 },     { "conflict", 409 }, { "limit", 429 },  { "upstream", 503 },
    { "bug", 500 },      { "silent", 500 },
};

START_TEST(failures_have_their_status_page_and_no_secret)
{
    struct kit *k = kit_default();
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        const char *path = arena_printf(k->arena, "/fail/%s", failures[i].what);
        struct kit_answer a = kit_get(k, "a.test", path);
        ck_assert_msg(a.status == failures[i].status, "%s: %d", path, a.status);
        ck_has(a.body, "data-test=\"error\"");
        ck_has(a.body, a.r->id);
        ck_lacks(a.body, "secret detail");
        ck_lacks(a.body, "common.c");
        ck_has(a.body, "noindex");
        if (a.status == 429 || a.status == 503)
            ck_assert_ptr_nonnull(kit_header(&a, "Retry-After"));
        ck_assert_ptr_null(kit_header(&a, "ETag"));
        path = arena_printf(k->arena, "/api/fail/%s", failures[i].what);
        a = kit_get(k, "a.test", path);
        ck_assert_int_eq(a.status, failures[i].status);
        ck_assert_str_eq(a.type, "application/problem+json");
        ck_has(a.body, "\"request_id\"");
        ck_lacks(a.body, "secret detail");
    }
    kit_close(k);
}
END_TEST

START_TEST(development_shows_the_cause)
{
    struct kit *k = kit_open(&(struct kit_opt){
        .modules = kit_modules, .templates = kit_templates, .development = true });
    struct kit_answer a = kit_get(k, "a.test", "/fail/bug");
    ck_status(a, 500);
    ck_has(a.body, "secret detail of bug");
    ck_has(a.body, "common.c:");
    a = kit_get(k, "a.test", "/api/fail/bug");
    ck_has(a.body, "\"debug\"");
    ck_has(a.body, "secret detail of bug");
    kit_close(k);
}
END_TEST

START_TEST(faults_of_ours_are_logged_once_with_place)
{
    struct kit *k = kit_default();
    (void)kit_log(k);
    (void)kit_get(k, "a.test", "/fail/bug");
    const char *log = kit_log(k);
    ck_assert_uint_eq(lines_with(log, "msg=\"request failed\""), 1);
    ck_has(log, "common.c:");
    (void)kit_get(k, "a.test", "/fail/notfound");
    ck_assert_uint_eq(lines_with(kit_log(k), "request failed"), 0);
    kit_close(k);
}
END_TEST

static const struct {
    const char *next, *to;
} nexts[] = {
    { "/cart", "/cart" },
    { "/cart%3Fx%3D1", "/cart?x=1" },
    { "https://evil.example/", "/fallback" },
    { "//evil.example", "/fallback" },
    { "/%5Cevil.example", "/fallback" },
    { "%5C%5Cevil.example", "/fallback" },
    { "/..//evil.example", "/fallback" },
    { "/a/../b", "/fallback" },
    { "javascript:alert(1)", "/fallback" },
    { "/%0d%0aSet-Cookie:x", NULL },
    { "/a%09b", "/fallback" },
    { "/%E0%B6%9A", "/%E0%B6%9A" },
    { "", "/fallback" },
};

START_TEST(redirects_stay_inside)
{
    struct kit *k = kit_default();
    for (size_t i = 0; i < COUNT_OF(nexts); i++) {
        struct kit_answer a =
            kit_get(k, "a.test", arena_printf(k->arena, "/go?next=%s", nexts[i].next));
        if (!nexts[i].to) {
            ck_assert_int_ne(a.status, 200);
            continue;
        }
        ck_assert_int_eq(a.status, 303);
        ck_assert_str_eq(kit_header(&a, "Location"), nexts[i].to);
    }
    struct kit_answer a = kit_get(k, "a.test", "/si/go?next=/cart");
    ck_assert_str_eq(kit_header(&a, "Location"), "/si/cart");
    a = kit_get(k, "a.test", "/si/go?next=/ar/cart");
    ck_assert_str_eq(kit_header(&a, "Location"), "/ar/cart");
    kit_close(k);
}
END_TEST

START_TEST(headers_cannot_be_split)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_get(k, "a.test", "/echo/x?header=a%0ab");
    ck_status(a, 200);
    ck_assert_ptr_null(kit_header(&a, "X-Echo"));
    a = kit_get(k, "a.test", "/echo/x?header=fine");
    ck_assert_str_eq(kit_header(&a, "X-Echo"), "fine");
    kit_close(k);
}
END_TEST

START_TEST(addresses_have_one_form)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_get(k, "a.test", "/note/");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/note");
    a = kit_get(k, "a.test", "/en/note");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/note");
    a = kit_get(k, "a.test", "/si/note/");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/si/note");
    a = kit_get(k, "a.test", "/si/note/?a=%2F1&b=x");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/si/note?a=%2F1&b=x");
    a = kit_get(k, "a.test", "/note/?a=\\b");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/note");
    ck_status(kit_get(k, "a.test", "/api/kit"), 200);
    ck_status(kit_get(k, "a.test", "/si/api/kit"),
              404); /* nginx would send it to the shop's pool */
    ck_status(kit_get(k, "a.test", "/si/admin/kit"), 404);
    ck_status(kit_get(k, "a.test", "/ta/note"), 404); /* not offered by this shop */
    ck_status(kit_get(k, "a.test", "/nowhere/"), 404);
    kit_close(k);
}
END_TEST

START_TEST(language_is_the_address_or_the_browser_for_staff)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_get(k, "a.test", "/ar/note");
    ck_has(a.body, "lang=\"ar\" dir=\"rtl\"");
    ck_has(a.body, "action=\"/ar/note\"");
    a = kit_get(k, "b.test", "/note");
    ck_has(a.body, "lang=\"ar\" dir=\"rtl\"");
    a = kit_ask(k,
                &(struct kit_ask){ .host = "a.test",
                                   .path = "/note",
                                   .headers = (const char *[]){ "accept-language", "si", NULL } });
    ck_has(a.body, "lang=\"en\"");
    a = kit_ask(k, &(struct kit_ask){
                       .host = "a.test",
                       .path = "/admin/nowhere",
                       .headers = (const char *[]){ "accept-language", "de, si;q=0.9", NULL } });
    ck_has(a.body, "lang=\"si\"");
    kit_close(k);
}
END_TEST

START_TEST(preferences_are_cookies_and_in_the_page)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_post(k, "a.test", "/preferences", "theme=dark&next=/si/note");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/si/note");
    ck_assert_str_eq(kit_set_cookie(k, &a, "theme"), "dark");
    a = kit_ask(k, &(struct kit_ask){
                       .host = "a.test", .path = "/", .cookie = "theme=dark; currency=USD" });
    ck_has(a.body, "data-theme=\"dark\"");
    ck_assert_str_eq(a.r->currency, "USD");
    a = kit_ask(k, &(struct kit_ask){
                       .host = "a.test", .path = "/", .cookie = "theme=neon; currency=XXX" });
    ck_has(a.body, "data-theme=\"auto\"");
    ck_assert_str_eq(a.r->currency, "LKR");
    ck_status(kit_post(k, "a.test", "/preferences", "currency=EUR"), 422);
    ck_status(kit_post(k, "a.test", "/preferences", "theme=neon"), 422);
    a = kit_post(k, "a.test", "/preferences", "locale=si&next=/note");
    ck_assert_str_eq(kit_header(&a, "Location"), "/si/note");
    a = kit_post(k, "a.test", "/preferences", "locale=en&next=/si/note");
    ck_assert_str_eq(kit_header(&a, "Location"), "/note");
    kit_close(k);
}
END_TEST

START_TEST(health_answers_on_any_host)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_get(k, "nobody.test", "/healthz");
    ck_status(a, 200);
    ck_has(a.body, "\"ok\"");
    a = kit_get(k, "127.0.0.1", "/readyz");
    ck_status(a, 200);
    ck_has(a.body, "\"ready\"");
    ck_status(kit_get(k, "nobody.test", "/metrics"), 404); /* not from loop-back */
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("requests");
    const TTest *const all[] = { a_page_is_whole_and_says_what_it_may,
                                 one_access_line_a_request,
                                 request_id_is_taken_only_when_it_is_one,
                                 bad_addresses_are_refused_in_words,
                                 a_path_is_decoded_once,
                                 long_addresses_and_many_headers,
                                 hosts_decide_and_strange_ones_get_a_neutral_page,
                                 methods_that_do_not_fit_get_405_with_allow,
                                 failures_have_their_status_page_and_no_secret,
                                 development_shows_the_cause,
                                 faults_of_ours_are_logged_once_with_place,
                                 redirects_stay_inside,
                                 headers_cannot_be_split,
                                 addresses_have_one_form,
                                 language_is_the_address_or_the_browser_for_staff,
                                 preferences_are_cookies_and_in_the_page,
                                 health_answers_on_any_host,
                                 NULL };
    kit_case(s, "requests", all);
    return kit_run(s);
}
