/* tpllint.h: what the parts of tpllint share: names declared by C (tpllint_decl.c), markers and
 * names used by a template (tpllint.c), its markup (tpllint_html.c). */
#ifndef TOOLS_TPLLINT_H
#define TOOLS_TPLLINT_H

#include "kit.h"

struct names {
    const char **v;
    size_t n;
};
void names_add(struct names *n, const char *name); /* once */
bool names_has(const struct names *n, const char *name);

struct decl {
    const char *template; /* wishlist/list.tpl */
    struct names names;
    const char *file; /* the first place that declares it */
    int line;
    bool seen;
};
struct decls {
    struct decl *v;
    size_t n;
};
/* Tables of the form { "m/file.tpl", names } in the C files below root. */
void decls_from_c(struct decls *d, const char *root);
/* Lines "m/file.tpl NAME NAME ..."; '#' opens a comment. */
void decls_from_file(struct decls *d, const char *path);
struct decl *decls_find(struct decls *d, const char *template);

/* One template and its answers to rules: "{{! tpllint: RULE, because REASON}}". */
struct answer {
    const char *rule;
    int line;
    bool used;
};
struct tpl {
    const char *path; /* templates/wishlist/list.tpl */
    const char *rel;  /* wishlist/list.tpl */
    const char *text;
    struct answer *answer;
    size_t nanswers;
};
void tpl_fault(struct tpl *t, const char *rule, int line, const char *fmt, ...) KIT_PRINTF(4, 5);
/* Attributes, scripts, styles, words: HTML around the markers. */
void tpl_check_html(struct tpl *t);

#endif
