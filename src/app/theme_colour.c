/* theme_colour.c: colours between sRGB and OKLCH (lightness as the eye sees it, strength, hue), and
 * the search for the lightness at which a pair is readable. What tokens there are is a table, so
 * that the property test and the writer of style sheets read the same. Invariant: after
 * theme_palette_solve every pair of theme_pairs passes, and every fixed colour passes on every
 * surface. */
#include "app/theme_colour.h"

#include <math.h>
#include <string.h>

#define TEXT    4500
#define CONTROL 3000
static const double step = 0.005;

struct lch {
    double l, c, h;
};

/* ---- sRGB, OKLCH, contrast ---------------------------------------------------------------------
 */

bool rgb_parse(const char *text, struct rgb *out)
{
    uint32_t v = 0;
    if (strlen(text) != 7 || text[0] != '#' || strspn(text + 1, "0123456789abcdef") != 6)
        return false;
    for (const char *p = text + 1; *p != '\0'; p++)
        v = v << 4 | (uint32_t)(*p <= '9' ? *p - '0' : *p - 'a' + 10);
    *out = (struct rgb){ (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
    return true;
}

static struct {
    double linear[256];
    bool filled;
} self;

static double linear(uint8_t v)
{
    for (int i = 0; !self.filled && i < 256; i++) {
        double c = i / 255.0;
        self.linear[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
    }
    self.filled = true;
    return self.linear[v];
}

static double luminance(struct rgb c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

int rgb_contrast(struct rgb a, struct rgb b)
{
    double la = luminance(a), lb = luminance(b);
    double hi = la > lb ? la : lb, lo = la > lb ? lb : la;
    return (int)((hi + 0.05) / (lo + 0.05) * 1000.0);
}

static struct lch to_lch(struct rgb in)
{
    double r = linear(in.r), g = linear(in.g), b = linear(in.b);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    double A = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    double B = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
    return (struct lch){ 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, hypot(A, B),
                         atan2(B, A) };
}

/* False outside of sRGB. */
static bool try_rgb(struct lch in, struct rgb *out)
{
    double A = in.c * cos(in.h), B = in.c * sin(in.h);
    double l = in.l + 0.3963377774 * A + 0.2158037573 * B;
    double m = in.l - 0.1055613458 * A - 0.0638541728 * B;
    double s = in.l - 0.0894841775 * A - 1.2914855480 * B;
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    double v[3] = { 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                    -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s };
    uint8_t byte[3];
    for (int i = 0; i < 3; i++) {
        if (v[i] < -0.0005 || v[i] > 1.0005)
            return false;
        double c = v[i] < 0 ? 0 : v[i] > 1 ? 1 : v[i];
        c = c <= 0.0031308 ? c * 12.92 : 1.055 * pow(c, 1 / 2.4) - 0.055;
        byte[i] = (uint8_t)lround(c * 255.0);
    }
    *out = (struct rgb){ byte[0], byte[1], byte[2] };
    return true;
}

/* The strongest colour of that lightness and hue that a screen can show. */
static struct rgb to_rgb(struct lch in)
{
    struct rgb out = { 0, 0, 0 };
    in.l = in.l < 0 ? 0 : in.l > 1 ? 1 : in.l;
    for (int i = 0; i < 40 && !try_rgb(in, &out); i++)
        in.c = i == 38 ? 0 : in.c * 0.92;
    return out;
}

/* ---- solving -----------------------------------------------------------------------------------
 */

struct ground {
    const struct rgb *on;
    size_t n;
};

static bool passes(struct rgb c, struct ground g, int least)
{
    for (size_t i = 0; i < g.n; i++)
        if (rgb_contrast(c, g.on[i]) < least)
            return false;
    return true;
}

/* Moves the lightness by way (+1, -1) until the colour passes on all of them. */
static struct rgb solve(struct lch c, struct ground g, int least, int way)
{
    struct rgb out = to_rgb(c);
    while (!passes(out, g, least) && c.l > 0 && c.l < 1) {
        c.l += way * step;
        out = to_rgb(c);
    }
    return out;
}

static const struct rgb white = { 255, 255, 255 }, black = { 0x16, 0x19, 0x1f };

/* A fill and the ink on it: the better of white and near-black, the fill moved away until it reads.
 */
static void fill(struct lch c, struct rgb asked, struct rgb *out, struct rgb *ink, bool *moved)
{
    struct rgb as_is = asked;
    bool light_ink = rgb_contrast(as_is, white) >= rgb_contrast(as_is, black);
    *ink = light_ink ? white : black;
    struct ground g = { ink, 1 };
    *out = as_is;
    if (!passes(as_is, g, TEXT)) {
        *out = solve(c, g, TEXT, light_ink ? -1 : +1);
        *moved = true;
    }
}

static struct lch with(struct lch c, double l, double most)
{
    c.l = l;
    c.c = c.c > most ? most : c.c;
    return c;
}

/* Lightness and strength of the surfaces of a paper; hue of the tint is the brand's. */
static void surfaces(struct rgb v[TT_TOKENS], struct lch brand, struct lch accent,
                     enum theme_paper paper, bool dark)
{
    static const struct {
        double c, h; /* h < 0: the brand's */
    } tone[PAPERS] = { { 0.004, 4.6 }, { 0.014, 1.35 }, { 0.012, 4.25 }, { 0.014, -1 } };
    struct lch t = { 0, tone[paper].c, tone[paper].h < 0 ? brand.h : tone[paper].h };
    if (paper == PAPER_TINT && brand.c < 0.02)
        t.c = 0.003; /* a grey brand has no hue to tint with */
    bool plain = paper == PAPER_WHITE;
    static const double light[2][4] = { { 1.0, 0.976, 1.0, 0.955 }, { 0.988, 0.97, 1.0, 0.95 } };
    static const double deep[4] = { 0.18, 0.217, 0.25, 0.15 };
    static const enum theme_token at[4] = { TT_BG, TT_SUBTLE, TT_RAISED, TT_SUNKEN };
    for (int i = 0; i < 4; i++) {
        struct lch s = t;
        s.l = dark ? deep[i] : light[!plain][i];
        s.c = dark ? t.c * 0.9 + 0.006 : s.l >= 1.0 ? 0 : t.c;
        v[at[i]] = to_rgb(s);
    }
    v[TT_SOFT] = to_rgb(with(brand, dark ? 0.265 : 0.952, dark ? 0.035 : 0.032));
    v[TT_ACCENT_SOFT] = to_rgb(with(accent, dark ? 0.265 : 0.952, dark ? 0.035 : 0.036));
    t.c = t.c < 0.008 ? 0.008 : t.c;
    v[TT_BORDER] = to_rgb((struct lch){ dark ? 0.325 : 0.885, t.c, t.h });
    struct ground all = { &v[TT_BG], 4 }; /* bg, subtle, raised, sunken follow each other */
    v[TT_BORDER_STRONG] =
        solve((struct lch){ dark ? 0.58 : 0.61, t.c, t.h }, all, CONTROL, dark ? 1 : -1);
}

static void one_mode(struct rgb primary, struct rgb secondary, enum theme_paper paper, bool dark,
                     struct rgb v[TT_TOKENS], bool *moved)
{
    struct lch b = to_lch(primary), a = to_lch(secondary);
    bool ignored = false;
    surfaces(v, b, a, paper, dark);
    if (dark) { /* fills glow on black: lighter and a little weaker */
        b = with(b, b.l < 0.72 ? 0.74 : b.l, 0.15);
        a = with(a, a.l < 0.72 ? 0.76 : a.l, 0.15);
    }
    fill(b, dark ? to_rgb(b) : primary, &v[TT_BRAND], &v[TT_BRAND_INK], dark ? &ignored : moved);
    fill(a, dark ? to_rgb(a) : secondary, &v[TT_ACCENT], &v[TT_ACCENT_INK], &ignored);
    bool light_ink = v[TT_BRAND_INK].r == 255;
    struct lch hover = to_lch(v[TT_BRAND]);
    hover.l += light_ink ? -0.06 : 0.05;
    v[TT_BRAND_HOVER] =
        solve(hover, (struct ground){ &v[TT_BRAND_INK], 1 }, TEXT, light_ink ? -1 : 1);
    struct ground all = { &v[TT_BG], 6 }; /* every surface of the list */
    int way = dark ? 1 : -1;
    v[TT_BRAND_TEXT] = solve(b, all, TEXT, way);
    v[TT_BRAND_BORDER] = solve(b, all, CONTROL, way);
    v[TT_ACCENT_TEXT] = solve(a, all, TEXT, way);
    v[TT_DEEP] = to_rgb(with(to_lch(primary), dark ? 0.225 : 0.255, 0.06));
    v[TT_DEEP_INK] = to_rgb(with(to_lch(primary), 0.97, 0.012));
    v[TT_DEEP_MUTED] =
        solve(with(to_lch(primary), 0.82, 0.03), (struct ground){ &v[TT_DEEP], 1 }, TEXT, 1);
}

void theme_palette_solve(struct rgb primary, struct rgb secondary, enum theme_paper paper,
                         struct theme_palette *out)
{
    out->moved = false;
    for (int mode = 0; mode < THEME_MODES; mode++)
        one_mode(primary, secondary, paper, mode == THEME_IN_DARK, out->v[mode], &out->moved);
}

/* ---- tables ------------------------------------------------------------------------------------
 */

static const char *const names[TT_TOKENS] = {
    [TT_BG] = "bg",
    [TT_SUBTLE] = "subtle",
    [TT_RAISED] = "raised",
    [TT_SUNKEN] = "sunken",
    [TT_SOFT] = "brand-soft",
    [TT_ACCENT_SOFT] = "accent-soft",
    [TT_BORDER] = "border",
    [TT_BORDER_STRONG] = "border-strong",
    [TT_BRAND] = "brand",
    [TT_BRAND_INK] = "brand-ink",
    [TT_BRAND_HOVER] = "brand-hover",
    [TT_ACCENT] = "accent",
    [TT_ACCENT_INK] = "accent-ink",
    [TT_DEEP] = "deep",
    [TT_DEEP_INK] = "deep-ink",
    [TT_DEEP_MUTED] = "deep-muted",
    [TT_BRAND_TEXT] = "brand-text",
    [TT_BRAND_BORDER] = "brand-border",
    [TT_ACCENT_TEXT] = "accent-text",
};

const char *theme_token_name(enum theme_token t)
{
    return names[t];
}

#define ON_ALL(t, least)                                                                           \
    { t, TT_BG, least }, { t, TT_SUBTLE, least }, { t, TT_RAISED, least },                         \
        { t, TT_SUNKEN, least }, { t, TT_SOFT, least },                                            \
    {                                                                                              \
        t, TT_ACCENT_SOFT, least                                                                   \
    }
const struct theme_pair theme_pairs[] = {
    { TT_BRAND_INK, TT_BRAND, TEXT },
    { TT_BRAND_INK, TT_BRAND_HOVER, TEXT },
    { TT_ACCENT_INK, TT_ACCENT, TEXT },
    { TT_DEEP_INK, TT_DEEP, TEXT },
    { TT_DEEP_MUTED, TT_DEEP, TEXT },
    ON_ALL(TT_BRAND_TEXT, TEXT),
    ON_ALL(TT_ACCENT_TEXT, TEXT),
    ON_ALL(TT_BRAND_BORDER, CONTROL),
    { TT_BORDER_STRONG, TT_BG, CONTROL },
    { TT_BORDER_STRONG, TT_SUBTLE, CONTROL },
    { TT_BORDER_STRONG, TT_RAISED, CONTROL },
    { TT_BORDER_STRONG, TT_SUNKEN, CONTROL },
};
const size_t theme_npairs = sizeof theme_pairs / sizeof *theme_pairs;

#define RGB(x)                                                                                     \
    {                                                                                              \
        (x) >> 16 & 255, (x) >> 8 & 255, (x)&255                                                   \
    }
const struct theme_fixed theme_fixed[] = {
    { "text", { RGB(0x16191f), RGB(0xe8ebef) }, TEXT },
    { "muted", { RGB(0x525a67), RGB(0xa9b3c0) }, TEXT },
    { "link", { RGB(0x0b57c2), RGB(0x8ab8ff) }, TEXT },
    { "ok", { RGB(0x0f6e37), RGB(0x63d18c) }, TEXT },
    { "warn", { RGB(0x7a4f00), RGB(0xf2b84b) }, TEXT },
    { "bad", { RGB(0xb42318), RGB(0xff9486) }, TEXT },
    { "focus", { RGB(0x1d4ed8), RGB(0x8ab8ff) }, CONTROL },
    { "star", { RGB(0xb86e00), RGB(0xf2b84b) }, CONTROL },
};
const size_t theme_nfixed = sizeof theme_fixed / sizeof *theme_fixed;
