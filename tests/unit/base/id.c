/* id.c: tests of base/id.h. What could break: bit positions of version 7, text form, order. */
#include "base/id.h"

#include <string.h>

#include "suites.h"

START_TEST(version_7_layout)
{
    unsigned char random[10];
    char text[UUID_TEXT];
    memset(random, 0xff, sizeof(random));
    uuid_format(uuid7_make(UINT64_C(0x0123456789ab), random), text);
    ck_assert_str_eq(text, "01234567-89ab-7fff-bfff-ffffffffffff");
    memset(random, 0, sizeof(random));
    uuid_format(uuid7_make(0, random), text);
    ck_assert_str_eq(text, "00000000-0000-7000-8000-000000000000");
}
END_TEST

START_TEST(later_is_greater)
{
    uint64_t seed = 3, ms = 0;
    struct uuid before = { { 0 } };
    for (int i = 0; i < 10000; i++) {
        unsigned char random[10];
        for (size_t k = 0; k < sizeof(random); k++)
            random[k] = (unsigned char)next_random(&seed);
        ms += 1 + next_random(&seed) % 100000;
        struct uuid id = uuid7_make(ms, random);
        HOLDS(uuid_cmp(id, before) > 0, "%d", i);
        before = id;
    }
}
END_TEST

START_TEST(text_round_trip)
{
    uint64_t seed = 5;
    for (int i = 0; i < 1000; i++) {
        struct uuid id, back;
        char text[UUID_TEXT];
        for (size_t k = 0; k < sizeof(id.b); k++)
            id.b[k] = (unsigned char)next_random(&seed);
        uuid_format(id, text);
        ck_assert_uint_eq(strlen(text), 36);
        ck_assert_int_eq(uuid_parse(text, &back), RC_OK);
        ck_assert_int_eq(uuid_cmp(id, back), 0);
    }
}
END_TEST

START_TEST(parse_is_strict)
{
    static const char *const bad[] = { "",
                                       "01234567-89ab-7fff-bfff-fffffffffff",
                                       "01234567-89ab-7fff-bfff-fffffffffffff",
                                       "0123456789ab7fffbfffffffffffffff",
                                       "{01234567-89ab-7fff-bfff-ffffffffffff}",
                                       "01234567-89ab-7fff-bfff-ffffffffffff ",
                                       " 01234567-89ab-7fff-bfff-ffffffffffff",
                                       "01234567-89ab-7fff-bfff-fffffffffffg",
                                       "01234567_89ab_7fff_bfff_ffffffffffff",
                                       "012345678-9ab-7fff-bfff-ffffffffffff" };
    struct uuid id = { { 9 } };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        ck_assert_int_eq(uuid_parse(bad[i], &id), RC_INVALID);
    ck_assert_int_eq(id.b[0], 9);
    ck_assert_int_eq(uuid_parse("01234567-89AB-7FFF-bfff-ffffffffffff", &id), RC_OK);
    ck_assert_int_eq(id.b[5], 0xab);
}
END_TEST

START_TEST(nil)
{
    struct uuid id = { { 0 } };
    ck_assert(uuid_is_nil(id));
    id.b[15] = 1;
    ck_assert(!uuid_is_nil(id));
}
END_TEST

Suite *suite_id(void)
{
    return SUITE_OF("id", version_7_layout, later_is_greater, text_round_trip, parse_is_strict,
                    nil);
}
