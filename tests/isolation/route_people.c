/* route_people.c: every GET route of every module, asked in shop A with the ids, slugs and names of
 * shop B, as each kind of person: visitor, A's customer, A's staff with every permission, B's staff
 * with a foreign session; and again after B filled every cache. Nothing of B comes back. Ids are of
 * every table that has rows of B, so a new one is tried on the day it is made. (routes.c: what a
 * visitor is answered, status by status.) */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "../http/storefront/shop.h"
#include "app/router.h"
#include "base/map.h"
#include "base/str.h"
#include "kit/http.h"
#include "platform/db.h"

#define MARK "Zebulon"

enum { MODULES_MOST = 64, VALUES_MOST = 400 };

static const char rows[] =
    "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,In stock?,"
    "Stock,Regular price,Categories,Tags\n"
    "1,simple,ZEB-1," MARK " kettle,1,1,visible," MARK " short,1,5,1000000," MARK " room," MARK "\n"
    "2,simple,ZEB-2," MARK " draft,0,0,visible," MARK " short,1,5,1000000," MARK " cellar,\n";

static struct {
    const char *names[MODULES_MOST];
    const char *value[VALUES_MOST];
    size_t nvalues;
    size_t asked, found_in_b;
} all;

/* Every module the build made, the skeleton as well. */
static void find_modules(struct arena *a)
{
    DIR *d = opendir(arena_printf(a, "%s/modules/.libs", getenv("KADE_TEST_BUILD")));
    struct dirent *e;
    size_t n = 0;
    while (d && (e = readdir(d)) && n + 1 < MODULES_MOST)
        if (str_ends(e->d_name, ".so"))
            all.names[n++] = arena_strndup(a, e->d_name, strlen(e->d_name) - 3);
    if (d)
        (void)closedir(d);
    ck_assert_uint_ge(n, 2);
}

static void take_values(struct kit *k, const char *sql)
{
    char **part;
    size_t n = str_split(k->arena, kit_cell(k, sql), '\n', &part);
    for (size_t i = 0; i < n && all.nvalues < VALUES_MOST; i++)
        if (*part[i])
            all.value[all.nvalues++] = part[i];
}

/* Up to three ids of each table with rows of B, and every slug there is only in B. */
static void find_values(struct kit *k)
{
    char **table;
    size_t n = str_split(
        k->arena,
        kit_cell(k,
                 "SELECT string_agg(format('%I.%I', c.table_schema, c.table_name), E'\\n') FROM "
                 "information_schema.columns c JOIN information_schema.columns t USING "
                 "(table_schema, table_name) JOIN information_schema.tables b USING "
                 "(table_schema, table_name) WHERE c.column_name = 'id' AND c.data_type = 'uuid' "
                 "AND t.column_name = 'tenant_id' AND b.table_type = 'BASE TABLE'"),
        '\n', &table);
    for (size_t i = 0; i < n; i++)
        take_values(k, arena_printf(k->arena,
                                    "SELECT string_agg(id::text, E'\\n') FROM (SELECT id FROM %s "
                                    "WHERE tenant_id = '" KIT_SHOP_B "' LIMIT 3) x",
                                    table[i]));
    take_values(k, "SELECT string_agg(slug, E'\\n') FROM (SELECT slug FROM shop.products WHERE "
                   "tenant_id = '" KIT_SHOP_B "' UNION SELECT slug FROM shop.categories WHERE "
                   "tenant_id = '" KIT_SHOP_B "') x WHERE slug LIKE 'zebulon%'");
    take_values(
        k,
        "SELECT string_agg(sku, E'\\n') FROM shop.product_variants WHERE tenant_id = '" KIT_SHOP_B
        "' AND sku LIKE 'ZEB%'");
    ck_assert_uint_gt(all.nvalues, 10);
}

static bool is_uuid(const char *s)
{
    struct uuid id;
    return uuid_parse(s, &id) == RC_OK;
}

