/* suites.h: the suites of this program, one a file. */
#ifndef TESTS_UNIT_PLATFORM_SUITES_H
#define TESTS_UNIT_PLATFORM_SUITES_H

#include "../base/suites.h"

Suite *suite_conf(void);
Suite *suite_crypto(void);
Suite *suite_fault(void);
Suite *suite_json(void);

/* A scratch folder of this run: KADE_TEST_TMP, or one made in /tmp. */
const char *scratch(void);

#endif
