/* kade_media.c: kade media: pictures into the shop's library, what is there, where it is used, and
 * away again. Sizes are made by the jobs process; these commands only ask for them. What a picture
 * is refused for is said in one sentence. */
#include <stdio.h>

#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/media.h"
#include "shop/product.h"

enum { LINES = 500 };

struct ask {
    struct kade *k;
    struct media_file file;
    struct media_text text;
    struct uuid tenant, id, product;
    bool is_new, has_product;
    size_t n;
};

static int start(struct kade *k, struct ask *q)
{
    *q = (struct ask){ .k = k, .text = { .focal_x = 500, .focal_y = 500 } };
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, &q->tenant);
    if (status == 0)
        kade_scope(k, &q->tenant);
    return status;
}

static int find_product(struct ask *q)
{
    const char *sku = q->k->value[OPT_SKU];
    struct shop_import_found_list found;
    if (sku == NULL)
        return 0;
    const char *norm = product_sku_norm(q->k->arena, sku);
    enum rc rc = shop_q_import_find(q->k->app.db, (struct texts){ &norm, 1 }, &found);
    if (rc != RC_OK)
        return kade_fail_db(q->k, "finding the product", rc);
    if (found.n == 0)
        return kade_fail("there is no product with SKU '%s' in this shop", sku);
    q->product = found.row[0].product_id;
    q->has_product = true;
    return 0;
}

static enum rc add_in_tx(struct db *db, void *arg)
{
    struct ask *q = arg;
    enum rc rc = media_add(db, &q->file, &q->text, &q->id, &q->is_new);
    return rc == RC_OK && q->has_product ? media_show(db, q->id, q->product, instant_now()) : rc;
}

static int add(struct kade *k, char **arg)
{
    struct ask q;
    const char *problem = NULL;
    if (str_empty(k->value[OPT_ALT])) {
        (void)kade_fail("what does the picture show? Give --alt TEXT");
        return EXIT_USAGE;
    }
    int status = start(k, &q);
    if (status == 0)
        status = find_product(&q);
    if (status != 0)
        return status;
    q.text.alt = k->value[OPT_ALT];
    q.text.caption = k->value[OPT_CAPTION];
    struct arena *big = arena_new_sized((size_t)128 * 1024 * 1024);
    enum rc rc = media_take(&k->app, big, q.tenant, arg[0], arg[0], &q.file, &problem);
    if (rc == RC_OK)
        rc = db_tx(k->app.db, DB_TX_RETRY, add_in_tx, &q);
    if (rc == RC_INVALID)
        status = kade_fail("%s: %s", arg[0],
                           problem != NULL ? problem : "--alt and --caption take 500 characters");
    else if (rc == RC_NOTFOUND || rc == RC_UPSTREAM)
        status = kade_fail("%s: cannot be read or stored: see the log above", arg[0]);
    else if (rc != RC_OK)
        status = kade_fail_db(k, "adding the picture", rc);
    else
        printf("%s %s\n", uuid_str(k->arena, q.id),
               !q.is_new                       ? "was there already"
               : str_eq(q.file.state, "ready") ? "ready"
                                               : "taken; its sizes are being made");
    arena_free(big);
    return status;
}

static int list(struct kade *k, char **arg)
{
    static const char *const cols[] = { "id", "state", "file", "size", "uses", "alt", NULL };
    struct ask q;
    struct kade_rows o;
    (void)arg;
    int status = start(k, &q);
    if (status != 0)
        return status;
    kade_rows_begin(&o, k, cols);
    struct uuid after = { { 0 } };
    for (bool more = true; more;) {
        struct shop_media_line_list lines;
        enum rc rc = shop_q_media_list(k->app.db, after, LINES, &lines);
        if (rc != RC_OK)
            return kade_fail_db(k, "listing the pictures", rc);
        for (size_t i = 0; i < lines.n; i++) {
            const struct shop_media_line *m = &lines.row[i];
            const char *cells[] = {
                uuid_str(k->arena, m->media_id),
                m->reason == NULL ? m->state
                                  : arena_printf(k->arena, "%s: %s", m->state, m->reason),
                m->file_name != NULL ? m->file_name : m->path,
                m->has_width ? arena_printf(k->arena, "%dx%d", (int)m->width, (int)m->height)
                             : NULL,
                arena_printf(k->arena, "%lld", (long long)m->uses),
                m->alt_text
            };
            kade_rows_add(&o, cells);
            after = m->media_id;
        }
        more = lines.n == LINES;
    }
    return kade_rows_end(&o);
}

