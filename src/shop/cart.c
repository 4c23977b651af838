/* cart.c: finding, reading and changing carts. What a line costs and whether it can be had is
 * worked out by cart_lines.c and cart_build.c at every reading; here are only the owner, the
 * transaction and the statements. Invariant: every change first locks the owner's own cart, so a
 * foreign line is never found.
 */
#include "shop/cart.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/cart_int.h"

static struct bytes token_of(const struct trade *t)
{
    return (struct bytes){ t->session, t->session != NULL ? CRYPTO_HASH : 0 };
}

static const struct uuid *customer_of(const struct trade *t)
{
    return uuid_is_nil(t->customer) ? NULL : &t->customer;
}

/* Piece of the statements that says whose: 0 when nobody can own a cart yet. */
static unsigned owner_frag(const struct trade *t, unsigned guest, unsigned customer)
{
    if (!uuid_is_nil(t->customer))
        return customer;
    return t->session != NULL ? guest : 0;
}

static void send_rest(struct db_pipe *p, const struct trade *t, struct uuid cart,
                      const char *currency, struct cart_rows *rows)
{
    unsigned tr = t->chain.n > 0 ? SHOP_CART_LINES_FRAG_TR : 0;
    shop_q_cart_lines_send(p, tr, t->chain, cart, t->now, &rows->lines);
    shop_q_cart_prices_send(p, cart, currency, &rows->prices);
    shop_q_cart_levels_send(p, cart, t->now, &rows->levels);
    shop_q_cart_parts_send(p, cart, &rows->parts);
    shop_q_coupons_of_cart_send(p, cart, &rows->coupons);
    shop_q_tax_candidates_cart_send(p, cart, t->country, t->now, &rows->taxes);
    shop_q_shipping_candidates_cart_send(p, cart, t->country, currency, t->zone, t->now,
                                         &rows->shipping);
    shop_q_payment_offers_send(p, cart, t->country, currency, &rows->payments);
}

enum rc cart_read(struct db *db, const struct trade *t, const struct uuid *id, struct cart *out)
{
    struct cart_rows rows = { 0 };
    unsigned owner = owner_frag(t, SHOP_CART_HEAD_FRAG_GUEST, SHOP_CART_HEAD_FRAG_CUSTOMER);
    if (owner == 0)
        return RC_NOTFOUND;
    enum rc rc = RC_OK;
    if (id == NULL) {
        rc = shop_q_cart_head(db, owner, NULL, token_of(t), customer_of(t), t->country, t->now,
                              &rows.head);
        if (rc != RC_OK)
            return rc;
        if (!rows.head.found)
            return RC_NOTFOUND;
    }
    struct db_pipe *p = db_pipe(db);
    if (id != NULL)
        shop_q_cart_head_send(p, owner | SHOP_CART_HEAD_FRAG_BY_ID, id, token_of(t), customer_of(t),
                              t->country, t->now, &rows.head);
    send_rest(p, t, id != NULL ? *id : rows.head.row.id,
              id != NULL ? t->currency : rows.head.row.currency, &rows);
    rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    if (!rows.head.found || rows.head.row.expires_at <= t->now)
        return RC_NOTFOUND;
    return cart_build(db_arena(db), t, &rows, out);
}

struct shop_cart_pieces *cart_count_send(struct db_pipe *p, struct arena *a, const struct trade *t)
{
    unsigned owner = owner_frag(t, SHOP_CART_COUNT_FRAG_GUEST, SHOP_CART_COUNT_FRAG_CUSTOMER);
    if (owner == 0)
        return NULL;
    struct shop_cart_pieces *pieces = arena_new(a, struct shop_cart_pieces);
    shop_q_cart_count_send(p, owner, token_of(t), customer_of(t), pieces);
    return pieces;
}

int64_t cart_count_of(const struct shop_cart_pieces *pieces)
{
    return pieces != NULL ? pieces->pieces : 0;
}

/* ---- changing ---------------------------------------------------------------------------------
 */
struct change {
    const struct trade *t;
    enum rc (*fn)(struct db *, struct uuid cart, struct change *);
    bool make; /* a cart where there is none */
    struct uuid line, variant, seller;
    int32_t quantity, most;
    int64_t price;
    bool for_later;
    const char *token;
    const struct cart *seen;
    const struct cart_copy *copy;
    size_t added;
};

