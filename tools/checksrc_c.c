/* checksrc_c.c: the rules for C and C++ sources: banned calls, length, opening comment, SQL and
 * HTML in strings, floating point near money, typedefs of structs. Each rule looks at the text it
 * is about (code, strings or comments), so a banned word in a comment is no fault. Rules that need
 * a type system are not here: that is what compilers and sanitizers are for. */
#include "checksrc.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_LINES = 800, MIN_OPENING = 3 };

/* Where a call is allowed: paths begin so. NULL: nowhere. */
static const struct {
    const char *name, *rule, *instead;
    const char *where[5];
} calls[] = {
    { "strcpy", "banned", "str_copy", { NULL } },
    { "strcat", "banned", "struct buf", { NULL } },
    { "strncpy", "banned", "str_copy", { "tests/" } },
    { "strncat", "banned", "struct buf", { "tests/" } },
    { "sprintf", "banned", "snprintf or arena_printf", { NULL } },
    { "vsprintf", "banned", "vsnprintf", { NULL } },
    { "strtok", "banned", "str_split or strtok_r", { NULL } },
    { "atoi", "banned", "str_int", { NULL } },
    { "atol", "banned", "str_int", { NULL } },
    { "atoll", "banned", "str_int", { NULL } },
    { "atof", "banned", "str_decimal", { NULL } },
    { "gets", "banned", "fgets", { NULL } },
    { "system", "banned", "posix_spawn", { NULL } },
    { "popen", "banned", "posix_spawn", { NULL } },
    { "gmtime", "banned", "functions of base/time.h", { NULL } },
    { "localtime", "banned", "functions of platform/fmt.h", { NULL } },
    { "setjmp", "banned", "a result code", { NULL } },
    { "longjmp", "banned", "a result code", { NULL } },
    { "alloca", "banned", "the arena", { NULL } },
    { "PQexec", "banned", "db_run", { "src/platform/db", "tests/" } },
    { "malloc", "alloc", "the arena", { "src/base/", "src/platform/", "tools/", "tests/" } },
    { "calloc", "alloc", "the arena", { "src/base/", "src/platform/", "tools/", "tests/" } },
    { "realloc", "alloc", "the arena", { "src/base/", "src/platform/", "tools/", "tests/" } },
    { "free", "alloc", "the arena", { "src/base/", "src/platform/", "tools/", "tests/" } },
    { "strdup", "alloc", "arena_strdup", { "src/base/", "src/platform/", "tools/", "tests/" } },
    { "strndup", "alloc", "arena_strndup", { "src/base/", "src/platform/", "tools/", "tests/" } },
    { "asprintf", "alloc", "arena_printf", { "src/base/", "src/platform/", "tools/", "tests/" } },
    { "cleanup", "cleanup", "arena_defer", { "src/platform/", "tools/", "tests/" } },
    { "db_script",
      "maintenance",
      "a statement",
      { "src/platform/", "src/app/", "src/programs/", "tests/" } },
    { "db_cell",
      "maintenance",
      "a statement",
      { "src/platform/", "src/app/", "src/programs/", "tests/" } },
    { "db_table",
      "maintenance",
      "a statement",
      { "src/platform/", "src/app/", "src/programs/", "tests/" } },
    { "PQexecParams", "maintenance", "a statement", { "src/platform/", "tests/" } },
};

static bool allowed_here(const struct source *s, const char *const *where)
{
    for (size_t i = 0; i < 5 && where[i] != NULL; i++)
        if (kit_starts(s->path, where[i]))
            return true;
    return false;
}

static void check_calls(struct source *s, const struct csrc *c)
{
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++) {
        if (allowed_here(s, calls[k].where))
            continue;
        for (size_t at = csrc_word(c->code, c->n, 0, calls[k].name); at < c->n;
             at = csrc_word(c->code, c->n, at + 1, calls[k].name)) {
            const char *after = c->code + at + strlen(calls[k].name);
            after += strspn(after, " \t\n");
            bool member = at > 0 && (c->code[at - 1] == '.' || c->code[at - 1] == '>');
            if (*after != '(' || member)
                continue;
            int line = csrc_line(c->text, at);
            fault(s, calls[k].rule, line, line, "%s() is not used here: take %s", calls[k].name,
                  calls[k].instead);
        }
    }
}

static void check_length(struct source *s)
{
    int lines = csrc_line(s->text, s->n) - (s->n != 0 && s->text[s->n - 1] == '\n');
    if (lines > MAX_LINES)
        fault(s, "lines", 1, lines, "%d lines, %d is the most: split the file", lines, MAX_LINES);
}

static void check_opening(struct source *s)
{
    const char *p = s->text + strspn(s->text, " \t\n");
    const char *end = kit_starts(p, "/*") ? strstr(p, "*/") : NULL;
    int first = csrc_line(s->text, (size_t)(p - s->text));
    bool source = !kit_ends(s->path, ".h") && !kit_starts(s->path, "tests/");
    if (end == NULL) {
        fault(s, "opening", first, first,
              "no opening comment: say what the file is for, what not, and its invariant");
        return;
    }
    int lines = csrc_line(p, (size_t)(end - p));
    if (source && lines < MIN_OPENING)
        fault(s, "opening", first, first + lines,
              "opening comment of %d lines: say what the file is for, what not, and its invariant",
              lines);
}

