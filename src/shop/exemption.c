/* exemption.c: proofs that free a customer of tax: put, replaced, ended, each with its audit row
 * and event. It does not judge a proof, and no rate is here. Invariant: one proof a kind and
 * country. */
#include "shop/exemption.h"

#include <string.h>

#include "app/audit.h"
#include "base/str.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/customer_int.h"

static bool is_country(const char *s)
{
    return *s == '\0' ||
           (strlen(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z');
}

static const char *as_json(struct arena *a, const struct exemption *e)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 4096);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "kind");
    jw_text(&w, e->kind);
    jw_key(&w, "country");
    jw_text(&w, e->country);
    jw_key(&w, "evidence");
    jw_text(&w, e->evidence);
    jw_end_object(&w);
    return b.p;
}

enum rc exemption_put(struct db *db, const struct exemption *e)
{
    size_t n = utf8_length(e->evidence);
    if ((!str_eq(e->kind, "exempt") && !str_eq(e->kind, "reverse_charge")) ||
        !is_country(e->country) || n < 3 || n > 200)
        return RC_INVALID;
    struct uuid id = uuid7_new();
    enum rc rc = shop_q_exemption_put(db, id, e->customer, e->kind, e->country, e->evidence, NULL);
    if (rc == RC_OK)
        rc = audit_write(db, "customer.tax_exempt", "customer", e->customer, NULL,
                         as_json(db_arena(db), e));
    return rc == RC_OK
               ? customer_tell(db, "customer.tax_changed", "customer.changed", e->customer, 0)
               : rc;
}

enum rc exemption_end(struct db *db, struct uuid customer, int64_t now, int64_t *ended)
{
    int64_t n = 0;
    enum rc rc = shop_q_exemption_end(db, customer, now, &n);
    if (rc == RC_OK && n > 0)
        rc = customer_tell(db, "customer.tax_charged", "customer.changed", customer, 0);
    if (rc == RC_OK)
        *ended = n;
    return rc;
}
