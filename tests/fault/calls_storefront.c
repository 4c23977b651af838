/* calls_storefront.c: what the storefront does when the catalogue changes, while calls fail
 * (torture.h). It only empties stored pages: pages.c of tests/http judges what they show. */
#include "torture.h"

static const char *lamp(struct kit *k)
{
    return kit_cell(k, "SELECT id FROM shop.products WHERE slug = 'brass-lamp' AND tenant_id = "
                       "'" KIT_SHOP_A "'");
}

static const char *category(struct kit *k)
{
    return kit_cell(k, "SELECT id FROM shop.categories WHERE tenant_id = '" KIT_SHOP_A "' LIMIT 1");
}

static const char *shop(struct kit *k)
{
    (void)k;
    return KIT_SHOP_A;
}

static const struct torture_event events[] = {
    { .consumer = "storefront:product.changed", .before = lamp },
    { .consumer = "storefront:product.rated", .before = lamp },
    { .consumer = "storefront:stock.changed", .before = lamp },
    { .consumer = "storefront:category.changed", .before = category },
    { .consumer = "storefront:home.changed", .before = shop },
    { .consumer = "storefront:collection.changed", .before = shop },
    { .consumer = "storefront:words.changed", .before = shop },
    { 0 }
};

TORTURE(.name = "storefront", .events = events)
