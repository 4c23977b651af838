/* import_save_int.h: what import_save.c asks of import_refs.c: ids of what rows name. */
#ifndef SHOP_IMPORT_SAVE_INT_H
#define SHOP_IMPORT_SAVE_INT_H

#include "app/custom.h"
#include "base/field.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/import_save.h"

/* How one item is saved, while its statements are on their way. */
struct work {
    const struct import_item *it;
    struct save_result *res;
    enum item_type type; /* after what is there has been seen */
    bool product_level, variant_level, new_product, new_variant;
    struct uuid product, variant;
    const char *slug; /* the address the file gives, taken already; NULL: none or unchanged */
    const struct custom_field **field; /* custom values, judged */
    struct custom_value *value;
    size_t nvalues;
    bool has_type, has_lists;
    const struct uuid *type_id;
    struct work_list *list; /* whole price lists, judged */
    size_t nlists;
    int64_t rows[SAVE_COUNTS]; /* by exec statements */
    size_t nrows;
    struct shop_counted counted[SAVE_COUNTS];
    size_t ncounted;
};
struct work_list {
    struct uuid id;
    int32_t *quantity;
    int64_t *from, *until, *amount;
    size_t n;
};
void save_refuse(struct work *w, const char *column, const char *reason);
bool save_refused(const struct work *w);
int64_t *row_count(struct work *w);
struct shop_counted *counter(struct work *w);

/* import_save_more.c. save_judge: what needs the shop to be judged (custom values, codes of lists,
 * warehouses and types, addresses): refuses rows. */
enum rc save_judge(struct saver *s, struct db *db, struct work *w, size_t n) ATTR_MUST_CHECK;
enum rc send_product_more(struct saver *s, struct db *db, struct db_pipe *p,
                          struct work *w) ATTR_MUST_CHECK;
enum rc send_variant_more(struct saver *s, struct db *db, struct db_pipe *p,
                          struct work *w) ATTR_MUST_CHECK;

/* Each finds the row or makes it; one trip for what is not in the cache. */
enum rc ref_category(struct saver *s, struct db *db, const struct item_path *path,
                     struct uuid *out) ATTR_MUST_CHECK;
struct ref_attr {
    struct uuid id;
    bool is_text, is_number, is_switch;
};
enum rc ref_attribute(struct saver *s, struct db *db, const struct item_attr *at,
                      struct ref_attr *out) ATTR_MUST_CHECK;
enum rc ref_option(struct saver *s, struct db *db, const struct ref_attr *attribute,
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
