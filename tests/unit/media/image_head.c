/* image_head.c: tests of image_head and the arithmetic of sizes. What could break: a bomb's header
 * that is believed, a file that is two things, a size that is wider than its picture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "platform/image.h"
#include "suites.h"

static struct {
    unsigned char p[4096];
    size_t n;
} f;

static void add(const void *p, size_t n)
{
    ck_assert_uint_le(f.n + n, sizeof f.p);
    memcpy(f.p + f.n, p, n);
    f.n += n;
}

static void be(uint32_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        add(&(unsigned char){ (unsigned char)(v >> (8 * i)) }, 1);
}

static void png(uint32_t w, uint32_t h)
{
    f.n = 0;
    add("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
    be(w, 4);
    be(h, 4);
    add("\x08\x02\0\0\0\0\0\0\0", 9);
}

static void jpeg(uint32_t w, uint32_t h)
{
    f.n = 0;
    add("\xff\xd8\xff\xe1\0\x06"
        "Exif\xff\xff\xff\xc0\0\x11\x08",
        17);
    be(h, 2);
    be(w, 2);
    add("\x03\x01\x22\0\x02\x11\x01\x03\x11\x01", 10);
}

static void avif(const char *brand, uint32_t w, uint32_t h)
{
    f.n = 0;
    be(16, 4);
    add("ftypmif1", 8);
    add(brand, 4);
    be(12 + 8 + 8 + 20, 4);
    add("meta\0\0\0\0", 8);
    be(8 + 8 + 20, 4);
    add("iprp", 4);
    be(8 + 20, 4);
    add("ipco", 4);
    be(20, 4);
    add("ispe\0\0\0\0", 8);
    be(w, 4);
    be(h, 4);
}

static void taken(enum image_kind kind, int32_t w, int32_t h)
{
    struct image_head out = { 0 };
    const char *problem = "";
    ck_assert_msg(image_head(f.p, f.n, &out, &problem) == RC_OK, "%s", problem);
    ck_assert_int_eq((int)out.kind, (int)kind);
    ck_assert_int_eq(out.width, w);
    ck_assert_int_eq(out.height, h);
}

static void refused(const char *why)
{
    struct image_head out = { 0 };
    const char *problem = "";
    ck_assert_int_eq(image_head(f.p, f.n, &out, &problem), RC_INVALID);
    ck_assert_msg(strstr(problem, why) != NULL, "\"%s\", not \"%s\"", problem, why);
    ck_assert_int_eq((int)out.kind, IMAGE_NONE);
}

START_TEST(types)
{
    png(640, 480);
    taken(IMAGE_PNG, 640, 480);
    jpeg(300, 200);
    taken(IMAGE_JPEG, 300, 200);
    f.n = 0;
    add("GIF89a\x64\0\x32\0\0\0\0", 13);
    taken(IMAGE_GIF, 100, 50);
    f.n = 0;
    add("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x2c\x01\xc8\0", 30);
    taken(IMAGE_WEBP, 300, 200);
    f.n = 0;
    add("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x2b\xc1\x31\0\0\0\0\0\0", 31);
    taken(IMAGE_WEBP, 300, 200);
    f.n = 0;
    add("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x2b\x01\0\xc7\0\0", 30);
    taken(IMAGE_WEBP, 300, 200);
    avif("avif", 320, 240);
    taken(IMAGE_AVIF, 320, 240);
    f.n = 0;
    add(" \n<svg/>", 8);
    taken(IMAGE_SVG, 0, 0);
}
END_TEST

START_TEST(others)
{
    static const char *const texts[] = {
        "",    "x",      "%PDF-1.7\n", "PK\x03\x04",  "\x89PNG\r\n\x1a\r",
        "BM6", "MZ\x90", "II*\0",      "#!/bin/sh\n", "push graphic-context"
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        f.n = 0;
        add(texts[i], strlen(texts[i]));
        refused("not a picture we can take");
    }
    avif("heic", 320, 240);
    refused("damaged");
}
END_TEST

/* Cut anywhere, a header says too little or the truth; never anything else, and no byte is read
 * past the end (the sanitizer sees the exact allocation). */
