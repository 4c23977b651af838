/* import_colour.c: swatches for colour words, so that an imported "Colour: Red, Navy" shows dots
 * beside its words. A word that is not here simply has no dot. English words only: the swatch of an
 * option can be set by hand. */
#include "base/attr.h"
#include "base/str.h"
#include "shop/import_item.h"

static const struct {
    const char *word, *rgb;
} colours[] = {
    { "amber", "#ffb300" },    { "beige", "#e8dcc4" },     { "black", "#16191f" },
    { "blue", "#1e63c4" },     { "brown", "#6d4c33" },     { "charcoal", "#3a4048" },
    { "copper", "#b06a3b" },   { "coral", "#f2735f" },     { "cream", "#f6eedc" },
    { "forest", "#1f5b3a" },   { "gold", "#c9a227" },      { "golden", "#c9a227" },
    { "gray", "#8a929d" },     { "green", "#2e7d46" },     { "grey", "#8a929d" },
    { "indigo", "#3b3f9c" },   { "ivory", "#f7f3e6" },     { "lavender", "#b8a5d9" },
    { "lime", "#8bc34a" },     { "maroon", "#7b1e2e" },    { "mint", "#8fd3b6" },
    { "mustard", "#d2a32a" },  { "navy", "#1c2f56" },      { "olive", "#6b7038" },
    { "orange", "#e8772e" },   { "pink", "#e58aa7" },      { "purple", "#6f3fa0" },
    { "red", "#c62828" },      { "rose", "#d66a84" },      { "rust", "#a4492a" },
    { "sand", "#d9c6a0" },     { "silver", "#c3c9d1" },    { "sky", "#6db3e8" },
    { "tan", "#c39a6b" },      { "teal", "#1b7f7a" },      { "terracotta", "#b9583a" },
    { "turmeric", "#d99a1e" }, { "turquoise", "#2fb3ad" }, { "violet", "#7f4fc9" },
    { "white", "#ffffff" },    { "yellow", "#f2c230" },
};

const char *woo_colour(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(colours); i++)
        if (str_ieq(word, colours[i].word))
            return colours[i].rgb;
    return NULL;
}

bool woo_is_colour_attribute(const char *folded_name)
{
    return str_eq(folded_name, "color") || str_eq(folded_name, "colour");
}
