/* customer.c: accounts of shoppers: rows, audit, events, search words and consents, each change in
 * one transaction with all of them. Values in the audit trail say that something changed; a
 * person's e-mail, phone and name are not copied into it, for it is kept longer than they are. A
 * copy of everything and erasure are customer_rights.c's. */
#include "shop/customer.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/mail.h"
#include "app/words.h"
#include "base/buf.h"
#include "base/str.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/address.h"
#include "shop/customer_int.h"

/* ---- reading ----------------------------------------------------------------------------------
 */

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static void take(const struct shop_customer_maybe *m, bool *found, struct customer *out)
{
    const struct shop_customer *c = &m->row;
    *found = m->found;
    if (!m->found)
        return;
    *out = (struct customer){ .id = c->id,
                              .email = or_empty(c->email),
                              .name = or_empty(c->name),
                              .phone = or_empty(c->phone),
                              .company = or_empty(c->company),
                              .type = c->type,
                              .password_hash = c->password_hash,
                              .locale = c->locale,
                              .status = c->status,
                              .epoch = c->epoch,
                              .version = c->version,
                              .marketing = c->has_marketing_opt_in_at,
                              .created_at = c->created_at };
}

enum rc customer_by_email(struct db *db, const char *email, bool *found, struct customer *out)
{
    struct shop_customer_maybe m;
    enum rc rc = shop_q_customer_by_email(db, email, &m);
    if (rc == RC_OK)
        take(&m, found, out);
    return rc;
}

