/* import_kade_cell.c: the columns that only our own format has: texts in other languages, custom
 * fields, stock by warehouse, whole price lists, publish windows and what else a product says.
 * Pure. What needs the shop to judge (a custom value, a list's currency) is left as text for
 * import_save_more.c. */
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "shop/import_woo_int.h"
#include "shop/text.h"

/* ---- header ------------------------------------------------------------------------------------
 */
static bool is_locale(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz");
    return (n == 2 || n == 3) &&
           (s[n] == '\0' || (s[n] == '-' && strlen(s + n) == 3 &&
                             strspn(s + n + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2));
}

static bool is_code(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return n > 0 && n <= 60 && s[n] == '\0';
}

static void add_extra(struct woo_header *h, struct arena *a, struct extra_column c)
{
    c.title = arena_strdup(a, c.title);
    if (h->nextras < ITEM_EXTRAS)
        h->extra[h->nextras++] = c;
}

/* "Download 2 URL", "download_2_url". */
static bool download_column(struct woo_header *h, struct arena *a, const char *title, int i)
{
    const char *t = str_lower(a, title);
    if (!str_starts(t, "download ") && !str_starts(t, "download_"))
        return false;
    int no = t[9] - '0';
    if (no < 1 || no > 9 || (t[10] != ' ' && t[10] != '_'))
        return false;
    bool is_url = str_eq(t + 11, "url");
    if (!is_url && !str_eq(t + 11, "name"))
        return str_eq(t + 11, "id");
    add_extra(h, a,
              (struct extra_column){ .kind = is_url ? EXTRA_DOWNLOAD_URL : EXTRA_DOWNLOAD_NAME,
                                     .i = i,
                                     .title = title,
                                     .no = no });
    return true;
}

static bool text_column(struct woo_header *h, struct arena *a, char *field, const char *locale,
                        const char *title, int i)
{
    static const char *const fields[] = { "name",         "summary",         "description",
                                          "seo_title",    "seo_description", "external_label",
                                          "purchase_note" };
    bool known = str_starts(field, "custom:") && is_code(field + 7);
    for (size_t k = 0; k < COUNT_OF(fields); k++)
        known |= str_eq(field, fields[k]);
    if (!known || !is_locale(locale))
        return false;
    if (str_starts(field, "custom:"))
        field[6] = '_';
    add_extra(h, a, (struct extra_column){ EXTRA_TEXT, i, title, field, locale, 0 });
    return true;
}

bool kade_extra_column(struct woo_header *h, struct arena *a, const char *title, int i)
{
    char *word = arena_strdup(a, title), *at = strrchr(word, '@');
    static const struct {
        const char *prefix;
        enum extra_kind kind;
    } kinds[] = { { "custom:", EXTRA_CUSTOM },
                  { "stock:", EXTRA_STOCK },
                  { "prices:", EXTRA_PRICES } };
    if (download_column(h, a, title, i))
        return true;
    if (!h->is_kade)
        return false;
    if (at != NULL) {
        *at = '\0';
        return text_column(h, a, word, at + 1, title, i);
    }
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        size_t n = strlen(kinds[k].prefix);
        if (!str_starts(word, kinds[k].prefix) || !is_code(word + n))
            continue;
        add_extra(h, a, (struct extra_column){ kinds[k].kind, i, title, word + n, NULL, 0 });
        return true;
    }
    return false;
}

/* ---- rows --------------------------------------------------------------------------------------
 */
static void read_text(struct reading *r, const struct extra_column *c)
{
    struct import_item *it = r->it;
    bool is_long = str_eq(c->arg, "description") || str_starts(c->arg, "custom_");
    bool lines = is_long || str_eq(c->arg, "summary");
    size_t most = str_eq(c->arg, "name")      ? 300
                  : str_eq(c->arg, "summary") ? 2000
                  : is_long                   ? TEXT_MAX
                                              : 2000;
    const char *s = woo_cell_at(r, c->i, c->title, 256 * 1024, lines ? UTF8_MULTILINE : 0);
    if (s == NULL)
        return;
    if (utf8_length(s) > most || strlen(s) > TEXT_MAX) {
        woo_bad(r, c->title, arena_printf(r->a, "has more than %zu characters", most));
        return;
    }
    it->text[it->ntexts++] = (struct item_text){ c->title, c->locale, c->arg, s };
}

