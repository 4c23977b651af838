/* profile.c: the account's first page, who the customer is, and the two things that are changed
 * only by proving once more who one is: password and e-mail address. Both end every other session;
 * this one goes on under the new epoch. */
#include "account.h"

#include "app/credential.h"
#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/address.h"

#define LINK_LIFE SECONDS(86400)

enum rc page_home(struct req *r)
{
    struct customer me;
    enum rc rc = account_me(r, &me);
    if (rc != RC_OK)
        return rc;
    struct tpl *t = page_new(r, "account/home.tpl", _("Your account"));
    page_noindex(r);
    page_body_class(r, "account");
    r->out.no_store = true;
    page_crumb(r, _("Your account"), NULL);
    sheet_menu(r, t, "/account");
    tpl_set_text(t, "GREETING", arena_printf(r->arena, _("Hello %s"), me.name));
    tpl_set_text(t, "EMAIL", me.email);
    return page_send(r, t);
}

/* ---- profile ----------------------------------------------------------------------------------
 */

struct profile {
    const char *name, *phone, *company, *type, *language;
    int64_t version;
};
static const char *const types[] = { "individual", "business", "government", NULL };
static const struct form_field profile_fields[] = {
    FIELD(struct profile, name, F_TEXT, .required = true, .max = 200, .label = N_("Full name")),
    FIELD(struct profile, phone, F_TEXT, .max = 40, .label = N_("Mobile number")),
    FIELD(struct profile, company, F_TEXT, .max = 200, .label = N_("Company")),
    FIELD(struct profile, type, F_CHOICE, .choices = types, .label = N_("Kind of customer")),
    FIELD(struct profile, language, F_TEXT, .max = 10, .label = N_("Language of mails")),
    FIELD(struct profile, version, F_INT, .min = 1, .max = INT32_MAX),
    { 0 }
};
const struct form_spec profile_form = { .name = "account.profile",
                                        .fields = profile_fields,
                                        .size = sizeof(struct profile),
                                        .page = page_profile };

static size_t languages(struct req *r, struct sheet_option *out, size_t most)
{
    size_t n = 0;
    for (; n < r->tenant->nlocales && n < most; n++)
        out[n] = (struct sheet_option){ r->tenant->locales[n]->tag, r->tenant->locales[n]->name };
    return n;
}

enum rc page_profile(struct req *r)
{
    struct customer me;
    enum rc rc = account_me(r, &me);
    if (rc != RC_OK)
        return rc;
    struct sheet_option tags[16];
    size_t ntags = languages(r, tags, COUNT_OF(tags));
    const struct sheet_option kinds[] = { { "individual", _("Myself") },
                                          { "business", _("A business") },
                                          { "government", _("A public office") } };
    const struct sheet_field fields[] = {
        { "name", SHEET_TEXT, _("Full name"), NULL, "name", me.name },
        { "phone", SHEET_TEL, _("Mobile number"), NULL, "tel",
          *me.phone ? phone_show(r->arena, me.phone, r->tenant->country) : "", .optional = true },
        { "language", SHEET_SELECT, _("Language of mails"), NULL, "language",
          me.locale ? me.locale : r->tenant->locale->tag, .options = tags, .noptions = ntags },
        { "type", SHEET_SELECT, _("I buy for"), NULL, NULL, me.type, .folded = true,
          .options = kinds, .noptions = COUNT_OF(kinds) },
        { "company", SHEET_TEXT, _("Company"), NULL, "organization", me.company, .optional = true,
          .folded = true },
    };
    struct tpl *t = sheet_new(r, &(struct sheet){ .title = _("Your details"),
                                                  .action = "/account/profile",
                                                  .submit = _("Save"),
                                                  .spec = &profile_form,
                                                  .fields = fields,
                                                  .nfields = COUNT_OF(fields),
                                                  .here = "/account/profile" });
    sheet_hidden(t, "version", arena_printf(r->arena, "%d", (int)me.version));
    return page_send(r, t);
}

struct editing {
    struct customer me;
    struct customer_edit edit;
};

static enum rc edit_in_tx(struct db *db, void *arg)
{
    const struct editing *e = arg;
    return customer_edit(db, &e->me, &e->edit);
}

static bool offers(const struct tenant *t, const char *tag)
{
    for (size_t i = 0; i < t->nlocales; i++)
        if (str_eq(t->locales[i]->tag, tag))
            return true;
    return false;
}

