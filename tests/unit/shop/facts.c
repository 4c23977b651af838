/* facts.c: the document of a product's page: every row of it, what is live laid over it, bundles by
 * their scarcest part, and that a document which does not fit is refused as a whole. */
#include <check.h>
#include <string.h>

#include "base/str.h"
#include "shop/product_facts.h"

#define V1 "00000000-0000-0000-0000-000000000001"
#define V2 "00000000-0000-0000-0000-000000000002"
#define A1 "00000000-0000-0000-0000-0000000000a1"
#define O1 "00000000-0000-0000-0000-0000000000b1"
#define P1 "00000000-0000-0000-0000-0000000000c1"

static struct arena *a;

static void setup(void)
{
    a = arena_new_sized(0);
}

static void teardown(void)
{
    arena_free(a);
}

static struct uuid id(const char *text)
{
    struct uuid u;
    ck_assert_int_eq(uuid_parse(text, &u), RC_OK);
    return u;
}

static const char mug[] =
    "{\"variants\":[[\"" V1 "\",\"MUG-1\",null,\"tracked\",400,null,0,7,1,10,\"piece\",1],"
    "[\"" V2 "\",\"MUG-2\",\"4790001\",\"always\",null,null,null,null,2,1000000,\"m\",100]],"
    "\"options\":[[\"" V1 "\",\"" A1 "\",\"Colour\",\"" O1
    "\",\"Blue\",\"#0000ff\",\"colour\",true]],"
    "\"prices\":[[\"" V1
    "\",\"LKR\",\"base\",0,1,155000,null,-30610224000000000,253370764800000000],"
    "[\"" V1 "\",\"USD\",\"base\",0,1,500,null,0,10],"
    "[\"" V1 "\",\"LKR\",\"sale\",3,1,119000,145000,5,9]],"
    "\"specs\":[[\"" A1 "\",\"Colour\",\"" O1 "\",\"Blue\",null,\"choice\"],"
    "[\"" A1 "\",\"Height\",null,\"10\",\"cm\",\"text\"]],"
    "\"images\":[[\"" O1 "\",\"media/x.svg\",\"\",800,600,127,null],"
    "[\"" O1 "\",\"media/y.svg\",\"A mug\",0,0,0,\"" V1 "\"]],"
    "\"parts\":[],\"tags\":[\"new\",\"tea & coffee\"]}";

START_TEST(every_row_is_read)
{
    struct product_facts f;
    ck_assert_int_eq(product_facts_read(a, mug, "LKR", &f), RC_OK);
    ck_assert_uint_eq(f.variants.n, 2);
    const struct product_variant *v = f.variants.row;
    ck_assert(uuid_cmp(v[0].variant_id, id(V1)) == 0);
    ck_assert_str_eq(v[0].sku, "MUG-1");
    ck_assert_ptr_null(v[0].barcode);
    ck_assert(v[0].has_weight_g && v[0].weight_g == 400);
    ck_assert(!v[0].has_length_mm);
    ck_assert(v[0].has_width_mm && v[0].width_mm == 0);
    ck_assert(v[0].has_height_mm && v[0].height_mm == 7);
    ck_assert_int_eq(v[0].max_quantity, 10);
    ck_assert_str_eq(v[1].barcode, "4790001");
    ck_assert(!v[1].has_weight_g);
    ck_assert_int_eq(v[1].price_quantity, 100);
    ck_assert_uint_eq(f.options.n, 1);
    ck_assert(f.options.row[0].is_default);
    ck_assert_str_eq(f.options.row[0].swatch, "#0000ff");
    /* only the currency asked for */
    ck_assert_uint_eq(f.nprices, 2);
    ck_assert_int_eq(f.price[0].amount, 155000);
    ck_assert_int_eq(f.price[0].lowest_30d, -1);
    ck_assert_int_eq(f.price[1].kind, PRICE_SALE);
    ck_assert_int_eq(f.price[1].lowest_30d, 145000);
    ck_assert_int_eq(f.price[1].until, 9);
    ck_assert_uint_eq(f.specs.n, 2);
    ck_assert(uuid_is_nil(f.specs.row[1].option_id));
    ck_assert_str_eq(f.specs.row[1].unit, "cm");
    ck_assert_uint_eq(f.images.n, 2);
    ck_assert_int_eq(f.images.row[0].look, 127);
    ck_assert(uuid_is_nil(f.images.row[0].variant_id));
    ck_assert(uuid_cmp(f.images.row[1].variant_id, id(V1)) == 0);
    ck_assert_uint_eq(f.tags.n, 2);
    ck_assert_str_eq(f.tags.v[1], "tea & coffee");
}
END_TEST

START_TEST(stock_of_all_warehouses_is_added_up)
{
    struct product_facts f;
    const struct uuid of[] = { id(V1), id(V1), id(V2), id(V1) };
    const int32_t available[] = { 3, -2, 9, 0 }, backorder[] = { 0, 1, 0, 4 },
                  reorder[] = { -1, 2, 7, -1 };
    ck_assert_int_eq(product_facts_read(a, mug, "LKR", &f), RC_OK);
    product_facts_stock(
        &f, false,
        &(struct product_stock){ { of, 4 }, { available, 4 }, { backorder, 4 }, { reorder, 4 } });
    ck_assert_int_eq(f.variants.row[0].free, 3);
    ck_assert_int_eq(f.variants.row[0].reorder, 2);
    ck_assert(f.variants.row[0].backorder);
    ck_assert_int_eq(f.variants.row[1].free, 9);
    ck_assert(!f.variants.row[1].backorder);
    /* nothing is known of a variant without a row */
    product_facts_stock(&f, false, &(struct product_stock){ { of, 0 }, { 0 }, { 0 }, { 0 } });
    ck_assert_int_eq(f.variants.row[0].free, 0);
    ck_assert_int_eq(f.variants.row[0].reorder, -1);
}
END_TEST

