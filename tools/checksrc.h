/* checksrc.h: what the parts of checksrc share: one source file with the places where its author
 * answered a rule (ignores), and the one way to report. */
#ifndef TOOLS_CHECKSRC_H
#define TOOLS_CHECKSRC_H

#include "csrc.h"
#include "kit.h"

/* "checksrc: RULE, because REASON" in a comment. */
struct ignore {
    const char *rule;
    int line;
    bool used;
};
struct source {
    const char *path; /* from the root */
    const char *text;
    size_t n;
    struct ignore *ignore;
    size_t nignores;
};

/* A fault of rule in lines from..to, unless an ignore stands there or in the line above. */
void fault(struct source *s, const char *rule, int from, int to, const char *fmt, ...)
    KIT_PRINTF(5, 6);
/* True when rule is ignored in from..to (counts as used). */
bool ignored(struct source *s, const char *rule, int from, int to);

void check_c(struct source *s, bool show_warnings);                               /* checksrc_c.c */
void check_functions(struct source *s, const struct csrc *c, bool show_warnings); /* _func.c */
void check_css(struct source *s); /* checksrc_text.c */
void check_sql(struct source *s);
void check_marks(struct source *s); /* unfinished work, any text file */

#endif