static enum rc lock_cart(struct db *db, const struct trade *t, struct shop_cart_key_maybe *key)
{
    int64_t until = t->now + SECONDS(INT64_C(86400) * CART_DAYS);
    return shop_q_cart_lock(db,
                            owner_frag(t, SHOP_CART_LOCK_FRAG_GUEST, SHOP_CART_LOCK_FRAG_CUSTOMER),
                            token_of(t), customer_of(t), until, key);
}

static enum rc change_in_tx(struct db *db, void *arg)
{
    struct change *c = arg;
    const struct trade *t = c->t;
    struct shop_cart_key_maybe key;
    enum rc rc = lock_cart(db, t, &key);
    if (rc == RC_OK && !key.found && c->make) {
        struct bytes token = customer_of(t) != NULL ? (struct bytes){ NULL, 0 } : token_of(t);
        rc = shop_q_cart_new(db, uuid7_new(), token, customer_of(t), t->store, t->currency,
                             t->now + SECONDS(INT64_C(86400) * CART_DAYS), NULL);
        if (rc == RC_OK)
            rc = lock_cart(db, t, &key); /* ours, or that of the other tab */
    }
    if (rc != RC_OK)
        return rc;
    return key.found ? c->fn(db, key.row.id, c) : RC_NOTFOUND;
}

static enum rc change(struct db *db, struct change *c)
{
    if (owner_frag(c->t, 1, 1) == 0)
        return RC_NOTFOUND;
    return db_tx(db, DB_TX_RETRY, change_in_tx, c);
}

static enum rc one_row(enum rc rc, int64_t affected)
{
    return rc == RC_OK && affected == 0 ? RC_NOTFOUND : rc;
}

static enum rc do_add(struct db *db, struct uuid cart, struct change *c)
{
    int64_t n = 0;
    enum rc rc = shop_q_cart_item_add(db, uuid7_new(), cart, c->variant, c->seller, c->quantity,
                                      c->most, c->price, &n);
    return rc == RC_OK && n == 0 ? RC_CONFLICT : rc;
}

/* What the variant may be sold at now; RC_NOTFOUND when it may not. */
static enum rc find_offer(struct db *db, struct change *c, int64_t quantity)
{
    struct shop_variant_offer_list rows;
    const struct trade *t = c->t;
    enum rc rc = shop_q_variant_offer(db, c->variant, customer_of(t), t->currency, t->now, &rows);
    if (rc != RC_OK)
        return rc;
    if (rows.n == 0)
        return RC_NOTFOUND;
    const struct shop_variant_offer *first = &rows.row[0];
    if (quantity < first->min_quantity || quantity > first->max_quantity)
        return RC_INVALID;
    struct price_row *p = arena_array(db_arena(db), struct price_row, rows.n);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        enum price_kind kind;
        if (!price_kind_parse(rows.row[i].kind, &kind))
            continue;
        p[n++] = (struct price_row){ .variant_id = c->variant,
                                     .kind = kind,
                                     .priority = rows.row[i].priority,
                                     .min_quantity = rows.row[i].from_quantity,
                                     .amount = rows.row[i].amount_minor,
                                     .lowest_30d = -1,
                                     .from = rows.row[i].valid_from,
                                     .until = rows.row[i].valid_until };
    }
    struct price price = price_resolve(p, n, c->variant, (int32_t)quantity, t->now);
    struct pricing_terms terms = { .currency = currency_find(t->currency) };
    if (price.reason == PRICE_NONE || terms.currency == NULL)
        return RC_NOTFOUND;
    c->seller = first->seller_id;
    c->quantity = (int32_t)quantity;
    c->most = first->max_quantity;
    c->price = pricing_unit(&terms, price.amount);
    return RC_OK;
}

enum rc cart_add(struct db *db, const struct trade *t, struct uuid variant, int64_t quantity)
{
    struct change c = { .t = t, .fn = do_add, .make = true, .variant = variant };
    if (quantity < 1 || quantity > 1000000)
        return RC_INVALID;
    enum rc rc = find_offer(db, &c, quantity);
    return rc == RC_OK ? change(db, &c) : rc;
}

static enum rc do_set(struct db *db, struct uuid cart, struct change *c)
{
    int64_t n = 0;
    enum rc rc = shop_q_cart_item_set(db, cart, c->line, c->quantity, &n);
    return one_row(rc, n);
}

static enum rc do_remove(struct db *db, struct uuid cart, struct change *c)
{
    int64_t n = 0;
    enum rc rc = shop_q_cart_item_remove(db, cart, c->line, c->t->now, &n);
    return one_row(rc, n);
}

