/* look.c: tests of how a shop looks. What could break: a change that a worker does not show, a
 * style sheet that is not there, another shop's colours, a logo whose picture is removed under it.
 */
#include <string.h>
#include <unistd.h>

#include "app/setting.h"
#include "base/str.h"
#include "shop.h"
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
    suite_add_tcase(s, c);
    return kit_run(s);
}
