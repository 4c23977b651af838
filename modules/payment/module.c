/* module.c: the face of the module that takes money: the page of an order that is still to be paid,
 * and the door for what gateways tell. The rules, the sums and the gateways are the shop floor's
 * (src/shop); here are only pages and forms. */
#include "payment.h"

enum { HOOK_KB = 64, SLIP_KB = 6 * 1024 + 64 };

static const struct app_route routes[] = {
    { M_GET, "/pay/{token:token}", page_pay },
    { M_GET, "/pay/{token:token}/back", page_back, .flags = R_ANY_QUERY },
    { M_POST, "/pay/{token:token}/told", act_told, .form = &payment_told_form,
      .max_body_kb = SLIP_KB, .limit = "slip:20/min" },
    { M_POST, "/pay/{token:token}/method", act_method, .form = &payment_method_form,
      .limit = "pay:30/min" },
    { M_POST, "/pay/{token:token}/go", act_go, .limit = "pay:30/min" },
    { M_POST, "/pay/{token:token}/check", act_check, .limit = "pay:30/min" },
    { M_POST, "/hooks/payment/{method:any}", act_hook, .flags = R_CSRF_OFF | R_NO_SESSION | R_JSON,
      .max_body_kb = HOOK_KB },
    { 0 },
};

static const char *const pay_names[] = { "NUMBER",
                                         "TRACK_HREF",
                                         "PAID",
                                         "CANCELLED",
                                         "DOOR",
                                         "OPEN",
                                         "DUE",
                                         "DEADLINE",
                                         "UNTIL",
                                         "TOLD",
                                         "FAILED",
                                         "WAITING",
                                         "FORM_ERRORS",
                                         "FORM_ERROR",
                                         "FIELD",
                                         "MESSAGE",
                                         "BANK",
                                         "DETAIL",
                                         "LABEL",
                                         "VALUE",
                                         "CODE",
                                         "QR_SIZE",
                                         "QR_PATH",
                                         "TEXT",
                                         "NO_CODE",
                                         "CARD",
                                         "RESUME",
                                         "HREF",
                                         "SLIP",
                                         "ACTION",
                                         "OTHERS",
                                         "OTHER",
                                         "REFERENCE_VALUE",
                                         "REFERENCE_INVALID",
                                         "REFERENCE_ERROR",

                                         "SLIP_INVALID",
                                         "SLIP_ERROR",
                                         "METHOD",
                                         "INSTRUCTIONS",
                                         NULL };
static const struct app_template templates[] = { { "payment/pay.tpl", pay_names }, { 0 } };

APP_MODULE(.name = "payment", .needs = (const char *const[]){ "shop", NULL }, .routes = routes,
           .templates = templates);
