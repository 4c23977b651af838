/* search.c: the page of a search, suggestions, and lists that are narrowed: what is found, what is
 * said when nothing is, what each filter counts, and that no query string does harm. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "shop.h"
#include "shop/search_index.h"

static struct kit *k;

/* What a worker asks once, about the shop and its settings, is not a page's. */
static void setup(void)
{
    k = shop_kit(false);
    (void)kit_get(k, "a.test", "/c");
}
static void teardown(void)
{
    kit_close(k);
}

static struct kit_answer get(const char *path)
{
    struct kit_answer a = kit_get(k, "a.test", path);
    ck_assert_msg(a.trips <= 3, "%.200s: %u trips", path, a.trips);
    return a;
}

static void finds(const char *path, const char *sku)
{
    struct kit_answer a = get(path);
    ck_status(a, 200);
    ck_has(a.body, arena_printf(k->arena, "data-sku=\"%s\"", sku));
}

START_TEST(words_find_products)
{
    finds("/search?q=brass+lamp", "LAMP");
    finds("/search?q=lamp+brass", "LAMP");
    finds("/search?q=lamps", "LAMP");
    finds("/search?q=BRASS", "LAMP");
    finds("/search?q=vase", "LAST");
    finds("/search?q=%E0%B6%B4%E0%B7%92%E0%B6%AD%E0%B7%8A%E0%B6%AD%E0%B6%BD",
          "LAMP"); /* its name in Sinhala */
    finds("/si/search?q=lamp", "LAMP");
    struct kit_answer a = get("/search?q=door");
    ck_lacks(a.body, "data-sku=\"HIDDEN\"");
    a = get("/search?q=draft");
    ck_lacks(a.body, "data-sku=\"DRAFT\"");
    a = get("/search?q=radio"); /* of the other shop */
    ck_lacks(a.body, "B-RADIO");
}
END_TEST

START_TEST(codes_come_first)
{
    finds("/search?q=SHIRT-RS", "SHIRT-NL");
    finds("/search?q=shirtrs", "SHIRT-NL");
    finds("/search?q=shirt+rs", "SHIRT-NL");
}
END_TEST

START_TEST(typos_are_understood)
{
    struct kit_answer a = get("/search?q=bras+lmap");
    ck_status(a, 200);
    ck_has(a.body, "data-sku=\"LAMP\"");
    ck_has(a.body, "data-test=\"corrected\"");
    ck_has(a.body, "exact=1");
    a = get("/search?q=lmap&exact=1");
    ck_lacks(a.body, "data-test=\"corrected\"");
}
END_TEST

START_TEST(nothing_found_helps)
{
    static const char *const none[] = { "/search", "/search?q=", "/search?q=%20%2C.",
                                        "/search?q=xqzzyk" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct kit_answer a = get(none[i]);
        ck_status(a, 200);
        ck_has(a.body, "data-test=\"nothing\"");
        ck_has(a.body, "href=\"/c/home\"");
        ck_has(a.body, "Popular now");
    }
    struct kit_answer a = get("/search?q=brass+xqzzyk"); /* one of two words */
    ck_has(a.body, "data-test=\"near\"");
    ck_has(a.body, "data-sku=\"LAMP\"");
    a = get("/search?q=brass&brand=none-such&f.material=Steel");
    ck_has(a.body, "data-test=\"ignored\"");
}
END_TEST

