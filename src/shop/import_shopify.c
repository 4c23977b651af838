/* import_shopify.c: a Shopify product export turned into rows of our own layout. There a product is
 * a run of lines with one handle: the first has its texts, each line with an option or a price is a
 * variant, lines with only a picture add one. Here it becomes a product row and a row a variant, so
 * that checking and saving are the same for every format. Pure but for reading the file; a fault is
 * told under the column's own title. Invariant: a line's variant keeps its line number. */
#include "shop/import_shopify.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "shop/import_woo_int.h"

enum { GROUP_ROWS = 3000, OPTIONS = 3, IMAGES = 60 };

enum in { /* columns of the file */
          IN_HANDLE,
          IN_TITLE,
          IN_BODY,
          IN_VENDOR,
          IN_TYPE,
          IN_CATEGORY,
          IN_TAGS,
          IN_PUBLISHED,
          IN_STATUS,
          IN_OPTION_NAME,
          IN_OPTION_VALUE = IN_OPTION_NAME + OPTIONS,
          IN_SKU = IN_OPTION_VALUE + OPTIONS,
          IN_GRAMS,
          IN_TRACKER,
          IN_QUANTITY,
          IN_POLICY,
          IN_PRICE,
          IN_COMPARE,
          IN_SHIPPING,
          IN_TAXABLE,
          IN_BARCODE,
          IN_IMAGE,
          IN_IMAGE_POSITION,
          IN_VARIANT_IMAGE,
          IN_GIFT,
          IN_SEO_TITLE,
          IN_SEO_DESCRIPTION,
          IN_COST,
          IN_COUNT
};
static const char *const in_titles[IN_COUNT] = { "handle",
                                                 "title",
                                                 "body (html)",
                                                 "vendor",
                                                 "type",
                                                 "product category",
                                                 "tags",
                                                 "published",
                                                 "status",
                                                 "option1 name",
                                                 "option2 name",
                                                 "option3 name",
                                                 "option1 value",
                                                 "option2 value",
                                                 "option3 value",
                                                 "variant sku",
                                                 "variant grams",
                                                 "variant inventory tracker",
                                                 "variant inventory qty",
                                                 "variant inventory policy",
                                                 "variant price",
                                                 "variant compare at price",
                                                 "variant requires shipping",
                                                 "variant taxable",
                                                 "variant barcode",
                                                 "image src",
                                                 "image position",
                                                 "variant image",
                                                 "gift card",
                                                 "seo title",
                                                 "seo description",
                                                 "cost per item" };
/* Known, without a meaning here. */
static const char *const in_ignored[] = { "image alt text", "variant fulfillment service",
                                          "variant weight unit", "variant tax code" };

enum out { /* columns of the rows made */
           OUT_TYPE,
           OUT_SKU,
           OUT_NAME,
           OUT_PUBLISHED,
           OUT_BODY,
           OUT_IN_STOCK,
           OUT_STOCK,
           OUT_BACKORDERS,
           OUT_WEIGHT,
           OUT_SALE,
           OUT_PRICE,
           OUT_CATEGORIES,
           OUT_TAGS,
           OUT_IMAGES,
           OUT_PARENT,
           OUT_BRAND,
           OUT_BARCODE,
           OUT_TAX,
           OUT_POSITION,
           OUT_SEO_TITLE,
           OUT_SEO_DESCRIPTION,
           OUT_COST,
           OUT_ATTR, /* name and value of each option */
           OUT_COUNT = OUT_ATTR + OPTIONS * 2
};
static const struct {
    enum out at;
    enum column col;
    const char *title; /* as the file calls it */
} out_columns[] = {
    { OUT_TYPE, COL_TYPE, "Type" },
    { OUT_SKU, COL_SKU, "Variant SKU" },
    { OUT_NAME, COL_NAME, "Title" },
    { OUT_PUBLISHED, COL_PUBLISHED, "Published" },
    { OUT_BODY, COL_DESCRIPTION, "Body (HTML)" },
    { OUT_IN_STOCK, COL_IN_STOCK, "Variant Inventory Tracker" },
    { OUT_STOCK, COL_STOCK, "Variant Inventory Qty" },
    { OUT_BACKORDERS, COL_BACKORDERS, "Variant Inventory Policy" },
    { OUT_WEIGHT, COL_WEIGHT, "Variant Grams" },
    { OUT_SALE, COL_SALE_PRICE, "Variant Price" },
    { OUT_PRICE, COL_PRICE, "Variant Price" },
    { OUT_CATEGORIES, COL_CATEGORIES, "Type" },
    { OUT_TAGS, COL_TAGS, "Tags" },
    { OUT_IMAGES, COL_IMAGES, "Image Src" },
    { OUT_PARENT, COL_PARENT, "Handle" },
    { OUT_BRAND, COL_BRANDS, "Vendor" },
    { OUT_BARCODE, COL_BARCODE, "Variant Barcode" },
    { OUT_TAX, COL_TAX_STATUS, "Variant Taxable" },
    { OUT_POSITION, COL_POSITION, "Position" },
    { OUT_SEO_TITLE, COL_SEO_TITLE, "SEO Title" },
    { OUT_SEO_DESCRIPTION, COL_SEO_DESCRIPTION, "SEO Description" },
    { OUT_COST, COL_COST, "Cost per item" },
};

