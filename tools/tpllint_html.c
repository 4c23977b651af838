/* tpllint_html.c: the HTML of a template, seen with its markers left out: quoted attributes, no
 * inline script, style or handler (the Content-Security-Policy would refuse them), no words that a
 * translator could not reach. It is a state machine over bytes, not an HTML parser: nesting and
 * validity are the browser tests' work. Invariant: markers never change the state. */
#include "tpllint.h"

#include <string.h>
#include <strings.h>

enum state { TEXT, TAG_NAME, IN_TAG, ATTR_NAME, AFTER_NAME, BEFORE_VALUE, VALUE, COMMENT, RAW };

struct html {
    struct tpl *t;
    enum state state;
    int line;
    char tag[24], attr[40], quote;
    size_t tag_n, attr_n;
    struct text value, words; /* of the attribute; of the text run */
    int value_line, words_line;
    bool has_src, is_data; /* of a script tag */
    bool closing;
};

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Two letters in a row outside entities: words. */
static bool has_words(const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '&') {
            size_t n = strcspn(s, "; ");
            if (s[n] == ';') {
                s += n;
                continue;
            }
        }
        if ((letter(*s) && letter(s[1])) || (unsigned char)*s >= 0xe0)
            return letter(*s) ||
                   strncmp(s, "\xe2\x80", 2) != 0; /* dashes and quotes are no words */
    }
    return false;
}

static void end_words(struct html *h)
{
    if (h->words.n != 0 && has_words(text_get(&h->words)))
        tpl_fault(h->t, "words", h->words_line,
                  "\"%.30s\" stands outside [[ ]]: it would stay English",
                  text_get(&h->words) + strspn(text_get(&h->words), " \t\r\n"));
    h->words = (struct text){ 0 };
}

/* Mails are read where no style sheet of ours is and no policy of ours holds. */
static bool is_mail(const struct tpl *t)
{
    return kit_starts(t->rel, "mail/");
}

static void end_attribute(struct html *h)
{
    static const char *const worded[] = { "placeholder", "alt", "title", "aria-label", NULL };
    const char *value = text_get(&h->value);
    if (strcmp(h->attr, "style") == 0 && !is_mail(h->t))
        tpl_fault(h->t, "inline", h->value_line, "style attribute: use a class");
    else if (strncmp(h->attr, "on", 2) == 0 || strncmp(h->attr, "hx-on", 5) == 0)
        tpl_fault(h->t, "inline", h->value_line, "%s attribute: use a script in static/js",
                  h->attr);
    if (strncasecmp(value, "javascript:", 11) == 0)
        tpl_fault(h->t, "inline", h->value_line, "javascript: address: use a script in static/js");
    if (kit_word_in(h->attr, worded) && has_words(value))
        tpl_fault(h->t, "words", h->value_line,
                  "%s=\"%.30s\" stands outside [[ ]]: it would stay English", h->attr, value);
    if (strcmp(h->tag, "script") == 0) {
        h->has_src |= strcmp(h->attr, "src") == 0;
        h->is_data |= strcmp(h->attr, "type") == 0 && strcmp(value, "application/ld+json") == 0;
    }
    h->value = (struct text){ 0 };
    h->attr_n = 0;
    h->attr[0] = '\0';
}

static void end_tag(struct html *h)
{
    h->state = TEXT;
    if (h->closing)
        return;
    if (strcmp(h->tag, "style") == 0 && !is_mail(h->t))
        tpl_fault(h->t, "inline", h->line, "<style>: styles belong in static/css");
    if (strcmp(h->tag, "script") == 0 && !h->has_src && !h->is_data)
        tpl_fault(h->t, "inline", h->line, "inline <script>: only application/ld+json may be");
    if (strcmp(h->tag, "script") == 0 || strcmp(h->tag, "style") == 0)
        h->state = RAW;
}

