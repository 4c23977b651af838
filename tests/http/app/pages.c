/* pages.c: pages that are stored and shown to everybody, with holes that are not (T21): nobody sees
 * another's page, nothing personal is stored, a stored page costs no round trip, 304 works, and
 * neither memcached nor the database being away turns a warm page into an error. */
#include "common.h"

#include <string.h>

#include "app/frag.h"
#include "app/tenant.h"
#include "base/str.h"
#include "platform/cache.h"

static struct kit *fresh(void)
{
    struct kit *k = kit_default();
    struct uuid shop;
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    (void)frag_bump(&k->app, shop, "kit", "home");
    ck_assert_int_eq(uuid_parse(KIT_SHOP_B, &shop), RC_OK);
    (void)frag_bump(&k->app, shop, "kit", "home");
    kit_builds = 0;
    return k;
}

static struct kit_answer as(struct kit *k, const char *host, const char *path, const char *cookie)
{
    return kit_ask(k, &(struct kit_ask){ .host = host, .path = path, .cookie = cookie });
}

START_TEST(a_stored_page_costs_no_trip)
{
    struct kit *k = fresh();
    struct kit_answer cold = kit_get(k, "a.test", "/"), warm = kit_get(k, "a.test", "/");
    ck_assert_uint_eq(kit_builds, 1);
    ck_assert_uint_eq(warm.trips, 0);
    ck_assert_uint_eq(warm.statements, 0);
    ck_assert_uint_le(cold.trips, 2);
    ck_assert_str_ne(cold.r->id, warm.r->id);
    ck_has(warm.body, warm.r->id);
    ck_lacks(warm.body, cold.r->id);
    kit_close(k);
}
END_TEST

START_TEST(two_people_crawl_twice_and_see_only_themselves)
{
    struct kit *k = fresh();
    static const char *const paths[] = {
        "/", "/si", "/ar", "/note", "/me", "/fail/gone", "/si/me"
    };
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    const char *ben = kit_session(k, KIT_SHOP_A, NULL, KIT_BEN, 0);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < COUNT_OF(paths); i++) {
            struct kit_answer a = as(k, "a.test", paths[i], ann),
                              b = as(k, "a.test", paths[i], ben);
            struct kit_answer nobody = as(k, "a.test", paths[i], NULL);
            ck_lacks(a.body, "Ben a");
            ck_lacks(b.body, "Ann a");
            ck_lacks(nobody.body, "Ann a");
            ck_lacks(nobody.body, "Ben a");
            ck_lacks(nobody.body, "name=\"csrf\"");
            ck_assert_ptr_null(memchr(a.body, 0x1e, a.nbody));
            if (i == 0) {
                ck_has(a.body, "[mine: Ann a]");
                ck_has(b.body, "[mine: Ben a]");
                ck_has(a.body, "name=\"csrf\"");
                ck_has(nobody.body, "[mine: guest]");
                ck_has(nobody.body, "for everybody");
                ck_has(a.body, "for everybody");
            }
            ck_assert_ptr_null(kit_header(&a, "ETag"));
            ck_has(kit_header(&a, "Cache-Control"), "private");
        }
    ck_assert_uint_eq(kit_builds, 3); /* one a language */
    kit_close(k);
}
END_TEST

START_TEST(shops_do_not_share_pages)
{
    struct kit *k = fresh();
    struct kit_answer a = kit_get(k, "a.test", "/en"), b = kit_get(k, "b.test", "/en");
    ck_status(a, 301);
    a = kit_get(k, "a.test", "/");
    ck_has(a.body, "Shop A");
    ck_has(b.body, "Shop B");
    ck_lacks(b.body, "Shop A");
    ck_assert_uint_eq(kit_builds, 2);
    kit_close(k);
}
END_TEST

START_TEST(theme_and_currency_are_part_of_the_key)
{
    struct kit *k = fresh();
    (void)as(k, "a.test", "/", NULL);
    ck_has(as(k, "a.test", "/", "theme=dark").body, "data-theme=\"dark\"");
    ck_has(as(k, "a.test", "/", NULL).body, "data-theme=\"auto\"");
    (void)as(k, "a.test", "/", "currency=USD");
    ck_assert_uint_eq(kit_builds, 3);
    kit_close(k);
}
END_TEST

START_TEST(a_page_that_did_not_change_is_304)
{
    struct kit *k = fresh();
    struct kit_answer a = kit_get(k, "a.test", "/");
    const char *etag = kit_header(&a, "ETag"), *policy = kit_header(&a, "Content-Security-Policy");
    ck_assert_ptr_nonnull(etag);
    ck_has(policy, "style-src 'self'");
    ck_assert_str_eq(kit_header(&a, "Cache-Control"), "public, max-age=0, must-revalidate");
    ck_has(kit_header(&a, "Vary"), "Cookie");
    struct kit_ask again = { .host = "a.test",
                             .path = "/",
                             .headers = (const char *[]){ "if-none-match", etag, NULL } };
    a = kit_ask(k, &again);
    ck_assert_int_eq(a.status, 304);
    ck_assert_uint_eq(a.nbody, 0);
    ck_assert_str_eq(kit_header(&a, "ETag"), etag);
    ck_assert_str_eq(kit_header(&a, "Content-Security-Policy"), policy); /* replaces the page's */
    again.headers = (const char *[]){ "if-none-match", "W/\"other\", W/\"none\"", NULL };
    ck_assert_int_eq(kit_ask(k, &again).status, 200);
    again.headers = (const char *[]){ "if-none-match", etag, NULL };
    again.cookie = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    ck_assert_int_eq(kit_ask(k, &again).status, 200); /* hers is her own */
    kit_close(k);
}
END_TEST