enum rc customer_by_id(struct db *db, struct uuid id, bool *found, struct customer *out)
{
    struct shop_customer_maybe m;
    enum rc rc = shop_q_customer_by_id(db, id, &m);
    if (rc == RC_OK)
        take(&m, found, out);
    return rc;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

static enum rc put_words(struct db *db, struct uuid id, const char *email, const char *name,
                         const char *phone, const char *company)
{
    const char *texts[] = { name, company };
    return words_put(db, "customer", id,
                     &(struct words_of){ .texts = texts,
                                         .ntexts = 2,
                                         .email = *email ? email : NULL,
                                         .phone = *phone ? phone : NULL });
}

enum rc customer_tell(struct db *db, const char *action, const char *event, struct uuid id,
                      int32_t version)
{
    enum rc rc = audit_write(db, action, "customer", id, NULL, NULL);
    if (rc == RC_OK && event)
        rc = event_emit(db, event, id, version, "customer=%s", uuid_str(db_arena(db), id));
    return rc;
}

enum rc customer_add(struct db *db, const struct customer_new *n, struct uuid *out)
{
    struct uuid id = uuid7_new();
    int64_t added;
    enum rc rc = shop_q_customer_add(db, id, n->email, n->name, n->password_hash, n->locale, n->now,
                                     n->marketing, &added);
    if (rc == RC_OK && added == 0)
        return RC_CONFLICT;
    if (rc == RC_OK)
        rc = put_words(db, id, n->email, n->name, "", "");
    if (rc == RC_OK && n->marketing)
        rc = customer_consent(db,
                              &(struct consent){ .customer = &id,
                                                 .email = n->email,
                                                 .purpose = "marketing",
                                                 .channel = "email",
                                                 .source = "register",
                                                 .given = true },
                              n->now);
    if (rc == RC_OK)
        rc = customer_tell(db, "customer.registered", "customer.registered", id, 1);
    if (rc == RC_OK)
        *out = id;
    return rc;
}

enum rc customer_edit(struct db *db, const struct customer *old, const struct customer_edit *e)
{
    int64_t rows;
    enum rc rc = shop_q_customer_edit(db, old->id, e->version, e->name, *e->phone ? e->phone : NULL,
                                      *e->company ? e->company : NULL, e->type, e->locale, &rows);
    if (rc == RC_OK && rows == 0)
        return RC_CONFLICT;
    if (rc == RC_OK)
        rc = put_words(db, old->id, old->email, e->name, e->phone, e->company);
    return rc == RC_OK
               ? customer_tell(db, "customer.changed", "customer.changed", old->id, e->version + 1)
               : rc;
}

static enum rc epoch_of(enum rc rc, const struct shop_customer_epoch_maybe *m, int32_t *epoch)
{
    if (rc != RC_OK)
        return rc;
    if (!m->found)
        return RC_NOTFOUND;
    *epoch = m->row.epoch;
    return RC_OK;
}

enum rc customer_set_password(struct db *db, struct uuid id, const char *hash, int32_t *epoch)
{
    struct shop_customer_epoch_maybe m;
    enum rc rc = epoch_of(shop_q_customer_set_password(db, id, hash, &m), &m, epoch);
    return rc == RC_OK ? customer_tell(db, "customer.password_changed", "customer.password_changed",
                                       id, *epoch)
                       : rc;
}

enum rc customer_set_email(struct db *db, const struct customer *old, const char *email,
                           int64_t now, int32_t *epoch)
{
    struct shop_customer_epoch_maybe m;
    enum rc rc = epoch_of(shop_q_customer_set_email(db, old->id, email, now, &m), &m, epoch);
    if (rc == RC_OK)
        rc = put_words(db, old->id, email, old->name, old->phone, old->company);
    return rc == RC_OK ? customer_tell(db, "customer.email_changed", "customer.changed", old->id,
                                       old->version + 1)
                       : rc;
}

enum rc customer_end_sessions(struct db *db, struct uuid id, int32_t *epoch)
{
    struct shop_customer_epoch_maybe m;
    enum rc rc = epoch_of(shop_q_customer_end_sessions(db, id, &m), &m, epoch);
    return rc == RC_OK ? customer_tell(db, "customer.sessions_ended", NULL, id, 0) : rc;
}

enum rc customer_rehash(struct db *db, struct uuid id, const char *old, const char *hash)
{
    return shop_q_customer_rehash(db, id, old, hash, NULL);
}

const char *customer_hex(struct arena *a, const unsigned char *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
    return out;
}

enum rc customer_logged_in(struct db *db, struct uuid id, const unsigned char *guest_session,
                           int64_t now)
{
    struct arena *a = db_arena(db);
    enum rc rc = shop_q_customer_seen(db, id, now, NULL);
    if (rc == RC_OK)
        rc = audit_write(db, "customer.logged_in", "customer", id, NULL, NULL);
    if (rc == RC_OK && guest_session)
        return event_emit(db, "customer.logged_in", id, 0, "customer=%s session=%s",
                          uuid_str(a, id), customer_hex(a, guest_session, CRYPTO_HASH));
    return rc == RC_OK ? event_emit(db, "customer.logged_in", id, 0, "customer=%s", uuid_str(a, id))
                       : rc;
}

enum rc customer_consent(struct db *db, const struct consent *c, int64_t now)
{
    unsigned char hash[CRYPTO_HASH];
    mail_recipient_hash(c->email, hash);
    enum rc rc = shop_q_consent_add(db, c->customer, (struct bytes){ hash, sizeof hash },
                                    c->purpose, c->channel, c->given, "1", c->source, NULL);
    if (rc == RC_OK && c->customer && str_eq(c->purpose, "marketing"))
        rc = shop_q_customer_opt_in(db, *c->customer, c->given ? &now : NULL, NULL);
    return rc;
}

/* ---- addresses --------------------------------------------------------------------------------
 */

static struct customer_address address_of(const struct shop_address_row *a)
{
    return (struct customer_address){ .id = a->id,
                                      .type = a->type,
                                      .label = a->label,
                                      .version = a->version,
                                      .is_default = a->is_default,
                                      .address = {
                                          .country = a->country,
                                          .text = { [ADDRESS_NAME] = a->name,
                                                    [ADDRESS_COMPANY] = a->company,
                                                    [ADDRESS_PHONE] = a->phone,
                                                    [ADDRESS_LINE1] = a->line1,
                                                    [ADDRESS_LINE2] = a->line2,
                                                    [ADDRESS_CITY] = a->city,
                                                    [ADDRESS_REGION] = a->region,
                                                    [ADDRESS_POSTCODE] = a->postcode,
                                                    [ADDRESS_LANDMARK] = a->landmark,
                                                    [ADDRESS_INSTRUCTIONS] = a->instructions } } };
}

enum rc customer_addresses(struct db *db, struct uuid customer, struct customer_address_list *out)
{
    struct shop_address_row_list l;
    enum rc rc = shop_q_addresses_of(db, customer, &l);
    if (rc != RC_OK)
        return rc;
    out->row = arena_array(db_arena(db), struct customer_address, l.n);
    out->n = l.n;
    for (size_t i = 0; i < l.n; i++)
        out->row[i] = address_of(&l.row[i]);
    return RC_OK;
}

enum rc customer_address_by_id(struct db *db, struct uuid customer, struct uuid id, bool *found,
                               struct customer_address *out)
{
    struct shop_address_row_maybe m;
    enum rc rc = shop_q_address_get(db, customer, id, &m);
    if (rc != RC_OK)
        return rc;
    *found = m.found;
    if (m.found)
        *out = address_of(&m.row);
    return RC_OK;
}

enum rc customer_address_add(struct db *db, struct uuid customer, const struct customer_address *m)
{
    const char *const *t = m->address.text;
    int64_t rows;
    enum rc rc =
        shop_q_address_add(db, m->id, customer, m->type, m->label, t[ADDRESS_NAME],
                           t[ADDRESS_COMPANY], t[ADDRESS_PHONE], t[ADDRESS_LINE1], t[ADDRESS_LINE2],
                           t[ADDRESS_CITY], t[ADDRESS_REGION], t[ADDRESS_POSTCODE],
                           m->address.country, t[ADDRESS_LANDMARK], t[ADDRESS_INSTRUCTIONS], &rows);
    if (rc == RC_OK && rows == 0)
        return RC_DECLINED;
    return rc == RC_OK ? audit_write(db, "address.added", "address", m->id, NULL, NULL) : rc;
}

enum rc customer_address_put(struct db *db, struct uuid customer, const struct customer_address *m)
{
    const char *const *t = m->address.text;
    int64_t rows;
    enum rc rc =
        shop_q_address_put(db, m->id, m->version, customer, m->type, m->label, t[ADDRESS_NAME],
                           t[ADDRESS_COMPANY], t[ADDRESS_PHONE], t[ADDRESS_LINE1], t[ADDRESS_LINE2],
                           t[ADDRESS_CITY], t[ADDRESS_REGION], t[ADDRESS_POSTCODE],
                           m->address.country, t[ADDRESS_LANDMARK], t[ADDRESS_INSTRUCTIONS], &rows);
    if (rc == RC_OK && rows == 0)
        return RC_CONFLICT;
    return rc == RC_OK ? audit_write(db, "address.changed", "address", m->id, NULL, NULL) : rc;
}

enum rc customer_address_default(struct db *db, struct uuid customer, struct uuid id)
{
    int64_t rows;
    enum rc rc = shop_q_address_undefault(db, customer, NULL);
    if (rc == RC_OK)
        rc = shop_q_address_default(db, customer, id, &rows);
    if (rc == RC_OK && rows == 0)
        return RC_NOTFOUND;
    return rc == RC_OK ? audit_write(db, "address.made_default", "address", id, NULL, NULL) : rc;
}

enum rc customer_address_remove(struct db *db, struct uuid customer, struct uuid id, int64_t now)
{
    struct shop_address_removed_maybe m;
    enum rc rc = shop_q_address_remove(db, customer, id, now, &m);
    if (rc == RC_OK && !m.found)
        return RC_NOTFOUND;
    if (rc == RC_OK && m.row.was_default)
        rc = shop_q_address_next_default(db, customer, NULL);
    return rc == RC_OK ? audit_write(db, "address.removed", "address", id, NULL, NULL) : rc;
}