static struct product_facts bundle(const char *parts)
{
    struct product_facts f;
    const char *doc = arena_printf(
        a,
        "{\"variants\":[[\"%s\",\"KIT\",null,\"tracked\",null,null,null,null,1,9,\"piece\",1]],"
        "\"parts\":[%s]}",
        P1, parts);
    ck_assert_int_eq(product_facts_read(a, doc, "LKR", &f), RC_OK);
    const struct uuid of[] = { id(V1), id(V2) };
    const int32_t available[] = { 7, 4 }, backorder[] = { 2, 5 }, reorder[] = { -1, -1 };
    product_facts_stock(
        &f, true,
        &(struct product_stock){ { of, 2 }, { available, 2 }, { backorder, 2 }, { reorder, 2 } });
    return f;
}

#define PART(variant, quantity, policy, sold)                                                      \
    "[\"" P1 "\",\"" variant "\",\"" P1 "\"," quantity ",\"" policy "\"," sold "]"

START_TEST(a_bundle_is_there_as_often_as_its_scarcest_part)
{
    struct product_facts f =
        bundle(PART(V1, "2", "tracked", "true") "," PART(V2, "1", "tracked", "true"));
    ck_assert_int_eq(f.variants.row[0].free, 3); /* 7 / 2 before 4 / 1 */
    ck_assert(f.variants.row[0].backorder);      /* 9 / 2 = 4 could be sold */
    f = bundle(PART(V1, "2", "tracked", "true") "," PART(V2, "9", "always", "true"));
    ck_assert_int_eq(f.variants.row[0].free, 3);
    f = bundle(PART(V1, "1", "tracked", "false"));
    ck_assert_int_eq(f.variants.row[0].free, 0);
    ck_assert(!f.variants.row[0].backorder);
    f = bundle(PART(V1, "1", "tracked", "true") "," PART(V2, "1", "never", "true"));
    ck_assert_int_eq(f.variants.row[0].free, 0);
    f = bundle(PART(V1, "1", "always", "true"));
    ck_assert_str_eq(f.variants.row[0].stock_policy, "always");
    f = bundle("");
    ck_assert_str_eq(f.variants.row[0].stock_policy, "tracked");
    ck_assert_int_eq(f.variants.row[0].free, 0);
}
END_TEST

START_TEST(words_of_the_language_are_laid_over)
{
    struct product_facts f;
    const struct uuid ids[] = { id(A1), id(O1), id(V1) };
    const char *const words[] = { "Farbe", "Blau", "nobody" };
    ck_assert_int_eq(product_facts_read(a, mug, "LKR", &f), RC_OK);
    product_facts_words(&f, (struct uuids){ ids, 3 }, (struct texts){ words, 3 });
    ck_assert_str_eq(f.options.row[0].attribute_name, "Farbe");
    ck_assert_str_eq(f.options.row[0].option_value, "Blau");
    ck_assert_str_eq(f.specs.row[0].option_value, "Blau");
    ck_assert_str_eq(f.specs.row[1].attribute_name, "Farbe");
    ck_assert_str_eq(f.specs.row[1].option_value, "10"); /* a text of its own has no id */
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
    static const char *const bad[] = {
        "",
        "{",
        "[\"" V1 "\"",
        "{\"variants\":[7]}",                                      /* no row */
        "{\"variants\":[[\"not an id\",\"S\",null,\"tracked\"]]}", /* no id */
        "{\"variants\":[[\"" V1 "\",null]]}",                      /* a SKU is never missing */
        "{\"variants\":[[\"" V1 "\",\"S\",null,\"tracked\",3000000000]]}", /* too large */
        "{\"prices\":[[\"" V1 "\",\"LKR\",\"base\",0,1,15.5]]}",           /* money is whole */
        "{\"options\":[[\"" V1 "\",\"" A1 "\",\"C\",\"" O1 "\",\"B\",null,\"c\",\"yes\"]]}",
    };
    struct product_facts f;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_assert_msg(product_facts_read(a, bad[i], "LKR", &f) == RC_BUG, "%s", bad[i]);
    ck_assert_int_eq(product_facts_read(a, NULL, "LKR", &f), RC_OK);
    ck_assert_uint_eq(f.variants.n, 0);
    ck_assert_int_eq(product_facts_read(a, "{}", "LKR", &f), RC_OK);
    ck_assert_uint_eq(f.images.n + f.nprices + f.tags.n, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("product facts");
    TCase *t = tcase_create("facts");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_row_is_read);
    tcase_add_test(t, stock_of_all_warehouses_is_added_up);
    tcase_add_test(t, a_bundle_is_there_as_often_as_its_scarcest_part);
    tcase_add_test(t, words_of_the_language_are_laid_over);
    tcase_add_test(t, what_does_not_fit_is_refused);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed > 0;
}
