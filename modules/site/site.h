/* site.h: what the parts of the module share. */
#ifndef SITE_H
#define SITE_H

#include "app/module.h"
#include "app/page.h"
#include "app/req.h"

extern const struct app_module APP_ENTRY;

app_handler page_robots, page_sitemap_index, page_sitemap_part; /* robots.c */
app_handler page_manifest, page_worker;                         /* device.c */
app_handler page_map, page_offline, page_preferences;           /* pages.c */

/* A line of the slot sitemap.links: "path<tab>changed<tab>title". */
struct site_link {
    const char *path, *changed, *title;
};
/* Lines of every module in the slot; page_run has been. */
enum rc site_links(struct req *r, struct site_link **out, size_t *n) ATTR_MUST_CHECK;
extern const struct slot_subject site_subject;

#endif
