/* cards.h: product cards: the same include wherever products are listed. */
#ifndef STOREFRONT_CARDS_H
#define STOREFRONT_CARDS_H

#include "pages.h"
#include "shop/price.h"
#include "shop/stock.h"

/* A list of cards: queue with a storefront_q_cards_* statement, then, when the rows are there,
 * cards_slots_send, and after the next page_run cards_show. */
struct card_list {
    struct storefront_card_list rows;
    struct slot_subject subject;
};
enum rc cards_slots_send(struct req *r, struct card_list *l) ATTR_MUST_CHECK;
/* Fills section of page with all cards; nothing when there are none. eager: the first so many
 * pictures are above the fold. most: 0 = all. */
enum rc cards_show(struct req *r, struct tpl *page, const char *section, const struct card_list *l,
                   size_t most, size_t eager) ATTR_MUST_CHECK;
/* The same into a section already opened. */
enum rc cards_fill(struct req *r, struct tpl *list, const struct card_list *l, size_t most,
                   size_t eager) ATTR_MUST_CHECK;

/* Before prices of products are asked for: what the visitor's group pays for them, in one trip;
 * none when no group has prices. */
enum rc own_prices_read(struct req *r, const struct uuid *products, size_t n) ATTR_MUST_CHECK;
enum rc cards_own_prices(struct req *r, const struct storefront_card_list *rows) ATTR_MUST_CHECK;
/* rows with those of the group behind them; *n grows. */
struct price_row *own_prices_add(struct req *r, const struct price_row *rows, size_t *n);
/* Price of a card: the range over its variants now. */
struct price_range card_price(struct req *r, const struct storefront_card *c);
/* Only n of the list, from one on. */
enum rc cards_fill_part(struct req *r, struct tpl *list, const struct card_list *l, size_t from,
                        size_t n) ATTR_MUST_CHECK;

/* Price include: range over variants. detailed: with the lowest price of 30 days. */
void price_show(struct req *r, struct tpl *t, const struct price_range *p, bool detailed);
/* One of the stock flags and STOCK_TEXT. */
void stock_show(struct req *r, struct tpl *t, const struct stock_fact *f);
void rating_show(struct req *r, struct tpl *t, int64_t sum, int32_t count);

#endif
