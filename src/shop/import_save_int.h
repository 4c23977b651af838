/* import_save_int.h: what import_save.c asks of import_refs.c: ids of what rows name. */
#ifndef SHOP_IMPORT_SAVE_INT_H
#define SHOP_IMPORT_SAVE_INT_H

#include "base/field.h"
#include "platform/db.h"
#include "shop/import_save.h"

/* Each finds the row or makes it; one trip for what is not in the cache. */
enum rc ref_category(struct saver *s, struct db *db, const struct item_path *path,
                     struct uuid *out) ATTR_MUST_CHECK;
enum rc ref_attribute(struct saver *s, struct db *db, const char *name,
                      struct uuid *out) ATTR_MUST_CHECK;
enum rc ref_option(struct saver *s, struct db *db, struct uuid attribute,
                   const char *attribute_name, const char *value, struct uuid *out) ATTR_MUST_CHECK;
enum rc ref_brand(struct saver *s, struct db *db, const char *name,
                  struct uuid *out) ATTR_MUST_CHECK;
/* *ok false: not an address and no file we have. */
enum rc ref_media(struct saver *s, struct db *db, const char *image, const char *alt, bool *ok,
                  struct uuid *out) ATTR_MUST_CHECK;
enum rc ref_instant(struct saver *s, struct db *db, const char *local,
                    int64_t *out) ATTR_MUST_CHECK;
/* A free name for a new product or category. */
enum rc ref_slug(struct saver *s, struct db *db, const char *resource, const char *name,
                 const char *otherwise, struct uuid id, const char **out) ATTR_MUST_CHECK;

#endif
