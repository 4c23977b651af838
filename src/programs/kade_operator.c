/* kade_operator.c: kade user ... --operator: people who run the whole installation and belong to no
 * shop. Not here: how they sign in. Invariant: what is done to an account is in the platform's own
 * ledger, in the same transaction; there is never a way to read or give a password as an argument.
 */
#include <stdio.h>

#include "app/audit.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "programs/kade.h"

struct operator
{
    struct uuid id;
    const char *email, *name, *hash;
    int64_t changed;
};

static enum rc add_in_tx(struct db *db, void *arg)
{
    struct operator* o = arg;
    enum rc rc = app_q_operator_add(db, o->id, o->email, o->name, o->hash, &o->changed);
    if (rc != RC_OK || o->changed == 0)
        return rc;
    return audit_write_platform(db, "operator.created", "operators", o->id, NULL, NULL);
}

static enum rc password_in_tx(struct db *db, void *arg)
{
    struct operator* o = arg;
    enum rc rc = app_q_operator_set_password(db, o->id, o->hash, instant_now(), NULL);
    if (rc != RC_OK)
        return rc;
    return audit_write_platform(db, "operator.password_reset", "operators", o->id, NULL, NULL);
}

static enum rc disable_in_tx(struct db *db, void *arg)
{
    struct operator* o = arg;
    enum rc rc = app_q_operator_disable(db, o->id, instant_now(), &o->changed);
    if (rc != RC_OK || o->changed == 0)
        return rc;
    return audit_write_platform(db, "operator.disabled", "operators", o->id, NULL, NULL);
}

static int begin(struct kade *k, const char *arg, struct operator* o)
{
    *o = (struct operator){ 0 };
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_email(k, arg, &o->email);
    if (status == 0)
        kade_scope(k, NULL);
    return status;
}

static int find(struct kade *k, struct operator* o)
{
    struct app_operator_row_maybe found;
    enum rc rc = app_q_operator_by_email(k->app.db, o->email, &found);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding the operator", rc);
    if (!found.found)
        return kade_fail("there is no operator %s: 'kade user create --operator' makes one",
                         o->email);
    o->id = found.row.id;
    return 0;
}

int kade_operator_create(struct kade *k, const char *email)
{
    struct operator o;
    const char *password;
    bool made;
    int status = begin(k, email, &o);
    if (status == 0)
        status = kade_password(k, &password, &made, &o.hash);
    if (status != 0)
        return status;
    o.id = uuid7_new();
    o.name = str_empty(k->value[OPT_NAME]) ? o.email : k->value[OPT_NAME];
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, add_in_tx, &o);
    if (rc != RC_OK)
        return kade_fail_db(k, "making the operator", rc);
    if (o.changed == 0)
        return kade_fail("%s is there already: 'kade user reset-password --operator' sets a new "
                         "password",
                         o.email);
    return kade_account_rows(k, o.email, o.id, password, made);
}

int kade_operator_reset(struct kade *k, const char *email)
{
    struct operator o;
    const char *password;
    bool made;
    int status = begin(k, email, &o);
    if (status == 0)
        status = find(k, &o);
    if (status == 0)
        status = kade_password(k, &password, &made, &o.hash);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, password_in_tx, &o);
    return rc == RC_OK ? kade_account_rows(k, o.email, o.id, password, made)
                       : kade_fail_db(k, "setting the password", rc);
}

int kade_operator_disable(struct kade *k, const char *email)
{
    struct operator o;
    int status = begin(k, email, &o);
    if (status == 0)
        status = find(k, &o);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, disable_in_tx, &o);
    if (rc != RC_OK)
        return kade_fail_db(k, "disabling the operator", rc);
    printf("%s %s disabled\n", o.email, o.changed == 0 ? "was" : "is");
    return 0;
}

int kade_operator_list(struct kade *k)
{
    static const char *const cols[] = { "email", "name", "status", "since", NULL };
    struct app_operator_line_list list;
    struct kade_rows rows;
    int status = kade_open(k, "kade_admin");
    if (status != 0)
        return status;
    kade_scope(k, NULL);
    enum rc rc = app_q_operator_list(k->app.db, &list);
    if (rc != RC_OK)
        return kade_fail_db(k, "listing the operators", rc);
    kade_rows_begin(&rows, k, cols);
    for (size_t i = 0; i < list.n; i++) {
        const char *cells[] = { list.row[i].email, list.row[i].name, list.row[i].status,
                                instant_rfc3339(k->arena, list.row[i].created_at) };
        kade_rows_add(&rows, cells);
    }
    return kade_rows_end(&rows);
}
