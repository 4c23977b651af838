/* order_words.c: states of orders in the reader's language. Codes of our own have words in every
 * catalogue; a state that a shop added has the label the shop gave it. Not here: which state may
 * follow which. */
#include "base/str.h"
#include "platform/i18n.h"
#include "shop/order.h"

struct word {
    const char *code, *label;
};

static const char *find(const struct word *w, size_t n, const char *code, const char *otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(w[i].code, code))
            return tr(w[i].label);
    return otherwise;
}

const char *order_state_text(const char *state, const char *label)
{
    static const struct word words[] = {
        { "pending", N_("Waiting for payment") }, { "confirmed", N_("Confirmed") },
        { "processing", N_("Being packed") },     { "ready_for_pickup", N_("Ready for pickup") },
        { "shipped", N_("On its way") },          { "delivered", N_("Delivered") },
        { "installed", N_("Installed") },         { "completed", N_("Completed") },
        { "cancelled", N_("Cancelled") }
    };
    return find(words, COUNT_OF(words), state, label);
}

const char *order_payment_text(const char *state)
{
    static const struct word words[] = { { "pending", N_("Not paid yet") },
                                         { "authorized", N_("Reserved on your card") },
                                         { "partial", N_("Paid in part") },
                                         { "paid", N_("Paid") },
                                         { "partially_refunded", N_("Given back in part") },
                                         { "refunded", N_("Given back") } };
    return find(words, COUNT_OF(words), state, state);
}
