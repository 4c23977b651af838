/* picture.c: libvips, for one picture a process: decode, turn by EXIF, to sRGB, shrink, strip,
 * encode. Only the loader of the type that image_head found may run; nothing is read from or
 * written to disk. It judges no rights and no words: status only. Invariant: what is written was
 * encoded here from pixels, so no byte of the original's metadata survives. */
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

#include "media/media.h"

enum {
    JPEG_QUALITY = 80,
    WEBP_QUALITY = 78,
    AVIF_QUALITY = 55,
    AVIF_EFFORT = 2,
    SAMPLE = 32,
    DRAWING_SIDE = 1200
};

static const char *const loaders[IMAGE_KINDS] = { NULL,
                                                  "VipsForeignLoadJpeg",
                                                  "VipsForeignLoadPng",
                                                  "VipsForeignLoadWebp",
                                                  "VipsForeignLoadNsgif",
                                                  "VipsForeignLoadHeif",
                                                  "VipsForeignLoadSvg" };

static void silent(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer arg)
{
    (void)domain;
    (void)level;
    (void)text;
    (void)arg;
}

/* An encoder is asked once before the disk is out of reach: it may load plug-ins at first use. */
static bool warm_up(void)
{
    VipsImage *black = NULL;
    void *p = NULL;
    size_t n = 0;
    bool ok = vips_black(&black, IMAGE_SIDE_LEAST, IMAGE_SIDE_LEAST, "bands", 3, NULL) == 0 &&
              vips_heifsave_buffer(black, &p, &n, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1,
                                   "effort", 0, NULL) == 0;
    g_free(p);
    VIPS_UNREF(black);
    return ok;
}

bool media_open(void)
{
    g_log_set_default_handler(silent, NULL);
    /* Never a temporary file, whatever the size. */
    g_setenv("VIPS_DISC_THRESHOLD", "8g", TRUE);
    if (vips_init("kade-image") != 0)
        return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    return warm_up();
}

/* ---- decoding ---------------------------------------------------------------------------------
 */

/* A drawing is made so large that its sizes are worth having; it holds no text, so no font is read.
 */
static VipsImage *open_drawing(const void *p, size_t n)
{
    VipsImage *small = NULL, *out = NULL;
    void *bytes = (void *)(uintptr_t)p;
    if (vips_svgload_buffer(bytes, n, &small, NULL) != 0)
        return NULL;
    int side = vips_image_get_width(small) > vips_image_get_height(small)
                   ? vips_image_get_width(small)
                   : vips_image_get_height(small);
    double scale = side > 0 && side < DRAWING_SIDE ? (double)DRAWING_SIDE / side : 1.0;
    g_object_unref(small);
    return vips_svgload_buffer(bytes, n, &out, "scale", scale, NULL) == 0 ? out : NULL;
}

static bool read_size(const void *p, size_t n, enum image_kind kind, struct image_wire *out)
{
    VipsImage *head =
        kind == IMAGE_SVG ? open_drawing(p, n) : vips_image_new_from_buffer(p, n, "", NULL);
    if (head == NULL)
        return false;
    bool turned = vips_image_get_orientation_swap(head);
    int w = vips_image_get_width(head), h = vips_image_get_page_height(head);
    g_object_unref(head);
    out->width = (uint32_t)(turned ? h : w);
    out->height = (uint32_t)(turned ? w : h);
    return w >= IMAGE_SIDE_LEAST && h >= IMAGE_SIDE_LEAST && w <= IMAGE_SIDE_MOST &&
           h <= IMAGE_SIDE_MOST && (int64_t)w * h <= IMAGE_PIXELS_MOST;
}

static int32_t widest(const struct image_wire *w, unsigned sizes)
{
    int32_t most = 1;
    for (unsigned bit = 0; bit < IMAGE_SIZES; bit++) {
        int32_t width = image_size_width(bit, (int32_t)w->width);
        if (sizes & 1u << bit && width > most)
            most = width;
    }
    return most;
}

/* To sRGB by the picture's own profile; a broken profile is as none. */
static VipsImage *to_srgb(VipsImage *in)
{
    VipsImage *out = NULL;
    if (vips_image_get_typeof(in, VIPS_META_ICC_NAME) != 0 &&
        vips_icc_transform(in, &out, "srgb", "embedded", TRUE, "depth", 8, NULL) == 0 &&
        vips_image_get_interpretation(out) == VIPS_INTERPRETATION_sRGB)
        return out;
    VIPS_UNREF(out);
    return vips_colourspace(in, &out, VIPS_INTERPRETATION_sRGB, NULL) == 0 ? out : NULL;
}

static VipsImage *without_metadata(VipsImage *in)
{
    VipsImage *out = vips_image_copy_memory(in);
    gchar **field = out == NULL ? NULL : vips_image_get_fields(out);
    for (gchar **f = field; f != NULL && *f != NULL; f++)
        (void)vips_image_remove(out, *f); /* what describes the pixels themselves stays */
    g_strfreev(field);
    return out;
}

