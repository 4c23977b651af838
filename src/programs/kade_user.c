/* kade_user.c: kade user: the first member of staff, and a way back in. With --operator it is about
 * the platform's operators (kade_operator.c). The password comes from
 * standard input, or is made here and printed once; it is never an argument, where other users of
 * the machine could read it. Setting one ends every session of that person. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/audit.h"
#include "base/str.h"
#include "base/utf8.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "programs/kade.h"

enum { PASSWORD_LEAST = 12, PASSWORD_MOST = 200 };

struct person {
    struct kade *k;
    struct uuid id;
    const char *email, *name, *role, *hash;
};

/* 0 with a password; *made says that it must be shown. */
static int get_password(struct kade *k, const char **out, bool *made)
{
    *made = isatty(STDIN_FILENO) == 1;
    if (*made) {
        *out = arena_strndup(k->arena, crypto_token(k->arena), 20);
        return 0;
    }
    char line[PASSWORD_MOST * 4 + 2];
    if (fgets(line, sizeof line, stdin) == NULL) { /* </dev/null asks for one of ours */
        *made = true;
        *out = arena_strndup(k->arena, crypto_token(k->arena), 20);
        return 0;
    }
    line[strcspn(line, "\r\n")] = '\0';
    char *clean;
    if (utf8_clean(k->arena, line, strlen(line), 0, &clean) != RC_OK)
        return kade_fail("the password on standard input is not clean UTF-8 text");
    size_t n = utf8_length(clean);
    if (n < PASSWORD_LEAST || n > PASSWORD_MOST)
        return kade_fail("the password on standard input has %zu characters: take %d to %d", n,
                         (int)PASSWORD_LEAST, (int)PASSWORD_MOST);
    *out = clean;
    return 0;
}

int kade_password(struct kade *k, const char **password, bool *made, const char **out)
{
    char *hash;
    int status = get_password(k, password, made);
    if (status != 0)
        return status;
    enum rc rc = crypto_password_hash(k->arena, *password, &hash);
    if (rc != RC_OK)
        return kade_fail("the password could not be hashed: %s", rc_name(rc));
    *out = hash;
    return 0;
}

int kade_email(struct kade *k, const char *arg, const char **out)
{
    *out = str_lower(k->arena, arg);
    if (strchr(*out, '@') != NULL && strlen(*out) <= 254 && strlen(*out) >= 3)
        return 0;
    (void)kade_fail("'%s' is not an e-mail address", arg);
    return EXIT_USAGE;
}

/* What staff may be given: not the customer's own right, not the platform operator's. */
static bool is_staff_permission(const char *name)
{
    return !str_eq(name, "shop.customer") && !str_eq(name, "app.operator");
}

static enum rc admin_role(struct db *db, struct kade *k, struct uuid *out)
{
    const struct app_registry *g = k->prog.registry;
    size_t n = 0, most = 0;
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_perm *p = g->modules[i]->perms; p != NULL && p->name != NULL; p++)
            most++;
    const char **all = arena_array(k->arena, const char *, most);
    for (size_t i = 0; i < g->nmodules; i++)
        for (const struct app_perm *p = g->modules[i]->perms; p != NULL && p->name != NULL; p++)
            if (is_staff_permission(p->name))
                all[n++] = p->name;
    struct app_role_row role;
    enum rc rc = app_q_role_put(db, uuid7_new(), "admin", "Admin", true, &role);
    if (rc != RC_OK)
        return rc;
    *out = role.id;
    return app_q_role_permit(db, role.id, (struct texts){ all, n }, NULL);
}

static enum rc find_role(struct db *db, struct person *p, struct uuid *out)
{
    if (str_eq(p->role, "admin"))
        return admin_role(db, p->k, out);
    struct app_role_found_maybe role;
    enum rc rc = app_q_role_find(db, p->role, &role);
    if (rc != RC_OK)
        return rc;
    *out = role.row.id;
    return role.found ? RC_OK : RC_NOTFOUND;
}

static enum rc create_in_tx(struct db *db, void *arg)
{
    struct person *p = arg;
    struct uuid role;
    enum rc rc = find_role(db, p, &role);
    if (rc == RC_OK)
        rc = app_q_user_add(db, p->id, p->email, p->name, p->hash, NULL, NULL);
    if (rc == RC_OK)
        rc = app_q_role_give(db, p->id, role, NULL);
    return rc == RC_OK ? audit_write(db, "user.created", "users", p->id, NULL, NULL) : rc;
}

static enum rc reset_in_tx(struct db *db, void *arg)
{
    struct person *p = arg;
    enum rc rc = app_q_user_set_password(db, p->id, p->hash, NULL);
    return rc == RC_OK ? audit_write(db, "user.password_reset", "users", p->id, NULL, NULL) : rc;
}

int kade_account_rows(struct kade *k, const char *email, struct uuid id, const char *password,
                      bool made)
{
    static const char *const cols[] = { "email", "id", "password", NULL };
    const char *cells[] = { email, uuid_str(k->arena, id), made ? password : "as given" };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    kade_rows_add(&o, cells);
    return kade_rows_end(&o);
}

