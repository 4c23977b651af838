/* kade_field.c: kade field: the shop's own fields on products: add, list, remove, set a value.
 * Steps of staff are functions of src/app and src/shop; here is only their face on the command
 * line. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/custom.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/product.h"
#include "shop/product_custom.h"

static int open_shop(struct kade *k, struct uuid *tenant, const struct currency **currency)
{
    struct shop_basic_maybe basics;
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, tenant);
    if (status != 0)
        return status;
    kade_scope(k, tenant);
    enum rc rc = shop_q_basics(k->app.db, &basics);
    if (rc != RC_OK)
        return kade_fail_db(k, "shop", rc);
    *currency = basics.found ? currency_find(basics.row.currency) : NULL;
    return *currency != NULL ? 0
                             : kade_fail("this shop has no price lists yet: import products first");
}

/* ---- add ---------------------------------------------------------------------------------------
 */
struct adding {
    struct kade *k;
    struct custom_field f;
    const struct currency *currency;
    bool reindex;
    const char *problem;
};

static bool limit(const struct adding *a, const char *text, int64_t *out)
{
    if (a->f.type == CUSTOM_CURRENCY)
        return money_parse(text, a->currency, out) == RC_OK;
    return str_decimal(text, a->f.type == CUSTOM_DECIMAL ? 6 : 0, out) == RC_OK;
}

static bool flag(const char *text, bool *out)
{
    *out = str_eq(text, "yes");
    return *out || str_eq(text, "no");
}

static bool small(const char *text, int32_t *out)
{
    int64_t v;
    if (str_int(text, 0, 1000000, &v) != RC_OK)
        return false;
    *out = (int32_t)v;
    return true;
}

/* "Brand new, Used": labels between commas; "used=Second hand" names the code as well. */
static bool choices(struct adding *a, const char *text)
{
    char **part;
    struct arena *m = a->k->arena;
    size_t n = str_split(m, text, ',', &part);
    a->f.choice = arena_array(m, struct custom_choice, n);
    for (size_t i = 0; i < n; i++) {
        char *label = str_trim(m, part[i]), *eq = strchr(label, '=');
        if (eq != NULL)
            *eq = '\0';
        a->f.choice[a->f.nchoices++] =
            (struct custom_choice){ .code = eq != NULL ? label : NULL,
                                    .label = eq != NULL ? eq + 1 : label };
    }
    return n > 0;
}

static bool take(struct adding *a, const char *key, const char *value)
{
    struct custom_field *f = &a->f;
    const struct {
        const char *key;
        const char **text;
    } texts[] = { { "label", &f->label },
                  { "help", &f->help },
                  { "pattern", &f->pattern },
                  { "message", &f->message },
                  { "default", &f->preset } };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_eq(key, texts[i].key)) {
            *texts[i].text = value;
            return true;
        }
    if (str_eq(key, "choices"))
        return choices(a, value);
    if (str_eq(key, "required"))
        return flag(value, &f->is_required);
    if (str_eq(key, "filterable"))
        return flag(value, &f->is_filterable);
    if (str_eq(key, "shown"))
        return flag(value, &f->is_shown);
    if (str_eq(key, "min"))
        return f->has_min = limit(a, value, &f->min);
    if (str_eq(key, "max"))
        return f->has_max = limit(a, value, &f->max);
    if (str_eq(key, "max_length"))
        return small(value, &f->max_length);
    if (str_eq(key, "position"))
        return small(value, &f->position);
    return false;
}

static enum rc put_in_tx(struct db *db, void *arg)
{
    struct adding *a = arg;
    return custom_put(db, &a->f, a->currency->code, &a->reindex, &a->problem);
}

static int bad_setting(const char *setting)
{
    (void)kade_fail("'%s': take label= choices= required=yes|no filterable=yes|no shown=yes|no "
                    "min= max= max_length= pattern= message= default= help= position=",
                    setting);
    return EXIT_USAGE;
}

static int add(struct kade *k, char **arg)
{
    struct uuid tenant;
    size_t done = 0;
    struct adding a = { .k = k };
    int status = open_shop(k, &tenant, &a.currency);
    if (status != 0)
        return status;
    a.f = (struct custom_field){
        .resource = "product", .name = arg[0], .label = arg[0], .is_shown = true
    };
    if (!custom_type_parse(arg[1], &a.f.type)) {
        (void)kade_fail("'%s' is no type: take text textarea number decimal currency date datetime "
                        "time dropdown multi_select checkbox url email phone color file image",
                        arg[1]);
        return EXIT_USAGE;
    }
    for (char **s = arg + 2; *s != NULL; s++) {
        char *clean, *eq;
        if (utf8_clean(k->arena, *s, strlen(*s), 0, &clean) != RC_OK)
            return kade_fail("'%s' is not text in UTF-8", *s);
        eq = strchr(clean, '=');
        if (eq == NULL)
            return bad_setting(*s);
        *eq = '\0';
        if (!take(&a, clean, eq + 1))
            return bad_setting(*s);
    }
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, put_in_tx, &a);
    if (rc != RC_OK && a.problem != NULL)
        return kade_fail("field %s %s", arg[0], a.problem);
    if (rc == RC_OK && a.reindex)
        rc = product_custom_reindex(k->app.db, a.f.name, instant_now(), &done);
    if (rc != RC_OK)
        return kade_fail_db(k, "saving", rc);
    printf("field %s is there, of type %s\n", a.f.name, custom_type_name(a.f.type));
    return 0;
}

