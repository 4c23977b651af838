/* suggest.c: what is offered under the search box while somebody types: whole queries, the same
 * words in a category, a few products. A part of a page, for combobox.js; without it nobody comes
 * here. Invariant: two trips at most, and an answer that is empty rather than late or wrong. */
#include "base/str.h"
#include "cards.h"
#include "platform/fmt.h"
#include "shop/picture.h"
#include "shop/search.h"

enum { WORDS_MOST = 4, CATEGORIES_MOST = 2 };

const char *const suggest_names[] = { "WORD",       "ID",       "HREF",    "TEXT",  "SCOPE",
                                      "NAME",       "PRODUCT",  "PICTURE", "PRICE", "SOME",
                                      "COUNT_TEXT", "NO_IMAGE", NULL };

struct suggest {
    const char *query;
    struct search_suggestion found;
    struct storefront_card_list cards;
    struct storefront_facet_label_list labels;
    int64_t options;
};

static enum rc read_suggestions(struct req *r, struct suggest *s)
{
    struct texts chain = storefront_chain(r);
    int32_t categories[COUNT_OF(s->found.category)];
    (void)page_pipe(r);
    enum rc rc = search_suggest(r->db, s->query, r->locale->tag, &s->found);
    if (rc != RC_OK || s->found.nproducts + s->found.ncategories == 0)
        return rc;
    for (size_t i = 0; i < s->found.ncategories; i++)
        categories[i] = s->found.category[i].term;
    storefront_q_cards_found_send(
        page_pipe(r), STOREFRONT_CARDS_FOUND_FRAG_TR & storefront_texts(chain), chain,
        (struct uuids){ s->found.product, s->found.nproducts }, r->now, &s->cards);
    storefront_q_facet_labels_send(
        page_pipe(r), STOREFRONT_FACET_LABELS_FRAG_TR & storefront_texts(chain), chain,
        (struct int4s){ NULL, 0 }, (struct int4s){ categories, s->found.ncategories },
        (struct int4s){ NULL, 0 }, (struct int4s){ NULL, 0 }, &s->labels);
    rc = page_run(r);
    return rc == RC_OK ? cards_own_prices(r, &s->cards) : rc;
}

/* ---- filling -----------------------------------------------------------------------------------
 */
static struct tpl *option(struct tpl *list, struct suggest *s, const char *section,
                          const char *href)
{
    struct tpl *t = tpl_row(list, section);
    tpl_set_int(t, "ID", s->options++);
    tpl_set_text(t, "HREF", href);
    return t;
}

static const char *search_href(struct req *r, const char *words, const char *category)
{
    struct buf b;
    buf_init(&b, r->arena, 8000);
    buf_printf(&b, "%s?q=", url_path(r, "/search"));
    buf_url(&b, words);
    if (category != NULL) {
        buf_str(&b, "&category=");
        buf_url(&b, category);
    }
    return buf_rc(&b) == RC_OK ? b.p : url_path(r, "/search");
}

static void fill_product(struct req *r, struct tpl *list, struct suggest *s,
                         const struct storefront_card *c)
{
    struct tpl *t = option(list, s, "PRODUCT", url_path(r, "/p/%s", c->slug));
    struct price_range price = card_price(r, c);
    tpl_set_text(t, "NAME", c->name);
    if (c->image_paths.n > 0)
        picture_show(r->app->conf, r->arena, t, "PICTURE",
                     &(struct picture){ c->image_paths.v[0], c->image_widths.v[0],
                                        c->image_heights.v[0], c->image_looks.v[0] },
                     PICTURE_THUMB, "", false);
    else
        tpl_show(t, "NO_IMAGE", true);
    if (price.priced)
        tpl_set_text(t, "PRICE",
                     fmt_money(r->arena, r->locale, price.low.amount, r->tenant->currency));
}

static void fill_list(struct req *r, struct tpl *list, struct suggest *s)
{
    for (size_t i = 0; i < s->found.nwords && i < WORDS_MOST; i++)
        tpl_set_text(option(list, s, "WORD", search_href(r, s->found.words[i], NULL)), "TEXT",
                     s->found.words[i]);
    for (size_t i = 0; i < s->labels.n && i < CATEGORIES_MOST; i++) {
        struct tpl *t = option(list, s, "SCOPE", search_href(r, s->query, s->labels.row[i].code));
        tpl_set_text(t, "TEXT", s->query);
        tpl_set_text(t, "NAME", s->labels.row[i].label);
    }
    for (size_t i = 0; i < s->cards.n; i++)
        fill_product(r, list, s, &s->cards.row[i]);
}

enum rc part_suggest(struct req *r)
{
    struct suggest *s = arena_new(r->arena, struct suggest);
    const char *query = req_arg(r, "q");
    s->query = query != NULL ? query : "";
    enum rc rc = read_suggestions(r, s);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = page_new(r, "storefront/suggest.tpl", "");
    struct tpl *list = tpl_row(page, "SOME");
    fill_list(r, list, s);
    tpl_set_text(page, "COUNT_TEXT",
                 arena_printf(r->arena,
                              tr_n("%s suggestion", "%s suggestions", (unsigned long)s->options),
                              fmt_int(r->arena, r->locale, s->options)));
    return page_send_fragment(r, page);
}
