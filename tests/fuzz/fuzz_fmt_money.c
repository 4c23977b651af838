/* fuzz_fmt_money.c: money as people type it. Any bytes in, in every language and some currencies;
 * what is accepted must be a multiple of the currency's step, and written and read again it must be
 * the same amount. Not here: money_parse for machines, which has a target of its own. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/money.h"
#include "platform/fmt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const currencies[] = { "LKR", "USD", "IQD", "JPY", "INR", "KWD", "ZZZ" };
    if (size < 1 || size > 4096)
        return 0;
    size_t nlocales;
    const struct locale *locales = i18n_locales(&nlocales);
    const struct locale *l = &locales[data[0] % nlocales];
    const char *currency = currencies[data[0] / 8 % COUNT_OF(currencies)];
    fmt_use_native_digits(data[0] >= 128);

    struct arena *a = arena_new_sized(0);
    const char *text = arena_strndup(a, (const char *)data + 1, size - 1);
    int64_t amount, again = 0;
    if (fmt_money_parse(a, l, text, currency, &amount) == RC_OK) {
        check_that(amount % currency_step(currency_find(currency)) == 0);
        const char *shown = fmt_money(a, l, amount, currency);
        check_that(fmt_money_parse(a, l, shown, currency, &again) == RC_OK);
        check_that(again == amount);
    }
    (void)fmt_zone_valid(text);
    int64_t start, end;
    if (fmt_day_range((int64_t)size * 86400000000, text, &start, &end) == RC_OK)
        check_that(start < end);
    arena_free(a);
    return 0;
}