struct shopify {
    int col[IN_COUNT];
    size_t ncolumns;
    struct arena *now, *other; /* of the group being made; of the one before */
    struct csv_row *row;       /* the group */
    size_t n, made;            /* made: rows of it given out, the product row first */
    struct csv_row ahead;
    bool has_ahead, ended;
    enum rc end; /* what ended the file */
    bool is_variable;
    const char *key; /* product key of a variable group */
};

/* ---- header ------------------------------------------------------------------------------------
 */
static bool is_ignored(const char *title)
{
    for (size_t i = 0; i < COUNT_OF(in_ignored); i++)
        if (str_eq(title, in_ignored[i]))
            return true;
    return str_starts(title, "google shopping");
}

static struct woo_header *made_header(struct arena *a)
{
    struct woo_header *h = arena_new(a, struct woo_header);
    for (size_t i = 0; i < COL_COUNT; i++)
        h->col[i] = NONE;
    for (size_t i = 0; i < ITEM_ATTRS; i++)
        h->attr[i] = NO_ATTR_COLUMNS;
    for (size_t i = 0; i < COUNT_OF(out_columns); i++) {
        h->col[out_columns[i].col] = (int)out_columns[i].at;
        h->title[out_columns[i].col] = out_columns[i].title;
    }
    for (int i = 0; i < OPTIONS; i++) {
        h->attr[i].name = OUT_ATTR + i * 2;
        h->attr[i].values = OUT_ATTR + i * 2 + 1;
    }
    h->weight_num = h->weight_den = 1;
    h->length_num = 10;
    h->length_den = 1;
    h->ncolumns = OUT_COUNT;
    return h;
}

enum rc shopify_open(struct arena *a, const struct csv_row *row, struct shopify **out,
                     struct woo_header **header, const char **unused, const char **problem)
{
    struct shopify *s = arena_new(a, struct shopify);
    struct buf rest;
    buf_init(&rest, a, 64 * 1024);
    for (size_t i = 0; i < IN_COUNT; i++)
        s->col[i] = NONE;
    s->ncolumns = row->n;
    for (size_t i = 0; i < row->n; i++) {
        char *raw;
        if (row->field[i].too_long ||
            utf8_clean(a, row->field[i].p, row->field[i].n, 0, &raw) != RC_OK) {
            *problem = arena_printf(a, "the header (line %zu, column %zu) is not UTF-8 text",
                                    row->line, i + 1);
            return RC_INVALID;
        }
        const char *title = str_lower(a, str_trim(a, raw));
        bool known = *title == '\0' || is_ignored(title);
        for (size_t k = 0; k < IN_COUNT && !known; k++)
            if (str_eq(title, in_titles[k])) {
                known = true;
                if (s->col[k] == NONE)
                    s->col[k] = (int)i;
            }
        if (!known && rest.n < 400)
            buf_printf(&rest, "%s%s", rest.n > 0 ? ", " : "", raw);
    }
    if (s->col[IN_HANDLE] == NONE || s->col[IN_TITLE] == NONE) {
        *problem = "the header names no Handle and Title: is this a product export of Shopify?";
        return RC_INVALID;
    }
    s->now = arena_new_sized(256 * 1024 * 1024);
    s->other = arena_new_sized(256 * 1024 * 1024);
    *unused = rest.p;
    *header = made_header(a);
    *out = s;
    return RC_OK;
}

