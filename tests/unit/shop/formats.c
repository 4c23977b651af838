/* formats.c: what other shops' files and our own become: a Shopify export with options, pictures
 * and former prices; our own format with everything a product can say, which comes back out of the
 * shop as it went in. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "platform/db.h"
#include "shop/export.h"
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

/* ---- out and in again --------------------------------------------------------------------------
 */
static char *export(int shop, size_t *n)
{
    char *text = NULL;
    struct shop_export_report done;
    FILE *f = open_memstream(&text, n);
    kit_rc(shop_export_products(app, kit()->shop[shop].id, f, &done), RC_OK);
    fclose(f);
    ck_assert_uint_gt(done.products, 0);
    return text;
}

static enum rc take_note(struct buf *said, const struct shop_import_row *row)
{
    if (row->action != SHOP_IMPORT_UNCHANGED)
        buf_printf(said, "%zu %s %s [%s] %s\n", row->line, shop_import_action_name(row->action),
                   row->key, row->column != NULL ? row->column : "",
                   row->reason != NULL ? row->reason : "");
    return RC_OK;
}

static void on_row(void *arg, const struct shop_import_row *row)
{
    (void)take_note(arg, row);
}

static struct shop_import_report import_into(int shop, const char *text, size_t n,
                                             const char **said)
{
    struct buf *b = arena_new(app->work, struct buf);
    struct shop_import_report done;
    buf_init(b, app->work, 4 * 1024 * 1024);
    FILE *in = fmemopen(arena_memdup(app->work, text, n), n, "r");
    struct shop_import_options o = { .tenant = kit()->shop[shop].slug,
                                     .format = SHOP_IMPORT_KADE,
                                     .in = in,
                                     .row = on_row,
                                     .arg = b };
    kit_rc(shop_import_products(app, &o, &done), RC_OK);
    fclose(in);
    *said = b->p;
    return done;
}

/* What a shop must have before a product can name it. */
static const char *const shop_setup[] = {
    "INSERT INTO shop.price_lists (tenant_id, code, name, currency, kind) SELECT t.id, 'base-eur', "
    "'Euro', 'EUR', 'base' FROM app.tenants t ON CONFLICT DO NOTHING",
    "INSERT INTO shop.price_lists (tenant_id, code, name, currency, kind) SELECT t.id, 'base-usd', "
    "'Dollars', 'USD', 'base' FROM app.tenants t ON CONFLICT DO NOTHING",
    "INSERT INTO shop.price_lists (tenant_id, code, name, currency, kind) SELECT t.id, 'sale-eur', "
    "'Euro sale', 'EUR', 'sale' FROM app.tenants t ON CONFLICT DO NOTHING",
    "INSERT INTO shop.warehouses (tenant_id, code, name, seller_id) SELECT s.tenant_id, 'kandy', "
    "'Kandy', s.id FROM shop.sellers s WHERE s.code = 'house' ON CONFLICT DO NOTHING",
    "INSERT INTO shop.product_types (tenant_id, code, name) SELECT t.id, 'inverter', 'Inverter' "
    "FROM app.tenants t ON CONFLICT DO NOTHING",
    "INSERT INTO app.custom_fields (tenant_id, resource, name, label, type, is_filterable, "
    "options) "
    "SELECT t.id, 'product', x.name, x.name, x.type, x.f, x.o::jsonb FROM app.tenants t CROSS JOIN "
    "(VALUES ('note', 'text', true, '[]'), ('story', 'textarea', false, '[]'), ('months', "
    "'number', "
    "true, '[]'), ('ratio', 'decimal', true, '[]'), ('deposit', 'currency', true, '[]'), "
    "('released', 'date', true, '[]'), ('seen', 'datetime', true, '[]'), ('opens', 'time', true, "
    "'[]'), ('state', 'dropdown', true, "
    "'[{\"id\":\"018f0000-0000-7000-8000-000000000001\",\"code\":\"new\",\"label\":\"New\"},"
    "{\"id\":\"018f0000-0000-7000-8000-000000000002\",\"code\":\"used\",\"label\":\"Used\"}]'), "
    "('ports', 'multi_select', true, "
    "'[{\"id\":\"018f0000-0000-7000-8000-000000000003\",\"code\":\"usb\",\"label\":\"USB\"},"
    "{\"id\":\"018f0000-0000-7000-8000-000000000004\",\"code\":\"hdmi\",\"label\":\"HDMI\"}]'), "
    "('fragile', 'checkbox', true, '[]'), ('manual', 'url', true, '[]'), ('helper', 'email', true, "
    "'[]'), ('line', 'phone', true, '[]'), ('shade', 'color', true, '[]')) AS x (name, type, f, o) "
    "ON CONFLICT DO NOTHING"
};

