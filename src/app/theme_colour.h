/* theme_colour.h: a shop's colours made readable. From one or two colours of a brand come all
 * tokens that pages use, for light and dark, each pair of text and surface solved to the contrast
 * that WCAG 2.2 AA asks for: lightness moves in small steps until it passes, hue and strength stay
 * as far as sRGB allows. Pure arithmetic; the same on every machine to the last digit that is
 * written. */
#ifndef APP_THEME_COLOUR_H
#define APP_THEME_COLOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct rgb {
    uint8_t r, g, b;
};
/* "#0b6b63"; false for anything else. */
KADE_API bool rgb_parse(const char *text, struct rgb *out) ATTR_NONNULL;
/* Contrast of two colours as WCAG defines it, in thousandths: 1000 .. 21000. */
KADE_API int rgb_contrast(struct rgb a, struct rgb b);

/* Whether a token is text, or what it stands on, decides what is asked of it. */
enum theme_token {
    /* surfaces */
    TT_BG,
    TT_SUBTLE,
    TT_RAISED,
    TT_SUNKEN,
    TT_SOFT,        /* the brand's colour as a quiet surface */
    TT_ACCENT_SOFT, /* the second colour as a quiet surface */
    /* lines */
    TT_BORDER,
    TT_BORDER_STRONG,
    /* fills and what is written on them */
    TT_BRAND,
    TT_BRAND_INK,
    TT_BRAND_HOVER,
    TT_ACCENT,
    TT_ACCENT_INK,
    TT_DEEP, /* a very dark surface of the brand's hue */
    TT_DEEP_INK,
    TT_DEEP_MUTED,
    /* on surfaces */
    TT_BRAND_TEXT,
    TT_BRAND_BORDER,
    TT_ACCENT_TEXT,
    TT_TOKENS
};
enum theme_paper { PAPER_WHITE, PAPER_WARM, PAPER_COOL, PAPER_TINT, PAPERS };
enum theme_mode { THEME_IN_LIGHT, THEME_IN_DARK, THEME_MODES };

struct theme_palette {
    struct rgb v[THEME_MODES][TT_TOKENS];
    bool moved; /* the brand's fill is not exactly the colour that was asked for */
};
KADE_API void theme_palette_solve(struct rgb primary, struct rgb secondary, enum theme_paper paper,
                                  struct theme_palette *out) ATTR_NONNULL;
/* "brand-ink": the custom property without its dashes. */
KADE_API const char *theme_token_name(enum theme_token t) ATTR_RETNONNULL;

/* Pairs that pages use: what stands on what, and the least contrast in thousandths. */
struct theme_pair {
    enum theme_token text, surface;
    int least;
};
KADE_API extern const struct theme_pair theme_pairs[];
KADE_API extern const size_t theme_npairs;
/* Colours of app.css that no shop changes, and the surfaces of a shop they stand on. */
struct theme_fixed {
    const char *name;
    struct rgb v[THEME_MODES];
    int least;
};
KADE_API extern const struct theme_fixed theme_fixed[];
KADE_API extern const size_t theme_nfixed;

#endif
