/* formats.c: what other shops' files and our own become: a Shopify export with options, pictures
 * and former prices; our own format with everything a product can say, which comes back out of the
 * shop as it went in. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "platform/db.h"
#include "shop_kit.h"

static struct app_ctx *app;

static void setup(void)
{
    app = shop_kit_open("kade_admin");
}
static void teardown(void)
{
    shop_kit_close(app);
}

static const char *fixture(const char *name, size_t *n)
{
    char path[4096];
    static char text[256 * 1024];
    snprintf(path, sizeof(path), "%s/tests/fixtures/%s", getenv("KADE_TEST_SRC"), name);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s", path);
    *n = fread(text, 1, sizeof(text), f);
    fclose(f);
    return text;
}

static struct shop_kit_import shopify(bool dry)
{
    size_t n;
    const char *text = fixture("shopify-small.csv", &n);
    return shop_kit_import_as(app, SHOP_IMPORT_SHOPIFY, text, n, dry);
}

#define VARIANT(what, sku)                                                                         \
    kit_value("SELECT " what " FROM shop.product_variants v JOIN shop.products p ON p.id = "       \
              "v.product_id WHERE v.sku = '" sku "'")
#define PRICE(list, sku)                                                                           \
    kit_number("SELECT coalesce(max(a.amount_minor), 0) FROM shop.prices a JOIN shop.price_lists " \
               "l ON l.id = a.price_list_id JOIN shop.product_variants v ON v.id = a.variant_id "  \
               "WHERE l.code = '" list "' AND v.sku = '" sku "'")

START_TEST(a_shopify_file_becomes_products_with_variants)
{
    struct shop_kit_import i = shopify(true);
    ck_assert_msg(i.rc == RC_OK && i.report.created == 5 && i.report.refused == 2, "%s", i.said);
    i = shopify(false);
    kit_rc(i.rc, RC_OK);
    ck_assert_msg(i.report.created == 5 && i.report.refused == 2, "%s", i.said);
    /* Faults are told under the titles of the file, with the line. */
    ck_assert_msg(strstr(i.said, "7 refused") != NULL, "%s", i.said);
    ck_assert_msg(strstr(i.said, "8 refused HT-1 [Variant Inventory Qty] \"ten\"") != NULL, "%s",
                  i.said);
    ck_assert_str_eq(VARIANT("p.kind", "WB-S-N"), "variable");
    ck_assert_str_eq(VARIANT("p.seo ->> 'title'", "WB-S-N"), "Palm leaf basket");
    ck_assert_str_eq(VARIANT("p.description", "WB-S-N"), "Made of **palm** leaf.");
    ck_assert_str_eq(VARIANT("v.barcode", "WB-S-N"), "4791234567891");
    ck_assert_str_eq(VARIANT("p.kind", "gift-voucher"), "digital");
    ck_assert_str_eq(VARIANT("p.tax_class", "gift-voucher"), "none");
    /* A variant without a SKU has one of its options; what it cost before is struck through. */
    ck_assert_int_eq(PRICE("base", "woven-basket-small-indigo"), 180000);
    ck_assert_int_eq(PRICE("sale", "woven-basket-small-indigo"), 150000);
    ck_assert_int_eq(PRICE("base", "WB-L-N"), 245000);
    ck_assert_str_eq(VARIANT("v.stock_policy", "WB-L-N"), "always"); /* not tracked there */
    ck_assert_int_eq(kit_number("SELECT s.backorder_limit FROM shop.stock_levels s JOIN "
                                "shop.product_variants v ON v.id = s.variant_id WHERE v.sku = "
                                "'woven-basket-small-indigo'"),
                     1000000);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.variant_attribute_values a JOIN "
                                "shop.product_variants v ON v.id = a.variant_id JOIN shop.products "
                                "p ON p.id = v.product_id WHERE p.slug = 'woven-basket'"),
                     6);
    /* Pictures in the order of their positions; the variant's own beside them. */
    ck_assert_str_eq(
        kit_value("SELECT string_agg(right(m.source_url, 12), ' ' ORDER BY g.position) FROM "
                  "shop.product_media g JOIN shop.media m ON m.id = g.media_id JOIN shop.products "
                  "p ON p.id = g.product_id WHERE p.slug = 'woven-basket'"),
        "basket-2.jpg basket-1.jpg basket-3.jpg basket-i.jpg");
    ck_assert_int_eq(kit_number("SELECT c.last_cost_minor FROM shop.variant_costs c JOIN "
                                "shop.product_variants v ON v.id = c.variant_id WHERE v.sku = "
                                "'WB-S-N'"),
                     80000);
    i = shopify(false);
    ck_assert_msg(i.report.unchanged == 5 && i.report.created + i.report.updated == 0, "%s",
                  i.said);
}
END_TEST

