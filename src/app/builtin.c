/* builtin.c: the built-in module "app": what every installation serves whatever modules it has:
 * health, metrics, a visitor's preferences, the browser's prefetch rules; and the layout's
 * templates, the settings of a shop and the permissions the core itself asks for. No commerce. */
#include <string.h>

#include "app/credential.h"
#include "app/form.h"
#include "app/health.h"
#include "app/loader.h"
#include "app/mail.h"
#include "app/req.h"
#include "app/session.h"
#include "app/tenant.h"
#include "app/theme.h"
#include "base/str.h"
#include "gen/app_q.h"

/* ---- preferences ------------------------------------------------------------------------------
 */

struct preferences {
    const char *theme, *currency, *locale, *memory;
};
static const char *const themes[] = { "light", "dark", "auto", NULL };
static const char *const memories[] = { "on", "off", "clear", NULL };
static const struct form_field preference_fields[] = {
    FIELD(struct preferences, theme, F_CHOICE, .choices = themes, .label = N_("Appearance")),
    FIELD(struct preferences, currency, F_TEXT, .max = 3, .label = N_("Currency")),
    FIELD(struct preferences, locale, F_TEXT, .max = 10, .label = N_("Language")),
    FIELD(struct preferences, memory, F_CHOICE, .choices = memories,
          .label = N_("What this device remembers")),
    { 0 }
};
static const struct form_spec preferences_form = { .name = "app.preferences",
                                                   .fields = preference_fields,
                                                   .size = sizeof(struct preferences) };

enum { A_YEAR_S = 365 * 86400 };

static bool offers_currency(const struct tenant *t, const char *code)
{
    for (size_t i = 0; i < t->ncurrencies; i++)
        if (str_eq(t->currencies[i], code))
            return true;
    return false;
}

static const struct locale *offered_locale(const struct tenant *t, const char *tag)
{
    for (size_t i = 0; i < t->nlocales; i++)
        if (str_eq(t->locales[i]->tag, tag))
            return t->locales[i];
    return NULL;
}

/* The page one came from, without its language prefix, so that another one can be put there. */
static const char *bare(const struct req *r, const char *path)
{
    for (size_t i = 0; i < r->tenant->nlocales; i++) {
        const char *tag = r->tenant->locales[i]->tag;
        size_t n = strlen(tag);
        if (strncmp(path + 1, tag, n) != 0)
            continue;
        if (path[n + 1] == '/')
            return path + n + 1;
        if (path[n + 1] == '\0')
            return "/";
    }
    return path;
}

/* What the shop leaves on a device: "off" leaves nothing from now on and takes back what is there,
 * "clear" takes it back once, choices included. Who is signed in stays signed in. */
static void choose_memory(struct req *r, const char *memory)
{
    bool clear = str_eq(memory, "clear");
    if (clear) {
        req_set_cookie(r, "theme", "", 0, COOKIE_HTTP_ONLY);
        req_set_cookie(r, "currency", "", 0, COOKIE_HTTP_ONLY);
    }
    if (str_eq(memory, "off"))
        req_set_cookie(r, "memory", "off", A_YEAR_S, 0); /* scripts must see it */
    else
        req_set_cookie(r, "memory", "", 0, 0);
    if (!str_eq(memory, "on"))
        req_set_header(r, "Clear-Site-Data", "\"cache\", \"storage\"");
    flash_set(r, FLASH_OK,
              clear                   ? _("What this shop kept on your device is deleted.")
              : str_eq(memory, "off") ? _("This shop keeps no list of what you look at.")
                                      : _("This shop remembers what you look at, on this device."));
}

static enum rc act_preferences(struct req *r)
{
    const struct preferences *in = req_form(r);
    const char *next = req_next(r, "/");
    if (*in->currency && !offers_currency(r->tenant, in->currency)) {
        form_set_error(r, "currency", _("This shop does not sell in that currency."));
        return form_refuse(r);
    }
    if (*in->locale) {
        const struct locale *l = offered_locale(r->tenant, in->locale);
        if (!l) {
            form_set_error(r, "locale", _("This shop is not available in that language."));
            return form_refuse(r);
        }
        next = bare(r, next);
        r->locale = l;
    }
    if (*in->theme)
        req_set_cookie(r, "theme", in->theme, str_eq(in->theme, "auto") ? 0 : A_YEAR_S,
                       COOKIE_HTTP_ONLY);
    if (*in->currency)
        req_set_cookie(r, "currency", in->currency,
                       str_eq(in->currency, r->tenant->currency) ? 0 : A_YEAR_S, COOKIE_HTTP_ONLY);
    if (*in->memory)
        choose_memory(r, in->memory);
    return req_redirect(r, next);
}

