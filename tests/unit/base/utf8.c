/* utf8.c: tests of base/utf8.h. What could break: malformed sequences, control characters, the
 * quick check that skips normalisation, words of Sinhala, Tamil and Arabic in folding. */
#include "base/utf8.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "suites.h"

#define VALID(s) utf8_valid(s, sizeof(s) - 1)

START_TEST(well_formed)
{
    ck_assert(VALID("") && VALID("a") && VALID("\x7f") && VALID("\xc2\x80") && VALID("\xdf\xbf"));
    ck_assert(VALID("\xe0\xa0\x80") && VALID("\xed\x9f\xbf") && VALID("\xee\x80\x80"));
    ck_assert(VALID("\xf0\x90\x80\x80") && VALID("\xf4\x8f\xbf\xbf"));
    ck_assert(VALID("a\0b")); /* NUL is UTF-8; it is utf8_clean that refuses it */
}
END_TEST

START_TEST(malformed)
{
    ck_assert(!VALID("\x80") && !VALID("\xbf") && !VALID("\xfe") && !VALID("\xff"));
    ck_assert(!VALID("\xc0\x80") && !VALID("\xc1\xbf"));         /* overlong */
    ck_assert(!VALID("\xe0\x80\x80") && !VALID("\xe0\x9f\xbf")); /* overlong */
    ck_assert(!VALID("\xf0\x80\x80\x80") && !VALID("\xf0\x8f\xbf\xbf"));
    ck_assert(!VALID("\xed\xa0\x80") && !VALID("\xed\xbf\xbf"));         /* surrogates */
    ck_assert(!VALID("\xf4\x90\x80\x80") && !VALID("\xf5\x80\x80\x80")); /* past U+10FFFF */
    ck_assert(!VALID("\xc3") && !VALID("\xe2\x82") && !VALID("\xf0\x9f\x98"));
    ck_assert(!VALID("\xc3 ") && !VALID("\xe2\x82 ") && !VALID("abcdefgh\xc3"));
    ck_assert(!VALID("12345678\x80") && !VALID("1234567\xff"
                                               "9"));
}
END_TEST

/* Encodes one code point; returns its length. */
static size_t encode(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | cp);
    return n;
}

static bool is_forbidden(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0xd800 && cp < 0xe000) ||
           (cp >= 0xfdd0 && cp <= 0xfdef) || (cp & 0xfffe) == 0xfffe;
}

/* NFC by ICU, the other implementation on this machine; false when ICU says the text is bad. */
static bool icu_nfc(const char *s, size_t n, char *out, size_t size)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar in[256], nfc[512];
    int32_t len;
    u_strFromUTF8(in, 256, &len, s, (int32_t)n, &e);
    int32_t m = unorm2_normalize(unorm2_getNFCInstance(&e), in, len, nfc, 512, &e);
    u_strToUTF8(out, (int32_t)size, &len, nfc, m, &e);
    return U_SUCCESS(e) && e != U_STRING_NOT_TERMINATED_WARNING;
}

START_TEST(every_code_point)
{
    struct arena *a = arena_new_sized(0);
    struct arena_mark_at m = arena_mark(a);
    /* All of them where there are characters, samples of the empty planes. */
    for (uint32_t cp = 0; cp <= 0x10ffff; cp += cp < 0x32000 || cp % 0x10000 > 0xfff0 ? 1 : 7) {
        char in[5] = { 'x' }, want[64], *out;
        size_t n = 1 + encode(cp, in + 1);
        enum rc rc = utf8_clean(a, in, n, 0, &out);
        if (is_forbidden(cp)) {
            HOLDS(rc == RC_INVALID, "U+%04X", cp);
        } else {
            HOLDS(rc == RC_OK, "U+%04X", cp);
            HOLDS(icu_nfc(in, n, want, sizeof(want)), "U+%04X", cp);
            HOLDS(strcmp(out, want) == 0, "U+%04X", cp);
        }
        arena_rewind(a, m);
    }
    arena_free(a);
}
END_TEST

