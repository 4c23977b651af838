/* kade_tax.c: kade tax: which customers are not charged tax, with the proof. The rules are
 * shop/exemption.h's; here is only their face on the command line. Invariant: nothing is saved
 * without a proof. */
#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "base/time.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/customer.h"
#include "shop/exemption.h"

struct asked {
    struct exemption e;
    int64_t now, ended;
    bool ends;
};

static enum rc in_tx(struct db *db, void *arg)
{
    struct asked *q = arg;
    return q->ends ? exemption_end(db, q->e.customer, q->now, &q->ended) : exemption_put(db, &q->e);
}

static int with_customer(struct kade *k, const char *email, struct asked *q)
{
    struct uuid tenant;
    struct customer c;
    bool found = false;
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &tenant);
    if (status != 0)
        return status;
    kade_scope(k, &tenant);
    q->now = instant_now();
    enum rc rc = customer_by_email(k->app.db, str_lower(db_arena(k->app.db), email), &found, &c);
    if (rc == RC_OK && !found)
        return kade_fail("%s is no customer of this shop", email);
    if (rc == RC_OK) {
        q->e.customer = c.id;
        rc = db_tx(k->app.db, DB_TX_RETRY, in_tx, q);
    }
    if (rc == RC_INVALID)
        return kade_fail("a proof is exempt or reverse_charge, a country in two letters or -, and "
                         "3 to 200 characters that say what was seen");
    return rc == RC_OK ? 0 : kade_fail_db(k, "tax", rc);
}

static int exempt(struct kade *k, char **arg)
{
    struct asked q = {
        .e = { .kind = arg[1], .country = str_eq(arg[2], "-") ? "" : arg[2], .evidence = arg[3] }
    };
    int status = with_customer(k, arg[0], &q);
    if (status == 0)
        printf("%s is not charged tax: %s\n", arg[0], arg[3]);
    return status;
}

static int charge(struct kade *k, char **arg)
{
    struct asked q = { .ends = true };
    int status = with_customer(k, arg[0], &q);
    if (status == 0)
        printf("%s is charged tax: %" PRId64 " exemptions ended\n", arg[0], q.ended);
    return status;
}

static const enum kade_option options[] = { OPTIONS };
const struct command kade_tax_commands[] = {
    { "tax", "exempt", "EMAIL exempt|reverse_charge COUNTRY|- EVIDENCE --tenant SLUG",
      "Charge this customer no tax, with the proof that goes onto the orders.", 4, 4, options,
      exempt },
    { "tax", "charge", "EMAIL --tenant SLUG", "Charge this customer tax again.", 1, 1, options,
      charge },
    { 0 }
};
