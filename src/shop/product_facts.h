/* product_facts.h: what a product's page shows, from the document kept in shop.product_page_facts
 * (sql/shop/019_product_facts.sql says what is in it). The caller reads the document and the live
 * rows beside it (stock, words in other languages) in one statement; nothing here asks a database.
 */
#ifndef SHOP_PRODUCT_FACTS_H
#define SHOP_PRODUCT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/field.h"
#include "base/id.h"
#include "base/rc.h"
#include "shop/price.h"

struct product_variant {
    struct uuid variant_id;
    const char *sku, *barcode, *stock_policy; /* barcode may be NULL */
    int32_t weight_g, length_mm, width_mm, height_mm;
    bool has_weight_g, has_length_mm, has_width_mm, has_height_mm;
    int32_t min_quantity, max_quantity;
    const char *unit;
    int32_t price_quantity;
    /* live, by product_facts_stock; of a bundle by its scarcest part */
    int64_t free, reorder; /* reorder -1: not set */
    bool backorder;
};
struct product_option { /* one that a variant has; in the order of attributes and options */
    struct uuid variant_id, attribute_id;
    const char *attribute_name;
    struct uuid option_id;
    const char *option_value, *swatch, *input; /* swatch may be NULL */
    bool is_default;
};
struct product_spec { /* a property; several values of one attribute follow each other */
    struct uuid attribute_id;
    const char *attribute_name;
    struct uuid option_id;                         /* nil: a text of the product's own */
    const char *option_value, *unit, *type, *path; /* unit and path may be NULL */
};
struct product_image {
    struct uuid media_id;
    const char *path, *alt_text;
    int32_t width, height, look;
    struct uuid variant_id; /* nil: of the product */
};
struct product_part { /* of a bundle */
    struct uuid kit_id, variant_id, product_id;
    int32_t quantity;
    const char *stock_policy;
    bool sold; /* it is offered at all */
};

struct product_variants {
    struct product_variant *row;
    size_t n;
};
struct product_options {
    struct product_option *row;
    size_t n;
};
struct product_specs {
    struct product_spec *row;
    size_t n;
};
struct product_images {
    struct product_image *row;
    size_t n;
};
struct product_parts {
    struct product_part *row;
    size_t n;
};

struct product_facts {
    struct product_variants variants;
    struct product_options options;
    struct product_specs specs;
    struct product_images images;
    struct product_parts parts;
    struct price_row *price; /* base and sale of the currency asked for */
    size_t nprices;
    struct texts tags;
};

/* doc NULL: a product without a document, as one without variants. Texts lie in the arena. */
KADE_API enum rc product_facts_read(struct arena *a, const char *doc, const char *currency,
                                    struct product_facts *out) ATTR_MUST_CHECK;

/* Rows of shop.stock_levels, side by side; reorder -1 = not set. */
struct product_stock {
    struct uuids variants;
    struct int4s available, backorder, reorder;
};
KADE_API void product_facts_stock(struct product_facts *f, bool bundle,
                                  const struct product_stock *s);

/* Words in the language of the page: ids of attributes and options, and what they are called. */
KADE_API void product_facts_words(struct product_facts *f, struct uuids ids, struct texts words);

#endif
