/* sqlgen_parse.c: reads the annotations of a statement file ("-- stmt: name(arg type, ...) -> card
 * T" and what follows) into struct sg_stmt. It looks at comments only; the SQL between is cut out
 * by sqlgen_lex.c. Invariant: after an error it goes on at the next "-- stmt:", so one run reports
 * the faults of all statements, and it reads any bytes without harm (fuzzed). */
#include "sqlgen.h"

#include <string.h>

static const struct sg_type types[] = {
    { "uuid", "FT_UUID", "struct uuid ", "uuid", "uuid_or_null", false },
    { "text", "FT_TEXT", "const char *", "text", NULL, false },
    { "int4", "FT_INT4", "int32_t ", "i4", "i4_or_null", false },
    { "int8", "FT_INT8", "int64_t ", "i8", "i8_or_null", false },
    { "bool", "FT_BOOL", "bool ", "b", "b_or_null", false },
    { "timestamptz", "FT_INSTANT", "int64_t ", "i8", "i8_or_null", false },
    { "date", "FT_DATE", "int32_t ", "i4", "i4_or_null", false },
    { "bytea", "FT_BYTES", "struct bytes ", "bytes", NULL, false },
    { "jsonb", "FT_JSON", "const char *", "text", NULL, false },
    { "uuid[]", "FT_UUIDS", "struct uuids ", "uuids", NULL, true },
    { "text[]", "FT_TEXTS", "struct texts ", "texts", NULL, true },
    { "int4[]", "FT_INT4S", "struct int4s ", "int4s", NULL, true },
    { "int8[]", "FT_INT8S", "struct int8s ", "int8s", NULL, true },
    { "bool[]", "FT_BOOLS", "struct bools ", "bools", NULL, true },
    { NULL, NULL, NULL, NULL, NULL, false },
};

/* Words of C and of the generated functions: no parameter or column may be called so. */
static const char *const reserved[] = {
    "alignas", "alignof",  "asm",      "assert",   "auto",         "bool",          "break",
    "case",    "char",     "const",    "continue", "db",           "default",       "do",
    "double",  "else",     "enum",     "errno",    "extern",       "false",         "float",
    "for",     "frags",    "goto",     "if",       "inline",       "int",           "linux",
    "long",    "noreturn", "offsetof", "out",      "pipe",         "register",      "restrict",
    "return",  "short",    "signed",   "sizeof",   "static",       "static_assert", "stderr",
    "stdin",   "stdout",   "struct",   "switch",   "thread_local", "true",          "typedef",
    "typeof",  "union",    "unix",     "unsigned", "void",         "volatile",      "while",
    NULL
};

static const char *const annotations[] = { "stmt", "row", "plan", "tenant", "role", NULL };

const struct sg_type *sg_type_find(const char *name)
{
    for (const struct sg_type *t = types; t->sql != NULL; t++)
        if (strcmp(t->sql, name) == 0)
            return t;
    return NULL;
}

/* The word before ':' when the comment looks like "word: ...", else NULL. */
static const char *annotation_word(const char *comment)
{
    size_t n = strspn(comment, "abcdefghijklmnopqrstuvwxyz_");
    return n != 0 && comment[n] == ':' ? kit_strndup(comment, n) : NULL;
}

static bool is_writes(const char *comment)
{
    return kit_starts(comment, "writes") && comment[6 + strspn(comment + 6, " \t\r")] == '\0';
}

bool sg_is_annotation(const char *comment)
{
    const char *word = annotation_word(comment);
    return is_writes(comment) || (word != NULL && kit_word_in(word, annotations));
}

static const char *trim(const char *s)
{
    s += strspn(s, " \t\r");
    size_t n = strlen(s);
    while (n != 0 && strchr(" \t\r", s[n - 1]) != NULL)
        n--;
    return kit_strndup(s, n);
}

/* "name type" or "name type?". */
static bool parse_var(const struct sg_in *in, const char *text, struct sg_var *out)
{
    text = trim(text);
    size_t n = strcspn(text, " \t");
    const char *name = kit_strndup(text, n), *type = trim(text + n);
    if (*name == '\0' || *type == '\0') {
        kit_err(in->file, in->line, "\"%s\" is not \"name type\"", text);
        return false;
    }
    if (!kit_is_name(name)) {
        kit_err(in->file, in->line, "name \"%s\" is not lower-case snake_case", name);
        return false;
    }
    if (kit_word_in(name, reserved)) {
        kit_err(in->file, in->line, "name \"%s\" is taken in generated C: choose another", name);
        return false;
    }
    size_t m = strlen(type);
    bool nullable = type[m - 1] == '?';
    if (nullable)
        type = kit_strndup(type, m - 1);
    const struct sg_type *t = sg_type_find(type);
    if (t == NULL) {
        kit_err(
            in->file, in->line,
            "unknown type \"%s\" of \"%s\": use uuid text int4 int8 bool timestamptz date bytea "
            "jsonb uuid[] text[] int4[] int8[] bool[]",
            type, name);
        return false;
    }
    *out = (struct sg_var){ name, t, nullable, in->line };
    return true;
}

