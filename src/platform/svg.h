/* svg.h: drawings from people, made plain: read by a strict reader of our own and written anew from
 * what is allowed, so that what a browser sees is what was checked. Nothing active, nothing from
 * elsewhere, no entities, no style sheets, no copies of copies; what editors add for themselves is
 * dropped. Pure: no I/O. */
#ifndef PLATFORM_SVG_H
#define PLATFORM_SVG_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

enum { SVG_BYTES_MOST = 1024 * 1024 };

struct svg {
    const char *text;
    size_t n;
    int32_t width, height; /* in pixels, 1 .. 12000 */
};
/* RC_INVALID with *problem (English, for tr()) when it is refused; where says which element or
 * attribute, "" when that does not help. Cleaning twice gives the same text. */
KADE_API enum rc svg_clean(struct arena *a, const char *p, size_t n, struct svg *out,
                           const char **problem, const char **where) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
