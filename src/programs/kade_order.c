/* kade_order.c: kade order: the order desk on the command line, until the admin has pages for it:
 * the newest orders, one of them, and the steps staff take. Each step is a function of shop/order.h
 * or shop/fulfilment.h, which decide whether it may be taken. Amounts are plain figures of the
 * order's currency. */
#include <stdio.h>
#include <string.h>

#include "app/tenant.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/pdf.h"
#include "platform/storage.h"
#include "programs/kade.h"
#include "shop/document.h"
#include "shop/fulfilment.h"
#include "shop/order.h"

enum { LIST = 50, LIST_MOST = 1000 };

/* NAME=VALUE arguments; false after an error was printed. */
struct given {
    const char *name;
    const char *value; /* NULL until given */
};

static bool take(struct kade *k, char **arg, struct given *given, size_t n)
{
    for (; *arg != NULL; arg++) {
        size_t i = 0;
        const char *at = strchr(*arg, '=');
        size_t len = at != NULL ? (size_t)(at - *arg) : 0;
        while (i < n && (len != strlen(given[i].name) || strncmp(given[i].name, *arg, len) != 0))
            i++;
        if (at == NULL || i == n) {
            (void)kade_fail("'%s' is not understood here: see 'kade help order'", *arg);
            return false;
        }
        given[i].value = kade_text(k, at + 1);
        if (given[i].value == NULL)
            return false;
    }
    return true;
}

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
    if (instant == 0)
        return NULL;
    instant_rfc3339_to(instant, text);
    return arena_strdup(k->arena, text);
}

/* The shop and the order of the first argument. */
static int find(struct kade *k, const char *number, const struct tenant **shop, struct uuid *id)
{
    int status = kade_shop(k, shop);
    if (status != 0)
        return status;
    const char *clean = kade_text(k, number);
    if (clean == NULL)
        return EXIT_FAILED;
    enum rc rc = order_by_number(k->app.db, clean, id);
    if (rc == RC_NOTFOUND)
        return kade_fail("there is no order '%s': see 'kade order list'", clean);
    return rc == RC_OK ? 0 : kade_fail_db(k, "finding the order", rc);
}

static int done(struct kade *k, const char *doing, enum rc rc)
{
    if (rc == RC_CONFLICT)
        return kade_fail("%s: the order is not in a state that allows it: see 'kade order show'",
                         doing);
    return rc == RC_OK ? 0 : kade_fail_db(k, doing, rc);
}

/* ---- looking ----------------------------------------------------------------------------------
 */

