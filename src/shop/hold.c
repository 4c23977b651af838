/* hold.c: who gets stock from where, and the statements that promise it. The plan is made in C from
 * what was read; whether it still holds is decided by the database in one statement, under locks in
 * one order. Invariant: a refused statement leaves nothing behind, because its transaction is
 * rolled back. */
#include "shop/hold.h"

#include "app/event.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/cart.h"
#include "shop/product.h"

/* The best place for a want: first one that has all of it, by priority; else the best that has
 * some. */
static size_t pick(const struct stock_place *p, const int64_t *left, size_t n,
                   const struct stock_want *w, int64_t quantity)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
        if (left[i] <= 0 || uuid_cmp(p[i].variant, w->variant) != 0)
            continue;
        if (best == n) {
            best = i;
            continue;
        }
        bool whole = left[i] >= quantity, whole_best = left[best] >= quantity;
        if (whole != whole_best
                ? whole
                : p[i].priority > p[best].priority ||
                      (p[i].priority == p[best].priority && !whole && left[i] > left[best]))
            best = i;
    }
    return best;
}

enum rc stock_plan(struct arena *a, const struct stock_want *wants, size_t nwants,
                   const struct stock_place *places, size_t nplaces, struct stock_take **out,
                   size_t *n, size_t *missing)
{
    int64_t *left = arena_array(a, int64_t, nplaces);
    struct stock_take *take = arena_array(a, struct stock_take, nwants + nplaces);
    size_t count = 0;
    for (size_t i = 0; i < nplaces; i++)
        left[i] = places[i].free;
    for (size_t w = 0; w < nwants; w++) {
        int64_t quantity = wants[w].quantity;
        while (quantity > 0) {
            size_t at = pick(places, left, nplaces, &wants[w], quantity);
            if (at == nplaces || quantity > INT32_MAX) {
                *missing = w;
                return RC_CONFLICT;
            }
            int64_t q = left[at] < quantity ? left[at] : quantity;
            take[count++] = (struct stock_take){ .variant = wants[w].variant,
                                                 .warehouse = places[at].warehouse,
                                                 .quantity = (int32_t)q,
                                                 .want = w };
            left[at] -= q;
            quantity -= q;
        }
    }
    *out = take;
    *n = count;
    return RC_OK;
}

struct holding {
    const struct cart *cart;
    int64_t until;
};

static enum rc hold_in_tx(struct db *db, void *arg)
{
    const struct holding *h = arg;
    size_t n = h->cart->ntakes;
    struct arena *a = db_arena(db);
    struct uuid *variant = arena_array(a, struct uuid, n);
    struct uuid *warehouse = arena_array(a, struct uuid, n);
    int32_t *quantity = arena_array(a, int32_t, n);
    for (size_t i = 0; i < n; i++) {
        variant[i] = h->cart->take[i].variant;
        warehouse[i] = h->cart->take[i].warehouse;
        quantity[i] = h->cart->take[i].quantity;
    }
    int64_t held = 0;
    enum rc rc = shop_q_hold_take(db, h->cart->id, (struct uuids){ variant, n },
                                  (struct uuids){ warehouse, n }, (struct int4s){ quantity, n },
                                  h->until, &held);
    return rc == RC_OK && held == 0 && n > 0 ? RC_CONFLICT : rc;
}

enum rc hold_start(struct db *db, const struct cart *cart, int64_t now)
{
    struct holding h = { .cart = cart, .until = now + SECONDS(HOLD_MINUTES * 60) };
    return db_tx(db, DB_TX_RETRY, hold_in_tx, &h);
}

struct sweep {
    int64_t now, ended;
    int32_t most;
};

static enum rc sweep_in_tx(struct db *db, void *arg)
{
    struct sweep *s = arg;
    struct shop_swept swept;
    enum rc rc = shop_q_holds_sweep(db, s->now, s->most, &swept);
    if (rc == RC_OK)
        s->ended = swept.ended;
    return rc;
}

enum rc hold_sweep(struct db *db, int64_t now, int32_t most, int64_t *ended)
{
    struct sweep s = { .now = now, .most = most };
    enum rc rc = db_tx(db, DB_TX_RETRY, sweep_in_tx, &s);
    if (rc == RC_OK)
        *ended = s.ended;
    return rc;
}

enum rc stock_crossings(struct db *db, const struct uuid *variants, size_t n, int64_t now)
{
    struct shop_stock_mark_list marks;
    enum rc rc =
        n == 0 ? RC_OK : shop_q_stock_marks(db, (struct uuids){ variants, n }, now, &marks);
    if (rc != RC_OK || n == 0)
        return rc;
    struct uuid *changed = arena_array(db_arena(db), struct uuid, marks.n);
    size_t nchanged = 0;
    for (size_t i = 0; i < marks.n && rc == RC_OK; i++) {
        const struct shop_stock_mark *m = &marks.row[i];
        bool out = str_eq(m->kind, "out");
        if (out)
            changed[nchanged++] = m->product_id;
        if (!out && !m->is_on)
            continue; /* enough again: nothing to tell */
        rc = event_emit(db, out ? (m->is_on ? "stock.out" : "stock.back") : "stock.low",
                        m->variant_id, m->crossings, "product=%s free=%lld",
                        uuid_str(db_arena(db), m->product_id), (long long)m->free);
    }
    return rc == RC_OK ? product_changed(db, changed, nchanged, now) : rc;
}
