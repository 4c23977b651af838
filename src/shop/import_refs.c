/* import_refs.c: finds or makes what rows of a file name: categories by path, attributes and their
 * options, brands, pictures, free addresses. Ids are kept in maps for the whole import; after a
 * rollback save_forget drops them, because what a dead transaction made is not there. */
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/i18n.h"
#include "shop/category.h"
#include "shop/import_save_int.h"
#include "shop/media_int.h"

static void keep(struct saver *s, struct map *m, const char *key, struct uuid id)
{
    struct uuid *v = arena_new(s->home, struct uuid);
    *v = id;
    map_put(m, key, v);
}

/* Fold for comparing names; what folds to nothing (only marks or symbols) is compared as it is. */
static const char *fold(struct arena *a, const char *s)
{
    char *f = str_trim(a, utf8_fold(a, s));
    return *f != '\0' ? f : s;
}

enum rc ref_slug(struct saver *s, struct db *db, const char *resource, const char *name,
                 const char *otherwise, struct uuid id, const char **out)
{
    struct shop_slug slug;
    struct arena *a = db_arena(db);
    (void)s;
    char *base = utf8_slug(a, name);
    if (*base == '\0')
        base = utf8_slug(a, otherwise);
    if (*base == '\0')
        base = arena_strdup(a, resource);
    enum rc rc = shop_q_slug_new(db, resource, base, id, &slug);
    if (rc == RC_OK)
        *out = slug.slug;
    return rc;
}

static enum rc category_step(struct saver *s, struct db *db, const struct uuid *parent,
                             const char *name, struct uuid *out)
{
    struct arena *a = db_arena(db);
    const char *norm = fold(a, name), *slug;
    char *key = arena_printf(a, "%s|%s", parent != NULL ? uuid_str(a, *parent) : "", norm);
    struct uuid *have = map_get(s->categories, key);
    if (have != NULL) {
        *out = *have;
        return RC_OK;
    }
    struct shop_category_id_maybe found;
    enum rc rc = shop_q_import_category_find(db, parent, norm, &found);
    if (rc != RC_OK)
        return rc;
    struct uuid id = found.found ? found.row.category_id : uuid7_new();
    if (!found.found) {
        rc = ref_slug(s, db, "category", name, "category", id, &slug);
        if (rc == RC_OK)
            rc = shop_q_import_category_add(db, id, parent, NULL, slug, name, norm, NULL);
        if (rc == RC_OK && !s->dry)
            rc = category_changed(db, id, 1);
        if (rc != RC_OK)
            return rc;
    }
    keep(s, s->categories, key, id);
    *out = id;
    return RC_OK;
}

enum rc ref_category(struct saver *s, struct db *db, const struct item_path *path, struct uuid *out)
{
    struct uuid at;
    for (size_t i = 0; i < path->n; i++) {
        struct uuid next;
        enum rc rc = category_step(s, db, i == 0 ? NULL : &at, path->name[i], &next);
        if (rc != RC_OK)
            return rc;
        at = next;
    }
    *out = at;
    return RC_OK;
}

enum rc ref_attribute(struct saver *s, struct db *db, const struct item_attr *at,
                      struct ref_attr *out)
{
    const char *code = fold(db_arena(db), at->name);
    struct ref_attr *have = map_get(s->attributes, code);
    if (have == NULL) {
        struct shop_attribute_id got;
        const char *input = at->input != NULL               ? at->input
                            : woo_is_colour_attribute(code) ? "colour"
                                                            : "choice";
        enum rc rc =
            shop_q_import_attribute(db, uuid7_new(), code, at->name, input, at->unit, &got);
        if (rc != RC_OK)
            return rc;
        have = arena_new(s->home, struct ref_attr);
        *have = (struct ref_attr){ .id = got.attribute_id,
                                   .is_text = str_eq(got.input, "text"),
                                   .is_number = str_eq(got.input, "number"),
                                   .is_switch = str_eq(got.input, "boolean") };
        map_put(s->attributes, code, have);
    }
    *out = *have;
    return RC_OK;
}

/* A switch has two options, in whatever words it was turned. */
static const char *switch_word(const char *value)
{
    static const char *const yes[] = { "1", "yes", "true", "on" };
    for (size_t i = 0; i < COUNT_OF(yes); i++)
        if (str_ieq(value, yes[i]))
            return "yes";
    return "no";
}

