/* kade_import.c: kade import and kade demo: hand a file or the demo folder to src/shop and print
 * what it reports. A row that was refused does not fail the command while others were taken: the
 * report says which and why; a file that is no use at all does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/demo.h"
#include "shop/demo_bulk.h"
#include "shop/export.h"
#include "shop/import.h"

struct report {
    struct kade *k;
    struct kade_rows rows;
};

/* People see what needs a look; --json has every row. */
static void on_row(void *arg, const struct shop_import_row *row)
{
    struct report *p = arg;
    struct arena *a = p->k->arena;
    bool plain = row->action != SHOP_IMPORT_REFUSED && row->action != SHOP_IMPORT_NOTE;
    if (plain && !kade_has(p->k, OPT_JSON))
        return;
    const char *cells[] = { arena_printf(a, "%zu", row->line), shop_import_action_name(row->action),
                            arena_strdup(a, row->key), arena_strdup(a, row->column),
                            arena_strdup(a, row->reason) };
    kade_rows_add(&p->rows, cells);
}

typedef enum rc importer(struct app_ctx *, const struct shop_import_options *,
                         struct shop_import_report *);

/* in: read to its end. file: its name for messages. */
static int run_import_of(struct kade *k, FILE *in, const char *file, struct shop_import_options *o,
                         importer *import)
{
    static const char *const cols[] = { "line", "action", "key", "column", "reason", NULL };
    struct report p = { .k = k };
    struct shop_import_report done = { 0 };
    struct uuid tenant;
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &tenant);
    if (status != 0)
        return status;
    o->in = in;
    kade_rows_begin(&p.rows, k, cols);
    o->tenant = k->value[OPT_TENANT];
    o->dry_run = kade_has(k, OPT_DRY_RUN);
    o->pictures_dir = k->value[OPT_PICTURES];
    o->row = on_row;
    o->arg = &p;
    enum rc rc = import(&k->app, o, &done);
    if (p.rows.n > 0 || kade_has(k, OPT_JSON))
        status = kade_rows_end(&p.rows);
    if (rc != RC_OK)
        return done.problem != NULL ? kade_fail("%s: %s", file, done.problem)
                                    : kade_fail_db(k, file, rc);
    fprintf(kade_has(k, OPT_JSON) ? stderr : stdout,
            "%s%zu rows: %zu created, %zu updated, %zu unchanged, %zu refused, %zu remarks\n",
            o->dry_run ? "dry run, nothing saved: " : "", done.rows, done.created, done.updated,
            done.unchanged, done.refused, done.notes);
    /* A script must see that nothing at all was taken. */
    if (done.refused > 0 && done.created + done.updated + done.unchanged == 0)
        status = EXIT_FAILED;
    return status;
}

static int run_import(struct kade *k, const char *file, struct shop_import_options *o,
                      importer *import)
{
    bool standard = str_eq(file, "-");
    FILE *in = standard ? stdin : fopen(file, "re");
    if (in == NULL)
        return kade_fail("%s: %s", file, strerror(errno));
    struct stat st;
    if (!standard && fstat(fileno(in), &st) == 0 && S_ISDIR(st.st_mode)) {
        fclose(in);
        return kade_fail("%s is a folder: name one file in it", file);
    }
    int status = run_import_of(k, in, file, o, import);
    if (!standard)
        fclose(in);
    return status;
}

static int products(struct kade *k, char **arg)
{
    struct shop_import_options o = { .format = SHOP_IMPORT_KADE };
    const char *format = k->value[OPT_FORMAT];
    if (format != NULL && !shop_import_format_parse(format, &o.format)) {
        (void)kade_fail("format '%s': take woocommerce, shopify or kade", format);
        return EXIT_USAGE;
    }
    return run_import(k, arg[0], &o, shop_import_products);
}

static int categories(struct kade *k, char **arg)
{
    struct shop_import_options o = { .format = SHOP_IMPORT_KADE };
    return run_import(k, arg[0], &o, shop_import_categories);
}

static int tax_rates(struct kade *k, char **arg)
{
    struct shop_import_options o = { .format = SHOP_IMPORT_WOOCOMMERCE };
    return run_import(k, arg[0], &o, shop_import_tax_rates);
}

static void say(void *arg, const char *line)
{
    (void)arg;
    fprintf(stderr, "%s\n", line);
}

/* --products N: the first shop, or that of --tenant, gets made-up products until it has N. */
static int demo_bulk(struct kade *k, int64_t products)
{
    struct demo_bulk_options o = { .tenant =
                                       kade_has(k, OPT_TENANT) ? k->value[OPT_TENANT] : "demo",
                                   .products = products,
                                   .seed = 1,
                                   .say = say };
    const char *problem;
    size_t made;
    enum rc rc = demo_bulk_load(&k->app, &o, &made, &problem);
    if (rc != RC_OK)
        return problem != NULL ? kade_fail("%s", problem) : kade_fail_db(k, "demo", rc);
    printf("%zu products made up for %s\n", made, o.tenant);
    return 0;
}