/* Comma-separated variables appended to *v. */
static bool parse_vars(const struct sg_in *in, const char *text, struct sg_var **v, size_t *n,
                       size_t max)
{
    text = trim(text);
    while (*text != '\0') {
        size_t len = strcspn(text, ",");
        struct sg_var var;
        if (!parse_var(in, kit_strndup(text, len), &var))
            return false;
        for (size_t i = 0; i < *n; i++)
            if (strcmp((*v)[i].name, var.name) == 0) {
                kit_err(in->file, in->line, "name \"%s\" stands twice", var.name);
                return false;
            }
        if (*n == max) {
            kit_err(in->file, in->line, "more than %zu names", max);
            return false;
        }
        KIT_PUSH(*v, *n, var);
        text += len;
        if (*text == ',') {
            text = trim(text + 1);
            if (*text == '\0') {
                kit_err(in->file, in->line, "a name is missing after the last comma");
                return false;
            }
        }
    }
    return true;
}

static bool parse_result(const struct sg_in *in, const char *text, struct sg_stmt *s)
{
    static const char *const words[] = { "exec", "one", "maybe", "many" };
    text = trim(text);
    size_t n = strcspn(text, " \t");
    const char *card = kit_strndup(text, n), *name = trim(text + n);
    for (unsigned i = 0; i < 4; i++) {
        if (strcmp(card, words[i]) != 0)
            continue;
        s->card = (enum sg_card)i;
        if ((i == SG_EXEC) != (*name == '\0')) {
            kit_err(in->file, in->line,
                    i == SG_EXEC ? "exec gives no rows: remove \"%s\"" : "\"%s\" needs a row name",
                    i == SG_EXEC ? name : card);
            return false;
        }
        if (i != SG_EXEC && !kit_is_name(name)) {
            kit_err(in->file, in->line, "row name \"%s\" is not lower-case snake_case", name);
            return false;
        }
        s->row_name = i == SG_EXEC ? NULL : name;
        return true;
    }
    kit_err(in->file, in->line,
            "unknown result \"%s\": write exec, one T, maybe T or many T after \"->\"", card);
    return false;
}

/* "items(customer uuid, since timestamptz?) -> many wishlist_item" */
static bool parse_stmt(const struct sg_in *in, const char *text, struct sg_stmt *s)
{
    const char *open = strchr(text, '('), *close = strchr(text, ')');
    const char *arrow = close == NULL ? NULL : strstr(close, "->");
    if (open == NULL || arrow == NULL || close < open ||
        strspn(close + 1, " \t") != (size_t)(arrow - close - 1)) {
        kit_err(in->file, in->line,
                "write \"-- stmt: name(arg type, ...) -> exec | one T | maybe T "
                "| many T\"");
        return false;
    }
    s->name = trim(kit_strndup(text, (size_t)(open - text)));
    if (!kit_is_name(s->name)) {
        kit_err(in->file, in->line, "statement name \"%s\" is not lower-case snake_case", s->name);
        return false;
    }
    return parse_vars(in, kit_strndup(open + 1, (size_t)(close - open - 1)), &s->param, &s->nparams,
                      SG_MAX_PARAMS) &&
           parse_result(in, arrow + 2, s);
}

static bool parse_row(const struct sg_in *in, const char *text, struct sg_stmt *s)
{
    if (s->row_name == NULL) {
        kit_err(in->file, in->line, "exec gives no rows: remove \"-- row:\"");
        return false;
    }
    if (s->row_line == 0)
        s->row_line = in->line;
    text = trim(text);
    size_t n = strlen(text);
    if (n != 0 && text[n - 1] == ',') /* goes on in the next "-- row:" line */
        text = kit_strndup(text, n - 1);
    return parse_vars(in, text, &s->col, &s->ncols, SG_MAX_COLS);
}

static bool parse_flag(const struct sg_in *in, const char *word, const char *value, bool *flag,
                       const char *expected)
{
    if (strcmp(value, expected) != 0) {
        kit_err(in->file, in->line, "unknown value \"%s\" of \"-- %s:\": only \"%s\" is known",
                value, word, expected);
        return false;
    }
    if (*flag) {
        kit_err(in->file, in->line, "\"-- %s:\" stands twice", word);
        return false;
    }
    *flag = true;
    return true;
}

