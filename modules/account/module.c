/* module.c: account: everything a customer does with their account, from the first mail to being
 * forgotten. The table of contents; rules of customers are src/shop/customer.h's, proofs of who
 * somebody is src/app/credential.h's. The module has no table of its own. */
#include "account.h"

#define CUSTOMER "shop.customer"

static const struct app_route routes[] = {
    { M_GET, "/login", page_login },
    { M_POST, "/login", act_login, .form = &login_form, .limit = "login:60/min" },
    { M_POST, "/logout", act_logout, .max_body_kb = 4 },
    { M_GET, "/2fa", page_second },
    { M_POST, "/2fa", act_second, .form = &second_form, .limit = "login:60/min" },
    { M_GET, "/register", page_register },
    { M_POST, "/register", act_register, .form = &register_form, .limit = "register:10/min" },
    { M_GET, "/register/sent", page_register_sent },
    { M_GET, "/verify/{token:token}", page_verify },
    { M_POST, "/verify/{token:token}", act_verify, .limit = "verify:20/min" },
    { M_GET, "/forgot", page_forgot },
    { M_POST, "/forgot", act_forgot, .form = &forgot_form, .limit = "forgot:10/min" },
    { M_GET, "/forgot/sent", page_forgot_sent },
    { M_GET, "/reset/{token:token}", page_reset },
    { M_POST, "/reset/{token:token}", act_reset, .form = &reset_form, .limit = "verify:20/min" },
    { M_GET, "/email/{token:token}", page_email_confirm },
    { M_POST, "/email/{token:token}", act_email_confirm, .limit = "verify:20/min" },
    { M_GET, "/newsletter/unsubscribe/{token:token}", page_unsubscribe },
    { M_POST, "/newsletter/unsubscribe/{token:token}", act_unsubscribe, .flags = R_CSRF_OFF,
      .limit = "unsubscribe:60/min" },

    { M_GET, "/account", page_home, CUSTOMER },
    { M_GET, "/account/profile", page_profile, CUSTOMER },
    { M_POST, "/account/profile", act_profile, CUSTOMER, .form = &profile_form },
    { M_GET, "/account/password", page_password, CUSTOMER },
    { M_POST, "/account/password", act_password, CUSTOMER, .form = &password_form },
    { M_GET, "/account/email", page_email, CUSTOMER },
    { M_POST, "/account/email", act_email, CUSTOMER, .form = &email_form,
      .limit = "account.email:10/min" },
    { M_GET, "/account/devices", page_devices, CUSTOMER },
    { M_POST, "/account/devices/end", act_device_end, CUSTOMER, .form = &device_form },
    { M_POST, "/account/devices/end-others", act_devices_end, CUSTOMER },
    { M_GET, "/account/2fa", page_factor, CUSTOMER },
    { M_POST, "/account/2fa", act_factor, CUSTOMER, .form = &factor_form,
      .limit = "account.2fa:10/min" },
    { M_GET, "/account/2fa/off", page_factor_off, CUSTOMER },
    { M_POST, "/account/2fa/off", act_factor_off, CUSTOMER, .form = &factor_off_form },
    { M_GET, "/account/2fa/codes", page_codes, CUSTOMER },
    { M_POST, "/account/2fa/codes", act_codes, CUSTOMER, .form = &codes_form },
    { M_GET, "/account/addresses", page_addresses, CUSTOMER },
    { M_POST, "/account/addresses", act_address_add, CUSTOMER, .form = &address_form },
    { M_GET, "/account/addresses/country", page_address_country, CUSTOMER },
    { M_GET, "/account/addresses/new", page_address_new, CUSTOMER, .form = &address_country_form },
    { M_GET, "/account/addresses/{address:id}", page_address, CUSTOMER },
    { M_POST, "/account/addresses/{address:id}", act_address, CUSTOMER, .form = &address_form },
    { M_POST, "/account/addresses/{address:id}/default", act_address_default, CUSTOMER },
    { M_POST, "/account/addresses/{address:id}/remove", act_address_remove, CUSTOMER },
    { M_GET, "/account/privacy", page_privacy, CUSTOMER },
    { M_POST, "/account/privacy", act_privacy, CUSTOMER, .form = &privacy_form },
    { M_GET, "/account/export", page_export, CUSTOMER },
    { M_POST, "/account/export", act_export, CUSTOMER, .form = &export_form,
      .limit = "account.export:5/min" },
    { M_GET, "/account/erase", page_erase, CUSTOMER },
    { M_POST, "/account/erase", act_erase, CUSTOMER, .form = &erase_form },
    { 0 }
};

