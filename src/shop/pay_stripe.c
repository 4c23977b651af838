/* pay_stripe.c: cards through Stripe: a Checkout Session an attempt, on Stripe's own page (so that
 * no card number passes here, and 3-D Secure is a redirect there). What it tells is proven by
 * HMAC-SHA256 over time and body; what happened is taken from a session or a refund and reported,
 * whichever way it came. Every call carries an idempotency key of ours. Invariant: nothing is
 * believed that does not carry the signature or come as the answer to our own call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ctx.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/http.h"
#include "platform/json.h"
#include "shop/pay_stripe.h"
#include "shop/payment.h"

#define PROVIDER "stripe"

enum {
    TOLERANCE_S = 300,
    BODY_MOST = 16384,
    ANSWER_MOST = 1024 * 1024,
    PROBLEM_MOST = 300,
    SWEEP_MOST = 100,
    EARLY_DAYS = 2
};

/* ---- amounts -----------------------------------------------------------------------------------
 * Stripe counts in minor units of its own list: three currencies differ from ISO 4217. */
static int stripe_exponent(const struct currency *c)
{
    static const struct {
        const char *code;
        int exponent;
    } own[] = { { "ISK", 2 }, { "UGX", 2 }, { "MGA", 0 } };
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (str_eq(own[i].code, c->code))
            return own[i].exponent;
    return (int)c->exponent;
}

static int64_t power_of_ten(int n)
{
    int64_t p = 1;
    for (; n > 0; n--)
        p *= 10;
    return p;
}

enum rc stripe_amount(int64_t minor, const char *currency, int64_t *out)
{
    const struct currency *c = currency_find(currency);
    if (c == NULL || minor < 0)
        return RC_INVALID;
    int up = stripe_exponent(c) - (int)c->exponent;
    int64_t step = power_of_ten(up < 0 ? -up : up), made = minor;
    if (up < 0) {
        if (minor % step != 0)
            return RC_INVALID;
        made = minor / step;
    } else if (money_mul(minor, step, &made) != RC_OK) {
        return RC_INVALID;
    }
    /* Amounts with three digits behind the point end in 0. */
    if (stripe_exponent(c) == 3 && made % 10 != 0)
        return RC_INVALID;
    *out = made;
    return RC_OK;
}

enum rc stripe_amount_back(int64_t amount, const char *currency, int64_t *out)
{
    const struct currency *c = currency_find(currency);
    if (c == NULL || amount < 0)
        return RC_INVALID;
    int down = stripe_exponent(c) - (int)c->exponent;
    int64_t step = power_of_ten(down < 0 ? -down : down);
    if (down < 0)
        return money_mul(amount, step, out);
    if (amount % step != 0)
        return RC_INVALID;
    *out = amount / step;
    return RC_OK;
}