/* Random texts from the blocks where composition happens, against ICU. */
START_TEST(normalisation_agrees_with_icu)
{
    static const uint32_t blocks[][2] = {
        { 0x41, 0x7a },     { 0xc0, 0x17f },    { 0x300, 0x345 },   { 0x620, 0x655 },
        { 0x905, 0x94d },   { 0x985, 0x9d7 },   { 0xb92, 0xbd7 },   { 0xd85, 0xddf },
        { 0xd9, 0xdb },     { 0xdd9, 0xddf },   { 0xbc6, 0xbcc },   { 0xac00, 0xac40 },
        { 0x1100, 0x11c2 }, { 0x1e00, 0x1fff }, { 0x2000, 0x212b }, { 0x3041, 0x309a },
    };
    struct arena *a = arena_new_sized(0);
    struct arena_mark_at m = arena_mark(a);
    uint64_t seed = 37;
    for (int i = 0; i < 100000; i++) {
        char in[64], want[512], *out, *again;
        size_t n = 0, points = 1 + next_random(&seed) % 8;
        const uint32_t *block = blocks[next_random(&seed) % COUNT_OF(blocks)];
        for (size_t k = 0; k < points; k++) {
            if (next_random(&seed) % 4 == 0)
                block = blocks[next_random(&seed) % COUNT_OF(blocks)];
            n += encode(block[0] + (uint32_t)(next_random(&seed) % (block[1] - block[0] + 1)),
                        in + n);
        }
        HOLDS(utf8_clean(a, in, n, 0, &out) == RC_OK, "%.*s", (int)n, in);
        HOLDS(icu_nfc(in, n, want, sizeof(want)), "%.*s", (int)n, in);
        HOLDS(strcmp(out, want) == 0, "%.*s", (int)n, in);
        HOLDS(utf8_clean(a, out, strlen(out), 0, &again) == RC_OK, "%s", out);
        HOLDS(strcmp(again, out) == 0, "%s", out);
        arena_rewind(a, m);
    }
    arena_free(a);
}
END_TEST

START_TEST(clean_and_controls)
{
    struct arena *a = arena_new_sized(0);
    char *out = NULL;
    const unsigned ml = UTF8_MULTILINE;
    ck_assert_int_eq(utf8_clean(a, "ab\0cd", 5, ml, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "a\nb", 3, 0, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "a\tb", 3, 0, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "a\rb", 3, ml, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "a\r", 2, ml, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "a\x1b[0m", 5, ml, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "a\x7f", 2, ml, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "a\xc2\x85", 3, ml, &out), RC_INVALID);
    ck_assert_int_eq(utf8_clean(a, "caf\xe9", 4, ml, &out), RC_INVALID); /* Latin-1 */
    ck_assert_ptr_null(out);
    ck_assert_int_eq(utf8_clean(a, "a\r\nb\tc\n", 7, ml, &out), RC_OK);
    ck_assert_str_eq(out, "a\nb\tc\n");
    ck_assert_int_eq(utf8_clean(a, "Cafe\xcc\x81\r\nx", 9, ml, &out), RC_OK);
    ck_assert_str_eq(out, "Caf\xc3\xa9\nx");
    ck_assert_int_eq(utf8_clean(a, "", 0, 0, &out), RC_OK);
    ck_assert_str_eq(out, "");
    /* Joiners and direction marks belong to the scripts of our shops. */
    static const char kept[] = "\xe0\xb7\x81\xe0\xb7\x8a\xe2\x80\x8d\xe0\xb6\xbb \xe2\x80\x8f";
    ck_assert_int_eq(utf8_clean(a, kept, strlen(kept), 0, &out), RC_OK);
    ck_assert_str_eq(out, kept);
    arena_free(a);
}
END_TEST

START_TEST(controls_at_every_place)
{
    struct arena *a = arena_new_sized(0);
    char text[40], *out;
    for (size_t n = 1; n < sizeof(text); n++) {
        for (size_t at = 0; at < n; at++) {
            memset(text, '~', n);
            ck_assert_int_eq(utf8_clean(a, text, n, 0, &out), RC_OK);
            for (int c = 0; c < 256; c++) {
                bool fine = c >= 0x20 && c < 0x7f;
                text[at] = (char)c;
                HOLDS((utf8_clean(a, text, n, 0, &out) == RC_OK) == fine, "%zu of %zu: %d", at, n,
                      c);
            }
            arena_reset(a);
        }
    }
    arena_free(a);
}
END_TEST

