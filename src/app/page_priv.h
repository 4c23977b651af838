/* page_priv.h: between page.c, page_cache.c, holes.c and slots.c. */
#ifndef APP_PAGE_PRIV_H
#define APP_PAGE_PRIV_H

#include "app/page.h"
#include "app/req_priv.h"

#define HOLE_OPEN  '\x1e'
#define HOLE_CLOSE '\x1f'
#define HOLE(name) "\x1e" name "\x1f"

struct page_row { /* crumb, navigation entry or JSON-LD block */
    const char *section, *label, *href;
    struct page_row *next;
};
struct page_rows {
    struct page_row *first, **last;
};
enum shell_stage { SHELL_UNASKED, SHELL_SENT, SHELL_READY, SHELL_FAILED };
struct page_state {
    struct db_pipe *pipe;
    struct tpl *content;
    const char *title, *description, *canonical, *image, *layout, *body_class, *query;
    bool noindex, shell_filled;
    enum shell_stage shell;
    int status;
    struct page_rows crumbs, navs, jsonld;
};

struct page_state *page_of(struct req *r);
/* Section HELP with its address, where the shop has such a page; after shell_fill. */
void page_help(struct req *r, struct tpl *t);
/* What every template may use, on one dictionary. */
void page_globals(struct req *r, struct tpl *t);

/* shell.c: the slot shell.nav. Queued once, before the page's pipeline runs; told how that went;
 * rows are added before the layout is filled. */
void shell_send(struct req *r);
void shell_ran(struct req *r, enum rc rc);
void shell_fill(struct req *r);

#endif
