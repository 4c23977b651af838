/* http_data.h: what a test database holds before the first request. */
#ifndef TESTS_KIT_HTTP_DATA_H
#define TESTS_KIT_HTTP_DATA_H

extern const char *const kit_seed_sql[]; /* ends with NULL */

#endif
