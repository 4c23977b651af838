/* addresses.c: the customer's address book. The fields, their names and order are the country's,
 * from shop/address.h; the country is chosen first, by a link that works without a script. Orders
 * copy addresses, so changing one changes no order. */
#include "account.h"

#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fmt.h"
#include "shop/address.h"

struct typed {
    const char *country, *type, *label;
    const char *name, *company, *phone, *address_line1, *address_line2, *city, *region, *postcode,
        *landmark, *instructions;
    int64_t version;
};
static const char *const types[] = { "home",         "office", "billing", "shipping",
                                     "installation", "other",  NULL };
static const struct form_field address_fields[] = {
    FIELD(struct typed, country, F_TEXT, .required = true, .max = 2, .label = N_("Country")),
    FIELD(struct typed, type, F_CHOICE, .choices = types, .label = N_("Kind of address")),
    FIELD(struct typed, label, F_TEXT, .max = 60, .label = N_("Your name for it")),
    FIELD(struct typed, name, F_TEXT, .max = 200, .label = N_("Full name")),
    FIELD(struct typed, company, F_TEXT, .max = 200, .label = N_("Company")),
    FIELD(struct typed, phone, F_TEXT, .max = 40, .label = N_("Mobile number")),
    FIELD(struct typed, address_line1, F_TEXT, .max = 200, .label = N_("Street and number")),
    FIELD(struct typed, address_line2, F_TEXT, .max = 200, .label = N_("Flat, floor, building")),
    FIELD(struct typed, city, F_TEXT, .max = 120, .label = N_("City or town")),
    FIELD(struct typed, region, F_TEXT, .max = 120, .label = N_("Region")),
    FIELD(struct typed, postcode, F_TEXT, .max = 20, .label = N_("Postcode")),
    FIELD(struct typed, landmark, F_TEXT, .max = 200, .label = N_("Landmark nearby")),
    FIELD(struct typed, instructions, F_LINES, .max = 500,
          .label = N_("Instructions for delivery")),
    FIELD(struct typed, version, F_INT, .max = INT32_MAX),
    { 0 }
};
const struct form_spec address_form = { .name = "account.address",
                                        .fields = address_fields,
                                        .size = sizeof(struct typed),
                                        .page = page_address };
struct choosing {
    const char *country;
};
static const struct form_field country_fields[] = {
    FIELD(struct choosing, country, F_TEXT, .max = 2, .label = N_("Country")), { 0 }
};
const struct form_spec address_country_form = { .name = "account.address_country",
                                                .fields = country_fields,
                                                .size = sizeof(struct choosing),
                                                .allow_unknown = true };

static const char *kind_name(const char *type)
{
    return str_eq(type, "home")           ? _("Home")
           : str_eq(type, "office")       ? _("Office")
           : str_eq(type, "billing")      ? _("Billing")
           : str_eq(type, "shipping")     ? _("Delivery")
           : str_eq(type, "installation") ? _("Installation")
                                          : _("Other");
}

/* ---- the list ---------------------------------------------------------------------------------
 */

enum rc page_addresses(struct req *r)
{
    struct customer_address_list l;
    enum rc rc = customer_addresses(r->db, r->who.id, &l);
    if (rc != RC_OK)
        return rc;
    struct tpl *t = page_new(r, "account/addresses.tpl", _("Your addresses"));
    page_noindex(r);
    page_body_class(r, "account");
    r->out.no_store = true;
    page_crumb(r, _("Your account"), url_path(r, "/account"));
    page_crumb(r, _("Your addresses"), NULL);
    sheet_menu(r, t, "/account/addresses");
    for (size_t i = 0; i < l.n; i++) {
        const struct customer_address *m = &l.row[i];
        struct tpl *row = tpl_row(t, "ADDRESS");
        char **line;
        size_t n = str_split(r->arena,
                             address_text(r->arena, &m->address,
                                          fmt_country(r->arena, r->locale, m->address.country)),
                             '\n', &line);
        tpl_set_text(row, "ID", uuid_str(r->arena, m->id));
        tpl_set_text(row, "KIND", *m->label ? m->label : kind_name(m->type));
        tpl_set_text(row, "EDIT_HREF",
                     url_path(r, "/account/addresses/%s", uuid_str(r->arena, m->id)));
        for (size_t k = 0; k < n; k++)
            tpl_set_text(tpl_row(row, "LINE"), "TEXT", line[k]);
        tpl_set_text(row, "PHONE",
                     phone_show(r->arena, m->address.text[ADDRESS_PHONE], m->address.country));
        tpl_show(row, m->is_default ? "DEFAULT" : "PLAIN", true);
    }
    tpl_show(t, "EMPTY", l.n == 0);
    return page_send(r, t);
}

/* ---- one form for all countries ---------------------------------------------------------------
 */

