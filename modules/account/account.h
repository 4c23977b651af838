/* account.h: what the files of this module share; nobody else may include it. */
#ifndef MODULES_ACCOUNT_ACCOUNT_H
#define MODULES_ACCOUNT_ACCOUNT_H

#include "app/form.h"
#include "app/module.h"
#include "app/page.h"
#include "app/req.h"
#include "app/types.h"
#include "shop/customer.h"

/* ---- sheet.c: pages that are one form ----------------------------------------------------------
 */
enum sheet_kind {
    SHEET_TEXT,
    SHEET_EMAIL,
    SHEET_TEL,
    SHEET_CODE,
    SHEET_PASSWORD,
    SHEET_NEW_PASSWORD,
    SHEET_CHECK,
    SHEET_SELECT,
    SHEET_LINES
};
struct sheet_option {
    const char *value, *label;
};
struct sheet_field {
    const char *name;
    enum sheet_kind kind;
    const char *label, *hint; /* translated; hint NULL: none */
    const char *autocomplete;
    const char *value; /* what is stored; what was typed wins */
    bool optional, folded;
    const struct sheet_option *options; /* SHEET_SELECT */
    size_t noptions;
};
struct sheet {
    const char *title, *lead; /* translated; lead NULL: none */
    const char *action;       /* inside path without prefix */
    const char *submit;       /* translated */
    const struct form_spec *spec;
    const struct sheet_field *fields;
    size_t nfields;
    const char *here; /* entry of the account's menu this page belongs to; NULL: no menu */
    bool danger;
};
/* The page, its fields filled from what was typed or is stored. Hidden fields, links: below. */
struct tpl *sheet_new(struct req *r, const struct sheet *s) ATTR_RETNONNULL;
/* One field into a dictionary for account/field.tpl. */
void sheet_field(struct req *r, struct tpl *t, const struct sheet_field *f);
void sheet_hidden(struct tpl *t, const char *name, const char *value);
void sheet_link(struct req *r, struct tpl *t, const char *path, const char *label);
/* The account's menu on a page of our own; here: the path it stands at. */
void sheet_menu(struct req *r, struct tpl *t, const char *here);
/* A page that only says something, with links. */
enum rc sheet_note(struct req *r, int status, const char *title, const char *text, const char *path,
                   const char *label) ATTR_MUST_CHECK;

/* ---- session.c: signing in and out -------------------------------------------------------------
 */
struct entering { /* who comes in, with what went before it in the same transaction */
    struct req *r;
    struct customer who;
    const char *account, *rehash; /* NULL: nothing to clear, nothing to store */
    bool stays;
};
/* Inside db_tx: everything of a sign-in that worked. */
enum rc enter_in_tx(struct db *db, const struct entering *e) ATTR_MUST_CHECK;
const char *account_of(struct req *r,
                       const char *email); /* name under which attempts are counted */
/* The customer who asks, by the session; RC_UNAUTH when gone meanwhile. */
enum rc account_me(struct req *r, struct customer *out) ATTR_MUST_CHECK;
/* The person proves again who they are by the form's password: counts, checks. RC_OK, or the form
 * is shown again and *answered is its rc. */
enum rc account_reproved(struct req *r, const struct customer *me, const char *password,
                         bool *ok) ATTR_MUST_CHECK;
extern const struct form_spec login_form, second_form;
enum rc page_login(struct req *r) ATTR_MUST_CHECK;
enum rc act_login(struct req *r) ATTR_MUST_CHECK;
enum rc act_logout(struct req *r) ATTR_MUST_CHECK;
enum rc page_second(struct req *r) ATTR_MUST_CHECK;
enum rc act_second(struct req *r) ATTR_MUST_CHECK;

/* ---- register.c --------------------------------------------------------------------------------
 */
extern const struct form_spec register_form;
enum rc page_register(struct req *r) ATTR_MUST_CHECK;
enum rc act_register(struct req *r) ATTR_MUST_CHECK;
enum rc page_register_sent(struct req *r) ATTR_MUST_CHECK;
enum rc page_verify(struct req *r) ATTR_MUST_CHECK;
enum rc act_verify(struct req *r) ATTR_MUST_CHECK;