static int find_media(struct ask *q, const char *text)
{
    struct shop_media_maybe m;
    if (uuid_parse(text, &q->id) != RC_OK)
        return kade_fail("'%s' is not the id of a picture: see 'kade media list'", text);
    enum rc rc = shop_q_media_get(q->k->app.db, q->id, &m);
    if (rc != RC_OK)
        return kade_fail_db(q->k, "finding the picture", rc);
    return m.found ? 0 : kade_fail("there is no picture %s in this shop", text);
}

static int print_uses(struct ask *q)
{
    static const char *const cols[] = { "where", "name", "address", NULL };
    struct kade *k = q->k;
    struct kade_rows o;
    const struct media_use *use;
    size_t n;
    enum rc rc = media_uses(k->app.db, q->id, &use, &n);
    if (rc != RC_OK)
        return kade_fail_db(k, "finding its uses", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < n; i++) {
        const char *cells[] = { use[i].resource, use[i].name,
                                str_eq(use[i].resource, "product")
                                    ? arena_printf(k->arena, "/p/%s", use[i].slug)
                                : str_eq(use[i].resource, "category")
                                    ? arena_printf(k->arena, "/c/%s", use[i].slug)
                                    : "/" };
        kade_rows_add(&o, cells);
    }
    return kade_rows_end(&o);
}

static int usage(struct kade *k, char **arg)
{
    struct ask q;
    int status = start(k, &q);
    if (status == 0)
        status = find_media(&q, arg[0]);
    return status == 0 ? print_uses(&q) : status;
}

static enum rc remove_in_tx(struct db *db, void *arg)
{
    struct ask *q = arg;
    return media_remove(db, q->id, &q->n, instant_now());
}

static int delete_one(struct kade *k, char **arg)
{
    struct ask q;
    int status = start(k, &q);
    if (status == 0)
        status = find_media(&q, arg[0]);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, remove_in_tx, &q);
    if (rc == RC_CONFLICT && q.n > 0) {
        (void)print_uses(&q);
        return kade_fail("picture %s is used in %zu places: take it out there first", arg[0], q.n);
    }
    return rc == RC_OK ? 0 : kade_fail_db(k, "deleting the picture", rc);
}

/* ---- words, focal point, products -------------------------------------------------------------
 */

static int find_row(struct ask *q, const char *text, struct shop_media *row)
{
    struct shop_media_maybe m = { .found = false };
    int status = find_media(q, text);
    if (status == 0 && shop_q_media_get(q->k->app.db, q->id, &m) == RC_OK && m.found) {
        *row = m.row;
        q->text =
            (struct media_text){ m.row.alt_text, m.row.caption, m.row.focal_x, m.row.focal_y };
    }
    return status;
}

struct describing {
    struct ask *q;
    int32_t version;
};

static enum rc describe_in_tx(struct db *db, void *arg)
{
    const struct describing *d = arg;
    return media_describe(db, d->q->id, d->version, &d->q->text, instant_now());
}

static int describe(struct ask *q, int32_t version)
{
    struct describing d = { q, version };
    enum rc rc = db_tx(q->k->app.db, DB_TX_RETRY, describe_in_tx, &d);
    if (rc == RC_INVALID)
        return kade_fail("say what the picture shows in 1 to 500 characters");
    if (rc == RC_CONFLICT)
        return kade_fail("somebody changed the picture at the same time: try again");
    return rc == RC_OK ? 0 : kade_fail_db(q->k, "describing the picture", rc);
}

static int alt(struct kade *k, char **arg)
{
    struct ask q;
    struct shop_media row = { .version = 0 };
    int status = start(k, &q);
    if (status == 0)
        status = find_row(&q, arg[0], &row);
    if (status != 0)
        return status;
    q.text.alt = arg[1];
    if (kade_has(k, OPT_CAPTION))
        q.text.caption = k->value[OPT_CAPTION];
    return describe(&q, row.version);
}

/* "35" percent from the start of its width or the top. */
static bool percent(const char *text, int32_t *out)
{
    int64_t n = 0;
    bool ok = str_int(text, 0, 100, &n) == RC_OK;
    *out = (int32_t)n * 10;
    return ok;
}

