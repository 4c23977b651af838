/* calls_orders.c: what follows an order while calls fail (torture.h): each cause becomes one mail,
 * in the end and whatever failed on the way. */
#include <stdio.h>
#include <string.h>

#include "../http/orders/orders.h"
#include "torture.h"

static const char *fresh(struct kit *k)
{
    orders_wipe(k);
    kit_sql(k, "DELETE FROM app.messages");
    return orders_add(k, &(struct orders_ask){ .email = "torture@example.test" });
}

static const char *paid(struct kit *k)
{
    const char *id = fresh(k);
    orders_capture(k, id, 1);
    return id;
}

static const char *shipped(struct kit *k)
{
    const char *id = fresh(k);
    orders_ship(k, id, 1);
    return id;
}

static const char *cancelled(struct kit *k)
{
    const char *id = fresh(k);
    kit_sql(k, "UPDATE shop.orders SET cancelled_minor = total_minor, state = 'cancelled'");
    return id;
}

static const char *refunded(struct kit *k)
{
    const char *id = paid(k);
    orders_refund(k, id, 1);
    return id;
}

static const char *mine(struct kit *k)
{
    orders_wipe(k);
    orders_add(k, &(struct orders_ask){ .number = "F-1", .customer = KIT_ANN });
    kit_sql(k, "DELETE FROM shop.carts WHERE customer_id = '" KIT_ANN "'");
    return "/account/orders/F-1";
}

static const struct torture_call calls[] = {
    { .route = "POST /account/orders/{number:any}",
      .who = AS_CUSTOMER,
      .path_of = mine,
      .body = "action=cancel",
      .counts = { { "SELECT count(*) FROM app.audit_logs WHERE action = 'order.cancelled'", 1 },
                  { "SELECT count(*) FROM app.outbox WHERE topic = 'order.cancelled'", 1 } } },
    { 0 }
};

static const char *paid_whole(struct kit *k)
{
    const char *id = paid(k);
    orders_capture(k, id, 2);
    return id;
}

static const char *refunded_invoice(struct kit *k)
{
    const char *id = refunded(k);
    kit_sql(k, ORDERS_TENANT
            "INSERT INTO shop.documents (kind, series, number_no, number, order_id, currency, "
            "total_minor, content) SELECT 'invoice', 'invoice', 1, 'INV-000001', o.id, 'LKR', "
            "o.total_minor, '{}' FROM shop.orders o; UPDATE app.number_series SET next_no = 2 "
            "WHERE series = 'invoice'");
    return id;
}

#define ONE(t)                                                                                     \
    "SELECT count(*) = 1 FROM app.messages WHERE template = 'mail/order_" t                        \
    "' AND state IN ('waiting', 'sent')"

static const struct torture_event events[] = {
    { .consumer = "orders:order.placed", .before = fresh, .holds = { ONE("placed") } },
    { .consumer = "orders:payment.captured", .before = paid, .holds = { ONE("paid") } },
    { .consumer = "orders:order.shipped", .before = shipped, .holds = { ONE("shipped") } },
    { .consumer = "orders:order.cancelled", .before = cancelled, .holds = { ONE("cancelled") } },
    { .consumer = "orders:refund.done", .before = refunded, .holds = { ONE("refunded") } },
    { .consumer = "shop:payment.captured",
      .before = paid_whole,
      .holds = { "SELECT count(*) = 1 FROM shop.documents WHERE kind = 'invoice'" } },
    { .consumer = "shop:order.shipped",
      .before = shipped,
      .holds = { "SELECT count(*) = 2 FROM shop.documents",
                 "SELECT count(*) = 2 FROM app.jobs WHERE name = 'document.draw'" } },
    { .consumer = "shop:refund.done",
      .before = refunded_invoice,
      .holds = { "SELECT count(*) = 1 FROM shop.documents WHERE kind = 'credit_note'" } },
    /* without a token there is no link to send */
    { .consumer = "orders:order.lookup_asked",
      .before = fresh,
      .holds = { "SELECT count(*) = 0 FROM app.messages" } },
    { 0 }
};

static const char *issued(struct kit *k)
{
    (void)fresh(k);
    kit_sql(
        k, ORDERS_TENANT
        "DELETE FROM app.jobs WHERE name = 'document.draw'; INSERT INTO shop.documents (kind, "
        "series, number_no, number, order_id, currency, total_minor, content) SELECT 'invoice', "
        "'invoice', 1, 'INV-000001', o.id, 'LKR', o.total_minor, "
        "'{\"locale\":\"en\",\"zone\":\"Asia/Colombo\",\"brand\":\"A\"}' FROM shop.orders o; "
        "UPDATE "
        "app.number_series SET next_no = 2 WHERE series = 'invoice'");
    return arena_printf(k->arena, "{\"document\":\"%s\"}",
                        kit_cell(k, "SELECT id FROM shop.documents"));
}

static const struct torture_job jobs[] = {
    { .job = "document.draw",
      .before = issued,
      .check = orders_wipe, /* what comes after makes orders of its own */
      .holds = { "SELECT count(*) = 1 FROM shop.document_files f JOIN shop.documents d ON d.id = "
                 "f.document_id" } },
    { 0 }
};

TORTURE(.name = "orders", .jobs = jobs, .calls = calls, .events = events)