/* The account's menu; orders, wishlists and what else a customer has add themselves. */
static const struct app_nav nav[] = {
    { "account", N_("Overview"), "/account", CUSTOMER, 0 },
    { "account", N_("Your details"), "/account/profile", CUSTOMER, 50 },
    { "account", N_("Addresses"), "/account/addresses", CUSTOMER, 60 },
    { "account", N_("Password"), "/account/password", CUSTOMER, 70 },
    { "account", N_("E-mail address"), "/account/email", CUSTOMER, 71 },
    { "account", N_("Two-step sign-in"), "/account/2fa", CUSTOMER, 72 },
    { "account", N_("Devices"), "/account/devices", CUSTOMER, 73 },
    { "account", N_("Privacy"), "/account/privacy", CUSTOMER, 80 },
    { 0 }
};

static const char *const form_names[] = {
    "CLASS", "MENU",    "TITLE", "LEAD_SET", "LEAD",   "FORM_ERRORS", "FORM_ERROR",
    "FIELD", "MESSAGE", "FORM",  "ACTION",   "HIDDEN", "NAME",        "VALUE",
    "INPUT", "FOLDED",  "OPEN",  "MORE",     "DANGER", "SUBMIT",      "LINKS",
    "LINK",  "HREF",    "LABEL", NULL
};
static const char *const field_names[] = {
    "BOX",      "NAME",     "CHECKED",      "DESCRIBED", "INVALID",   "LABEL",    "LABELLED",
    "OPTIONAL", "REQUIRED", "HINT_SET",     "HINT",      "ERROR_SET", "ERROR",    "INPUT",
    "TYPE",     "VALUE",    "AUTOCOMPLETE", "MOST",      "DIRECTION", "MODE_SET", "MODE",
    "PLAIN",    "SECRET",   "LINES",        "SELECT",    "OPTION",    "SELECTED", NULL
};
static const char *const menu_names[] = { "ITEM", "HREF", "CURRENT", "LABEL", NULL };
static const char *const home_names[] = { "MENU", "GREETING", "EMAIL", NULL };
static const char *const device_names[] = { "MENU", "DEVICE", "AGENT", "ADDRESS", "SEEN", "SEEN_AT",
                                            "NAME", "HERE",   "OTHER", "SEVERAL", NULL };
static const char *const factor_names[] = { "MENU",    "TITLE",   "FORM_ERRORS", "FORM_ERROR",
                                            "FIELD",   "MESSAGE", "SECRET",      "KEY",
                                            "QR_SIZE", "QR_PATH", "INPUT",       NULL };
static const char *const factor_on_names[] = { "MENU", "TITLE", "LEFT", NULL };
static const char *const codes_names[] = { "MENU", "TITLE", "CODE_ROW", "CODE", NULL };
static const char *const address_names[] = { "MENU",      "ADDRESS", "ID",    "KIND",
                                             "EDIT_HREF", "LINE",    "TEXT",  "PHONE",
                                             "DEFAULT",   "PLAIN",   "EMPTY", NULL };
static const char *const country_names[] = { "MENU", "COUNTRY", "HREF", "NAME", NULL };
static const char *const link_names[] = { "NAME", "SHOP_URL", "TOKEN", NULL };
static const char *const word_names[] = { "NAME", "SHOP_URL", NULL };

static const struct app_template templates[] = { { "account/form.tpl", form_names },
                                                 { "account/field.tpl", field_names },
                                                 { "account/menu.tpl", menu_names },
                                                 { "account/home.tpl", home_names },
                                                 { "account/devices.tpl", device_names },
                                                 { "account/factor.tpl", factor_names },
                                                 { "account/factor_on.tpl", factor_on_names },
                                                 { "account/codes.tpl", codes_names },
                                                 { "account/addresses.tpl", address_names },
                                                 { "account/countries.tpl", country_names },
                                                 { "mail/account_verify.tpl", link_names },
                                                 { "mail/account_verify.txt.tpl", link_names },
                                                 { "mail/account_exists.tpl", word_names },
                                                 { "mail/account_exists.txt.tpl", word_names },
                                                 { "mail/account_welcome.tpl", word_names },
                                                 { "mail/account_welcome.txt.tpl", word_names },
                                                 { "mail/account_reset.tpl", link_names },
                                                 { "mail/account_reset.txt.tpl", link_names },
                                                 { "mail/account_password.tpl", word_names },
                                                 { "mail/account_password.txt.tpl", word_names },
                                                 { "mail/account_email.tpl", link_names },
                                                 { "mail/account_email.txt.tpl", link_names },
                                                 { "mail/account_moved.tpl", word_names },
                                                 { "mail/account_moved.txt.tpl", word_names },
                                                 { "mail/account_factor_on.tpl", word_names },
                                                 { "mail/account_factor_on.txt.tpl", word_names },
                                                 { "mail/account_factor_off.tpl", word_names },
                                                 { "mail/account_factor_off.txt.tpl", word_names },
                                                 { 0 } };

APP_MODULE(.name = "account", .needs = (const char *const[]){ "shop", NULL }, .routes = routes,
           .templates = templates, .nav = nav);
