/* image_make.c: tests of image_make with the real kade-image and with false ones. Pictures are made
 * here. What could break: metadata that survives, a picture that lies on its side, a damaged one
 * that is taken, a helper that dies, hangs or lies and is believed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/fault.h"
#include "platform/image.h"

static struct {
    struct arena *a;
    struct conf c;
    char dir[64];
} t;

struct made {
    void *p;
    size_t n;
};

static void setup(void)
{
    const char *build = getenv("KADE_TEST_BUILD");
    t.a = arena_new_sized(512 * 1024 * 1024);
    t.c = (struct conf){ .helper_dir =
                             arena_printf(t.a, "%s/.libs", build == NULL ? KADE_BUILD : build) };
    snprintf(t.dir, sizeof t.dir, "/tmp/kade-image.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(t.dir));
    log_set_level(LOG_ERROR_);
}

static void teardown(void)
{
    unlink(arena_printf(t.a, "%s/kade-image", t.dir));
    rmdir(t.dir);
    arena_free(t.a);
}

/* ---- pictures ---- */

#define vips_ok(e) ck_assert_msg((e) == 0, "%s", vips_error_buffer())

/* Left half red, right half blue; the upper left sixth green, to see how it is turned. */
static VipsImage *picture(int w, int h)
{
    VipsImage *black, *rgb, *srgb;
    double red[] = { 220, 20, 20 }, blue[] = { 20, 20, 220 }, green[] = { 20, 220, 20 };
    vips_ok(vips_black(&black, w, h, "bands", 3, NULL));
    vips_ok(vips_cast(black, &rgb, VIPS_FORMAT_UCHAR, NULL));
    vips_ok(vips_copy(rgb, &srgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL));
    VipsImage *out = vips_image_copy_memory(srgb);
    vips_ok(vips_draw_rect(out, red, 3, 0, 0, w / 2, h, "fill", TRUE, NULL));
    vips_ok(vips_draw_rect(out, blue, 3, w / 2, 0, w - w / 2, h, "fill", TRUE, NULL));
    vips_ok(vips_draw_rect(out, green, 3, 0, 0, w / 6, h / 6, "fill", TRUE, NULL));
    return out;
}

static struct made as(VipsImage *im, const char *suffix)
{
    struct made m = { 0 };
    vips_ok(vips_image_write_to_buffer(im, suffix, &m.p, &m.n, NULL));
    arena_defer(t.a, g_free, m.p);
    return m;
}

static enum rc try_kind(struct made m, enum image_kind kind, bool make, struct image_made *out,
                        const char **problem)
{
    struct image_head h = { 0 };
    *problem = "";
    enum rc rc = image_head(m.p, m.n, &h, problem);
    if (kind != IMAGE_NONE)
        ck_assert_int_eq((int)h.kind, (int)kind);
    return rc == RC_OK ? image_make(&t.c, t.a, &h, m.p, m.n, make, out, problem) : rc;
}

static struct image_made make(struct made m, enum image_kind kind)
{
    struct image_made out = { 0 };
    const char *problem;
    enum rc rc = try_kind(m, kind, true, &out, &problem);
    ck_assert_msg(rc == RC_OK, "%s: %s", rc_name(rc), problem);
    return out;
}

static void refused(struct made m, const char *why)
{
    struct image_made out = { .colour = -7 };
    const char *problem;
    ck_assert_int_eq(try_kind(m, IMAGE_NONE, true, &out, &problem), RC_INVALID);
    ck_assert_msg(strstr(problem, why) != NULL, "%s", problem);
    ck_assert_int_eq(out.colour, -7);
    ck_assert_int_eq(try_kind(m, IMAGE_NONE, false, &out, &problem), RC_INVALID);
}

static VipsImage *opened(const struct image_file *f)
{
    VipsImage *im = vips_image_new_from_buffer(f->p, f->n, "", NULL);
    ck_assert_msg(im != NULL, "%s", vips_error_buffer());
    return im;
}

