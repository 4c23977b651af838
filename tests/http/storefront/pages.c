/* pages.c: what shoppers see: home, categories, a category, products with their prices, stock and
 * variants, what moved or is gone; and what a page costs: trips cold and warm. */
#include <string.h>

#include "base/time.h"
#include "shop.h"
#include "shop/product.h"

static struct kit *k;

static void setup(void)
{
    k = shop_kit(false);
}
static void teardown(void)
{
    kit_close(k);
}

START_TEST(home_shows_zones)
{
    struct kit_answer a = kit_get(k, "a.test", "/");
    ck_status(a, 200);
    ck_has(a.body, "Brass lamp");
    ck_has(a.body, "href=\"/c/clothes\"");
    ck_has(a.body, "zone-deals");
    ck_has(a.body, "\"@type\":\"SearchAction\"");
    ck_has(a.body, "http://a.test/search?q={search_term_string}");
    ck_has(a.body, "property=\"og:type\"");
    ck_has(a.body, "Running sale");
    ck_lacks(a.body, "Secret draft");
    ck_lacks(a.body, "Hidden door");
    ck_lacks(a.body, "Shortwave radio");
}
END_TEST

START_TEST(trips_cold_and_warm)
{
    static const char *const paths[] = { "/", "/c", "/c/home", "/p/brass-lamp",
                                         "/p/linen-shirt?variant=SHIRT-NL" };
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        struct kit_answer a = kit_get(k, "a.test", paths[i]);
        ck_status(a, 200);
        ck_assert_msg(a.trips <= 2 && a.statements <= 16, "%s cold: %u trips, %u statements",
                      paths[i], a.trips, a.statements);
        char *first = arena_strdup(k->arena, a.body);
        a = kit_get(k, "a.test", paths[i]);
        ck_status(a, 200);
        ck_assert_msg(a.trips == 0 && a.statements == 0, "%s warm: %u trips, %u statements",
                      paths[i], a.trips, a.statements);
        ck_assert_uint_eq(strlen(a.body), strlen(first));
    }
}
END_TEST

START_TEST(categories_page)
{
    struct kit_answer a = kit_get(k, "a.test", "/c");
    ck_status(a, 200);
    ck_has(a.body, "href=\"/c/lamps\"");
    ck_has(a.body, "href=\"/c/home\"");
}
END_TEST

START_TEST(category_page)
{
    struct kit_answer a = kit_get(k, "a.test", "/c/home");
    ck_status(a, 200);
    ck_has(a.body, "6 products");
    ck_has(a.body, "href=\"/c/lamps\""); /* sub-category */
    ck_has(a.body, "Brass lamp");        /* of the sub-category */
    ck_has(a.body, "1–6 of 6");
    ck_lacks(a.body, "Hidden door");
    ck_lacks(a.body, "Secret draft");
    /* what is sold out stands last */
    const char *sold = strstr(a.body, "data-sku=\"SOLD\""),
               *bare = strstr(a.body, "data-sku=\"BARE\"");
    ck_assert(sold != NULL && bare != NULL && sold > bare);
    ck_has(a.body, "BreadcrumbList");
}
END_TEST

START_TEST(category_sort_and_filters)
{
    struct kit_answer a = kit_get(k, "a.test", "/c/home?sort=price");
    ck_status(a, 200);
    const char *bowl = strstr(a.body, "data-sku=\"SOLD\""),
               *lamp = strstr(a.body, "data-sku=\"LAMP\"");
    ck_assert(bowl != NULL && lamp != NULL && bowl < lamp);
    a = kit_get(k, "a.test", "/c/home?price_min=1000&price_max=4000&in_stock=1");
    ck_status(a, 200);
    ck_has(a.body, "data-sku=\"LAST\"");
    ck_has(a.body, "data-sku=\"LAMP\"");
    ck_lacks(a.body, "data-sku=\"SOLD\"");
    ck_lacks(a.body, "data-sku=\"AWAY\"");
    ck_has(a.body, "2 products");
    a = kit_get(k, "a.test", "/c/home?price_min=999999");
    ck_has(a.body, "No product matches");
    /* what is not understood is told and left out */
    a = kit_get(k, "a.test", "/c/home?price_min=abc&sort=up&page=0&after=zz&nonsense=1");
    ck_status(a, 200);
    ck_has(a.body, "6 products");
    ck_has(a.body, "nonsense=1");
}
END_TEST