static void push(char *to, size_t size, size_t *n, char c)
{
    if (*n + 1 < size) {
        to[(*n)++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        to[*n] = '\0';
    }
}

static void open_tag(struct html *h, bool closing)
{
    end_words(h);
    h->state = TAG_NAME;
    h->tag_n = 0;
    h->tag[0] = '\0';
    h->closing = closing;
    h->has_src = h->is_data = false;
}

static void in_tag(struct html *h, char c)
{
    if (c == '>') {
        end_tag(h);
    } else if (strchr(" \t\r\n/", c) == NULL) {
        h->state = ATTR_NAME;
        h->attr_n = 0;
        h->value_line = h->line;
        push(h->attr, sizeof h->attr, &h->attr_n, c);
    }
}

static void after_name(struct html *h, char c)
{
    if (c == '=') {
        h->state = BEFORE_VALUE;
    } else if (strchr(" \t\r\n", c) == NULL) {
        end_attribute(h);
        h->state = IN_TAG;
        in_tag(h, c);
    }
}

static void unquoted(struct html *h)
{
    tpl_fault(h->t, "quotes", h->line, "value of %s is not quoted: write %s=\"...\"", h->attr,
              h->attr);
    h->quote = ' ';
    h->state = VALUE;
}

/* One byte of markup. */
static void feed(struct html *h, char c)
{
    switch (h->state) {
    case TEXT:
    case RAW:
    case COMMENT:
        break; /* feed_text */
    case TAG_NAME:
        if (c == '>' || strchr(" \t\r\n/", c) != NULL) {
            h->state = IN_TAG;
            in_tag(h, c);
        } else {
            push(h->tag, sizeof h->tag, &h->tag_n, c);
        }
        break;
    case IN_TAG:
        in_tag(h, c);
        break;
    case ATTR_NAME:
        if (c == '=' || c == '>' || strchr(" \t\r\n/", c) != NULL) {
            h->state = AFTER_NAME;
            after_name(h, c);
        } else {
            push(h->attr, sizeof h->attr, &h->attr_n, c);
        }
        break;
    case AFTER_NAME:
        after_name(h, c);
        break;
    case BEFORE_VALUE:
        if (c == '"' || c == '\'') {
            h->quote = c;
            h->state = VALUE;
        } else if (strchr(" \t\r\n", c) == NULL) {
            unquoted(h);
            text_char(&h->value, c);
        }
        break;
    case VALUE:
        if (c == h->quote || (h->quote == ' ' && (c == '>' || c == '\n'))) {
            end_attribute(h);
            h->state = IN_TAG;
            if (c == '>')
                in_tag(h, c);
        } else {
            text_char(&h->value, c);
        }
        break;
    }
}

/* Text, comments, script bodies: returns the bytes taken. */
static size_t feed_text(struct html *h, const char *p)
{
    if (h->state == COMMENT) {
        if (!kit_starts(p, "-->"))
            return 1;
        h->state = TEXT;
        return 3;
    }
    if (h->state == RAW) {
        size_t n = strlen(h->tag);
        if (kit_starts(p, "</") && strncasecmp(p + 2, h->tag, n) == 0)
            open_tag(h, true);
        return h->state == RAW ? 1 : 2;
    }
    if (kit_starts(p, "<!--")) {
        end_words(h);
        h->state = COMMENT;
        return 4;
    }
    if (*p == '<' && (letter(p[1]) || p[1] == '/' || p[1] == '!')) {
        open_tag(h, p[1] == '/');
        return p[1] == '/' ? 2 : 1;
    }
    const char *so_far = text_get(&h->words);
    if (so_far[strspn(so_far, " \t\r\n")] == '\0')
        h->words_line = h->line;
    text_char(&h->words, *p);
    return 1;
}

/* A marker or [[text]] of n bytes stands at p. */
static void see_marker(struct html *h, const char *p)
{
    if (h->state == BEFORE_VALUE)
        unquoted(h);
    else if (h->state == TEXT)
        end_words(h);
    else if (h->state == RAW && kit_starts(p, "[["))
        tpl_fault(h->t, "inline", h->line, "[[ ]] inside a script is not translated safely");
    else if (h->state == ATTR_NAME && kit_starts(p, "{{#"))
        h->state = AFTER_NAME;
}

void tpl_check_html(struct tpl *t)
{
    struct html h = { .t = t, .state = TEXT, .line = 1 };
    for (const char *p = t->text; *p != '\0';) {
        size_t n = 1;
        bool marker = kit_starts(p, "{{"), words = kit_starts(p, "[[");
        if (marker || words) {
            const char *end = strstr(p, marker ? "}}" : "]]");
            n = end == NULL ? strlen(p) : (size_t)(end - p) + 2;
            see_marker(&h, p);
        } else if (h.state == TEXT || h.state == RAW || h.state == COMMENT) {
            n = feed_text(&h, p);
        } else {
            feed(&h, *p);
        }
        for (size_t i = 0; i < n; i++)
            h.line += p[i] == '\n';
        p += n;
    }
    end_words(&h);
}
