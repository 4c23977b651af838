/* fuzz_money.c: amounts as text and shares. Text that is read comes back the same; shares sum to
 * the total, none has the other sign. The first bytes choose currency, mode and the number of
 * weights; the rest are the weights and the text. */
#include <string.h>

#include "base/money.h"
#include "fuzz.h"

__extension__ typedef __int128 wide;

static void check_text(struct arena *a, const struct currency *c, const uint8_t *data, size_t size)
{
    char plain[32];
    int64_t v, back;
    if (money_parse(fuzz_text(a, data, size), c, &v) != RC_OK)
        return;
    money_plain(v, c, plain, sizeof(plain));
    HOLDS(money_parse(plain, c, &back) == RC_OK && back == v);
}

static void check_split(const int64_t *number, size_t n)
{
    int64_t out[16], total = number[0];
    if (n < 2 || money_split(total, number + 1, n - 1, out) != RC_OK)
        return;
    wide sum = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        sum += out[i];
        HOLDS(out[i] == 0 || (out[i] < 0) == (total < 0));
        HOLDS(number[i + 1] != 0 || out[i] == 0);
    }
    HOLDS(sum == total);
}

static void check_ratio(const int64_t *number, size_t n, enum rounding mode)
{
    int64_t out;
    if (n < 3 || money_ratio(number[0], number[1], number[2], mode, &out) != RC_OK)
        return;
    wide off = (wide)out * number[2] - (wide)number[0] * number[1];
    HOLDS((off < 0 ? -off : off) < number[2]);
    if (money_round(number[0], number[2], mode, &out) == RC_OK)
        HOLDS(out % number[2] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const codes[] = { "LKR", "JPY", "IQD", "CLF" };
    if (size < 2 || size > 1024)
        return 0;
    struct arena *a = arena_new_sized(0);
    int64_t number[16];
    size_t n = (size - 2) / 8;
    if (n > COUNT_OF(number))
        n = COUNT_OF(number);
    memcpy(number, data + 2, n * 8);
    check_text(a, currency_find(codes[data[0] % 4]), data + 2, size - 2);
    if (n > 0)
        check_split(number, n);
    check_ratio(number, n, (enum rounding)(data[1] % 4));
    arena_free(a);
    return 0;
}
