/* shop.h: a small catalogue for tests of the storefront, imported into shops a (LKR, English) and b
 * (IQD, Arabic first) before the tests run. */
#ifndef TESTS_STOREFRONT_SHOP_H
#define TESTS_STOREFRONT_SHOP_H

#include "kit/http.h"

/* Unchecked fixtures: database with the catalogue. */
void shop_open(void);
void shop_close(void);
/* The storefront as a worker serves it; staff: a connection as kade_admin. */
struct kit *shop_kit(bool staff);
/* Imports rows (with header) into a shop by slug; dies when one is refused. */
void shop_import(struct kit *k, const char *slug, const char *csv);
/* Makes the index of a shop anew, as the jobs process would have by now. */
void shop_reindex(struct kit *k, const char *slug);
/* Runs a change of the library in a transaction of shop a. */
void shop_change(struct kit *k, enum rc (*fn)(struct db *db, void *arg), void *arg);
/* An id read by SQL. */
struct uuid shop_id(struct kit *k, const char *sql);

#endif
