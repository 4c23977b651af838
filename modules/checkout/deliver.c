/* deliver.c: "Deliver to" on the page of a product: what it costs to bring it to a place and when
 * it arrives, or that nobody goes there. The place is in a cookie of the visitor's, so the page is
 * stored for all and this part never is; without a place nothing is asked of the database, with one
 * it travels with the page's other personal statements. */
#include <string.h>

#include "app/tenant.h"
#include "base/str.h"
#include "base/utf8.h"
#include "checkout.h"
#include "platform/crypto.h"
#include "platform/fmt.h"

enum { PLACE_DAYS = 180, PART_MOST = 120, PARTS = 4 };
#define PLACE_COOKIE "place"

struct place {
    const char *country, *region, *city, *postcode;
};

/* "LK|Colombo|Colombo|00700", base64url: typed by a browser, so all of it is checked. */
static bool read_place(struct req *r, struct place *out)
{
    const char *cookie = req_cookie(r, PLACE_COOKIE);
    unsigned char *raw;
    char *text, **part;
    size_t n = 0;
    if (cookie == NULL || strlen(cookie) > 1000 ||
        crypto_base64url_decode(r->arena, cookie, &raw, &n) != RC_OK ||
        utf8_clean(r->arena, (const char *)raw, n, 0, &text) != RC_OK ||
        str_split(r->arena, text, '|', &part) != PARTS)
        return false;
    for (size_t i = 0; i < PARTS; i++)
        if (utf8_length(part[i]) > PART_MOST)
            return false;
    *out = (struct place){ part[0], part[1], part[2], part[3] };
    return address_country(out->country) != NULL && (*out->city != '\0' || *out->postcode != '\0');
}

static bool is_plain(const char *s)
{
    return s != NULL && strchr(s, '|') == NULL && utf8_length(s) <= PART_MOST;
}

void checkout_remember_place(struct req *r, const struct address *a)
{
    const char *const *t = a->text;
    if (!is_plain(t[ADDRESS_REGION]) || !is_plain(t[ADDRESS_CITY]) ||
        !is_plain(t[ADDRESS_POSTCODE]))
        return;
    if (*t[ADDRESS_CITY] == '\0' && *t[ADDRESS_POSTCODE] == '\0')
        return;
    const char *text = arena_printf(r->arena, "%s|%s|%s|%s", a->country, t[ADDRESS_REGION],
                                    t[ADDRESS_CITY], t[ADDRESS_POSTCODE]);
    req_set_cookie(r, PLACE_COOKIE,
                   crypto_base64url(r->arena, (const unsigned char *)text, strlen(text)),
                   INT64_C(86400) * PLACE_DAYS, COOKIE_HTTP_ONLY);
}

/* ---- the part of the page ---------------------------------------------------------------------
 */
struct deliver {
    bool asked;
    struct place place;
    struct shipping_quote *quote;
};

enum rc slot_deliver_send(struct req *r, struct db_pipe *p, const struct slot_subject *s)
{
    struct deliver *d = req_ctx(r, struct checkout_slots, &APP_ENTRY)->deliver =
        arena_new(r->arena, struct deliver);
    d->asked = s->n > 0 && read_place(r, &d->place);
    if (!d->asked)
        return RC_OK;
    const struct shipping_ask ask = { .country = d->place.country,
                                      .region = d->place.region,
                                      .city = d->place.city,
                                      .postcode = d->place.postcode,
                                      .currency = r->tenant->currency,
                                      .zone = r->tenant->zone,
                                      .now = r->now };
    d->quote = shipping_quote_send(p, r->arena, s->ids[0], &ask);
    return RC_OK;
}

static const char *name_of(struct req *r, const struct place *p)
{
    const char *home = r->tenant->country;
    const char *at = *p->city == '\0'       ? p->postcode
                     : *p->postcode == '\0' ? p->city
                                            : arena_printf(r->arena, "%s %s", p->city, p->postcode);
    return home != NULL && str_eq(home, p->country)
               ? at
               : arena_printf(r->arena, "%s, %s", at, fmt_country(r->arena, r->locale, p->country));
}

static void fill_answer(struct req *r, struct tpl *t, const struct deliver *d)
{
    size_t n = 0;
    const struct shipping_option *o = shipping_quote_options(r->arena, d->quote, &n);
    struct tpl *row = tpl_row(t, n > 0 ? "SERVED" : "NOT_SERVED");
    tpl_set_text(row, "PLACE", name_of(r, &d->place));
    if (n == 0)
        return;
    tpl_set_text(row, "METHOD", o[0].method->name);
    tpl_set_text(row, "COST",
                 o[0].amount == 0
                     ? _("free")
                     : fmt_money(r->arena, r->locale, o[0].amount, r->tenant->currency));
    tpl_set_text(row, "DAYS", checkout_days(r, o[0].promise.from, o[0].promise.until));
}

enum rc slot_deliver(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    const struct deliver *d = req_ctx(r, struct checkout_slots, &APP_ENTRY)->deliver;
    struct tpl *t = tpl_new(r->arena, r->locale->templates, "checkout/deliver.tpl");
    const char *token = csrf_token(r);
    (void)s;
    (void)i;
    tpl_set_text(t, "ACTION", url_path(r, "/delivery"));
    tpl_set_text(t, "HERE", r->uri);
    tpl_set_text(t, "ICONS", url_asset(r->app, "icons.svg"));
    if (*token != '\0')
        tpl_set_text(tpl_row(t, "CSRF"), "TOKEN", token);
    if (d != NULL && d->asked)
        fill_answer(r, t, d);
    tpl_show(t, d != NULL && d->asked ? "AGAIN" : "FIRST", COOKIE_HTTP_ONLY);
    return tpl_expand(t, out);
}

/* ---- the place --------------------------------------------------------------------------------
 */
struct asked {
    const char *place;
};
static const struct form_field asked_fields[] = {
    FIELD(struct asked, place, F_TEXT, .max = PART_MOST, .label = N_("City or postcode")), { 0 }
};
const struct form_spec checkout_deliver_form = { .name = "checkout.deliver",
                                                 .fields = asked_fields,
                                                 .size = sizeof(struct asked) };

/* Something with a digit is a postcode, else a city; of the shop's country. Nothing forgets it. */
enum rc act_deliver(struct req *r)
{
    const struct asked *in = req_form(r);
    const char *digits = utf8_digits(r->arena, in->place);
    bool code = strpbrk(digits, "0123456789") != NULL;
    struct address a = { .text = { [ADDRESS_REGION] = "",
                                   [ADDRESS_CITY] = code ? "" : in->place,
                                   [ADDRESS_POSTCODE] = code ? digits : "" },
                         .country = checkout_country(r, NULL)->code };
    if (str_empty(in->place))
        req_set_cookie(r, PLACE_COOKIE, "", 0, COOKIE_HTTP_ONLY);
    else
        checkout_remember_place(r, &a);
    return req_redirect(r, req_next(r, "/"));
}