START_TEST(load_more_goes_on)
{
    kit_close(k);
    struct kit *staff = shop_kit(true);
    struct buf b;
    buf_init(&b, staff->arena, 65536);
    buf_str(&b, "SKU,Name,Regular price,Categories,In stock?\n");
    for (int i = 0; i < 30; i++)
        buf_printf(&b, "LONG-%02d,Long list %02d,%d,Long,1\n", i, i, 100 + i);
    shop_import(staff, "a", b.p);
    kit_close(staff);
    k = shop_kit(false);
    unsigned seen = 0;
    for (int sort = 0; sort < 2; sort++) {
        const char *path = sort == 0 ? "/c/long" : "/c/long?sort=-price";
        struct kit_answer a = kit_get(k, "a.test", path);
        ck_status(a, 200);
        ck_has(a.body, "1–24 of 30");
        char *first = arena_strdup(k->arena, a.body);
        const char *more = strstr(a.body, "rel=\"next\" href=\"");
        ck_assert_ptr_nonnull(more);
        more += strlen("rel=\"next\" href=\"");
        char *href = arena_strndup(k->arena, more, strcspn(more, "\""));
        for (char *p; (p = strstr(href, "&amp;")) != NULL;)
            memmove(p + 1, p + 5, strlen(p + 5) + 1);
        a = kit_get(k, "a.test", href);
        ck_status(a, 200);
        ck_has(a.body, "25–30 of 30");
        for (int i = 0; i < 30; i++) {
            const char *sku = arena_printf(k->arena, "data-sku=\"LONG-%02d\"", i);
            ck_assert_msg((strstr(first, sku) != NULL) != (strstr(a.body, sku) != NULL),
                          "%s is once on the pages of %s", sku, path);
            seen++;
        }
    }
    ck_assert_uint_eq(seen, 60);
}
END_TEST

START_TEST(product_page)
{
    struct kit_answer a = kit_get(k, "a.test", "/p/brass-lamp");
    ck_status(a, 200);
    ck_has(a.body, "Brass lamp");
    ck_has(a.body, "3,900.50");
    ck_has(a.body, "4,500.00");
    ck_has(a.body, "In stock");
    ck_has(a.body, "Turned by hand.");
    ck_lacks(a.body, "<script>alert");
    ck_has(a.body, "Material");
    ck_has(a.body, "1.25 kg");
    ck_has(a.body, "\"@type\":\"Product\"");
    ck_has(a.body, "\"price\":\"3900.50\"");
    ck_has(a.body, "\"availability\":\"https://schema.org/InStock\"");
    ck_has(a.body, "rel=\"canonical\"");
    ck_has(a.body, "No picture yet");
}
END_TEST

START_TEST(stock_words)
{
    ck_has(kit_get(k, "a.test", "/p/sold-out-bowl").body, "Sold out");
    ck_has(kit_get(k, "a.test", "/p/sold-out-bowl").body, "schema.org/OutOfStock");
    ck_has(kit_get(k, "a.test", "/p/last-vase").body, "Only 2 left");
    ck_has(kit_get(k, "a.test", "/p/partner-kettle").body, "Sold by a partner");
    ck_has(kit_get(k, "a.test", "/p/partner-kettle").body, "href=\"https://partner.example/k\"");
    ck_has(kit_get(k, "a.test", "/p/no-price-yet").body, "Price on request");
}
END_TEST

START_TEST(sales_only_in_their_window)
{
    struct kit_answer a = kit_get(k, "a.test", "/p/future-sale");
    ck_has(a.body, "100.00");
    ck_lacks(a.body, "50.00");
    a = kit_get(k, "a.test", "/p/past-sale");
    ck_lacks(a.body, "50.00");
    a = kit_get(k, "a.test", "/p/running-sale");
    ck_has(a.body, "75.00");
    ck_has(a.body, "100.00");
}
END_TEST

START_TEST(a_sale_begins_by_the_clock)
{
    /* 2999-01-01T00:00 in Colombo; the page is made at an instant before and after. */
    int64_t edge = 0;
    ck_assert_int_eq(instant_parse("2999-01-01T00:00:00+05:30", &edge), RC_OK);
    instant_set_offset((edge - instant_now()) / 1000000 - 120);
    ck_lacks(kit_get(k, "a.test", "/p/future-sale?variant=x1").body, "50.00");
    instant_set_offset(0);
    instant_set_offset((edge - instant_now()) / 1000000 + 120);
    ck_has(kit_get(k, "a.test", "/p/future-sale?variant=x2").body, "50.00");
    instant_set_offset(0);
}
END_TEST

