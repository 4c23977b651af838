/* mail_compose.c: libkade-mail: a letter in MIME by GMime: names and subject encoded, text and HTML
 * as two forms of one body, lines ending in CRLF. It is loaded by the process that sends mail and
 * by no other, because GLib comes with it. It sends nothing and reads nothing. Invariant: every
 * value is one header's value or one body; the lengths and lines were bounded by mail.c. */
#include <gmime/gmime.h>
#include <string.h>

#include "platform/mail_int.h"

static GMimeObject *body(const char *subtype, const char *text)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype(subtype);
    g_mime_text_part_set_charset(part, "utf-8");
    /* Not set_text: it would choose a smaller character set where the words allow one. */
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
    GMimeDataWrapper *content =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(GMIME_PART(part), content);
    g_object_unref(content);
    g_object_unref(stream);
    GMimeContentEncoding e =
        g_mime_part_get_best_content_encoding(GMIME_PART(part), GMIME_ENCODING_CONSTRAINT_7BIT);
    g_mime_part_set_content_encoding(GMIME_PART(part), e);
    return GMIME_OBJECT(part);
}

static void header(GMimeMessage *m, const char *name, const char *value)
{
    g_mime_object_set_header(GMIME_OBJECT(m), name, value, "utf-8");
}

/* An address in one piece: GMime would cut and encode what is long, and no mail program undoes that
 * here. */
static void address_header(GMimeMessage *m, const char *name, const char *url)
{
    header(m, name, "x");
    GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(m));
    char *raw = g_strdup_printf(" <%s>\r\n", url);
    g_mime_header_set_raw_value(g_mime_header_list_get_header(list, name), raw);
    g_free(raw);
}

static void headers(GMimeMessage *m, const struct mail_letter *l)
{
    GDateTime *date = g_date_time_new_from_unix_utc(l->date / 1000000);
    const char *domain = strchr(l->from, '@') + 1;
    char *id = g_strdup_printf("%s@%s", l->id, domain);
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, *l->from_name ? l->from_name : NULL,
                               l->from);
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_TO,
                               l->to_name && *l->to_name ? l->to_name : NULL, l->to);
    if (l->reply_to)
        g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, l->reply_to);
    g_mime_message_set_subject(m, l->subject, "utf-8");
    g_mime_message_set_date(m, date);
    g_mime_message_set_message_id(m, id);
    header(m, "Content-Language", l->language);
    /* Answering machines stay silent. */
    header(m, "Auto-Submitted", "auto-generated");
    header(m, "X-Auto-Response-Suppress", "All");
    if (l->unsubscribe) {
        address_header(m, "List-Unsubscribe", l->unsubscribe);
        header(m, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    g_free(id);
    g_date_time_unref(date);
}

bool kade_mail_write(const struct mail_letter *l, void (*put)(void *, const void *, size_t),
                     void *arg)
{
    static bool ready;
    if (!ready)
        g_mime_init();
    ready = true;
    GMimeMessage *m = g_mime_message_new(TRUE);
    headers(m, l);
    GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
    GMimeObject *text = body("plain", l->text), *html = body("html", l->html);
    g_mime_multipart_add(both, text);
    g_mime_multipart_add(both, html);
    g_mime_message_set_mime_part(m, GMIME_OBJECT(both));

    GMimeFormatOptions *options = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = g_mime_stream_mem_new();
    bool good = g_mime_object_write_to_stream(GMIME_OBJECT(m), options, stream) > 0;
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    if (good)
        put(arg, bytes->data, bytes->len);
    g_object_unref(stream);
    g_mime_format_options_free(options);
    g_object_unref(text);
    g_object_unref(html);
    g_object_unref(both);
    g_object_unref(m);
    return good;
}
