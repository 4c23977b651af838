/* coupon.c: whether a code may be used on these goods, and the discount it then is. Limits are
 * looked at here so that a page can say why not; that they hold is the business of the statement
 * that spends it (coupon_spend in order_place.c's pipeline) and of its CHECKs. */
#include "shop/coupon.h"

#include <ctype.h>
#include <string.h>

#include "base/money.h"
#include "base/str.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/i18n.h"

enum { CODE_MAX = 40 };

static bool holds(const struct uuids *set, struct uuid id)
{
    for (size_t i = 0; i < set->n; i++)
        if (uuid_cmp(set->v[i], id) == 0)
            return true;
    return false;
}

static bool is_for(const struct coupon *c, const struct coupon_goods *g)
{
    if (c->excludes_sale && g->on_sale)
        return false;
    if (c->products.n == 0 && c->categories.n == 0)
        return true;
    if (holds(&c->products, g->product))
        return true;
    for (size_t i = 0; i < g->categories.n; i++)
        if (holds(&c->categories, g->categories.v[i]))
            return true;
    return false;
}

static bool reached(int32_t limit, int32_t used)
{
    return limit >= 0 && used >= limit;
}

/* What does not depend on the goods. */
static enum coupon_problem check_terms(const struct coupon *c, const char *currency,
                                       struct uuid group, size_t others, int64_t now)
{
    if (!c->active || (c->for_group && uuid_cmp(c->group, group) != 0))
        return COUPON_UNKNOWN;
    if (now < c->from)
        return COUPON_EARLY;
    if (now >= c->until)
        return COUPON_OVER;
    if (reached(c->usage_limit, c->used) || reached(c->code_limit, c->code_used))
        return COUPON_USED_UP;
    if (reached(c->person_limit, c->person_used))
        return COUPON_USED_BY_YOU;
    if (c->currency != NULL && !str_eq(c->currency, currency))
        return COUPON_CURRENCY;
    if (c->exclusive && others > 0)
        return COUPON_ALONE;
    return COUPON_OK;
}

enum coupon_problem coupon_check(const struct coupon *c, const struct coupon_goods *goods, size_t n,
                                 const char *currency, struct uuid group, size_t others,
                                 int64_t now, bool *touches)
{
    int64_t sum = 0;
    size_t touched = 0;
    for (size_t i = 0; i < n; i++) {
        touches[i] = is_for(c, &goods[i]);
        touched += touches[i] ? 1 : 0;
        if (touches[i] && money_add(sum, goods[i].subtotal, &sum) != RC_OK)
            sum = INT64_MAX;
    }
    enum coupon_problem p = check_terms(c, currency, group, others, now);
    if (p != COUPON_OK)
        return p;
    if (touched == 0)
        return COUPON_NO_GOODS;
    return sum < c->minimum ? COUPON_MINIMUM : COUPON_OK;
}

const char *coupon_problem_text(enum coupon_problem p)
{
    switch (p) {
    case COUPON_OK:
        break;
    case COUPON_UNKNOWN:
        return _("This code is not known.");
    case COUPON_EARLY:
        return _("This code cannot be used yet.");
    case COUPON_OVER:
        return _("This code has expired.");
    case COUPON_USED_UP:
        return _("This code has been used up.");
    case COUPON_USED_BY_YOU:
        return _("You have used this code already.");
    case COUPON_CURRENCY:
        return _("This code is for another currency.");
    case COUPON_MINIMUM:
        return _("There is not enough in the cart for this code yet.");
    case COUPON_NO_GOODS:
        return _("Nothing in the cart goes with this code.");
    case COUPON_ALONE:
        return _("This code cannot be used together with another one.");
    }
    return NULL;
}

char *coupon_norm(struct arena *a, const char *typed)
{
    char *out = arena_strdup(a, typed);
    size_t n = 0;
    for (const char *p = out; *p != '\0'; p++) {
        if (*p == ' ' || *p == '\t')
            continue;
        out[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
    }
    out[n] = '\0';
    if (utf8_length(out) > CODE_MAX)
        *out = '\0';
    return out;
}

struct discount coupon_discount(const struct coupon *c)
{
    return (struct discount){ .kind = c->kind,
                              .ppm = c->ppm,
                              .amount = c->amount,
                              .cap = c->cap,
                              .source = "coupon",
                              .source_id = c->id,
                              .code_id = c->code_id,
                              .code = c->code,
                              .label = c->name };
}

enum rc coupon_give_back(struct db *db, struct uuid order)
{
    return shop_q_coupon_give_back(db, order, NULL);
}
