/* look.c: tests of how a shop looks. What could break: a change that a worker does not show, a
 * style sheet that is not there, another shop's colours, a logo whose picture is removed under it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/setting.h"
#include "base/str.h"
#include "base/time.h"
#include "shop.h"
#include "shop/home.h"
#include "shop/media.h"
#include "shop/theme.h"

static struct kit *k;

static void setup(void)
{
    k = shop_kit(true); /* as staff, who may change it */
}
static void teardown(void)
{
    kit_close(k);
}

struct wish {
    struct kit *staff;
    const char *key, *text, *problem;
    struct uuid media;
    size_t uses;
};

static enum rc set(struct db *db, void *arg)
{
    struct wish *w = arg;
    return theme_set(&w->staff->app, db, w->key, w->text, &w->problem);
}

static void change(const char *key, const char *text)
{
    struct wish w = { .staff = k, .key = key, .text = text };
    shop_change(k, set, &w);
}

static enum rc set_bad(struct db *db, void *arg)
{
    struct wish *w = arg;
    ck_assert_int_eq(theme_set(&w->staff->app, db, w->key, w->text, &w->problem), RC_INVALID);
    return RC_OK;
}

/* The sheet's address on the home page; NULL none. */
static const char *sheet(const char *host)
{
    struct kit_answer a = kit_get(k, host, "/");
    ck_status(a, 200);
    const char *from = strstr(a.body, "href=\"/theme/");
    return from == NULL ? NULL : arena_strndup(k->arena, from + 6, strcspn(from + 6, "\""));
}

START_TEST(colours)
{
    ck_assert_ptr_null(sheet("a.test"));
    change("primary", "#9c3d22");
    const char *first = sheet("a.test");
    ck_assert_ptr_nonnull(first);
    ck_assert(str_starts(first, "/theme/" KIT_SHOP_A "/") && str_ends(first, ".css"));
    ck_assert_int_eq(access(arena_printf(k->arena, "%s%s", k->conf.state_dir, first), R_OK), 0);
    /* Another worker comes to the same address, and the other shop keeps its own look. */
    struct arena *mine = arena_new_sized(0);
    first = arena_strdup(mine, first);
    kit_close(k);
    k = shop_kit(true);
    struct kit_answer a = kit_get(k, "a.test", "/c");
    ck_has(a.body, first);
    ck_assert_ptr_null(sheet("b.test"));
    change("radius", "round");
    const char *second = sheet("a.test");
    ck_assert_str_ne(first, second);
    change("radius", NULL);
    ck_assert_str_eq(sheet("a.test"), first);
    /* A file that went away is made again. */
    change("paper", "warm");
    const char *third = sheet("a.test");
    ck_assert_int_eq(unlink(arena_printf(k->arena, "%s%s", k->conf.state_dir, third)), 0);
    change("density", "airy");
    change("density", NULL);
    ck_assert_str_eq(sheet("a.test"), third);
    ck_assert_int_eq(access(arena_printf(k->arena, "%s%s", k->conf.state_dir, third), R_OK), 0);
    change("cards", "framed");
    a = kit_get(k, "a.test", "/");
    ck_has(a.body, "data-look=\"head-row cards-framed tiles-square\"");
    arena_free(mine);
    ck_has(a.body, "<meta name=\"theme-color\" media=\"(prefers-color-scheme: light)\"");
}
END_TEST

START_TEST(nonsense)
{
    static const char *const bad[][2] = { { "primary", "red" },     { "primary", "#12345" },
                                          { "font", "comic" },      { "head", "url(x)" },
                                          { "logo", "not an id" },  { "favicon", "../../x" },
                                          { "logo_alone", "maybe" } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct wish w = { .staff = k, .key = bad[i][0], .text = bad[i][1] };
        shop_change(k, set_bad, &w);
        ck_assert_ptr_nonnull(w.problem);
    }
}
END_TEST

static enum rc remove_used(struct db *db, void *arg)
{
    struct wish *w = arg;
    ck_assert_int_eq(media_remove(db, w->media, &w->uses, 0), RC_CONFLICT);
    return RC_OK;
}

