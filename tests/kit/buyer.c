/* buyer.c: shoppers who do not give up: each puts something into a cart, says where to, looks at
 * the review and places the order, asking again whenever the shop is away. Prints the
 * confirmation's path of every order that was confirmed to them, one a line; every fifth leaves
 * before placing, so that holds are left to run out. buyer ADDRESS HOST VARIANT CHECKOUTS CLIENTS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fcgi_client.h"

enum { TRIES = 300, WAIT_MS = 50, TIMEOUT_MS = 10000, TEXT = 4096, FAILED = 1 };

struct shopper {
    const char *address, *host;
    int number;
    char cookie[200], csrf[200], location[400];
    struct fcgi_answer answer; /* of the last request */
};

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = WAIT_MS * 1000000L }, NULL);
}

/* The value of a header line in the answer's head; "" when it is not there. */
static void header(const struct shopper *s, const char *name, char *out, size_t most)
{
    const char *at = strstr(s->answer.text, name);
    out[0] = '\0';
    if (at == NULL || (s->answer.body != NULL && at > s->answer.body))
        return;
    at += strlen(name);
    size_t n = strcspn(at, ";\r\n");
    if (n < most) {
        memcpy(out, at, n);
        out[n] = '\0';
    }
}

static int once(struct shopper *s, const char *method, const char *uri, const char *body)
{
    char line[7][TEXT];
    size_t n = body != NULL ? strlen(body) : 0;
    (void)snprintf(line[0], TEXT, "REQUEST_METHOD=%s", method);
    (void)snprintf(line[1], TEXT, "REQUEST_URI=%s", uri);
    (void)snprintf(line[2], TEXT, "HTTP_HOST=%s", s->host);
    (void)snprintf(line[3], TEXT, "HTTP_COOKIE=%s%s", s->cookie[0] != '\0' ? "session=" : "",
                   s->cookie);
    (void)snprintf(line[4], TEXT, "CONTENT_LENGTH=%zu", n);
    /* An address each: limits by address are not what is tested here. */
    (void)snprintf(line[5], TEXT, "REMOTE_ADDR=10.%d.%d.%d", s->number / 65536 % 256,
                   s->number / 256 % 256, s->number % 256);
    (void)snprintf(line[6], TEXT, "QUERY_STRING=");
    const char *const params[] = { line[0],
                                   line[1],
                                   line[2],
                                   line[3],
                                   line[4],
                                   line[5],
                                   line[6],
                                   "CONTENT_TYPE=application/x-www-form-urlencoded",
                                   "HTTP_SEC_FETCH_SITE=same-origin",
                                   "SERVER_PROTOCOL=HTTP/1.1",
                                   "GATEWAY_INTERFACE=CGI/1.1",
                                   NULL };
    fcgi_answer_free(&s->answer);
    if (fcgi_call(s->address, params, body, n, TIMEOUT_MS, &s->answer) != FCGI_DONE)
        return 0;
    return s->answer.status;
}

/* Asks until the shop answers with anything but its own trouble. */
static int ask(struct shopper *s, const char *method, const char *uri, const char *body)
{
    char session[200];
    int status = 0;
    for (int i = 0; i < TRIES; i++) {
        status = once(s, method, uri, body);
        if (status != 0 && status < 500)
            break;
        nap();
    }
    if (status == 0 || status >= 500)
        return status;
    header(s, "Set-Cookie: session=", session, sizeof(session));
    if (session[0] != '\0')
        memcpy(s->cookie, session, sizeof(session));
    header(s, "Location: ", s->location, sizeof(s->location));
    return status;
}

static void value(const struct shopper *s, const char *before, char *out, size_t most)
{
    const char *at = s->answer.body != NULL ? strstr(s->answer.body, before) : NULL;
    out[0] = '\0';
    if (at == NULL)
        return;
    at += strlen(before);
    size_t n = strcspn(at, "\"");
    if (n < most) {
        memcpy(out, at, n);
        out[n] = '\0';
    }
}

static int fill_cart(struct shopper *s, const char *variant)
{
    char body[TEXT];
    for (const char *v = variant; *v != '\0'; v += strcspn(v, ","), v += *v == ',' ? 1 : 0) {
        (void)snprintf(body, TEXT, "csrf=%s&variant=%.*s&quantity=1", s->csrf, (int)strcspn(v, ","),
                       v);
        if (ask(s, "POST", "/cart/items", body) != 303 || ask(s, "GET", "/cart", NULL) != 200)
            return -1;
        value(s, "name=\"csrf\" value=\"", s->csrf, sizeof(s->csrf));
    }
    (void)snprintf(body, TEXT,
                   "csrf=%s&country=LK&name=Shopper+%d&phone=0771234567&email=s%d%%40x.test&"
                   "address_line1=1+Road&city=Colombo",
                   s->csrf, s->number, s->number);
    return ask(s, "POST", "/checkout", body) == 303 ? 0 : -1;
}

/* The form of the review, filled in. */
static int review(struct shopper *s, char body[TEXT])
{
    char cart[100], shown[100], method[100];
    if (ask(s, "GET", "/checkout/pay", NULL) != 200)
        return -1;
    value(s, "name=\"cart\" value=\"", cart, sizeof(cart));
    value(s, "name=\"shown\" value=\"", shown, sizeof(shown));
    value(s, "name=\"shipping_shown\" value=\"", method, sizeof(method));
    (void)snprintf(body, TEXT,
                   "csrf=%s&cart=%s&shown=%s&shipping_method=%s&shipping_shown=%s&"
                   "payment_method=cod&payment_shown=cod&note=",
                   s->csrf, cart, shown, method, method);
    return 0;
}