struct form {
    struct req *r;
    struct sheet_field field[ADDRESS_KEYS + 4];
    size_t n;
    struct sheet_option *regions, *countries;
};

static const char *region_label(struct req *r, const struct address_region *g)
{
    return g->local ? arena_printf(r->arena, "%s · %s", g->code, g->local) : g->code;
}

static void add_field(struct form *f, const struct address_country *c,
                      const struct address_field *a, const char *value)
{
    struct req *r = f->r;
    struct sheet_field *to = &f->field[f->n++];
    *to = (struct sheet_field){ .name = address_name(a->key),
                                .kind = a->key == ADDRESS_PHONE          ? SHEET_TEL
                                        : a->key == ADDRESS_INSTRUCTIONS ? SHEET_LINES
                                                                         : SHEET_TEXT,
                                .label = tr(a->label),
                                .hint = a->hint ? tr(a->hint) : NULL,
                                .autocomplete = address_autocomplete(a->key),
                                .value = value,
                                .optional = !a->required,
                                .folded = a->folded };
    if (a->key != ADDRESS_REGION || c->nregions == 0)
        return;
    struct sheet_option *o = arena_array(r->arena, struct sheet_option, c->nregions + 1);
    o[0] = (struct sheet_option){ "", _("Choose") };
    for (size_t i = 0; i < c->nregions; i++)
        o[i + 1] = (struct sheet_option){ c->regions[i].code, region_label(r, &c->regions[i]) };
    to->kind = SHEET_SELECT;
    to->options = o;
    to->noptions = c->nregions + 1;
}

static void add_kind(struct form *f, const struct customer_address *m)
{
    struct req *r = f->r;
    struct sheet_option *o = arena_array(r->arena, struct sheet_option, COUNT_OF(types));
    size_t n = 0;
    for (; types[n]; n++)
        o[n] = (struct sheet_option){ types[n], kind_name(types[n]) };
    f->field[f->n++] =
        (struct sheet_field){ "type",  SHEET_SELECT, _("Kind of address"), NULL,          NULL,
                              m->type, .options = o, .noptions = n,        .folded = true };
    f->field[f->n++] =
        (struct sheet_field){ "label", SHEET_TEXT, _("Your name for it"), NULL,
                              NULL,    m->label,   .optional = true,      .folded = true };
}

static enum rc page_form(struct req *r, const struct customer_address *m, const char *action)
{
    const char *code = form_failed(r) ? form_value(r, "country") : m->address.country;
    const struct address_country *c = address_country(code);
    if (!c)
        c = address_country("LK");
    struct form f = { .r = r };
    for (size_t i = 0; i < c->nfields; i++)
        add_field(&f, c, &c->fields[i], m->address.text[c->fields[i].key]);
    add_kind(&f, m);
    bool is_new = uuid_is_nil(m->id);
    struct tpl *t =
        sheet_new(r, &(struct sheet){ .title = is_new ? _("New address") : _("Change the address"),
                                      .lead = fmt_country(r->arena, r->locale, c->code),
                                      .action = action,
                                      .submit = _("Save the address"),
                                      .spec = &address_form,
                                      .fields = f.field,
                                      .nfields = f.n,
                                      .here = "/account/addresses" });
    sheet_hidden(t, "country", c->code);
    sheet_hidden(t, "version", arena_printf(r->arena, "%d", (int)m->version));
    sheet_link(r, t, "/account/addresses", _("Back without saving"));
    if (is_new)
        sheet_link(r, t, "/account/addresses/country", _("Another country"));
    return page_send(r, t);
}

static const char *own_country(struct req *r)
{
    return r->tenant->country && address_country(r->tenant->country) ? r->tenant->country : "LK";
}

enum rc page_address_new(struct req *r)
{
    const char *asked = req_arg(r, "country");
    struct customer me;
    enum rc rc = account_me(r, &me);
    if (rc != RC_OK)
        return rc;
    struct customer_address m = { .type = "home", .label = "" };
    m.address.country = asked && address_country(asked) ? asked : own_country(r);
    m.address.text[ADDRESS_NAME] = me.name;
    m.address.text[ADDRESS_PHONE] =
        *me.phone ? phone_show(r->arena, me.phone, m.address.country) : "";
    return page_form(r, &m, "/account/addresses");
}

enum rc page_address_country(struct req *r)
{
    size_t n;
    const struct address_country *c = address_countries(&n);
    struct tpl *t = page_new(r, "account/countries.tpl", _("Which country?"));
    page_noindex(r);
    page_body_class(r, "account");
    page_crumb(r, _("Your account"), url_path(r, "/account"));
    page_crumb(r, _("Which country?"), NULL);
    sheet_menu(r, t, "/account/addresses");
    for (size_t i = 0; i < n; i++) {
        struct tpl *row = tpl_row(t, "COUNTRY");
        tpl_set_text(row, "HREF", url_path(r, "/account/addresses/new?country=%s", c[i].code));
        tpl_set_text(row, "NAME", fmt_country(r->arena, r->locale, c[i].code));
    }
    return page_send(r, t);
}