/* ---- proof -------------------------------------------------------------------------------------
 */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static bool hex_is(const char *hex, size_t n, const unsigned char mac[CRYPTO_HASH])
{
    unsigned char bytes[CRYPTO_HASH];
    if (n != 2 * CRYPTO_HASH)
        return false;
    for (size_t i = 0; i < CRYPTO_HASH; i++) {
        int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return crypto_equal(bytes, mac, CRYPTO_HASH);
}

bool stripe_signed(struct arena *a, const char *secret, const char *header, const char *body,
                   size_t n, int64_t now)
{
    struct buf b;
    unsigned char mac[CRYPTO_HASH];
    char **part;
    const char *at = NULL;
    bool good = false;
    if (strlen(header) > 2048)
        return false;
    size_t parts = str_split(a, header, ',', &part);
    for (size_t i = 0; i < parts; i++)
        if (str_starts(part[i], "t="))
            at = part[i] + 2;
    size_t digits = at != NULL ? strspn(at, "0123456789") : 0;
    if (digits == 0 || digits > 12 || at[digits] != '\0')
        return false;
    int64_t age = now / SECONDS(1) - strtoll(at, NULL, 10);
    if (age > TOLERANCE_S || age < -TOLERANCE_S)
        return false;
    buf_init(&b, a, n + 64);
    buf_printf(&b, "%s.", at);
    buf_put(&b, body, n);
    if (buf_rc(&b) != RC_OK)
        return false;
    crypto_hmac_sha256(secret, strlen(secret), b.p, b.n, mac);
    for (size_t i = 0; i < parts; i++)
        if (str_starts(part[i], "v1="))
            good = hex_is(part[i] + 3, strlen(part[i] + 3), mac) || good;
    return good;
}

struct secrets {
    const char *key, *hook;
};

static enum rc open_secrets(struct arena *a, const char *method, struct bytes sealed,
                            struct secrets *out)
{
    unsigned char *text;
    size_t n = 0;
    struct json *j = NULL;
    if (sealed.n == 0)
        return RC_NOTFOUND;
    enum rc rc = crypto_open(a, payment_seal_name(a, method), sealed.p, sealed.n, &text, &n);
    if (rc == RC_OK)
        rc = json_parse(a, (const char *)text, n, &j, NULL);
    if (rc != RC_OK)
        return rc;
    *out = (struct secrets){ json_text(json_get(j, "secret_key"), ""),
                             json_text(json_get(j, "webhook_secret"), "") };
    return RC_OK;
}

/* ---- asking ------------------------------------------------------------------------------------
 */
static void field(struct buf *b, const char *key, const char *value)
{
    if (b->n > 0)
        buf_char(b, '&');
    buf_url(b, key);
    buf_char(b, '=');
    buf_url(b, value);
}

static void field_int(struct buf *b, struct arena *a, const char *key, int64_t value)
{
    field(b, key, arena_printf(a, "%lld", (long long)value));
}

struct asking {
    struct app_ctx *app;
    struct arena *a;
    const char *key; /* secret */
    const char *problem;
};

/* RC_OK with the answer; RC_INVALID refused (problem), RC_NOTFOUND, RC_UPSTREAM: later. */
static enum rc ask(struct asking *q, const char *method, const char *path, const struct buf *body,
                   const char *once, struct json **out)
{
    const char *headers[6] = { arena_printf(q->a, "Authorization: Bearer %s", q->key),
                               "Stripe-Version: 2023-10-16" };
    size_t n = 2;
    const char *why = "";
    struct http_answer answer;
    struct json *j = NULL;
    if (body != NULL)
        headers[n++] = "Content-Type: application/x-www-form-urlencoded";
    if (once != NULL)
        headers[n++] = arena_printf(q->a, "Idempotency-Key: %s", once);
    headers[n] = NULL;
    struct http_ask h = { .method = method,
                          .url = arena_printf(q->a, "%s%s", q->app->conf->stripe_url, path),
                          .headers = headers,
                          .body = body != NULL ? body->p : NULL,
                          .nbody = body != NULL ? body->n : 0,
                          .most = ANSWER_MOST };
    if (body != NULL && buf_rc(body) != RC_OK)
        return RC_INVALID;
    enum rc rc = http_ask(q->a, &h, &answer, &why);
    if (rc != RC_OK) {
        log_warn("stripe does not answer", "path=%s why=%s", path, why);
        return RC_UPSTREAM;
    }
    rc = json_parse(q->a, answer.body, answer.nbody, &j, NULL);
    const struct json *error = j != NULL ? json_get(j, "error") : NULL;
    if (rc != RC_OK || answer.status >= 500 || answer.status == 429 || answer.status == 409 ||
        answer.status == 401 || answer.status == 403) {
        log_warn("stripe cannot answer", "path=%s status=%d", path, answer.status);
        return RC_UPSTREAM;
    }
    if (answer.status == 404)
        return RC_NOTFOUND;
    if (answer.status >= 300) {
        q->problem =
            arena_printf(q->a, "%.*s", PROBLEM_MOST,
                         json_text(error != NULL ? json_get(error, "message") : NULL, "refused"));
        return RC_INVALID;
    }
    *out = j;
    return RC_OK;
}

static enum rc asking_for(struct app_ctx *app, struct arena *a, const struct payment *p,
                          struct asking *out)
{
    struct secrets s;
    enum rc rc = open_secrets(a, p->method_code, p->sealed, &s);
    *out = (struct asking){ .app = app, .a = a, .key = rc == RC_OK ? s.key : "", .problem = "" };
    return rc;
}

/* ---- what is reported --------------------------------------------------------------------------
 */
/* An id, or the object it stands for. */
static const char *id_of(const struct json *v)
{
    return json_kind(v) == JSON_KIND_OBJECT ? json_text(json_get(v, "id"), "") : json_text(v, "");
}

static void tell_as(struct payment_report *what, const char *source, int64_t now)
{
    what->now = now;
    what->source = source;
}

static enum rc report_session(struct app_ctx *app, const struct json *s, const char *source,
                              int64_t now, const char **problem)
{
    const char *status = json_text(json_get(s, "status"), "");
    const char *paid = json_text(json_get(s, "payment_status"), "");
    const char *currency = json_text(json_get(s, "currency"), "");
    struct payment_report what = { .kind = "capture", .ref = id_of(json_get(s, "payment_intent")) };
    struct payment p;
    bool news;
    if (uuid_parse(json_text(json_get(s, "client_reference_id"), ""), &what.payment) != RC_OK) {
        *problem = "a session that is none of ours";
        return RC_DECLINED;
    }
    enum rc rc = payment_read(app->db, what.payment, &p);
    if (rc == RC_NOTFOUND) {
        *problem = "no such payment here";
        return RC_DECLINED;
    }
    if (rc != RC_OK)
        return rc;
    if (!str_eq(p.provider, PROVIDER) ||
        !str_eq(str_lower(db_arena(app->db), p.currency), currency)) {
        *problem = "another currency or way to pay than the payment's";
        return RC_DECLINED;
    }
    tell_as(&what, source, now);
    if (str_eq(paid, "paid") && *what.ref != '\0') {
        if (stripe_amount_back(json_int(json_get(s, "amount_total"), -1), p.currency,
                               &what.amount) != RC_OK) {
            *problem = "no amount";
            return RC_DECLINED;
        }
    } else if (str_eq(status, "expired")) {
        what.kind = "fail";
        what.ref = json_text(json_get(s, "id"), "");
        what.problem = "the payment page was left open too long";
    } else {
        return RC_OK; /* still open */
    }
    return payment_report(app->db, &what, &news);
}

/* A payment that failed at the bank behind a finished page. */
static enum rc report_failure(struct app_ctx *app, const struct json *s, int64_t now,
                              const char **problem)
{
    struct payment_report what = { .kind = "fail",
                                   .ref = json_text(json_get(s, "id"), ""),
                                   .problem = "the bank refused" };
    bool news;
    tell_as(&what, "webhook", now);
    if (uuid_parse(json_text(json_get(s, "client_reference_id"), ""), &what.payment) != RC_OK) {
        *problem = "a session that is none of ours";
        return RC_DECLINED;
    }
    return payment_report(app->db, &what, &news);
}

/* Whose a refund or dispute is: named in its metadata, else by the charge's payment intent. */
static enum rc payment_of(struct app_ctx *app, const struct json *v, struct uuid *out)
{
    struct shop_payment_of_event_maybe found;
    const char *named = json_text(json_get(json_get(v, "metadata"), "payment"), "");
    if (uuid_parse(named, out) == RC_OK)
        return RC_OK;
    enum rc rc =
        shop_q_payment_of_capture(app->db, PROVIDER, id_of(json_get(v, "payment_intent")), &found);
    if (rc == RC_OK && found.found)
        *out = found.row.payment_id;
    return rc == RC_OK && !found.found ? RC_NOTFOUND : rc;
}

/* What names a charge that is not known here came before it, or is none of ours: for two days the
 * former is believed. */
static enum rc of_nothing(int64_t told, int64_t now, const char **problem)
{
    if (now - told < SECONDS(INT64_C(86400) * EARLY_DAYS))
        return RC_CONFLICT;
    *problem = "about no payment here";
    return RC_DECLINED;
}

static enum rc report_refund(struct app_ctx *app, const struct json *r, const char *source,
                             int64_t told, int64_t now, const char **problem)
{
    struct payment_report what = { .kind = "refund" };
    const char *status = json_text(json_get(r, "status"), "");
    const char *ours = json_text(json_get(json_get(r, "metadata"), "refund"), "");
    struct uuid id;
    struct payment p;
    bool news;
    enum rc rc = payment_of(app, r, &what.payment);
    if (rc == RC_OK)
        rc = payment_read(app->db, what.payment, &p);
    if (rc == RC_NOTFOUND)
        return of_nothing(told, now, problem);
    if (rc != RC_OK)
        return rc;
    bool is_ours = uuid_parse(ours, &id) == RC_OK;
    if (str_eq(status, "failed") || str_eq(status, "canceled")) {
        rc = is_ours ? refund_failed(app->db, id,
                                     json_text(json_get(r, "failure_reason"), "refused"), false)
                     : RC_OK;
        return rc == RC_CONFLICT ? RC_OK : rc;
    }
    if (!str_eq(status, "succeeded"))
        return RC_OK; /* on its way */
    tell_as(&what, source, now);
    what.ref = is_ours ? ours : json_text(json_get(r, "id"), "");
    rc = stripe_amount_back(json_int(json_get(r, "amount"), -1), p.currency, &what.amount);
    if (rc == RC_OK)
        rc = payment_report(app->db, &what, &news);
    if (rc == RC_INVALID) {
        *problem = "a refund that does not fit its payment";
        return RC_DECLINED;
    }
    return rc;
}

static enum rc report_dispute(struct app_ctx *app, const struct json *d, bool closed, int64_t told,
                              int64_t now, const char **problem)
{
    struct payment_report what = { .kind = closed ? "dispute_won" : "dispute",
                                   .ref = json_text(json_get(d, "id"), "") };
    struct payment p;
    bool news;
    if (closed && !str_eq(json_text(json_get(d, "status"), ""), "won"))
        return RC_OK; /* lost: the amount stays disputed */
    enum rc rc = payment_of(app, d, &what.payment);
    if (rc == RC_OK)
        rc = payment_read(app->db, what.payment, &p);
    if (rc == RC_NOTFOUND)
        return of_nothing(told, now, problem);
    if (rc == RC_OK)
        rc = stripe_amount_back(json_int(json_get(d, "amount"), -1), p.currency, &what.amount);
    tell_as(&what, "webhook", now);
    return rc == RC_OK ? payment_report(app->db, &what, &news) : rc;
}

/* ---- the adapter -------------------------------------------------------------------------------
 */
static enum rc begin(struct app_ctx *app, struct arena *a, const struct payment *p,
                     const char *return_url, struct pay_next *next)
{
    struct asking q;
    struct buf b;
    struct json *s = NULL;
    int64_t amount = 0;
    const char *id = uuid_str(a, p->id);
    enum rc rc = asking_for(app, a, p, &q);
    if (rc == RC_OK)
        rc = stripe_amount(p->amount, p->currency, &amount);
    if (rc != RC_OK)
        return rc;
    buf_init(&b, a, BODY_MOST);
    field(&b, "mode", "payment");
    field(&b, "client_reference_id", id);
    field(&b, "success_url", return_url);
    field(&b, "cancel_url", return_url);
    field(&b, "metadata[payment]", id);
    field(&b, "payment_intent_data[metadata][payment]", id);
    field(&b, "line_items[0][quantity]", "1");
    field(&b, "line_items[0][price_data][currency]", str_lower(a, p->currency));
    field_int(&b, a, "line_items[0][price_data][unit_amount]", amount);
    field(&b, "line_items[0][price_data][product_data][name]", p->order_number);
    if (!str_empty(p->order_email))
        field(&b, "customer_email", p->order_email);
    rc = ask(&q, "POST", "/v1/checkout/sessions", &b, id, &s);
    if (rc != RC_OK)
        return rc;
    const char *ref = json_text(json_get(s, "id"), ""), *url = json_text(json_get(s, "url"), "");
    bool good = *ref != '\0' && (str_starts(url, "https://") ||
                                 (app->conf->development && str_starts(url, "http://")));
    if (!good)
        return RC_UPSTREAM;
    rc = payment_begun(app->db, p->id, ref, url);
    if (rc == RC_OK)
        *next = (struct pay_next){ PAY_REDIRECT, url };
    return rc;
}

static enum rc poll(struct app_ctx *app, struct arena *a, const struct payment *p)
{
    struct asking q;
    struct json *s = NULL;
    const char *problem = "";
    if (str_empty(p->provider_ref))
        return RC_OK;
    enum rc rc = asking_for(app, a, p, &q);
    if (rc == RC_OK)
        rc = ask(&q, "GET", arena_printf(a, "/v1/checkout/sessions/%s", p->provider_ref), NULL,
                 NULL, &s);
    if (rc == RC_OK)
        rc = report_session(app, s, "poll", instant_now(), &problem);
    return rc == RC_DECLINED || rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc refund(struct app_ctx *app, struct arena *a, const struct payment *p, struct uuid id,
                      int64_t amount, const char **ref, const char **problem)
{
    struct asking q;
    struct buf b;
    struct json *r = NULL;
    struct shop_payment_capture_maybe capture;
    int64_t units = 0;
    const char *text = uuid_str(a, id);
    enum rc rc = asking_for(app, a, p, &q);
    if (rc == RC_OK)
        rc = shop_q_payment_capture(app->db, p->id, &capture);
    if (rc == RC_OK)
        rc = stripe_amount(amount, p->currency, &units);
    if (rc == RC_OK && !capture.found)
        rc = RC_NOTFOUND;
    if (rc != RC_OK)
        return rc;
    buf_init(&b, a, BODY_MOST);
    field(&b, "payment_intent", capture.row.ref);
    field_int(&b, a, "amount", units);
    field(&b, "metadata[refund]", text);
    field(&b, "metadata[payment]", uuid_str(a, p->id));
    rc = ask(&q, "POST", "/v1/refunds", &b, text, &r);
    if (rc != RC_OK) {
        *problem = q.problem;
        return rc;
    }
    *ref = json_text(json_get(r, "id"), "");
    rc = refund_sent(app->db, id, *ref);
    if (rc == RC_OK || rc == RC_CONFLICT)
        rc = report_refund(app, r, "poll", 0, instant_now(), problem);
    return rc == RC_DECLINED ? RC_OK : rc;
}

static const struct json *object_of(struct arena *a, const char *body, size_t n, const char **type,
                                    const char **id, int64_t *told)
{
    struct json *j = NULL;
    if (json_parse(a, body, n, &j, NULL) != RC_OK)
        return NULL;
    *type = json_text(json_get(j, "type"), "");
    *id = json_text(json_get(j, "id"), "");
    *told = SECONDS(json_int(json_get(j, "created"), 0) % INT64_C(100000000000));
    return json_get(json_get(j, "data"), "object");
}

static bool follows(const char *type)
{
    static const char *const types[] = {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.refund.updated",
        "charge.dispute.created",
        "charge.dispute.closed",
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq(types[i], type))
            return true;
    return false;
}

static enum rc proven(struct arena *a, const char *method, struct bytes sealed,
                      const struct pay_hook *hook, const char **event)
{
    struct secrets s;
    const char *type, *id;
    int64_t told;
    enum rc rc = open_secrets(a, method, sealed, &s);
    if (rc != RC_OK || *s.hook == '\0')
        return RC_NOTFOUND;
    if (!stripe_signed(a, s.hook, hook->signature, hook->body, hook->n, hook->now))
        return RC_DENIED;
    if (object_of(a, hook->body, hook->n, &type, &id, &told) == NULL || *id == '\0')
        return RC_INVALID;
    *event = follows(type) ? id : NULL;
    return RC_OK;
}

static enum rc apply(struct app_ctx *app, struct arena *a, const char *body, int64_t now,
                     const char **problem)
{
    const char *type = "", *id;
    int64_t told = 0;
    const struct json *o = object_of(a, body, strlen(body), &type, &id, &told);
    *problem = "";
    if (o == NULL) {
        *problem = "no object in it";
        return RC_DECLINED;
    }
    if (str_eq(type, "checkout.session.async_payment_failed"))
        return report_failure(app, o, now, problem);
    if (str_starts(type, "checkout.session."))
        return report_session(app, o, "webhook", now, problem);
    if (str_starts(type, "charge.dispute."))
        return report_dispute(app, o, str_eq(type, "charge.dispute.closed"), told, now, problem);
    return report_refund(app, o, "webhook", told, now, problem);
}

/* Sessions of the last days that are paid there: each must be known here. */
static enum rc sweep(struct app_ctx *app, struct arena *a, const char *method, struct bytes sealed,
                     int64_t since, size_t *orphans)
{
    struct secrets s;
    struct json *list = NULL;
    enum rc rc = open_secrets(a, method, sealed, &s);
    struct asking q = { .app = app, .a = a, .key = rc == RC_OK ? s.key : "", .problem = "" };
    if (rc == RC_OK)
        rc = ask(&q, "GET",
                 arena_printf(a, "/v1/checkout/sessions?limit=%d&created%%5Bgte%%5D=%lld",
                              SWEEP_MOST, (long long)(since / SECONDS(1))),
                 NULL, NULL, &list);
    const struct json *rows = rc == RC_OK ? json_get(list, "data") : NULL;
    for (size_t i = 0; rc == RC_OK && i < json_size(rows); i++) {
        const struct json *one = json_at(rows, i);
        const char *problem = "";
        if (!str_eq(json_text(json_get(one, "payment_status"), ""), "paid"))
            continue;
        rc = report_session(app, one, "poll", instant_now(), &problem);
        if (rc == RC_DECLINED) {
            log_warn("paid without an order", "provider=" PROVIDER " session=%s why=%s",
                     json_text(json_get(one, "id"), ""), problem);
            (*orphans)++;
            rc = RC_OK;
        }
    }
    return rc;
}

const struct pay_adapter pay_stripe = { .provider = PROVIDER,
                                        .begin = begin,
                                        .refund = refund,
                                        .poll = poll,
                                        .signature = "stripe-signature",
                                        .proven = proven,
                                        .apply = apply,
                                        .sweep = sweep };