/* ---- list, remove, set -------------------------------------------------------------------------
 */
static const char *labels(struct kade *k, const struct custom_field *f)
{
    const char *s = "";
    for (size_t i = 0; i < f->nchoices; i++)
        s = arena_printf(k->arena, "%s%s%s=%s", s, i > 0 ? ", " : "", f->choice[i].code,
                         f->choice[i].label);
    return s;
}

static int list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "name",       "type",  "label",   "required",
                                        "filterable", "shown", "choices", NULL };
    (void)arg;
    struct uuid tenant;
    const struct currency *currency;
    struct custom_fields all;
    struct kade_rows o;
    int status = open_shop(k, &tenant, &currency);
    if (status != 0)
        return status;
    enum rc rc = custom_load(k->app.db, "product", &all);
    if (rc != RC_OK)
        return kade_fail_db(k, "fields", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < all.n; i++)
        kade_rows_add(
            &o, (const char *const[]){ all.v[i].name, custom_type_name(all.v[i].type),
                                       all.v[i].label, all.v[i].is_required ? "yes" : "no",
                                       all.v[i].is_filterable ? "yes" : "no",
                                       all.v[i].is_shown ? "yes" : "no", labels(k, &all.v[i]) });
    return kade_rows_end(&o);
}

static enum rc remove_in_tx(struct db *db, void *arg)
{
    return custom_remove(db, "product", arg, instant_now());
}

static int remove_field(struct kade *k, char **arg)
{
    struct uuid tenant;
    const struct currency *currency;
    int status = open_shop(k, &tenant, &currency);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, remove_in_tx, arg[0]);
    if (rc == RC_NOTFOUND)
        return kade_fail("products have no field %s: see kade field list", arg[0]);
    if (rc != RC_OK)
        return kade_fail_db(k, "removing", rc);
    puts("removed; its values are kept and shown no more");
    return 0;
}

struct value {
    const char *sku, *name, *text, *problem;
};

static enum rc set_in_tx(struct db *db, void *arg)
{
    struct value *v = arg;
    const char *key[] = { product_sku_norm(db_arena(db), v->sku) };
    struct shop_import_found_list found;
    struct shop_product_custom_maybe row;
    enum rc rc = shop_q_import_find(db, (struct texts){ key, 1 }, &found);
    if (rc == RC_OK && found.n == 0) {
        v->problem = "is no product";
        rc = RC_NOTFOUND;
    }
    if (rc == RC_OK)
        rc = shop_q_product_custom(db, found.row[0].product_id, &row);
    return rc == RC_OK ? product_custom_set(db, found.row[0].product_id, row.row.version, v->name,
                                            v->text, instant_now(), &v->problem)
                       : rc;
}

static int set(struct kade *k, char **arg)
{
    struct uuid tenant;
    const struct currency *currency;
    char *text;
    if (utf8_clean(k->arena, arg[2], strlen(arg[2]), UTF8_MULTILINE, &text) != RC_OK)
        return kade_fail("'%s' is not text in UTF-8", arg[2]);
    struct value v = { .sku = arg[0], .name = arg[1], .text = text };
    int status = open_shop(k, &tenant, &currency);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, set_in_tx, &v);
    if (rc != RC_OK && v.problem != NULL)
        return kade_fail("%s, %s %s", arg[0], arg[1], v.problem);
    if (rc != RC_OK)
        return kade_fail_db(k, "saving", rc);
    puts("saved");
    return 0;
}

static const enum kade_option none[] = { OPTIONS };
const struct command kade_field_commands[] = {
    { "field", "add",
      "NAME TYPE [label=.. choices=.. required=yes filterable=yes ...] --tenant SLUG",
      "Add a field to the shop's products, or change it: the type stays.", 2, 20, none, add },
    { "field", "list", "--tenant SLUG", "The fields of the shop's products.", 0, 0, none, list },
    { "field", "remove", "NAME --tenant SLUG", "Take a field away; values are kept.", 1, 1, none,
      remove_field },
    { "field", "set", "SKU NAME VALUE --tenant SLUG",
      "Set a product's value; an empty one takes it away.", 3, 3, none, set },
    { 0 }
};