static void read_stock(struct reading *r, const struct extra_column *c)
{
    struct import_item *it = r->it;
    const char *s = woo_cell_at(r, c->i, c->title, 100, 0);
    int64_t n = 0;
    if (!str_empty(s) && str_int(s, 0, 1000000000, &n) != RC_OK) {
        woo_bad(r, c->title,
                arena_printf(r->a, "\"%s\" is no number of pieces", utf8_cut(r->a, s, 40)));
        return;
    }
    if (s != NULL)
        it->stock[it->nstocks++] =
            (struct item_stock){ c->title, c->arg, !str_empty(s), (int32_t)n };
}

/* "2026-11-01T00:00:00Z..2026-12-01T00:00:00Z", either side may be open. */
static bool read_window(struct reading *r, const char *s, struct item_price *p)
{
    char *from = arena_strdup(r->a, s), *until = strstr(from, "..");
    p->from = INSTANT_MIN;
    p->until = INSTANT_MAX;
    if (until == NULL)
        return *from == '\0';
    *until = '\0';
    until += 2;
    return (*from == '\0' || instant_parse(from, &p->from) == RC_OK) &&
           (*until == '\0' || instant_parse(until, &p->until) == RC_OK) && p->from < p->until;
}

/* "19.90; 10=17.50; 15.00 2026-11-01T00:00:00Z..": prices of a list, each from a quantity on and in
 * a window. */
static bool read_price(struct reading *r, char *s, struct item_price *p)
{
    char *eq = strchr(s, '='), *blank;
    int64_t n = 1;
    if (eq != NULL) {
        *eq = '\0';
        if (str_int(str_trim(r->a, s), 1, 1000000, &n) != RC_OK)
            return false;
        s = str_trim(r->a, eq + 1);
    }
    blank = strchr(s, ' ');
    if (blank != NULL)
        *blank = '\0';
    p->min_quantity = (int32_t)n;
    p->amount = s;
    return *s != '\0' && strlen(s) < 30 &&
           read_window(r, blank != NULL ? str_trim(r->a, blank + 1) : "", p);
}

static void read_prices(struct reading *r, const struct extra_column *c)
{
    struct import_item *it = r->it;
    char **part;
    const char *s = woo_cell_at(r, c->i, c->title, 64 * 1024, 0);
    if (s == NULL)
        return;
    size_t n = str_split(r->a, s, ';', &part);
    struct item_prices *list = &it->prices[it->nprices++];
    *list = (struct item_prices){ c->title, c->arg, arena_array(r->a, struct item_price, n), 0 };
    for (size_t i = 0; i < n; i++) {
        char *one = str_trim(r->a, part[i]);
        if (*one == '\0')
            continue;
        if (list->n == 200 || !read_price(r, arena_strdup(r->a, one), &list->v[list->n])) {
            woo_bad(r, c->title,
                    arena_printf(r->a,
                                 "\"%s\" is no price like 19.90, 10=17.50 or 15.00 "
                                 "2026-11-01T00:00:00Z..2026-12-01T00:00:00Z",
                                 utf8_cut(r->a, one, 60)));
            return;
        }
        list->n++;
    }
}

static void read_download(struct reading *r, const struct extra_column *c)
{
    struct import_item *it = r->it;
    const char *s = woo_cell_at(r, c->i, c->title, 8000, 0);
    it->downloads_given = true;
    if (str_empty(s))
        return;
    struct item_download *d = &it->download[c->no];
    if (utf8_length(s) > (c->kind == EXTRA_DOWNLOAD_URL ? 2000U : 200U))
        woo_bad(r, c->title, "is too long");
    else if (c->kind == EXTRA_DOWNLOAD_URL)
        d->url = s;
    else
        d->name = s;
}

static void read_extras(struct reading *r)
{
    struct import_item *it = r->it;
    size_t n = r->h->nextras;
    it->text = arena_array(r->a, struct item_text, n);
    it->custom = arena_array(r->a, struct item_custom, n);
    it->stock = arena_array(r->a, struct item_stock, n);
    it->prices = arena_array(r->a, struct item_prices, n);
    for (size_t i = 0; i < n; i++) {
        const struct extra_column *c = &r->h->extra[i];
        const char *s;
        switch (c->kind) {
        case EXTRA_TEXT:
            read_text(r, c);
            break;
        case EXTRA_CUSTOM:
            s = woo_cell_at(r, c->i, c->title, 64 * 1024, UTF8_MULTILINE);
            if (s != NULL)
                it->custom[it->ncustoms++] = (struct item_custom){ c->title, c->arg, s };
            break;
        case EXTRA_STOCK:
            read_stock(r, c);
            break;
        case EXTRA_PRICES:
            read_prices(r, c);
            break;
        case EXTRA_DOWNLOAD_NAME:
        case EXTRA_DOWNLOAD_URL:
            read_download(r, c);
            break;
        }
    }
}

