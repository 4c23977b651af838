/* image_sizes.c: names of types and the arithmetic of sizes. Compiled into libkade and into
 * libkade-media, which are never in one process, so that both sides agree without a library between
 * them. Pure. Invariant: a size is never wider than its picture. */
#include "platform/image.h"

const int32_t image_widths[IMAGE_WIDTHS] = { 200, 400, 600, 800, 1200, 1600 };

const char *image_mime(enum image_kind kind)
{
    static const char *const names[IMAGE_KINDS] = { NULL,           "image/jpeg", "image/png",
                                                    "image/webp",   "image/gif",  "image/avif",
                                                    "image/svg+xml" };
    return names[kind];
}

const char *image_ext(enum image_kind kind)
{
    static const char *const names[IMAGE_KINDS] = {
        NULL, "jpg", "png", "webp", "gif", "avif", "svg"
    };
    return names[kind];
}

const char *image_format_name(enum image_format f)
{
    static const char *const names[IMAGE_FORMATS] = { "avif", "webp", "jpeg" };
    return names[f];
}

const char *image_format_ext(enum image_format f)
{
    static const char *const names[IMAGE_FORMATS] = { "avif", "webp", "jpg" };
    return names[f];
}

int32_t image_size_width(unsigned bit, int32_t width)
{
    return bit < IMAGE_WIDTHS ? image_widths[bit] : width;
}

int32_t image_size_height(unsigned bit, int32_t width, int32_t height)
{
    int64_t w = image_size_width(bit, width), h = (w * height + width / 2) / width;
    return h < 1 ? 1 : (int32_t)h;
}

unsigned image_sizes(int32_t width, int32_t height)
{
    unsigned mask = 0;
    for (unsigned bit = 0; bit < IMAGE_SIZES; bit++) {
        int32_t w = image_size_width(bit, width);
        bool own = bit == IMAGE_OWN && w < image_widths[IMAGE_WIDTHS - 1];
        for (unsigned i = 0; own && i < IMAGE_WIDTHS; i++)
            own = image_widths[i] != w;
        if ((bit == IMAGE_OWN ? own : w <= width) &&
            (int64_t)w * image_size_height(bit, width, height) <= IMAGE_SIZE_PIXELS)
            mask |= 1u << bit;
    }
    return mask;
}
