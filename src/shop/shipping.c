/* shipping.c: the cost of a way to deliver and the days it takes. Pure: what the tables say comes
 * in, an amount and two dates go out. Zones, daylight saving and "today" are the database's
 * business. Invariant: both dates of a promise are days on which that kind of work is done. */
#include "shop/shipping.h"

#include "base/money.h"
#include "base/str.h"

bool shipping_kind_parse(const char *word, enum shipping_kind *out)
{
    static const char *const kinds[] = { "flat", "weight", "price", "pickup", "carrier" };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(word, kinds[i])) {
            *out = (enum shipping_kind)i;
            return true;
        }
    return false;
}

/* 1970-01-01 was a Thursday; bit 0 is Monday. */
static bool is_open(const struct shipping_calendar *c, int32_t mask, int32_t day)
{
    int64_t weekday = ((int64_t)day + 3) % 7;
    weekday = weekday < 0 ? weekday + 7 : weekday;
    if ((mask >> weekday & 1) == 0)
        return false;
    for (size_t i = 0; i < c->nholidays; i++)
        if (c->holiday[i] == day)
            return false;
    return true;
}

/* The day n open days after day; with n = 0 the first open day from day on. */
static int32_t open_days_on(const struct shipping_calendar *c, int32_t mask, int32_t day, int32_t n)
{
    enum { LONGEST = 20000 }; /* a calendar of holidays alone ends somewhere too */
    for (int32_t guard = 0; guard < LONGEST; guard++) {
        if (is_open(c, mask, day)) {
            if (n == 0)
                return day;
            n--;
        }
        day++;
    }
    return day;
}

struct shipping_promise shipping_promise(const struct shipping_calendar *c, int32_t today,
                                         int32_t minute, int32_t handling, int32_t days_min,
                                         int32_t days_max)
{
    int32_t start = minute >= c->cutoff_minute ? today + 1 : today;
    int32_t leaves = open_days_on(c, c->work_days, start, 0);
    leaves = open_days_on(c, c->work_days, leaves, handling);
    struct shipping_promise p = { .from = leaves, .until = leaves };
    if (days_min > 0)
        p.from = open_days_on(c, c->delivery_days, leaves + 1, days_min - 1);
    if (days_max > 0)
        p.until = open_days_on(c, c->delivery_days, leaves + 1, days_max - 1);
    return p;
}

static enum rc rate_amount(const struct shipping_rate *r, int64_t weight_g, int64_t value,
                           int64_t *out)
{
    int64_t kilograms = (weight_g - r->min_g + 999) / 1000, extra = 0;
    enum rc rc = RC_OK;
    if (r->per_kg > 0)
        rc = money_mul(r->per_kg, kilograms, &extra);
    if (rc == RC_OK)
        rc = money_add(r->amount, extra, &extra);
    if (rc == RC_OK)
        *out = r->free_from >= 0 && value >= r->free_from ? 0 : extra;
    return rc;
}

enum rc shipping_cost(const struct shipping_method *m, int64_t weight_g, int64_t value,
                      int64_t *amount, int64_t *free_gap)
{
    const struct shipping_rate *best = NULL;
    int64_t least = 0, gap = 0;
    for (size_t i = 0; i < m->nrates; i++) {
        const struct shipping_rate *r = &m->rate[i];
        int64_t cost = 0;
        if (weight_g < r->min_g || weight_g >= r->max_g || value < r->min_minor ||
            value >= r->max_minor)
            continue;
        enum rc rc = rate_amount(r, weight_g, value, &cost);
        if (rc != RC_OK)
            return rc;
        if (best == NULL || cost < least) {
            best = r;
            least = cost;
            gap = r->free_from > value && cost > 0 ? r->free_from - value : 0;
        }
    }
    if (best == NULL)
        return RC_NOTFOUND;
    *amount = least;
    *free_gap = gap;
    return RC_OK;
}
