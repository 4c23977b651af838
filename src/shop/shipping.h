/* shipping.h: ways to get goods to a place, what they cost and when they arrive. Pure: methods and
 * rates come from shipping_candidates, the day and minute in the shop's zone from the database.
 * Days are int32_t since 1970-01-01, as FT_DATE. */
#ifndef SHOP_SHIPPING_H
#define SHOP_SHIPPING_H

#include "base/arena.h"
#include "base/field.h"
#include "base/id.h"
#include "base/rc.h"

enum shipping_kind {
    SHIPPING_FLAT,
    SHIPPING_WEIGHT,
    SHIPPING_PRICE,
    SHIPPING_PICKUP,
    SHIPPING_CARRIER
};
KADE_API bool shipping_kind_parse(const char *word, enum shipping_kind *out) ATTR_NONNULL;

struct shipping_calendar {
    int32_t work_days, delivery_days; /* bit 0 = Monday */
    int32_t cutoff_minute;
    const int32_t *holiday; /* ascending */
    size_t nholidays;
};
struct shipping_promise {
    int32_t from, until;
};
/* Ordered on local day today at minute: packed on a working day (from the cut-off on, the next
 * one), handling working days later handed over, brought days_min..days_max delivery days after
 * that. With days 0 (pickup) it is the day it is ready. */
KADE_API struct shipping_promise shipping_promise(const struct shipping_calendar *c, int32_t today,
                                                  int32_t minute, int32_t handling,
                                                  int32_t days_min, int32_t days_max) ATTR_NONNULL;

struct shipping_rate {
    int64_t min_g, max_g, min_minor, max_minor; /* from min up to below max */
    int64_t amount, per_kg;                     /* per_kg for every begun kilogram above min_g */
    int64_t free_from;                          /* < 0: never free */
};
struct shipping_method {
    struct uuid id;
    const char *code, *name, *carrier, *tax_class;
    enum shipping_kind kind;
    int32_t handling_days, days_min, days_max;
    struct shipping_calendar calendar;
    const struct shipping_rate *rate;
    size_t nrates;
};
struct shipping_option {
    const struct shipping_method *method;
    int64_t amount;
    int64_t free_gap; /* goods missing until it is free; 0: is free or never */
    struct shipping_promise promise;
};
/* What a method costs for goods of this weight and value (after discounts). RC_NOTFOUND when no
 * rate of it fits; RC_LIMIT on overflow. */
KADE_API enum rc shipping_cost(const struct shipping_method *m, int64_t weight_g, int64_t value,
                               int64_t *amount, int64_t *free_gap) ATTR_NONNULL ATTR_MUST_CHECK;

/* The methods offered for a place, cheapest first, with cost and dates. One trip. currency as the
 * cart's, weight and value of the goods; zone of the shop. */
struct shipping_ask {
    const char *country, *region, *city, *postcode, *currency, *zone;
    int64_t weight_g, value, now;
};
struct db;
KADE_API enum rc shipping_options(struct db *db, const struct shipping_ask *ask,
                                  const struct shipping_option **out,
                                  size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;
/* The same for one of a product, before there is a cart: leaves with a pipeline; read it after the
 * pipe has run. ask: weight and value are the product's. */
struct db_pipe;
struct shipping_quote;
KADE_API struct shipping_quote *shipping_quote_send(struct db_pipe *p, struct arena *a,
                                                    struct uuid product,
                                                    const struct shipping_ask *ask) ATTR_NONNULL;
KADE_API const struct shipping_option *
shipping_quote_options(struct arena *a, const struct shipping_quote *q, size_t *n) ATTR_NONNULL;

#endif
