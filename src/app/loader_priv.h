/* loader_priv.h: between loader.c (finding, ordering, calling) and loader_check.c (the rules). */
#ifndef APP_LOADER_PRIV_H
#define APP_LOADER_PRIV_H

#include "app/loader.h"

/* Magic, ABI, size, build, name: before anything else of the table may be read. */
enum rc loader_accept(const struct app_module *m, const char *file, bool relaxed, struct arena *a,
                      const char **problem) ATTR_MUST_CHECK;
/* Adds one module to the registry, refusing what does not fit. Called in the order of needs. */
enum rc loader_register(struct app_registry *g, const struct app_module *m,
                        const char **problem) ATTR_MUST_CHECK;
/* Rules that need all modules: permissions named anywhere are declared somewhere. */
enum rc loader_settle(struct app_registry *g, const char **problem) ATTR_MUST_CHECK;

#endif