/* Which links a browser may fetch before they are clicked: those of the shop that only show. */
static enum rc page_speculation(struct req *r)
{
    static const char rules[] =
        "{\"prefetch\":[{\"source\":\"document\",\"eagerness\":\"moderate\",\"where\":{\"and\":["
        "{\"href_matches\":\"/*\"},{\"not\":{\"href_matches\":\"/admin/*\"}},"
        "{\"not\":{\"href_matches\":\"/*/logout\"}},{\"not\":{\"href_matches\":\"/media/*\"}},"
        "{\"not\":{\"selector_matches\":\"[rel~=nofollow]\"}}]}}]}";
    req_set_header(r, "Cache-Control", "public, max-age=86400");
    return req_text(r, 200, "application/speculationrules+json", rules);
}

/* ---- the table --------------------------------------------------------------------------------
 */

static const struct app_route routes[] = {
    { M_GET, "/healthz", page_healthz, .flags = R_NO_TENANT | R_NO_SESSION | R_JSON },
    { M_GET, "/readyz", page_readyz, .flags = R_NO_TENANT | R_NO_SESSION | R_JSON },
    { M_GET, "/metrics", page_metrics, .flags = R_NO_TENANT | R_NO_SESSION | R_LOOPBACK },
    { M_GET, "/speculation.json", page_speculation, .flags = R_NO_TENANT | R_NO_SESSION | R_JSON },
    { M_POST, "/preferences", act_preferences, .form = &preferences_form,
      .limit = "preferences:60/min", .max_body_kb = 4 },
    { 0 }
};
static const struct app_perm perms[] = { { "shop.customer", N_("Signed in as a customer") },
                                         { "app.operator", N_("Run the whole installation") },
                                         { "app.settings", N_("Change the shop's settings") },
                                         { "app.staff", N_("Invite staff and set their roles") },
                                         { "app.audit", N_("See who changed what") },
                                         { 0 } };
static const struct app_setting settings[] = {
    { "shop.locales", "[]", N_("Languages offered, besides the first"), SETTING_JSON, NULL },
    { "shop.currencies", "[]", N_("Currencies offered, besides the first"), SETTING_JSON, NULL },
    { "shop.group_prices", "false", N_("Groups of customers have prices of their own"),
      SETTING_BOOL, NULL },
    { "mail.reply_to", "", N_("Address that answers to mails go to"), SETTING_TEXT, NULL },
    { "theme.primary", "", N_("First colour of the brand"), SETTING_COLOUR, NULL },
    { "theme.secondary", "", N_("Second colour of the brand"), SETTING_COLOUR, NULL },
    { "theme.paper", "white", N_("Tone of the page"), SETTING_CHOICE, theme_papers },
    { "theme.font", "system", N_("Type of texts"), SETTING_CHOICE, theme_fonts },
    { "theme.display", "system", N_("Type of headings"), SETTING_CHOICE, theme_fonts },
    { "theme.radius", "soft", N_("Corners"), SETTING_CHOICE, theme_radii },
    { "theme.density", "normal", N_("Space between things"), SETTING_CHOICE, theme_densities },
    { "theme.head", "plain", N_("Colour of the header"), SETTING_CHOICE, theme_heads },
    { "theme.head_layout", "row", N_("Layout of the header"), SETTING_CHOICE, theme_rows },
    { "theme.foot", "plain", N_("Colour of the footer"), SETTING_CHOICE, theme_feet },
    { "theme.cards", "plain", N_("Product cards"), SETTING_CHOICE, theme_cards },
    { "theme.tiles", "square", N_("Category tiles"), SETTING_CHOICE, theme_tiles },
    { "theme.logo", "", N_("Logo: a picture of the library"), SETTING_TEXT, NULL },
    { "theme.logo_path", "", N_("Where the logo lies"), SETTING_TEXT, NULL },
    { "theme.logo_alone", "false", N_("The logo says the name"), SETTING_BOOL, NULL },
    { "theme.favicon", "", N_("Favicon: a picture of the library"), SETTING_TEXT, NULL },
    { "theme.favicon_path", "", N_("Where the favicon lies"), SETTING_TEXT, NULL },
    { 0 }
};

static const struct app_job jobs[] = { { "mail.send", 0, MAIL_TIMEOUT_S, MAIL_TRIES,
                                         mail_send_job },
                                       { "mail.expire", 86400, 60, 3, mail_expire_job },
                                       { "credential.expire", 3600, 60, 3, credential_expire_job },
                                       { 0 } };

