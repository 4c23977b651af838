/* customer_rights.c: what a person may ask of the shop: a copy of everything it keeps about them,
 * and to be forgotten. Both go through events, so that a module nobody here has heard of answers as
 * well, in the same transaction. What the law wants kept (orders, invoices, ledgers) stays, with
 * the people in it blanked by whoever owns those tables. */
#include <string.h>

#include "app/audit.h"
#include "app/credential.h"
#include "app/event.h"
#include "app/mail.h"
#include "app/words.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/customer.h"
#include "shop/customer_int.h"

/* The export that runs in this process: a process does one thing at a time. */
static struct {
    struct jw *w;
    struct uuid customer;
} self;

void customer_export_add(const struct event *e, const char *name, const char *json)
{
    if (!self.w || uuid_cmp(self.customer, e->object_id) != 0)
        return;
    jw_key(self.w, name);
    jw_raw(self.w, json);
}

static void when(struct jw *w, const char *key, int64_t t)
{
    char text[INSTANT_TEXT];
    instant_rfc3339_to(t, text);
    jw_key(w, key);
    jw_text(w, text);
}

static void pair(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    jw_text(w, value);
}

static void person(struct jw *w, const struct customer *c)
{
    jw_key(w, "account");
    jw_object(w);
    pair(w, "email", c->email);
    pair(w, "name", c->name);
    pair(w, "phone", c->phone);
    pair(w, "company", c->company);
    pair(w, "type", c->type);
    pair(w, "language", c->locale);
    jw_key(w, "news_and_offers");
    jw_bool(w, c->marketing);
    when(w, "member_since", c->created_at);
    jw_end_object(w);
}

static enum rc rows_of(struct db *db, struct uuid id, struct jw *w)
{
    struct shop_address_row_list a;
    struct shop_consent_list c;
    struct db_pipe *p = db_pipe(db);
    shop_q_addresses_of_send(p, id, &a);
    shop_q_consents_of_send(p, id, &c);
    enum rc rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    jw_key(w, "addresses");
    jw_array(w);
    for (size_t i = 0; i < a.n; i++)
        jw_row(w, shop_address_row_fields, shop_address_row_nfields, &a.row[i]);
    jw_end_array(w);
    jw_key(w, "consents");
    jw_array(w);
    for (size_t i = 0; i < c.n; i++)
        jw_row(w, shop_consent_fields, shop_consent_nfields, &c.row[i]);
    jw_end_array(w);
    return RC_OK;
}

enum rc customer_export(struct db *db, struct uuid id, struct buf *out)
{
    struct jw w;
    struct customer c;
    bool found;
    enum rc rc = customer_by_id(db, id, &found, &c);
    if (rc != RC_OK)
        return rc;
    if (!found)
        return RC_NOTFOUND;
    buf_clear(out);
    jw_init(&w, out);
    jw_object(&w);
    person(&w, &c);
    rc = rows_of(db, id, &w);
    if (rc == RC_OK) {
        self.w = &w;
        self.customer = id;
        rc = customer_tell(db, "customer.exported", "customer.export", id, 0);
        self.w = NULL;
    }
    jw_end_object(&w);
    return rc == RC_OK ? buf_rc(out) : rc;
}

static enum rc end_proofs(struct db *db, struct uuid id)
{
    const struct owner owner = { .customer = id };
    static const char *const links[] = { "verify", "reset", "login", "email", "second" };
    enum rc rc = credential_factor_drop(db, &owner);
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(links); i++)
        rc = credential_tokens_drop(db, links[i], &owner);
    return rc;
}

enum rc customer_erase(struct db *db, const struct customer *c, int64_t now)
{
    struct arena *a = db_arena(db);
    unsigned char hash[CRYPTO_HASH];
    int64_t rows;
    mail_recipient_hash(c->email, hash);
    enum rc rc = shop_q_customer_blank(db, c->id, now, &rows);
    if (rc == RC_OK && rows == 0)
        return RC_NOTFOUND;
    if (rc == RC_OK)
        rc = shop_q_addresses_blank(db, c->id, now, NULL);
    if (rc == RC_OK)
        rc = words_put(db, "customer", c->id, &(struct words_of){ 0 });
    if (rc == RC_OK)
        rc = end_proofs(db, c->id);
    if (rc == RC_OK)
        rc = audit_write(db, "customer.erased", "customer", c->id, NULL, NULL);
    if (rc == RC_OK)
        rc = event_emit(db, "customer.erased", c->id, 0, "customer=%s mail=%s", uuid_str(a, c->id),
                        customer_hex(a, hash, sizeof hash));
    return rc;
}
