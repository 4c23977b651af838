/* stock.c: from stock figures to the word a shopper reads. Not the truth about stock: that is the
 * CHECK on shop.stock_levels and the statement that takes stock at checkout. Pure: figures in, a
 * word out. */
#include "shop/stock.h"

enum stock_word stock_word(const struct stock_fact *f)
{
    if (f->external)
        return STOCK_EXTERNAL;
    if (f->always)
        return STOCK_IN;
    if (f->free <= 0)
        return f->backorder ? STOCK_BACKORDER : STOCK_OUT;
    int64_t low = f->reorder >= 0 ? f->reorder : STOCK_LOW_DEFAULT;
    return f->free <= low ? STOCK_LOW : STOCK_IN;
}
