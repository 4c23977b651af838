/* image.h: pictures from people. Three steps, each of which may refuse in words (English, marked
 * for translation: show it through tr()): image_head  reads type and size from the first bytes by
 * code of ours; no library sees the file svg_clean   (svg.h) for SVG, which is never decoded here
 * but written anew from what is allowed image_make  decodes in a process of its own (kade-image:
 * libvips, limits on memory and time) and makes the sizes that pages show. No process that serves
 * requests loads an image library. */
#ifndef PLATFORM_IMAGE_H
#define PLATFORM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"
#include "platform/conf.h"

enum image_kind {
    IMAGE_NONE,
    IMAGE_JPEG,
    IMAGE_PNG,
    IMAGE_WEBP,
    IMAGE_GIF,
    IMAGE_AVIF,
    IMAGE_SVG,
    IMAGE_KINDS
};
enum {
    IMAGE_BYTES_MOST = 24 * 1024 * 1024,
    IMAGE_SIDE_MOST = 12000,
    IMAGE_SIDE_LEAST = 16,
    IMAGE_PIXELS_MOST = 50 * 1000 * 1000
};

struct image_head {
    enum image_kind kind;
    int32_t width, height; /* as stored: turning by EXIF comes later. SVG: 0 */
};
/* RC_INVALID with *problem: no picture of ours, too big, too small, or something else hides in it.
 */
KADE_API enum rc image_head(const void *p, size_t n, struct image_head *out,
                            const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* "image/jpeg", "jpg"; NULL for IMAGE_NONE. */
KADE_API const char *image_mime(enum image_kind kind);
KADE_API const char *image_ext(enum image_kind kind);

/* ---- sizes ---- */
/* Widths of pages (ux.md 4.14). A picture gets those that are not wider than itself, and its own
 * width where that is none of them; a size of more than IMAGE_SIZE_PIXELS is left out. Bit i of a
 * mask stands for image_widths[i], bit IMAGE_OWN for the own width. */
enum { IMAGE_WIDTHS = 6, IMAGE_OWN = 6, IMAGE_SIZES = 7, IMAGE_SIZE_PIXELS = 6 * 1000 * 1000 };
extern const int32_t image_widths[IMAGE_WIDTHS] KADE_API;
enum image_format { IMAGE_AS_AVIF, IMAGE_AS_WEBP, IMAGE_AS_JPEG, IMAGE_FORMATS };
KADE_API const char *image_format_name(enum image_format f); /* "avif", "webp", "jpeg" */
KADE_API const char *image_format_ext(enum image_format f);  /* "avif", "webp", "jpg" */
/* Which sizes a picture of width by height (as seen) gets. Never 0 for sides of at least 1. */
KADE_API unsigned image_sizes(int32_t width, int32_t height);
/* Width and height of one size. */
KADE_API int32_t image_size_width(unsigned bit, int32_t width);
KADE_API int32_t image_size_height(unsigned bit, int32_t width, int32_t height);
/* Changes when the same original would give other bytes: part of the names of sizes. */
enum { IMAGE_RECIPE = 1 };
enum { IMAGE_COLOURS = 64 }; /* 4 x 4 x 4: red * 16 + green * 4 + blue */

struct image_file {
    enum image_format format;
    unsigned bit;
    int32_t width, height;
    const char *p; /* in the arena */
    size_t n;
};
struct image_made {
    int32_t width, height; /* as seen, turned by its EXIF orientation */
    int32_t colour;        /* 0 .. 63: the one most of it has; -1: one can look through it */
    unsigned sizes;        /* mask; 0 when only checked */
    struct image_file file[IMAGE_SIZES * IMAGE_FORMATS];
    size_t nfiles;
};
/* A drawing (IMAGE_SVG) is drawn into pixels; give only what svg_clean wrote, and only our own: the
 * library keeps what people send as drawings. Otherwise decodes the whole picture; make: makes the
 * sizes as well (seconds), else only checks it. RC_INVALID with *problem when it is damaged or
 * needs more than it may; RC_UPSTREAM when kade-image cannot be started (conf helper_dir). Blocks
 * at most IMAGE_TIME_S. */
enum { IMAGE_TIME_S = 90, IMAGE_CHECK_TIME_S = 20 };
KADE_API enum rc image_make(const struct conf *c, struct arena *a, const struct image_head *head,
                            const void *p, size_t n, bool make, struct image_made *out,
                            const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
