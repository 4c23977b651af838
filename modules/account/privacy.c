/* privacy.c: what the customer agreed to, a copy of all that is kept about them, and being
 * forgotten. The last two ask for the password again. What modules keep they answer for themselves,
 * through events, in the same transaction. A link in a mail takes back the consent to news without
 * signing in, also when a mail program posts to it (RFC 8058). */
#include "account.h"

#include "app/credential.h"
#include "app/mail.h"
#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/db.h"

enum { EXPORT_MOST = 8 * 1024 * 1024 };

struct consents {
    bool marketing;
};
static const struct form_field consent_fields[] = {
    FIELD(struct consents, marketing, F_BOOL, .label = N_("News and offers")), { 0 }
};
const struct form_spec privacy_form = { .name = "account.privacy",
                                        .fields = consent_fields,
                                        .size = sizeof(struct consents),
                                        .page = page_privacy };

enum rc page_privacy(struct req *r)
{
    struct customer me;
    enum rc rc = account_me(r, &me);
    if (rc != RC_OK)
        return rc;
    const struct sheet_field fields[] = {
        { "marketing", SHEET_CHECK, _("Send me news and offers by e-mail"),
          _("Mails about your orders and your account come anyway."), NULL, me.marketing ? "1" : "",
          .optional = true },
    };
    struct tpl *t = sheet_new(r, &(struct sheet){ .title = _("Privacy"),
                                                  .action = "/account/privacy",
                                                  .submit = _("Save"),
                                                  .spec = &privacy_form,
                                                  .fields = fields,
                                                  .nfields = 1,
                                                  .here = "/account/privacy" });
    sheet_link(r, t, "/account/export", _("Download everything we keep about you"));
    sheet_link(r, t, "/account/erase", _("Delete your account"));
    return page_send(r, t);
}

struct agreeing {
    struct req *r;
    struct customer me;
    bool given;
};

static enum rc agree_in_tx(struct db *db, void *arg)
{
    const struct agreeing *a = arg;
    return customer_consent(db,
                            &(struct consent){ .customer = &a->me.id,
                                               .email = a->me.email,
                                               .purpose = "marketing",
                                               .channel = "email",
                                               .source = "account",
                                               .given = a->given },
                            a->r->now);
}

enum rc act_privacy(struct req *r)
{
    const struct consents *in = req_form(r);
    struct agreeing a = { .r = r, .given = in->marketing };
    enum rc rc = account_me(r, &a.me);
    if (rc == RC_OK && a.me.marketing != a.given)
        rc = db_tx(r->db, DB_TX_RETRY, agree_in_tx, &a);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("Your choice is saved."));
    return req_redirect(r, "/account/privacy");
}

/* ---- a copy -----------------------------------------------------------------------------------
 */

struct proof {
    const char *password;
};
static const struct form_field proof_fields[] = {
    FIELD(struct proof, password, F_PASSWORD, .required = true, .label = N_("Your password")), { 0 }
};
const struct form_spec export_form = { .name = "account.export",
                                       .fields = proof_fields,
                                       .size = sizeof(struct proof),
                                       .page = page_export };

enum rc page_export(struct req *r)
{
    const struct sheet_field fields[] = {
        { "password", SHEET_PASSWORD, _("Your password"), NULL, "current-password" },
    };
    return page_send(
        r, sheet_new(r, &(struct sheet){
                            .title = _("Download your data"),
                            .lead = _("A file with everything this shop keeps about you, in a form "
                                      "that programs can read (JSON)."),
                            .action = "/account/export",
                            .submit = _("Download"),
                            .spec = &export_form,
                            .fields = fields,
                            .nfields = 1,
                            .here = "/account/privacy" }));
}

struct leaving {
    struct req *r;
    struct customer me;
    struct buf out;
};

static enum rc export_in_tx(struct db *db, void *arg)
{
    struct leaving *l = arg;
    buf_init(&l->out, l->r->arena, EXPORT_MOST); /* a repeated run begins with an arena rewound */
    enum rc rc = credential_proved(l->r, db, account_of(l->r, l->me.email));
    return rc == RC_OK ? customer_export(db, l->me.id, &l->out) : rc;
}

