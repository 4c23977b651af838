/* device.c: a customer's sessions as devices. What a page names is a digest of the stored hash,
 * which itself opens nothing: knowing it is no way in. Signing in and out is session.c's.
 * Invariant: only sessions of the customer who asks are seen or ended. */
#include "app/device.h"

#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"

static const char *name_of(struct arena *a, const unsigned char hash[CRYPTO_HASH])
{
    unsigned char digest[CRYPTO_HASH];
    crypto_digest(hash, CRYPTO_HASH, digest);
    return crypto_base64url(a, digest, 12);
}

enum rc devices_of(struct db *db, struct uuid customer, struct device_list *out)
{
    struct arena *a = db_arena(db);
    struct app_device_list l;
    enum rc rc = app_q_devices(db, customer, &l);
    if (rc != RC_OK)
        return rc;
    out->row = arena_array(a, struct device, l.n);
    out->n = 0;
    for (size_t i = 0; i < l.n; i++) {
        const struct app_device *d = &l.row[i];
        struct device *to = &out->row[out->n++];
        check_that(d->token_hash.n == CRYPTO_HASH);
        memcpy(to->hash, d->token_hash.p, CRYPTO_HASH);
        to->name = name_of(a, to->hash);
        to->ip = d->ip ? d->ip : "";
        to->agent = d->agent ? d->agent : "";
        to->seen_at = d->seen_at;
        to->created_at = d->created_at;
    }
    return RC_OK;
}

enum rc device_end(struct db *db, struct uuid customer, const char *name, bool *found)
{
    struct device_list l;
    check_that(db_in_tx(db));
    *found = false;
    enum rc rc = devices_of(db, customer, &l);
    for (size_t i = 0; rc == RC_OK && i < l.n && !*found; i++) {
        if (!str_eq(l.row[i].name, name))
            continue;
        *found = true;
        rc = app_q_device_end(db, customer, (struct bytes){ l.row[i].hash, CRYPTO_HASH }, NULL);
    }
    return rc;
}

enum rc devices_end(struct db *db, struct uuid customer, const unsigned char but[CRYPTO_HASH])
{
    check_that(db_in_tx(db));
    return app_q_devices_end(db, customer, (struct bytes){ but, CRYPTO_HASH }, NULL);
}