static int list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "number", "placed",   "state", "payment", "goods",
                                        "total",  "currency", "due",   "contact", NULL };
    struct given g[] = { { .name = "state" }, { .name = "limit" } };
    const struct tenant *shop;
    struct kade_rows o;
    struct shop_order_brief_list all;
    int64_t most = LIST;
    if (!take(k, arg, g, COUNT_OF(g)))
        return EXIT_USAGE;
    if (g[1].value != NULL && str_int(g[1].value, 1, LIST_MOST, &most) != RC_OK) {
        (void)kade_fail("limit is a number from 1 to %d", LIST_MOST);
        return EXIT_USAGE;
    }
    int status = kade_shop(k, &shop);
    if (status != 0)
        return status;
    enum rc rc = shop_q_orders_recent(k->app.db, g[0].value, INSTANT_MAX, (int32_t)most, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the orders", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_order_brief *b = &all.row[i];
        const char *cells[] = {
            b->number,        at(k, b->placed_at),           b->state,
            b->payment_state, b->fulfilment_state,           plain(k, b->total, b->currency),
            b->currency,      plain(k, b->due, b->currency), b->email != NULL ? b->email : b->phone
        };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static void row(struct kade_rows *o, const char *part, const char *what, const char *value)
{
    const char *cells[] = { part, what, value };
    kade_rows_add(o, cells);
}

static void show_head(struct kade *k, struct kade_rows *o, const struct order *x)
{
    row(o, "order", "number", x->number);
    row(o, "order", "placed", at(k, x->placed_at));
    row(o, "order", "state", x->state);
    row(o, "order", "payment", x->payment_state);
    row(o, "order", "goods", x->fulfilment_state);
    row(o, "order", "e-mail", x->email);
    row(o, "order", "phone", x->phone);
    row(o, "order", "currency", x->currency);
    row(o, "order", "total", plain(k, x->total, x->currency));
    row(o, "order", "tax", plain(k, x->tax, x->currency));
    row(o, "order", "paid", plain(k, x->paid, x->currency));
    row(o, "order", "given back", plain(k, x->refunded, x->currency));
    row(o, "order", "due", plain(k, x->due, x->currency));
}

static void show_rest(struct kade *k, struct kade_rows *o, const struct order *x)
{
    for (size_t i = 0; i < x->nlines; i++) {
        const struct order_line *l = &x->line[i];
        row(o, l->kind,
            arena_printf(k->arena, "%d x %s%s%s", l->quantity, l->name, *l->options ? ", " : "",
                         l->options),
            plain(k, l->total + l->tax_added, x->currency));
    }
    for (size_t i = 0; i < x->naddresses; i++) {
        const struct order_address *d = &x->address[i];
        row(o, "address", d->kind,
            arena_printf(k->arena, "%s, %s, %s %s, %s", d->name, d->line1, d->postcode, d->city,
                         d->country));
    }
    for (size_t i = 0; i < x->nparcels; i++) {
        const struct order_parcel *p = &x->parcel[i];
        row(o, "parcel", p->number,
            arena_printf(k->arena, "%s %s %s", p->state, p->carrier,
                         p->tracking_number != NULL ? p->tracking_number : ""));
    }
    for (size_t i = 0; i < x->nchanges; i++) {
        const struct order_change *c = &x->change[i];
        row(o, "history", at(k, c->at),
            arena_printf(k->arena, "%s: %s %s", c->machine, c->to, c->note));
    }
}

static int show(struct kade *k, char **arg)
{
    static const char *const cols[] = { "part", "what", "value", NULL };
    const struct tenant *shop;
    struct uuid id;
    struct order x;
    struct kade_rows o;
    int status = find(k, arg[0], &shop, &id);
    if (status != 0)
        return status;
    enum rc rc = order_read(k->app.db, id, "open", &x);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the order", rc);
    kade_rows_begin(&o, k, cols);
    show_head(k, &o, &x);
    show_rest(k, &o, &x);
    return kade_rows_end(&o);
}

/* ---- steps ------------------------------------------------------------------------------------
 */

static int confirm(struct kade *k, char **arg)
{
    const struct tenant *shop;
    struct uuid id;
    int status = find(k, arg[0], &shop, &id);
    if (status != 0)
        return status;
    return done(k, "confirming", order_move(k->app.db, id, "confirmed", "", instant_now()));
}

static int ship(struct kade *k, char **arg)
{
    struct given g[] = { { .name = "carrier" }, { .name = "tracking" }, { .name = "url" } };
    const struct tenant *shop;
    struct uuid id;
    struct shipped out;
    const char *number;
    if (!take(k, arg + 1, g, COUNT_OF(g)))
        return EXIT_USAGE;
    if (g[2].value != NULL && !str_starts(g[2].value, "https://")) {
        (void)kade_fail("url is the address of the carrier's page, https://...");
        return EXIT_USAGE;
    }
    int status = find(k, arg[0], &shop, &id);
    if (status != 0)
        return status;
    int64_t now = instant_now();
    enum rc rc = order_number_next(k->app.db, "fulfilment", shop->zone, now, &number);
    if (rc != RC_OK)
        return kade_fail_db(k, "numbering the parcel", rc);
    struct ship_ask ask = { .order = id,
                            .carrier = g[0].value != NULL ? g[0].value : "",
                            .tracking_number = g[1].value != NULL ? g[1].value : "",
                            .tracking_url = g[2].value != NULL ? g[2].value : "",
                            .now = now };
    rc = fulfilment_ship(k->app.db, &ask, number, &out);
    if (rc == RC_OK)
        printf("parcel %s is on its way%s\n", number,
               out.complete ? "" : "; not all of the order is in it");
    return done(k, "shipping", rc);
}

static int deliver(struct kade *k, char **arg)
{
    const struct tenant *shop;
    struct shop_under_way_list list;
    const char *number = kade_text(k, arg[0]);
    int status = number != NULL ? kade_shop(k, &shop) : EXIT_FAILED;
    if (status != 0)
        return status;
    enum rc rc = shop_q_under_way(k->app.db, number, &list);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding the parcels", rc);
    if (list.n == 0)
        return kade_fail("no parcel of '%s' is on its way: see 'kade order show'", number);
    for (size_t i = 0; i < list.n && rc == RC_OK; i++)
        rc = fulfilment_delivered(k->app.db, list.row[i].id, instant_now());
    return done(k, "delivering", rc);
}

static int cancel(struct kade *k, char **arg)
{
    const struct tenant *shop;
    struct uuid id;
    const char *reason = arg[1] != NULL ? kade_text(k, arg[1]) : "";
    int status = reason != NULL ? find(k, arg[0], &shop, &id) : EXIT_FAILED;
    if (status != 0)
        return status;
    return done(k, "cancelling", order_cancel(k->app.db, id, "ready", reason, instant_now()));
}

static int note(struct kade *k, char **arg)
{
    struct given g[] = { { .name = "public" } };
    const struct tenant *shop;
    struct uuid id;
    if (!take(k, arg + 2, g, COUNT_OF(g)))
        return EXIT_USAGE;
    if (g[0].value != NULL && !str_eq(g[0].value, "yes") && !str_eq(g[0].value, "no")) {
        (void)kade_fail("public is yes or no");
        return EXIT_USAGE;
    }
    const char *body = kade_text(k, arg[1]);
    int status = body != NULL ? find(k, arg[0], &shop, &id) : EXIT_FAILED;
    if (status != 0)
        return status;
    enum rc rc = order_note_add(k->app.db, id, body, str_eq(g[0].value, "yes"), "kade");
    if (rc == RC_INVALID)
        return kade_fail("a note has 1 to 4,000 characters");
    return done(k, "noting", rc);
}

/* ---- documents --------------------------------------------------------------------------------
 */

static int save(struct kade *k, const char *dir, const struct shop_paper *d, const char **file)
{
    char *p;
    size_t n;
    *file = arena_printf(k->arena, "%s/%s", dir, document_file_name(k->arena, d->number));
    enum rc rc = storage_get(k->app.conf, k->arena, d->path, PDF_BYTES_MOST, &p, &n);
    if (rc != RC_OK)
        return kade_fail("%s cannot be read from the storage: %s", d->number, rc_name(rc));
    FILE *out = fopen(*file, "wbe");
    bool good = out != NULL && fwrite(p, 1, n, out) == n;
    if (out != NULL && fclose(out) != 0)
        good = false;
    return good ? 0 : kade_fail("%s: cannot be written", *file);
}

static int papers(struct kade *k, char **arg)
{
    static const char *const cols[] = { "kind", "number", "issued", "file", NULL };
    struct given g[] = { { .name = "dir" } };
    const struct tenant *shop;
    struct uuid id;
    struct shop_paper_list all;
    struct kade_rows o;
    if (!take(k, arg + 1, g, COUNT_OF(g)))
        return EXIT_USAGE;
    int status = find(k, arg[0], &shop, &id);
    if (status != 0)
        return status;
    enum rc rc = shop_q_papers(k->app.db, id, &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "reading the documents", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++) {
        const struct shop_paper *d = &all.row[i];
        const char *file = d->path == NULL ? "not drawn yet" : NULL;
        if (d->path != NULL && g[0].value != NULL && save(k, g[0].value, d, &file) != 0)
            return EXIT_FAILED;
        const char *cells[] = { d->kind, d->number, at(k, d->issued_at), file };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static const enum kade_option none[] = { OPTIONS };
const struct command kade_order_commands[] = {
    { "order", "list", "[state=CODE] [limit=N] --tenant SLUG", "The newest orders.", 0, 2, none,
      list },
    { "order", "show", "NUMBER --tenant SLUG", "One order with all that belongs to it.", 1, 1, none,
      show },
    { "order", "confirm", "NUMBER --tenant SLUG", "It may be packed.", 1, 1, none, confirm },
    { "order", "ship", "NUMBER [carrier=NAME] [tracking=NUMBER] [url=https://...] --tenant SLUG",
      "A parcel with all that is open in one warehouse leaves; stock falls.", 1, 4, none, ship },
    { "order", "deliver", "NUMBER --tenant SLUG", "A parcel, or all parcels of an order, arrived.",
      1, 1, none, deliver },
    { "order", "cancel", "NUMBER [REASON] --tenant SLUG",
      "Cancel what has not left: stock, coupon and money go back.", 1, 2, none, cancel },
    { "order", "note", "NUMBER TEXT [public=yes] --tenant SLUG",
      "A note for the team, or for the customer too.", 2, 3, none, note },
    { "order", "papers", "NUMBER [dir=FOLDER] --tenant SLUG",
      "Invoice, credit notes and packing slips of an order; with dir they are written there.", 1, 2,
      none, papers },
    { 0 }
};