enum rc act_export(struct req *r)
{
    const struct proof *in = req_form(r);
    struct leaving l = { .r = r };
    bool ok;
    enum rc rc = account_me(r, &l.me);
    if (rc == RC_OK)
        rc = account_reproved(r, &l.me, in->password, &ok);
    if (rc != RC_OK || !ok)
        return rc;
    rc = db_tx(r->db, DB_TX_RETRY, export_in_tx, &l);
    if (rc != RC_OK)
        return rc;
    req_set_header(
        r, "Content-Disposition",
        arena_printf(r->arena, "attachment; filename=\"%s-data.json\"", r->tenant->slug));
    r->out.no_store = true;
    return req_json(r, 200, &l.out);
}

/* ---- being forgotten --------------------------------------------------------------------------
 */

struct erasing {
    const char *password;
    bool sure;
};
static const struct form_field erase_fields[] = {
    FIELD(struct erasing, password, F_PASSWORD, .required = true, .label = N_("Your password")),
    FIELD(struct erasing, sure, F_BOOL, .required = true, .label = N_("Delete my account")),
    { 0 }
};
const struct form_spec erase_form = { .name = "account.erase",
                                      .fields = erase_fields,
                                      .size = sizeof(struct erasing),
                                      .page = page_erase };

enum rc page_erase(struct req *r)
{
    const struct sheet_field fields[] = {
        { "password", SHEET_PASSWORD, _("Your password"), NULL, "current-password" },
        { "sure", SHEET_CHECK, _("Yes, delete my account for ever"), NULL, NULL },
    };
    return page_send(
        r, sheet_new(r, &(struct sheet){
                            .title = _("Delete your account"),
                            .lead = _("Your name, addresses and everything else about you is "
                                      "removed. Invoices stay, as the law asks, without what "
                                      "names you. This cannot be undone."),
                            .action = "/account/erase",
                            .submit = _("Delete my account"),
                            .spec = &erase_form,
                            .fields = fields,
                            .nfields = COUNT_OF(fields),
                            .here = "/account/privacy",
                            .danger = true }));
}

static enum rc erase_in_tx(struct db *db, void *arg)
{
    struct leaving *l = arg;
    enum rc rc = credential_proved(l->r, db, account_of(l->r, l->me.email));
    if (rc == RC_OK)
        rc = customer_erase(db, &l->me, l->r->now);
    if (rc == RC_OK)
        rc = session_logout(l->r);
    return rc;
}

enum rc act_erase(struct req *r)
{
    const struct erasing *in = req_form(r);
    struct leaving l = { .r = r };
    bool ok;
    enum rc rc = account_me(r, &l.me);
    if (rc == RC_OK)
        rc = account_reproved(r, &l.me, in->password, &ok);
    if (rc != RC_OK || !ok)
        return rc;
    rc = db_tx(r->db, DB_TX_RETRY, erase_in_tx, &l);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("Your account is deleted."));
    return req_redirect(r, "/");
}

/* ---- the link in mails ------------------------------------------------------------------------
 */

enum rc page_unsubscribe(struct req *r)
{
    const char *to, *token = req_param(r, "token");
    if (mail_unsubscribe_open(r->arena, r->tenant->id, token, &to) != RC_OK)
        return RC_NOTFOUND;
    return page_send(
        r, sheet_new(r, &(struct sheet){
                            .title = _("No more news and offers"),
                            .lead = to,
                            .action = arena_printf(r->arena, "/newsletter/unsubscribe/%s", token),
                            .submit = _("Stop sending them") }));
}

struct stopping {
    struct req *r;
    const char *to;
};

static enum rc stop_in_tx(struct db *db, void *arg)
{
    const struct stopping *s = arg;
    struct customer who;
    bool found;
    enum rc rc = customer_by_email(db, s->to, &found, &who);
    if (rc != RC_OK)
        return rc;
    return customer_consent(db,
                            &(struct consent){ .customer = found ? &who.id : NULL,
                                               .email = s->to,
                                               .purpose = "marketing",
                                               .channel = "email",
                                               .source = "mail",
                                               .given = false },
                            s->r->now);
}

enum rc act_unsubscribe(struct req *r)
{
    struct stopping s = { .r = r };
    if (mail_unsubscribe_open(r->arena, r->tenant->id, req_param(r, "token"), &s.to) != RC_OK)
        return RC_NOTFOUND;
    enum rc rc = db_tx(r->db, DB_TX_RETRY, stop_in_tx, &s);
    return rc == RC_OK ? sheet_note(r, 200, _("Done"),
                                    _("No news and offers are sent to this address any more."), "/",
                                    _("Go to the shop"))
                       : rc;
}
