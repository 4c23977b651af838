/* cms.h: what the parts of the module share: its pages, its slots, its demo texts. */
#ifndef CMS_H
#define CMS_H

#include "app/module.h"
#include "app/page.h"
#include "app/req.h"

extern const struct app_module APP_ENTRY;

app_handler page_text;

/* shell.nav: links in the footer, and where help is. */
enum rc slot_links_send(struct req *r, struct db_pipe *p, const struct slot_subject *s);
enum rc slot_links(struct req *r, const struct slot_subject *s, size_t i, struct buf *out);
/* sitemap.links: one line a page. */
enum rc slot_map_send(struct req *r, struct db_pipe *p, const struct slot_subject *s);
enum rc slot_map(struct req *r, const struct slot_subject *s, size_t i, struct buf *out);

/* demo.shop, in the loader's transaction: demo/<shop>/pages. */
enum rc demo_take(struct app_ctx *app, const struct event *e);

#endif
