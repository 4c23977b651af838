/* customer.h: accounts of shoppers: what is kept of them, changes with their audit row, event and
 * search words in one transaction, what they agreed to, and the two rights over it all: a copy of
 * everything and being forgotten. How they prove who they are is app/credential.h's. */
#ifndef SHOP_CUSTOMER_H
#define SHOP_CUSTOMER_H

#include "app/types.h"
#include "base/field.h"
#include "base/id.h"
#include "shop/address.h"

struct event;

/* ---- reading -----------------------------------------------------------------------------------
 */
struct customer {
    struct uuid id;
    const char *email, *name, *phone, *company, *type, *password_hash, *locale, *status;
    int32_t epoch, version;
    bool marketing;
    int64_t created_at;
};
/* found false: nobody. Texts are never NULL but password_hash and locale. */
KADE_API enum rc customer_by_email(struct db *db, const char *email, bool *found,
                                   struct customer *out) ATTR_MUST_CHECK;
KADE_API enum rc customer_by_id(struct db *db, struct uuid id, bool *found,
                                struct customer *out) ATTR_MUST_CHECK;

/* ---- changing: inside db_tx --------------------------------------------------------------------
 */
struct customer_new {
    const char *email, *name, *password_hash, *locale;
    bool marketing;
    int64_t now;
};
/* Emits customer.registered. RC_CONFLICT somebody has that address. */
KADE_API enum rc customer_add(struct db *db, const struct customer_new *n,
                              struct uuid *out) ATTR_MUST_CHECK;
struct customer_edit {
    int32_t version;
    const char *name, *phone, *company, *type, *locale; /* phone in E.164 or "" */
};
/* RC_CONFLICT changed meanwhile. Emits customer.changed. */
KADE_API enum rc customer_edit(struct db *db, const struct customer *old,
                               const struct customer_edit *e) ATTR_MUST_CHECK;
/* These raise the epoch: every session and link of the person ends. *epoch: the new one. */
KADE_API enum rc customer_set_password(struct db *db, struct uuid id, const char *hash,
                                       int32_t *epoch) ATTR_MUST_CHECK;
KADE_API enum rc customer_set_email(struct db *db, const struct customer *old, const char *email,
                                    int64_t now, int32_t *epoch) ATTR_MUST_CHECK;
KADE_API enum rc customer_end_sessions(struct db *db, struct uuid id,
                                       int32_t *epoch) ATTR_MUST_CHECK;
/* Same password under today's cost: nothing ends. */
KADE_API enum rc customer_rehash(struct db *db, struct uuid id, const char *old,
                                 const char *hash) ATTR_MUST_CHECK;
/* Emits customer.logged_in: customer=uuid, session=hex of the guest session's hash, where there was
 * one. Modules merge what the guest had. */
KADE_API enum rc customer_logged_in(struct db *db, struct uuid id,
                                    const unsigned char *guest_session,
                                    int64_t now) ATTR_MUST_CHECK;

struct consent {
    const struct uuid *customer;            /* NULL: somebody without an account */
    const char *email;                      /* "" none */
    const char *purpose, *channel, *source; /* "marketing" "email" "register" */
    bool given;
};
KADE_API enum rc customer_consent(struct db *db, const struct consent *c,
                                  int64_t now) ATTR_MUST_CHECK;

/* ---- addresses: inside db_tx -------------------------------------------------------------------
 */
struct customer_address {
    struct uuid id;
    const char *type, *label; /* "home" .. "other" */
    struct address address;   /* as address_check left it */
    int32_t version;
    bool is_default;
};
struct customer_address_list {
    struct customer_address *row;
    size_t n;
};
/* The default first, then the newest. */
KADE_API enum rc customer_addresses(struct db *db, struct uuid customer,
                                    struct customer_address_list *out) ATTR_MUST_CHECK;
KADE_API enum rc customer_address_by_id(struct db *db, struct uuid customer, struct uuid id,
                                        bool *found, struct customer_address *out) ATTR_MUST_CHECK;
/* RC_DECLINED: a hundred are enough. The first is the default. */
KADE_API enum rc customer_address_add(struct db *db, struct uuid customer,
                                      const struct customer_address *m) ATTR_MUST_CHECK;
/* RC_CONFLICT changed or gone meanwhile. */
KADE_API enum rc customer_address_put(struct db *db, struct uuid customer,
                                      const struct customer_address *m) ATTR_MUST_CHECK;
KADE_API enum rc customer_address_default(struct db *db, struct uuid customer,
                                          struct uuid id) ATTR_MUST_CHECK;
KADE_API enum rc customer_address_remove(struct db *db, struct uuid customer, struct uuid id,
                                         int64_t now) ATTR_MUST_CHECK;

/* ---- a copy of everything, and being forgotten -------------------------------------------------
 */
/* JSON text of all that is kept. Inside db_tx: customer.export is emitted (object_id = customer),
 * and its EV_IN_TX subscribers answer with customer_export_add. */
KADE_API enum rc customer_export(struct db *db, struct uuid id, struct buf *out) ATTR_MUST_CHECK;
/* A subscriber's part: json is an object or array under a name of its module. Nothing while no
 * export runs. */
KADE_API void customer_export_add(const struct event *e, const char *name, const char *json);
/* Inside db_tx: blanks the person, their addresses and words, ends sessions and links, and emits
 * customer.erased (object_id = customer; customer=uuid, mail=hex of the address's keyed hash,
 * session ended) whose EV_IN_TX subscribers forget what is theirs and keep sums and documents. */
KADE_API enum rc customer_erase(struct db *db, const struct customer *c,
                                int64_t now) ATTR_MUST_CHECK;

#endif