void shopify_close(struct shopify *s)
{
    if (s == NULL)
        return;
    arena_free(s->now);
    arena_free(s->other);
}

/* ---- cells of the file -------------------------------------------------------------------------
 */
static const struct csv_field *cell(const struct shopify *s, const struct csv_row *row, int in)
{
    static const struct csv_field none = { .p = "" };
    int i = s->col[in];
    return i == NONE || (size_t)i >= row->n ? &none : &row->field[i];
}

/* The text of a cell without blanks at its ends; what is too long or holds a NUL is none here: the
 * column itself is refused later. */
static const char *text(const struct shopify *s, const struct csv_row *row, int in)
{
    const struct csv_field *f = cell(s, row, in);
    if (f->too_long || memchr(f->p, '\0', f->n) != NULL)
        return "";
    return str_trim(s->now, f->p);
}

static bool is_variant(const struct shopify *s, const struct csv_row *row)
{
    return *text(s, row, IN_OPTION_VALUE) != '\0' || *text(s, row, IN_PRICE) != '\0' ||
           *text(s, row, IN_SKU) != '\0';
}

/* ---- a group -----------------------------------------------------------------------------------
 */
static struct csv_row copy_row(struct arena *a, const struct csv_row *row)
{
    struct csv_row k = *row;
    k.field = arena_array(a, struct csv_field, row->n);
    for (size_t i = 0; i < row->n; i++) {
        k.field[i] = row->field[i];
        if (!row->field[i].too_long)
            k.field[i].p = arena_strndup(a, row->field[i].p, row->field[i].n);
    }
    return k;
}

static enum rc read_ahead(struct shopify *s, struct csv_reader *csv)
{
    if (s->has_ahead)
        return RC_OK;
    if (s->ended)
        return s->end;
    enum rc rc = csv_next(csv, s->now, &s->ahead);
    s->has_ahead = rc == RC_OK;
    s->ended = rc != RC_OK;
    s->end = rc;
    return rc;
}

/* All lines of the next handle; what does not fit in a group begins another of the same name, which
 * is then refused as a second one. */
static enum rc read_group(struct shopify *s, struct csv_reader *csv)
{
    struct arena *fresh = s->other;
    enum rc rc = read_ahead(s, csv);
    if (rc != RC_OK)
        return rc;
    arena_reset(fresh);
    s->ahead = copy_row(fresh, &s->ahead);
    s->other = s->now;
    s->now = fresh;
    s->row = arena_array(s->now, struct csv_row, GROUP_ROWS);
    s->n = s->made = 0;
    const char *handle = text(s, &s->ahead, IN_HANDLE);
    do {
        s->row[s->n++] = s->ahead;
        s->has_ahead = false;
        rc = read_ahead(s, csv);
    } while (rc == RC_OK && s->n < GROUP_ROWS && *handle != '\0' &&
             str_eq(text(s, &s->ahead, IN_HANDLE), handle));
    return RC_OK; /* an end is met when this group was given out */
}

static bool has_options(const struct shopify *s)
{
    const struct csv_row *first = &s->row[0];
    size_t variants = 0;
    for (size_t i = 0; i < s->n; i++)
        variants += is_variant(s, &s->row[i]);
    return variants > 1 || (*text(s, first, IN_OPTION_VALUE) != '\0' &&
                            !(str_ieq(text(s, first, IN_OPTION_NAME), "title") &&
                              str_ieq(text(s, first, IN_OPTION_VALUE), "default title")));
}

/* The product's own key is the handle, unless a variant has it as its SKU. */
static const char *product_key(const struct shopify *s)
{
    const char *handle = text(s, &s->row[0], IN_HANDLE);
    for (size_t i = 0; i < s->n; i++)
        if (str_ieq(text(s, &s->row[i], IN_SKU), handle))
            return arena_printf(s->now, "%s-all", handle);
    return handle;
}

/* ---- making rows -------------------------------------------------------------------------------
 */
static void set(struct csv_row *row, enum out at, const char *value)
{
    row->field[at] = (struct csv_field){ .p = value, .n = strlen(value) };
}

static void pass(const struct shopify *s, struct csv_row *row, enum out at,
                 const struct csv_row *from, int in)
{
    row->field[at] = *cell(s, from, in);
}