static enum rc load(struct req *r, struct customer_address *out)
{
    bool found;
    enum rc rc = customer_address_by_id(r->db, r->who.id, req_param_id(r, "address"), &found, out);
    return rc == RC_OK && !found ? RC_NOTFOUND : rc;
}

/* The form of one address, and what a refused form shows again, new or old. */
enum rc page_address(struct req *r)
{
    struct customer_address m = { .type = "home", .label = "" };
    if (r->method == M_POST && !r->nparams) {
        m.address.country = own_country(r);
        return page_form(r, &m, "/account/addresses");
    }
    enum rc rc = load(r, &m);
    if (rc != RC_OK)
        return rc;
    if (*m.address.text[ADDRESS_PHONE])
        m.address.text[ADDRESS_PHONE] =
            phone_show(r->arena, m.address.text[ADDRESS_PHONE], m.address.country);
    return page_form(r, &m,
                     arena_printf(r->arena, "/account/addresses/%s", uuid_str(r->arena, m.id)));
}

/* ---- saving -----------------------------------------------------------------------------------
 */

static void tell(void *arg, enum address_key key, const char *message)
{
    form_set_error(arg, address_name(key), message);
}

static enum rc take(struct req *r, struct customer_address *m)
{
    const struct typed *in = req_form(r);
    const char *const text[ADDRESS_KEYS] = {
        [ADDRESS_NAME] = in->name,           [ADDRESS_COMPANY] = in->company,
        [ADDRESS_PHONE] = in->phone,         [ADDRESS_LINE1] = in->address_line1,
        [ADDRESS_LINE2] = in->address_line2, [ADDRESS_CITY] = in->city,
        [ADDRESS_REGION] = in->region,       [ADDRESS_POSTCODE] = in->postcode,
        [ADDRESS_LANDMARK] = in->landmark,   [ADDRESS_INSTRUCTIONS] = in->instructions
    };
    for (size_t i = 0; i < ADDRESS_KEYS; i++)
        m->address.text[i] = text[i];
    m->address.country = in->country;
    m->type = *in->type ? in->type : "home";
    m->label = in->label;
    m->version = (int32_t)in->version;
    if (!address_country(in->country))
        form_set_error(r, "country", _("Choose a country of the list."));
    return address_check(r->arena, &m->address, tell, r);
}

struct saving {
    struct req *r;
    struct customer_address m;
    bool is_new;
};

static enum rc save_in_tx(struct db *db, void *arg)
{
    const struct saving *s = arg;
    return s->is_new ? customer_address_add(db, s->r->who.id, &s->m)
                     : customer_address_put(db, s->r->who.id, &s->m);
}

static enum rc save(struct req *r, struct saving *s)
{
    if (take(r, &s->m) != RC_OK)
        return form_refuse(r);
    enum rc rc = db_tx(r->db, DB_TX_RETRY, save_in_tx, s);
    if (rc == RC_DECLINED) {
        form_set_error(r, "", _("You have a hundred addresses. Remove one first."));
        return form_refuse(r);
    }
    if (rc == RC_CONFLICT) {
        form_set_error(r, "", _("This address was changed on another page. Open it again."));
        return form_refuse(r);
    }
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("The address is saved."));
    return req_redirect(r, "/account/addresses");
}

enum rc act_address_add(struct req *r)
{
    struct saving s = { .r = r, .is_new = true };
    s.m.id = uuid7_new();
    return save(r, &s);
}

enum rc act_address(struct req *r)
{
    struct saving s = { .r = r };
    struct customer_address old;
    enum rc rc = load(r, &old);
    if (rc != RC_OK)
        return rc;
    s.m.id = old.id;
    return save(r, &s);
}

static enum rc default_in_tx(struct db *db, void *arg)
{
    const struct req *r = arg;
    return customer_address_default(db, r->who.id, req_param_id(r, "address"));
}

enum rc act_address_default(struct req *r)
{
    enum rc rc = db_tx(r->db, DB_TX_RETRY, default_in_tx, r);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("This is your default address now."));
    return req_redirect(r, "/account/addresses");
}

static enum rc remove_in_tx(struct db *db, void *arg)
{
    const struct req *r = arg;
    return customer_address_remove(db, r->who.id, req_param_id(r, "address"), r->now);
}

enum rc act_address_remove(struct req *r)
{
    enum rc rc = db_tx(r->db, DB_TX_RETRY, remove_in_tx, r);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("The address is removed."));
    return req_redirect(r, "/account/addresses");
}
