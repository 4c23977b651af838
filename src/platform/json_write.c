/* json_write.c: JSON text streamed into a buf; commas and escapes are its business alone. '<', '>',
 * '&' and the line separators of JavaScript are escaped too, so the text may stand inside a script
 * element of a page. Invariant: text that entered through the edge leaves as valid JSON. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/json.h"

void jw_init(struct jw *w, struct buf *b)
{
    *w = (struct jw){ .b = b };
}

/* Before any value or key: the comma after the one in front of it. */
static void begin(struct jw *w)
{
    if (w->comma)
        buf_char(w->b, ',');
    w->comma = true;
}

static void open_with(struct jw *w, char bracket)
{
    begin(w);
    buf_char(w->b, bracket);
    w->comma = false;
}

static void close_with(struct jw *w, char bracket)
{
    buf_char(w->b, bracket);
    w->comma = true;
}

void jw_object(struct jw *w)
{
    open_with(w, '{');
}

void jw_end_object(struct jw *w)
{
    close_with(w, '}');
}

void jw_array(struct jw *w)
{
    open_with(w, '[');
}

void jw_end_array(struct jw *w)
{
    close_with(w, ']');
}

static size_t plain_run(const char *s)
{
    size_t n = 0;
    for (;; n++) {
        unsigned char c = (unsigned char)s[n];
        if (c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7f ||
            c == 0xe2) /* U+2028 and U+2029 begin with it */
            return n;
    }
}

static void put_quoted(struct buf *b, const char *s)
{
    buf_char(b, '"');
    for (;;) {
        size_t n = plain_run(s);
        buf_put(b, s, n);
        s += n;
        unsigned char c = (unsigned char)*s;
        if (c == '\0')
            break;
        if (c == 0xe2) {
            bool separator = (unsigned char)s[1] == 0x80 &&
                             ((unsigned char)s[2] == 0xa8 || (unsigned char)s[2] == 0xa9);
            if (separator) {
                buf_str(b, (unsigned char)s[2] == 0xa8 ? "\\u2028" : "\\u2029");
                s += 3;
            } else {
                buf_char(b, *s++);
            }
            continue;
        }
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_put(b, "\\n", 2);
        else
            buf_printf(b, "\\u%04x", c);
        s++;
    }
    buf_char(b, '"');
}

void jw_key(struct jw *w, const char *key)
{
    begin(w);
    put_quoted(w->b, key);
    buf_char(w->b, ':');
    w->comma = false;
}

void jw_text(struct jw *w, const char *v)
{
    if (!v) {
        jw_null(w);
        return;
    }
    begin(w);
    put_quoted(w->b, v);
}

void jw_int(struct jw *w, int64_t v)
{
    begin(w);
    buf_int(w->b, v);
}

void jw_raw(struct jw *w, const char *json)
{
    begin(w);
    buf_str(w->b, json);
}

void jw_bool(struct jw *w, bool v)
{
    jw_raw(w, v ? "true" : "false");
}

void jw_null(struct jw *w)
{
    jw_raw(w, "null");
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void put_uuid(struct jw *w, const struct uuid *id)
{
    char text[UUID_TEXT];
    uuid_format(*id, text);
    jw_text(w, text);
}

static void put_instant(struct jw *w, int64_t t)
{
    char text[INSTANT_TEXT];
    instant_rfc3339_to(t, text);
    jw_text(w, text);
}

static void put_date(struct jw *w, int32_t days)
{
    char text[INSTANT_TEXT];
    date_format(days, text);
    jw_text(w, text);
}

#define PUT_ARRAY(w, list, put)                                                                    \
    do {                                                                                           \
        jw_array(w);                                                                               \
        for (size_t i = 0; i < (list)->n; i++)                                                     \
            put;                                                                                   \
        jw_end_array(w);                                                                           \
    } while (0)

static void put_list(struct jw *w, enum field_type type, const void *at)
{
    const struct uuids *uuids = at;
    const struct texts *texts = at;
    const struct int4s *int4s = at;
    const struct int8s *int8s = at;
    const struct bools *bools = at;
    if (type == FT_UUIDS)
        PUT_ARRAY(w, uuids, put_uuid(w, &uuids->v[i]));
    else if (type == FT_TEXTS)
        PUT_ARRAY(w, texts, jw_text(w, texts->v[i]));
    else if (type == FT_INT4S)
        PUT_ARRAY(w, int4s, jw_int(w, int4s->v[i]));
    else if (type == FT_INT8S)
        PUT_ARRAY(w, int8s, jw_int(w, int8s->v[i]));
    else
        PUT_ARRAY(w, bools, jw_bool(w, bools->v[i]));
}

static void put_member(struct jw *w, enum field_type type, const void *at)
{
    const struct bytes *bytes = at;
    const char *text;
    switch (type) {
    case FT_UUID:
        put_uuid(w, at);
        return;
    case FT_TEXT:
        jw_text(w, *(const char *const *)at);
        return;
    case FT_INT4:
        jw_int(w, *(const int32_t *)at);
        return;
    case FT_INT8:
        jw_int(w, *(const int64_t *)at);
        return;
    case FT_BOOL:
        jw_bool(w, *(const bool *)at);
        return;
    case FT_INSTANT:
        put_instant(w, *(const int64_t *)at);
        return;
    case FT_DATE:
        put_date(w, *(const int32_t *)at);
        return;
    case FT_BYTES:
        jw_text(w, bytes->p ? crypto_base64url(w->b->arena, bytes->p, bytes->n) : NULL);
        return;
    case FT_JSON:
        text = *(const char *const *)at;
        jw_raw(w, text ? text : "null");
        return;
    case FT_UUIDS:
    case FT_TEXTS:
    case FT_INT4S:
    case FT_INT8S:
    case FT_BOOLS:
        put_list(w, type, at);
        return;
    }
    check_that(!"field type");
}

void jw_row(struct jw *w, const struct field *fields, size_t n, const void *row)
{
    const char *base = row;
    jw_object(w);
    for (size_t i = 0; i < n; i++) {
        const struct field *f = &fields[i];
        bool present = f->null_offset == FIELD_NOT_NULL || *(const bool *)(base + f->null_offset);
        jw_key(w, f->name);
        if (present)
            put_member(w, f->type, base + f->offset);
        else
            jw_null(w);
    }
    jw_end_object(w);
}
