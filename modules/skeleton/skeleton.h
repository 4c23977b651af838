/* skeleton.h: what the files of this module share; nobody else may include it. */
#ifndef MODULES_SKELETON_SKELETON_H
#define MODULES_SKELETON_SKELETON_H

#include "app/form.h"
#include "app/module.h"
#include "app/page.h"
#include "app/types.h"

/* pages.c */
enum rc page_list(struct req *r) ATTR_MUST_CHECK;
enum rc act_add(struct req *r) ATTR_MUST_CHECK;
enum rc slot_latest_send(struct req *r, struct db_pipe *p,
                         const struct slot_subject *s) ATTR_MUST_CHECK;
enum rc slot_latest(struct req *r, const struct slot_subject *s, size_t i,
                    struct buf *out) ATTR_MUST_CHECK;
extern const struct form_spec skeleton_add_form;

/* module.c: the table itself, for req_ctx */
extern const struct app_module APP_ENTRY;

#endif