/* ---- reset.c -----------------------------------------------------------------------------------
 */
extern const struct form_spec forgot_form, reset_form;
enum rc page_forgot(struct req *r) ATTR_MUST_CHECK;
enum rc act_forgot(struct req *r) ATTR_MUST_CHECK;
enum rc page_forgot_sent(struct req *r) ATTR_MUST_CHECK;
enum rc page_reset(struct req *r) ATTR_MUST_CHECK;
enum rc act_reset(struct req *r) ATTR_MUST_CHECK;

/* ---- mails.c -----------------------------------------------------------------------------------
 */
/* Inside db_tx. pairs: name, value, name, value, NULL. */
enum rc account_mail(struct req *r, struct db *db, const char *template, struct uuid event,
                     const char *to, const char *name, int64_t not_after,
                     const char *const *pairs) ATTR_MUST_CHECK;
/* Not more than a few an hour to one address, whoever asks. */
bool account_may_mail(struct req *r, const char *to);

/* ---- profile.c ---------------------------------------------------------------------------------
 */
extern const struct form_spec profile_form, password_form, email_form;
enum rc page_home(struct req *r) ATTR_MUST_CHECK;
enum rc page_profile(struct req *r) ATTR_MUST_CHECK;
enum rc act_profile(struct req *r) ATTR_MUST_CHECK;
enum rc page_password(struct req *r) ATTR_MUST_CHECK;
enum rc act_password(struct req *r) ATTR_MUST_CHECK;
enum rc page_email(struct req *r) ATTR_MUST_CHECK;
enum rc act_email(struct req *r) ATTR_MUST_CHECK;
enum rc page_email_confirm(struct req *r) ATTR_MUST_CHECK;
enum rc act_email_confirm(struct req *r) ATTR_MUST_CHECK;

/* ---- devices.c ---------------------------------------------------------------------------------
 */
extern const struct form_spec device_form;
enum rc page_devices(struct req *r) ATTR_MUST_CHECK;
enum rc act_device_end(struct req *r) ATTR_MUST_CHECK;
enum rc act_devices_end(struct req *r) ATTR_MUST_CHECK;

/* ---- factor.c ----------------------------------------------------------------------------------
 */
extern const struct form_spec factor_form, factor_off_form, codes_form;
enum rc page_factor(struct req *r) ATTR_MUST_CHECK;
enum rc act_factor(struct req *r) ATTR_MUST_CHECK;
enum rc page_factor_off(struct req *r) ATTR_MUST_CHECK;
enum rc act_factor_off(struct req *r) ATTR_MUST_CHECK;
enum rc page_codes(struct req *r) ATTR_MUST_CHECK;
enum rc act_codes(struct req *r) ATTR_MUST_CHECK;

/* ---- addresses.c -------------------------------------------------------------------------------
 */
extern const struct form_spec address_form, address_country_form;
enum rc page_addresses(struct req *r) ATTR_MUST_CHECK;
enum rc page_address_country(struct req *r) ATTR_MUST_CHECK;
enum rc page_address_new(struct req *r) ATTR_MUST_CHECK;
enum rc page_address(struct req *r) ATTR_MUST_CHECK;
enum rc act_address_add(struct req *r) ATTR_MUST_CHECK;
enum rc act_address(struct req *r) ATTR_MUST_CHECK;
enum rc act_address_default(struct req *r) ATTR_MUST_CHECK;
enum rc act_address_remove(struct req *r) ATTR_MUST_CHECK;

/* ---- privacy.c ---------------------------------------------------------------------------------
 */
extern const struct form_spec privacy_form, export_form, erase_form;
enum rc page_privacy(struct req *r) ATTR_MUST_CHECK;
enum rc act_privacy(struct req *r) ATTR_MUST_CHECK;
enum rc page_export(struct req *r) ATTR_MUST_CHECK;
enum rc act_export(struct req *r) ATTR_MUST_CHECK;
enum rc page_erase(struct req *r) ATTR_MUST_CHECK;
enum rc act_erase(struct req *r) ATTR_MUST_CHECK;
enum rc page_unsubscribe(struct req *r) ATTR_MUST_CHECK;
enum rc act_unsubscribe(struct req *r) ATTR_MUST_CHECK;

#endif