static int demo_load(struct kade *k, char **arg)
{
    (void)arg;
    struct shop_demo_options o = { .only = k->value[OPT_TENANT], .say = say };
    struct shop_demo_report done = { 0 };
    int status = kade_int(k, OPT_PRODUCTS, 0, 10000000, 0, &o.products);
    if (status == 0)
        status = kade_int(k, OPT_ORDERS, 0, 100000000, 0, &o.orders);
    if (status == 0)
        status = kade_open(k, "kade_admin");
    if (status != 0)
        return status;
    enum rc rc = shop_demo_load(&k->app, &o, &done);
    if (rc != RC_OK)
        return done.problem != NULL ? kade_fail("demo: %s", done.problem)
                                    : kade_fail_db(k, "demo", rc);
    printf("%zu shops, %zu accounts; products: %zu created, %zu updated, %zu unchanged, %zu "
           "refused\n",
           done.shops, done.accounts, done.products_created, done.products_updated,
           done.products_unchanged, done.refused);
    if (o.products > 0)
        status = demo_bulk(k, o.products);
    return status == 0 && done.refused > 0 ? EXIT_FAILED : status;
}

static int export_products(struct kade *k, char **arg)
{
    struct uuid tenant;
    struct shop_export_report done;
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &tenant);
    if (status != 0)
        return status;
    bool standard = arg[0] == NULL || str_eq(arg[0], "-");
    FILE *out = standard ? stdout : fopen(arg[0], "we");
    if (out == NULL)
        return kade_fail("%s: %s", arg[0], strerror(errno));
    enum rc rc = shop_export_products(&k->app, tenant, out, &done);
    if (!standard && fclose(out) != 0 && rc == RC_OK)
        rc = RC_UPSTREAM;
    if (rc == RC_UPSTREAM && db_error(k->app.db)->message == NULL)
        return kade_fail("%s: could not be written: %s", standard ? "output" : arg[0],
                         strerror(errno));
    if (rc != RC_OK)
        return kade_fail_db(k, "export", rc);
    fprintf(stderr, "%zu products, %zu variations\n", done.products, done.variants);
    return 0;
}

static void csv_cell(struct buf *b, const char *text, bool last)
{
    buf_char(b, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            buf_char(b, '"');
        buf_char(b, *p);
    }
    buf_str(b, last ? "\"\n" : "\",");
}

/* One product as one row of our own format: what the columns mean and what is refused is the
 * importer's, so there is one place where it is decided. */
static int product_set(struct kade *k, char **arg)
{
    struct shop_import_options o = { .format = SHOP_IMPORT_KADE };
    struct buf head, row;
    buf_init(&head, k->arena, 1024 * 1024);
    buf_init(&row, k->arena, 1024 * 1024);
    csv_cell(&head, "sku", false);
    csv_cell(&row, arg[0], false);
    for (char **a = arg + 1; *a != NULL; a++) {
        const char *eq = strchr(*a, '=');
        if (eq == NULL || eq == *a) {
            (void)kade_fail("'%s': write COLUMN=VALUE, such as price=12.50 or name@si=...; the "
                            "columns are those of kade export products",
                            *a);
            return EXIT_USAGE;
        }
        csv_cell(&head, arena_strndup(k->arena, *a, (size_t)(eq - *a)), a[1] == NULL);
        csv_cell(&row, eq + 1, a[1] == NULL);
    }
    buf_str(&head, row.p);
    if (buf_rc(&row) != RC_OK || buf_rc(&head) != RC_OK)
        return kade_fail("that is too much for one product");
    FILE *in = fmemopen(head.p, head.n, "r");
    if (in == NULL)
        return kade_fail("no memory file: %s", strerror(errno));
    int status = run_import_of(k, in, arg[0], &o, shop_import_products);
    fclose(in);
    return status;
}

static const enum kade_option no_options[] = { OPTIONS };
static const enum kade_option product_options[] = { OPT_FORMAT, OPT_DRY_RUN, OPT_PICTURES,
                                                    OPTIONS };
static const enum kade_option category_options[] = { OPT_DRY_RUN, OPTIONS };
static const enum kade_option demo_options[] = { OPT_PRODUCTS, OPT_ORDERS, OPTIONS };
const struct command kade_import_commands[] = {
    { "import", "products", "FILE --tenant SLUG [--format woocommerce|shopify|kade] [--dry-run]",
      "Bring in a catalogue; a second run of the same file changes nothing. - reads standard "
      "input.",
      1, 1, product_options, products },
    { "import", "categories", "FILE.json --tenant SLUG [--dry-run]",
      "Bring in categories from a JSON array of id, name, parent.", 1, 1, category_options,
      categories },
    { "import", "tax-rates", "FILE --tenant SLUG [--dry-run]",
      "Bring in tax rates by place from a WooCommerce table; a second run changes nothing.", 1, 1,
      category_options, tax_rates },
    { "product", "set", "SKU COLUMN=VALUE ... --tenant SLUG [--dry-run]",
      "Make or change one product; the columns are those of kade export products.", 2, 40,
      category_options, product_set },
    { "export", "products", "[FILE] --tenant SLUG",
      "The catalogue as CSV in our own format; importing it again changes nothing.", 0, 1,
      no_options, export_products },
    { "demo", "load", "[--products N] [--orders N]", "Load or refresh the demo shops.", 0, 0,
      demo_options, demo_load },
    { 0 }
};