static void pixel(VipsImage *im, int x, int y, int r, int g, int b)
{
    double *v;
    int n;
    vips_ok(vips_getpoint(im, &v, &n, x, y, NULL));
    ck_assert_msg(n >= 3 && abs((int)v[0] - r) < 40 && abs((int)v[1] - g) < 40 &&
                      abs((int)v[2] - b) < 40,
                  "%d,%d is %d %d %d", x, y, (int)v[0], (int)v[1], (int)v[2]);
    g_free(v);
}

/* ---- tests ---- */

START_TEST(kinds)
{
    static const struct {
        enum image_kind kind;
        const char *suffix;
    } row[] = { { IMAGE_JPEG, ".jpg[Q=95]" },
                { IMAGE_PNG, ".png" },
                { IMAGE_WEBP, ".webp[Q=95]" },
                { IMAGE_GIF, ".gif" },
                { IMAGE_AVIF, ".avif[Q=80,effort=1]" } };
    VipsImage *im = picture(450, 300);
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct image_made m = make(as(im, row[i].suffix), row[i].kind);
        ck_assert_int_eq(m.width, 450);
        ck_assert_int_eq(m.height, 300);
        ck_assert_uint_eq(m.sizes, 0x43); /* 200, 400 and its own 450 */
        ck_assert_uint_eq(m.nfiles, 9);
        for (size_t k = 0; k < m.nfiles; k++) {
            VipsImage *out = opened(&m.file[k]);
            ck_assert_int_eq(vips_image_get_width(out), m.file[k].width);
            ck_assert_int_eq(vips_image_get_height(out), m.file[k].height);
            pixel(out, 5, 5, 20, 220, 20);
            pixel(out, m.file[k].width - 5, 5, 20, 20, 220);
            g_object_unref(out);
        }
    }
    g_object_unref(im);
}
END_TEST

START_TEST(colours)
{
    VipsImage *im = picture(100, 90); /* half blue, less than half red */
    ck_assert_int_eq(make(as(im, ".png"), IMAGE_PNG).colour, 0 * 16 + 0 * 4 + 3);
    ck_assert_uint_eq(make(as(im, ".png"), IMAGE_PNG).sizes, 0x40);
    g_object_unref(im);
}
END_TEST

static uint32_t crc(const unsigned char *p, size_t n)
{
    uint32_t c = 0xffffffff;
    for (size_t i = 0; i < n; i++) {
        c ^= p[i];
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
    }
    return ~c;
}

/* A text chunk behind the header of a PNG. */
static struct made with_text(struct made png, const char *key, const char *text)
{
    size_t k = strlen(key) + 1, n = k + strlen(text), size = n + 12;
    unsigned char *out = arena_alloc(t.a, png.n + size), *c = out + 33;
    memcpy(out, png.p, 33);
    memcpy(c, (unsigned char[]){ 0, 0, 0, (unsigned char)n, 't', 'E', 'X', 't' }, 8);
    memcpy(c + 8, key, k);
    memcpy(c + 8 + k, text, n - k);
    uint32_t sum = crc(c + 4, n + 4);
    for (int i = 0; i < 4; i++)
        c[8 + n + (size_t)i] = (unsigned char)(sum >> (24 - 8 * i));
    memcpy(c + size, (char *)png.p + 33, png.n - 33);
    return (struct made){ out, png.n + size };
}

static void without(const struct image_made *m, const char *text)
{
    for (size_t k = 0; k < m->nfiles; k++)
        ck_assert_msg(memmem(m->file[k].p, m->file[k].n, text, strlen(text)) == NULL, "%s in %s",
                      text, image_format_name(m->file[k].format));
}

