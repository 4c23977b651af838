/* http_data.c: the shops and people every HTTP test knows (http.h names them), as SQL run by the
 * superuser, so that no code under test is needed to make them. Nothing else: tests add their own.
 * Both shops hold people with the same ids, so that a leak between shops shows. */
#include "kit/http_data.h"

#include <stddef.h>

#include "kit/http.h"

#define STORE(shop, id, locale, currency, zone, country)                                           \
    "INSERT INTO app.stores (tenant_id, id, code, name, locale, currency, zone, country) VALUES "  \
    "('" shop "', '" id "', 'main', 'Main', '" locale "', '" currency "', '" zone "', '" country   \
    "');"
#define TENANT(shop, slug, name, status)                                                           \
    "INSERT INTO app.tenants (id, slug, name, status) VALUES ('" shop "', '" slug "', '" name      \
    "', '" status "');"
#define HOST(host, shop, store)                                                                    \
    "INSERT INTO app.tenant_domains (host, tenant_id, store_id, is_primary) VALUES ('" host        \
    "', '" shop "', '" store "', true);"
#define SETTING(shop, key, json)                                                                   \
    "INSERT INTO app.tenant_settings (tenant_id, key, value) VALUES ('" shop "', '" key            \
    "', '" json "');"
#define PEOPLE(shop, mark)                                                                         \
    "INSERT INTO app.users (tenant_id, id, email, name) VALUES ('" shop "', '" KIT_STAFF           \
    "', 'staff@" mark ".test', 'Staff " mark "'), ('" shop "', '" KIT_CLERK "', 'clerk@" mark      \
    ".test', 'Clerk " mark "');"                                                                   \
    "INSERT INTO app.roles (tenant_id, id, code, name) VALUES ('" shop                             \
    "', '0190a000-0000-7000-8000-0000000000b1', 'kit', 'Kit');"                                    \
    "INSERT INTO app.role_permissions (tenant_id, role_id, permission) VALUES ('" shop             \
    "', '0190a000-0000-7000-8000-0000000000b1', 'kit.manage');"                                    \
    "INSERT INTO app.user_roles (tenant_id, user_id, role_id) VALUES ('" shop "', '" KIT_STAFF     \
    "', '0190a000-0000-7000-8000-0000000000b1');"                                                  \
    "INSERT INTO shop.customers (tenant_id, id, email, name) VALUES ('" shop "', '" KIT_ANN        \
    "', 'ann@" mark ".test', 'Ann " mark "'), ('" shop "', '" KIT_BEN "', 'ben@" mark              \
    ".test', 'Ben " mark "');"

#define SHOP_S  "0190a000-0000-7000-8000-000000000003"
#define SHOP_C  "0190a000-0000-7000-8000-000000000004"
#define STORE_A "0190a000-0000-7000-8000-000000000011"
#define STORE_B "0190a000-0000-7000-8000-000000000012"
#define STORE_S "0190a000-0000-7000-8000-000000000013"
#define STORE_C "0190a000-0000-7000-8000-000000000014"

/* In pieces: a string literal has a length every compiler must take. */
const char *const kit_seed_sql[] = {
    TENANT(KIT_SHOP_A, "a", "Shop A", "active") TENANT(KIT_SHOP_B, "b", "Shop B", "active"),
    TENANT(SHOP_S, "s", "Shop S", "suspended") TENANT(SHOP_C, "c", "Shop C", "closed"),
    STORE(KIT_SHOP_A, STORE_A, "en", "LKR", "Asia/Colombo", "LK"),
    STORE(KIT_SHOP_B, STORE_B, "ar", "IQD", "Asia/Baghdad", "IQ"),
    STORE(SHOP_S, STORE_S, "en", "LKR", "Asia/Colombo", "LK"),
    STORE(SHOP_C, STORE_C, "en", "LKR", "Asia/Colombo", "LK"),
    HOST("a.test", KIT_SHOP_A, STORE_A) HOST("b.test", KIT_SHOP_B, STORE_B),
    HOST("s.test", SHOP_S, STORE_S) HOST("c.test", SHOP_C, STORE_C),
    SETTING(KIT_SHOP_A, "shop.locales", "[\"en\",\"si\",\"ar\"]"),
    SETTING(KIT_SHOP_A, "shop.currencies", "[\"LKR\",\"USD\"]"),
    SETTING(KIT_SHOP_B, "shop.locales", "[\"ar\",\"en\"]"),
    PEOPLE(KIT_SHOP_A, "a"),
    PEOPLE(KIT_SHOP_B, "b"),
    NULL,
};
