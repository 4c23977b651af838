/* register.c: an account begins with a mail. What was typed waits, sealed, in a one-time link; the
 * account is made when the link is used, so nobody can take an address that is not theirs. Whether
 * the address has an account already is told to its mailbox alone: answer, statements and time are
 * the same. */
#include "account.h"

#include <string.h>

#include "app/credential.h"
#include "app/session.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"

#define LINK_LIFE SECONDS(86400)

struct joining {
    const char *name, *email, *password;
    bool marketing;
};
static const struct form_field join_fields[] = {
    FIELD(struct joining, name, F_TEXT, .required = true, .max = 200, .label = N_("Full name")),
    FIELD(struct joining, email, F_EMAIL, .required = true, .label = N_("E-mail")),
    FIELD(struct joining, password, F_PASSWORD, .required = true, .max = PASSWORD_MOST,
          .label = N_("Password")),
    FIELD(struct joining, marketing, F_BOOL, .label = N_("News and offers")),
    { 0 }
};
const struct form_spec register_form = { .name = "account.register",
                                         .fields = join_fields,
                                         .size = sizeof(struct joining),
                                         .page = page_register };

enum rc page_register(struct req *r)
{
    const char *next = req_next(r, "");
    if (r->who.kind == WHO_CUSTOMER && !form_failed(r))
        return req_redirect(r, *next ? next : "/account");
    const struct sheet_field fields[] = {
        { "name", SHEET_TEXT, _("Full name"), NULL, "name" },
        { "email", SHEET_EMAIL, _("E-mail"), NULL, "email" },
        { "password", SHEET_NEW_PASSWORD, _("Password"),
          _("At least 8 characters. A few words are easy to remember."), "new-password" },
        { "marketing", SHEET_CHECK, _("Send me news and offers by e-mail"), NULL, NULL,
          .optional = true },
    };
    struct tpl *t = sheet_new(r, &(struct sheet){ .title = _("Create an account"),
                                                  .action = "/register",
                                                  .submit = _("Create account"),
                                                  .spec = &register_form,
                                                  .fields = fields,
                                                  .nfields = COUNT_OF(fields) });
    if (*next)
        sheet_hidden(t, "next", next);
    sheet_link(r, t, "/login", _("You have an account? Sign in"));
    return page_send(r, t);
}

struct waiting {
    struct req *r;
    const struct joining *in;
    const char *content;
    struct uuid event;
    bool exists;
    int64_t mail_until;
};

/* The same two rows and one job, whoever the address belongs to. */
static enum rc wait_in_tx(struct db *db, void *arg)
{
    const struct waiting *w = arg;
    const char *token;
    int64_t until = w->r->now + LINK_LIFE;
    enum rc rc = credential_token_add(db, "register", NULL, 0, w->content, until, &token);
    if (rc != RC_OK)
        return rc;
    const char *pairs[] = { "NAME", w->in->name, "TOKEN", token, NULL };
    return account_mail(w->r, db, w->exists ? "mail/account_exists" : "mail/account_verify",
                        w->event, w->in->email, w->in->name, w->mail_until, pairs);
}

static enum rc content_of(struct req *r, const struct joining *in, const char *hash,
                          const char **out)
{
    struct buf b;
    struct jw w;
    const struct {
        const char *key, *value;
    } pairs[] = { { "name", in->name },
                  { "email", in->email },
                  { "password", hash },
                  { "next", req_next(r, "") } };
    buf_init(&b, r->arena, 16 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        jw_key(&w, pairs[i].key);
        jw_text(&w, pairs[i].value);
    }
    jw_key(&w, "marketing");
    jw_bool(&w, in->marketing);
    jw_end_object(&w);
    *out = b.p;
    return buf_rc(&b);
}