/* What cameras and people write beside the pixels is in no size. */
START_TEST(metadata)
{
    static const char secret[] = "SECRET-6.9271N-79.8612E";
    VipsImage *plain = picture(300, 200), *im;
    vips_ok(vips_copy(plain, &im, NULL));
    vips_image_set_blob_copy(im, VIPS_META_XMP_NAME, secret, strlen(secret));
    vips_image_set_string(im, "exif-ifd0-ImageDescription", secret);
    struct made m = as(im, ".jpg");
    ck_assert_ptr_nonnull(memmem(m.p, m.n, secret, strlen(secret)));
    struct image_made out = make(m, IMAGE_JPEG);
    without(&out, "SECRET");
    without(&out, "Exif");
    without(&out, "EXIF");
    m = with_text(as(plain, ".png"), "Comment", "SECRET");
    ck_assert_ptr_nonnull(memmem(m.p, m.n, "SECRET", 6));
    out = make(m, IMAGE_PNG);
    without(&out, "SECRET");
    g_object_unref(im);
    g_object_unref(plain);
}
END_TEST

START_TEST(orientation)
{
    VipsImage *plain = picture(300, 200), *im;
    vips_ok(vips_copy(plain, &im, NULL));
    vips_image_set_int(im, VIPS_META_ORIENTATION,
                       6); /* to be turned right: green goes to the right */
    struct image_made m = make(as(im, ".jpg[Q=95]"), IMAGE_JPEG);
    ck_assert_int_eq(m.width, 200);
    ck_assert_int_eq(m.height, 300);
    for (size_t k = 0; k < m.nfiles; k++) {
        VipsImage *out = opened(&m.file[k]);
        ck_assert_int_eq(vips_image_get_width(out), 200);
        ck_assert_int_eq(vips_image_get_orientation(out), 1);
        pixel(out, 195, 5, 20, 220, 20);
        pixel(out, 5, 5, 220, 20, 20);
        pixel(out, 5, 295, 20, 20, 220);
        g_object_unref(out);
    }
    g_object_unref(im);
    g_object_unref(plain);
}
END_TEST

/* A drawing of ours on white paper, large enough for its sizes; nothing it names is opened. */
START_TEST(drawing)
{
    static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 300\" "
                              "width=\"400\" height=\"300\">"
                              "<path d=\"M0 0h200v300h-200z\" fill=\"#f00\"/></svg>";
    struct made m = { .p = (void *)(uintptr_t)svg, .n = sizeof svg - 1 };
    struct image_made out = make(m, IMAGE_SVG);
    ck_assert_int_eq(out.width, 1200);
    ck_assert_int_eq(out.height, 900);
    ck_assert_uint_eq(out.sizes, 0x1f);
    for (size_t k = 0; k < out.nfiles; k++) {
        VipsImage *im = opened(&out.file[k]);
        pixel(im, out.file[k].width / 4, out.file[k].height / 2, 245, 0, 0);
        pixel(im, out.file[k].width * 3 / 4, out.file[k].height / 2, 245, 245, 245);
        g_object_unref(im);
    }
    static const char broken[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path";
    m = (struct made){ .p = (void *)(uintptr_t)broken, .n = sizeof broken - 1 };
    refused(m, "damaged");
}
END_TEST

/* Clear where there is nothing, white in JPEG, and no colour that would shine through. */
START_TEST(alpha)
{
    VipsImage *plain = picture(300, 200), *mask, *clear, *im;
    vips_ok(vips_black(&mask, 300, 200, NULL));
    vips_ok(vips_cast(mask, &clear, VIPS_FORMAT_UCHAR, NULL));
    VipsImage *drawn = vips_image_copy_memory(clear);
    double full = 255;
    vips_ok(vips_draw_rect(drawn, &full, 1, 0, 0, 100, 200, "fill", TRUE, NULL));
    vips_ok(vips_bandjoin2(plain, drawn, &im, NULL));
    struct image_made m = make(as(im, ".png"), IMAGE_PNG);
    ck_assert_int_eq(m.colour, -1);
    for (size_t k = 0; k < m.nfiles; k++) {
        VipsImage *out = opened(&m.file[k]);
        bool jpeg = m.file[k].format == IMAGE_AS_JPEG;
        ck_assert_int_eq(vips_image_hasalpha(out), !jpeg);
        if (jpeg)
            pixel(out, m.file[k].width - 5, 100, 255, 255, 255);
        g_object_unref(out);
    }
    g_object_unref(plain);
}
END_TEST

/* Grey, 16 bits, ink colours, a palette: all become 8-bit sRGB. */
START_TEST(spaces)
{
    VipsImage *rgb = picture(220, 220), *grey, *deep, *ink;
    vips_ok(vips_colourspace(rgb, &grey, VIPS_INTERPRETATION_B_W, NULL));
    vips_ok(vips_colourspace(rgb, &deep, VIPS_INTERPRETATION_RGB16, NULL));
    vips_ok(vips_colourspace(rgb, &ink, VIPS_INTERPRETATION_CMYK, NULL));
    const struct {
        struct made m;
        enum image_kind kind;
    } row[] = { { as(grey, ".jpg"), IMAGE_JPEG },
                { as(deep, ".png"), IMAGE_PNG },
                { as(ink, ".jpg"), IMAGE_JPEG },
                { as(rgb, ".png[palette=true]"), IMAGE_PNG },
                { as(rgb, ".png[interlace=true]"), IMAGE_PNG } };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct image_made m = make(row[i].m, row[i].kind);
        for (size_t k = 0; k < m.nfiles; k++) {
            VipsImage *out = opened(&m.file[k]);
            ck_assert_int_eq(vips_image_get_format(out), VIPS_FORMAT_UCHAR);
            ck_assert_int_eq(vips_image_get_bands(out), 3);
            g_object_unref(out);
        }
    }
}
END_TEST