/* A product of each kind, and something in every column. */
static const char everything[] =
    "type,sku,name,status,featured,visibility,slug,summary,description,seo_title,seo_descript"
    "ion,publish_from,publish_until,tax_class,shipping_class,brand,categories,tags,upsells,cr"
    "oss_sells,related,purchase_note,reviews,position,barcode,price,sale_price,sale_from,sale"
    "_until,cost,stock_policy,stock,low_stock,backorder_limit,min_quantity,max_quantity,unit,"
    "price_quantity,attribute_1_name,attribute_1_values,attribute_1_input,attribute_1_unit,at"
    "tribute_2_name,attribute_2_values,attribute_2_input,weight (g),length (mm),width (mm),he"
    "ight (mm),prices:base,prices:base-eur,prices:sale-eur,stock:kandy,custom:note,custom:sto"
    "ry,custom:months,custom:ratio,custom:deposit,custom:released,custom:seen,custom:opens,cu"
    "stom:state,custom:ports,custom:fragile,custom:manual,custom:helper,custom:line,custom:sh"
    "ade,name@si,summary@si,description@si,seo_title@si,name@ta,custom:note@si,product_type,a"
    "ttribute_1_default,parent,parts,external_url,external_label,download_limit,download_days"
    ",download_1_name,download_1_url\n"
    "simple,RT-1,\"'=Panel, \"\"500 W\"\"\",active,1,catalog,panel-500-w,Half-cut; black,\"# "
    "Made *well*\n"
    "\n"
    "A < B & C\",Panels,Buy one,2026-01-01T00:00:00Z,2031-01-01T00:00:00Z,reduced,pallet,Sury"
    "a,\"Solar > Panels, Solar\",\"roof, a\\,b\",RT-2,RT-4,\"RT-5, RT-6\",Mind the glass,0,7,"
    "4791234567891,148.00,120.00,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,90.50,tracked,20,5"
    ",3,2,50,m,4,Wattage,500,number,W,Story,\"Long, with commas\",text,26000,2100,1100,35,10=14"
    "0.00; 100=130.00 2026-02-01T00:00:00Z..,45.00; 20=40.00,39.00 ..2026-12-01T00:00:00Z,6,A"
    "sk us,\"Two\n"
    "lines\",120,21.3,50 EUR,2026-05-01,2026-05-01T10:00:00Z,09:30,used,\"usb, hdmi\",yes,htt"
    "ps://kade.example/m.pdf,a@b.example,+94771234567,#1a2b3c,පැනලය,කෙටි,**si**,සි,பலகை,අසන්න"
    ",,,,,,,,,,\n"
    "variable,RT-2,Inverter,,,,inverter-rt,,,,,,,,,Surya,Solar,,,,,,,,,,,,,,,,,,,,,,Colour,\""
    "Black, White\",colour,,Quiet,yes,boolean,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,White,,,,,,,,\n"
    "variation,RT-2-B,,,,,,,,,,,,,,,,,,,,,,1,,690.00,,,,,tracked,4,,,,,,,Colour,Black,,,,,,24"
    "000,,,,,230,,,,,,,,,,,,,,,,,,,,,,,,,,RT-2,,,,,,,\n"
    "variation,RT-2-W,,draft,,,,,,,,,,,,,,,,,,,,2,,710.00,,,,,always,,,,,,,,Colour,White,,,,,"
    ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,RT-2,,,,,,,\n"
    "bundle,RT-4,Kit,,1,,kit-rt,,,,,,,,,,Solar,,,,,,,,,1500.00,,,,,tracked,0,,,,,,,,,,,,,,,,,"
    ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,\"6 x RT-1, RT-2-B\",,,,,,\n"
    "external,RT-5,Elsewhere,,,,,,,,,,,,,,Solar,,,,,,,,,10.00,,,,,always,,,,,,,,,,,,,,,,,,,,,"
    ",,,,,,,,,,,,,,,,,,,,,,,,,,,https://other.example/x,See it,,,,\n"
    "digital,RT-6,Plan,archived,,hidden,,,,,,,,none,,,Solar,,,,,,,,,20.00,,,,,always,,,,,,,,,"
    ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,3,30,Guide,https://files.example/g.pdf\n";

