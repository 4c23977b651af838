/* fields.c: the fields of an address as a form shows them: those of the country, in its order, with
 * its names, and the same again for an invoice that goes elsewhere. What is right is
 * shop/address.h's to say. Invariant: what was typed wins over what is stored. */
#include <string.h>

#include "app/tenant.h"
#include "base/str.h"
#include "checkout.h"
#include "platform/fmt.h"
#include "platform/json.h"
#include "shop/address.h"

enum kind { KIND_TEXT, KIND_TEL, KIND_EMAIL, KIND_LINES };
struct shown {
    const char *name, *label, *hint, *autocomplete, *value;
    enum kind kind;
    size_t most;
    bool required, live;
    const struct address_region *regions;
    size_t nregions;
};

const struct address_country *checkout_country(struct req *r, const char *code)
{
    const struct address_country *c = address_country(code);
    if (c == NULL)
        c = address_country(r->tenant->country);
    return c != NULL ? c : address_country("LK");
}

static void select_region(struct tpl *t, const struct shown *f)
{
    struct tpl *s = tpl_row(t, "SELECT");
    for (size_t i = 0; i < f->nregions; i++) {
        const struct address_region *g = &f->regions[i];
        struct tpl *o = tpl_row(s, "OPTION");
        tpl_set_text(o, "VALUE", g->code);
        tpl_set_text(o, "CHOICE", g->code);
        if (g->local != NULL)
            tpl_set_text(tpl_row(o, "LOCAL_SET"), "LOCAL", g->local);
        tpl_show(o, "SELECTED", str_eq(g->code, f->value));
    }
    tpl_show(s, "LIVE", f->live);
}

static void input(struct tpl *t, const struct shown *f)
{
    static const char *const types[] = { "text", "tel", "email" };
    struct tpl *i = tpl_row(t, "INPUT");
    bool plain = f->kind != KIND_TEXT || str_eq(f->name, "postcode");
    tpl_set_text(i, "TYPE", types[f->kind]);
    tpl_set_text(i, "DIRECTION", plain ? "ltr" : "auto");
    if (f->kind != KIND_TEXT)
        tpl_set_text(tpl_row(i, "MODE_SET"), "MODE", types[f->kind]);
    tpl_show(i, "PLAIN", plain);
    tpl_show(i, "LIVE", f->live);
}

static void show_field(struct req *r, struct tpl *page, const char *at, struct shown *f)
{
    struct tpl *t = tpl_include(page, at, "checkout/field.tpl");
    const char *error = form_error(r, f->name);
    if (form_failed(r))
        f->value = form_value(r, f->name);
    tpl_set_text(t, "NAME", f->name);
    tpl_set_text(t, "LABEL", f->label);
    tpl_set_text(t, "VALUE", f->value != NULL ? f->value : "");
    tpl_set_int(t, "MOST", (int64_t)f->most);
    tpl_set_text(t, "AUTOCOMPLETE", f->autocomplete);
    tpl_show(t, f->required ? "REQUIRED" : "OPTIONAL", true);
    tpl_show(t, "INVALID", error != NULL);
    if (f->regions != NULL)
        select_region(t, f);
    else if (f->kind == KIND_LINES)
        tpl_show(t, "LINES", true);
    else
        input(t, f);
    if (f->hint == NULL && error == NULL)
        return;
    struct tpl *about = tpl_row(t, "DESCRIBED");
    if (f->hint != NULL)
        tpl_set_text(tpl_row(about, "HINT_SET"), "HINT", f->hint);
    if (error != NULL)
        tpl_set_text(tpl_row(about, "ERROR_SET"), "ERROR", error);
}

static const char *autocomplete(struct req *r, const char *part, enum address_key key)
{
    const char *token = address_autocomplete(key);
    return str_eq(token, "off") ? token : arena_printf(r->arena, "%s %s", part, token);
}