START_TEST(query_stays_in_the_box)
{
    struct kit_answer a = get("/search?q=brass+%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
    ck_status(a, 200);
    ck_has(a.body, "value=\"brass &quot;&gt;&lt;script");
    ck_lacks(a.body, "<script>alert(1)");
    ck_has(a.body, "data-suggest=\"/search/suggest\"");
}
END_TEST

/* "…>LABEL</span><span class="chip-n">N" */
static void counts(const struct kit_answer *a, const char *label, const char *n)
{
    ck_has(a->body, arena_printf(k->arena, "%s</span><span class=\"chip-n\">%s</span>", label, n));
}

START_TEST(facets_count_against_the_other_filters)
{
    kit_close(k);
    struct kit *staff = shop_kit(true);
    shop_import(
        staff, "a",
        "SKU,Name,Regular price,Categories,In stock?,Stock,Brands,Attribute 1 name,Attribute 1 "
        "value(s),Attribute 2 name,Attribute 2 value(s)\n"
        "F-1,Facet one,100,Facets,1,5,Anker,Shade,Red,Wood,Oak\n"
        "F-2,Facet two,200,Facets,1,5,Anker,Shade,Blue,Wood,Oak\n"
        "F-3,Facet three,300,Facets,1,5,Bosch,Shade,Red,Wood,Oak\n"
        "F-4,Facet four,400,Facets,0,0,Bosch,Shade,Blue,Wood,Oak\n"
        "F-5,Facet five,500,Facets,1,5,Casio,Shade,Red,Wood,Oak\n");
    kit_close(staff);
    setup();
    struct kit_answer a = get("/c/facets");
    ck_status(a, 200);
    ck_assert_msg(a.trips <= 2, "a list as it is: %u trips", a.trips);
    counts(&a, "Anker", "2");
    counts(&a, "Bosch", "2");
    counts(&a, "Red", "3");
    counts(&a, "In stock only", "4");
    ck_lacks(a.body, ">Oak</span>"); /* all have it: it narrows nothing */
    ck_lacks(a.body, "stars and up");
    a = get("/c/facets?brand=anker");
    counts(&a, "Anker", "2"); /* against the other filters: there is none */
    counts(&a, "Bosch", "2");
    counts(&a, "Red", "1");
    ck_has(a.body, "2 products");
    ck_has(a.body, "Brand: Anker");
    a = get("/c/facets?brand=anker&brand=bosch&f.shade=red&in_stock=1");
    ck_has(a.body, "2 products");
    counts(&a, "Casio", "1");
    counts(&a, "Blue", "1");
    counts(&a, "In stock only", "2");
    a = get("/c/facets?price_min=150&price_max=350");
    ck_has(a.body, "2 products");
    counts(&a, "Red", "1");
    /* the same through a search */
    a = get("/search?q=facet&brand=anker&f.shade=red&in_stock=1");
    ck_has(a.body, "data-sku=\"F-1\"");
    ck_has(a.body, "1 product<");
    counts(&a, "Bosch", "1");
}
END_TEST

START_TEST(nothing_fits_names_the_filter)
{
    kit_close(k);
    struct kit *staff = shop_kit(true);
    shop_import(
        staff, "a",
        "SKU,Name,Regular price,Categories,In stock?,Brands,Attribute 1 name,Attribute 1 "
        "value(s)\n"
        "G-1,Drop one,100,Drops,1,Anker,Shade,Red\nG-2,Drop two,100,Drops,1,Bosch,Shade,Blue\n");
    kit_close(staff);
    setup();
    struct kit_answer a = get("/c/drops?brand=anker&f.shade=blue");
    ck_status(a, 200);
    ck_has(a.body, "No product matches");
    ck_has(a.body, "Without “Brand”: 1 product");
    ck_has(a.body, "href=\"/c/drops?f.shade=blue\"");
}
END_TEST

START_TEST(custom_choices_are_filters)
{
    kit_close(k);
    struct kit *staff = shop_kit(true);
    kit_sql(staff,
            "INSERT INTO app.custom_fields (tenant_id, id, resource, name, label, type, options, "
            "is_filterable) VALUES ('" KIT_SHOP_A "', '0190a000-0000-7000-8000-00000000f1f1', "
            "'product', 'energy', 'Energy class', 'dropdown', "
            "'[{\"id\":\"0190a000-0000-7000-8000-00000000f1f2\",\"code\":\"a_plus\","
            "\"label\":\"Class A+\"}]', true)");
    kit_sql(staff,
            "INSERT INTO app.custom_field_values (tenant_id, field_id, entity_id, value_text, ref) "
            "SELECT tenant_id, '0190a000-0000-7000-8000-00000000f1f1', id, 'a_plus', "
            "'0190a000-0000-7000-8000-00000000f1f2' FROM shop.products WHERE slug = 'brass-lamp' "
            "AND tenant_id = '" KIT_SHOP_A "'");
    shop_reindex(staff, "a");
    kit_close(staff);
    setup();
    struct kit_answer a = get("/c/home");
    ck_has(a.body, "Energy class");
    counts(&a, "Class A+", "1");
    a = get("/c/home?f.energy=a_plus");
    ck_has(a.body, "data-sku=\"LAMP\"");
    ck_lacks(a.body, "data-sku=\"LAST\"");
    ck_lacks(a.body, "data-test=\"ignored\"");
}
END_TEST

START_TEST(own_words_of_the_shop)
{
    kit_close(k);
    struct kit *staff = shop_kit(true);
    kit_sql(staff,
            "INSERT INTO shop.search_synonyms (tenant_id, term, term_norm, means, means_norm) "
            "VALUES ('" KIT_SHOP_A "', 'lantern', 'lantern', 'lamp', 'lamp')");
    kit_sql(staff, "INSERT INTO shop.search_redirects (tenant_id, query, query_norm, target) "
                   "VALUES ('" KIT_SHOP_A "', 'Opening hours', 'opening hours', '/c/home')");
    kit_close(staff);
    setup();
    finds("/search?q=lantern", "LAMP");
    struct kit_answer a = get("/search?q=OPENING,%20hours");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "location"), "/c/home");
    a = get("/si/search?q=opening+hours");
    ck_status(a, 303);
    ck_assert_str_eq(kit_header(&a, "location"), "/si/c/home");
    a = kit_get(k, "b.test", "/en/search?q=opening+hours"); /* another shop's words are its own */
    ck_status(a, 200);
}
END_TEST

