/* site.c: what programs read of a shop: robots, sitemaps in pieces and languages, the manifest, the
 * service worker; the map for people; the choices about what stays on a device. */
#include <string.h>

#include "http/storefront/shop.h"

static const char *const names[] = { "storefront", "cms", "site", NULL };
static struct kit *k;

static void setup(void)
{
    k = kit_open(&(struct kit_opt){ .load = names });
}
static void teardown(void)
{
    kit_close(k);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

/* Address of the first piece whose name begins so, path only. */
static const char *piece(const char *index, const char *name)
{
    const char *p = strstr(index, name);
    ck_assert_msg(p != NULL, "no %s in %s", name, index);
    return arena_strndup(k->arena, p, strcspn(p, "<"));
}

START_TEST(robots_name_the_sitemap)
{
    struct kit_answer a = kit_get(k, "a.test", "/robots.txt");
    ck_status(a, 200);
    ck_assert_str_eq(a.type, "text/plain; charset=utf-8");
    ck_has(a.body, "Sitemap: http://a.test/sitemap.xml\n");
    ck_has(a.body, "Disallow: /checkout\n");
    ck_lacks(a.body, "Disallow: /\n");
    kit_sql(k,
            "INSERT INTO app.tenant_settings (tenant_id, key, value) VALUES ('" KIT_SHOP_B
            "', 'site.search_engines', 'false') ON CONFLICT (tenant_id, key) DO UPDATE SET value = "
            "'false'");
    ck_has(kit_get(k, "b.test", "/robots.txt").body, "Disallow: /\n");
}
END_TEST

START_TEST(the_sitemap_lists_what_is_live_in_every_language)
{
    kit_sql(k, "INSERT INTO shop.brands (tenant_id, id, slug, name) VALUES ('" KIT_SHOP_A
               "', '0190a000-0000-7000-8000-0000000e0011', 'maker', 'Maker'), ('" KIT_SHOP_A
               "', '0190a000-0000-7000-8000-0000000e0012', 'idle', 'Idle') ON CONFLICT DO NOTHING");
    kit_sql(
        k,
        "UPDATE shop.products SET brand_id = '0190a000-0000-7000-8000-0000000e0011' WHERE slug = "
        "'brass-lamp' AND tenant_id = '" KIT_SHOP_A "'");
    struct kit_answer a = kit_get(k, "a.test", "/sitemap.xml");
    ck_status(a, 200);
    ck_assert_str_eq(a.type, "application/xml; charset=utf-8");
    ck_assert_uint_eq(count(a.body, "/sitemap/products-"), 3); /* one piece, three languages */
    ck_assert(strncmp(a.body, "<?xml ", 6) == 0);
    ck_has(a.body, "http://a.test/si/sitemap/pages.xml");
    const char *path = piece(a.body, "/sitemap/products-");
    a = kit_get(k, "a.test", path);
    ck_status(a, 200);
    ck_has(a.body, "<loc>http://a.test/p/brass-lamp</loc><lastmod>20");
    ck_has(a.body, "hreflang=\"si\" href=\"http://a.test/si/p/brass-lamp\"");
    ck_has(a.body, "hreflang=\"x-default\" href=\"http://a.test/p/brass-lamp\"");
    ck_lacks(a.body, "secret-draft");
    ck_lacks(a.body, "hidden-door");
    ck_lacks(a.body, "shortwave-radio"); /* of the other shop */
    a = kit_get(k, "a.test", arena_printf(k->arena, "/si%s", path));
    ck_has(a.body, "<loc>http://a.test/si/p/brass-lamp</loc>");
    a = kit_get(k, "a.test",
                piece(kit_get(k, "a.test", "/sitemap.xml").body, "/sitemap/categories-"));
    ck_has(a.body, "<loc>http://a.test/c/lamps</loc>");
    a = kit_get(k, "a.test", "/sitemap/pages.xml");
    ck_has(a.body, "<loc>http://a.test/</loc>");
    ck_has(a.body, "<loc>http://a.test/c</loc>");
    ck_has(a.body, "<loc>http://a.test/brand/maker</loc>");
    ck_lacks(a.body, "/brand/idle");
}
END_TEST

START_TEST(a_second_reading_costs_no_trip)
{
    ck_status(kit_get(k, "a.test", "/sitemap.xml"), 200);
    struct kit_answer a = kit_get(k, "a.test", "/sitemap.xml");
    ck_status(a, 200);
    ck_assert_uint_eq(a.trips, 0);
}
END_TEST

START_TEST(pieces_that_are_not_there)
{
    static const char *const wrong[] = { "/sitemap/products.xml",   "/sitemap/products-1.xml",
                                         "/sitemap/products-'.xml", "/sitemap/x.xml",
                                         "/sitemap/pages",          "/sitemap/.xml" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_status(kit_get(k, "a.test", wrong[i]), 404);
}
END_TEST

START_TEST(devices_get_a_manifest_and_a_worker)
{
    struct kit_answer a = kit_get(k, "a.test", "/si/site.webmanifest");
    ck_status(a, 200);
    ck_assert_str_eq(a.type, "application/manifest+json");
    ck_has(a.body, "\"start_url\":\"/si\"");
    ck_has(a.body, "\"lang\":\"si\"");
    /* the bar of the device is the colour the shop's pages name */
    const char *page = kit_get(k, "a.test", "/offline").body;
    const char *meta = strstr(page, "name=\"theme-color\" media=\"(prefers-color-scheme: light)\"");
    const char *colour = meta != NULL ? strstr(meta, "content=\"") : NULL;
    ck_assert_ptr_nonnull(colour);
    ck_has(a.body, arena_printf(k->arena, "\"theme_color\":\"%.7s\"", colour + 9));
    a = kit_get(k, "a.test", "/sw.js");
    ck_status(a, 200);
    ck_has(a.type, "text/javascript");
    ck_has(a.body, "\"si\":\"/si/offline\"");
    ck_has(a.body, "importScripts(\"/static/sw.");
    ck_has(kit_header(&a, "Content-Security-Policy"), "script-src 'self'");
    a = kit_get(k, "a.test", "/offline");
    ck_status(a, 200);
    ck_has(a.body, "content=\"noindex\"");
    ck_has(kit_header(&a, "Cache-Control"), "public");
}
END_TEST

START_TEST(the_map_for_people)
{
    struct kit_answer a = kit_get(k, "a.test", "/sitemap");
    ck_status(a, 200);
    ck_has(a.body, "href=\"/c/lamps\"");
    ck_has(a.body, "href=\"/preferences\"");
    ck_lacks(a.body, "href=\"/track\""); /* nobody serves it here */
}
END_TEST

START_TEST(choices_about_the_device)
{
    struct kit_answer a = kit_get(k, "a.test", "/preferences");
    ck_status(a, 200);
    ck_has(a.body, "<code dir=\"ltr\">currency</code>");
    ck_has(a.body, "name=\"memory\" value=\"on\" aria-current=\"true\"");
    a = kit_post(k, "a.test", "/preferences", "memory=off&next=/preferences");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/preferences");
    ck_assert_str_eq(kit_set_cookie(k, &a, "memory"), "off");
    ck_has(kit_header(&a, "Clear-Site-Data"), "storage");
    a = kit_ask(
        k, &(struct kit_ask){ .host = "a.test", .path = "/preferences", .cookie = "memory=off" });
    ck_has(a.body, "name=\"memory\" value=\"off\" aria-current=\"true\"");
    a = kit_post(k, "a.test", "/preferences", "memory=clear");
    ck_assert_str_eq(kit_set_cookie(k, &a, "theme"), "");
    ck_status(kit_post(k, "a.test", "/preferences", "memory=perhaps"), 422);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("site");
    TCase *t = tcase_create("site");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, robots_name_the_sitemap);
    tcase_add_test(t, the_sitemap_lists_what_is_live_in_every_language);
    tcase_add_test(t, a_second_reading_costs_no_trip);
    tcase_add_test(t, pieces_that_are_not_there);
    tcase_add_test(t, devices_get_a_manifest_and_a_worker);
    tcase_add_test(t, the_map_for_people);
    tcase_add_test(t, choices_about_the_device);
    suite_add_tcase(s, t);
    return kit_run(s);
}