/* The pattern with value in place of every capture; NULL when a capture cannot take it. */
static const char *filled(struct arena *a, const char *pattern, const char *value)
{
    struct buf b;
    buf_init(&b, a, 4096);
    for (const char *p = pattern; *p;) {
        if (*p != '{') {
            buf_char(&b, *p++);
            continue;
        }
        const char *kind = strchr(p, ':') + 1;
        if (str_starts(kind, "int"))
            buf_char(&b, '1');
        else if (str_starts(kind, "id}") && !is_uuid(value))
            return NULL;
        else
            buf_url(&b, value);
        p = strchr(p, '}') + 1;
    }
    return b.p;
}

struct walk {
    struct kit *k;
    const char *host, *cookie;
    bool leaks_allowed;
};

static void ask(const struct walk *w, const char *path)
{
    struct kit_answer a =
        kit_ask(w->k, &(struct kit_ask){ .host = w->host, .path = path, .cookie = w->cookie });
    bool marked = a.nbody && memmem(a.body, a.nbody, MARK, strlen(MARK));
    all.asked++;
    all.found_in_b += marked && w->leaks_allowed;
    ck_assert_msg(w->leaks_allowed || !marked, "%s%s shows something of the other shop", w->host,
                  path);
    ck_assert_msg(a.status < 500 || a.status == 503, "%s%s: %d", w->host, path, a.status);
}

static void walk_route(const struct app_module *m, const struct app_route *route, void *arg)
{
    const struct walk *w = arg;
    (void)m;
    if (!(route->methods & M_GET) || (route->flags & R_NO_TENANT))
        return;
    for (size_t i = 0; i < all.nvalues; i++) {
        const char *path = filled(w->k->arena, route->pattern, all.value[i]);
        if (path)
            ask(w, path);
        if (!strchr(route->pattern, '{')) { /* as a question, too, once for each kind of value */
            ask(w, arena_printf(w->k->arena, "%s?q=%s&id=%s&variant=%s&category=%s", route->pattern,
                                all.value[i], all.value[i], all.value[i], all.value[i]));
        }
    }
}

static bool permit(const char *key, void *value, void *arg)
{
    struct kit *k = arg;
    (void)value;
    kit_sql(k, arena_printf(k->arena,
                            "INSERT INTO app.role_permissions (tenant_id, role_id, permission) "
                            "SELECT tenant_id, id, '%s' FROM app.roles WHERE code = 'kit' ON "
                            "CONFLICT DO NOTHING",
                            key));
    return true;
}

START_TEST(nothing_of_the_other_shop)
{
    struct arena *a = arena_new_sized(0);
    find_modules(a);
    struct kit *k = kit_open(&(struct kit_opt){ .load = all.names, .admin = true });
    shop_import(k, "b", rows);
    map_each(k->app.registry->perms, permit, k);
    find_values(k);
    struct walk walks[] = {
        { k, "a.test", NULL, false },
        { k, "a.test", kit_session(k, KIT_SHOP_A, NULL, KIT_ANN, 0), false },
        { k, "a.test", kit_session(k, KIT_SHOP_A, KIT_STAFF, NULL, 0), false },
        { k, "a.test", kit_session(k, KIT_SHOP_B, KIT_STAFF, NULL, 0), false }, /* foreign */
        { k, "b.test", kit_session(k, KIT_SHOP_B, KIT_STAFF, NULL, 0), true },
        { k, "a.test", NULL, false }, /* again, after B filled every cache */
    };
    for (size_t i = 0; i < COUNT_OF(walks); i++)
        router_each(k->app.registry->router, walk_route, &walks[i]);
    ck_assert_uint_gt(all.asked, 100);
    ck_assert_uint_gt(all.found_in_b, 0);
    kit_close(k);
    arena_free(a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("route_people");
    TCase *tc = tcase_create("route_people");
    tcase_set_timeout(tc, 300);
    tcase_add_unchecked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, nothing_of_the_other_shop);
    suite_add_tcase(s, tc);
    return kit_run(s);
}
