/* main.c: runs the suites of storage and pictures that need no database, and prints TAP. */
#include <stdlib.h>

#include "platform/crypto.h"
#include "suites.h"

int main(void)
{
    if (crypto_init() != RC_OK)
        return EXIT_FAILURE;
    SRunner *sr = srunner_create(suite_storage());
    srunner_add_suite(sr, suite_svg());
    srunner_add_suite(sr, suite_http());
    srunner_add_suite(sr, suite_image_head());
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
