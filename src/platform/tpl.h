/* tpl.h: ctemplate behind a C face. One template set per locale (root build/templates/<locale>),
 * loaded at start and frozen; development reloads changed files. Escaping is on because every file
 * starts with the AUTOESCAPE pragma (tpllint). A failed expansion leaves the buffer as it was. */
#ifndef PLATFORM_TPL_H
#define PLATFORM_TPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/field.h"
#include "base/rc.h"

struct tpl_set; /* all templates of one locale */
struct tpl;     /* one dictionary: a page, an include or a section row; lives in the arena */

/* root: directory of that locale's files. Loads every *.tpl below it; *problem names the file that
 * failed. Owned by the caller; free with tpl_set_free. */
KADE_API enum rc tpl_set_load(const char *root, bool reload, struct arena *a, struct tpl_set **out,
                              const char **problem) ATTR_MUST_CHECK;
KADE_API void tpl_set_free(struct tpl_set *s);
KADE_API bool tpl_set_has(const struct tpl_set *s, const char *file);
/* Changes when the text of any template of the set does: part of every fragment's key. */
KADE_API uint64_t tpl_set_digest(const struct tpl_set *s);

/* A dictionary for file ("wishlist/list.tpl"); an unknown file is RC_BUG at expansion. Names (of
 * values, sections, includes, files) are kept by pointer: literals, or text in the arena. */
KADE_API struct tpl *tpl_new(struct arena *a, const struct tpl_set *s,
                             const char *file) ATTR_RETNONNULL;
/* Text value, escaped by the template's context; copied. NULL sets "". */
KADE_API void tpl_set_text(struct tpl *t, const char *name, const char *value);
KADE_API void tpl_set_int(struct tpl *t, const char *name, int64_t value);
/* Not copied: p lives as long as the arena. For what is big (a page's content, a slot). */
KADE_API void tpl_set_bytes(struct tpl *t, const char *name, const char *p, size_t n);
/* Visible in this dictionary, its rows and its includes, and theirs. */
KADE_API void tpl_set_global(struct tpl *t, const char *name, const char *value);
/* Another row of section name; the section shows once per row. */
KADE_API struct tpl *tpl_row(struct tpl *t, const char *section) ATTR_RETNONNULL;
/* Shows section once without values of its own, when on. */
KADE_API void tpl_show(struct tpl *t, const char *section, bool on);
/* {{>NAME}} expands file with the dictionary returned; several calls = several times. */
KADE_API struct tpl *tpl_include(struct tpl *t, const char *name, const char *file) ATTR_RETNONNULL;
/* Every member of row: NAME in upper case = value; has_/nullable: section NAME_SET shown when not
 * null. Text as is (not copied: rows live in the arena), ints in digits, bools as section NAME
 * shown, uuids as text; instants are not bound (format them with fmt_*). */
KADE_API void tpl_bind(struct tpl *t, const struct field *fields, size_t n, const void *row);
KADE_API enum rc tpl_expand(struct tpl *t, struct buf *out) ATTR_MUST_CHECK;

#endif