static size_t most_of(enum address_key key)
{
    static const size_t most[ADDRESS_KEYS] = { [ADDRESS_PHONE] = 40,
                                               [ADDRESS_CITY] = 120,
                                               [ADDRESS_REGION] = 120,
                                               [ADDRESS_POSTCODE] = 20,
                                               [ADDRESS_INSTRUCTIONS] = 500 };
    return most[key] > 0 ? most[key] : 200;
}

/* The place decides what delivery and tax come to: these say so while they are typed. */
static bool is_place(enum address_key key)
{
    return key == ADDRESS_CITY || key == ADDRESS_REGION || key == ADDRESS_POSTCODE;
}

static void one_of(struct req *r, struct tpl *page, const struct address_country *c,
                   const struct address_field *a, const char *value)
{
    struct shown f = { .name = address_name(a->key),
                       .label = tr(a->label),
                       .hint = a->hint != NULL ? tr(a->hint) : NULL,
                       .autocomplete = autocomplete(r, "shipping", a->key),
                       .value = value,
                       .kind = a->key == ADDRESS_PHONE          ? KIND_TEL
                               : a->key == ADDRESS_INSTRUCTIONS ? KIND_LINES
                                                                : KIND_TEXT,
                       .most = most_of(a->key),
                       .required = a->required,
                       .live = is_place(a->key) };
    if (a->key == ADDRESS_REGION) {
        f.regions = c->regions;
        f.nregions = c->nregions;
    }
    show_field(r, page, a->folded ? "MORE" : "ADDRESS_FIELD", &f);
}

/* E-mail stands below the phone: both are how to reach somebody. */
static void email_of(struct req *r, struct tpl *page, const char *value)
{
    show_field(r, page, "ADDRESS_FIELD",
               &(struct shown){ .name = "email",
                                .label = _("E-mail"),
                                .hint = _("For the confirmation and the invoice"),
                                .autocomplete = "email",
                                .value = value,
                                .kind = KIND_EMAIL,
                                .most = 254 });
}

static bool has_more(struct req *r, const struct address_field *a, const char *value)
{
    const char *name = address_name(a->key);
    const char *now = form_failed(r) ? form_value(r, name) : value;
    return !str_empty(now) || form_error(r, name) != NULL;
}

void checkout_fields(struct req *r, struct tpl *page, const struct address_country *c,
                     const struct checkout *k)
{
    struct address a = checkout_address(k);
    bool open = false;
    if (*k->phone == '+')
        a.text[ADDRESS_PHONE] = phone_show(r->arena, k->phone, c->code);
    for (size_t i = 0; i < c->nfields; i++) {
        const struct address_field *f = &c->fields[i];
        one_of(r, page, c, f, a.text[f->key]);
        open |= f->folded && has_more(r, f, a.text[f->key]);
        if (f->key == ADDRESS_PHONE)
            email_of(r, page, k->email);
    }
    tpl_show(page, "MORE_OPEN", open);
}

/* ---- countries --------------------------------------------------------------------------------
 */
static void countries(struct req *r, struct tpl *page, const char *row, const char *chosen)
{
    size_t n;
    const struct address_country *c = address_countries(&n);
    for (size_t i = 0; i < n; i++) {
        struct tpl *t = tpl_row(page, row);
        tpl_set_text(t, "VALUE", c[i].code);
        tpl_set_text(t, "NAME", fmt_country(r->arena, r->locale, c[i].code));
        tpl_show(t, "CHOSEN", str_eq(c[i].code, chosen));
    }
}

void checkout_countries(struct req *r, struct tpl *page, const struct address_country *c)
{
    tpl_set_text(page, "COUNTRY_NAME", fmt_country(r->arena, r->locale, c->code));
    countries(r, page, "COUNTRY", c->code);
}

static char *joined(struct arena *a, char *lines)
{
    struct buf b;
    buf_init(&b, a, 8192);
    buf_str(&b, "");
    for (const char *p = lines; *p != '\0'; p++) {
        if (*p == '\n')
            buf_str(&b, ", ");
        else
            buf_char(&b, *p);
    }
    return b.p;
}