enum rc cart_remove(struct db *db, const struct trade *t, struct uuid line)
{
    return change(db, &(struct change){ .t = t, .fn = do_remove, .line = line });
}

enum rc cart_set(struct db *db, const struct trade *t, struct uuid line, int64_t quantity)
{
    if (quantity == 0)
        return cart_remove(db, t, line);
    if (quantity < 0 || quantity > 1000000)
        return RC_INVALID;
    struct change c = { .t = t, .fn = do_set, .line = line, .quantity = (int32_t)quantity };
    return change(db, &c);
}

static enum rc do_restore(struct db *db, struct uuid cart, struct change *c)
{
    int64_t n = 0;
    enum rc rc = shop_q_cart_item_restore(db, cart, c->line,
                                          c->t->now - SECONDS(CART_UNDO_MINUTES * 60), &n);
    return one_row(rc, n);
}

enum rc cart_restore(struct db *db, const struct trade *t, struct uuid line)
{
    return change(db, &(struct change){ .t = t, .fn = do_restore, .line = line });
}

static enum rc do_save(struct db *db, struct uuid cart, struct change *c)
{
    int64_t n = 0;
    enum rc rc = shop_q_cart_item_save(db, cart, c->line, c->for_later ? &c->t->now : NULL, &n);
    return one_row(rc, n);
}

enum rc cart_save(struct db *db, const struct trade *t, struct uuid line, bool for_later)
{
    return change(db,
                  &(struct change){ .t = t, .fn = do_save, .line = line, .for_later = for_later });
}

static enum rc do_confirm(struct db *db, struct uuid cart, struct change *c)
{
    const struct cart *s = c->seen;
    struct uuid *id = arena_array(db_arena(db), struct uuid, s->nitems);
    int64_t *price = arena_array(db_arena(db), int64_t, s->nitems);
    size_t n = 0;
    for (size_t i = 0; i < s->nitems; i++)
        if (s->item[i].line != SIZE_MAX) {
            id[n] = s->item[i].id;
            price[n++] = s->lines[s->item[i].line].unit;
        }
    return shop_q_cart_prices_seen(db, cart, (struct uuids){ id, n }, (struct int8s){ price, n },
                                   NULL);
}

enum rc cart_confirm(struct db *db, const struct trade *t, const struct cart *seen)
{
    return change(db, &(struct change){ .t = t, .fn = do_confirm, .seen = seen });
}

static enum rc do_code_add(struct db *db, struct uuid cart, struct change *c)
{
    return shop_q_cart_code_add(db, cart, c->line, NULL);
}

enum rc cart_code_add(struct db *db, const struct trade *t, const char *code)
{
    struct shop_code_found_maybe found;
    const char *norm = coupon_norm(db_arena(db), code);
    if (*norm == '\0')
        return RC_NOTFOUND;
    enum rc rc = shop_q_coupon_code_find(db, norm, &found);
    if (rc != RC_OK)
        return rc;
    if (!found.found)
        return RC_NOTFOUND;
    return change(db, &(struct change){ .t = t, .fn = do_code_add, .line = found.row.code_id });
}

static enum rc do_code_remove(struct db *db, struct uuid cart, struct change *c)
{
    return shop_q_cart_code_remove(db, cart, c->line, NULL);
}

enum rc cart_code_remove(struct db *db, const struct trade *t, struct uuid code)
{
    return change(db, &(struct change){ .t = t, .fn = do_code_remove, .line = code });
}

/* ---- sharing ----------------------------------------------------------------------------------
 */
static enum rc do_share(struct db *db, struct uuid cart, struct change *c)
{
    unsigned char hash[CRYPTO_HASH];
    int64_t n = 0;
    crypto_token_hash(c->token, hash);
    enum rc rc = shop_q_cart_share_add(db, (struct bytes){ hash, sizeof(hash) }, cart,
                                       c->t->now + SECONDS(INT64_C(86400) * CART_SHARE_DAYS), &n);
    return one_row(rc, n);
}

enum rc cart_share(struct db *db, const struct trade *t, const char **token)
{
    struct change c = { .t = t, .fn = do_share, .token = crypto_token(db_arena(db)) };
    enum rc rc = change(db, &c);
    if (rc == RC_OK)
        *token = c.token;
    return rc;
}