START_TEST(the_language_switch_stays_on_the_page)
{
    struct kit *k = fresh();
    (void)kit_get(k, "a.test", "/?page=1");
    struct kit_answer a = kit_get(k, "a.test", "/?page=2&q=%22x");
    ck_has(a.body, "href=\"/si/?page=2&amp;q=%22x\"");
    ck_has(a.body, "value=\"/?page=2&amp;q=%22x\"");
    ck_assert_uint_eq(kit_builds, 1);
    kit_close(k);
}
END_TEST

START_TEST(without_memcached_pages_are_built)
{
    struct kit *k = kit_open(
        &(struct kit_opt){ .modules = kit_modules, .templates = kit_templates, .no_cache = true });
    kit_builds = 0;
    ck_status(kit_get(k, "a.test", "/"), 200);
    ck_status(kit_get(k, "a.test", "/"), 200);
    ck_assert_uint_eq(kit_builds, 2);
    kit_close(k);
}
END_TEST

START_TEST(a_warm_page_survives_the_database)
{
    struct kit *k = fresh();
    const char *ann = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    ck_status(as(k, "a.test", "/", ann), 200);
    db_free(k->app.db);
    k->conf.db_port = 1; /* nothing listens there */
    k->app.db = db_new(&k->conf, "kade_web", "kit");
    db_set_app(k->app.db, &k->app);
    struct kit_answer a = as(k, "a.test", "/", ann);
    ck_status(a, 200);
    ck_has(a.body, "for everybody");
    ck_lacks(a.body, "Ann a");
    ck_status(as(k, "a.test", "/", NULL), 200);
    a = as(k, "a.test", "/me", ann);
    ck_status(a, 503);
    ck_assert_ptr_nonnull(kit_header(&a, "Retry-After"));
    ck_has(a.body, "data-test=\"error\"");
    kit_close(k);
}
END_TEST

/* Its tables are empty and nothing answers: what it needs to know of the shop lies beside the page.
 */
START_TEST(a_worker_started_without_the_database_serves_warm_pages)
{
    struct kit *k = fresh();
    ck_status(kit_get(k, "a.test", "/"), 200);
    kit_close(k);
    k = kit_default();
    db_free(k->app.db);
    k->conf.db_port = 1;
    k->app.db = db_new(&k->conf, "kade_web", "kit");
    db_set_app(k->app.db, &k->app);
    struct kit_answer a = kit_get(k, "a.test", "/");
    ck_status(a, 200);
    ck_has(a.body, "for everybody");
    ck_status(kit_get(k, "a.test", "/"), 200);
    ck_status(kit_get(k, "nobody.test", "/"), 503); /* nobody can know whose that is */
    struct uuid shop;
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &shop), RC_OK);
    kit_close(k);
    k = kit_default();
    db_free(k->app.db);
    k->conf.db_port = 1;
    k->app.db = db_new(&k->conf, "kade_web", "kit");
    db_set_app(k->app.db, &k->app);
    tenant_changed(&k->app, shop); /* the copy is of before */
    ck_status(kit_get(k, "a.test", "/"), 503);
    kit_close(k);
}
END_TEST

START_TEST(a_changed_shop_is_seen_at_the_next_request)
{
    struct kit *k = fresh();
    struct uuid shop;
    ck_assert_int_eq(uuid_parse(KIT_SHOP_B, &shop), RC_OK);
    ck_has(kit_get(k, "b.test", "/note").body, "Shop B");
    kit_sql(k, "UPDATE app.tenants SET name = 'Renamed B' WHERE id = '" KIT_SHOP_B "'");
    ck_has(kit_get(k, "b.test", "/note").body, "Shop B"); /* nobody was told */
    tenant_changed(&k->app, shop);
    ck_has(kit_get(k, "b.test", "/note").body, "Renamed B");
    kit_sql(k, "UPDATE app.tenants SET name = 'Shop B' WHERE id = '" KIT_SHOP_B "'");
    tenant_changed(&k->app, shop);
    /* stored pages know it too */
    ck_has(kit_get(k, "b.test", "/").body, "Shop B");
    kit_sql(k, "UPDATE app.tenants SET name = 'Again B' WHERE id = '" KIT_SHOP_B "'");
    tenant_changed(&k->app, shop);
    ck_has(kit_get(k, "b.test", "/").body, "Again B");
    kit_sql(k, "UPDATE app.tenants SET name = 'Shop B' WHERE id = '" KIT_SHOP_B "'");
    tenant_changed(&k->app, shop);
    /* a host that was unknown becomes known */
    ck_status(kit_get(k, "new.test", "/note"), 404);
    kit_sql(k, "INSERT INTO app.tenant_domains (host, tenant_id, store_id) SELECT 'new.test', "
               "tenant_id, store_id FROM app.tenant_domains WHERE host = 'b.test'");
    tenant_changed(&k->app, shop);
    ck_status(kit_get(k, "new.test", "/note"), 200);
    kit_sql(k, "DELETE FROM app.tenant_domains WHERE host = 'new.test'");
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pages");
    const TTest *const all[] = { a_stored_page_costs_no_trip,
                                 two_people_crawl_twice_and_see_only_themselves,
                                 shops_do_not_share_pages,
                                 theme_and_currency_are_part_of_the_key,
                                 a_page_that_did_not_change_is_304,
                                 the_language_switch_stays_on_the_page,
                                 without_memcached_pages_are_built,
                                 a_warm_page_survives_the_database,
                                 a_worker_started_without_the_database_serves_warm_pages,
                                 a_changed_shop_is_seen_at_the_next_request,
                                 NULL };
    kit_case(s, "pages", all);
    return kit_run(s);
}