START_TEST(suggestions)
{
    struct kit_answer a = kit_get(k, "a.test", "/search/suggest?q=bra");
    ck_status(a, 200);
    ck_assert_msg(a.trips <= 2, "%u trips", a.trips);
    ck_has(a.body, "role=\"listbox\"");
    ck_has(a.body, "data-href=\"/search?q=brass\"");
    ck_has(a.body, "data-href=\"/p/brass-lamp\"");
    ck_lacks(a.body, "<html");
    a = kit_get(k, "a.test", "/si/search/suggest?q=bra");
    ck_has(a.body, "data-href=\"/si/p/brass-lamp\"");
    static const char *const odd[] = { "",       "?q=", "?q=%20", "?q=zzzzzz", "?q='%22%3C%26",
                                       "?q=%25", "?x=1" };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        a = kit_get(k, "a.test", arena_printf(k->arena, "/search/suggest%s", odd[i]));
        ck_status(a, 200);
        ck_lacks(a.body, "role=\"option\"");
    }
}
END_TEST

/* Every way to fill a field wrongly, in every field, alone and together. */
START_TEST(hostile_queries)
{
    static const char *const fields[] = { "q",          "exact",     "sort",      "page",
                                          "after",      "price_min", "price_max", "brand",
                                          "category",   "rating",    "in_stock",  "sale",
                                          "f.material", "f.",        "nonsense",  "%27",
                                          "q%5B%5D" };
    static const char *const values[] = { "'%20OR%201=1--",
                                          "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
                                          "%00",
                                          "-1",
                                          "0",
                                          "99999999999999999999999",
                                          "1e309",
                                          "NaN",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "%F0%9F%92%A9",
                                          "a%26b=c",
                                          "%25s%25n",
                                          "':*%26!()%7C",
                                          "%5C",
                                          "((((((((((",
                                          "%3A%2A",
                                          "%E2%80%AE",
                                          "../../etc/passwd",
                                          "%7B%7BX%7D%7D",
                                          "0.00000000-0000-0000-0000-000000000000",
                                          "%C3%28",
                                          "%zz",
                                          "%",
                                          "1;DROP TABLE",
                                          "..",
                                          "1,2,3" };
    static const char *const bases[] = { "/search?q=lamp&", "/c/home?", "/search?" };
    for (size_t b = 0; b < sizeof bases / sizeof *bases; b++)
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                const char *path =
                    arena_printf(k->arena, "%s%s=%s", bases[b], fields[f], values[v]);
                if (strchr(path, ' ') != NULL)
                    continue;
                struct kit_answer a = get(path);
                ck_assert_msg(a.status == 200, "%s: %d", path, a.status);
                ck_lacks(a.body, "<script>alert");
            }
}
END_TEST

