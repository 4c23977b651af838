/* main.c: runs the suites of the parts of src/platform that need no server, and prints TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "platform/crypto.h"
#include "suites.h"

static struct {
    char made[64];
} state;

const char *scratch(void)
{
    const char *given = getenv("KADE_TEST_TMP");
    return given && *given ? given : state.made;
}

int main(void)
{
    snprintf(state.made, sizeof(state.made), "/tmp/kade-unit.XXXXXX");
    if (!mkdtemp(state.made) || crypto_init() != RC_OK)
        return EXIT_FAILURE;
    SRunner *sr = srunner_create(suite_conf());
    srunner_add_suite(sr, suite_crypto());
    srunner_add_suite(sr, suite_fault());
    srunner_add_suite(sr, suite_json());
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    rmdir(state.made); /* every test removes its own files */
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