/* A part of a list: commas and backslashes are its own. */
static const char *escaped(struct arena *a, const char *value)
{
    char *out = arena_alloc(a, strlen(value) * 2 + 1), *w = out;
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == ',')
            *w++ = '\\';
        *w++ = *p;
    }
    *w = '\0';
    return out;
}

static const char *option_value(const struct shopify *s, const struct csv_row *row, int i)
{
    return text(s, row, IN_OPTION_VALUE + i);
}

static const char *variant_sku(const struct shopify *s, const struct csv_row *row)
{
    const char *sku = text(s, row, IN_SKU), *handle = text(s, &s->row[0], IN_HANDLE);
    if (*sku != '\0' || !s->is_variable)
        return *sku != '\0' ? sku : handle;
    const char *made = handle;
    for (int i = 0; i < OPTIONS; i++) {
        char *clean;
        const char *v = option_value(s, row, i);
        if (*v != '\0' && utf8_clean(s->now, v, strlen(v), 0, &clean) == RC_OK)
            made = arena_printf(s->now, "%s-%s", made, utf8_slug(s->now, clean));
    }
    return made;
}

static void set_stock(const struct shopify *s, struct csv_row *row, const struct csv_row *from)
{
    bool counted = *text(s, from, IN_TRACKER) != '\0';
    if (counted)
        pass(s, row, OUT_STOCK, from, IN_QUANTITY);
    set(row, OUT_IN_STOCK, "1");
    set(row, OUT_BACKORDERS, str_ieq(text(s, from, IN_POLICY), "continue") ? "1" : "0");
}

/* What it was sold for before is the price that is reduced. */
static void set_prices(const struct shopify *s, struct csv_row *row, const struct csv_row *from)
{
    bool reduced = *text(s, from, IN_COMPARE) != '\0';
    pass(s, row, OUT_PRICE, from, reduced ? IN_COMPARE : IN_PRICE);
    if (reduced)
        pass(s, row, OUT_SALE, from, IN_PRICE);
}

static void set_variant(const struct shopify *s, struct csv_row *row, const struct csv_row *from)
{
    set(row, OUT_SKU, variant_sku(s, from));
    set_stock(s, row, from);
    set_prices(s, row, from);
    pass(s, row, OUT_WEIGHT, from, IN_GRAMS);
    pass(s, row, OUT_BARCODE, from, IN_BARCODE);
    pass(s, row, OUT_COST, from, IN_COST);
    if (str_ieq(text(s, from, IN_TAXABLE), "false"))
        set(row, OUT_TAX, "none");
    if (s->is_variable)
        pass(s, row, OUT_IMAGES, from, IN_VARIANT_IMAGE);
}

static int64_t image_place(const struct shopify *s, const struct csv_row *row)
{
    int64_t place;
    return str_int(text(s, row, IN_IMAGE_POSITION), 0, 100000, &place) == RC_OK ? place : 100001;
}

/* Pictures in the order of their positions, those without one behind, as they come. */
static const char *images(const struct shopify *s)
{
    const struct csv_row *of[IMAGES];
    size_t n = 0;
    struct buf b;
    buf_init(&b, s->now, 256 * 1024);
    for (size_t i = 0; i < s->n; i++) {
        size_t at = n;
        if (*text(s, &s->row[i], IN_IMAGE) == '\0' || n == IMAGES)
            continue;
        for (; at > 0 && image_place(s, of[at - 1]) > image_place(s, &s->row[i]); at--)
            of[at] = of[at - 1];
        of[at] = &s->row[i];
        n++;
    }
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i > 0 ? "," : "", escaped(s->now, text(s, of[i], IN_IMAGE)));
    return b.p;
}

/* Every value of an option that a variant has, each once. */
static const char *values_of(const struct shopify *s, int option)
{
    struct buf b;
    buf_init(&b, s->now, 64 * 1024);
    for (size_t i = 0; i < s->n; i++) {
        const char *v = option_value(s, &s->row[i], option);
        bool seen = *v == '\0';
        for (size_t k = 0; k < i && !seen; k++)
            seen = str_ieq(option_value(s, &s->row[k], option), v);
        if (!seen)
            buf_printf(&b, "%s%s", b.n > 0 ? "," : "", escaped(s->now, v));
    }
    return b.p;
}

