/* fault.c: tests of platform/fault.h, where it is compiled in. */
#include "platform/fault.h"

#include "suites.h"

#ifdef KADE_FAULT
START_TEST(the_nth_of_its_kind_fails_once)
{
    fault_arm(1u << FAULT_DB | 1u << FAULT_FILE, 3);
    ck_assert(!fault_here(FAULT_DB, "a"));
    ck_assert(!fault_here(FAULT_CACHE, "not counted"));
    ck_assert(!fault_here(FAULT_FILE, "b"));
    ck_assert(fault_here(FAULT_DB, "c"));
    ck_assert(!fault_here(FAULT_DB, "d"));
    ck_assert_uint_eq(fault_count(), 4);
    fault_arm(1u << FAULT_DB, 0);
    for (int i = 0; i < 10; i++)
        ck_assert(!fault_here(FAULT_DB, "only counted"));
    ck_assert_uint_eq(fault_count(), 10);
    fault_arm(0, 0);
}
END_TEST
#else
START_TEST(costs_nothing)
{
    ck_assert(!fault_here(FAULT_DB, "a"));
}
END_TEST
#endif

Suite *suite_fault(void)
{
#ifdef KADE_FAULT
    return SUITE_OF("fault", the_nth_of_its_kind_fails_once);
#else
    return SUITE_OF("fault", costs_nothing);
#endif
}