START_TEST(what_goes_out_comes_in_unchanged)
{
    size_t n, n2;
    const char *said;
    /* Shop b gets its basics from a first product. */
    static const char first[] = "sku,name,price\nFIRST-B,First,1\n";
    import_into(KIT_B, first, sizeof(first) - 1, &said);
    import_into(KIT_A, first, sizeof(first) - 1, &said);
    for (size_t i = 0; i < COUNT_OF(shop_setup); i++)
        kit_sql(shop_setup[i]);
    struct shop_import_report done = import_into(KIT_A, everything, sizeof(everything) - 1, &said);
    ck_assert_msg(done.created == 7 && done.refused == 0 && done.notes == 0, "%.1500s", said);
    char *text = export(KIT_A, &n);
    done = import_into(KIT_A, text, n, &said);
    ck_assert_msg(done.created + done.updated + done.refused + done.notes == 0, "%s%.900s", said,
                  text);
    char *again = export(KIT_A, &n2);
    size_t same = 0;
    while (text[same] != '\0' && text[same] == again[same])
        same++;
    ck_assert_msg(text[same] == again[same], "%.300s\nbut then\n%.300s",
                  text + (same > 100 ? same - 100 : 0), again + (same > 100 ? same - 100 : 0));
    /* Nothing of the first file was lost on the way. */
    static const char *const kept[] = { "\"'=Panel, \"\"500 W\"\"\"",
                                        "A < B & C",
                                        "10=140.00; 100=130.00 2026-02-01T00:00:00Z..",
                                        "45.00; 20=40.00",
                                        "39.00 ..2026-12-01T00:00:00Z",
                                        "6 x RT-1, RT-2-B",
                                        "\"Long, with commas\"",
                                        "50.00 EUR",
                                        "usb, hdmi",
                                        "https://files.example/g.pdf",
                                        "Solar > Panels, Solar" };
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        ck_assert_msg(strstr(text, kept[i]) != NULL, "%s is not in it", kept[i]);
    free(again);
    /* Another shop, empty but for what products name, says the same afterwards. */
    done = import_into(KIT_B, text, n, &said);
    ck_assert_msg(done.refused == 0, "%.1500s", said);
    kit_sql("DELETE FROM shop.product_media");
    again = export(KIT_B, &n2);
    done = import_into(KIT_B, again, n2, &said);
    ck_assert_msg(done.created + done.updated + done.refused == 0, "%.1500s", said);
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        ck_assert_msg(strstr(again, kept[i]) != NULL, "%s is not in it", kept[i]);
    free(again);
    free(text);
}
END_TEST

/* The demo shops' own files, which say every kind: a row that is refused is a fault of ours. */
START_TEST(demo_files_are_taken)
{
    static const char *const shops[] = { "demo", "solar", "fresh", "souk" };
    size_t n;
    char name[64];
    snprintf(name, sizeof(name), "../../demo/%s/products.csv", shops[_i]);
    const char *text = fixture(name, &n);
    struct shop_kit_import i = shop_kit_import_as(app, SHOP_IMPORT_WOOCOMMERCE, text, n, false);
    const char *bad = strstr(i.said, " refused ");
    ck_assert_msg(i.rc == RC_OK && i.report.refused == 0, "%.300s", bad != NULL ? bad : i.said);
    ck_assert_msg(strstr(i.said, "neither in this file") == NULL, "a part is not there");
    if (_i != 1)
        return;
    /* 6 x 500 W, an inverter, rails, cable and two days of work: twelve inverters are the least. */
    ck_assert_str_eq(kit_value("SELECT c.free FROM shop.product_cards c WHERE c.sku = 'SS-KIT-3'"),
                     "12");
    ck_assert_int_eq(kit_number("SELECT count(DISTINCT kind) FROM shop.products p JOIN "
                                "shop.product_variants v ON v.product_id = p.id WHERE v.sku LIKE "
                                "'SS-%'"),
                     5);
}
END_TEST

START_TEST(what_our_own_format_refuses)
{
    static const struct {
        const char *csv, *told;
    } bad[] = {
        { "sku,name,custom:nothing\nX-1,X,5\n", "2 refused X-1 [custom:nothing] names no field" },
        { "sku,name,prices:nowhere\nX-1,X,5\n", "[prices:nowhere] names no price list" },
        { "sku,name,prices:base\nX-1,X,5; 5\n", "[prices:base] has two prices" },
        { "sku,name,prices:base\nX-1,X,0=5\n", "[prices:base] \"0=5\" is no price" },
        { "sku,name,prices:base\nX-1,X,5.005\n", "[prices:base] \"5.005\" is no amount in LKR" },
        { "sku,name,stock:nowhere\nX-1,X,5\n", "[stock:nowhere] names no warehouse" },
        { "sku,name,product_type\nX-1,X,none\n", "[product_type] names no product type" },
        { "sku,name,slug\nX-1,X,A b\n", "[slug] is no address" },
        { "sku,name,status\nX-1,X,gone\n", "[status] is not draft" },
        { "sku,name,min_quantity,max_quantity\nX-1,X,5,4\n", "[min_quantity] is more than" },
        { "sku,name,publish_from,publish_until\nX-1,X,2026-02-02,2026-01-01\n", "publish window" },
        { "sku,name,type,parts\nX-1,X,bundle,0 x A\n", "[parts] has a quantity" },
        { "sku,name,attribute_1_name,attribute_1_values,attribute_1_input\nX-1,X,A,b,c\n",
          "[Attribute 1] has an input" },
    };
    struct shop_kit_import i =
        shop_kit_import_as(app, SHOP_IMPORT_KADE, bad[_i].csv, strlen(bad[_i].csv), false);
    ck_assert_msg(i.report.refused == 1 && strstr(i.said, bad[_i].told) != NULL, "%s", i.said);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.product_variants WHERE sku = 'X-1'"), 0);
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
    tcase_add_test(c, what_goes_out_comes_in_unchanged);
    tcase_add_loop_test(c, demo_files_are_taken, 0, 4);
    tcase_add_loop_test(c, what_our_own_format_refuses, 0, 13);
    suite_add_tcase(s, c);
    return kit_run(s);
}
