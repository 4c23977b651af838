/* reset.c: a forgotten password. The answer is one sentence for everybody; a mail goes only where
 * an account is, and to the others the same rows are written for a mail that is never sent. A new
 * password ends every session and link of the person. */
#include "account.h"

#include "app/credential.h"
#include "app/session.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"

#define LINK_LIFE SECONDS(3600)

struct forgot {
    const char *email;
};
static const struct form_field forgot_fields[] = {
    FIELD(struct forgot, email, F_EMAIL, .required = true, .label = N_("E-mail")), { 0 }
};
const struct form_spec forgot_form = { .name = "account.forgot",
                                       .fields = forgot_fields,
                                       .size = sizeof(struct forgot),
                                       .page = page_forgot };

enum rc page_forgot(struct req *r)
{
    const struct sheet_field fields[] = {
        { "email", SHEET_EMAIL, _("E-mail"), NULL, "username" },
    };
    struct tpl *t = sheet_new(
        r, &(struct sheet){ .title = _("Forgot your password?"),
                            .lead = _("We send you a link with which you choose a new one."),
                            .action = "/forgot",
                            .submit = _("Send the link"),
                            .spec = &forgot_form,
                            .fields = fields,
                            .nfields = 1 });
    sheet_link(r, t, "/login", _("Back to sign in"));
    return page_send(r, t);
}

struct asking {
    struct req *r;
    const char *email;
    struct customer who;
    bool send;
};

static enum rc ask_in_tx(struct db *db, void *arg)
{
    const struct asking *a = arg;
    struct req *r = a->r;
    const struct owner owner = { .customer = a->who.id };
    const char *token;
    /* for nobody: a link of a kind that has no owner and opens nothing */
    enum rc rc =
        credential_token_add(db, a->send ? "reset" : "register", a->send ? &owner : NULL,
                             a->who.epoch, a->send ? NULL : "{}", r->now + LINK_LIFE, &token);
    if (rc != RC_OK)
        return rc;
    const char *pairs[] = { "NAME", a->who.name ? a->who.name : "", "TOKEN", token, NULL };
    return account_mail(r, db, "mail/account_reset", uuid7_new(), a->email, a->who.name,
                        a->send ? r->now + LINK_LIFE : r->now, pairs);
}

enum rc act_forgot(struct req *r)
{
    const struct forgot *in = req_form(r);
    struct asking a = { .r = r, .email = in->email };
    bool found, allowed = account_may_mail(r, in->email);
    enum rc rc = customer_by_email(r->db, in->email, &found, &a.who);
    if (rc != RC_OK)
        return rc;
    a.send = found && allowed && str_eq(a.who.status, "active");
    rc = db_tx(r->db, DB_TX_RETRY, ask_in_tx, &a);
    return rc == RC_OK ? req_redirect(r, "/forgot/sent") : rc;
}

enum rc page_forgot_sent(struct req *r)
{
    return sheet_note(
        r, 200, _("Look into your mailbox"),
        _("If there is an account with that address, a mail with a link is on its way. "
          "The link is good for one hour. Nothing there? Look among unwanted mail."),
        "/login", _("Back to sign in"));
}

/* ---- the link ---------------------------------------------------------------------------------
 */

struct renewing {
    const char *password;
};
static const struct form_field renew_fields[] = { FIELD(struct renewing, password, F_PASSWORD,
                                                        .required = true, .max = PASSWORD_MOST,
                                                        .label = N_("New password")),
                                                  { 0 } };
const struct form_spec reset_form = { .name = "account.reset",
                                      .fields = renew_fields,
                                      .size = sizeof(struct renewing),
                                      .page = page_reset };

static enum rc gone(struct req *r)
{
    return sheet_note(r, 410, _("This link does not work any more"),
                      _("Links are good once and for a limited time. Ask for a new one."),
                      "/forgot", _("Send a new link"));
}

enum rc page_reset(struct req *r)
{
    struct credential_token token;
    const char *text = req_param(r, "token");
    enum rc rc = credential_token_look(r->db, "reset", text, r->now, &token);
    if (rc != RC_OK)
        return rc;
    if (!token.found)
        return gone(r);
    const struct sheet_field fields[] = {
        { "password", SHEET_NEW_PASSWORD, _("New password"),
          _("At least 8 characters. A few words are easy to remember."), "new-password" },
    };
    struct tpl *t = sheet_new(
        r, &(struct sheet){ .title = _("Choose a new password"),
                            .lead = _("All your devices are signed out when you save it."),
                            .action = arena_printf(r->arena, "/reset/%s", text),
                            .submit = _("Save the password"),
                            .spec = &reset_form,
                            .fields = fields,
                            .nfields = 1 });
    return page_send(r, t);
}

struct setting {
    struct req *r;
    const char *token, *hash;
    bool found;
};

static enum rc set_in_tx(struct db *db, void *arg)
{
    struct setting *s = arg;
    struct req *r = s->r;
    struct credential_token token;
    struct customer who;
    int32_t epoch;
    enum rc rc = credential_token_use(db, "reset", s->token, r->now, &token);
    s->found = rc == RC_OK && token.found;
    if (!s->found)
        return rc;
    rc = customer_by_id(db, token.owner.customer, &s->found, &who);
    if (rc != RC_OK || !s->found)
        return rc;
    rc = customer_set_password(db, who.id, s->hash, &epoch);
    if (rc == RC_OK)
        rc = credential_tokens_drop(db, "reset", &token.owner);
    if (rc == RC_OK)
        rc = credential_proved(r, db, account_of(r, who.email));
    const char *pairs[] = { "NAME", who.name, NULL };
    return rc == RC_OK ? account_mail(r, db, "mail/account_password", uuid7_new(), who.email,
                                      who.name, 0, pairs)
                       : rc;
}

enum rc act_reset(struct req *r)
{
    const struct renewing *in = req_form(r);
    struct setting s = { .r = r, .token = req_param(r, "token") };
    const char *weak = credential_password_weak(r->arena, in->password, NULL);
    char *hash;
    if (weak) {
        form_set_error(r, "password", weak);
        return form_refuse(r);
    }
    enum rc rc = crypto_password_hash(r->arena, in->password, &hash);
    s.hash = hash;
    if (rc == RC_OK)
        rc = db_tx(r->db, DB_TX_RETRY, set_in_tx, &s);
    if (rc != RC_OK)
        return rc;
    if (!s.found)
        return gone(r);
    flash_set(r, FLASH_OK, _("Your password is changed. Sign in with the new one."));
    return req_redirect(r, "/login");
}
