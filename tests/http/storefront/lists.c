/* lists.c: brands, offers, comparison, products looked at before: what stands in them, what is left
 * out, addresses that are wrong, and other modules' places on the product's page. */
#include <string.h>

#include "app/page.h"
#include "shop.h"

/* A module that fills every place of a product's page and of cards, as others will. */
static enum rc say(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    (void)r;
    buf_printf(out, "[%s %zu of %zu]", s->kind, i + 1, s->n);
    return RC_OK;
}
static const struct app_slot slots[] = { { "product.actions", 1, 0, NULL, say },
                                         { "product.delivery", 1, 0, NULL, say },
                                         { "product.summary", 1, 0, NULL, say },
                                         { "product.sections", 1, 0, NULL, say },
                                         { "card.actions", 1, 0, NULL, say },
                                         { "home.top", 1, 0, NULL, say },
                                         { 0 } };
static const struct app_module places = { .magic = APP_MAGIC,
                                          .size = sizeof(struct app_module),
                                          .abi_major = APP_ABI_MAJOR,
                                          .abi_minor = APP_ABI_MINOR,
                                          .build_id = APP_BUILD_ID,
                                          .name = "places",
                                          .slots = slots };

static struct kit *k;

static void setup(void)
{
    static const char *const names[] = { "storefront", NULL };
    static const struct app_module *const own[] = { &places, NULL };
    k = kit_open(&(struct kit_opt){ .load = names, .modules = own });
}
static void teardown(void)
{
    kit_close(k);
}

static void with_brands(void)
{
    shop_open();
    struct kit *s = shop_kit(true);
    kit_sql(s,
            "INSERT INTO shop.brands (tenant_id, id, slug, name, description) VALUES "
            "('" KIT_SHOP_A "', '0190a000-0000-7000-8000-0000000e0001', 'lumo', 'Lumo & Sons', "
            "'Lamps since 1911.'), "
            "('" KIT_SHOP_A "', '0190a000-0000-7000-8000-0000000e0002', 'empty', 'Empty', ''), "
            "('" KIT_SHOP_B "', '0190a000-0000-7000-8000-0000000e0003', 'theirs', 'Theirs', '')");
    kit_sql(s,
            "INSERT INTO shop.slugs (tenant_id, resource, slug, resource_id) VALUES ('" KIT_SHOP_A
            "', 'brand', 'lumo-old', '0190a000-0000-7000-8000-0000000e0001')");
    kit_sql(
        s,
        "UPDATE shop.products SET brand_id = '0190a000-0000-7000-8000-0000000e0001' WHERE slug = "
        "'brass-lamp' AND tenant_id = '" KIT_SHOP_A "'");
    shop_reindex(s, "a");
    kit_close(s);
}

START_TEST(brands_with_something_to_show)
{
    struct kit_answer a = kit_get(k, "a.test", "/brands");
    ck_status(a, 200);
    ck_has(a.body, "href=\"/brand/lumo\" dir=\"auto\">Lumo &amp; Sons</a>");
    ck_has(a.body, "href=\"#letter-0\"");
    ck_lacks(a.body, "/brand/empty");
    ck_lacks(a.body, "Theirs");
}
END_TEST

START_TEST(a_brand_lists_its_products)
{
    struct kit_answer a = kit_get(k, "a.test", "/brand/lumo");
    ck_status(a, 200);
    ck_has(a.body, "Lamps since 1911.");
    ck_has(a.body, "Brass lamp");
    ck_lacks(a.body, "data-sku=\"SOLD\"");
    ck_has(a.body, "rel=\"canonical\" href=\"http://a.test/brand/lumo\"");
    ck_status(kit_get(k, "a.test", "/brand/theirs"), 404);
    a = kit_get(k, "a.test", "/brand/lumo-old");
    ck_status(a, 301);
    ck_assert_str_eq(kit_header(&a, "Location"), "/brand/lumo");
    ck_has(kit_get(k, "a.test", "/p/brass-lamp").body, "href=\"/brand/lumo\"");
}
END_TEST

