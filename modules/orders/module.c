/* module.c: the face of what follows an order: the letters to who placed it. The rules of orders
 * are src/shop/order.h's, sending is app/mail.h's; this file only lists. The module has no table.
 */
#include "app/ctx.h"
#include "gen/orders_q.h"
#include "orders.h"
#include "platform/i18n.h"

static const char *const placed_html[] = {
    "NUMBER", "SHOP_URL", "GREET",       "NAME",    "GUEST",    "TOKEN", "OWNER",
    "ITEM",   "QUANTITY", "ITEM_NAME",   "OPTIONS", "AMOUNT",   "SUM",   "LABEL",
    "TOTAL",  "PAYMENT",  "METHOD",      "PROMISE", "TAX_NOTE", "DAYS",  "ADDRESS",
    "TEXT",   "TAX_TEXT", "OPTIONS_SET", NULL
};
static const char *const paid_names[] = { "NUMBER", "SHOP_URL", "GREET", "NAME", "GUEST", "TOKEN",
                                          "OWNER",  "AMOUNT",   "PART",  "DUE",  "WHOLE", NULL };
static const char *const shipped_names[] = { "NUMBER",      "SHOP_URL", "GREET",    "NAME",
                                             "GUEST",       "TOKEN",    "OWNER",    "BY",
                                             "CARRIER",     "TRACKED",  "HREF",     "TRACKING",
                                             "NUMBERED",    "ITEM",     "QUANTITY", "ITEM_NAME",
                                             "OPTIONS_SET", "OPTIONS",  NULL };
static const char *const cancelled_names[] = { "NUMBER", "SHOP_URL", "GREET",  "NAME",
                                               "GUEST",  "TOKEN",    "OWNER",  "WHOLE",
                                               "REST",   "BACK",     "AMOUNT", NULL };
static const char *const refunded_names[] = { "NUMBER", "SHOP_URL", "GREET", "NAME",
                                              "GUEST",  "TOKEN",    "OWNER", "AMOUNT",
                                              "WHY",    "REASON",   NULL };
static const char *const lookup_names[] = { "NUMBER", "SHOP_URL", "TOKEN", NULL };

static const char *const list_names[] = { "MENU",    "EMPTY", "ORDER", "HREF",      "NUMBER",
                                          "STATE",   "NAME",  "MORE",  "MORE_TEXT", "PLACED_AT",
                                          "PAYMENT", "TOTAL", "NEXT",  NULL };
static const char *const order_names[] = {
    "MENU",    "NUMBER",   "STATE",     "PLACED_AT",    "PROMISE",     "DAYS",    "PARCEL",
    "CARRIER", "TRACKED",  "HREF",      "TRACKING",     "NUMBERED",    "SENT_AT", "DELIVERED",
    "LINE",    "QUANTITY", "NAME",      "DELIVERED_AT", "OPTIONS_SET", "OPTIONS", "NOTE",
    "SUM",     "LABEL",    "NOTE_TEXT", "AMOUNT",       "TOTAL",       "METHOD",  "TAX_NOTE",
    "DUE",     "BACK",     "TAX_TEXT",  "PAYMENT",      "ADDRESS",     "PLACE",   "TEXT",
    "CHANGE",  "WHAT",     "AT",        "ACTION",       "MAY_CANCEL",  "PAPERS",  "PAPER",
    NULL
};

static const char *const preparing_names[] = { "TITLE", "HREF", NULL };

static const struct app_template templates[] = { { "orders/list.tpl", list_names },
                                                 { "orders/order.tpl", order_names },
                                                 { "orders/preparing.tpl", preparing_names },
                                                 { "mail/order_placed.tpl", placed_html },
                                                 { "mail/order_placed.txt.tpl", placed_html },
                                                 { "mail/order_paid.tpl", paid_names },
                                                 { "mail/order_paid.txt.tpl", paid_names },
                                                 { "mail/order_shipped.tpl", shipped_names },
                                                 { "mail/order_shipped.txt.tpl", shipped_names },
                                                 { "mail/order_cancelled.tpl", cancelled_names },
                                                 { "mail/order_cancelled.txt.tpl",
                                                   cancelled_names },
                                                 { "mail/order_refunded.tpl", refunded_names },
                                                 { "mail/order_refunded.txt.tpl", refunded_names },
                                                 { "mail/order_lookup.tpl", lookup_names },
                                                 { "mail/order_lookup.txt.tpl", lookup_names },
                                                 { 0 } };

static const struct app_event_sub events[] = { { "order.placed", EV_JOB, mail_placed },
                                               { "payment.captured", EV_JOB, mail_paid },
                                               { "order.shipped", EV_JOB, mail_shipped },
                                               { "order.cancelled", EV_JOB, mail_cancelled },
                                               { "refund.done", EV_JOB, mail_refunded },
                                               { "order.lookup_asked", EV_JOB, mail_lookup },
                                               { 0 } };

static const struct app_route routes[] = {
    { M_GET, "/account/orders", page_list, "shop.customer" },
    { M_GET, "/account/orders/{number:any}", page_one, "shop.customer" },
    { M_POST, "/account/orders/{number:any}", act_one, "shop.customer", .form = &orders_act_form,
      .limit = "orders:30/min" },
    { M_GET, "/account/orders/{number:any}/invoice", page_invoice, "shop.customer" },
    { M_GET, "/account/orders/{number:any}/papers/{paper:id}", page_paper, "shop.customer" },
    { M_GET, "/track/{token:token}/invoice", page_tracked_invoice },
    { 0 }
};
static const struct app_nav nav[] = {
    { "account", N_("Orders"), "/account/orders", "shop.customer", 10 }, { 0 }
};

APP_MODULE(.name = "orders", .needs = (const char *const[]){ "shop", "account", NULL },
           .routes = routes, .nav = nav, .templates = templates, .events = events,
           .stmts = orders_stmts);
