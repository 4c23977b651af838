/* Payment codes: the format's published example, codes of ours, and what is none. */
#include "shop/emvqr.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit.h"

/* The whole example of EMVCo's specification of merchant-presented codes. */
static const char published[] =
    "00020101021229300012D156000000000510A93FO3230Q31280012D156000000010308123456785204411158"
    "02CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.725303156550201623303"
    "0412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A";

static const struct emvqr_piece *find(const struct emvqr_piece *p, size_t n, unsigned id)
{
    for (size_t i = 0; i < n; i++)
        if (p[i].id == id)
            return &p[i];
    ck_abort_msg("no piece %u", id);
    return NULL;
}

static void ck_piece(const struct emvqr_piece *p, size_t n, unsigned id, const char *value)
{
    const struct emvqr_piece *x = find(p, n, id);
    ck_assert_uint_eq(x->n, strlen(value));
    ck_assert_int_eq(memcmp(x->value, value, x->n), 0);
}

START_TEST(the_crc_is_that_of_the_standard)
{
    ck_assert_uint_eq(emvqr_crc("123456789", 9), 0x29b1);
    ck_assert_uint_eq(emvqr_crc("", 0), 0xffff);
    ck_assert_uint_eq(emvqr_crc(published, strlen(published) - 4), 0xa13a);
}
END_TEST

START_TEST(the_published_example_is_read)
{
    struct emvqr_piece p[EMVQR_PIECES], inner[EMVQR_PIECES];
    size_t n = 0, m = 0;
    kit_rc(emvqr_parse(published, p, &n), RC_OK);
    ck_piece(p, n, 0, "01");
    ck_piece(p, n, 1, "12");
    ck_piece(p, n, 54, "23.72");
    ck_piece(p, n, 53, "156");
    ck_piece(p, n, 59, "BEST TRANSPORT");
    const struct emvqr_piece *local = find(p, n, 64);
    kit_rc(emvqr_split(local->value, local->n, inner, &m), RC_OK);
    ck_piece(inner, m, 1, "最佳运输");
    ck_piece(inner, m, 2, "北京");
}
END_TEST

static struct emvqr lamp(void)
{
    return (struct emvqr){ .account = "0001212345678901234567890001",
                           .account_id = 26,
                           .category = "5311",
                           .currency = "LKR",
                           .amount = 1250050,
                           .country = "LK",
                           .name = "Nelum Stores",
                           .city = "Colombo",
                           .reference = "ORD-2026-000123" };
}

START_TEST(a_code_says_whom_how_much_and_what_for)
{
    struct arena *a = arena_new_sized(0);
    struct emvqr what = lamp();
    struct emvqr_piece p[EMVQR_PIECES], inner[EMVQR_PIECES];
    size_t n = 0, m = 0;
    const char *text;
    kit_rc(emvqr_make(a, &what, &text), RC_OK);
    ck_assert_int_eq(strncmp(text, "00020101021226320028000121234567", 32), 0);
    kit_rc(emvqr_parse(text, p, &n), RC_OK);
    ck_piece(p, n, 53, "144");
    ck_piece(p, n, 54, "12500.50");
    ck_piece(p, n, 58, "LK");
    ck_piece(p, n, 59, "Nelum Stores");
    const struct emvqr_piece *account = find(p, n, 26), *more = find(p, n, 62);
    kit_rc(emvqr_split(account->value, account->n, inner, &m), RC_OK);
    ck_piece(inner, m, 0, what.account);
    kit_rc(emvqr_split(more->value, more->n, inner, &m), RC_OK);
    ck_piece(inner, m, 5, "ORD-2026-000123");
    arena_free(a);
}
END_TEST

START_TEST(names_in_other_scripts_keep_what_is_ascii_of_them)
{
    struct arena *a = arena_new_sized(0);
    struct emvqr what = lamp();
    struct emvqr_piece p[EMVQR_PIECES];
    size_t n = 0;
    const char *text;
    what.name = "නෙළුම් Nelum Stores and everything that stands behind it";
    kit_rc(emvqr_make(a, &what, &text), RC_OK);
    kit_rc(emvqr_parse(text, p, &n), RC_OK);
    ck_piece(p, n, 59, "Nelum Stores and everythi");
    what.name = "නෙළුම්";
    kit_rc(emvqr_make(a, &what, &text), RC_INVALID);
    arena_free(a);
}
END_TEST

START_TEST(what_cannot_stand_in_a_code_is_refused)
{
    struct arena *a = arena_new_sized(0);
    const char *text;
    for (int i = 0; i < 8; i++) {
        struct emvqr what = lamp();
        if (i == 0)
            what.amount = 0;
        if (i == 1)
            what.amount = -5;
        if (i == 2)
            what.amount = INT64_MAX;
        if (i == 3)
            what.currency = "XXX";
        if (i == 4)
            what.account = "";
        if (i == 5)
            what.account = "12 34";
        if (i == 6)
            what.account_id = 52;
        if (i == 7)
            what.category = "53";
        ck_assert_msg(emvqr_make(a, &what, &text) == RC_INVALID, "case %d", i);
    }
    arena_free(a);
}
END_TEST

START_TEST(changed_and_cut_codes_are_none)
{
    struct emvqr_piece p[EMVQR_PIECES];
    size_t n = 0, length = strlen(published);
    char copy[sizeof(published)];
    for (size_t i = 0; i < length; i++) {
        memcpy(copy, published, sizeof(copy));
        copy[i] = (char)(copy[i] == '7' ? '8' : '7');
        if (strcmp(copy, published) != 0)
            ck_assert_msg(emvqr_parse(copy, p, &n) != RC_OK, "byte %zu changed", i);
        memcpy(copy, published, sizeof(copy));
        copy[i] = '\0';
        ck_assert_msg(emvqr_parse(copy, p, &n) != RC_OK, "cut at %zu", i);
    }
    kit_rc(emvqr_parse("", p, &n), RC_INVALID);
    kit_rc(emvqr_parse("0002010002016304", p, &n), RC_INVALID); /* a piece twice */
}
END_TEST

int main(void)
{
    Suite *s = suite_create("emvqr");
    TCase *t = tcase_create("emvqr");
    tcase_add_test(t, the_crc_is_that_of_the_standard);
    tcase_add_test(t, the_published_example_is_read);
    tcase_add_test(t, a_code_says_whom_how_much_and_what_for);
    tcase_add_test(t, names_in_other_scripts_keep_what_is_ascii_of_them);
    tcase_add_test(t, what_cannot_stand_in_a_code_is_refused);
    tcase_add_test(t, changed_and_cut_codes_are_none);
    suite_add_tcase(s, t);
    return kit_run(s);
}
