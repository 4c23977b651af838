/* fuzz_html.c: text of other systems to Markdown to HTML: valid UTF-8 stays valid, and no element
 * that runs something comes out. */
#include <stdint.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "shop/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(256 * 1024 * 1024);
    char *clean, *html;
    if (size <= 4096 && utf8_clean(a, (const char *)data, size, UTF8_MULTILINE, &clean) == RC_OK) {
        char *md = text_from_html(a, clean);
        check_that(utf8_valid(md, strlen(md)));
        check_that(utf8_length(text_plain(a, md, 100)) <= 100);
        if (text_html(a, md, &html) == RC_OK)
            check_that(utf8_valid(html, strlen(html)) && strstr(html, "<script") == NULL &&
                       strstr(html, "href=\"javascript:") == NULL);
    }
    arena_free(a);
    return 0;
}