enum rc act_profile(struct req *r)
{
    const struct profile *in = req_form(r);
    struct editing e = { .edit = { .version = (int32_t)in->version,
                                   .name = in->name,
                                   .phone = "",
                                   .company = in->company,
                                   .type = *in->type ? in->type : "individual",
                                   .locale = *in->language ? in->language : NULL } };
    char *phone;
    if (*in->phone && phone_e164(r->arena, in->phone, r->tenant->country, &phone) != RC_OK) {
        form_set_error(r, "phone", _("Enter the whole phone number, as you would dial it."));
        return form_refuse(r);
    }
    if (*in->language && !offers(r->tenant, in->language)) {
        form_set_error(r, "language", _("This shop is not available in that language."));
        return form_refuse(r);
    }
    if (*in->phone)
        e.edit.phone = phone;
    enum rc rc = account_me(r, &e.me);
    if (rc == RC_OK)
        rc = db_tx(r->db, DB_TX_RETRY, edit_in_tx, &e);
    if (rc == RC_CONFLICT) {
        form_set_error(r, "",
                       _("Your details were changed on another page. Look at them once more "
                         "and save again."));
        return form_refuse(r);
    }
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("Your details are saved."));
    return req_redirect(r, "/account/profile");
}

/* ---- password ---------------------------------------------------------------------------------
 */

struct passwords {
    const char *password, *new_password;
};
static const struct form_field password_fields[] = {
    FIELD(struct passwords, password, F_PASSWORD, .required = true,
          .label = N_("Your password now")),
    FIELD(struct passwords, new_password, F_PASSWORD, .required = true, .max = PASSWORD_MOST,
          .label = N_("New password")),
    { 0 }
};
const struct form_spec password_form = { .name = "account.password",
                                         .fields = password_fields,
                                         .size = sizeof(struct passwords),
                                         .page = page_password };

enum rc page_password(struct req *r)
{
    const struct sheet_field fields[] = {
        { "password", SHEET_PASSWORD, _("Your password now"), NULL, "current-password" },
        { "new_password", SHEET_NEW_PASSWORD, _("New password"),
          _("At least 8 characters. A few words are easy to remember."), "new-password" },
    };
    struct tpl *t = sheet_new(r, &(struct sheet){ .title = _("Change your password"),
                                                  .lead = _("Your other devices are signed out."),
                                                  .action = "/account/password",
                                                  .submit = _("Save the password"),
                                                  .spec = &password_form,
                                                  .fields = fields,
                                                  .nfields = COUNT_OF(fields),
                                                  .here = "/account/password" });
    return page_send(r, t);
}

struct replacing {
    struct req *r;
    struct customer me;
    const char *hash, *token;
    bool stays, found, taken;
};

/* This session goes on under the epoch that ended the others. */
static enum rc go_on(struct db *db, const struct replacing *p, const char *email, int32_t epoch)
{
    struct req *r = p->r;
    struct principal who = { WHO_CUSTOMER, p->me.id, p->me.name, email };
    enum rc rc = credential_proved(r, db, account_of(r, p->me.email));
    return rc == RC_OK ? session_login_for(r, who, epoch, p->stays) : rc;
}

static enum rc replace_in_tx(struct db *db, void *arg)
{
    const struct replacing *p = arg;
    int32_t epoch;
    enum rc rc = customer_set_password(db, p->me.id, p->hash, &epoch);
    if (rc == RC_OK)
        rc = go_on(db, p, p->me.email, epoch);
    const char *pairs[] = { "NAME", p->me.name, NULL };
    return rc == RC_OK ? account_mail(p->r, db, "mail/account_password", uuid7_new(), p->me.email,
                                      p->me.name, 0, pairs)
                       : rc;
}

enum rc act_password(struct req *r)
{
    const struct passwords *in = req_form(r);
    struct replacing p = { .r = r, .stays = r->session->stays };
    char *hash;
    bool ok;
    enum rc rc = account_me(r, &p.me);
    if (rc != RC_OK)
        return rc;
    const char *about[] = { p.me.name, p.me.email, NULL };
    const char *weak = credential_password_weak(r->arena, in->new_password, about);
    if (weak) {
        form_set_error(r, "new_password", weak);
        return form_refuse(r);
    }
    rc = account_reproved(r, &p.me, in->password, &ok);
    if (rc != RC_OK || !ok)
        return rc;
    rc = crypto_password_hash(r->arena, in->new_password, &hash);
    p.hash = hash;
    if (rc == RC_OK)
        rc = db_tx(r->db, DB_TX_RETRY, replace_in_tx, &p);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("Your password is changed. Your other devices are signed out."));
    return req_redirect(r, "/account");
}

/* ---- e-mail address ---------------------------------------------------------------------------
 */

struct moving {
    const char *email, *password;
};
static const struct form_field email_fields[] = {
    FIELD(struct moving, email, F_EMAIL, .required = true, .label = N_("New e-mail address")),
    FIELD(struct moving, password, F_PASSWORD, .required = true, .label = N_("Your password")),
    { 0 }
};
const struct form_spec email_form = { .name = "account.email",
                                      .fields = email_fields,
                                      .size = sizeof(struct moving),
                                      .page = page_email };