START_TEST(variants_are_links)
{
    struct kit_answer a = kit_get(k, "a.test", "/p/linen-shirt");
    ck_status(a, 200);
    ck_has(a.body, "data-sku=\"SHIRT-RS\""); /* the first that can be bought */
    ck_has(a.body, "2,500.00");
    ck_has(a.body, "href=\"/p/linen-shirt?variant=SHIRT-NL\"");
    a = kit_get(k, "a.test", "/p/linen-shirt?variant=shirt-nl");
    ck_has(a.body, "data-sku=\"SHIRT-NL\"");
    ck_has(a.body, "2,600.00");
    a = kit_get(k, "a.test", "/p/linen-shirt?variant=SHIRT-RL");
    ck_has(a.body, "Sold out");
    a = kit_get(k, "a.test", "/p/linen-shirt?variant=NOBODY");
    ck_status(a, 200);
    ck_has(a.body, "no longer sold");
    ck_has(a.body, "noindex");
}
END_TEST

START_TEST(a_set_shows_its_parts)
{
    struct kit_answer a = kit_get(k, "a.test", "/p/lamp-and-vase");
    ck_status(a, 200);
    ck_has(a.body, "In this set");
    ck_has(a.body, "data-sku=\"LAMP\"");
    ck_has(a.body, "data-sku=\"LAST\"");
}
END_TEST

START_TEST(translated_and_fallen_back)
{
    struct kit_answer a = kit_get(k, "a.test", "/si/p/brass-lamp");
    ck_status(a, 200);
    ck_has(a.body, "පිත්තල පහන");
    a = kit_get(k, "a.test", "/si/p/last-vase");
    ck_has(a.body, "Last vase");
    ck_has(kit_get(k, "a.test", "/si/c/home").body, "පිත්තල පහන");
}
END_TEST

START_TEST(nothing_there)
{
    struct kit_answer a = kit_get(k, "a.test", "/p/nobody");
    ck_status(a, 404);
    ck_status(kit_get(k, "a.test", "/c/nobody"), 404);
    ck_status(kit_get(k, "a.test", "/p/secret-draft"), 404);
    ck_status(kit_get(k, "a.test", "/p/hidden-door"), 200);
    /* it leads on: categories of this shop in its language, no form that leads nowhere */
    ck_has(a.body, "class=\"fault-shelf\"");
    ck_has(a.body, "href=\"/c/home\"");
    ck_has(kit_get(k, "a.test", "/si/nowhere").body, "href=\"/si/c/home\"");
    ck_has(a.body, "href=\"/c\"");
    ck_lacks(kit_get(k, "nobody.test", "/").body, "fault-shelf");
    bool searched = kit_get(k, "a.test", "/search?q=lamp").status == 200;
    ck_assert_int_eq(strstr(a.body, "class=\"fault-find\"") != NULL, searched);
    a = kit_ask(k, &(struct kit_ask){ .method = "POST",
                                      .host = "a.test",
                                      .path = "/preferences",
                                      .body = "theme=dark",
                                      .foreign = true });
    ck_status(a, 403);
    ck_has(a.body, "href=\"/c/home\"");
    a = kit_get(k, "a.test", "/p/shortwave-radio"); /* of the other shop */
    ck_status(a, 404);
    ck_assert_msg(a.trips <= 2, "%u trips", a.trips);
}
END_TEST

static enum rc rename_vase(struct db *db, void *arg)
{
    const struct uuid *id = arg;
    return product_rename(db, *id, 2, "Green vase", "green-vase", instant_now());
}

START_TEST(a_new_name_redirects)
{
    struct kit *staff = shop_kit(true);
    struct uuid id = shop_id(k, "SELECT id FROM shop.products WHERE slug = 'last-vase'");
    kit_sql(k, "SET session_replication_role = replica; UPDATE shop.products SET version = 2 WHERE "
               "slug = 'last-vase'");
    ck_has(kit_get(k, "a.test", "/p/last-vase").body, "Last vase");
    ck_has(kit_get(k, "a.test", "/c/home").body, "Last vase");
    shop_change(staff, rename_vase, &id);
    /* seen at the next request, although both pages were stored */
    struct kit_answer a = kit_get(k, "a.test", "/p/last-vase");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/p/green-vase");
    ck_has(kit_get(k, "a.test", "/p/green-vase").body, "Green vase");
    ck_has(kit_get(k, "a.test", "/c/home").body, "Green vase");
    a = kit_get(k, "a.test", "/si/p/last-vase");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/si/p/green-vase");
    kit_close(staff);
}
END_TEST

