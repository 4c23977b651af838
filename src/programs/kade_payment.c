/* kade_payment.c: kade payment: the cashier's desk on the command line, until the admin has pages
 * for it: what came in, what is told by hand, what goes back. Each step is a function of
 * shop/payment.h, which decides whether it may be taken. Amounts are plain figures of the order's
 * currency; secrets are read from a file and never shown. */
#include <stdio.h>
#include <string.h>

#include "app/tenant.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "programs/kade.h"
#include "shop/order.h"
#include "shop/payment.h"

enum { LIST = 100, SECRETS_MOST = 4096 };

static const char *plain(struct kade *k, int64_t minor, const char *code)
{
    char text[64];
    const struct currency *c = currency_find(code);
    if (c == NULL)
        return arena_printf(k->arena, "%lld", (long long)minor);
    money_plain(minor, c, text, sizeof text);
    return arena_strdup(k->arena, text);
}

static const char *at(struct kade *k, int64_t instant)
{
    char text[INSTANT_TEXT];
    instant_rfc3339_to(instant, text);
    return arena_strdup(k->arena, text);
}

/* The attempt of an order that counts: the last one. */
static int find(struct kade *k, const char *number, const struct tenant **shop, struct payment *out)
{
    struct uuid id;
    struct payment *p;
    size_t n = 0;
    int status = kade_shop(k, shop);
    const char *clean = status == 0 ? kade_text(k, number) : NULL;
    if (clean == NULL)
        return status != 0 ? status : EXIT_FAILED;
    enum rc rc = order_by_number(k->app.db, clean, &id);
    if (rc == RC_OK)
        rc = payments_of_order(k->app.db, id, &p, &n);
    if (rc == RC_NOTFOUND || (rc == RC_OK && n == 0))
        return kade_fail("there is no payment of an order '%s': see 'kade payment list'", clean);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding the payment", rc);
    *out = p[0];
    return 0;
}

static int amount_of(struct kade *k, const char *text, const char *currency, int64_t *out)
{
    const struct currency *c = currency_find(currency);
    (void)k;
    if (c == NULL || money_parse(text, c, out) != RC_OK || *out <= 0)
        return kade_fail("'%s' is no amount of %s: write it as 1250.00", text, currency);
    return 0;
}

