/* factor.c: the second factor: a code from an app besides the password. The secret that is offered
 * travels sealed in the form and is kept only after the app has shown that it knows it, so an
 * opened page changes nothing. Recovery codes are shown once. */
#include "account.h"

#include <string.h>

#include "app/credential.h"
#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/totp.h"

struct linking {
    const char *secret, *code, *password;
};
static const struct form_field factor_fields[] = {
    FIELD(struct linking, secret, F_TOKEN, .required = true),
    FIELD(struct linking, code, F_TEXT, .required = true, .max = 20, .label = N_("Code")),
    FIELD(struct linking, password, F_PASSWORD, .required = true, .label = N_("Your password")),
    { 0 }
};
const struct form_spec factor_form = { .name = "account.factor",
                                       .fields = factor_fields,
                                       .size = sizeof(struct linking),
                                       .page = page_factor };
struct proof {
    const char *password;
};
static const struct form_field proof_fields[] = {
    FIELD(struct proof, password, F_PASSWORD, .required = true, .label = N_("Your password")), { 0 }
};
const struct form_spec factor_off_form = { .name = "account.factor_off",
                                           .fields = proof_fields,
                                           .size = sizeof(struct proof),
                                           .page = page_factor_off };
const struct form_spec codes_form = { .name = "account.codes",
                                      .fields = proof_fields,
                                      .size = sizeof(struct proof),
                                      .page = page_codes };

static struct owner me_of(const struct req *r)
{
    return (struct owner){ .customer = r->who.id };
}

static const char *seal_name(struct req *r)
{
    return arena_printf(r->arena, "totp.offer:%s:%s", uuid_str(r->arena, r->tenant->id),
                        uuid_str(r->arena, r->who.id));
}

/* The secret of the form that was refused, or a new one. */
static enum rc offer(struct req *r, unsigned char secret[TOTP_SECRET], const char **sealed)
{
    unsigned char *p;
    size_t n;
    const char *typed = form_failed(r) ? form_value(r, "secret") : "";
    if (*typed && crypto_base64url_decode(r->arena, typed, &p, &n) == RC_OK &&
        crypto_open(r->arena, seal_name(r), p, n, &p, &n) == RC_OK && n == TOTP_SECRET) {
        memcpy(secret, p, TOTP_SECRET);
        *sealed = typed;
        return RC_OK;
    }
    crypto_random(secret, TOTP_SECRET);
    enum rc rc = crypto_seal(r->arena, seal_name(r), secret, TOTP_SECRET, &p, &n);
    if (rc == RC_OK)
        *sealed = crypto_base64url(r->arena, p, n);
    return rc;
}

static struct tpl *factor_page(struct req *r, const char *file, const char *title)
{
    struct tpl *t = page_new(r, file, title);
    page_noindex(r);
    page_body_class(r, "account");
    r->out.no_store = true;
    tpl_set_text(t, "TITLE", title);
    page_crumb(r, _("Your account"), url_path(r, "/account"));
    page_crumb(r, title, NULL);
    sheet_menu(r, t, "/account/2fa");
    return t;
}

static void field(struct req *r, struct tpl *t, const char *name, enum sheet_kind kind,
                  const char *label, const char *hint, const char *autocomplete)
{
    sheet_field(r, tpl_include(t, "INPUT", "account/field.tpl"),
                &(struct sheet_field){ name, kind, label, hint, autocomplete });
}

static enum rc page_setup(struct req *r)
{
    unsigned char secret[TOTP_SECRET];
    const char *sealed;
    struct qr qr;
    enum rc rc = offer(r, secret, &sealed);
    if (rc == RC_OK)
        rc = qr_make(r->arena,
                     totp_url(r->arena, secret, r->tenant->name, r->who.email ? r->who.email : ""),
                     &qr);
    if (rc != RC_OK)
        return rc;
    struct tpl *t = factor_page(r, "account/factor.tpl", _("Two-step sign-in"));
    form_bind(r, t, &factor_form);
    tpl_set_text(t, "SECRET", sealed);
    tpl_set_text(t, "KEY", totp_text(r->arena, secret));
    tpl_set_int(t, "QR_SIZE", qr.size);
    tpl_set_text(t, "QR_PATH", qr.path);
    field(r, t, "code", SHEET_CODE, _("Code"), _("Six digits that the app shows now."),
          "one-time-code");
    field(r, t, "password", SHEET_PASSWORD, _("Your password"), NULL, "current-password");
    return page_send(r, t);
}

enum rc page_factor(struct req *r)
{
    struct credential_factor f;
    const struct owner owner = me_of(r);
    enum rc rc = credential_factor_look(r->db, &owner, &f);
    if (rc != RC_OK)
        return rc;
    if (!f.on)
        return page_setup(r);
    struct tpl *t = factor_page(r, "account/factor_on.tpl", _("Two-step sign-in"));
    tpl_set_text(t, "LEFT",
                 arena_printf(r->arena,
                              tr_n("%lld recovery code is left.", "%lld recovery codes are left.",
                                   (unsigned long)f.codes_left),
                              (long long)f.codes_left));
    return page_send(r, t);
}