static char *repeated(const char *what, size_t times)
{
    struct buf b;
    buf_init(&b, k->arena, 1u << 20);
    for (size_t i = 0; i < times; i++)
        buf_str(&b, what);
    return b.p;
}

START_TEST(very_long_queries)
{
    const char *long_word = repeated("a", 10000), *many = repeated("lamp+", 2000);
    const char *terms = repeated("brand=x%27&", 700), *nested = repeated("%28", 2500);
    const char *paths[] = { arena_printf(k->arena, "/search?q=%s", long_word),
                            arena_printf(k->arena, "/search?q=%s", many),
                            arena_printf(k->arena, "/search?q=lamp&%s", terms),
                            arena_printf(k->arena, "/c/home?%s", terms),
                            arena_printf(k->arena, "/search?q=%s", nested),
                            arena_printf(k->arena, "/c/home?brand=%s", long_word),
                            arena_printf(k->arena, "/c/home?price_min=%s", repeated("9", 10000)),
                            arena_printf(k->arena, "/search?q=lamp&after=%s", long_word),
                            arena_printf(k->arena, "/search/suggest?q=%s", long_word) };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct kit_answer a = get(paths[i]);
        ck_assert_msg(a.status == 200, "%.40s: %d", paths[i], a.status);
    }
    struct kit_answer a = get(paths[1]);
    ck_has(a.body, "data-test=\"cut\"");
    a = get(paths[3]);
    ck_has(a.body, "data-test=\"ignored\"");
}
END_TEST

/* What was ignored and what is made up is never stored, so nobody can fill the cache with it. */
START_TEST(only_a_bounded_number_of_pages_is_stored)
{
    static const struct {
        const char *path;
        bool stored;
    } lists[] = { { "/c/home", true },
                  { "/c/home?sort=price", true },
                  { "/c/home?in_stock=1", true },
                  { "/c/home?price_min=1", false },
                  { "/c/home?x=1", false },
                  { "/c/home?brand=nobody", false },
                  { "/c/home?page=2", false },
                  { "/search?q=lamp", false } };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        (void)get(lists[i].path);
        struct kit_answer a = get(lists[i].path);
        ck_assert_msg((a.statements == 0) == lists[i].stored, "%s: %u statements warm",
                      lists[i].path, a.statements);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("storefront");
    TCase *t = tcase_create("search");
    tcase_set_timeout(t, 240);
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, words_find_products);
    tcase_add_test(t, codes_come_first);
    tcase_add_test(t, typos_are_understood);
    tcase_add_test(t, nothing_found_helps);
    tcase_add_test(t, query_stays_in_the_box);
    tcase_add_test(t, facets_count_against_the_other_filters);
    tcase_add_test(t, nothing_fits_names_the_filter);
    tcase_add_test(t, custom_choices_are_filters);
    tcase_add_test(t, own_words_of_the_shop);
    tcase_add_test(t, suggestions);
    tcase_add_test(t, hostile_queries);
    tcase_add_test(t, very_long_queries);
    tcase_add_test(t, only_a_bounded_number_of_pages_is_stored);
    suite_add_tcase(s, t);
    return kit_run(s);
}