static enum rc archive(struct db *db, void *arg)
{
    const struct uuid *id = arg;
    return product_status(db, *id, 2, "archived", instant_now());
}

START_TEST(an_archived_product_is_gone)
{
    struct kit *staff = shop_kit(true);
    struct uuid id = shop_id(k, "SELECT id FROM shop.products WHERE slug = 'past-sale'");
    kit_sql(k, "SET session_replication_role = replica; UPDATE shop.products SET version = 2 WHERE "
               "slug = 'past-sale'");
    ck_has(kit_get(k, "a.test", "/c/sales").body, "3 products");
    shop_change(staff, archive, &id);
    ck_status(kit_get(k, "a.test", "/p/past-sale"), 410);
    ck_has(kit_get(k, "a.test", "/c/sales").body, "2 products");
    kit_close(staff);
}
END_TEST

static enum rc new_price(struct db *db, void *arg)
{
    const struct uuid *variant = arg;
    return product_price(db, *variant, 123400, instant_now());
}

START_TEST(a_new_price_is_seen_at_once)
{
    struct kit *staff = shop_kit(true);
    struct uuid v = shop_id(k, "SELECT id FROM shop.product_variants WHERE sku = 'SOLD'");
    ck_has(kit_get(k, "a.test", "/p/sold-out-bowl").body, "900.00");
    shop_change(staff, new_price, &v);
    ck_has(kit_get(k, "a.test", "/p/sold-out-bowl").body, "1,234.00");
    ck_has(kit_get(k, "a.test", "/c/bowls").body, "1,234.00");
    ck_assert_str_eq(kit_cell(k, "SELECT old_values::text || new_values::text FROM app.audit_logs "
                                 "WHERE action = 'price'"),
                     "{\"price_minor\": 90000}{\"price_minor\": 123400}");
    kit_close(staff);
}
END_TEST

START_TEST(pages_without_helpers)
{
    struct kit *bare = kit_open(
        &(struct kit_opt){ .load = (const char *const[]){ "storefront", NULL }, .no_cache = true });
    ck_status(kit_get(bare, "a.test", "/"), 200);
    ck_status(kit_get(bare, "a.test", "/p/brass-lamp"), 200);
    kit_close(bare);
}
END_TEST

START_TEST(the_other_shop)
{
    struct kit_answer a = kit_get(k, "b.test", "/p/brass-lamp-of-b");
    ck_status(a, 200);
    ck_has(a.body, "dir=\"rtl\"");
    ck_lacks(a.body, "90,000.000"); /* dinars have no decimals for people */
    a = kit_get(k, "b.test", "/en/");
    ck_status(a, 200);
    ck_has(a.body, "Shortwave radio");
    ck_lacks(a.body, "Linen shirt");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("storefront");
    TCase *t = tcase_create("pages");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, home_shows_zones);
    tcase_add_test(t, trips_cold_and_warm);
    tcase_add_test(t, categories_page);
    tcase_add_test(t, category_page);
    tcase_add_test(t, category_sort_and_filters);
    tcase_add_test(t, load_more_goes_on);
    tcase_add_test(t, product_page);
    tcase_add_test(t, stock_words);
    tcase_add_test(t, sales_only_in_their_window);
    tcase_add_test(t, a_sale_begins_by_the_clock);
    tcase_add_test(t, variants_are_links);
    tcase_add_test(t, a_set_shows_its_parts);
    tcase_add_test(t, translated_and_fallen_back);
    tcase_add_test(t, nothing_there);
    tcase_add_test(t, pages_without_helpers);
    tcase_add_test(t, the_other_shop);
    tcase_add_test(t, a_new_name_redirects);
    tcase_add_test(t, an_archived_product_is_gone);
    tcase_add_test(t, a_new_price_is_seen_at_once);
    suite_add_tcase(s, t);
    return kit_run(s);
}
