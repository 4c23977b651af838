/* checksrc_text.c: the rules for sources that are not C: physical directions in CSS (a page must
 * mirror by itself for Arabic), the server's clock in migrations, and words for unfinished work in
 * any file. It reads declarations and lines, not grammars; statements in sql/<m>/q are sqlgen's. */
#include "checksrc.h"

#include <string.h>

/* Comments become blanks; line breaks stay. */
static char *without_comments(const char *text, bool sql)
{
    char *t = kit_strdup(text);
    for (size_t i = 0; t[i] != '\0';) {
        size_t end = i;
        if (sql && kit_starts(t + i, "--")) {
            end = i + strcspn(t + i, "\n");
        } else if (kit_starts(t + i, "/*")) {
            const char *close = strstr(t + i + 2, "*/");
            end = close == NULL ? strlen(t) : (size_t)(close - t) + 2;
        }
        if (end == i) {
            i++;
            continue;
        }
        for (; i < end; i++)
            if (t[i] != '\n')
                t[i] = ' ';
    }
    return t;
}

/* ---- CSS ---- */
static bool direction_word(const char *decl, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = decl; (p = strstr(p, word)) != NULL; p++) {
        bool before = p != decl && csrc_is_word_char(p[-1]);
        if (!before && !csrc_is_word_char(p[len]))
            return true;
    }
    return false;
}

/* Names of our own (variables, animations, images) may hold the words. */
static char *without_names(const char *decl)
{
    char *t = kit_strdup(decl);
    for (char *p = t; *p != '\0'; p++) {
        size_t n = 0;
        if (kit_starts(p, "url(") || *p == '"' || *p == '\'')
            n = 1 + strcspn(p + 1, *p == 'u' ? ")" : (*p == '"' ? "\"" : "'"));
        else if (kit_starts(p, "--"))
            n = 2 + strcspn(p + 2, " :,;)\n");
        for (size_t i = 0; i < n && p[i] != '\0'; i++)
            p[i] = ' ';
    }
    return t;
}

static void check_declaration(struct source *s, const char *text, size_t from, size_t to)
{
    static const char *const exempt[] = { "border-image", "transform", "translate", NULL };
    from += strspn(text + from, " \t\n");
    const char *decl = kit_strndup(text + from, to > from ? to - from : 0);
    for (size_t i = 0; exempt[i] != NULL; i++)
        if (kit_starts(decl, exempt[i]))
            return;
    const char *plain = without_names(decl);
    for (unsigned i = 0; i < 2; i++) {
        const char *word = i == 0 ? "left" : "right";
        if (!direction_word(plain, word))
            continue;
        int line = csrc_line(text, from);
        fault(
            s, "physical", line, csrc_line(text, to),
            "\"%s\" does not mirror: use logical properties (inline-start, inline-end, start, end)",
            word);
        return;
    }
}

void check_css(struct source *s)
{
    const char *t = without_comments(s->text, false);
    size_t from = 0;
    int depth = 0;
    for (size_t i = 0; t[i] != '\0'; i++) {
        if (t[i] == '"' || t[i] == '\'') {
            size_t n = strcspn(t + i + 1, t[i] == '"' ? "\"" : "'");
            i += n + (t[i + 1 + n] != '\0');
        } else if (t[i] == '(') {
            i += strcspn(t + i, ")\n");
            i -= t[i] != ')';
        } else if (t[i] == '{') {
            depth++;
            from = i + 1;
        } else if (t[i] == ';' || t[i] == '}') {
            if (depth > 0)
                check_declaration(s, t, from, i);
            depth -= t[i] == '}';
            from = i + 1;
        }
    }
}

/* ---- migrations ---- */
static void check_clock_line(struct source *s, const char *line, int number)
{
    static const char *const clocks[] = { "now",
                                          "clock_timestamp",
                                          "transaction_timestamp",
                                          "statement_timestamp",
                                          "CURRENT_TIMESTAMP",
                                          "current_timestamp",
                                          "CURRENT_DATE",
                                          "current_date",
                                          NULL };
    for (size_t i = 0; clocks[i] != NULL; i++) {
        size_t n = strlen(line), at = csrc_word(line, n, 0, clocks[i]);
        if (at >= n || (at > 0 && line[at - 1] == '.') || strcasestr(line, "DEFAULT") != NULL)
            continue;
        bool call = line[at + strlen(clocks[i])] == '(';
        if (call || i >= 4)
            fault(s, "clock", number, number,
                  "%s outside a column default: use app.now(), which tests can move", clocks[i]);
    }
}

void check_sql(struct source *s)
{
    const char *t = without_comments(s->text, true);
    int number = 1;
    for (; *t != '\0'; number++) {
        size_t n = strcspn(t, "\n");
        check_clock_line(s, kit_strndup(t, n), number);
        t += n + (t[n] == '\n');
    }
}

/* ---- any text ---- */
void check_marks(struct source *s)
{
    static const char *const marks[] = { "TO"
                                         "DO",
                                         "FIX"
                                         "ME",
                                         NULL };
    for (size_t i = 0; marks[i] != NULL; i++)
        for (size_t at = csrc_word(s->text, s->n, 0, marks[i]); at < s->n;
             at = csrc_word(s->text, s->n, at + 1, marks[i])) {
            int line = csrc_line(s->text, at);
            fault(s, "unfinished", line, line, "%s: finish it or write an issue", marks[i]);
        }
}
