/* demo_bulk_int.h: the parts of the bulk loader: words read from files, products made of them,
 * chunks written. Internal to src/shop. */
#ifndef SHOP_DEMO_BULK_INT_H
#define SHOP_DEMO_BULK_INT_H

#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "shop/demo_bulk.h"
#include "shop/import_save_int.h"

enum { BULK_LIST = 8, BULK_FAMILIES = 200, BULK_WORDS = 400, BULK_COLOURS = 4, BULK_CHUNK = 500 };

/* A word in three languages and, once the references are made, its row. */
struct bulk_word {
    const char *kind, *en, *si, *ta;
    struct uuid id;
};
struct bulk_size {
    const char *text, *attribute;
    struct uuid attribute_id, option_id;
};
struct bulk_family {
    const char *noun, *si, *ta, *path, *code;
    const char *picture[BULK_LIST], *tag[BULK_LIST];
    struct bulk_word *material[BULK_LIST];
    struct bulk_size size[BULK_LIST];
    struct uuid media[BULK_LIST], category;
    size_t npictures, ntags, nmaterials, nsizes;
    bool coloured;
    int64_t low, high; /* whole units of the currency */
};
struct bulk_words {
    struct bulk_family family[BULK_FAMILIES];
    struct bulk_word word[BULK_WORDS];
    struct bulk_word *brand[BULK_WORDS], *series[BULK_WORDS], *colour[BULK_WORDS];
    size_t nfamilies, nwords, nbrands, nseries, ncolours;
    struct uuid material_attribute, colour_attribute;
};
/* RC_INVALID with *problem: a file is missing or names what is not there. */
enum rc bulk_words_read(struct arena *a, const char *dir, struct bulk_words *w,
                        const char **problem) ATTR_MUST_CHECK;

/* One product, made from the seed and its number. */
struct bulk_variant {
    struct uuid id;
    const char *sku, *barcode, *options_key;
    const struct bulk_word *colour; /* NULL: not variable */
    int32_t weight, on_hand, reorder;
    int64_t amount, sale; /* minor units; sale < 0: none */
};
struct bulk_product {
    struct uuid id;
    const struct bulk_family *family;
    const struct bulk_word *brand, *series, *material;
    const struct bulk_size *size;
    const char *code, *name, *name_si, *name_ta, *slug, *summary, *description;
    bool featured;
    int64_t created, rating_sum, sold, viewed, popularity;
    int32_t rating_count;
    struct bulk_variant variant[BULK_COLOURS];
    size_t nvariants;
};
void bulk_make(struct arena *a, const struct bulk_words *w, uint64_t seed, uint64_t number,
               const struct currency *c, struct bulk_product *out);

/* Categories, brands, attributes, options, pictures and their texts: what products point at. Inside
 * db_tx. */
enum rc bulk_refs(struct saver *s, struct db *db, struct bulk_words *w) ATTR_MUST_CHECK;
/* One chunk of products with everything that hangs on them. Inside db_tx. */
enum rc bulk_write(struct saver *s, struct db *db, const struct bulk_words *w,
                   const struct bulk_product *p, size_t n) ATTR_MUST_CHECK;

#endif