START_TEST(cut)
{
    static const int last = 4;
    for (int kind = 0; kind < last; kind++) {
        if (kind == 0)
            png(640, 480);
        else if (kind == 1)
            jpeg(640, 480);
        else if (kind == 2)
            avif("avif", 640, 480);
        else {
            f.n = 0;
            add("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0", 30);
        }
        for (size_t n = 0; n <= f.n; n++) {
            unsigned char *p = malloc(n + 1);
            ck_assert_ptr_nonnull(p);
            unsigned char *exact = realloc(p, n == 0 ? 1 : n);
            ck_assert_ptr_nonnull(exact);
            memcpy(exact, f.p, n);
            struct image_head out;
            const char *problem;
            if (image_head(exact, n, &out, &problem) == RC_OK)
                ck_assert(out.width == 640 && out.height == 480);
            free(exact);
        }
    }
}
END_TEST

START_TEST(limits)
{
    png(12000, 4166);
    taken(IMAGE_PNG, 12000, 4166);
    png(12000, 4167);
    refused("too big");
    png(12001, 100);
    refused("too big");
    png(0xffffffff, 0xffffffff);
    refused("too big");
    png(0x10000, 0x10000);
    refused("too big");
    jpeg(65535, 65535);
    refused("too big");
    png(0, 100);
    refused("too small");
    png(100, 15);
    refused("too small");
    png(16, 16);
    taken(IMAGE_PNG, 16, 16);
    struct image_head out;
    const char *problem;
    void *big = calloc(1, IMAGE_BYTES_MOST + 1);
    ck_assert_ptr_nonnull(big);
    ck_assert_int_eq(image_head(big, IMAGE_BYTES_MOST + 1, &out, &problem), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "24 MB"));
    free(big);
}
END_TEST

START_TEST(two_things)
{
    static const char *const tails[] = { "<script>alert(1)</script>",
                                         "\n<?php system($_GET[0]);",
                                         "<HTML>",
                                         "<html lang=en>",
                                         "<!DOCTYPE HTML",
                                         "Rar!\x1a\x07",
                                         "x%PDF-1.4" };
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        png(640, 480);
        add(tails[i], strlen(tails[i]));
        refused("something besides");
    }
    png(640, 480);
    add("PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\0abc", 25);
    refused("something besides");
    png(640, 480);
    add("PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\0abcd", 26); /* by chance in the data */
    taken(IMAGE_PNG, 640, 480);
    png(640, 480);
    add("<scrip", 6);
    taken(IMAGE_PNG, 640, 480);
}
END_TEST

START_TEST(sizes)
{
    static const struct {
        int32_t w, h;
        unsigned mask;
    } row[] = {
        { 5000, 4000, 0x3f },  { 1600, 1600, 0x3f },      { 1599, 100, 0x1f | 0x40 },
        { 1200, 900, 0x1f },   { 500, 500, 0x03 | 0x40 }, { 200, 10, 0x01 },
        { 199, 10, 0x40 },     { 16, 12000, 0x40 },       { 1600, 12000, 0x0f },
        { 1000, 12000, 0x07 },
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        unsigned mask = image_sizes(row[i].w, row[i].h);
        ck_assert_msg(mask == row[i].mask, "%d x %d: %#x, not %#x", row[i].w, row[i].h, mask,
                      row[i].mask);
    }
    ck_assert_int_eq(image_size_height(1, 800, 601), 301);
    ck_assert_int_eq(image_size_height(0, 12000, 16), 1);
    ck_assert_int_eq(image_size_height(IMAGE_OWN, 199, 55), 55);
}
END_TEST

Suite *suite_image_head(void)
{
    Suite *s = suite_create("image_head");
    TCase *c = tcase_create("image_head");
    tcase_add_test(c, types);
    tcase_add_test(c, others);
    tcase_add_test(c, cut);
    tcase_add_test(c, limits);
    tcase_add_test(c, two_things);
    tcase_add_test(c, sizes);
    suite_add_tcase(s, c);
    return s;
}
