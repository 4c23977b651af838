/* common.h: a small module that has one of everything a page or action can do wrong, and the kit
 * that serves it. Shared by the HTTP tests of src/app. */
#ifndef TESTS_HTTP_APP_COMMON_H
#define TESTS_HTTP_APP_COMMON_H

#include "app/module.h"
#include "kit/http.h"

extern const struct app_module kit_module;
extern const struct kit_file kit_templates[];
extern unsigned kit_builds; /* how often the cached page was built */
extern const struct app_module *const kit_modules[];

struct kit *kit_default(void);
/* Adds case fn to s with kit_database around the program. */
void kit_case(Suite *s, const char *name, const TTest *const *tests);

#endif