START_TEST(truncated)
{
    static const char *const suffix[] = { ".jpg[Q=90]", ".jpg[interlace=true]", ".png", ".webp",
                                          ".gif",       ".avif[effort=0]" };
    VipsImage *im = picture(640, 480), *noise, *rough, *mixed;
    vips_ok(vips_gaussnoise(&noise, 640, 480, "sigma", 40.0, NULL));
    vips_ok(vips_add(im, noise, &rough, NULL));
    vips_ok(vips_cast(rough, &mixed, VIPS_FORMAT_UCHAR, NULL));
    for (size_t i = 0; i < COUNT_OF(suffix); i++) {
        struct made m = as(mixed, suffix[i]);
        for (size_t cut = 1; cut < 4; cut++)
            refused((struct made){ m.p, m.n * cut / 4 }, "damaged");
    }
}
END_TEST

/* The first bytes say one thing, the rest another. */
START_TEST(liars)
{
    VipsImage *im = picture(300, 200);
    struct made png = as(im, ".png"), jpg = as(im, ".jpg");
    unsigned char *mixed = arena_alloc(t.a, png.n + jpg.n);
    memcpy(mixed, jpg.p, jpg.n);
    memcpy(mixed, "\x89PNG\r\n\x1a\n", 8);
    refused((struct made){ mixed, jpg.n }, "damaged");
    memcpy(mixed, png.p, png.n);
    mixed[19] = 0x2d; /* IHDR: another width, wrong check sum */
    refused((struct made){ mixed, png.n }, "damaged");
    memcpy(mixed, png.p, 33);
    memcpy(mixed + 16, "\0\0\x2e\xe0\0\0\x10\x46", 8); /* 12000 x 4166 and nothing behind it */
    refused((struct made){ mixed, 33 }, "damaged");
    /* The type in the head is what the helper may read, and nothing else. */
    struct image_head h = { IMAGE_WEBP, 300, 200 };
    struct image_made out;
    const char *problem;
    ck_assert_int_eq(image_make(&t.c, t.a, &h, png.p, png.n, false, &out, &problem), RC_INVALID);
    h = (struct image_head){ IMAGE_PNG, 301, 200 };
    ck_assert_int_eq(image_make(&t.c, t.a, &h, png.p, png.n, false, &out, &problem), RC_INVALID);
}
END_TEST

