/* module.c: the face of the module that sells: cart, checkout, the order as who placed it sees it.
 * The rules and the tables are the shop floor's (src/shop); here are only pages, forms and the
 * count in the header. It starts nothing and holds nothing. */
#include "checkout.h"

static const struct app_route routes[] = {
    { M_GET, "/cart", page_cart },
    { M_POST, "/cart/items", act_add, .form = &checkout_add_form, .limit = "cart:120/min" },
    { M_POST, "/cart/lines/{line:id}", act_line, .form = &checkout_line_form,
      .limit = "cart:120/min" },
    { M_POST, "/cart/codes", act_code, .form = &checkout_code_form, .limit = "code:20/min" },
    { M_POST, "/cart/share", act_share, .limit = "share:10/min" },
    { M_GET, "/cart/s/{token:token}", page_shared },
    { M_POST, "/cart/s/{token:token}", act_copy, .limit = "share:10/min" },
    { M_GET, "/checkout", page_details },
    { M_POST, "/checkout", act_details, .form = &checkout_details_form,
      .limit = "checkout:60/min" },
    { M_GET, "/checkout/pay", page_pay },
    { M_POST, "/checkout/pay", act_pay, .form = &checkout_place_form, .limit = "checkout:60/min" },
    { M_POST, "/checkout/place", act_place, .form = &checkout_place_form,
      .limit = "checkout:60/min" },
    { M_GET, "/done/{token:token}", page_done },
    { M_GET, "/track", page_track },
    { M_POST, "/track", act_track, .form = &checkout_track_form, .limit = "track:6/min" },
    { M_GET, "/track/{token:token}", page_order },
    { M_POST, "/track/{token:token}", act_link, .form = &checkout_link_form,
      .limit = "track:20/min" },
    { 0 },
};
static const struct app_nav nav[] = { { "footer", N_("Where is my order?"), "/track", NULL, 300 },
                                      { 0 } };

static const char *const count_names[] = { "HREF", "FILLED", "COUNT", "COUNT_TEXT", NULL };
static const char *const cart_names[] = {
    "FORM_ERRORS",   "FORM_ERROR",  "FIELD",    "MESSAGE",     "REMOVED",    "NAME",
    "ACTION",        "EMPTY",       "LINE",     "IMAGE",       "SRC",        "HREF",
    "OPTIONS_SET",   "OPTIONS",     "NOTICE",   "NOTICE_TEXT", "PRICED",     "UNIT_PRICE",
    "LINE_TOTAL",    "QUANTITY_ID", "QUANTITY", "MAX",         "FILLED",     "SUM",
    "LABEL",         "AMOUNT",      "TOTAL",    "TAX_NOTE",    "TAX_TEXT",   "DELIVERY",
    "DELIVERY_DAYS", "FREE_GAP",    "GAP_TEXT", "CODE",        "CODE_TEXT",  "CODE_ID",
    "CODE_SAYS",     "READY",       "BLOCKED",  "SAVED",       "SAVED_LINE", NULL
};
static const char *const shared_names[] = { "LINE",     "GONE",   "NAME", "HREF",
                                            "QUANTITY", "ACTION", "LINK", NULL };
static const char *const details_names[] = { "GUEST",
                                             "FORM_ERRORS",
                                             "FORM_ERROR",
                                             "FIELD",
                                             "MESSAGE",
                                             "SUM",
                                             "LABEL",
                                             "AMOUNT",
                                             "TOTAL",
                                             "TAX_NOTE",
                                             "TAX_TEXT",
                                             "NAME_VALUE",
                                             "NAME_INVALID",
                                             "NAME_ERROR",
                                             "PHONE_VALUE",
                                             "PHONE_INVALID",
                                             "PHONE_ERROR",
                                             "EMAIL_VALUE",
                                             "EMAIL_INVALID",
                                             "EMAIL_ERROR",
                                             "LINE1_VALUE",
                                             "LINE1_INVALID",
                                             "LINE1_ERROR",
                                             "LINE2_VALUE",
                                             "LINE2_INVALID",
                                             "LINE2_ERROR",
                                             "CITY_VALUE",
                                             "CITY_INVALID",
                                             "CITY_ERROR",
                                             "POSTCODE_VALUE",
                                             "POSTCODE_INVALID",
                                             "POSTCODE_ERROR",
                                             "COUNTRY_VALUE",
                                             "COUNTRY_INVALID",
                                             "COUNTRY_ERROR",
                                             "INSTRUCTIONS_VALUE",
                                             "INSTRUCTIONS_INVALID",
                                             "INSTRUCTIONS_ERROR",
                                             NULL };
static const char *const pay_names[] = {
    "PROBLEM",        "PROBLEM_TEXT",  "NOT_SERVED", "NO_PAYMENT",   "CART_ID", "SHOWN",
    "SHIPPING_SHOWN", "PAYMENT_SHOWN", "SHIPPING",   "METHOD",       "VALUE",   "CHOSEN",
    "DAYS",           "PAYMENT",       "FEE",        "INSTRUCTIONS", "TEXT",    "TO_NAME",
    "TO_PHONE",       "TO_ADDRESS",    "LINE",       "QUANTITY",     "NAME",    "LINE_TOTAL",
    "NOTICE",         "NOTICE_TEXT",   "SUM",        "LABEL",        "AMOUNT",  "TOTAL",
    "TAX_NOTE",       "TAX_TEXT",      "NOTE_VALUE", "READY",        "BLOCKED", NULL
};
static const char *const order_names[] = {
    "PLACED",   "TRACKING", "NUMBER",     "STATE",     "PLACED_AT", "PROMISE",    "DAYS",
    "METHOD",   "TO_NAME",  "TO_ADDRESS", "PAYMENT",   "DUE",       "TRACK_HREF", "LINE",
    "QUANTITY", "NAME",     "SENT",       "SENT_TEXT", "AMOUNT",    "TAX",        "TOTAL",
    "PARCEL",   "CARRIER",  "TRACKED",    "NUMBERED",  "HREF",      "SENT_AT",    "CHANGE",
    "WHAT",     "AT",       "MAY_CANCEL", "ACTION",    NULL
};
static const char *const track_names[] = { "FORM_ERRORS",
                                           "FORM_ERROR",
                                           "FIELD",
                                           "MESSAGE",
                                           "NUMBER_VALUE",
                                           "NUMBER_INVALID",
                                           "NUMBER_ERROR",
                                           "CONTACT_VALUE",
                                           "CONTACT_INVALID",
                                           "CONTACT_ERROR",
                                           NULL };
static const char *const open_names[] = { "ACTION", NULL };
static const struct app_template templates[] = { { "checkout/count.tpl", count_names },
                                                 { "checkout/cart.tpl", cart_names },
                                                 { "checkout/shared.tpl", shared_names },
                                                 { "checkout/details.tpl", details_names },
                                                 { "checkout/pay.tpl", pay_names },
                                                 { "checkout/order.tpl", order_names },
                                                 { "checkout/track.tpl", track_names },
                                                 { "checkout/open.tpl", open_names },
                                                 { 0 } };
static const struct app_slot slots[] = {
    { "shell.cart", 10, SLOT_PERSONAL, slot_count_send, slot_count }, { 0 }
};

APP_MODULE(.name = "checkout", .needs = (const char *const[]){ "shop", NULL }, .routes = routes,
           .templates = templates, .nav = nav, .slots = slots);