enum rc ref_option(struct saver *s, struct db *db, const struct ref_attr *attribute,
                   const char *attribute_name, const char *value, struct uuid *out)
{
    struct arena *a = db_arena(db);
    int64_t micro;
    if (attribute->is_switch)
        value = switch_word(value);
    const char *code = fold(a, value);
    char *key = arena_printf(a, "%s|%s", uuid_str(a, attribute->id), code);
    struct uuid *have = map_get(s->options, key);
    if (have != NULL) {
        *out = *have;
        return RC_OK;
    }
    struct shop_option_id got;
    const char *swatch =
        woo_is_colour_attribute(fold(a, attribute_name)) ? woo_colour(value) : NULL;
    bool number = attribute->is_number && str_decimal(value, 6, &micro) == RC_OK;
    enum rc rc = shop_q_import_option(db, uuid7_new(), attribute->id, code, value, swatch,
                                      number ? &micro : NULL, &got);
    if (rc != RC_OK)
        return rc;
    keep(s, s->options, key, got.option_id);
    *out = got.option_id;
    return RC_OK;
}

enum rc ref_brand(struct saver *s, struct db *db, const char *name, struct uuid *out)
{
    struct arena *a = db_arena(db);
    char *slug = utf8_slug(a, name);
    if (*slug == '\0')
        slug = arena_strdup(a, "brand");
    struct uuid *have = map_get(s->brands, slug);
    if (have != NULL) {
        *out = *have;
        return RC_OK;
    }
    struct shop_brand_id got;
    enum rc rc = shop_q_import_brand(db, uuid7_new(), slug, name, &got);
    if (rc != RC_OK)
        return rc;
    keep(s, s->brands, slug, got.brand_id);
    *out = got.brand_id;
    return RC_OK;
}

enum rc ref_media(struct saver *s, struct db *db, const char *image, const char *alt, bool *ok,
                  struct uuid *out)
{
    struct arena *a = db_arena(db);
    bool file = str_starts(image, "file:");
    const struct save_picture *p = file ? map_get(s->pictures, image + 5) : NULL;
    if (str_starts(image, "media:")) { /* a picture the shop has */
        struct shop_exists there = { 0 };
        enum rc found = uuid_parse(image + 6, out);
        if (found == RC_OK)
            found = shop_q_import_media_there(db, *out, &there);
        *ok = found == RC_OK && there.yes;
        if (*ok)
            keep(s, s->media, image, *out);
        return found == RC_INVALID ? RC_OK : found;
    }
    *ok = p != NULL || str_starts(image, "https://") || str_starts(image, "http://");
    if (!*ok)
        return RC_OK;
    struct uuid *have = map_get(s->media, image);
    if (have != NULL) {
        *out = *have;
        return RC_OK;
    }
    static const struct save_picture none = { NULL };
    struct shop_imported_media got;
    const char *key = p != NULL ? p->key : crypto_sha256_hex(a, image, strlen(image));
    const char *state = p == NULL ? "missing" : p->original != NULL ? "pending" : "ready";
    const struct save_picture *f = p != NULL ? p : &none;
    enum rc rc = shop_q_import_media_put(
        db, uuid7_new(), key, image, state, p == NULL ? N_("It was not fetched yet.") : NULL,
        f->path, f->mime, f->sha256, p != NULL ? &f->bytes : NULL, p != NULL ? &f->width : NULL,
        p != NULL ? &f->height : NULL, alt, f->original, f->name, &got);
    if (rc == RC_OK && got.asks)
        rc = media_ask(db, got.media_id, got.version);
    if (rc == RC_OK && got.changed) /* others show the same picture, and its words with it */
        rc = media_changed(db, got.media_id, s->now);
    if (rc == RC_OK && str_eq(got.state, "missing"))
        rc = media_ask_fetch(db, got.media_id, s->now);
    if (rc != RC_OK)
        return rc;
    keep(s, s->media, image, got.media_id);
    *out = got.media_id;
    return RC_OK;
}

enum rc ref_instant(struct saver *s, struct db *db, const char *local, int64_t *out)
{
    if (instant_parse(local, out) == RC_OK)
        return RC_OK;
    int64_t *have = map_get(s->instants, local);
    if (have == NULL) {
        struct shop_instant got;
        enum rc rc = shop_q_import_local_time(db, local, s->zone, &got);
        if (rc != RC_OK)
            return rc;
        have = arena_new(s->home, int64_t);
        *have = got.at;
        map_put(s->instants, local, have);
    }
    *out = *have;
    return RC_OK;
}