/* ---- strings ---- */
static bool looks_like_sql(const char *t)
{
    static const char *const starts[] = {
        "SELECT ",  "INSERT INTO ", "DELETE FROM ", "UPDATE ", "MERGE INTO ", "CREATE ", "ALTER ",
        "DROP ",    "TRUNCATE ",    "WITH ",        "COPY ",   "GRANT ",      "BEGIN",   "COMMIT",
        "ROLLBACK", "SET LOCAL",    "LISTEN ",      "NOTIFY ", NULL
    };
    t += strspn(t, " \t(");
    for (size_t i = 0; starts[i] != NULL; i++) {
        if (!kit_starts(t, starts[i]))
            continue;
        const char *rest = t + strlen(starts[i]);
        /* words that are SQL only when alone or with an upper-case word to follow */
        if (!kit_ends(starts[i], " "))
            return *rest == '\0' || *rest == ';' || *rest == ' ';
        return kit_starts(starts[i], "SELECT") || kit_starts(starts[i], "UPDATE") ||
               strpbrk(rest, "abcdefghijklmnopqrstuvwxyz_") != NULL || *rest == '\0' ||
               (*rest >= 'A' && *rest <= 'Z');
    }
    bool verb = strncasecmp(t, "insert into ", 12) == 0 || strncasecmp(t, "delete from ", 12) == 0;
    return (verb && (strcasestr(t, " values") != NULL || strcasestr(t, " where ") != NULL)) ||
           (strstr(t, " FROM ") != NULL && strstr(t, " WHERE ") != NULL);
}

static bool looks_like_html(const char *t)
{
    static const char *const tags[] = {
        "a",      "abbr",     "article", "aside",    "b",        "bdi",     "body",    "br",
        "button", "code",     "dd",      "details",  "dialog",   "div",     "dl",      "dt",
        "em",     "fieldset", "footer",  "form",     "h1",       "h2",      "h3",      "h4",
        "head",   "header",   "hr",      "html",     "i",        "iframe",  "img",     "input",
        "label",  "legend",   "li",      "link",     "main",     "meta",    "nav",     "ol",
        "option", "p",        "picture", "pre",      "s",        "script",  "section", "select",
        "small",  "span",     "strong",  "style",    "sub",      "summary", "sup",     "svg",
        "table",  "tbody",    "td",      "template", "textarea", "tfoot",   "th",      "thead",
        "time",   "title",    "tr",      "u",        "ul",       "use",     "video",   NULL
    };
    for (; (t = strchr(t, '<')) != NULL; t++) {
        const char *name = t + 1 + (t[1] == '/');
        size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz123456");
        if (strncasecmp(name, "!doctype", 8) == 0)
            return true;
        if (n != 0 && name[n] != '\0' && strchr(" >/\t\\", name[n]) != NULL &&
            kit_word_in(kit_strndup(name, n), tags))
            return true;
    }
    return false;
}

static void check_strings(struct source *s, const struct csrc *c)
{
    bool sql_allowed = kit_starts(s->path, "src/platform/") || kit_starts(s->path, "tests/") ||
                       kit_starts(s->path, "tools/");
    bool html_allowed = kit_starts(s->path, "tests/") || kit_starts(s->path, "tools/");
    for (size_t i = 0; i < c->n; i++) {
        if (c->strings[i] != '"')
            continue;
        size_t end = i + 1;
        while (end < c->n && c->strings[end] != '"')
            end += c->strings[end] == '\\' ? 2 : 1;
        if (end > c->n)
            end = c->n;
        const char *t = kit_strndup(c->strings + i + 1, end - i - 1);
        int line = csrc_line(c->text, i);
        if (!sql_allowed && looks_like_sql(t))
            fault(s, "sql", line, line, "SQL in C: \"%.30s\" belongs in sql/<module>/q", t);
        if (!html_allowed && looks_like_html(t))
            fault(s, "html", line, line, "HTML in C: \"%.30s\" belongs in templates/", t);
        i = end;
    }
}

/* ---- lines of code ---- */
static bool word_in_line(const char *line, const char *word)
{
    return csrc_word(line, strlen(line), 0, word) < strlen(line);
}

static void check_line(struct source *s, const char *line, int number)
{
    static const char *const money[] = { "price", "amount",   "total", "money",
                                         "tax",   "discount", "cost",  NULL };
    if (word_in_line(line, "double") || word_in_line(line, "float"))
        for (size_t i = 0; money[i] != NULL; i++)
            if (strcasestr(line, money[i]) != NULL) {
                fault(s, "money", number, number,
                      "floating point near money (\"%s\"): use int64_t minor units", money[i]);
                break;
            }
    const char *type = line + strspn(line, " \t");
    if (kit_starts(type, "typedef ")) {
        type += strlen("typedef ");
        if (kit_starts(type, "struct ") || kit_starts(type, "union ") || kit_starts(type, "enum "))
            if (strchr(type, '(') == NULL)
                fault(s, "typedef", number, number,
                      "typedef hides a struct, union or enum: write the word where it is used");
    }
}

static void check_lines(struct source *s, const struct csrc *c)
{
    int number = 1;
    for (size_t i = 0; i < c->n; number++) {
        const char *end = strchr(c->code + i, '\n');
        size_t stop = end == NULL ? c->n : (size_t)(end - c->code);
        check_line(s, kit_strndup(c->code + i, stop - i), number);
        i = stop + 1;
    }
}

void check_c(struct source *s, bool show_warnings)
{
    struct csrc c = csrc_split(s->path, s->text);
    check_opening(s);
    check_length(s);
    check_calls(s, &c);
    check_strings(s, &c);
    check_lines(s, &c);
    check_functions(s, &c, show_warnings);
}
