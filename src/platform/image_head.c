/* image_head.c: what a file is and how big its picture is, from its own structure. It reads no
 * pixel; whether the rest is sound only decoding tells. It also refuses files that are something
 * else at the same time (a page, a script, an archive): they are no picture anybody drew.
 * Invariant: no read outside [p, p + n), whatever the bytes say. */
#include <string.h>

#include "base/str.h"
#include "platform/i18n.h"
#include "platform/image_wire.h"

struct view {
    const unsigned char *p;
    size_t n;
};

static uint32_t be16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}
static uint32_t be32(const unsigned char *p)
{
    return be16(p) << 16 | be16(p + 2);
}
static uint32_t le16(const unsigned char *p)
{
    return (uint32_t)p[1] << 8 | p[0];
}
static uint32_t le24(const unsigned char *p)
{
    return (uint32_t)p[2] << 16 | le16(p);
}

/* ---- types ---- */

static bool png_size(struct view v, uint32_t *w, uint32_t *h)
{
    if (v.n < 33 || memcmp(v.p + 12, "IHDR", 4) != 0)
        return false;
    *w = be32(v.p + 16);
    *h = be32(v.p + 20);
    return true;
}

static bool gif_size(struct view v, uint32_t *w, uint32_t *h)
{
    if (v.n < 13)
        return false;
    *w = le16(v.p + 6);
    *h = le16(v.p + 8);
    return true;
}

/* Segments up to the first frame header. */
static bool jpeg_size(struct view v, uint32_t *w, uint32_t *h)
{
    for (size_t at = 2; at + 4 <= v.n;) {
        if (v.p[at] != 0xff)
            return false;
        unsigned char m = v.p[at + 1];
        if (m == 0xff) { /* fill bytes */
            at++;
            continue;
        }
        size_t len = be16(v.p + at + 2);
        bool frame = m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc;
        if (m == 0x00 || m == 0xd8 || m == 0xd9 || m == 0xda || (m >= 0xd0 && m <= 0xd7) || len < 2)
            return false;
        if (frame) {
            if (len < 8 || at + 2 + len > v.n)
                return false;
            *h = be16(v.p + at + 5);
            *w = be16(v.p + at + 7);
            return true;
        }
        at += 2 + len;
    }
    return false;
}

static bool webp_size(struct view v, uint32_t *w, uint32_t *h)
{
    if (v.n < 30)
        return false;
    const unsigned char *c = v.p + 12, *d = c + 8;
    if (memcmp(c, "VP8 ", 4) == 0) {
        if (memcmp(d + 3, "\x9d\x01\x2a", 3) != 0)
            return false;
        *w = le16(d + 6) & 0x3fff;
        *h = le16(d + 8) & 0x3fff;
    } else if (memcmp(c, "VP8L", 4) == 0) {
        if (d[0] != 0x2f)
            return false;
        *w = (le16(d + 1) & 0x3fff) + 1;
        *h = ((le24(d + 2) >> 6) & 0x3fff) + 1;
    } else if (memcmp(c, "VP8X", 4) == 0) {
        *w = le24(d + 4) + 1;
        *h = le24(d + 7) + 1;
    } else {
        return false;
    }
    return true;
}

/* The next box of an ISO file: its type, its content; false at the end or when it does not fit. */
static bool next_box(struct view *rest, const unsigned char **type, struct view *in)
{
    if (rest->n < 8)
        return false;
    uint64_t size = be32(rest->p), head = 8;
    *type = rest->p + 4;
    if (size == 1 && rest->n >= 16) {
        size = (uint64_t)be32(rest->p + 8) << 32 | be32(rest->p + 12);
        head = 16;
    } else if (size == 0) {
        size = rest->n;
    }
    if (size < head || size > rest->n)
        return false;
    *in = (struct view){ rest->p + head, (size_t)(size - head) };
    rest->p += size;
    rest->n -= (size_t)size;
    return true;
}

static bool find_box(struct view in, const char *name, struct view *out)
{
    const unsigned char *type;
    while (next_box(&in, &type, out))
        if (memcmp(type, name, 4) == 0)
            return true;
    return false;
}

static bool avif_brand(struct view v)
{
    struct view brands;
    if (!find_box(v, "ftyp", &brands))
        return false;
    for (size_t i = 0; i + 4 <= brands.n; i += 4)
        if (memcmp(brands.p + i, "avif", 4) == 0)
            return true;
    return false;
}

/* The biggest extent any image of the file claims. */
static bool avif_size(struct view v, uint32_t *w, uint32_t *h)
{
    struct view meta, iprp, ipco, box;
    const unsigned char *type;
    if (!avif_brand(v) || !find_box(v, "meta", &meta) || meta.n < 4)
        return false;
    meta.p += 4;
    meta.n -= 4;
    if (!find_box(meta, "iprp", &iprp) || !find_box(iprp, "ipco", &ipco))
        return false;
    *w = *h = 0;
    while (next_box(&ipco, &type, &box)) {
        if (memcmp(type, "ispe", 4) != 0 || box.n < 12)
            continue;
        *w = be32(box.p + 4) > *w ? be32(box.p + 4) : *w;
        *h = be32(box.p + 8) > *h ? be32(box.p + 8) : *h;
    }
    return *w > 0;
}