START_TEST(logo)
{
    kit_sql(k,
            "INSERT INTO shop.media (tenant_id, id, source_key, path, mime, sha256, bytes, width, "
            "height, alt_text, state) VALUES ('" KIT_SHOP_A
            "', app.uuid7(), 'logo', 'media/" KIT_SHOP_A
            "/ab/abababababababab.svg', 'image/svg+xml', repeat('ab', 32), 99, 120, 40, 'Logo', "
            "'ready')");
    struct uuid id = shop_id(k, "SELECT id FROM shop.media WHERE source_key = 'logo'");
    change("logo", uuid_str(k->arena, id));
    struct kit_answer a = kit_get(k, "a.test", "/");
    ck_has(a.body, "<img class=\"brand-logo\" src=\"/media/" KIT_SHOP_A
                   "/ab/abababababababab.svg\" alt=\"\" width=\"120\" height=\"40\">");
    ck_has(a.body, "class=\"brand-name\"");
    change("logo_alone", "true");
    a = kit_get(k, "a.test", "/");
    ck_lacks(a.body, "class=\"brand-name\"");
    ck_lacks(a.body,
             "class=\"brand-logo\" src=\"/media/" KIT_SHOP_A "/ab/abababababababab.svg\" alt=\"\"");
    struct wish w = { .staff = k, .media = id };
    shop_change(k, remove_used, &w);
    ck_assert_uint_eq(w.uses, 1);
    change("logo", NULL);
    a = kit_get(k, "a.test", "/");
    ck_lacks(a.body, "brand-logo");
}
END_TEST

/* ---- the home page ----------------------------------------------------------------------------
 */

#define HEAD                                                                                       \
    "key,locale,kind,layout,tone,picture,rule,argument,most,href,icons,from,until,title,body,"     \
    "label,lines\n"

struct composing {
    struct home_plan *plan;
    const char *problem;
    bool changed;
};

static enum rc put(struct db *db, void *arg)
{
    struct composing *c = arg;
    return home_put(db, c->plan, NULL, NULL, instant_now(), &c->changed, &c->problem);
}

static enum rc read_rows(const char *rows, struct composing *c)
{
    const char *text = arena_printf(k->arena, "%s%s", HEAD, rows);
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    enum rc rc = home_read(k->arena, in, &c->plan, &c->problem);
    fclose(in);
    return rc;
}

static bool compose(const char *rows)
{
    struct composing c = { .problem = "" };
    ck_assert_msg(read_rows(rows, &c) == RC_OK, "%s", c.problem);
    shop_change(k, put, &c);
    return c.changed;
}