/* Every pixel is decoded once for nothing but errors: vips_thumbnail leaves what it cannot read
 * black and says so in a warning only. */
static bool is_whole(const void *p, size_t n)
{
    double mean;
    VipsImage *in = vips_image_new_from_buffer(p, n, "", "access", VIPS_ACCESS_SEQUENTIAL,
                                               "fail_on", VIPS_FAIL_ON_ERROR, NULL);
    bool ok = in != NULL && vips_avg(in, &mean, NULL) == 0;
    VIPS_UNREF(in);
    return ok;
}

/* The whole picture, shrunk while it is read, in memory. */
static VipsImage *read_all(const void *p, size_t n, int32_t width)
{
    VipsImage *small = NULL, *memory = NULL;
    if (!is_whole(p, n))
        return NULL;
    /* vips takes a pointer to non-const bytes and does not write to them. */
    if (vips_thumbnail_buffer((void *)(uintptr_t)p, n, &small, width, "height", VIPS_MAX_COORD,
                              "size", VIPS_SIZE_DOWN, "fail_on", VIPS_FAIL_ON_ERROR, NULL) == 0)
        memory = vips_image_copy_memory(small);
    VIPS_UNREF(small);
    return memory;
}

/* White paper, and light that falls from above: what a camera would see of it. */
static VipsImage *photograph(const void *p, size_t n)
{
    VipsImage *drawn = open_drawing(p, n), *flat = NULL, *xyz = NULL, *dark = NULL, *out = NULL;
    VipsImage *part[3] = { NULL, NULL, NULL };
    VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
    bool ok =
        drawn != NULL && vips_flatten(drawn, &flat, "background", white, NULL) == 0 &&
        vips_xyz(&xyz, vips_image_get_width(flat), vips_image_get_height(flat), NULL) == 0 &&
        vips_extract_band(xyz, &part[0], 1, NULL) == 0 &&
        vips_linear1(part[0], &part[1], -0.16 / vips_image_get_height(flat), 1.05, NULL) == 0 &&
        vips_multiply(flat, part[1], &dark, NULL) == 0 &&
        vips_cast(dark, &part[2], VIPS_FORMAT_UCHAR, NULL) == 0 &&
        vips_copy(part[2], &out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) == 0;
    vips_area_unref(VIPS_AREA(white));
    for (size_t i = 0; i < 3; i++)
        VIPS_UNREF(part[i]);
    VIPS_UNREF(dark);
    VIPS_UNREF(xyz);
    VIPS_UNREF(flat);
    VIPS_UNREF(drawn);
    VipsImage *memory = ok ? vips_image_copy_memory(out) : NULL;
    VIPS_UNREF(out);
    return memory;
}

/* 8 bits, sRGB, perhaps alpha. */
static VipsImage *decode(const void *p, size_t n, int32_t width)
{
    VipsImage *small = read_all(p, n, width), *out = NULL;
    VipsImage *plain = small == NULL ? NULL : to_srgb(small);
    if (plain != NULL)
        out = without_metadata(plain);
    VIPS_UNREF(plain);
    VIPS_UNREF(small);
    return out;
}

/* The class of 4 x 4 x 4 colours that most of the picture has. A picture one can look through has
 * none (IMAGE_COLOURS): it would shine through for ever. */
static uint32_t main_colour(VipsImage *in)
{
    unsigned count[IMAGE_COLOURS] = { 0 };
    VipsImage *tiny = NULL;
    size_t n = 0;
    uint32_t best = IMAGE_COLOURS - 1;
    if (vips_thumbnail_image(in, &tiny, SAMPLE, "height", SAMPLE, "size", VIPS_SIZE_FORCE, NULL) !=
        0)
        return best;
    size_t bands = (size_t)vips_image_get_bands(tiny);
    unsigned char *p = vips_image_write_to_memory(tiny, &n);
    bool clear = false;
    for (size_t i = 0; p != NULL && bands >= 3 && i + bands <= n; i += bands) {
        clear |= bands > 3 && p[i + 3] < 250;
        count[(p[i] >> 6) * 16 + (p[i + 1] >> 6) * 4 + (p[i + 2] >> 6)]++;
    }
    for (uint32_t c = 0; c < IMAGE_COLOURS; c++)
        if (count[c] > count[best])
            best = c;
    if (clear)
        best = IMAGE_COLOURS;
    g_free(p);
    g_object_unref(tiny);
    return best;
}

/* ---- encoding ---------------------------------------------------------------------------------
 */

/* JPEG has no alpha: what is clear becomes white. */
static int save_jpeg(VipsImage *in, void **p, size_t *n)
{
    VipsImage *flat = NULL;
    VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
    int e = vips_image_hasalpha(in) ? vips_flatten(in, &flat, "background", white, NULL)
                                    : vips_copy(in, &flat, NULL);
    if (e == 0)
        e = vips_jpegsave_buffer(flat, p, n, "Q", JPEG_QUALITY, "optimize_coding", TRUE,
                                 "interlace", TRUE, "strip", TRUE, NULL);
    vips_area_unref(VIPS_AREA(white));
    VIPS_UNREF(flat);
    return e;
}