START_TEST(offers_that_run)
{
    struct kit_answer a = kit_get(k, "a.test", "/deals");
    ck_status(a, 200);
    ck_has(a.body, "data-sku=\"ENDS\"");
    ck_has(a.body, "data-sku=\"LAMP\"");
    ck_lacks(a.body, "data-sku=\"FUTURE\"");
    ck_lacks(a.body, "data-sku=\"PAST\"");
}
END_TEST

START_TEST(products_side_by_side)
{
    struct kit_answer a =
        kit_get(k, "a.test", "/compare?items=brass-lamp,last-vase,brass-lamp,gone");
    ck_status(a, 200);
    ck_has(a.body, "href=\"/p/brass-lamp\"");
    ck_has(a.body, "href=\"/p/last-vase\"");
    ck_has(a.body, "href=\"/compare?items=last-vase\""); /* the lamp taken out */
    ck_has(a.body, "<span class=\"compare-mark\">differs</span>");
    ck_has(a.body, "content=\"noindex\"");
    a = kit_get(k, "a.test", "/compare?items=brass-lamp%2Clast-vase&only=differences");
    ck_has(a.body, "Show everything");
}
END_TEST

START_TEST(a_comparison_grows_by_a_form)
{
    struct kit_answer a = kit_get(k, "a.test", "/compare?items=brass-lamp&add=last");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/compare?items=brass-lamp%2Clast-vase");
    a = kit_get(k, "a.test", "/compare?items=&add=something+else");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "Location"), "/search?q=something%20else");
}
END_TEST

START_TEST(comparisons_of_nothing)
{
    static const char *const odd[] = { "/compare",
                                       "/compare?items=",
                                       "/compare?items=,,,",
                                       "/compare?x=1",
                                       "/compare?items=shortwave-radio",
                                       "/compare?items=secret-draft" };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct kit_answer a = kit_get(k, "a.test", odd[i]);
        ck_status(a, 200);
        ck_has(a.body, "Nothing to compare yet");
    }
}
END_TEST

START_TEST(cards_looked_at_before)
{
    struct kit_answer a = kit_get(k, "a.test", "/recent?items=last-vase,secret-draft,brass-lamp");
    ck_status(a, 200);
    ck_lacks(a.body, "<html");
    const char *vase = strstr(a.body, "data-sku=\"LAST\""),
               *lamp = strstr(a.body, "data-sku=\"LAMP\"");
    ck_assert(vase != NULL && lamp != NULL && vase < lamp);
    ck_lacks(a.body, "Secret draft");
    ck_status(kit_get(k, "a.test", "/recent"), 200);
}
END_TEST

START_TEST(places_for_other_modules)
{
    struct kit_answer a = kit_get(k, "a.test", "/p/brass-lamp");
    ck_status(a, 200);
    size_t n = 0;
    for (const char *p = a.body; (p = strstr(p, "[product 1 of 1]")) != NULL; p++)
        n++;
    ck_assert_uint_eq(n, 4); /* actions, delivery, summary, sections */
    ck_has(kit_get(k, "a.test", "/").body, "[home 1 of 0]");
    ck_has(kit_get(k, "a.test", "/c/home").body, "[product 2 of ");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lists");
    TCase *t = tcase_create("lists");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, with_brands, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, brands_with_something_to_show);
    tcase_add_test(t, a_brand_lists_its_products);
    tcase_add_test(t, offers_that_run);
    tcase_add_test(t, products_side_by_side);
    tcase_add_test(t, a_comparison_grows_by_a_form);
    tcase_add_test(t, comparisons_of_nothing);
    tcase_add_test(t, cards_looked_at_before);
    tcase_add_test(t, places_for_other_modules);
    suite_add_tcase(s, t);
    return kit_run(s);
}