static bool looks_like_svg(struct view v)
{
    size_t at = v.n >= 3 && memcmp(v.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < v.n && (v.p[at] == ' ' || v.p[at] == '\n' || v.p[at] == '\r' || v.p[at] == '\t'))
        at++;
    return at < v.n && v.p[at] == '<';
}

static bool read_size(struct view v, struct image_head *out, uint32_t *w, uint32_t *h)
{
    if (v.n >= 8 && memcmp(v.p, "\x89PNG\r\n\x1a\n", 8) == 0) {
        out->kind = IMAGE_PNG;
        return png_size(v, w, h);
    }
    if (v.n >= 3 && memcmp(v.p, "\xff\xd8\xff", 3) == 0) {
        out->kind = IMAGE_JPEG;
        return jpeg_size(v, w, h);
    }
    if (v.n >= 6 && (memcmp(v.p, "GIF87a", 6) == 0 || memcmp(v.p, "GIF89a", 6) == 0)) {
        out->kind = IMAGE_GIF;
        return gif_size(v, w, h);
    }
    if (v.n >= 12 && memcmp(v.p, "RIFF", 4) == 0 && memcmp(v.p + 8, "WEBP", 4) == 0) {
        out->kind = IMAGE_WEBP;
        return webp_size(v, w, h);
    }
    if (v.n >= 12 && memcmp(v.p + 4, "ftyp", 4) == 0) {
        out->kind = IMAGE_AVIF;
        return avif_size(v, w, h);
    }
    return false;
}

/* ---- two things at once ---- */

static bool word_at(const unsigned char *p, const unsigned char *end, const char *lower)
{
    for (; *lower != '\0'; p++, lower++)
        if (p >= end || (*p >= 'A' && *p <= 'Z' ? *p + 32 : *p) != (unsigned char)*lower)
            return false;
    return true;
}

static bool has_markup(struct view v)
{
    /* Long enough that noise does not hold them by chance. */
    static const char *const words[] = {
        "<script", "<?php ", "<?php\n", "<iframe", "<object",
        /* checksrc: html, because these are what a picture must not hold */
        "<html>", "<html ", "<!doctype html"
    };
    const unsigned char *end = v.p + v.n;
    for (const unsigned char *p = v.p; p < end; p++) {
        p = memchr(p, '<', (size_t)(end - p));
        if (p == NULL)
            return false;
        for (size_t i = 0; i < COUNT_OF(words); i++)
            if (word_at(p, end, words[i]))
                return true;
    }
    return false;
}

/* A ZIP (JAR, office file) is read from its end: a directory whose comment ends with the file. */
static bool has_archive(struct view v)
{
    size_t from = v.n > 22 + 65535 ? v.n - 22 - 65535 : 0;
    for (size_t i = from; i + 22 <= v.n; i++)
        if (memcmp(v.p + i, "PK\x05\x06", 4) == 0 && i + 22 + le16(v.p + i + 20) == v.n)
            return true;
    return memmem(v.p, v.n, "Rar!\x1a\x07", 6) != NULL || memmem(v.p, v.n, "%PDF-1.", 7) != NULL;
}

bool image_read_size(const void *p, size_t n, struct image_head *out)
{
    struct image_head head = { .kind = IMAGE_NONE };
    uint32_t w = 0, h = 0;
    if (!read_size((struct view){ p, n }, &head, &w, &h) || w > INT32_MAX || h > INT32_MAX)
        return false;
    *out = (struct image_head){ head.kind, (int32_t)w, (int32_t)h };
    return true;
}

enum rc image_head(const void *p, size_t n, struct image_head *out, const char **problem)
{
    struct view v = { p, n };
    struct image_head head = { .kind = IMAGE_NONE };
    uint32_t w = 0, h = 0;
    *problem = N_("This is not a picture we can take: use JPEG, PNG, WebP, AVIF, GIF or SVG.");
    if (n > IMAGE_BYTES_MOST) {
        *problem = N_("The file is too big: a picture may have 24 MB.");
        return RC_INVALID;
    }
    if (looks_like_svg(v)) {
        out->kind = IMAGE_SVG;
        out->width = out->height = 0;
        return RC_OK;
    }
    if (!read_size(v, &head, &w, &h)) {
        if (head.kind != IMAGE_NONE)
            *problem = N_("The picture is damaged: its first bytes do not say how big it is.");
        return RC_INVALID;
    }
    if (w < IMAGE_SIDE_LEAST || h < IMAGE_SIDE_LEAST) {
        *problem = N_("The picture is too small: it needs at least 16 by 16 pixels.");
        return RC_INVALID;
    }
    if (w > IMAGE_SIDE_MOST || h > IMAGE_SIDE_MOST || (uint64_t)w * h > IMAGE_PIXELS_MOST) {
        *problem =
            N_("The picture is too big: at most 12,000 pixels a side and 50 million in all.");
        return RC_INVALID;
    }
    if (has_markup(v) || has_archive(v)) {
        *problem = N_("The file holds something besides a picture. Save the picture anew and send "
                      "that.");
        return RC_INVALID;
    }
    *out = (struct image_head){ head.kind, (int32_t)w, (int32_t)h };
    return RC_OK;
}