static const struct app_event_sub events[] = { { "customer.erased", EV_JOB, mail_forget }, { 0 } };

static const char *const mail_shell_names[] = { "SUBJECT", "COLOUR",      "INK",  "SHOP_URL",
                                                "CONTENT", "UNSUBSCRIBE", "HREF", NULL };
static const char *const mail_text_names[] = { "SHOP_URL", "CONTENT", "UNSUBSCRIBE", "HREF", NULL };
static const char *const shell_names[] = { "TITLE",
                                           "HELP",
                                           "HELP_HREF",
                                           "CSS",
                                           "JS",
                                           "HTMX",
                                           "FAVICON",
                                           "TOUCH_ICON",
                                           "MANIFEST",
                                           "ROBOTS",
                                           "BODY_CLASS",
                                           "HERE",
                                           "QUERY",
                                           "CONTENT",
                                           "YEAR",
                                           "REQUEST_ID",
                                           "DESCRIPTION_SET",
                                           "DESCRIPTION",
                                           "CANONICAL_SET",
                                           "CANONICAL",
                                           "IMAGE_SET",
                                           "IMAGE",
                                           "THEME_CSS_SET",
                                           "THEME_CSS",
                                           "LOOK",
                                           "BAR_LIGHT",
                                           "BAR_DARK",
                                           "LOGO",
                                           "LOGO_NONE",
                                           "LOGO_SRC",
                                           "LOGO_ALT",
                                           "LOGO_WIDTH",
                                           "LOGO_HEIGHT",
                                           "BRAND_NAME",
                                           "ALTERNATE",
                                           "HREFLANG",
                                           "HREF",
                                           "JSONLD",
                                           "JSON",
                                           "CRUMBS",
                                           "CRUMB",
                                           "LABEL",
                                           "CRUMB_LINK",
                                           "CRUMB_HERE",
                                           "NAV",
                                           "NAV_CATEGORY",
                                           "CURRENT",
                                           "NAV_FOOTER_SET",
                                           "NAV_FOOTER",
                                           "LOCALES",
                                           "LOCALE_ITEM",
                                           "TAG",
                                           "NAME",
                                           "LOCALE_NAME",
                                           "CURRENCIES",
                                           "CURRENCY_ITEM",
                                           "CODE",
                                           "THEME_LIGHT",
                                           "THEME_DARK",
                                           "THEME_AUTO",
                                           "HOLE_FLASH",
                                           "HOLE_ACCOUNT",
                                           "HOLE_CART",
                                           NULL };
static const char *const neutral_names[] = { "TITLE",   "CSS",        "FAVICON",
                                             "CONTENT", "REQUEST_ID", NULL };
static const char *const error_names[] = { "STATUS",     "HELP",    "HELP_HREF", "SEARCH",
                                           "CATEGORIES", "HEADING", "TEXT",      "REQUEST_ID",
                                           "WAYS",       "RETRY",   "HERE",      "DEV",
                                           "DETAIL",     "PLACE",   "STATEMENT", "SHELF",
                                           "CATEGORY",   "LABEL",   "HREF",      NULL };
static const char *const flash_names[] = { "FLASH",      "TEXT",      "FLASH_OK", "FLASH_INFO",
                                           "FLASH_WARN", "FLASH_BAD", NULL };
static const char *const account_names[] = { "GUEST", "CUSTOMER", "NAME", NULL };
static const char *const cart_names[] = { "COUNT", "COUNT_TEXT", "FILLED", NULL };
static const char *const csrf_names[] = { "TOKEN", NULL };
static const struct app_template templates[] = {
    { "layout/shell.tpl", shell_names },       { "layout/neutral.tpl", neutral_names },
    { "layout/error.tpl", error_names },       { "layout/flash.tpl", flash_names },
    { "layout/account.tpl", account_names },   { "layout/cart.tpl", cart_names },
    { "layout/csrf.tpl", csrf_names },         { "mail/shell.tpl", mail_shell_names },
    { "mail/shell.txt.tpl", mail_text_names }, { 0 }
};

const struct app_module app_builtin = {
    .magic = APP_MAGIC,
    .size = sizeof(struct app_module),
    .abi_major = APP_ABI_MAJOR,
    .abi_minor = APP_ABI_MINOR,
    .build_id = APP_BUILD_ID,
    .name = "app",
    .schema_version = 12,
    .routes = routes,
    .perms = perms,
    .templates = templates,
    .settings = settings,
    .jobs = jobs,
    .events = events,
    .stmts = app_stmts,
};