START_TEST(a_file_that_is_no_shopify_export_says_so)
{
    static const char csv[] = "SKU,Name\nA,B\n";
    struct shop_kit_import i =
        shop_kit_import_as(app, SHOP_IMPORT_SHOPIFY, csv, sizeof(csv) - 1, false);
    kit_rc(i.rc, RC_INVALID);
    ck_assert_ptr_nonnull(strstr(i.report.problem, "Handle"));
}
END_TEST

START_TEST(a_wrong_check_digit_is_refused)
{
    static const char csv[] = "sku,name,barcode,price\nG-1,Right,479-1234567891,5\n"
                              "G-2,Wrong,4791234567897,5\nG-3,Own,SHELF-7,5\n";
    struct shop_kit_import i =
        shop_kit_import_as(app, SHOP_IMPORT_KADE, csv, sizeof(csv) - 1, false);
    ck_assert_msg(i.report.created == 2 && i.report.refused == 1, "%s", i.said);
    ck_assert_msg(strstr(i.said, "3 refused G-2 [barcode] \"4791234567897\" has a wrong check") !=
                      NULL,
                  "%s", i.said);
    ck_assert_str_eq(VARIANT("v.barcode", "G-1"), "4791234567891");
    ck_assert_str_eq(VARIANT("v.barcode", "G-3"), "SHELF-7");
}
END_TEST

/* D07: the struck price stands beside the lowest of the thirty days before the reduction, which is
 * worked out once, when the price is written. */
START_TEST(the_lowest_price_of_thirty_days_is_kept)
{
    static const char *const files[] = { "sku,name,prices:base\nO-1,Omnibus,100\n",
                                         "sku,prices:base\nO-1,80\n", "sku,prices:base\nO-1,120\n",
                                         "sku,prices:base,prices:sale\nO-1,120,90\n" };
    for (size_t k = 0; k < 4; k++) {
        struct shop_kit_import i =
            shop_kit_import_as(app, SHOP_IMPORT_KADE, files[k], strlen(files[k]), false);
        ck_assert_msg(i.report.created + i.report.updated == 1, "%s", i.said);
        if (k == 0) /* it was 100 forty days ago, 80 twenty days ago, 120 since ten */
            kit_sql("UPDATE shop.price_log g SET created_at = now() - interval '40 days' FROM "
                    "shop.product_variants v WHERE v.id = g.variant_id AND v.sku = 'O-1'");
        if (k == 1)
            kit_sql("UPDATE shop.price_log g SET created_at = now() - interval '20 days' FROM "
                    "shop.product_variants v WHERE v.id = g.variant_id AND v.sku = 'O-1' AND "
                    "g.amount_minor = 8000");
        if (k == 2)
            kit_sql("UPDATE shop.price_log g SET created_at = now() - interval '10 days' FROM "
                    "shop.product_variants v WHERE v.id = g.variant_id AND v.sku = 'O-1' AND "
                    "g.amount_minor = 12000");
    }
#define LOWEST                                                                                     \
    kit_number("SELECT a.lowest_30d_minor FROM shop.prices a JOIN shop.price_lists l ON l.id = "   \
               "a.price_list_id JOIN shop.product_variants v ON v.id = a.variant_id WHERE v.sku "  \
               "= 'O-1' AND l.code = 'sale'")
    ck_assert_int_eq(LOWEST, 8000);
    /* The same sale after the cheap days are older than thirty days before it. */
    kit_sql("UPDATE shop.price_log g SET created_at = g.created_at - interval '25 days' FROM "
            "shop.product_variants v WHERE v.id = g.variant_id AND v.sku = 'O-1'");
    static const char again[] = "sku,prices:sale\nO-1,95\n";
    struct shop_kit_import i =
        shop_kit_import_as(app, SHOP_IMPORT_KADE, again, sizeof(again) - 1, false);
    ck_assert_msg(i.report.updated == 1, "%s", i.said);
    ck_assert_int_eq(LOWEST, 12000);
    /* A price in another currency, or for one group of customers, was never asked in public. */
    kit_sql(
        "INSERT INTO shop.price_lists (tenant_id, code, name, currency, kind) SELECT tenant_id, "
        "'base-usd', 'Dollars', 'USD', 'base' FROM shop.price_lists WHERE code = 'base' AND "
        "currency = 'LKR' ON CONFLICT DO NOTHING");
    static const char dollars[] = "sku,prices:base-usd,prices:sale\nO-1,\"1.50; 10=1.20\",94\n";
    i = shop_kit_import_as(app, SHOP_IMPORT_KADE, dollars, sizeof(dollars) - 1, false);
    ck_assert_msg(i.report.updated == 1, "%s", i.said);
    ck_assert_int_eq(LOWEST, 12000);
    ck_assert_int_eq(PRICE("base-usd", "O-1"), 150);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("formats");
    TCase *c = tcase_create("formats");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_shopify_file_becomes_products_with_variants);
    tcase_add_test(c, a_file_that_is_no_shopify_export_says_so);
    tcase_add_test(c, a_wrong_check_digit_is_refused);
    tcase_add_test(c, the_lowest_price_of_thirty_days_is_kept);
    suite_add_tcase(s, c);
    return kit_run(s);
}
