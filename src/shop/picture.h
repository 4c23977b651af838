/* picture.h: a picture of the shop's library as pages show it: the sizes that fit the place, in
 * AVIF, WebP and JPEG, its colour while it loads, and the part that stays in view when it is
 * cropped. Whoever shows one declares storefront/picture.tpl's include (`{{>NAME}}`) in its
 * template and calls picture_show. */
#ifndef SHOP_PICTURE_H
#define SHOP_PICTURE_H

#include "app/types.h"
#include "base/attr.h"
#include "platform/conf.h"
#include "platform/tpl.h"

struct picture {
    const char *path; /* shop.media.path: a drawing, or the largest JPEG */
    int32_t width, height;
    int32_t look; /* shop.media.look; 0: a drawing */
};

/* Where it stands decides which widths a browser may choose from. */
enum picture_place {
    PICTURE_CARD,
    PICTURE_CARD_MORE, /* the second and third of a card: seen when somebody looks for them */
    PICTURE_TILE,
    PICTURE_THUMB, /* 5 rem and less */
    PICTURE_GALLERY,
    PICTURE_HERO, /* half of the page, or all of a phone's */
    PICTURE_WIDE, /* the page from edge to edge */
    PICTURE_PLACES
};
/* first: above the fold, loaded before everything else. The address and sizes are of the store that
 * c names; alt may be "" for decoration. */
KADE_API void picture_show(const struct conf *c, struct arena *a, struct tpl *t, const char *name,
                           const struct picture *p, enum picture_place place, const char *alt,
                           bool first) ATTR_NONNULL;
/* The largest JPEG, or the drawing: for links, shared cards and data. */
KADE_API const char *picture_url(const struct conf *c, struct arena *a,
                                 const struct picture *p) ATTR_NONNULL;

#endif
