/* session.c: signing in and out. Whether an address has an account is told neither by words nor by
 * time: an attempt is counted, a password is hashed and one sentence is said in either case. A
 * second factor stands between password and session. The sign-in itself, what it clears and what
 * modules merge of the guest's things is one transaction. */
#include "account.h"

#include "app/credential.h"
#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"

#define SECOND_COOKIE "second"
#define SECOND_LIFE   SECONDS(600)

const char *account_of(struct req *r, const char *email)
{
    return arena_printf(r->arena, "customer:%s", email);
}

enum rc account_me(struct req *r, struct customer *out)
{
    bool found;
    enum rc rc = customer_by_id(r->db, r->who.id, &found, out);
    if (rc == RC_OK && !found)
        return req_fail(r, RC_UNAUTH, NULL, "%s", "the customer is gone");
    return rc;
}

enum rc account_reproved(struct req *r, const struct customer *me, const char *password, bool *ok)
{
    unsigned wait;
    const char *account = account_of(r, me->email);
    *ok = false;
    enum rc rc = credential_attempt(r, account, &wait);
    if (rc == RC_OK && wait > 0) {
        form_set_error(r, "password", credential_wait_text(r, wait));
        return form_refuse(r);
    }
    if (rc != RC_OK)
        return rc;
    if (!credential_password_ok(r->arena, me->password_hash, password, NULL)) {
        form_set_error(r, "password", _("This is not your password."));
        return form_refuse(r);
    }
    *ok = true;
    return RC_OK;
}

/* ---- the door ---------------------------------------------------------------------------------
 */

enum rc enter_in_tx(struct db *db, const struct entering *e)
{
    struct req *r = e->r;
    const struct session *s = r->session;
    const unsigned char *guest = s && s->who.kind == WHO_NOBODY ? s->hash : NULL;
    enum rc rc = e->account ? credential_proved(r, db, e->account) : RC_OK;
    if (rc == RC_OK && e->rehash)
        rc = customer_rehash(db, e->who.id, e->who.password_hash, e->rehash);
    if (rc == RC_OK)
        rc = customer_logged_in(db, e->who.id, guest, r->now);
    struct principal who = { WHO_CUSTOMER, e->who.id, e->who.name, e->who.email };
    return rc == RC_OK ? session_login_for(r, who, e->who.epoch, e->stays) : rc;
}

static enum rc door_in_tx(struct db *db, void *arg)
{
    return enter_in_tx(db, arg);
}

/* ---- e-mail and password ----------------------------------------------------------------------
 */

struct login {
    const char *email, *password;
    bool stays;
};
static const struct form_field login_fields[] = {
    FIELD(struct login, email, F_EMAIL, .required = true, .label = N_("E-mail")),
    FIELD(struct login, password, F_PASSWORD, .required = true, .label = N_("Password")),
    FIELD(struct login, stays, F_BOOL, .label = N_("Stay signed in")),
    { 0 }
};
const struct form_spec login_form = { .name = "account.login",
                                      .fields = login_fields,
                                      .size = sizeof(struct login),
                                      .page = page_login };

enum rc page_login(struct req *r)
{
    const char *next = req_next(r, "");
    if (r->who.kind == WHO_CUSTOMER && !form_failed(r))
        return req_redirect(r, *next ? next : "/account");
    const struct sheet_field fields[] = {
        { "email", SHEET_EMAIL, _("E-mail"), NULL, "username" },
        { "password", SHEET_PASSWORD, _("Password"), NULL, "current-password" },
        { "stays", SHEET_CHECK, _("Stay signed in on this device"), NULL, NULL, "1",
          .optional = true },
    };
    struct tpl *t = sheet_new(r, &(struct sheet){ .title = _("Sign in"),
                                                  .action = "/login",
                                                  .submit = _("Sign in"),
                                                  .spec = &login_form,
                                                  .fields = fields,
                                                  .nfields = COUNT_OF(fields) });
    if (*next)
        sheet_hidden(t, "next", next);
    sheet_link(r, t, "/forgot", _("Forgot your password?"));
    sheet_link(r, t, "/register", _("New here? Create an account"));
    return page_send(r, t);
}

static const char *with_next(struct req *r, const char *path)
{
    const char *next = req_next(r, "");
    struct buf b;
    if (!*next)
        return path;
    buf_init(&b, r->arena, 8192);
    buf_printf(&b, "%s?next=", path);
    buf_url(&b, next);
    return buf_rc(&b) == RC_OK ? b.p : path;
}

struct half { /* the password was right, the second factor is still asked */
    const struct entering *e;
    const char *token;
};

static enum rc half_in_tx(struct db *db, void *arg)
{
    struct half *h = arg;
    const struct entering *e = h->e;
    const struct owner owner = { .customer = e->who.id };
    enum rc rc = credential_proved(e->r, db, e->account);
    if (rc == RC_OK && e->rehash)
        rc = customer_rehash(db, e->who.id, e->who.password_hash, e->rehash);
    if (rc == RC_OK)
        rc = credential_token_add(db, "second", &owner, e->who.epoch, e->stays ? "stays" : "goes",
                                  e->r->now + SECOND_LIFE, &h->token);
    return rc;
}

