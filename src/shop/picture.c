/* picture.c: fills storefront/picture.tpl. The addresses of sizes follow from the picture's path
 * (the job names them <width>.<ext> beside each other) and the mask in its look, so no row of a
 * size is read for a page. It asks for nothing and decides no layout. Invariant: only sizes that
 * were made are named. */
#include "shop/picture.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "platform/image.h"
#include "platform/storage.h"

enum { WIDTH_UNKNOWN = 640, HEIGHT_UNKNOWN = 480, SET_MOST = 4096, MIDDLE = 2 };

struct place {
    int32_t least, most; /* widths to choose from */
    int32_t plain;       /* of the JPEG for browsers that choose from nothing */
    const char *sizes;   /* as wide as app.css makes it; NULL: one size, nothing to choose */
    const char *class;
};
static const struct place places[PICTURE_PLACES] = {
    [PICTURE_CARD] = { 200, 600, 400,
                       "(min-width: 64rem) 18rem, (min-width: 48rem) 30vw, (min-width: 23rem) "
                       "46vw, 7rem",
                       NULL },
    [PICTURE_CARD_MORE] = { 400, 400, 400, NULL, NULL },
    [PICTURE_TILE] = { 200, 600, 400, "(min-width: 40rem) 14rem, 44vw", NULL },
    [PICTURE_THUMB] = { 200, 200, 200, NULL, NULL },
    [PICTURE_GALLERY] = { 400, 1600, 800, "(min-width: 80rem) 42rem, (min-width: 56rem) 54vw, 94vw",
                          NULL },
    [PICTURE_HERO] = { 400, 1600, 800, "(min-width: 80rem) 38rem, (min-width: 48rem) 48vw, 94vw",
                       "hero-image" },
    [PICTURE_WIDE] = { 400, 1600, 1200, "(min-width: 80rem) 75rem, 96vw", "wide-image" },
};

const char *picture_url(const struct conf *c, struct arena *a, const struct picture *p)
{
    return storage_url(c, a, p->path);
}

static unsigned mask_of(const struct picture *p)
{
    return (unsigned)p->look & ((1u << IMAGE_SIZES) - 1);
}

/* The sizes of a place, at least one: what is not wide enough has its widest. */
static unsigned fitting(const struct picture *p, const struct place *at)
{
    unsigned have = mask_of(p), fit = 0, widest = 0;
    int32_t most = 0;
    for (unsigned bit = 0; bit < IMAGE_SIZES; bit++) {
        int32_t w = image_size_width(bit, p->width);
        if (!(have & 1u << bit))
            continue;
        if (w >= at->least && w <= at->most)
            fit |= 1u << bit;
        if (w > most) {
            most = w;
            widest = 1u << bit;
        }
    }
    return fit != 0 ? fit : widest;
}

static size_t folder_length(const char *url)
{
    const char *slash = strrchr(url, '/');
    return slash == NULL ? 0 : (size_t)(slash - url) + 1;
}

static const char *size_url(struct arena *a, const char *url, int32_t width, const char *ext)
{
    return arena_printf(a, "%.*s%d.%s", (int)folder_length(url), url, (int)width, ext);
}

/* "/media/.../200.avif 200w, /media/.../400.avif 400w", or one address alone. */
static const char *set_of(struct arena *a, const char *url, const struct picture *p, unsigned fit,
                          bool choice, const char *ext)
{
    struct buf b;
    buf_init(&b, a, SET_MOST);
    for (unsigned bit = 0; bit < IMAGE_SIZES; bit++) {
        if (!(fit & 1u << bit))
            continue;
        int width = (int)image_size_width(bit, p->width);
        if (b.n > 0)
            buf_str(&b, ", ");
        buf_put(&b, url, folder_length(url));
        buf_printf(&b, choice ? "%d.%s %dw" : "%d.%s", width, ext, width);
        if (!choice)
            break;
    }
    return buf_rc(&b) == RC_OK ? b.p : "";
}

/* The widest of those that is not wider than the place's plain one, else the narrowest. */
static int32_t plain_width(const struct picture *p, const struct place *at, unsigned fit)
{
    int32_t best = 0, narrowest = INT32_MAX;
    for (unsigned bit = 0; bit < IMAGE_SIZES; bit++) {
        int32_t w = image_size_width(bit, p->width);
        if (!(fit & 1u << bit))
            continue;
        if (w <= at->plain && w > best)
            best = w;
        if (w < narrowest)
            narrowest = w;
    }
    return best > 0 ? best : narrowest;
}

static const char *class_of(struct arena *a, const struct picture *p, const struct place *at)
{
    int colour = (int)(p->look >> 7 & 127) - 1, x = (int)(p->look >> 14 & 7),
        y = (int)(p->look >> 17 & 7);
    struct buf b;
    buf_init(&b, a, 100);
    if (at->class != NULL)
        buf_printf(&b, "%s ", at->class);
    if (colour >= 0)
        buf_printf(&b, "ph-%d ", colour);
    if (x != MIDDLE && p->look != 0)
        buf_printf(&b, "fx-%d ", x);
    if (y != MIDDLE && p->look != 0)
        buf_printf(&b, "fy-%d ", y);
    if (b.n == 0)
        return NULL;
    b.p[b.n - 1] = '\0';
    return b.p;
}

void picture_show(const struct conf *c, struct arena *a, struct tpl *t, const char *name,
                  const struct picture *p, enum picture_place place, const char *alt, bool first)
{
    const struct place *at = &places[place];
    const char *url = storage_url(c, a, p->path), *class = class_of(a, p, at);
    struct tpl *in = tpl_include(t, name, "storefront/picture.tpl");
    unsigned fit = mask_of(p) != 0 && p->width > 0 ? fitting(p, at) : 0;
    if (fit != 0) {
        bool choice = at->sizes != NULL && (fit & (fit - 1)) != 0;
        struct tpl *sized = tpl_row(in, "SIZED");
        tpl_set_text(sized, "AVIF", set_of(a, url, p, fit, choice, "avif"));
        tpl_set_text(sized, "WEBP", set_of(a, url, p, fit, choice, "webp"));
        if (choice)
            tpl_set_text(tpl_row(sized, "CHOICE"), "SIZES", at->sizes);
        url = size_url(a, url, plain_width(p, at, fit), "jpg");
    }
    tpl_set_text(in, "SRC", url);
    tpl_set_text(in, "ALT", alt);
    tpl_set_int(in, "WIDTH", p->width > 0 ? p->width : WIDTH_UNKNOWN);
    tpl_set_int(in, "HEIGHT", p->height > 0 ? p->height : HEIGHT_UNKNOWN);
    if (class != NULL)
        tpl_set_text(tpl_row(in, "CLASSES"), "CLASS", class);
    tpl_show(in, first ? "FIRST" : "LAZY", true);
}
