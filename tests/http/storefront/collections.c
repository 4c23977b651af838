/* collections.c: lists by rule and by hand: what is in them, in which order, narrowed, in another
 * language, ended; what is refused; that one shop's is not another's. */
#include <string.h>

#include "base/str.h"
#include "platform/db.h"
#include "shop.h"
#include "shop/collection.h"
#include "shop/wording.h"

static struct kit *k;

static void setup(void)
{
    k = shop_kit(false);
}
static void teardown(void)
{
    kit_close(k);
}

struct made {
    struct collection c;
    const char *locale, *problem;
    bool changed, gone;
    enum rc rc;
};

static enum rc make_in_tx(struct db *db, void *arg)
{
    struct made *m = arg;
    m->c.currency = "LKR";
    if (m->gone)
        m->rc = collection_remove(db, m->c.slug, 1);
    else if (m->locale != NULL)
        m->rc =
            collection_put_text(db, m->c.slug, m->locale, m->c.name, m->c.description, &m->changed);
    else
        m->rc = collection_put(db, &m->c, &m->changed, &m->problem);
    return RC_OK;
}

/* By a connection of staff; there is one kit at a time. What m says is of the test. */
static void make(struct made *m)
{
    kit_close(k);
    struct kit *staff = shop_kit(true);
    shop_change(staff, make_in_tx, m);
    m->problem = m->problem != NULL ? "told" : NULL; /* its words went with the kit */
    kit_close(staff);
    k = shop_kit(false);
}

static void put(struct collection c)
{
    struct made m = { .c = c };
    make(&m);
    ck_assert_msg(m.rc == RC_OK && m.changed, "%s: %s %s", c.slug, rc_name(m.rc),
                  m.problem != NULL ? m.problem : "-");
}

static void refused(struct collection c)
{
    struct made m = { .c = c };
    make(&m);
    ck_assert_int_eq(m.rc, RC_INVALID);
    ck_assert_ptr_nonnull(m.problem);
}

static bool before(const char *text, const char *a, const char *b)
{
    const char *x = strstr(text, a), *y = strstr(text, b);
    return x != NULL && y != NULL && x < y;
}

START_TEST(by_hand_in_its_order)
{
    put((struct collection){
        .slug = "table", .name = "For the table", .products = "last  lamp LAST" });
    (void)kit_get(k, "a.test", "/brands"); /* what a worker reads once */
    struct kit_answer a = kit_get(k, "a.test", "/collection/table");
    ck_status(a, 200);
    ck_assert_uint_le(a.trips, 3);
    ck_has(a.body, "For the table");
    ck_assert(before(a.body, "data-sku=\"LAST\"", "data-sku=\"LAMP\""));
    ck_lacks(a.body, "data-sku=\"SOLD\"");
    ck_has(a.body, "rel=\"canonical\" href=\"http://a.test/collection/table\"");
    a = kit_get(k, "a.test", "/collection/table?sort=-price");
    ck_assert(before(a.body, "data-sku=\"LAMP\"", "data-sku=\"LAST\""));
    a = kit_get(k, "a.test", "/collection/table?f.material=brass");
    ck_has(a.body, "data-sku=\"LAMP\"");
    ck_lacks(a.body, "data-sku=\"LAST\"");
    ck_status(kit_get(k, "b.test", "/collection/table"), 404);
    struct made same = { .c = { .slug = "table", .products = "LAST LAMP" } };
    make(&same);
    ck_assert_int_eq(same.rc, RC_OK);
    ck_assert(!same.changed);
    put((struct collection){ .slug = "table", .products = "LAMP SHIRT-RS" });
    a = kit_get(k, "a.test", "/collection/table");
    ck_assert(before(a.body, "data-sku=\"LAMP\"", "data-sku=\"SHIRT"));
    ck_lacks(a.body, "data-sku=\"LAST\"");
}
END_TEST