/* An operator is of no shop and has no role there. */
static int operator_alone(struct kade *k)
{
    if (!kade_has(k, OPT_TENANT) && !kade_has(k, OPT_ROLE))
        return 0;
    (void)kade_fail("an operator belongs to no shop: leave out --tenant and --role");
    return EXIT_USAGE;
}

static int begin(struct kade *k, char **arg, struct person *p, struct uuid *tenant)
{
    *p = (struct person){ .k = k };
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, tenant);
    return status != 0 ? status : kade_email(k, arg[0], &p->email);
}

static int create(struct kade *k, char **arg)
{
    struct person p;
    struct uuid tenant;
    const char *password;
    bool made;
    if (kade_has(k, OPT_OPERATOR)) {
        int wrong = operator_alone(k);
        return wrong != 0 ? wrong : kade_operator_create(k, arg[0]);
    }
    int status = begin(k, arg, &p, &tenant);
    if (status == 0)
        status = kade_password(k, &password, &made, &p.hash);
    if (status != 0)
        return status;
    p.id = uuid7_new();
    p.name = str_empty(k->value[OPT_NAME]) ? p.email : k->value[OPT_NAME];
    p.role = str_empty(k->value[OPT_ROLE]) ? "admin" : k->value[OPT_ROLE];
    kade_scope(k, &tenant);
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, create_in_tx, &p);
    if (rc == RC_NOTFOUND)
        return kade_fail("the shop has no role '%s': take admin, or make it in the admin", p.role);
    if (rc == RC_CONFLICT)
        return kade_fail("%s is there already: 'kade user reset-password' sets a new password",
                         p.email);
    return rc == RC_OK ? kade_account_rows(k, p.email, p.id, password, made)
                       : kade_fail_db(k, "making the user", rc);
}

static int reset(struct kade *k, char **arg)
{
    struct person p;
    struct uuid tenant;
    const char *password;
    bool made;
    struct app_user_row_maybe user;
    if (kade_has(k, OPT_OPERATOR)) {
        int wrong = operator_alone(k);
        return wrong != 0 ? wrong : kade_operator_reset(k, arg[0]);
    }
    int status = begin(k, arg, &p, &tenant);
    if (status != 0)
        return status;
    kade_scope(k, &tenant);
    enum rc rc = app_q_user_by_email(k->app.db, p.email, &user);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding the user", rc);
    if (!user.found)
        return kade_fail("the shop has no user %s: 'kade user create' makes one", p.email);
    p.id = user.row.id;
    status = kade_password(k, &password, &made, &p.hash);
    if (status != 0)
        return status;
    rc = db_tx(k->app.db, DB_TX_RETRY, reset_in_tx, &p);
    return rc == RC_OK ? kade_account_rows(k, p.email, p.id, password, made)
                       : kade_fail_db(k, "setting the password", rc);
}

static int list(struct kade *k, char **arg)
{
    (void)arg;
    struct uuid tenant;
    struct app_user_line_list list;
    if (kade_has(k, OPT_OPERATOR)) {
        int wrong = operator_alone(k);
        return wrong != 0 ? wrong : kade_operator_list(k);
    }
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &tenant);
    if (status != 0)
        return status;
    kade_scope(k, &tenant);
    enum rc rc = app_q_user_list(k->app.db, &list);
    if (rc != RC_OK)
        return kade_fail_db(k, "listing the users", rc);
    static const char *const cols[] = { "email", "name", "status", "roles", NULL };
    struct kade_rows o;
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < list.n; i++) {
        const char *cells[] = { list.row[i].email, list.row[i].name, list.row[i].status,
                                list.row[i].roles };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

/* Staff are disabled in the admin, where one sees what else they hold. */
static int disable(struct kade *k, char **arg)
{
    if (!kade_has(k, OPT_OPERATOR)) {
        (void)kade_fail("staff of a shop are disabled in its admin: this is for --operator");
        return EXIT_USAGE;
    }
    int wrong = operator_alone(k);
    return wrong != 0 ? wrong : kade_operator_disable(k, arg[0]);
}

static const enum kade_option create_options[] = { OPT_NAME, OPT_ROLE, OPT_OPERATOR, OPTIONS };
static const enum kade_option operator_options[] = { OPT_OPERATOR, OPTIONS };
const struct command kade_user_commands[] = {
    { "user", "create", "EMAIL --tenant SLUG | --operator [--name NAME] [--role CODE]",
      "Make a member of staff, or an operator of the platform; the password is read from standard "
      "input, or made and shown once.",
      1, 1, create_options, create },
    { "user", "reset-password", "EMAIL --tenant SLUG | --operator",
      "Set a new password, from standard input or made; ends the person's sessions.", 1, 1,
      operator_options, reset },
    { "user", "disable", "EMAIL --operator", "Shut an operator out; ends the person's sessions.", 1,
      1, operator_options, disable },
    { "user", "list", "--tenant SLUG | --operator",
      "The shop's staff and their roles, or the platform's operators.", 0, 0, operator_options,
      list },
    { 0 }
};