START_TEST(blocks)
{
    static const char rows[] =
        "hello,,hero,centre,band,,,,,/c,,,,Good evening,Come in,Look around,\n"
        "hello,si,,,,,,,,,,,,ආයුබෝවන්,,,\n"
        "why,,promises,,,,,,,,truck clock,,,,,,Fast | Fair\n"
        "why,si,,,,,,,,,,,,,,,ඉක්මන් | සාධාරණ\n"
        "some,,products,,,,chosen,lamp-1 NOWHERE,4,,,,,Only this,,,\n"
        "home,,products,,soft,,category,home,2,/c/home,,,,For the home,,,\n"
        "words,,text,,,,,,,,,,,About,We *sell* <b>lamps</b>.,,\n"
        "soon,,banner,,,,,,,,,2099-01-01T00:00:00Z,,Not before 2099,,,\n"
        "past,,banner,,,,,,,,,,2001-01-01T00:00:00Z,Long gone,,,\n";
    const char *sku =
        kit_cell(k, "SELECT v.sku FROM shop.product_variants v JOIN shop.products p ON "
                    "(p.tenant_id, p.id) = (v.tenant_id, v.product_id) WHERE p.slug = "
                    "'brass-lamp' LIMIT 1");
    char *mine = arena_strdup(k->arena, rows), *at = strstr(mine, "lamp-1");
    mine = arena_printf(k->arena, "%.*s%s%s", (int)(at - mine), mine, sku, at + 6);
    ck_assert(compose(mine));
    ck_assert(!compose(mine));
    struct kit_answer a = kit_get(k, "a.test", "/");
    ck_status(a, 200);
    ck_has(a.body, "<h1 dir=\"auto\">Good evening</h1>");
    ck_has(a.body, "is-centre tone-band");
    ck_has(a.body, "#truck");
    ck_has(a.body, "<span dir=\"auto\">Fair</span>");
    ck_has(a.body, "Only this");
    ck_has(a.body, "Brass lamp");
    ck_has(a.body, "href=\"/c/home\"");
    ck_has(a.body, "We <em>sell</em>");
    ck_lacks(a.body, "<b>lamps");
    ck_lacks(a.body, "Not before 2099");
    ck_lacks(a.body, "Long gone");
    ck_lacks(a.body, "zone-deals");
    a = kit_get(k, "a.test", "/si");
    ck_assert_msg(a.trips == 1, "%u trips", a.trips); /* blocks, cards, tiles and menu together */
    ck_has(a.body, "ආයුබෝවන්");
    ck_has(a.body, "සාධාරණ");
    ck_has(a.body, "Come in"); /* what has no translation shows in the shop's own language */
    ck_has(a.body, "href=\"/si/c/home\"");
    a = kit_get(k, "b.test", "/");
    ck_lacks(a.body, "Good evening");
    kit_sql(k, "DELETE FROM app.translations WHERE resource = 'home_block'");
    kit_close(k);
    k = shop_kit(true);
    ck_assert(compose("hello,,hero,,,,,,,,,,,Other,,,\n"));
    a = kit_get(k, "a.test", "/");
    ck_has(a.body, "Other");
    ck_lacks(a.body, "Only this");
    kit_sql(k, "DELETE FROM shop.home_blocks");
}
END_TEST

START_TEST(no_composition)
{
    static const struct {
        const char *row, *why;
    } bad[] = {
        { "A B,,hero\n", "line 2, key" },
        { "a,,carousel\n", "line 2, kind" },
        { "a,,hero,,neon\n", "line 2, tone" },
        { "a,,hero,../x\n", "line 2, layout" },
        { "a,,products\n", "line 2, rule" },
        { "a,,products,,,,category\n", "line 2, argument" },
        { "a,,products,,,,featured,,99\n", "line 2, most" },
        { "a,,hero,,,,,,,https://evil.example/\n", "line 2, href" },
        { "a,,hero,,,,,,,//evil.example/\n", "line 2, href" },
        { "a,,promises,,,,,,,,<svg>\n", "line 2, icons" },
        { "a,,hero,,,,,,,,,yesterday\n", "line 2, from" },
        { "a,,hero,,,,,,,,,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z\n", "line 2, until" },
        { "a,,hero\na,,hero\n", "line 3, key" },
        { "a,,hero\nb,si,,,,,,,,,,,,x\n", "line 3, key" },
        { "a,,hero\na,xx,,,,,,,,,,,,x\n", "line 3, locale" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct composing c = { .problem = "" };
        ck_assert_msg(read_rows(bad[i].row, &c) == RC_INVALID, "%s", bad[i].row);
        ck_assert_msg(strstr(c.problem, bad[i].why) != NULL, "%s: %s", bad[i].row, c.problem);
    }
    struct composing c = { .problem = "" };
    FILE *in = fmemopen((void *)(uintptr_t) "nonsense\n", 9, "r");
    ck_assert_int_eq(home_read(k->arena, in, &c.plan, &c.problem), RC_INVALID);
    fclose(in);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("look");
    TCase *c = tcase_create("look");
    tcase_add_unchecked_fixture(c, shop_open, shop_close);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, colours);
    tcase_add_test(c, nonsense);
    tcase_add_test(c, logo);
    tcase_add_test(c, blocks);
    tcase_add_test(c, no_composition);
    suite_add_tcase(s, c);
    return kit_run(s);
}