START_TEST(by_rule_as_a_filter_says)
{
    put((struct collection){ .slug = "cheap",
                             .name = "Cheap things at home",
                             .rule = "?category=home&category=sales&in_stock=1&price_max=2000.00",
                             .sort = "dear" });
    (void)kit_get(k, "a.test", "/brands"); /* what a worker reads once */
    struct kit_answer a = kit_get(k, "a.test", "/collection/cheap");
    ck_status(a, 200);
    ck_assert_uint_le(a.trips, 3);
    ck_assert(before(a.body, "data-sku=\"LAST\"", "data-sku=\"PAST\""));
    ck_lacks(a.body, "data-sku=\"LAMP\""); /* 3,900.50 */
    ck_lacks(a.body, "data-sku=\"SOLD\"");
    ck_lacks(a.body, "data-sku=\"SHIRT\""); /* neither category */
    a = kit_get(k, "a.test", "/collection/cheap?category=sales");
    ck_lacks(a.body, "data-sku=\"LAST\"");
    ck_has(a.body, "data-sku=\"PAST\"");
    a = kit_get(k, "a.test", "/collection/cheap?price_min=1000");
    ck_has(a.body, "data-sku=\"LAST\"");
    ck_lacks(a.body, "data-sku=\"PAST\"");
    /* a filter that reaches out of the rule finds nothing out there */
    ck_lacks(kit_get(k, "a.test", "/collection/cheap?price_min=3000").body, "data-sku=\"LAMP\"");
}
END_TEST

START_TEST(anything_in_the_address_is_a_page)
{
    static const char *const odd[] = { "?page=-1", "?sort=%27%3B+DROP",
                                       "?f.none=1&brand=none&rating=9&in_stock=2",
                                       "?price_min=99999999999999999999&after=x",
                                       "?after=5.00000000-0000-0000-0000-000000000000" };
    put((struct collection){ .slug = "odd", .name = "Odd", .rule = "in_stock=1" });
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        ck_status(kit_get(k, "a.test", arena_printf(k->arena, "/collection/odd%s", odd[i])), 200);
}
END_TEST

START_TEST(changed_at_the_next_request)
{
    put((struct collection){ .slug = "new", .name = "First name", .rule = "sale=1" });
    ck_has(kit_get(k, "a.test", "/collection/new").body, "First name");
    ck_assert_uint_eq(kit_get(k, "a.test", "/collection/new").trips, 0);
    put((struct collection){ .slug = "new", .name = "Second name" });
    ck_has(kit_get(k, "a.test", "/collection/new").body, "Second name");
    struct made same = { .c = { .slug = "new", .name = "Second name", .rule = "sale=1" } };
    make(&same);
    ck_assert_int_eq(same.rc, RC_OK);
    ck_assert(!same.changed);
    struct made words = { .c = { .slug = "new", .name = "නව නම" }, .locale = "si" };
    make(&words);
    ck_assert(words.changed);
    ck_has(kit_get(k, "a.test", "/si/collection/new").body, "නව නම");
    ck_has(kit_get(k, "a.test", "/collection/new").body, "Second name");
    put((struct collection){ .slug = "new", .products = "LAMP" }); /* by hand from now on */
    struct kit_answer a = kit_get(k, "a.test", "/collection/new");
    ck_has(a.body, "data-sku=\"LAMP\"");
    ck_lacks(a.body, "data-sku=\"ENDS\"");
}
END_TEST

START_TEST(ended_and_not_begun)
{
    put((struct collection){
        .slug = "once", .name = "Once", .rule = "sale=1", .until = "2020-01-01T00:00:00Z" });
    ck_status(kit_get(k, "a.test", "/collection/once"), 404);
    put((struct collection){ .slug = "once", .until = "" });
    ck_status(kit_get(k, "a.test", "/collection/once"), 200);
    put((struct collection){ .slug = "once", .active = "no" });
    ck_status(kit_get(k, "a.test", "/collection/once"), 404);
    struct made gone = { .c = { .slug = "once" }, .gone = true };
    make(&gone);
    ck_assert_int_eq(gone.rc, RC_OK);
    ck_status(kit_get(k, "a.test", "/collection/once"), 410);
    make(&gone);
    ck_assert_int_eq(gone.rc, RC_NOTFOUND);
    put((struct collection){ .slug = "once", .name = "Again", .rule = "sale=1", .active = "yes" });
    ck_has(kit_get(k, "a.test", "/collection/once").body, "Again");
    ck_status(kit_get(k, "a.test", "/collection/never"), 404);
}
END_TEST

START_TEST(refused_in_words)
{
    static const char *const rules[] = { "price_max=5",
                                         "brand=nobody",
                                         "f.material=gold",
                                         "category=theirs",
                                         "colour=red",
                                         "in_stock=yes",
                                         "rating=7",
                                         "price_min=x&sale=1",
                                         "price_min=9&price_max=1&sale=1",
                                         "sale=1&%zz",
                                         "" };
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        refused((struct collection){ .slug = "no", .name = "No", .rule = rules[i] });
    refused((struct collection){ .slug = "no", .name = "No" });
    refused((struct collection){ .slug = "no", .name = "", .rule = "sale=1" });
    refused((struct collection){ .slug = "No Slug", .name = "No", .rule = "sale=1" });
    refused((struct collection){ .slug = "no", .name = "No", .products = "LAMP NOBODY" });
    refused(
        (struct collection){ .slug = "no", .name = "No", .products = "LAMP", .rule = "sale=1" });
    refused((struct collection){ .slug = "no", .name = "No", .rule = "sale=1", .sort = "wild" });
    refused(
        (struct collection){ .slug = "no", .name = "No", .rule = "sale=1", .from = "tomorrow" });
    ck_status(kit_get(k, "a.test", "/collection/no"), 404);
}
END_TEST