static int list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "order",      "made",      "method",   "state",
                                        "currency",   "amount",    "captured", "given back",
                                        "going back", "reference", "slips",    NULL };
    const struct tenant *shop;
    struct shop_payment_brief_list all;
    struct kade_rows o;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_payments_recent(k->app.db, LIST, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the payments", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_payment_brief *b = &all.row[i];
        const char *cells[] = { b->order_number,
                                at(k, b->created_at),
                                b->method,
                                b->state,
                                b->currency,
                                plain(k, b->amount, b->currency),
                                plain(k, b->captured, b->currency),
                                plain(k, b->refunded, b->currency),
                                plain(k, b->pending, b->currency),
                                b->told_ref,
                                arena_printf(k->arena, "%lld", (long long)b->slips) };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

/* The reference of the bank names the money: the same one counts once. */
static int received(struct kade *k, char **arg)
{
    const struct tenant *shop;
    struct payment p;
    int64_t amount = 0;
    bool news;
    const char *ref = kade_text(k, arg[1]);
    int status = ref != NULL ? find(k, arg[0], &shop, &p) : EXIT_FAILED;
    if (status == 0)
        status = arg[2] != NULL ? amount_of(k, arg[2], p.currency, &amount) : 0;
    if (status != 0)
        return status;
    if (arg[2] == NULL)
        amount = p.order_due;
    if (amount == 0)
        return kade_fail("nothing is due on this order: give the amount that came in");
    struct payment_report what = { .payment = p.id,
                                   .kind = "capture",
                                   .ref = ref,
                                   .amount = amount,
                                   .source = "staff",
                                   .now = instant_now() };
    enum rc rc = payment_report(k->app.db, &what, &news);
    if (rc == RC_INVALID)
        return kade_fail("a reference has 1 to 200 characters");
    if (rc != RC_OK)
        return kade_fail_db(k, "taking the payment", rc);
    printf("%s %s for %s: %s\n", plain(k, amount, p.currency), p.currency, p.order_number,
           news ? "received" : "was received before under this reference");
    return 0;
}

static int refund(struct kade *k, char **arg)
{
    const struct tenant *shop;
    struct payment p;
    struct uuid id;
    int64_t amount = 0;
    const char *number, *reason = arg[2] != NULL ? kade_text(k, arg[2]) : "";
    int status = reason != NULL ? find(k, arg[0], &shop, &p) : EXIT_FAILED;
    if (status == 0)
        status = amount_of(k, arg[1], p.currency, &amount);
    if (status != 0)
        return status;
    enum rc rc = order_number_next(k->app.db, "refund", shop->zone, instant_now(), &number);
    if (rc != RC_OK)
        return kade_fail_db(k, "numbering the refund", rc);
    struct refund_ask ask = { .order = p.order,
                              .payment = p.id,
                              .amount = amount,
                              .reason = reason,
                              .method = "original",
                              .attempt_key = arena_printf(k->arena, "desk:%s", number),
                              .number = number,
                              .now = instant_now() };
    rc = refund_start(k->app.db, &ask, &id);
    if (rc == RC_CONFLICT)
        return kade_fail("%s %s is more than is left of what was paid: see 'kade payment list'",
                         plain(k, amount, p.currency), p.currency);
    if (rc != RC_OK)
        return kade_fail_db(k, "refunding", rc);
    const struct pay_adapter *adapter = pay_adapter_find(p.provider);
    printf("refund %s of %s %s has begun: %s\n", number, plain(k, amount, p.currency), p.currency,
           adapter != NULL && adapter->refund != NULL
               ? "the gateway sends it"
               : "send it, then say 'kade payment refunded'");
    return 0;
}

static int refunds(struct kade *k, char **arg)
{
    static const char *const cols[] = { "refund", "order", "since",   "state", "currency",
                                        "amount", "by",    "problem", NULL };
    const struct tenant *shop;
    struct shop_refund_brief_list all;
    struct kade_rows o;
    (void)arg;
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_refunds_open(k->app.db, LIST, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the refunds", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_refund_brief *b = &all.row[i];
        const char *cells[] = { b->number, b->order_number, at(k, b->created_at),
                                b->state,  b->currency,     plain(k, b->amount, b->currency),
                                b->method, b->problem };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static int refund_of(struct kade *k, const char *number, struct uuid *out)
{
    const struct tenant *shop;
    struct shop_refund_found_maybe found;
    int status = kade_shop(k, &shop);
    const char *clean = status == 0 ? kade_text(k, number) : NULL;
    if (clean == NULL)
        return status != 0 ? status : EXIT_FAILED;
    enum rc rc = shop_q_refund_by_number(k->app.db, clean, &found);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding the refund", rc);
    if (!found.found)
        return kade_fail("there is no refund '%s': see 'kade payment refunds'", clean);
    *out = found.row.id;
    return 0;
}

static int refunded(struct kade *k, char **arg)
{
    struct uuid id;
    const char *ref = arg[1] != NULL ? kade_text(k, arg[1]) : "";
    int status = ref != NULL ? refund_of(k, arg[0], &id) : EXIT_FAILED;
    if (status != 0)
        return status;
    enum rc rc = refund_done(k->app.db, id, ref, instant_now());
    if (rc == RC_CONFLICT)
        return kade_fail("this refund was let go: begin another one");
    return rc == RC_OK ? 0 : kade_fail_db(k, "closing the refund", rc);
}

static int let_go(struct kade *k, char **arg)
{
    struct uuid id;
    const char *reason = kade_text(k, arg[1]);
    int status = reason != NULL ? refund_of(k, arg[0], &id) : EXIT_FAILED;
    if (status != 0)
        return status;
    enum rc rc = refund_failed(k->app.db, id, reason, true);
    if (rc == RC_CONFLICT)
        return kade_fail("this refund is done: it cannot be let go");
    return rc == RC_OK ? 0 : kade_fail_db(k, "letting the refund go", rc);
}

struct secrets {
    const char *code;
    unsigned char *sealed;
    size_t n;
    int64_t written;
};

static enum rc secrets_in_tx(struct db *db, void *arg)
{
    struct secrets *s = arg;
    return shop_q_payment_secrets_put(db, s->code, "stripe", "Card",
                                      (struct bytes){ s->sealed, s->n }, &s->written);
}

/* {"secret_key":"sk_...","webhook_secret":"whsec_..."} */
static int put_secrets(struct kade *k, char **arg)
{
    char text[SECRETS_MOST + 1];
    const struct tenant *shop;
    struct json *j = NULL;
    struct secrets s = { .code = "card" };
    FILE *f = fopen(arg[0], "re");
    if (f == NULL)
        return kade_fail("'%s' cannot be read", arg[0]);
    size_t n = fread(text, 1, SECRETS_MOST, f);
    fclose(f);
    text[n] = '\0';
    bool good = json_parse(k->arena, text, n, &j, NULL) == RC_OK &&
                !str_empty(json_text(json_get(j, "secret_key"), "")) &&
                !str_empty(json_text(json_get(j, "webhook_secret"), ""));
    if (!good)
        return kade_fail("'%s' is not {\"secret_key\":\"...\",\"webhook_secret\":\"...\"}", arg[0]);
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc =
        crypto_seal(k->arena, payment_seal_name(k->arena, s.code), text, n, &s.sealed, &s.n);
    if (rc == RC_OK)
        rc = db_tx(k->app.db, DB_TX_RETRY, secrets_in_tx, &s);
    memset(text, 0, sizeof(text));
    if (rc != RC_OK)
        return kade_fail_db(k, "keeping the secrets", rc);
    printf("cards are taken; the gateway delivers to /hooks/payment/%s\n", s.code);
    return 0;
}

static const enum kade_option none[] = { OPTIONS };
const struct command kade_payment_commands[] = {
    { "payment", "list", "--tenant SLUG", "The newest attempts to pay.", 0, 0, none, list },
    { "payment", "received", "ORDER REFERENCE [AMOUNT] --tenant SLUG",
      "Money came in for an order, as the bank's reference says; without an amount what is due.", 2,
      3, none, received },
    { "payment", "refund", "ORDER AMOUNT [REASON] --tenant SLUG", "Give money of an order back.", 2,
      3, none, refund },
    { "payment", "refunds", "--tenant SLUG", "Refunds that are not done.", 0, 0, none, refunds },
    { "payment", "refunded", "REFUND [REFERENCE] --tenant SLUG", "It was sent by hand.", 1, 2, none,
      refunded },
    { "payment", "let-go", "REFUND REASON --tenant SLUG",
      "It will not be sent: its amount is free again.", 2, 2, none, let_go },
    { "payment", "secrets", "FILE.json --tenant SLUG",
      "Take cards: the gateway's secret_key and webhook_secret, kept sealed.", 1, 1, none,
      put_secrets },
    { 0 }
};