const char *checkout_one_line(struct req *r, struct address a)
{
    a.text[ADDRESS_NAME] = "";
    return joined(r->arena, address_text(r->arena, &a, NULL));
}

/* ---- the invoice's address --------------------------------------------------------------------
 */
static const enum address_key billing_keys[] = { ADDRESS_NAME,    ADDRESS_COMPANY, ADDRESS_LINE1,
                                                 ADDRESS_LINE2,   ADDRESS_CITY,    ADDRESS_REGION,
                                                 ADDRESS_POSTCODE };

const char *checkout_billing_name(struct req *r, enum address_key key)
{
    return arena_printf(r->arena, "billing_%s", address_name(key));
}

static const char *stored_name(enum address_key key)
{
    return key == ADDRESS_LINE1 ? "line1" : key == ADDRESS_LINE2 ? "line2" : address_name(key);
}

static const char *label_of(const struct address_country *c, enum address_key key)
{
    for (size_t i = 0; i < c->nfields; i++)
        if (c->fields[i].key == key)
            return tr(c->fields[i].label);
    return key == ADDRESS_REGION ? _("Region") : _("Postcode");
}

static struct json *stored_billing(struct req *r, const struct checkout *k)
{
    struct json *b = NULL;
    const char *problem;
    if (k->billing != NULL &&
        json_parse(r->arena, k->billing, strlen(k->billing), &b, &problem) != RC_OK)
        b = NULL;
    return b;
}

static const char *stored_text(const struct json *b, const char *key)
{
    return b != NULL ? json_text(json_get(b, key), "") : "";
}

const char *checkout_billed_to(struct req *r, const struct checkout *k)
{
    const struct json *b = stored_billing(r, k);
    struct address a = { .country = stored_text(b, "country") };
    for (size_t i = 0; i < ADDRESS_KEYS; i++)
        a.text[i] = "";
    for (size_t i = 0; i < COUNT_OF(billing_keys); i++)
        a.text[billing_keys[i]] = stored_text(b, stored_name(billing_keys[i]));
    return joined(r->arena, address_text(r->arena, &a, NULL));
}

/* Delivery and invoice share one address unless something is typed here. */
void checkout_billing(struct req *r, struct tpl *page, const struct address_country *c,
                      const struct checkout *k)
{
    const struct json *b = stored_billing(r, k);
    bool open = form_error(r, "billing_country") != NULL;
    for (size_t i = 0; i < COUNT_OF(billing_keys); i++) {
        enum address_key key = billing_keys[i];
        struct shown f = { .name = checkout_billing_name(r, key),
                           .label = label_of(c, key),
                           .autocomplete = autocomplete(r, "billing", key),
                           .value = stored_text(b, stored_name(key)),
                           .most = most_of(key) };
        show_field(r, page, "BILLING_FIELD", &f);
        open |= !str_empty(f.value) || form_error(r, f.name) != NULL;
    }
    const char *now = form_failed(r) ? form_value(r, "billing_country") : stored_text(b, "country");
    countries(r, page, "BILLING_COUNTRY", address_country(now) != NULL ? now : c->code);
    tpl_show(page, "BILLING_OPEN", open);
}

const char *checkout_billing_json(struct req *r, const struct address *a)
{
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, 16 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    for (size_t i = 0; i < COUNT_OF(billing_keys); i++) {
        jw_key(&w, stored_name(billing_keys[i]));
        jw_text(&w, a->text[billing_keys[i]]);
    }
    jw_key(&w, "phone");
    jw_text(&w, a->text[ADDRESS_PHONE]);
    jw_key(&w, "country");
    jw_text(&w, a->country);
    jw_end_object(&w);
    return buf_rc(&b) == RC_OK ? b.p : NULL;
}
