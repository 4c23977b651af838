/* mail_smtp.c: one letter to one recipient by libcurl's SMTP: TLS unless the configuration says
 * that the relay is on this machine, a time-out for everything, and one question answered from what
 * the server said: never, or not now. A connection that is lost before the server has confirmed
 * counts as not now; the letter keeps its Message-ID, so a second copy can be known as one. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/fault.h"
#include "platform/mail_int.h"

enum { SECRET_MOST = 512, REPLY_MOST = 200 };

static struct {
    CURL *curl;
    pid_t pid;
} self;

struct dialogue {
    const char *p;
    size_t n, at;
    char reply[REPLY_MOST]; /* last refusal of the server */
};

/* One handle per process keeps the connection for the next letter. */
static CURL *handle(void)
{
    if (self.curl != NULL && self.pid == getpid()) {
        curl_easy_reset(self.curl);
        return self.curl;
    }
    if (self.curl == NULL && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    self.curl = curl_easy_init(); /* a parent's is left alone: its connection is not ours */
    self.pid = getpid();
    return self.curl;
}

static size_t give(char *to, size_t size, size_t n, void *arg)
{
    struct dialogue *d = arg;
    size_t most = size * n, left = d->n - d->at;
    if (most > left)
        most = left;
    memcpy(to, d->p + d->at, most);
    d->at += most;
    return most;
}

/* Remembers how the server refused last. Headers from the server are its answers; what we send may
 * hold addresses and passwords and is not looked at. */
static int listen_to(CURL *c, curl_infotype type, char *p, size_t n, void *arg)
{
    struct dialogue *d = arg;
    (void)c;
    if (type != CURLINFO_HEADER_IN || n < 3 || (*p != '4' && *p != '5'))
        return 0;
    size_t keep = n < sizeof d->reply - 1 ? n : sizeof d->reply - 1;
    memcpy(d->reply, p, keep);
    d->reply[keep] = '\0';
    for (char *x = d->reply; *x; x++)
        if ((unsigned char)*x < ' ' || (unsigned char)*x >= 0x7f)
            *x = ' ';
    return 0;
}

static enum rc read_secret(struct arena *a, const char *file, const char **out)
{
    char text[SECRET_MOST];
    FILE *f = fopen(file, "re");
    char *got = f ? fgets(text, sizeof text, f) : NULL;
    if (f)
        fclose(f);
    if (!got)
        return RC_UPSTREAM;
    text[strcspn(text, "\r\n")] = '\0';
    *out = arena_strdup(a, text);
    explicit_bzero(text, sizeof text);
    return RC_OK;
}

static enum rc prepare(CURL *c, const struct conf *conf, struct arena *a, struct dialogue *d,
                       const char **problem)
{
    curl_easy_setopt(c, CURLOPT_URL, conf->smtp_url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)conf->mail_timeout_ms / 3);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)conf->mail_timeout_ms);
    curl_easy_setopt(c, CURLOPT_USE_SSL,
                     str_eq(conf->smtp_tls, "none") ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    if (*conf->smtp_ca_file)
        curl_easy_setopt(c, CURLOPT_CAINFO, conf->smtp_ca_file);
    if (*conf->smtp_user) {
        const char *secret = "";
        if (*conf->smtp_password_file &&
            read_secret(a, conf->smtp_password_file, &secret) != RC_OK) {
            *problem = "mail.smtp_password_file cannot be read";
            return RC_UPSTREAM;
        }
        curl_easy_setopt(c, CURLOPT_USERNAME, conf->smtp_user);
        curl_easy_setopt(c, CURLOPT_PASSWORD, secret); /* curl keeps a copy until the reset */
    }
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(c, CURLOPT_READDATA, d);
    curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)d->n);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, listen_to);
    curl_easy_setopt(c, CURLOPT_DEBUGDATA, d);
    curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
    return RC_OK;
}

/* 5xx is for ever, unless it is about us: authentication, encryption, our address. */
static enum rc judge(CURLcode e, long code, const char *reply)
{
    if (e == CURLE_OK)
        return RC_OK;
    if (e == CURLE_LOGIN_DENIED || e == CURLE_USE_SSL_FAILED || e == CURLE_PEER_FAILED_VERIFICATION)
        return RC_UPSTREAM;
    bool ours = code == 530 || code == 534 || code == 535 || code == 538;
    bool told = code >= 500 && code <= 599 && strtol(reply, NULL, 10) == code;
    return told && !ours ? RC_INVALID : RC_UPSTREAM;
}

enum rc mail_smtp(const struct conf *conf, struct arena *a, const char *to, const char *p, size_t n,
                  const char **problem)
{
    struct dialogue d = { .p = p, .n = n };
    CURL *c = fault_here(FAULT_HTTP, "smtp") ? NULL : handle();
    *problem = "the mail server was not asked";
    if (c == NULL)
        return RC_UPSTREAM;
    enum rc rc = prepare(c, conf, a, &d, problem);
    if (rc == RC_OK) {
        struct curl_slist *list = curl_slist_append(NULL, arena_printf(a, "<%s>", to));
        curl_easy_setopt(c, CURLOPT_MAIL_FROM, arena_printf(a, "<%s>", conf->mail_from));
        curl_easy_setopt(c, CURLOPT_MAIL_RCPT, list);
        CURLcode e = list == NULL ? CURLE_OUT_OF_MEMORY : curl_easy_perform(c);
        long code = 0;
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
        rc = judge(e, code, d.reply);
        *problem = rc == RC_OK ? ""
                               : arena_printf(a, "%s: %s", curl_easy_strerror(e),
                                              log_redact(a, str_trim(a, d.reply)));
        curl_slist_free_all(list);
    }
    curl_easy_reset(c); /* nothing of one letter is kept by reference */
    return rc;
}