/* Downloads close up: a name without an address is none. */
static void close_downloads(struct import_item *it)
{
    size_t n = 0;
    for (size_t i = 0; i < ITEM_DOWNLOADS; i++)
        if (it->download[i].url != NULL) {
            struct item_download d = it->download[i];
            if (d.name == NULL)
                d.name = "File";
            it->download[n++] = d;
        }
    it->ndownloads = n;
}

/* A number that may be missing: -1. */
static const int32_t *count(struct reading *r, enum column c)
{
    static const int32_t none = -1;
    const char *s = woo_cell(r, c, 100);
    const int32_t *n = woo_whole(r, c, -1, 1000000);
    return s == NULL ? NULL : n != NULL && *n > 0 ? n : &none;
}

static void read_window_of(struct reading *r, enum column c, bool is_end, const char **out)
{
    const char *s = woo_cell(r, c, 100);
    woo_local_time(r, c, is_end, out);
    if (s != NULL && *out == NULL)
        *out = "";
}

static void read_status(struct reading *r)
{
    static const char *const words[] = { "draft", "active", "archived" };
    const char *s = woo_cell(r, COL_STATUS, 100);
    bool known = false;
    if (str_empty(s))
        return;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_ieq(s, words[i])) {
            r->it->status = words[i];
            known = true;
        }
    if (!known)
        woo_bad(r, r->h->title[COL_STATUS], "is not draft, active or archived");
}

static void read_policy(struct reading *r)
{
    static const char *const words[] = { "tracked", "always", "never" };
    struct import_item *it = r->it;
    const char *s = woo_cell(r, COL_STOCK_POLICY, 100);
    const int32_t *limit = woo_whole(r, COL_BACKORDER_LIMIT, 0, 1000000);
    if (limit != NULL)
        it->backorder_limit = *limit;
    if (str_empty(s))
        return;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_ieq(s, words[i])) {
            it->stock_policy = words[i];
            it->stock_given = true;
            return;
        }
    woo_bad(r, r->h->title[COL_STOCK_POLICY], "is not tracked, always or never");
}

void kade_read(struct reading *r)
{
    struct import_item *it = r->it;
    read_extras(r);
    close_downloads(it);
    read_status(r);
    read_policy(r);
    it->seo_title = woo_short_text(r, COL_SEO_TITLE, 300);
    it->seo_description = woo_short_text(r, COL_SEO_DESCRIPTION, 1000);
    it->product_type = woo_short_text(r, COL_PRODUCT_TYPE, 60);
    it->unit = woo_short_text(r, COL_UNIT, 20);
    it->slug = woo_cell(r, COL_SLUG, 400);
    if (!str_empty(it->slug) && !str_eq(it->slug, utf8_slug(r->a, it->slug)))
        woo_bad(r, r->h->title[COL_SLUG],
                "is no address: small letters, digits and single hyphens");
    read_window_of(r, COL_PUBLISH_FROM, false, &it->publish_from);
    read_window_of(r, COL_PUBLISH_UNTIL, true, &it->publish_until);
    it->min_quantity = woo_whole(r, COL_MIN_QUANTITY, 1, 1000000);
    const int32_t *most = woo_whole(r, COL_MAX_QUANTITY, 1, 1000000);
    it->max_quantity = most != NULL ? most : it->max_quantity;
    it->price_quantity = woo_whole(r, COL_PRICE_QUANTITY, 1, 1000000);
    it->download_limit = count(r, COL_DOWNLOAD_LIMIT);
    it->download_days = count(r, COL_DOWNLOAD_DAYS);
    it->cost_given = r->h->col[COL_COST] != NONE;
    it->has_cost = woo_amount(r, COL_COST, &it->cost);
    it->related = woo_list_cell(r, COL_RELATED, 100, 110);
    if (it->min_quantity != NULL && it->max_quantity != NULL &&
        *it->min_quantity > *it->max_quantity)
        woo_bad(r, r->h->title[COL_MIN_QUANTITY], "is more than the maximum quantity");
}
