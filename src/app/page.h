/* page.h: a page is a template inside the layout (templates/layout/shell.tpl). The shell's personal
 * parts (flash, account link, cart count, CSRF fields) and personal slots are holes in what is
 * cached: bytes 0x1e name 0x1f, which clean text cannot contain, filled just before sending. */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include "app/frag.h"
#include "app/req.h"
#include "app/types.h"
#include "platform/tpl.h"

/* Content dictionary for file; title is what is unique ("Solar lantern"), the shop's name is added.
 */
KADE_API struct tpl *page_new(struct req *r, const char *file, const char *title) ATTR_RETNONNULL;
KADE_API void page_description(struct req *r, const char *text); /* meta description, og */
KADE_API void page_canonical(struct req *r, const char *path);   /* inside path without prefix */
KADE_API void page_image(struct req *r, const char *url);        /* og:image */
KADE_API void page_noindex(struct req *r);
KADE_API void page_body_class(struct req *r, const char *cls); /* one token, for CSS */
/* What was searched for: it stays in the search box. */
KADE_API void page_query(struct req *r, const char *text);
KADE_API void page_layout(struct req *r, const char *file); /* default "layout/shell.tpl" */
KADE_API void page_jsonld(struct req *r,
                          const struct buf *json); /* application/ld+json block; '<' is escaped */
KADE_API void page_status(struct req *r, int status);
/* Trail: call in order from the root; the last has href NULL. */
KADE_API void page_crumb(struct req *r, const char *label, const char *href);
/* A row of the shell's navigation, "NAV_CATEGORY" or "NAV_FOOTER", after those modules declare
 * (app_nav, areas "header" and "footer"); stored with the page. href as url_path made it. What
 * every page shows comes from the slot "shell.nav": its send travels with the page's statements,
 * its render calls page_nav and writes nothing. */
KADE_API void page_nav(struct req *r, const char *section, const char *label, const char *href);
/* Rows ITEM {HREF, LABEL, CURRENT} of t: the entries modules declare for an area (app_nav) that who
 * asks may use; here: the path it stands at. */
KADE_API void page_menu(struct req *r, struct tpl *t, const char *area, const char *here);
/* Expands content and shell into r->out, status 200. */
KADE_API enum rc page_send(struct req *r, struct tpl *page) ATTR_MUST_CHECK;
/* The content template alone, for htmx. */
KADE_API enum rc page_send_fragment(struct req *r, struct tpl *page) ATTR_MUST_CHECK;

/* Whole page through the fragment cache: build makes and sends it (page_new .. page_send) when it
 * is not there. Only 200 pages are stored. Flash, session and form errors bypass nothing: they are
 * holes. tags must cover all that build reads; the path and the host are part of the key, the query
 * is not: put what build reads of it into vary. While build runs, r->session and r->who are empty:
 * what is stored is the same for everybody. Every stored page has the tag shell/all as well:
 * whoever fills the slot shell.nav bumps it. */
KADE_API enum rc page_cached(struct req *r, const struct frag_spec *spec,
                             const struct frag_tag *tags, const char *vary,
                             app_handler *build) ATTR_MUST_CHECK;

/* While a page is built through page_cached: it shows this tag's content, which nobody could know
 * before it was read (a product's card), so it is made anew once the tag is bumped. Needs
 * spec->guard. Outside page_cached it does nothing. */
KADE_API void page_depends(struct req *r, const char *space, const char *id);
/* While a page is built: from this instant on it shows something else (a sale begins or ends), so
 * it is not served past it. The earliest counts. */
KADE_API void page_until(struct req *r, int64_t instant);

/* The pipeline of this page, for _send functions; page_run runs what was queued. */
KADE_API struct db_pipe *page_pipe(struct req *r) ATTR_RETNONNULL;
KADE_API enum rc page_run(struct req *r) ATTR_MUST_CHECK;

/* ---- slots --------------------------------------------------------------------------------------
 */
struct slot_subject {
    const char *kind;
    const struct uuid *ids;
    size_t n;
}; /* "product" */
/* Queues the statements of every module in slot for all ids into the page's pipeline; then, after
 * page_run, slot_set writes card i's output (or its hole) into variable name of t, which the
 * template prints with {{NAME:none}}. */
KADE_API enum rc slot_send(struct req *r, const char *slot,
                           const struct slot_subject *s) ATTR_MUST_CHECK;
KADE_API enum rc slot_set(struct req *r, const char *slot, const struct slot_subject *s, size_t i,
                          struct tpl *t, const char *name) ATTR_MUST_CHECK;

/* ---- addresses ----------------------------------------------------------------------------------
 */
/* Inside path with locale prefix and percent-encoding: url_path(r, "/p/%s", slug). Each %s argument
 * is encoded. */
KADE_API const char *url_path(struct req *r, const char *fmt, ...) ATTR_FORMAT(2, 3);
/* The same for a path that is data: "/pages/help"; what stands between slashes is encoded. */
KADE_API const char *url_local(struct req *r, const char *path);
/* Some module answers a GET of this path (without prefix): links to others would be dead ends. */
KADE_API bool page_is_served(struct req *r, const char *path);
/* Same page in another language. */
KADE_API const char *url_in_locale(struct req *r, const struct locale *l);
KADE_API const char *url_absolute(struct req *r, const char *path);
/* "/static/app.3f2a91c0.css" for "css/app.css"; unknown name = check_that fails. */
KADE_API const char *url_asset(const struct app_ctx *app, const char *name);

#endif