enum rc cart_shared(struct db *db, const struct trade *t, const char *token, struct cart_copy *out)
{
    unsigned char hash[CRYPTO_HASH];
    struct shop_cart_row_list rows;
    struct arena *a = db_arena(db);
    crypto_token_hash(token, hash);
    enum rc rc =
        shop_q_cart_share_lines(db, t->chain.n > 0 ? SHOP_CART_SHARE_LINES_FRAG_TR : 0, t->chain,
                                (struct bytes){ hash, sizeof(hash) }, t->now, &rows);
    if (rc != RC_OK)
        return rc;
    if (rows.n == 0)
        return RC_NOTFOUND;
    struct cart_line *l = arena_array(a, struct cart_line, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct shop_cart_row *r = &rows.row[i];
        l[i] = (struct cart_line){ .variant = r->variant_id,
                                   .product = r->product_id,
                                   .slug = r->slug,
                                   .name = r->name,
                                   .options = r->options,
                                   .sku = r->sku,
                                   .image = r->image,
                                   .quantity = r->quantity,
                                   .for_sale = r->for_sale };
    }
    *out = (struct cart_copy){ .line = l, .n = rows.n };
    return RC_OK;
}

enum rc cart_copy_shared(struct db *db, const struct trade *t, const char *token, size_t *added)
{
    struct cart_copy copy;
    size_t n = 0;
    enum rc rc = cart_shared(db, t, token, &copy);
    for (size_t i = 0; i < copy.n && rc == RC_OK; i++) {
        rc = cart_add(db, t, copy.line[i].variant, copy.line[i].quantity);
        n += rc == RC_OK ? 1 : 0;
        if (rc == RC_NOTFOUND || rc == RC_INVALID || rc == RC_CONFLICT)
            rc = RC_OK; /* gone since: the others still come */
    }
    if (rc == RC_OK)
        *added = n;
    return rc;
}

/* ---- login ------------------------------------------------------------------------------------
 */
static const char *const merges[] = { "larger", "sum", "guest", "keep" };

bool cart_merge_parse(const char *word, enum cart_merge *out)
{
    for (size_t i = 0; i < COUNT_OF(merges); i++)
        if (str_eq(word, merges[i])) {
            *out = (enum cart_merge)i;
            return true;
        }
    return false;
}

enum rc cart_take_over(struct db *db, struct bytes session, struct uuid customer,
                       enum cart_merge how, int64_t now)
{
    struct shop_cart_key_maybe guest, own;
    struct trade t = { .customer = customer, .now = now };
    enum rc rc = shop_q_cart_guest_lock(db, session, &guest);
    if (rc != RC_OK || !guest.found)
        return rc;
    rc = lock_cart(db, &t, &own);
    if (rc != RC_OK)
        return rc;
    if (!own.found)
        return shop_q_cart_adopt(db, guest.row.id, customer, NULL);
    struct db_pipe *p = db_pipe(db);
    shop_q_hold_release_send(p, guest.row.id, NULL);
    if (how == CART_MERGE_GUEST)
        shop_q_cart_lines_for_later_send(p, own.row.id, NULL);
    shop_q_cart_lines_merge_send(p, own.row.id, guest.row.id, merges[how], NULL);
    shop_q_cart_codes_merge_send(p, own.row.id, guest.row.id, NULL);
    shop_q_cart_end_send(p, guest.row.id, "merged", &own.row.id, NULL);
    return db_pipe_run(p);
}

/* ---- checkout ---------------------------------------------------------------------------------
 */
struct saving {
    struct uuid cart;
    const struct checkout *c;
};

static enum rc checkout_in_tx(struct db *db, void *arg)
{
    const struct saving *s = arg;
    const struct checkout *c = s->c;
    struct tax_place p = tax_place(db_arena(db), c->country, c->region, c->city, c->postcode);
    const char *who = *c->email != '\0' ? str_lower(db_arena(db), c->email) : c->phone;
    unsigned char person[CRYPTO_HASH];
    crypto_mac("person", who, strlen(who), person);
    return shop_q_checkout_put(
        db, s->cart, c->email, c->name, c->phone, c->company, c->line1, c->line2, c->city,
        c->region, c->postcode, c->country, c->landmark, c->instructions, c->billing,
        uuid_is_nil(c->shipping_method) ? NULL : &c->shipping_method, c->payment_method, c->note,
        p.region, p.city, p.postcode,
        *who != '\0' ? (struct bytes){ person, sizeof(person) } : (struct bytes){ NULL, 0 }, NULL);
}

enum rc checkout_save(struct db *db, struct uuid cart, const struct checkout *c)
{
    struct saving s = { .cart = cart, .c = c };
    return db_tx(db, DB_TX_RETRY, checkout_in_tx, &s);
}
