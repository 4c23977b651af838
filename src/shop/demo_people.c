/* demo_people.c: the demo accounts of every demo shop: one shopper and three members of staff with
 * the roles Staff, Manager and Admin; and the operator of the platform, who belongs to none of
 * them. The passwords are public, in the operations guide; nothing here runs for a real shop.
 * Invariant: an account that is there is left alone. */
#include "app/audit.h"
#include "app/ctx.h"
#include "app/loader.h"
#include "app/module.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/demo_int.h"

struct account {
    const char *email, *password, *name, *role; /* role NULL: a shopper */
};
static const char operator_role[] = "operator"; /* of the platform, no role of a shop */

static const struct account accounts[] = {
    { "shopper@kade.test", "kade-shopper-1", "Nimali Perera", NULL },
    { "staff@kade.test", "kade-staff-12", "Kamal Silva", "staff" },
    { "manager@kade.test", "kade-manager-1", "Fathima Nazeer", "manager" },
    { "admin@kade.test", "kade-admin-12", "Anjali Sivakumar", "admin" },
    { "operator@kade.test", "kade-operator-1", "Ruwan Jayasuriya", operator_role },
};

struct role {
    const char *code, *name;
};
static const struct role roles[] = {
    { "staff", "Staff" },
    { "manager", "Manager" },
    { "admin", "Admin" },
};

struct people {
    struct demo_run *d;
    char *hash[COUNT_OF(accounts)];
    size_t made;
};

/* Rights that describe shoppers and the platform's operator are no staff rights. */
static bool is_staff_right(const char *name)
{
    return !str_eq(name, "shop.customer") && !str_eq(name, "app.operator");
}

/* The Admin role holds every staff right that the loaded modules declare. */
static struct texts all_rights(const struct app_registry *g, struct arena *a)
{
    size_t n = 0, most = 0;
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_perm *p = g->modules[i]->perms; p != NULL && p->name != NULL; p++)
            most++;
    const char **v = arena_array(a, const char *, most);
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_perm *p = g->modules[i]->perms; p != NULL && p->name != NULL; p++)
            if (is_staff_right(p->name))
                v[n++] = p->name;
    return (struct texts){ v, n };
}

static enum rc put_roles(struct demo_run *d, struct db *db, struct uuid *id)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        struct app_role_row row;
        enum rc rc = app_q_role_put(db, uuid7_new(), roles[i].code, roles[i].name, true, &row);
        if (rc == RC_OK && str_eq(roles[i].code, "admin"))
            rc = app_q_role_permit(db, row.id, all_rights(d->app->registry, db_arena(db)), NULL);
        if (rc != RC_OK)
            return rc;
        id[i] = row.id;
    }
    return RC_OK;
}

static enum rc put_user(struct db *db, const struct account *a, const char *hash,
                        const struct uuid *role_id, size_t *made)
{
    struct app_user_row_maybe found;
    enum rc rc = app_q_user_by_email(db, a->email, &found);
    if (rc != RC_OK || found.found)
        return rc;
    struct uuid id = uuid7_new();
    rc = app_q_user_add(db, id, a->email, a->name, NULL, NULL, NULL);
    /* setting the password also activates the account */
    if (rc == RC_OK)
        rc = app_q_user_set_password(db, id, hash, NULL);
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(roles); i++)
        if (str_eq(roles[i].code, a->role))
            rc = app_q_role_give(db, id, role_id[i], NULL);
    *made += rc == RC_OK;
    return rc;
}

static enum rc put_operator(struct db *db, const struct account *a, const char *hash, size_t *made)
{
    struct uuid id = uuid7_new();
    int64_t added;
    enum rc rc = app_q_operator_add(db, id, a->email, a->name, hash, &added);
    if (rc != RC_OK || added == 0)
        return rc;
    *made += 1;
    return audit_write_platform(db, "operator.created", "operators", id, NULL, NULL);
}

static enum rc people_in_tx(struct db *db, void *arg)
{
    struct people *p = arg;
    struct uuid role_id[COUNT_OF(roles)];
    enum rc rc = put_roles(p->d, db, role_id);
    p->made = 0;
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(accounts); i++) {
        const struct account *a = &accounts[i];
        int64_t added = 0;
        if (a->role == operator_role) {
            rc = put_operator(db, a, p->hash[i], &p->made);
            continue;
        }
        if (a->role != NULL) {
            rc = put_user(db, a, p->hash[i], role_id, &p->made);
            continue;
        }
        rc = shop_q_demo_customer_put(db, uuid7_new(), a->email, a->name, p->hash[i],
                                      demo_fact(p->d, "locale", "en"), &added);
        p->made += (size_t)added;
    }
    return rc;
}

enum rc demo_people(struct demo_run *d)
{
    struct people p = { .d = d };
    for (size_t i = 0; i < COUNT_OF(accounts); i++) {
        enum rc rc = crypto_password_hash(d->arena, accounts[i].password, &p.hash[i]);
        if (rc != RC_OK)
            return demo_problem(d, rc, "a password could not be hashed");
    }
    struct db *db = d->app->db;
    db_scope_begin(db, d->arena, &d->tenant, instant_now());
    enum rc rc = db_tx(db, DB_TX_RETRY, people_in_tx, &p);
    db_scope_end(db);
    if (rc != RC_OK)
        return demo_problem(d, rc, "the accounts could not be made");
    d->report->accounts += p.made;
    return RC_OK;
}
