/* stock.h: what a shopper is told about stock. Checking and taking stock is the database's work, in
 * one statement at checkout; here are only the words for pages. */
#ifndef SHOP_STOCK_H
#define SHOP_STOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum stock_word { STOCK_IN, STOCK_LOW, STOCK_BACKORDER, STOCK_OUT, STOCK_EXTERNAL };

struct stock_fact {
    bool external;   /* sold by somebody else: no stock of ours */
    bool always;     /* not counted and there */
    int64_t free;    /* sum over warehouses of on hand - held - allocated, never below 0 */
    bool backorder;  /* more may be ordered than is there */
    int64_t reorder; /* shop's own low mark; < 0 = the default */
};

enum { STOCK_LOW_DEFAULT = 3 };

KADE_API enum stock_word stock_word(const struct stock_fact *f) ATTR_NONNULL;

#endif