START_TEST(lengths_and_cuts)
{
    struct arena *a = arena_new_sized(0);
    ck_assert_uint_eq(utf8_length(""), 0);
    ck_assert_uint_eq(utf8_length("aක😀é"), 4);
    ck_assert_str_eq(utf8_cut(a, "abc", 5), "abc");
    ck_assert_str_eq(utf8_cut(a, "abc", 3), "abc");
    ck_assert_str_eq(utf8_cut(a, "abc", 2), "ab");
    ck_assert_str_eq(utf8_cut(a, "abc", 0), "");
    ck_assert_str_eq(utf8_cut(a, "", 3), "");
    /* A consonant keeps its vowel sign; a flag keeps both halves. */
    ck_assert_str_eq(utf8_cut(a, "කිකි", 3), "කි");
    ck_assert_str_eq(utf8_cut(a, "a🇱🇰", 2), "a");
    ck_assert_str_eq(utf8_cut(a, "கொடி", 3), "கொ");
    /* One cluster longer than n is cut inside rather than lost. */
    ck_assert_str_eq(utf8_cut(a, "e\xcc\x81\xcc\x82\xcc\x83", 2), "e\xcc\x81");
    arena_free(a);
}
END_TEST

static void folds(struct arena *a, const char *in, const char *want)
{
    char *out = utf8_fold(a, in);
    ck_assert_str_eq(out, want);
    ck_assert_str_eq(utf8_fold(a, out), want);
}

START_TEST(folding)
{
    struct arena *a = arena_new_sized(0);
    folds(a, "Solar PANEL 450W", "solar panel 450w");
    folds(a, "Café ÀÉ Łódź", "cafe ae łodz");
    folds(a, "STRASSE", "strasse");
    folds(a, "Straße", "strasse");
    folds(a, "İstanbul", "istanbul");
    folds(a, "ﬁne ①②", "fine 12"); /* compatibility forms */
    /* Arabic: hamza forms, alef maksura, teh marbuta, vowel points, tatweel */
    folds(a, "أحمد إبراهيم آمنة", "احمد ابراهيم امنه");
    folds(a, "مُدَرِّسَة", "مدرسه");
    folds(a, "على", "علي");
    folds(a, "عـــلي", "علي");
    /* Sinhala and Tamil keep their vowel signs and viramas, joiners go */
    folds(a, "ශ්‍රී ලංකා", "ශ්රී ලංකා");
    folds(a, "கொழும்பு", "கொழும்பு");
    folds(a, "ガ", "ガ"); /* voicing is another syllable */
    folds(a, "", "");
    arena_free(a);
}
END_TEST

START_TEST(slugs)
{
    static const char *const at[][2] = {
        { "Solar Panel 450W", "solar-panel-450w" },
        { "  --Hello,   World!--  ", "hello-world" },
        { "Men's & Women’s", "mens-womens" },
        { "Café crème", "cafe-creme" },
        { "ශ්‍රී ලංකා තේ", "ශ්රී-ලංකා-තේ" },
        { "شاي أسود", "شاي-اسود" },
        { "!!!", "" },
        { "", "" },
        { "/../etc/passwd", "etc-passwd" },
        { "<script>", "script" },
        { "a\xcc\x81 \xcc\x81 b", "a-b" },
        { "\xe0\xb7\x92 x", "x" }, /* a vowel sign without a letter */
    };
    struct arena *a = arena_new_sized(0);
    for (size_t i = 0; i < COUNT_OF(at); i++)
        ck_assert_str_eq(utf8_slug(a, at[i][0]), at[i][1]);
    char text[1000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    ck_assert_uint_eq(utf8_length(utf8_slug(a, text)), 80);
    text[79] = ' '; /* the cut falls on the hyphen */
    ck_assert_uint_eq(utf8_length(utf8_slug(a, text)), 79);
    arena_free(a);
}
END_TEST

Suite *suite_utf8(void)
{
    return SUITE_OF("utf8", well_formed, malformed, every_code_point, normalisation_agrees_with_icu,
                    clean_and_controls, controls_at_every_place, lengths_and_cuts, folding, slugs);
}
