/* suites.h: the suites of this program, one a file. */
#ifndef TESTS_UNIT_MEDIA_SUITES_H
#define TESTS_UNIT_MEDIA_SUITES_H

#include <check.h>

Suite *suite_storage(void);
Suite *suite_svg(void);
Suite *suite_http(void);
Suite *suite_image_head(void);

#endif