START_TEST(shown_by_a_block_of_the_home_page)
{
    put((struct collection){ .slug = "hand", .name = "By our hands", .products = "LAST LAMP" });
    put((struct collection){
        .slug = "rule", .name = "By our rules", .rule = "sale=1", .sort = "cheap" });
    kit_close(k);
    k = shop_kit(true);
    kit_sql(k, "INSERT INTO shop.home_blocks (tenant_id, key, position, kind, rule, argument, "
               "most) VALUES "
               "('" KIT_SHOP_A "', 'one', 1, 'products', 'collection', 'hand', 8), "
               "('" KIT_SHOP_A "', 'two', 2, 'products', 'collection', 'rule', 1)");
    kit_close(k);
    k = shop_kit(false);
    struct kit_answer a = kit_get(k, "a.test", "/");
    ck_status(a, 200);
    ck_has(a.body, "By our hands");
    ck_has(a.body, "href=\"/collection/hand\"");
    ck_has(a.body, "href=\"/collection/rule\"");
    const char *rule = strstr(a.body, "By our rules");
    ck_assert_ptr_nonnull(rule);
    ck_assert(before(a.body, "data-sku=\"LAST\"", "data-sku=\"LAMP\""));
    ck_has(rule, "data-sku=\"ENDS\""); /* the cheapest on offer, and only that */
    ck_lacks(rule, "data-sku=\"LAMP\"");
}
END_TEST

/* ---- words of the shop in other languages ------------------------------------------------------
 */
struct said {
    const char *resource, *key, *field, *text;
    enum rc rc;
    bool changed;
};

static enum rc say_in_tx(struct db *db, void *arg)
{
    struct said *s = arg;
    s->rc = wording_put(db, s->resource, s->key, "si", s->field, s->text, 1, &s->changed);
    return RC_OK;
}

static void say(struct said *s)
{
    kit_close(k);
    struct kit *staff = shop_kit(true);
    shop_change(staff, say_in_tx, s);
    kit_close(staff);
    k = shop_kit(false);
}

START_TEST(words_of_the_shop)
{
    ck_lacks(kit_get(k, "a.test", "/si/p/brass-lamp").body,
             "පිත්තල ද්‍රව්‍ය");
    say(&(struct said){ "attribute_option", "material/brass", "value",
                        "පිත්තල ද්‍රව්‍ය" });
    say(&(struct said){ "category", "lamps", "name", "පහන් වර්ග" });
    say(&(struct said){ "attribute", "material", "name", "අමුද්‍රව්‍යය" });
    ck_has(kit_get(k, "a.test", "/si/p/brass-lamp").body,
           "පිත්තල ද්‍රව්‍ය");
    ck_has(kit_get(k, "a.test", "/si/p/brass-lamp").body, "අමුද්‍රව්‍යය");
    ck_has(kit_get(k, "a.test", "/si/c/lamps").body, "පහන් වර්ග");
    ck_lacks(kit_get(k, "a.test", "/p/brass-lamp").body, "අමුද්‍රව්‍යය");
    struct said same = { "attribute", "material", "name", "අමුද්‍රව්‍යය" };
    say(&same);
    ck_assert(same.rc == RC_OK && !same.changed);
    struct said none = { "brand", "nobody", "name", "x" };
    say(&none);
    ck_assert_int_eq(none.rc, RC_NOTFOUND);
    struct said odd = { "customer", "ann", "name", "x" };
    say(&odd);
    ck_assert_int_eq(odd.rc, RC_INVALID);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("collections");
    TCase *t = tcase_create("collections");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, shop_open, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, by_hand_in_its_order);
    tcase_add_test(t, by_rule_as_a_filter_says);
    tcase_add_test(t, anything_in_the_address_is_a_page);
    tcase_add_test(t, changed_at_the_next_request);
    tcase_add_test(t, ended_and_not_begun);
    tcase_add_test(t, refused_in_words);
    tcase_add_test(t, shown_by_a_block_of_the_home_page);
    tcase_add_test(t, words_of_the_shop);
    suite_add_tcase(s, t);
    return kit_run(s);
}