static int place(struct shopper *s)
{
    char body[TEXT];
    for (int i = 0; i < 10; i++) {
        if (review(s, body) != 0)
            return -1;
        /* The same click again while nobody answers: it must come to the same order. */
        if (ask(s, "POST", "/checkout/place", body) == 303 && strstr(s->location, "/done/") != NULL)
            return 0;
    }
    return -1;
}

static int shop(const char *address, const char *host, const char *variant, int from, int to)
{
    int failed = 0;
    for (int i = from; i < to; i++) {
        struct shopper s = { .address = address, .host = host, .number = i };
        if (fill_cart(&s, variant) != 0 || (i % 5 != 4 && place(&s) != 0)) {
            fprintf(stderr, "shopper %d got no further: %d %.200s\n", i, s.answer.status,
                    s.answer.text != NULL ? s.answer.text : "");
            failed++;
        } else if (i % 5 != 4) {
            printf("%s\n", strstr(s.location, "/done/"));
            fflush(stdout);
        }
        fcgi_answer_free(&s.answer);
    }
    return failed;
}

/* ---- as fast as it goes -----------------------------------------------------------------------
 */
enum { LOOKS = 400 };
struct board { /* shared by the clients */
    int ready, go, placed, failed, nlooks;
    double cart_ms[LOOKS], checkout_ms[LOOKS];
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void look(struct shopper *s, struct board *b)
{
    int i = __atomic_fetch_add(&b->nlooks, 1, __ATOMIC_RELAXED);
    if (i >= LOOKS)
        return;
    double t0 = now_ms();
    (void)once(s, "GET", "/cart", NULL);
    double t1 = now_ms();
    (void)once(s, "GET", "/checkout", NULL);
    b->cart_ms[i] = t1 - t0;
    b->checkout_ms[i] = now_ms() - t1;
}

static void client(struct board *b, struct shopper proto, const char *variants, int from, int to)
{
    struct shopper *s = calloc((size_t)(to - from) + 1, sizeof(*s));
    char(*body)[TEXT] = calloc((size_t)(to - from) + 1, TEXT);
    int n = 0;
    for (int i = from; s != NULL && body != NULL && i < to; i++) {
        s[n] = proto;
        s[n].number = i;
        if (fill_cart(&s[n], variants) != 0 || review(&s[n], body[n]) != 0) {
            __atomic_fetch_add(&b->failed, 1, __ATOMIC_RELAXED);
            continue;
        }
        look(&s[n], b);
        n++;
    }
    __atomic_fetch_add(&b->ready, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&b->go, __ATOMIC_SEQ_CST))
        nap();
    for (int i = 0; i < n; i++) {
        int *count = &b->failed;
        if (once(&s[i], "POST", "/checkout/place", body[i]) == 303) {
            header(&s[i], "Location: ", s[i].location, sizeof(s[i].location));
            count = strstr(s[i].location, "/done/") != NULL ? &b->placed : &b->failed;
        }
        __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
        fcgi_answer_free(&s[i].answer);
    }
    free(s);
    free(body);
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static double p95(double *ms, int n)
{
    if (n == 0)
        return 0;
    qsort(ms, (size_t)n, sizeof(*ms), by_size);
    return ms[(n * 95 + 99) / 100 - 1];
}

static int bench(const struct shopper *proto, const char *variants, int checkouts, int clients)
{
    struct board *b =
        mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (b == MAP_FAILED)
        return FAILED;
    for (int k = 0; k < clients; k++)
        if (fork() == 0) {
            client(b, *proto, variants, checkouts * k / clients, checkouts * (k + 1) / clients);
            _exit(0);
        }
    while (__atomic_load_n(&b->ready, __ATOMIC_SEQ_CST) < clients)
        nap();
    double t0 = now_ms();
    __atomic_store_n(&b->go, 1, __ATOMIC_SEQ_CST);
    while (wait(NULL) > 0)
        continue;
    int looks = b->nlooks < LOOKS ? b->nlooks : LOOKS;
    printf("placed %d failed %d seconds %.3f cart_p95_ms %.1f checkout_p95_ms %.1f\n", b->placed,
           b->failed, (now_ms() - t0) / 1e3, p95(b->cart_ms, looks), p95(b->checkout_ms, looks));
    return b->failed == 0 ? 0 : FAILED;
}

int main(int argc, char **argv)
{
    if (argc == 7 && strcmp(argv[1], "--bench") == 0)
        return bench(&(struct shopper){ .address = argv[2], .host = argv[3] }, argv[4],
                     (int)strtol(argv[5], NULL, 10), (int)strtol(argv[6], NULL, 10));
    if (argc != 6)
        return 2;
    int checkouts = (int)strtol(argv[4], NULL, 10), clients = (int)strtol(argv[5], NULL, 10);
    int status, bad = 0;
    for (int k = 0; k < clients; k++)
        if (fork() == 0)
            _exit(shop(argv[1], argv[2], argv[3], checkouts * k / clients,
                       checkouts * (k + 1) / clients) == 0
                      ? 0
                      : FAILED);
    while (wait(&status) > 0)
        bad += status != 0;
    return bad == 0 ? 0 : FAILED;
}
