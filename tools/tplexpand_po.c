/* tplexpand_po.c: reads and writes gettext catalogues through libgettextpo, so that quoting,
 * encodings, fuzzy marks and obsolete entries mean what translators' tools mean by them. Written
 * templates carry no date: the same texts give the same bytes. Invariant: a faulty catalogue is
 * reported with file and line, and nothing of it is used. */
#include "tplexpand.h"

#include <gettext-po.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libgettextpo keeps a few bytes of each file it read; in a sanitizer build that is not our leak.
 */
#if defined(__SANITIZE_ADDRESS__)
#define VISIBLE __attribute__((visibility("default")))
VISIBLE const char *__lsan_default_suppressions(void);
VISIBLE const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libgettextpo";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif

static bool po_bad;

static void po_error(int severity, po_message_t message, const char *file, size_t line, size_t col,
                     int multiline, const char *text)
{
    (void)message;
    (void)col;
    (void)multiline;
    if (severity == PO_SEVERITY_WARNING)
        return;
    po_bad = true;
    kit_err(file == NULL ? "catalogue" : file, line == (size_t)-1 ? 0 : (int)line, "%s", text);
    if (severity == PO_SEVERITY_FATAL_ERROR)
        exit(1);
}

static void po_error2(int severity, po_message_t m1, const char *f1, size_t l1, size_t c1, int ml1,
                      const char *t1, po_message_t m2, const char *f2, size_t l2, size_t c2,
                      int ml2, const char *t2)
{
    po_error(severity, m1, f1, l1, c1, ml1, t1);
    po_error(PO_SEVERITY_WARNING, m2, f2, l2, c2, ml2, t2);
}

static const struct po_xerror_handler handler = { po_error, po_error2 };

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct po_entry *)a)->id, ((const struct po_entry *)b)->id);
}

struct po po_load(const char *dir, const char *module, const char *lang)
{
    struct po po = { .module = module };
    const char *path = kit_printf("%s/%s/%s.po", dir, module, lang);
    if (!kit_exists(path))
        return po;
    po_bad = false;
    po_file_t file = po_file_read(path, &handler);
    if (file == NULL || po_bad) {
        if (!po_bad)
            kit_err(path, 0, "cannot be read");
        if (file != NULL)
            po_file_free(file);
        return po;
    }
    po_message_iterator_t it = po_message_iterator(file, NULL);
    po_message_t m;
    while ((m = po_next_message(it)) != NULL) {
        const char *id = po_message_msgid(m), *str = po_message_msgstr(m);
        if (*id == '\0' || str == NULL || *str == '\0' || po_message_is_fuzzy(m) ||
            po_message_is_obsolete(m) || po_message_msgid_plural(m) != NULL ||
            po_message_msgctxt(m) != NULL)
            continue;
        struct po_entry e = { .id = kit_strdup(id), .str = kit_strdup(str), .file = path };
        KIT_PUSH(po.v, po.n, e);
    }
    po_message_iterator_free(it);
    po_file_free(file);
    if (po.n > 1)
        qsort(po.v, po.n, sizeof *po.v, by_id);
    return po;
}

const struct po_entry *po_find(const struct po *po, const char *id)
{
    struct po_entry key = { .id = id };
    return po->n == 0 ? NULL : bsearch(&key, po->v, po->n, sizeof key, by_id);
}

static int by_use(const void *a, const void *b)
{
    const struct po_use *x = a, *y = b;
    int c = strcmp(x->file, y->file);
    if (c != 0)
        return c;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return strcmp(x->id, y->id);
}

static bool seen_before(const struct po_use *use, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(use[k].id, use[i].id) == 0)
            return true;
    return false;
}

void po_write_template(const char *path, const struct po_use *use, size_t n)
{
    struct po_use *sorted = kit_alloc((n + 1) * sizeof *sorted);
    if (n != 0)
        memcpy(sorted, use, n * sizeof *sorted);
    if (n > 1)
        qsort(sorted, n, sizeof *sorted, by_use);

    po_file_t file = po_file_create();
    po_message_iterator_t it = po_message_iterator(file, NULL);
    po_message_t m = po_message_create();
    po_message_set_msgid(m, "");
    po_message_set_msgstr(m, "Project-Id-Version: kade\nMIME-Version: 1.0\n"
                             "Content-Type: text/plain; charset=UTF-8\n"
                             "Content-Transfer-Encoding: 8bit\n");
    po_message_insert(it, m);
    for (size_t i = 0; i < n; i++) {
        if (seen_before(sorted, i))
            continue;
        m = po_message_create();
        po_message_set_msgid(m, sorted[i].id);
        po_message_set_msgstr(m, "");
        for (size_t k = i; k < n; k++)
            if (strcmp(sorted[k].id, sorted[i].id) == 0)
                po_message_add_filepos(m, sorted[k].file, (size_t)sorted[k].line);
        po_message_insert(it, m);
    }
    po_message_iterator_free(it);
    po_bad = false;
    if (po_file_write(file, path, &handler) == NULL || po_bad)
        kit_die("cannot write %s", path);
    po_file_free(file);
}
