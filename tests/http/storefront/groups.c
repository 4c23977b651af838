/* groups.c: what a group of customers pays: its customers see it on lists, on the product and in
 * comparisons, nobody else does, whoever came first (T21); not what the cart takes (checkout.c). */
#include <string.h>

#include "base/str.h"
#include "shop.h"

#define GROUP "0190a000-0000-7000-8000-0000000f0001"
#define LIST  "0190a000-0000-7000-8000-0000000f0002"

static struct kit *k;
static const char *theirs, *other;

static void open_shop(void)
{
    shop_open();
    struct kit *s = shop_kit(true);
    kit_sql(s,
            "INSERT INTO shop.customer_groups (tenant_id, id, code, name) VALUES ('" KIT_SHOP_A
            "', '" GROUP "', 'trade', 'Trade'); "
            "INSERT INTO shop.price_lists (tenant_id, id, code, name, currency, kind, group_id) "
            "VALUES ('" KIT_SHOP_A "', '" LIST "', 'trade', 'Trade', 'LKR', 'group', '" GROUP "'); "
            "INSERT INTO shop.prices (tenant_id, price_list_id, variant_id, amount_minor) "
            "SELECT v.tenant_id, '" LIST "', v.id, 123400 FROM shop.product_variants v "
            "WHERE v.tenant_id = '" KIT_SHOP_A "' AND v.sku IN ('LAMP', 'LAST'); "
            "UPDATE shop.customers SET group_id = '" GROUP "' WHERE tenant_id = '" KIT_SHOP_A
            "' AND id = '" KIT_ANN "'; "
            "INSERT INTO app.tenant_settings (tenant_id, key, value) VALUES ('" KIT_SHOP_A
            "', 'shop.group_prices', 'true')");
    kit_close(s);
}

static void setup(void)
{
    k = shop_kit(false);
    theirs = kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0);
    other = kit_session(k, KIT_SHOP_A, NULL, KIT_BEN, 0);
}
static void teardown(void)
{
    kit_close(k);
}

static const char *see(const char *path, const char *cookie)
{
    struct kit_answer a = kit_ask(
        k, &(struct kit_ask){ .method = "GET", .host = "a.test", .path = path, .cookie = cookie });
    ck_status(a, 200);
    return arena_strdup(k->arena, a.body);
}

static const char *const pages[] = { "/p/last-vase",
                                     "/p/brass-lamp",
                                     "/c/home",
                                     "/",
                                     "/search?q=vase",
                                     "/compare?items=last-vase",
                                     "/recent?items=last-vase",
                                     "/search/suggest?q=vase",
                                     "/c/home?sort=price&in_stock=1" };
#define OWN "1,234.00"

START_TEST(t21_only_its_customers_see_it)
{
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        for (int round = 0; round < 2; round++) { /* made, then stored */
            ck_has(see(pages[i], theirs), OWN);
            ck_lacks(see(pages[i], other), OWN);
            ck_lacks(see(pages[i], NULL), OWN);
        }
}
END_TEST

START_TEST(t21_whoever_comes_first)
{
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        ck_lacks(see(pages[i], NULL), OWN);
        ck_lacks(see(pages[i], other), OWN);
        ck_has(see(pages[i], theirs), OWN);
        ck_lacks(see(pages[i], NULL), OWN);
    }
    ck_has(see("/p/last-vase", theirs), "Your price");
    ck_lacks(see("/p/last-vase", other), "Your price");
}
END_TEST

START_TEST(a_public_sale_that_is_better_stays)
{
    kit_sql(k, "UPDATE shop.prices SET amount_minor = 900000 WHERE price_list_id = '" LIST "'");
    ck_lacks(see("/p/brass-lamp?variant=LAMP", theirs), "9,000.00");
    ck_has(see("/p/brass-lamp?variant=LAMP", theirs), "3,900.50");
}
END_TEST

START_TEST(signed_out_is_everybody)
{
    ck_has(see("/p/last-vase", theirs), OWN);
    kit_sql(k, "DELETE FROM app.sessions");
    ck_lacks(see("/p/last-vase", theirs), OWN);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("groups");
    TCase *t = tcase_create("groups");
    tcase_set_timeout(t, 120);
    tcase_add_unchecked_fixture(t, open_shop, shop_close);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, t21_whoever_comes_first);
    tcase_add_test(t, t21_only_its_customers_see_it);
    tcase_add_test(t, signed_out_is_everybody);
    tcase_add_test(t, a_public_sale_that_is_better_stays);
    suite_add_tcase(s, t);
    return kit_run(s);
}