static enum rc enter(struct req *r, struct entering *e)
{
    struct credential_factor factor;
    const struct owner owner = { .customer = e->who.id };
    enum rc rc = credential_factor_look(r->db, &owner, &factor);
    if (rc != RC_OK)
        return rc;
    if (!factor.on) {
        rc = db_tx(r->db, DB_TX_RETRY, door_in_tx, e);
        return rc == RC_OK ? req_redirect(r, req_next(r, "/account")) : rc;
    }
    struct half h = { .e = e };
    rc = db_tx(r->db, DB_TX_RETRY, half_in_tx, &h);
    if (rc != RC_OK)
        return rc;
    req_set_cookie(r, SECOND_COOKIE, h.token, SECOND_LIFE / SECONDS(1), COOKIE_HTTP_ONLY);
    return req_redirect(r, with_next(r, "/2fa"));
}

enum rc act_login(struct req *r)
{
    const struct login *in = req_form(r);
    struct entering e = { .r = r, .account = account_of(r, in->email), .stays = in->stays };
    unsigned wait;
    bool found = false;
    enum rc rc = credential_attempt(r, e.account, &wait);
    if (rc == RC_OK && wait > 0) {
        form_set_error(r, "password", credential_wait_text(r, wait));
        return form_refuse(r);
    }
    if (rc == RC_OK)
        rc = customer_by_email(r->db, in->email, &found, &e.who);
    if (rc != RC_OK)
        return rc;
    bool open = found && str_eq(e.who.status, "active");
    if (!credential_password_ok(r->arena, open ? e.who.password_hash : NULL, in->password,
                                &e.rehash)) {
        form_set_error(r, "password",
                       _("The e-mail address or the password is not right. If you have just "
                         "registered, open the link in our mail first."));
        return form_refuse(r);
    }
    return enter(r, &e);
}

static enum rc leave_in_tx(struct db *db, void *arg)
{
    (void)db;
    return session_logout(arg);
}

enum rc act_logout(struct req *r)
{
    enum rc rc = r->session ? db_tx(r->db, DB_TX_RETRY, leave_in_tx, r) : RC_OK;
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("You are signed out."));
    return req_redirect(r, "/");
}

/* ---- the second factor ------------------------------------------------------------------------
 */

struct second {
    const char *code;
};
static const struct form_field second_fields[] = {
    FIELD(struct second, code, F_TEXT, .required = true, .max = 40, .label = N_("Code")), { 0 }
};
const struct form_spec second_form = { .name = "account.second",
                                       .fields = second_fields,
                                       .size = sizeof(struct second),
                                       .page = page_second };

static enum rc half_way(struct req *r, struct credential_token *out)
{
    const char *token = req_cookie(r, SECOND_COOKIE);
    *out = (struct credential_token){ 0 };
    return token ? credential_token_look(r->db, "second", token, r->now, out) : RC_OK;
}

enum rc page_second(struct req *r)
{
    struct credential_token half;
    enum rc rc = half_way(r, &half);
    if (rc != RC_OK)
        return rc;
    if (!half.found)
        return req_redirect(r, with_next(r, "/login"));
    const char *next = req_next(r, "");
    const struct sheet_field fields[] = {
        { "code", SHEET_CODE, _("Code"),
          _("Six digits from your app, or one of your recovery codes. The clock of the device must "
            "be right."),
          "one-time-code" },
    };
    struct tpl *t = sheet_new(r, &(struct sheet){ .title = _("One more step"),
                                                  .action = "/2fa",
                                                  .submit = _("Sign in"),
                                                  .spec = &second_form,
                                                  .fields = fields,
                                                  .nfields = 1 });
    if (*next)
        sheet_hidden(t, "next", next);
    sheet_link(r, t, "/login", _("Start again"));
    return page_send(r, t);
}

struct proving {
    struct entering e;
    const char *code, *token;
    bool good;
};

/* The link between password and session is used up with the code that passes. */
static enum rc second_in_tx(struct db *db, void *arg)
{
    struct proving *p = arg;
    struct credential_token half;
    struct req *r = p->e.r;
    bool found;
    p->good = false;
    enum rc rc = credential_token_look(db, "second", p->token, r->now, &half);
    if (rc != RC_OK || !half.found)
        return rc;
    rc = credential_factor_use(db, &half.owner, p->code, r->now, &p->good);
    if (rc != RC_OK || !p->good)
        return rc;
    rc = credential_token_use(db, "second", p->token, r->now, &half);
    if (rc == RC_OK)
        rc = customer_by_id(db, half.owner.customer, &found, &p->e.who);
    if (rc != RC_OK || !half.found || !found)
        return rc == RC_OK ? RC_UNAUTH : rc;
    p->e.stays = str_eq(half.content, "stays");
    return enter_in_tx(db, &p->e);
}

enum rc act_second(struct req *r)
{
    const struct second *in = req_form(r);
    struct credential_token half;
    unsigned wait;
    enum rc rc = half_way(r, &half);
    if (rc != RC_OK)
        return rc;
    if (!half.found)
        return req_redirect(r, with_next(r, "/login"));
    struct proving p = { .e = { .r = r }, .code = in->code, .token = req_cookie(r, SECOND_COOKIE) };
    p.e.account = arena_printf(r->arena, "second:%s", uuid_str(r->arena, half.owner.customer));
    rc = credential_attempt(r, p.e.account, &wait);
    if (rc == RC_OK && wait > 0) {
        form_set_error(r, "code", credential_wait_text(r, wait));
        return form_refuse(r);
    }
    if (rc == RC_OK)
        rc = db_tx(r->db, DB_TX_RETRY, second_in_tx, &p);
    if (rc != RC_OK)
        return rc;
    if (!p.good) {
        form_set_error(r, "code",
                       _("This code is not right, or it was used before. Wait for the next one."));
        return form_refuse(r);
    }
    req_set_cookie(r, SECOND_COOKIE, "", 0, COOKIE_HTTP_ONLY);
    return req_redirect(r, req_next(r, "/account"));
}