enum rc act_register(struct req *r)
{
    const struct joining *in = req_form(r);
    struct waiting w = { .r = r, .in = in, .event = uuid7_new(), .mail_until = r->now + LINK_LIFE };
    struct customer there;
    char *hash;
    const char *about[] = { in->name, in->email, NULL };
    const char *weak = credential_password_weak(r->arena, in->password, about);
    if (weak) {
        form_set_error(r, "password", weak);
        return form_refuse(r);
    }
    enum rc rc = customer_by_email(r->db, in->email, &w.exists, &there);
    if (rc == RC_OK)
        rc = crypto_password_hash(r->arena, in->password, &hash);
    if (rc == RC_OK)
        rc = content_of(r, in, hash, &w.content);
    if (rc != RC_OK)
        return rc;
    if (!account_may_mail(r, in->email))
        w.mail_until = r->now; /* queued, and dropped by the job: the same work */
    rc = db_tx(r->db, DB_TX_RETRY, wait_in_tx, &w);
    return rc == RC_OK ? req_redirect(r, "/register/sent") : rc;
}

enum rc page_register_sent(struct req *r)
{
    return sheet_note(
        r, 200, _("Look into your mailbox"),
        _("We have sent you a mail with a link. Open it within a day and your account "
          "is ready. Nothing there? Look among unwanted mail, or try again."),
        "/register", _("Try again"));
}

/* ---- the link ---------------------------------------------------------------------------------
 */

static enum rc gone(struct req *r)
{
    return sheet_note(r, 410, _("This link does not work any more"),
                      _("Links are good once and for a limited time. If you have an account, sign "
                        "in; if not, register again."),
                      "/register", _("Create an account"));
}

enum rc page_verify(struct req *r)
{
    struct credential_token token;
    const char *text = req_param(r, "token");
    enum rc rc = credential_token_look(r->db, "register", text, r->now, &token);
    if (rc != RC_OK)
        return rc;
    if (!token.found)
        return gone(r);
    struct tpl *t =
        sheet_new(r, &(struct sheet){ .title = _("Confirm your e-mail address"),
                                      .lead = _("One click, and your account is ready."),
                                      .action = arena_printf(r->arena, "/verify/%s", text),
                                      .submit = _("Confirm and sign in") });
    return page_send(r, t);
}

struct confirming {
    struct req *r;
    const char *token, *next;
    bool found, taken;
};

static enum rc add(struct db *db, struct confirming *c, const struct json *o, struct uuid *id)
{
    struct req *r = c->r;
    return customer_add(
        db,
        &(struct customer_new){ .email = json_text(json_get(o, "email"), ""),
                                .name = json_text(json_get(o, "name"), ""),
                                .password_hash = json_text(json_get(o, "password"), ""),
                                .locale = r->locale->tag,
                                .marketing = json_bool(json_get(o, "marketing"), false),
                                .now = r->now },
        id);
}

static enum rc confirm_in_tx(struct db *db, void *arg)
{
    struct confirming *c = arg;
    struct req *r = c->r;
    struct credential_token token;
    struct entering e = { .r = r, .stays = true };
    struct json *o;
    struct uuid id;
    bool found;
    enum rc rc = credential_token_use(db, "register", c->token, r->now, &token);
    c->found = rc == RC_OK && token.found;
    if (!c->found)
        return rc;
    rc = json_parse(r->arena, token.content, strlen(token.content), &o, NULL);
    if (rc != RC_OK)
        return rc;
    c->next = json_text(json_get(o, "next"), "");
    rc = add(db, c, o, &id);
    c->taken = rc == RC_CONFLICT;
    if (c->taken)
        return RC_OK; /* somebody was faster: the link is used up */
    if (rc == RC_OK)
        rc = customer_by_id(db, id, &found, &e.who);
    if (rc == RC_OK)
        rc = enter_in_tx(db, &e);
    const char *pairs[] = { "NAME", e.who.name, NULL };
    return rc == RC_OK
               ? account_mail(r, db, "mail/account_welcome", id, e.who.email, e.who.name, 0, pairs)
               : rc;
}

enum rc act_verify(struct req *r)
{
    struct confirming c = { .r = r, .token = req_param(r, "token"), .next = "" };
    enum rc rc = db_tx(r->db, DB_TX_RETRY, confirm_in_tx, &c);
    if (rc != RC_OK)
        return rc;
    if (!c.found)
        return gone(r);
    if (c.taken) {
        flash_set(r, FLASH_INFO, _("You have an account already. Sign in."));
        return req_redirect(r, "/login");
    }
    flash_set(r, FLASH_OK, _("Welcome! Your account is ready."));
    return req_redirect(r, *c.next ? c.next : "/account");
}
