/* tplexpand.h: the parts of tplexpand: the catalogues (tplexpand_po.c) and the templates with their
 * [[texts]] (tplexpand.c). */
#ifndef TOOLS_TPLEXPAND_H
#define TOOLS_TPLEXPAND_H

#include "kit.h"

/* Translations of one module; msgid to msgstr. */
struct po_entry {
    const char *id, *str;
    const char *file;
    int line;
};
struct po {
    const char *module;
    struct po_entry *v; /* sorted by id */
    size_t n;
};
/* A text found in a template. */
struct po_use {
    const char *id, *file;
    int line;
};

/* DIR/<module>/<lang>.po; a missing file has no entries. Fuzzy and obsolete entries are left out.
 */
struct po po_load(const char *dir, const char *module, const char *lang);
/* NULL when untranslated. */
const struct po_entry *po_find(const struct po *po, const char *id);
/* Writes a template of catalogues; every id once, with all its places. */
void po_write_template(const char *path, const struct po_use *use, size_t n);

#endif
