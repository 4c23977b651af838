/* pictures.c: tests of pictures beside an import file. What could break: a drawing stored as it
 * came, a file that is no picture stored at all, half a file after a failure, another shop's
 * folder. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/fault.h"
#include "shop/import.h"
#include "shop_kit.h"

static struct {
    struct app_ctx *app;
    const char *dir;
} t;

static void put(const char *name, const void *p, size_t n)
{
    FILE *f = fopen(arena_printf(t.app->work, "%s/%s", t.dir, name), "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(p, 1, n, f), n);
    fclose(f);
}

static void setup(void)
{
    t.app = shop_kit_open("kade_admin");
    t.dir = kit_path("pictures");
    (void)mkdir(t.dir, 0755);
    log_set_fd(-1);
    kit_sql("DELETE FROM app.jobs; DELETE FROM shop.product_media; DELETE FROM shop.media");
}

static void teardown(void)
{
    log_set_fd(STDERR_FILENO);
    shop_kit_close(t.app);
}

static enum rc import(const char *images)
{
    char *csv =
        arena_printf(t.app->work, "SKU,Name,Regular price,Images\nPIC-1,Cup,10,\"%s\"\n", images);
    struct shop_import_report report = { 0 };
    struct shop_import_options o = { .tenant = kit()->shop[KIT_A].slug,
                                     .format = SHOP_IMPORT_WOOCOMMERCE,
                                     .in = fmemopen(csv, strlen(csv), "r"),
                                     .pictures_dir = t.dir };
    enum rc rc = shop_import_products(t.app, &o, &report);
    fclose(o.in);
    return rc;
}

static const char *stored(const char *what)
{
    return kit_value(
        arena_printf(t.app->work,
                     "SELECT coalesce(string_agg(%s, ' '), '-') FROM shop.media m JOIN "
                     "shop.product_media USING (tenant_id) WHERE media_id = m.id",
                     what));
}

START_TEST(drawing)
{
    static const char svg[] = "<?xml version=\"1.0\"?><!-- by hand --><svg viewBox='0 0 40 30'>"
                              "<metadata><x/></metadata><path style='fill:red' d='M0 0'/></svg>";
    static const char clean[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 30\">"
                                "<path d=\"M0 0\" fill=\"red\"/></svg>";
    put("cup.svg", svg, strlen(svg));
    ck_assert_int_eq(import("file:cup.svg"), RC_OK);
    ck_assert_str_eq(stored("width || 'x' || height || ' ' || mime"), "40x30 image/svg+xml");
    const char *path = stored("path");
    ck_assert(str_starts(path, arena_printf(t.app->work, "media/%s/",
                                            uuid_str(t.app->work, kit()->shop[KIT_A].id))));
    char text[300] = "";
    FILE *f = fopen(kit_path(path), "r");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(text, 1, sizeof text - 1, f), strlen(clean));
    fclose(f);
    ck_assert_str_eq(text, clean);
}
END_TEST

START_TEST(refused)
{
    static const char svg[] = "<svg viewBox='0 0 4 3'><script>alert(1)</script></svg>";
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0";
    static const char page[] = "<!DOCTYPE html><html><script>alert(1)</script></html>";
    put("bad.svg", svg, strlen(svg));
    put("bomb.png", png, sizeof png - 1);
    put("page.jpg", page, strlen(page));
    put("empty.png", "", 0);
    ck_assert_int_eq(import("file:bad.svg, file:bomb.png, file:page.jpg, file:empty.png, "
                            "file:../secret, file:none.png"),
                     RC_OK);
    ck_assert_str_eq(stored("path"), "-");
}
END_TEST

/* A real header tells the size; a failing disk fails the import and leaves nothing half done. */
START_TEST(disk)
{
    static const char gif[] =
        "GIF89a\x40\0\x30\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x40\0\x30\0\0;";
    put("dot.gif", gif, sizeof gif - 1);
#ifdef KADE_FAULT
    for (unsigned i = 2; i <= 5; i++) { /* 1 is the reading of the source: then it is not there */
        fault_arm(1u << FAULT_FILE, i);
        ck_assert_int_eq(import("file:dot.gif"), RC_UPSTREAM);
        fault_arm(0, 0);
        ck_assert_str_eq(stored("path"), "-");
    }
#endif
    ck_assert_int_eq(import("file:dot.gif"), RC_OK);
    ck_assert_str_eq(stored("width || 'x' || height || ' ' || mime"), "64x48 image/gif");
    /* What is no drawing is kept back until its sizes are made: what its camera wrote stays
     * private. */
    ck_assert_str_eq(stored("state || ' ' || coalesce(path, 'none') || ' ' || left(original, 14)"),
                     "pending none private/media/");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE name = 'media.renditions'"),
                     1);
    ck_assert_int_eq(import("file:dot.gif"), RC_OK);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE name = 'media.renditions'"),
                     1);
}
END_TEST

/* Only an address: the row says so and the picture is asked for, again by the next import. */
START_TEST(address)
{
    ck_assert_int_eq(import("http://127.0.0.1:9/cup.jpg"), RC_OK);
    ck_assert_str_eq(stored("state || ': ' || reason"), "missing: It was not fetched yet.");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE name = 'media.fetch'"), 1);
    ck_assert_int_eq(import("http://127.0.0.1:9/cup.jpg"), RC_OK);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.media"), 1);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs WHERE name = 'media.fetch'"), 2);
}
END_TEST

int main(void)
{
    kit_database();
    Suite *s = suite_create("pictures");
    TCase *c = tcase_create("pictures");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, refused);
    tcase_add_test(c, disk);
    tcase_add_test(c, drawing);
    tcase_add_test(c, address);
    suite_add_tcase(s, c);
    return kit_run(s);
}
