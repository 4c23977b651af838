/* svg_int.h: the reader's tokens, between svg_read.c (form) and svg.c (what is allowed). */
#ifndef PLATFORM_SVG_INT_H
#define PLATFORM_SVG_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { SVG_ATTRS = 64, SVG_NAME = 64, SVG_DEPTH = 48 };
enum svg_token { SVG_END, SVG_OPEN, SVG_CLOSE, SVG_TEXT, SVG_BAD };

struct svg_attr {
    const char *name, *value; /* value decoded */
};
struct svg_reader {
    struct arena *arena;
    const char *p; /* NUL-terminated clean text */
    const char *stack[SVG_DEPTH];
    size_t depth;
    bool rooted, ended;
    /* the token */
    const char *name; /* SVG_OPEN, SVG_CLOSE */
    struct svg_attr attr[SVG_ATTRS];
    size_t nattrs;
    bool empty;       /* <x/>: no SVG_CLOSE follows */
    const char *text; /* SVG_TEXT, decoded */
    const char *problem;
};
/* After SVG_END every element was closed; after SVG_BAD problem says why. */
enum svg_token svg_next(struct svg_reader *r);

#endif