enum rc page_email(struct req *r)
{
    const struct sheet_field fields[] = {
        { "email", SHEET_EMAIL, _("New e-mail address"), NULL, "email" },
        { "password", SHEET_PASSWORD, _("Your password"), NULL, "current-password" },
    };
    struct tpl *t = sheet_new(
        r, &(struct sheet){ .title = _("Change your e-mail address"),
                            .lead = arena_printf(r->arena,
                                                 _("It is %s now. We send a link to the new one; "
                                                   "nothing changes before you open it."),
                                                 r->who.email ? r->who.email : ""),
                            .action = "/account/email",
                            .submit = _("Send the link"),
                            .spec = &email_form,
                            .fields = fields,
                            .nfields = COUNT_OF(fields),
                            .here = "/account/email" });
    return page_send(r, t);
}

struct offering {
    struct req *r;
    struct customer me;
    const char *email;
    bool taken;
    int64_t mail_until;
};

static enum rc offer_in_tx(struct db *db, void *arg)
{
    const struct offering *o = arg;
    struct req *r = o->r;
    const struct owner owner = { .customer = o->me.id };
    const char *token;
    enum rc rc = credential_proved(r, db, account_of(r, o->me.email));
    if (rc == RC_OK)
        rc = credential_tokens_drop(db, "email", &owner);
    if (rc == RC_OK)
        rc = credential_token_add(db, "email", &owner, o->me.epoch, o->email, r->now + LINK_LIFE,
                                  &token);
    if (rc != RC_OK)
        return rc;
    const char *pairs[] = { "NAME", o->taken ? "" : o->me.name, "TOKEN", token, NULL };
    return account_mail(r, db, o->taken ? "mail/account_exists" : "mail/account_email", uuid7_new(),
                        o->email, o->taken ? NULL : o->me.name, o->mail_until, pairs);
}

enum rc act_email(struct req *r)
{
    const struct moving *in = req_form(r);
    struct offering o = { .r = r, .email = in->email, .mail_until = r->now + LINK_LIFE };
    struct customer other;
    bool ok;
    enum rc rc = account_me(r, &o.me);
    if (rc != RC_OK)
        return rc;
    if (str_eq(o.me.email, in->email)) {
        form_set_error(r, "email", _("This is your address already."));
        return form_refuse(r);
    }
    rc = account_reproved(r, &o.me, in->password, &ok);
    if (rc != RC_OK || !ok)
        return rc;
    rc = customer_by_email(r->db, in->email, &o.taken, &other);
    if (!account_may_mail(r, in->email))
        o.mail_until = r->now;
    if (rc == RC_OK)
        rc = db_tx(r->db, DB_TX_RETRY, offer_in_tx, &o);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_INFO, _("We have sent a link to the new address. Open it within a day."));
    return req_redirect(r, "/account");
}

static enum rc gone(struct req *r)
{
    return sheet_note(r, 410, _("This link does not work any more"),
                      _("Links are good once and for a limited time. Ask for a new one."),
                      "/account/email", _("Change your e-mail address"));
}

enum rc page_email_confirm(struct req *r)
{
    struct credential_token token;
    const char *text = req_param(r, "token");
    enum rc rc = credential_token_look(r->db, "email", text, r->now, &token);
    if (rc != RC_OK)
        return rc;
    if (!token.found)
        return gone(r);
    return page_send(
        r, sheet_new(r, &(struct sheet){ .title = _("Confirm your new e-mail address"),
                                         .lead = token.content,
                                         .action = arena_printf(r->arena, "/email/%s", text),
                                         .submit = _("Use this address") }));
}

/* The link speaks for the person; whoever is signed in here stays so only if it is them. */
static enum rc move_in_tx(struct db *db, void *arg)
{
    struct replacing *p = arg;
    struct req *r = p->r;
    struct credential_token token;
    int32_t epoch;
    enum rc rc = credential_token_use(db, "email", p->token, r->now, &token);
    p->found = rc == RC_OK && token.found;
    if (!p->found)
        return rc;
    rc = customer_by_id(db, token.owner.customer, &p->found, &p->me);
    if (rc != RC_OK || !p->found)
        return rc;
    rc = customer_set_email(db, &p->me, token.content, r->now, &epoch);
    const char *pairs[] = { "NAME", p->me.name, NULL };
    if (rc == RC_OK)
        rc = account_mail(r, db, "mail/account_moved", uuid7_new(), p->me.email, p->me.name, 0,
                          pairs);
    bool here = r->who.kind == WHO_CUSTOMER && uuid_cmp(r->who.id, p->me.id) == 0;
    return rc == RC_OK && here ? go_on(db, p, token.content, epoch) : rc;
}

enum rc act_email_confirm(struct req *r)
{
    struct replacing p = { .r = r, .token = req_param(r, "token") };
    p.stays = r->session && r->session->stays;
    enum rc rc = db_tx(r->db, DB_TX_RETRY, move_in_tx, &p);
    if (rc == RC_CONFLICT) { /* somebody registered with it meanwhile */
        flash_set(r, FLASH_BAD, _("That address belongs to another account."));
        return req_redirect(r, "/account/email");
    }
    if (rc != RC_OK)
        return rc;
    if (!p.found)
        return gone(r);
    flash_set(r, FLASH_OK, _("Your new e-mail address is in use."));
    return req_redirect(r, "/account");
}
