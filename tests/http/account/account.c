/* account.c: a browser of one person. */
#include "account.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

struct kit *account_kit(void)
{
    static const char *const names[] = { "account", NULL };
    struct kit *k = kit_open(&(struct kit_opt){ .load = names });
    kit_sql(k, "DELETE FROM app.messages; DELETE FROM app.jobs; DELETE FROM app.login_attempts; "
               "DELETE FROM app.account_tokens; DELETE FROM app.sessions; DELETE FROM app.outbox; "
               "DELETE FROM app.second_factors; DELETE FROM app.recovery_codes; "
               "DELETE FROM app.entity_words; DELETE FROM shop.consents; "
               "DELETE FROM shop.addresses; DELETE FROM shop.customers WHERE id NOT IN ('" KIT_ANN
               "', '" KIT_BEN "')");
    kit_shell(k, "rm -rf '%s/mail'", k->dir);
    return k;
}

struct person person(struct kit *k, const char *host)
{
    static int n;
    struct person p = { .k = k, .host = host };
    /* limits are per address: each person has their own */
    p.ip = arena_printf(k->arena, "198.%d.%d.%d", (int)getpid() / 250 % 250, (int)getpid() % 250,
                        n % 250 + 1);
    n++;
    return p;
}

static void keep(struct person *p)
{
    const char *set = kit_set_cookie(p->k, &p->a, "session");
    const char *second = kit_set_cookie(p->k, &p->a, "second");
    char session[256] = "", half[200] = "";
    const char *at = strstr(p->cookie, "session=");
    if (set)
        snprintf(session, sizeof session, "%s", set);
    else if (at)
        snprintf(session, sizeof session, "%.*s", (int)strcspn(at + 8, ";"), at + 8);
    at = strstr(p->cookie, "second=");
    if (second)
        snprintf(half, sizeof half, "%s", second);
    else if (at)
        snprintf(half, sizeof half, "%.*s", (int)strcspn(at + 7, ";"), at + 7);
    snprintf(p->cookie, sizeof p->cookie, "%s%s%s%s%s", *session ? "session=" : "", session,
             *session && *half ? "; " : "", *half ? "second=" : "", half);
}

static void ask(struct person *p, const struct kit_ask *q)
{
    struct kit_ask whole = *q;
    whole.host = p->host;
    whole.ip = p->ip;
    whole.cookie = *p->cookie ? p->cookie : NULL;
    p->a = kit_ask(p->k, &whole);
    keep(p);
}

void go(struct person *p, const char *path)
{
    ask(p, &(struct kit_ask){ .path = path });
}

static const char *token(struct person *p)
{
    struct kit_answer was = p->a;
    go(p, "/login");
    if (p->a.status != 200)
        go(p, "/account/profile");
    const char *at = strstr(p->a.body, "name=\"csrf\" value=\"");
    p->a = was;
    return at ? arena_strndup(p->k->arena, at + 19, 43) : "";
}

void send_form(struct person *p, const char *path, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *body = arena_vprintf(p->k->arena, fmt, ap);
    va_end(ap);
    const char *csrf = token(p);
    if (*csrf)
        body = arena_printf(p->k->arena, "csrf=%s%s%s", csrf, *body ? "&" : "", body);
    ask(p, &(struct kit_ask){ .method = "POST", .path = path, .body = body });
}

void follow(struct person *p)
{
    ck_status(p->a, 303);
    go(p, kit_header(&p->a, "Location"));
}

void sent_to(const struct person *p, const char *path)
{
    ck_status(p->a, 303);
    ck_assert_str_eq(kit_header(&p->a, "Location"), path);
}

const char *link_of(struct person *p, const char *email, const char *kind)
{
    kit_work(p->k);
    for (unsigned n = kit_letters(p->k, email); n > 0; n--) {
        const char *l = kit_letter(p->k, email, n);
        if (strstr(l, kind))
            return kit_after(p->k, l, kind);
    }
    return NULL;
}

void join(struct person *p, const char *email, const char *password)
{
    send_form(p, "/register", "name=Nimal+Perera&email=%s&password=%s", email, password);
    sent_to(p, "/register/sent");
    const char *t = link_of(p, email, "/verify/");
    ck_assert_ptr_nonnull(t);
    go(p, arena_printf(p->k->arena, "/verify/%s", t));
    ck_status(p->a, 200);
    send_form(p, arena_printf(p->k->arena, "/verify/%s", t), "%s", "");
    sent_to(p, "/account");
}

void sign_in(struct person *p, const char *email, const char *password)
{
    send_form(p, "/login", "email=%s&password=%s", email, password);
}

bool signed_in(struct person *p)
{
    go(p, "/account");
    return p->a.status == 200;
}