static int focal(struct kade *k, char **arg)
{
    struct ask q;
    struct shop_media row = { .version = 0 };
    int32_t x, y;
    if (!percent(arg[1], &x) || !percent(arg[2], &y)) {
        (void)kade_fail(
            "the focal point is two numbers from 0 to 100: percent from the left and from the top");
        return EXIT_USAGE;
    }
    int status = start(k, &q);
    if (status == 0)
        status = find_row(&q, arg[0], &row);
    if (status != 0)
        return status;
    q.text.focal_x = x;
    q.text.focal_y = y;
    return describe(&q, row.version);
}

static enum rc show_in_tx(struct db *db, void *arg)
{
    const struct ask *q = arg;
    return media_show(db, q->id, q->product, instant_now());
}

static int show(struct kade *k, char **arg)
{
    struct ask q;
    if (str_empty(k->value[OPT_SKU])) {
        (void)kade_fail("with which product? Give --sku SKU");
        return EXIT_USAGE;
    }
    int status = start(k, &q);
    if (status == 0)
        status = find_media(&q, arg[0]);
    if (status == 0)
        status = find_product(&q);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, show_in_tx, &q);
    return rc == RC_OK ? 0 : kade_fail_db(k, "showing the picture", rc);
}

static enum rc fetch_in_tx(struct db *db, void *arg)
{
    struct ask *q = arg;
    return media_ask_fetches(db, instant_now(), &q->n);
}

static int fetch(struct kade *k, char **arg)
{
    struct ask q;
    (void)arg;
    int status = start(k, &q);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, fetch_in_tx, &q);
    if (rc != RC_OK)
        return kade_fail_db(k, "asking for pictures of other hosts", rc);
    printf("%zu pictures are asked for: see 'kade jobs status' and 'kade media list'\n", q.n);
    return 0;
}

static enum rc ask_in_tx(struct db *db, void *arg)
{
    struct ask *q = arg;
    return media_ask_sizes(db, &q->n);
}

static int renditions(struct kade *k, char **arg)
{
    struct ask q;
    (void)arg;
    if (!kade_has(k, OPT_ALL)) {
        (void)kade_fail("of which pictures? Give --all");
        return EXIT_USAGE;
    }
    int status = start(k, &q);
    if (status != 0)
        return status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, ask_in_tx, &q);
    if (rc != RC_OK)
        return kade_fail_db(k, "asking for sizes", rc);
    printf("%zu pictures need sizes: see 'kade jobs status'\n", q.n);
    return 0;
}

static const enum kade_option none[] = { OPTIONS };
static const enum kade_option add_options[] = { OPT_ALT, OPT_CAPTION, OPT_SKU, OPTIONS };
static const enum kade_option alt_options[] = { OPT_CAPTION, OPTIONS };
static const enum kade_option show_options[] = { OPT_SKU, OPTIONS };
static const enum kade_option renditions_options[] = { OPT_ALL, OPTIONS };
const struct command kade_media_commands[] = {
    { "media", "add", "FILE --alt TEXT [--caption TEXT] [--sku SKU] --tenant SLUG",
      "Take a picture into the library, and show it with a product.", 1, 1, add_options, add },
    { "media", "list", "--tenant SLUG", "Every picture, its state and how often it is used.", 0, 0,
      none, list },
    { "media", "usage", "ID --tenant SLUG", "Where a picture is shown.", 1, 1, none, usage },
    { "media", "delete", "ID --tenant SLUG", "Remove a picture that is not used.", 1, 1, none,
      delete_one },
    { "media", "alt", "ID TEXT [--caption TEXT] --tenant SLUG",
      "Say anew what a picture shows, for people who do not see it.", 2, 2, alt_options, alt },
    { "media", "focal", "ID X Y --tenant SLUG",
      "What stays in view when it is cropped: percent from the left and from the top.", 3, 3, none,
      focal },
    { "media", "show", "ID --sku SKU --tenant SLUG", "Show a picture with a product.", 1, 1,
      show_options, show },
    { "media", "fetch", "--tenant SLUG",
      "Fetch what imports named by address and is not there yet.", 0, 0, none, fetch },
    { "media", "renditions", "--all --tenant SLUG", "Make the sizes that are missing or outdated.",
      0, 0, renditions_options, renditions },
    { 0 }
};
