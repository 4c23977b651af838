/* theme.c: tests of a shop's colours. What could break: words nobody can read in some shop's
 * colours, an accepted text that is no colour, a fill that is changed without need, a sheet with
 * holes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "app/theme.h"

static void all_pass(const struct theme_palette *p, struct rgb asked, int paper)
{
    for (int m = 0; m < THEME_MODES; m++) {
        for (size_t i = 0; i < theme_npairs; i++) {
            const struct theme_pair *x = &theme_pairs[i];
            int ratio = rgb_contrast(p->v[m][x->text], p->v[m][x->surface]);
            ck_assert_msg(ratio >= x->least, "%s on %s: %d, mode %d, paper %d, #%02x%02x%02x",
                          theme_token_name(x->text), theme_token_name(x->surface), ratio, m, paper,
                          asked.r, asked.g, asked.b);
        }
        for (size_t i = 0; i < theme_nfixed; i++)
            for (int s = TT_BG; s <= TT_ACCENT_SOFT; s++) {
                int ratio = rgb_contrast(theme_fixed[i].v[m], p->v[m][s]);
                ck_assert_msg(ratio >= theme_fixed[i].least,
                              "%s on %s: %d, mode %d, paper %d, #%02x%02x%02x", theme_fixed[i].name,
                              theme_token_name((enum theme_token)s), ratio, m, paper, asked.r,
                              asked.g, asked.b);
            }
    }
}

/* 20,000 brands, and every corner and grey of the cube. */
START_TEST(readable)
{
    uint32_t x = 20261120;
    int moved = 0;
    for (int i = 0; i < 20000; i++) {
        struct rgb c[2];
        struct theme_palette p;
        for (int k = 0; k < 2; k++) {
            x = x * 1664525 + 1013904223;
            c[k] = (struct rgb){ (uint8_t)(x >> 24), (uint8_t)(x >> 16), (uint8_t)(x >> 8) };
        }
        theme_palette_solve(c[0], c[1], (enum theme_paper)(i % PAPERS), &p);
        all_pass(&p, c[0], i % PAPERS);
        moved += p.moved;
    }
    ck_assert_int_gt(moved, 1000);
    ck_assert_int_lt(moved, 2000);
    for (int i = 0; i < 8 + 256; i++)
        for (int paper = 0; paper < PAPERS; paper++) {
            uint8_t g = (uint8_t)(i - 8);
            struct rgb c =
                i < 8 ? (struct rgb){ (uint8_t)(i & 1 ? 255 : 0), (uint8_t)(i & 2 ? 255 : 0),
                                      (uint8_t)(i & 4 ? 255 : 0) }
                      : (struct rgb){ g, g, g };
            struct theme_palette p;
            theme_palette_solve(c, c, (enum theme_paper)paper, &p);
            all_pass(&p, c, paper);
        }
}
END_TEST

START_TEST(kept)
{
    static const struct {
        const char *text;
        bool white_ink;
    } brands[] = { { "#1976d2", true }, { "#ffc107", false } };
    for (size_t i = 0; i < 2; i++) {
        struct rgb c;
        struct theme_palette p;
        ck_assert(rgb_parse(brands[i].text, &c));
        theme_palette_solve(c, c, PAPER_WHITE, &p);
        struct rgb fill = p.v[THEME_IN_LIGHT][TT_BRAND], ink = p.v[THEME_IN_LIGHT][TT_BRAND_INK];
        ck_assert(!p.moved && fill.r == c.r && fill.g == c.g && fill.b == c.b);
        ck_assert_int_eq(ink.r == 255, brands[i].white_ink);
    }
}
END_TEST

START_TEST(parsing)
{
    static const char *const bad[] = { "",        "#12345",   "#1234567", "1976d2",
                                       "#19 6d2", "#1976D2x", "#gggggg",  "#ABCDEF" };
    struct rgb c = { 1, 2, 3 };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!rgb_parse(bad[i], &c), "%s", bad[i]);
    ck_assert(c.r == 1 && c.g == 2 && c.b == 3);
    ck_assert(rgb_parse("#0aff10", &c) && c.r == 10 && c.g == 255 && c.b == 16);
    ck_assert_int_eq(rgb_contrast((struct rgb){ 0, 0, 0 }, (struct rgb){ 255, 255, 255 }), 21000);
    ck_assert_int_eq(rgb_contrast(c, c), 1000);
}
END_TEST

static size_t count(const char *s, const char *part)
{
    size_t n = 0;
    for (; (s = strstr(s, part)) != NULL; s++)
        n++;
    return n;
}

/* Every combination is a whole sheet; a word that is none changes nothing. */
START_TEST(sheets)
{
    struct arena *a = arena_new_sized(0);
    struct theme_choice c = {
        .font = "no\";}*{}", .display = "x", .radius = "x", .density = "x", .head = "x", .foot = "x"
    };
    ck_assert_str_eq(theme_sheet(a, &c), "@layer tokens{:root{}}\n");
    c.coloured = true;
    c.primary = c.secondary = (struct rgb){ 200, 30, 90 };
    for (const char *const *f = theme_fonts; *f != NULL; f++)
        for (const char *const *r = theme_radii; *r != NULL; r++)
            for (const char *const *h = theme_heads; *h != NULL; h++) {
                c.font = c.display = *f;
                c.radius = *r;
                c.head = *h;
                c.foot = theme_feet[1];
                c.density = theme_densities[0];
                char *s = theme_sheet(a, &c);
                ck_assert_uint_eq(count(s, "{"), count(s, "}"));
                ck_assert_uint_eq(count(s, "--brand:#"), 3);
                ck_assert_uint_eq(count(s, "--font:"), strcmp(*f, "system") != 0);
                ck_assert_uint_eq(count(s, "--r-s:"), strcmp(*r, "soft") != 0);
                ck_assert_uint_eq(count(s, "--head-bg:"), strcmp(*h, "plain") != 0);
                ck_assert_ptr_null(strstr(s, "<"));
            }
    arena_free(a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("theme");
    TCase *c = tcase_create("theme");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, readable);
    tcase_add_test(c, kept);
    tcase_add_test(c, parsing);
    tcase_add_test(c, sheets);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_set_tap(r, "-");
    srunner_run_all(r, CK_SILENT);
    int bad = srunner_ntests_failed(r);
    srunner_free(r);
    return bad != 0;
}
