/* tax_rates.c: a table of tax rates into zones, areas and rates, and what is then found for a
 * place: country, region, city, postcodes as lists, with the end open and as ranges. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/tax.h"
#include "shop_kit.h"

static struct app_ctx *app;
static struct arena *arena;

static void setup(void)
{
    app = shop_kit_open("kade_admin");
    arena = arena_new_sized(0);
    kit_sql("DELETE FROM shop.tax_rates; DELETE FROM shop.tax_zones");
}
static void teardown(void)
{
    arena_free(arena);
    shop_kit_close(app);
}

static struct shop_kit_import run(const char *csv, bool dry)
{
    return shop_kit_tax_rates(app, csv, strlen(csv), dry);
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "re");
    char *text = arena_alloc(arena, 256 * 1024);
    if (f == NULL)
        return NULL;
    text[fread(text, 1, 256 * 1024 - 1, f)] = '\0';
    fclose(f);
    return text;
}

static char *fixture(void)
{
    const char *src = getenv("KADE_TEST_SRC");
    char *text = read_file(
        arena_printf(arena, "%s/tests/fixtures/tax-rates-small.csv", src != NULL ? src : "."));
    ck_assert_ptr_nonnull(text);
    return text;
}

/* The rates of a place as "18+2.5c": parts per million by priority, c compound. */
static const char *rates(const char *country, const char *region, const char *city,
                         const char *postcode, const char *tax_class, bool shipping)
{
    struct shop_tax_candidate_list rows;
    struct tax_set set;
    struct tax_place p = tax_place(arena, country, region, city, postcode);
    kit_scope(app->db, arena, KIT_A);
    ck_assert_int_eq(shop_q_tax_candidates(app->db, p.country, p.region, p.city, p.postcode,
                                           instant_now(), &rows),
                     RC_OK);
    db_scope_end(app->db);
    struct tax_rate *r = arena_array(arena, struct tax_rate, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        r[i] = (struct tax_rate){ .id = rows.row[i].id,
                                  .tax_class = rows.row[i].tax_class,
                                  .ppm = rows.row[i].rate_ppm,
                                  .priority = rows.row[i].priority,
                                  .closeness = rows.row[i].closeness,
                                  .position = rows.row[i].position,
                                  .compound = rows.row[i].is_compound,
                                  .on_shipping = rows.row[i].on_shipping };
    ck_assert_int_eq(tax_pick(r, rows.n, tax_class, shipping, &set), RC_OK);
    char *out = arena_strdup(arena, "");
    for (size_t i = 0; i < set.n; i++)
        out = arena_printf(arena, "%s%s%d%s", out, i > 0 ? "+" : "", (int)set.rate[i]->ppm,
                           set.rate[i]->compound ? "c" : "");
    return out;
}

START_TEST(a_dry_run_saves_nothing_and_a_second_run_changes_nothing)
{
    struct shop_kit_import i = run(fixture(), true);
    ck_assert_msg(i.rc == RC_OK && i.report.created == 8 && i.report.refused == 0, "%s", i.said);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.tax_rates"), 0);
    i = run(fixture(), false);
    ck_assert_msg(i.rc == RC_OK && i.report.created == 8, "%s", i.said);
    int64_t told = kit_number("SELECT count(*) FROM app.outbox WHERE topic = 'tax.changed'");
    i = run(fixture(), false);
    ck_assert_msg(i.report.unchanged == 8 && i.report.updated == 0, "%s", i.said);
    ck_assert_int_eq(kit_number("SELECT max(version) FROM shop.tax_rates"), 1);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox WHERE topic = 'tax.changed'"),
                     told);
    i = run("Country code,Rate %,Tax name,Priority,Shipping\nLK,15.5,VAT,1,1\n", false);
    ck_assert_msg(i.report.updated == 1, "%s", i.said);
    ck_assert_str_eq(rates("LK", "", "", "", "zero-rate", false), "0");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.tax_rates"), 8);
}
END_TEST

START_TEST(a_place_is_found_by_country_region_city_and_postcode)
{
    struct shop_kit_import i = run(fixture(), false);
    ck_assert_msg(i.rc == RC_OK, "%s", i.said);
    ck_assert_str_eq(rates("LK", "", "", "", "standard", false), "180000+10000+25000c");
    ck_assert_str_eq(rates("LK", "", "", "", "standard", true),
                     "180000+10000"); /* not on shipping */
    ck_assert_str_eq(rates("lk", "colombo", "", "", "standard", false),
                     "180000+30000+10000+25000c");
    ck_assert_str_eq(rates("LK", "Galle", "Dehiwala", "", "standard", false),
                     "180000+10000+25000c");
    ck_assert_str_eq(rates("LK", "Colombo", " dehiwala ", "", "standard", false),
                     "180000+40000+10000+25000c");
    ck_assert_str_eq(rates("LK", "Colombo", "Dehiwala", "10350", "standard", false),
                     "180000+50000+10000+25000c"); /* a postcode is closer than a city */
    ck_assert_str_eq(rates("LK", "Colombo", "", "10 399", "standard", false),
                     "180000+50000+10000+25000c");
    ck_assert_str_eq(rates("LK", "Colombo", "", "10405", "standard", false),
                     "180000+50000+10000+25000c");
    ck_assert_str_eq(rates("LK", "Colombo", "", "10411", "standard", false),
                     "180000+30000+10000+25000c");
    ck_assert_str_eq(rates("LK", "", "", "", "zero-rate", false), "0");
    ck_assert_str_eq(rates("DE", "", "ZÜRICH", "", "standard", false), "77000+10000");
    ck_assert_str_eq(rates("DE", "", "Zurich", "", "standard", false), "77000+10000");
    ck_assert_str_eq(rates("FR", "", "", "", "standard", false), "10000");
    ck_assert_str_eq(rates("LK", "", "", "", "none", false), "");
}
END_TEST

