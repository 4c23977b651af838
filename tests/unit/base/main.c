/* main.c: runs the suites of src/base and prints TAP. */
#include <stdlib.h>

#include "suites.h"

int main(void)
{
    SRunner *sr = srunner_create(suite_arena());
    srunner_add_suite(sr, suite_buf());
    srunner_add_suite(sr, suite_id());
    srunner_add_suite(sr, suite_log());
    srunner_add_suite(sr, suite_map());
    srunner_add_suite(sr, suite_money());
    srunner_add_suite(sr, suite_str());
    srunner_add_suite(sr, suite_time());
    srunner_add_suite(sr, suite_utf8());
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
