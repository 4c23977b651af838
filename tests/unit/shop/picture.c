/* picture.c: tests of pictures on pages. What could break: a size named that was not made, an
 * address that misses the store's host, a place without the sizes it needs, the wrong colour or
 * focal point. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "shop/picture.h"

static struct {
    struct arena *a;
    struct tpl_set *set;
    struct conf conf;
    char dir[64];
} t;

static void put(const char *name, const char *text)
{
    FILE *f = fopen(arena_printf(t.a, "%s/%s", t.dir, name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void setup(void)
{
    char *text = NULL;
    size_t n = 0;
    const char *problem = "";
    t.a = arena_new_sized(0);
    t.conf = (struct conf){ .storage_public_url = "" };
    (void)str_copy(t.dir, sizeof t.dir, "/tmp/kade-picture-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(t.dir));
    ck_assert_int_eq(mkdir(arena_printf(t.a, "%s/storefront", t.dir), 0700), 0);
    FILE *in = fopen(KADE_SRC "/templates/storefront/picture.tpl", "r");
    ck_assert_ptr_nonnull(in);
    ck_assert(getdelim(&text, &n, '\0', in) > 0);
    fclose(in);
    put("storefront/picture.tpl", text);
    put("page.tpl", "{{%AUTOESCAPE context=\"HTML\"}}\n<p>{{>ONE}}</p>\n");
    free(text);
    ck_assert_msg(tpl_set_load(t.dir, false, t.a, &t.set, &problem) == RC_OK, "%s", problem);
}

static void teardown(void)
{
    tpl_set_free(t.set);
    for (size_t i = 0; i < 2; i++)
        unlink(arena_printf(t.a, "%s/%s", t.dir, i ? "page.tpl" : "storefront/picture.tpl"));
    rmdir(arena_printf(t.a, "%s/storefront", t.dir));
    rmdir(t.dir);
    arena_free(t.a);
}

static const char *shown(const struct picture *p, enum picture_place place, const char *alt,
                         bool first)
{
    struct tpl *page = tpl_new(t.a, t.set, "page.tpl");
    struct buf b;
    buf_init(&b, t.a, 16 * 1024);
    picture_show(&t.conf, t.a, page, "ONE", p, place, alt, first);
    ck_assert_int_eq(tpl_expand(page, &b), RC_OK);
    return b.p;
}

#define HAS(text, part)   ck_assert_msg(strstr(text, part) != NULL, "%s lacks %s", text, part)
#define LACKS(text, part) ck_assert_msg(strstr(text, part) == NULL, "%s has %s", text, part)
#define FOLDER            "media/0190f2a1-7c30-7000-8000-000000000001/ab/abcdefabcdefabcd"

static int32_t look(unsigned sizes, int colour, int x, int y)
{
    return (int32_t)(sizes | (unsigned)(colour + 1) << 7 | (unsigned)x << 14 | (unsigned)y << 17);
}

START_TEST(drawing)
{
    const struct picture p = { "media/x/ab/cd.svg", 800, 600, 0 };
    const char *s = shown(&p, PICTURE_CARD, "A \"cup\" & saucer", false);
    HAS(s, "src=\"/media/x/ab/cd.svg\"");
    HAS(s, "alt=\"A &quot;cup&quot; &amp; saucer\"");
    HAS(s, "width=\"800\" height=\"600\"");
    HAS(s, "loading=\"lazy\"");
    LACKS(s, "srcset");
    LACKS(s, "class=");
    LACKS(s, "fetchpriority");
}
END_TEST

/* 200, 400, 600, 800, 1200 and its own 1500 pixels. */
START_TEST(card_has_small_sizes_only)
{
    const struct picture p = { FOLDER "/1500.jpg", 1500, 1000, look(0x5f, 17, 2, 2) };
    const char *s = shown(&p, PICTURE_CARD, "", true);
    HAS(s, "srcset=\"/" FOLDER "/200.avif 200w, /" FOLDER "/400.avif 400w, /" FOLDER
           "/600.avif 600w\" sizes=\"");
    HAS(s, "/600.webp 600w\"");
    HAS(s, "src=\"/" FOLDER "/400.jpg\"");
    LACKS(s, "800.");
    LACKS(s, "1500.");
    HAS(s, "class=\"ph-17\"");
    HAS(s, "fetchpriority=\"high\"");
    LACKS(s, "loading=");
}
END_TEST

START_TEST(gallery_goes_up_to_its_own_width)
{
    const struct picture p = { FOLDER "/1500.jpg", 1500, 1000, look(0x5f, 0, 0, 4) };
    const char *s = shown(&p, PICTURE_GALLERY, "", false);
    HAS(s, "/1200.avif 1200w, /" FOLDER "/1500.avif 1500w\"");
    LACKS(s, "/200.avif");
    HAS(s, "src=\"/" FOLDER "/800.jpg\"");
    HAS(s, "class=\"ph-0 fx-0 fy-4\"");
}
END_TEST

/* Narrower than anything the place asks for: what there is. */
START_TEST(small_picture)
{
    const struct picture p = { FOLDER "/120.jpg", 120, 80, look(0x40, -1, 2, 2) };
    const char *s = shown(&p, PICTURE_GALLERY, "", false);
    HAS(s, "srcset=\"/" FOLDER "/120.avif\"");
    HAS(s, "src=\"/" FOLDER "/120.jpg\"");
    LACKS(s, "sizes=");
    LACKS(s, "class=");
}
END_TEST

START_TEST(other_host)
{
    const struct picture p = { FOLDER "/400.jpg", 400, 400, look(0x3, 63, 2, 2) };
    t.conf.storage_public_url = "https://pictures.example";
    const char *s = shown(&p, PICTURE_THUMB, "", false);
    HAS(s, "srcset=\"https://pictures.example/" FOLDER "/200.webp\"");
    HAS(s, "src=\"https://pictures.example/" FOLDER "/200.jpg\"");
    ck_assert_str_eq(picture_url(&t.conf, t.a, &p), "https://pictures.example/" FOLDER "/400.jpg");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("picture");
    TCase *c = tcase_create("page");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, drawing);
    tcase_add_test(c, card_has_small_sizes_only);
    tcase_add_test(c, gallery_goes_up_to_its_own_width);
    tcase_add_test(c, small_picture);
    tcase_add_test(c, other_host);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_set_tap(r, "-");
    srunner_run_all(r, CK_SILENT);
    int bad = srunner_ntests_failed(r);
    srunner_free(r);
    return bad != 0;
}