/* A few hundred bytes that unpack to the most a picture may have: done, in bounded time. */
START_TEST(big_and_empty)
{
    VipsImage *black, *grey;
    vips_ok(vips_black(&black, 7000, 7000, NULL));
    vips_ok(vips_cast(black, &grey, VIPS_FORMAT_UCHAR, NULL));
    struct made m = as(grey, ".png");
    struct image_made out;
    const char *problem;
    int64_t t0 = monotonic_us();
    ck_assert_uint_lt(m.n, 100000);
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, false, &out, &problem), RC_OK);
    ck_assert_int_lt(monotonic_us() - t0, SECONDS(IMAGE_CHECK_TIME_S));
    ck_assert_int_eq(out.sizes, 0);
}
END_TEST

static void helper(const char *script)
{
    char *path = arena_printf(t.a, "%s/kade-image", t.dir);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "#!/bin/sh\n%s\n", script);
    fclose(f);
    ck_assert_int_eq(chmod(path, 0755), 0);
    t.c.helper_dir = t.dir;
}

START_TEST(false_helpers)
{
    VipsImage *im = picture(300, 200);
    struct made m = as(im, ".png");
    struct image_made out;
    const char *problem;
    log_set_fd(-1);
    t.c.helper_dir = "/nonexistent";
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_UPSTREAM);
    ck_assert_ptr_nonnull(strstr(problem, "Try again later"));
    helper("exit 69");
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_UPSTREAM);
    helper("kill -SEGV $$");
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "memory or time"));
    helper("exit 0");
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_INVALID);
    helper("head -c 2000 /dev/urandom");
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_INVALID);
    helper("head -c 2000 /dev/zero");
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_INVALID);
    /* magic, ok, 300, 200, colour 5, sizes of its choice, one file far outside */
    helper("printf '\\061\\115\\111\\113\\001\\0\\0\\0\\054\\001\\0\\0\\310\\0\\0\\0\\005\\0\\0\\0"
           "\\177\\0\\0\\0\\006\\0\\0\\0'; head -c 2000 /dev/urandom");
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_INVALID);
    /* the environment holds no secret */
    setenv("KADE_SECRET_OF_TEST", "s3cr3t", 1);
    helper("env | grep -q s3cr3t && exit 69; ls /proc/self/fd | grep -q '^9$' && exit 69; exit 0");
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, true, &out, &problem), RC_INVALID);
    log_set_fd(STDERR_FILENO);
}
END_TEST

START_TEST(faults)
{
#ifdef KADE_FAULT
    VipsImage *im = picture(300, 200);
    struct made m = as(im, ".png");
    struct image_made out;
    const char *problem;
    log_set_fd(-1);
    for (unsigned i = 1; i <= 3; i++) { /* two memory files, the start */
        fault_arm(1u << FAULT_FILE, i);
        ck_assert_int_eq(try_kind(m, IMAGE_PNG, false, &out, &problem), RC_UPSTREAM);
    }
    fault_arm(1u << FAULT_FILE, 4);
    ck_assert_int_eq(try_kind(m, IMAGE_PNG, false, &out, &problem), RC_OK);
    fault_arm(0, 0);
    log_set_fd(STDERR_FILENO);
#endif
}
END_TEST

int main(int argc, char **argv)
{
    (void)argc;
    if (crypto_init() != RC_OK || VIPS_INIT(argv[0]) != 0)
        return EXIT_FAILURE;
    Suite *s = suite_create("image_make");
    TCase *c = tcase_create("image_make");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, kinds);
    tcase_add_test(c, colours);
    tcase_add_test(c, metadata);
    tcase_add_test(c, orientation);
    tcase_add_test(c, drawing);
    tcase_add_test(c, alpha);
    tcase_add_test(c, spaces);
    tcase_add_test(c, truncated);
    tcase_add_test(c, liars);
    tcase_add_test(c, big_and_empty);
    tcase_add_test(c, false_helpers);
    tcase_add_test(c, faults);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