#define HEAD                                                                                       \
    "Country code,State code,Postcode / ZIP,City,Rate %,Tax name,Priority,Compound,Shipping,Tax "  \
    "class\n"

START_TEST(bad_rows_are_refused_by_themselves)
{
    static const struct {
        const char *row, *says;
    } bad[] = {
        { "Lanka,,,,18,VAT,1,0,1,", "[Country code]" },
        { "LK,,,,abc,VAT,1,0,1,", "[Rate %]" },
        { "LK,,,,-1,VAT,1,0,1,", "[Rate %]" },
        { "LK,,,,1000.0001,VAT,1,0,1,", "[Rate %]" },
        { "LK,,,,1.00001,VAT,1,0,1,", "[Rate %]" },
        { "LK,,,,,VAT,1,0,1,", "[Rate %]" },
        { "LK,,,,18,VAT,0,0,1,", "[Priority]" },
        { "LK,,,,18,VAT,1001,0,1,", "[Priority]" },
        { "LK,,,,18,VAT,1,maybe,1,", "[Compound]" },
        { "LK,,,,18,VAT,1,0,2,", "[Shipping]" },
        { "LK,,,,18,VAT,1,0,1,none", "[Tax class]" },
        { "LK,,1*2,,18,VAT,1,0,1,", "[Postcode / ZIP]" },
        { "LK,,200...100,,18,VAT,1,0,1,", "[Postcode / ZIP]" },
        { "LK,,20...1000,,18,VAT,1,0,1,", "[Postcode / ZIP]" },
        { "LK,,123456789012345678901,,18,VAT,1,0,1,", "[Postcode / ZIP]" },
        { "LK,,'; DROP TABLE x,,18,VAT,1,0,1,", "[Postcode / ZIP]" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct shop_kit_import a =
            run(arena_printf(arena, "%s%s\nIN,,,,5,GST,1,0,1,\n", HEAD, bad[i].row), true);
        ck_assert_msg(a.rc == RC_OK && a.report.refused == 1 && a.report.created == 1 &&
                          strstr(a.said, bad[i].says) != NULL,
                      "%s: %s", bad[i].row, a.said);
    }
    struct shop_kit_import twice = run(HEAD "LK,,,,18,VAT,1,0,1,\nLK,*,*,*,15,VAT,1,0,1,\n", true);
    ck_assert_msg(twice.report.refused == 1 && strstr(twice.said, "second time"), "%s", twice.said);
    struct shop_kit_import region = run(HEAD "US,ZZ,,,1,Nowhere,1,0,1,\n", true);
    ck_assert_msg(region.report.created == 1 && region.report.notes == 1, "%s", region.said);
    ck_assert_int_eq(run("", true).rc, RC_INVALID);
    ck_assert_int_eq(run("a,b\n1,2\n", true).rc, RC_INVALID);
}
END_TEST

/* The table people are given with the task; it is not part of the sources. */
START_TEST(the_known_table_comes_in_whole)
{
    const char *src = getenv("KADE_TEST_SRC");
    char *text = read_file(arena_printf(arena, "%s/../shared/data/woocommerce-tax-rates.csv",
                                        src != NULL ? src : "."));
    if (text == NULL)
        text = read_file(arena_printf(arena, "%s/../../shared/data/woocommerce-tax-rates.csv",
                                      src != NULL ? src : "."));
    if (text == NULL)
        return;
    struct shop_kit_import i = run(text, false);
    ck_assert_msg(i.rc == RC_OK && i.report.created == 5 && i.report.refused == 0, "%s", i.said);
    i = run(text, false);
    ck_assert_msg(i.report.unchanged == 5, "%s", i.said);
    ck_assert_str_eq(rates("GB", "", "", "SW1A 1AA", "standard", false), "200000c");
    ck_assert_str_eq(rates("GB", "", "", "", "reduced-rate", true), "50000c");
    ck_assert_str_eq(rates("GB", "", "", "", "zero-rate", false), "0c");
    ck_assert_str_eq(rates("US", "NY", "", "10001", "standard", false), "100000c");
    ck_assert_str_eq(rates("US", "AL", "", "12345", "standard", false), "100000c+20000c");
    ck_assert_str_eq(rates("US", "AL", "", "12346", "standard", false), "100000c");
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("tax_rates");
    TCase *t = tcase_create("tax_rates");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, a_dry_run_saves_nothing_and_a_second_run_changes_nothing);
    tcase_add_test(t, a_place_is_found_by_country_region_city_and_postcode);
    tcase_add_test(t, bad_rows_are_refused_by_themselves);
    tcase_add_test(t, the_known_table_comes_in_whole);
    suite_add_tcase(s, t);
    return kit_run(s);
}