struct change {
    struct req *r;
    struct customer me;
    const unsigned char *secret; /* NULL: the codes alone */
    int64_t step;
    struct texts codes;
    bool off;
};

static enum rc change_in_tx(struct db *db, void *arg)
{
    struct change *c = arg;
    struct req *r = c->r;
    const struct owner owner = me_of(r);
    enum rc rc = credential_proved(r, db, account_of(r, c->me.email));
    if (rc == RC_OK && c->off)
        rc = credential_factor_drop(db, &owner);
    else if (rc == RC_OK && c->secret)
        rc = credential_factor_set(db, &owner, c->secret, c->step, &c->codes);
    else if (rc == RC_OK)
        rc = credential_codes_renew(db, &owner, &c->codes);
    const char *pairs[] = { "NAME", c->me.name, NULL };
    if (rc == RC_OK && (c->off || c->secret))
        rc = account_mail(r, db, c->off ? "mail/account_factor_off" : "mail/account_factor_on",
                          uuid7_new(), c->me.email, c->me.name, 0, pairs);
    return rc;
}

/* Shown once: there is no address to which this page could be asked again. */
static enum rc show_codes(struct req *r, const struct texts *codes)
{
    struct tpl *t = factor_page(r, "account/codes.tpl", _("Your recovery codes"));
    for (size_t i = 0; i < codes->n; i++)
        tpl_set_text(tpl_row(t, "CODE_ROW"), "CODE", codes->v[i]);
    return page_send(r, t);
}

enum rc act_factor(struct req *r)
{
    const struct linking *in = req_form(r);
    struct change c = { .r = r };
    unsigned char *p;
    size_t n;
    bool ok;
    enum rc rc = account_me(r, &c.me);
    if (rc != RC_OK)
        return rc;
    if (crypto_base64url_decode(r->arena, in->secret, &p, &n) != RC_OK ||
        crypto_open(r->arena, seal_name(r), p, n, &p, &n) != RC_OK || n != TOTP_SECRET ||
        !totp_check(p, in->code, r->now, &c.step)) {
        form_set_error(r, "code",
                       _("This code is not right. Scan the picture, then type what the app shows. "
                         "The clock of the device must be right."));
        return form_refuse(r);
    }
    c.secret = p;
    rc = account_reproved(r, &c.me, in->password, &ok);
    if (rc != RC_OK || !ok)
        return rc;
    rc = db_tx(r->db, DB_TX_RETRY, change_in_tx, &c);
    return rc == RC_OK ? show_codes(r, &c.codes) : rc;
}

static enum rc page_proof(struct req *r, const char *title, const char *lead, const char *action,
                          const char *submit, const struct form_spec *spec, bool danger)
{
    const struct sheet_field fields[] = {
        { "password", SHEET_PASSWORD, _("Your password"), NULL, "current-password" },
    };
    return page_send(r, sheet_new(r, &(struct sheet){ .title = title,
                                                      .lead = lead,
                                                      .action = action,
                                                      .submit = submit,
                                                      .spec = spec,
                                                      .fields = fields,
                                                      .nfields = 1,
                                                      .here = "/account/2fa",
                                                      .danger = danger }));
}

enum rc page_factor_off(struct req *r)
{
    return page_proof(r, _("Switch off two-step sign-in"),
                      _("Your password alone will open your account."), "/account/2fa/off",
                      _("Switch it off"), &factor_off_form, true);
}

enum rc page_codes(struct req *r)
{
    return page_proof(r, _("New recovery codes"), _("The codes you have now stop working."),
                      "/account/2fa/codes", _("Make new codes"), &codes_form, false);
}

static enum rc proved(struct req *r, struct change *c, bool *ok)
{
    const struct proof *in = req_form(r);
    enum rc rc = account_me(r, &c->me);
    *ok = false;
    if (rc == RC_OK)
        rc = account_reproved(r, &c->me, in->password, ok);
    if (rc == RC_OK && *ok)
        rc = db_tx(r->db, DB_TX_RETRY, change_in_tx, c);
    return rc;
}

enum rc act_factor_off(struct req *r)
{
    struct change c = { .r = r, .off = true };
    bool ok;
    enum rc rc = proved(r, &c, &ok);
    if (rc != RC_OK || !ok)
        return rc;
    flash_set(r, FLASH_OK, _("Two-step sign-in is off."));
    return req_redirect(r, "/account/2fa");
}

enum rc act_codes(struct req *r)
{
    struct credential_factor f;
    const struct owner owner = me_of(r);
    struct change c = { .r = r };
    bool ok;
    enum rc rc = credential_factor_look(r->db, &owner, &f);
    if (rc != RC_OK)
        return rc;
    if (!f.on)
        return req_redirect(r, "/account/2fa");
    rc = proved(r, &c, &ok);
    return rc == RC_OK && ok ? show_codes(r, &c.codes) : rc;
}