static void set_product(const struct shopify *s, struct csv_row *row)
{
    const struct csv_row *first = &s->row[0];
    const char *status = text(s, first, IN_STATUS), *type = text(s, first, IN_TYPE);
    bool shown = !str_ieq(text(s, first, IN_PUBLISHED), "false") &&
                 (*status == '\0' || str_ieq(status, "active"));
    pass(s, row, OUT_NAME, first, IN_TITLE);
    pass(s, row, OUT_BODY, first, IN_BODY);
    pass(s, row, OUT_BRAND, first, IN_VENDOR);
    pass(s, row, OUT_TAGS, first, IN_TAGS);
    pass(s, row, OUT_SEO_TITLE, first, IN_SEO_TITLE);
    pass(s, row, OUT_SEO_DESCRIPTION, first, IN_SEO_DESCRIPTION);
    set(row, OUT_PUBLISHED, shown ? "1" : "0");
    set(row, OUT_CATEGORIES, escaped(s->now, *type != '\0' ? type : text(s, first, IN_CATEGORY)));
    set(row, OUT_IMAGES, images(s));
}

static bool is_without_shipping(const struct shopify *s)
{
    return str_ieq(text(s, &s->row[0], IN_SHIPPING), "false") ||
           str_ieq(text(s, &s->row[0], IN_GIFT), "true");
}

static struct csv_row empty_row(const struct shopify *s, size_t line)
{
    struct csv_row row = { .line = line,
                           .field = arena_array(s->now, struct csv_field, OUT_COUNT),
                           .n = OUT_COUNT };
    for (size_t i = 0; i < OUT_COUNT; i++)
        row.field[i] = (struct csv_field){ .p = "" };
    return row;
}

static struct csv_row product_row(struct shopify *s)
{
    const struct csv_row *first = &s->row[0];
    struct csv_row row = empty_row(s, first->line);
    s->is_variable = has_options(s);
    s->key = product_key(s);
    if (!s->is_variable) {
        set_variant(s, &row, first);
        set(&row, OUT_TYPE, is_without_shipping(s) ? "simple, virtual" : "simple");
    } else {
        set(&row, OUT_TYPE, "variable");
        set(&row, OUT_SKU, s->key);
        for (int i = 0; i < OPTIONS; i++) {
            pass(s, &row, OUT_ATTR + i * 2, first, IN_OPTION_NAME + i);
            set(&row, OUT_ATTR + i * 2 + 1, values_of(s, i));
        }
    }
    set_product(s, &row);
    return row;
}

static struct csv_row variation_row(const struct shopify *s, size_t i)
{
    const struct csv_row *from = &s->row[i], *first = &s->row[0];
    struct csv_row row = empty_row(s, from->line);
    set_variant(s, &row, from);
    set(&row, OUT_TYPE, "variation");
    set(&row, OUT_PARENT, s->key);
    set(&row, OUT_PUBLISHED, "1");
    set(&row, OUT_POSITION, arena_printf(s->now, "%zu", i));
    for (int k = 0; k < OPTIONS; k++) {
        pass(s, &row, OUT_ATTR + k * 2, first, IN_OPTION_NAME + k);
        set(&row, OUT_ATTR + k * 2 + 1, escaped(s->now, option_value(s, from, k)));
    }
    return row;
}

/* A line with more fields than the header is told as such by the reader of rows. */
static void keep_dropped(const struct shopify *s, const struct csv_row *from, struct csv_row *row)
{
    if (from->n > s->ncolumns)
        row->dropped = from->n - s->ncolumns;
    row->dropped += from->dropped;
}

enum rc shopify_next(struct shopify *s, struct csv_reader *csv, struct arena *a,
                     struct csv_row *out)
{
    for (;;) {
        if (s->made == 0 && s->n > 0) {
            struct csv_row row = product_row(s);
            keep_dropped(s, &s->row[0], &row);
            s->made = 1;
            *out = copy_row(a, &row);
            return RC_OK;
        }
        while (s->n > 0 && s->is_variable && s->made <= s->n) {
            size_t i = s->made++ - 1;
            if (!is_variant(s, &s->row[i]))
                continue;
            struct csv_row row = variation_row(s, i);
            keep_dropped(s, &s->row[i], &row);
            *out = copy_row(a, &row);
            return RC_OK;
        }
        enum rc rc = read_group(s, csv);
        if (rc != RC_OK) {
            s->n = 0;
            return rc;
        }
    }
}