static size_t le32(const unsigned char *p)
{
    return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

/* libvips 8.14 writes an EXIF chunk even when told to strip: takes EXIF, XMP and profile out, in
 * place. What the chunks before the pixels promise is made to fit. */
static size_t strip_webp(unsigned char *p, size_t n)
{
    size_t to = 12;
    for (size_t at = 12; at + 8 <= n;) {
        size_t size = 8 + ((le32(p + at + 4) + 1) & ~(size_t)1);
        if (size > n - at)
            return n;
        bool drop = memcmp(p + at, "EXIF", 4) == 0 || memcmp(p + at, "XMP ", 4) == 0 ||
                    memcmp(p + at, "ICCP", 4) == 0;
        if (memcmp(p + at, "VP8X", 4) == 0)
            p[at + 8] &= (unsigned char)~(0x20 | 0x08 | 0x04);
        if (!drop) {
            memmove(p + to, p + at, size);
            to += size;
        }
        at += size;
    }
    for (unsigned i = 0; i < 4; i++)
        p[4 + i] = (unsigned char)((to - 8) >> (8 * i));
    return to;
}

static int save_webp(VipsImage *in, void **p, size_t *n)
{
    int e = vips_webpsave_buffer(in, p, n, "Q", WEBP_QUALITY, "strip", TRUE, NULL);
    if (e == 0)
        *n = strip_webp(*p, *n);
    return e;
}

static int save(VipsImage *in, enum image_format format, void **p, size_t *n)
{
    switch (format) {
    case IMAGE_AS_AVIF:
        return vips_heifsave_buffer(in, p, n, "Q", AVIF_QUALITY, "compression",
                                    VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "effort", AVIF_EFFORT,
                                    "strip", TRUE, NULL);
    case IMAGE_AS_WEBP:
        return save_webp(in, p, n);
    default:
        return save_jpeg(in, p, n);
    }
}

static bool put(int fd, const char *p, size_t n, uint64_t at)
{
    while (n > 0) {
        ssize_t w = pwrite(fd, p, n, (off_t)at);
        if (w <= 0)
            return false;
        p += w;
        n -= (size_t)w;
        at += (uint64_t)w;
    }
    return true;
}

/* One size in every format. False when fd cannot take it. */
static bool make_size(VipsImage *base, unsigned bit, int fd, struct image_wire *out, uint64_t *at)
{
    int32_t w = image_size_width(bit, (int32_t)out->width);
    int32_t h = image_size_height(bit, (int32_t)out->width, (int32_t)out->height);
    VipsImage *small = NULL, *memory = NULL;
    bool ok = true;
    if (vips_thumbnail_image(base, &small, w, "height", h, "size", VIPS_SIZE_FORCE, NULL) == 0)
        memory = vips_image_copy_memory(small);
    for (unsigned f = 0; ok && f < IMAGE_FORMATS; f++) {
        void *p = NULL;
        size_t n = 0;
        if (memory == NULL || save(memory, (enum image_format)f, &p, &n) != 0) {
            out->status = IMAGE_WIRE_DAMAGED;
            break;
        }
        ok = *at + n <= IMAGE_WIRE_MOST && put(fd, p, n, *at);
        out->file[out->nfiles++] = (struct image_wire_file){
            f, bit, (uint32_t)w, (uint32_t)h, (uint32_t)*at, (uint32_t)n
        };
        *at += n;
        g_free(p);
    }
    VIPS_UNREF(memory);
    VIPS_UNREF(small);
    return ok;
}

bool media_picture(const void *p, size_t n, enum image_kind kind, bool make, int fd,
                   struct image_wire *out)
{
    memset(out, 0, sizeof *out);
    out->magic = IMAGE_WIRE_MAGIC;
    out->status = IMAGE_WIRE_DAMAGED;
    if (loaders[kind] == NULL)
        return true;
    vips_operation_block_set(loaders[kind], FALSE);
    if (!read_size(p, n, kind, out))
        return true;
    unsigned sizes = image_sizes((int32_t)out->width, (int32_t)out->height);
    VipsImage *base =
        kind == IMAGE_SVG ? photograph(p, n) : decode(p, n, widest(out, make ? sizes : 1));
    if (base == NULL)
        return true;
    out->status = IMAGE_WIRE_OK;
    out->colour = main_colour(base);
    bool ok = true;
    uint64_t at = sizeof *out;
    for (unsigned bit = 0; make && ok && out->status == IMAGE_WIRE_OK && bit < IMAGE_SIZES; bit++)
        if (sizes & 1u << bit)
            ok = make_size(base, bit, fd, out, &at);
    out->sizes = make ? sizes : 0;
    g_object_unref(base);
    return ok;
}