/* A comment below "-- stmt:": an annotation, prose, or a mistyped annotation. */
static bool parse_annotation(const struct sg_in *in, const char *text, struct sg_stmt *s)
{
    if (is_writes(text)) {
        s->writes = true;
        return true;
    }
    const char *word = annotation_word(text);
    if (word == NULL) {
        const char *whole = trim(text);
        if (*whole == '\0' || strpbrk(whole, " \t") != NULL)
            return true; /* prose */
        word = whole;
    } else {
        const char *value = trim(text + strlen(word) + 1);
        if (strcmp(word, "row") == 0)
            return parse_row(in, value, s);
        if (strcmp(word, "plan") == 0)
            return parse_flag(in, word, value, &s->plan_index, "index");
        if (strcmp(word, "tenant") == 0)
            return parse_flag(in, word, value, &s->tenant, "$1");
        if (strcmp(word, "role") == 0)
            return parse_flag(in, word, value, &s->desk, "desk");
    }
    kit_err(in->file, in->line,
            "unknown annotation \"%s\": known are stmt, row, plan, writes, tenant, role", word);
    return false;
}

/* At "--": takes the line, returns its text. */
static const char *take_comment(struct sg_in *in)
{
    const char *p = in->p + in->at + 2;
    const char *end = memchr(p, '\n', in->n - in->at - 2);
    size_t n = end == NULL ? in->n - in->at - 2 : (size_t)(end - p);
    in->at += n + 2;
    const char *text = kit_strndup(p, n);
    return text + strspn(text, " \t");
}

/* Forward to the next line that opens a statement. */
static void skip_to_stmt(struct sg_in *in)
{
    while (in->at < in->n) {
        const char *p = in->p + in->at;
        const char *end = memchr(p, '\n', in->n - in->at);
        size_t n = end == NULL ? in->n - in->at : (size_t)(end - p);
        const char *line = kit_strndup(p, n);
        if (kit_starts(line, "--") && kit_starts(line + 2 + strspn(line + 2, " \t"), "stmt:"))
            return;
        in->at += n + (end != NULL);
        in->line += end != NULL;
    }
}

static bool skip_space(struct sg_in *in)
{
    while (in->at < in->n && strchr(" \t\r\n", in->p[in->at]) != NULL)
        if (in->p[in->at++] == '\n')
            in->line++;
    return in->at < in->n;
}

static bool at_comment(const struct sg_in *in)
{
    return in->n - in->at >= 2 && in->p[in->at] == '-' && in->p[in->at + 1] == '-';
}

/* One statement; in stands at its "-- stmt:". */
static bool parse_one(struct sg_in *in, struct sg_module *m, const char *place)
{
    struct sg_stmt *s = kit_alloc(sizeof *s);
    s->file = in->file;
    s->place = place;
    s->line = in->line;
    const char *text = take_comment(in);
    if (!parse_stmt(in, text + strlen("stmt:"), s))
        return false;
    while (skip_space(in) && at_comment(in)) {
        size_t before = in->at;
        text = take_comment(in);
        if (kit_starts(text, "stmt:")) {
            in->at = before;
            break;
        }
        if (!parse_annotation(in, text, s))
            return false;
    }
    if (!sg_lex_sql(in, s))
        return false;
    if (s->sql.n == 0) {
        kit_err(in->file, s->line, "statement \"%s\" has no SQL", s->name);
        return false;
    }
    KIT_PUSH(m->stmt, m->n, s);
    return true;
}

static bool bytes_fine(const char *file, const char *text, size_t n)
{
    int line = 1;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n')
            line++;
        if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) {
            kit_err(file, line, "control character 0x%02x: remove it", c);
            return false;
        }
    }
    return true;
}

bool sg_parse(struct sg_module *m, const char *file, const char *place, const char *text, size_t n)
{
    if (!bytes_fine(file, text, n))
        return false;
    struct sg_in in = { .file = file, .p = text, .n = n, .at = 0, .line = 1 };
    bool good = true;
    while (skip_space(&in)) {
        if (at_comment(&in)) {
            size_t before = in.at;
            const char *comment = take_comment(&in);
            if (kit_starts(comment, "stmt:")) {
                in.at = before;
                if (parse_one(&in, m, place))
                    continue;
                good = false;
            } else if (!sg_is_annotation(comment)) {
                continue;
            } else {
                kit_err(file, in.line,
                        "annotation \"-- %.20s\" belongs to no statement: "
                        "\"-- stmt:\" comes first",
                        comment);
                good = false;
            }
        } else {
            kit_err(file, in.line,
                    "SQL without \"-- stmt:\": each statement needs its own, and one "
                    "text holds one statement");
            good = false;
        }
        /* a failed parse_one stands behind its own "-- stmt:" */
        skip_to_stmt(&in);
    }
    return good;
}
