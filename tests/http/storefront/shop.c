/* shop.c: see shop.h. */
#include "shop.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "platform/db.h"
#include "shop/import.h"
#include "shop/search_index.h"

#define HEAD                                                                                       \
    "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,Description," \
    "Date sale price starts,Date sale price ends,In stock?,Stock,Backorders allowed?,Weight (kg)," \
    "Sale price,Regular price,Categories,Tags,Images,Parent,External URL,Button text,Grouped "     \
    "products,"                                                                                    \
    "Position,Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)\n"

static const char catalogue[] = HEAD
    "1,simple,LAMP,Brass lamp,1,1,visible,A warm light.,\"Turned by "
    "hand.\\n\\n<script>alert(1)</script>Oiled.\",,,1,14,0,1.25,3900.50,4500,Home > Lamps,\"light, "
    "gift\",,,,,,0,Material,Brass,,\n"
    "2,simple,SOLD,Sold out bowl,1,0,visible,,,,,0,0,0,,,900,Home > Bowls,,,,,,,0,,,,\n"
    "3,simple,LAST,Last vase,1,0,visible,,,,,1,2,0,,,1200,Home,,,,,,,0,,,,\n"
    "4,variable,SHIRT,Linen shirt,1,0,visible,,,,,1,,0,,,,Clothes,,,,,,,0,Colour,\"Red, "
    "Navy\",Size,\"S, L\"\n"
    "5,variation,SHIRT-RS,Shirt red "
    "S,1,0,visible,,,,,1,5,0,,,2500,,,,SHIRT,,,,1,Colour,Red,Size,S\n"
    "6,variation,SHIRT-RL,Shirt red "
    "L,1,0,visible,,,,,1,0,0,,,2700,,,,SHIRT,,,,2,Colour,Red,Size,L\n"
    "7,variation,SHIRT-NL,Shirt navy "
    "L,1,0,visible,,,,,1,5,0,,,2600,,,,SHIRT,,,,3,Colour,Navy,Size,L\n"
    "8,external,AWAY,Partner "
    "kettle,1,0,visible,,,,,1,,0,,,7000,Home,,,,https://partner.example/k,Look there,,0,,,,\n"
    "9,simple,DRAFT,Secret draft,0,0,visible,,,,,1,,0,,,10,Home,,,,,,,0,,,,\n"
    "10,simple,HIDDEN,Hidden door,1,0,hidden,,,,,1,,0,,,10,Home,,,,,,,0,,,,\n"
    "11,simple,FUTURE,Future "
    "sale,1,0,visible,,,2999-01-01,2999-02-01,1,,0,,50,100,Sales,,,,,,,0,,,,\n"
    "12,simple,PAST,Past sale,1,0,visible,,,2001-01-01,2001-02-01,1,,0,,50,100,Sales,,,,,,,0,,,,\n"
    "13,simple,ENDS,Running "
    "sale,1,0,visible,,,2001-01-01,2999-01-01,1,,0,,75,100,Sales,,,,,,,0,,,,\n"
    "14,grouped,SET,Lamp and vase,1,0,visible,,,,,1,,0,,,,Home,,,,,,\"LAMP, LAST\",0,,,,\n"
    "15,simple,BARE,No price yet,1,0,visible,,,,,1,,0,,,,Home,,,,,,,0,,,,\n";

static const char other[] =
    HEAD "1,simple,B-RADIO,Shortwave radio,1,1,visible,,,,,1,3,0,,,150000,Radios,,,,,,,0,,,,\n"
         "2,simple,LAMP,Brass lamp of B,1,1,visible,,,,,1,3,0,,,90000,Radios,,,,,,,0,,,,\n";

static const char *const names[] = { "storefront", NULL };

struct kit *shop_kit(bool staff)
{
    return kit_open(&(struct kit_opt){ .load = names, .admin = staff });
}

static void on_row(void *arg, const struct shop_import_row *row)
{
    (void)arg;
    if (row->action == SHOP_IMPORT_REFUSED) {
        fprintf(stderr, "line %zu %s %s %s\n", row->line, row->key, row->column, row->reason);
        check_failed("the catalogue of the test is imported", __FILE__, __LINE__);
    }
}

void shop_import(struct kit *k, const char *slug, const char *csv)
{
    struct shop_import_report report;
    char *copy = arena_strdup(k->arena, csv);
    FILE *in = fmemopen(copy, strlen(copy), "r");
    k->app.work = arena_new_sized(0);
    struct shop_import_options o = {
        .tenant = slug, .format = SHOP_IMPORT_WOOCOMMERCE, .in = in, .row = on_row
    };
    enum rc rc = shop_import_products(&k->app, &o, &report);
    if (rc != RC_OK)
        check_failed(rc_name(rc), __FILE__, __LINE__);
    fclose(in);
    arena_free(k->app.work);
    k->app.work = NULL;
    shop_reindex(k, slug);
}

void shop_reindex(struct kit *k, const char *slug)
{
    size_t n;
    struct arena *a = arena_new_sized(0);
    struct uuid shop =
        shop_id(k, arena_printf(a, "SELECT id FROM app.tenants WHERE slug = '%s'", slug));
    db_scope_begin(k->app.db, a, &shop, instant_now());
    enum rc rc = search_rebuild(&k->app, shop, NULL, NULL, &n);
    db_scope_end(k->app.db);
    arena_free(a);
    if (rc != RC_OK)
        check_failed(rc_name(rc), __FILE__, __LINE__);
}

void shop_open(void)
{
    kit_database();
    struct kit *k = shop_kit(true);
    shop_import(k, "a", catalogue);
    shop_import(k, "b", other);
    kit_sql(k, "INSERT INTO app.translations (tenant_id, resource, resource_id, locale, field, "
               "value, source_hash) "
               "SELECT tenant_id, 'product', id, 'si', 'name', 'පිත්තල පහන', '' FROM shop.products "
               "WHERE slug = 'brass-lamp' AND tenant_id = '" KIT_SHOP_A "'");
    shop_reindex(k, "a");
    kit_close(k);
}

void shop_close(void)
{
    kit_database_drop();
}

void shop_change(struct kit *k, enum rc (*fn)(struct db *db, void *arg), void *arg)
{
    struct arena *a = arena_new_sized(0);
    struct uuid shop;
    if (uuid_parse(KIT_SHOP_A, &shop) != RC_OK)
        check_failed("uuid", __FILE__, __LINE__);
    db_scope_begin(k->app.db, a, &shop, instant_now());
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, fn, arg);
    ck_assert_msg(rc == RC_OK, "%s: %s", rc_name(rc),
                  db_error(k->app.db)->message ? db_error(k->app.db)->message : "-");
    db_scope_end(k->app.db);
    arena_free(a);
}

struct uuid shop_id(struct kit *k, const char *sql)
{
    struct uuid id;
    const char *text = kit_cell(k, sql);
    ck_assert_msg(uuid_parse(text, &id) == RC_OK, "%s gives %s", sql, text);
    return id;
}
