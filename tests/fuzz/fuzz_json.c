/* fuzz_json.c: JSON from outside. A value that is accepted holds only clean texts and can be walked
 * and written again, and what is written is JSON. */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "platform/json.h"

static void write_value(struct jw *w, struct arena *a, const struct json *v);

struct walk {
    struct jw *w;
    struct arena *a;
    size_t members;
};

static bool write_member(const char *key, const struct json *v, void *arg)
{
    struct walk *walk = arg;
    walk->members++;
    jw_key(walk->w, key);
    write_value(walk->w, walk->a, v);
    return true;
}

static void write_value(struct jw *w, struct arena *a, const struct json *v)
{
    const char *text = json_text(v, NULL);
    size_t n = json_size(v);
    if (text) {
        char *clean;
        HOLDS(utf8_clean(a, text, strlen(text), UTF8_MULTILINE, &clean) == RC_OK);
        HOLDS(strcmp(clean, text) == 0);
        jw_text(w, text);
    } else if (n > 0) {
        jw_array(w);
        for (size_t i = 0; i < n; i++)
            write_value(w, a, json_at(v, i));
        jw_end_array(w);
    } else {
        struct walk walk = { w, a, 0 };
        jw_object(w);
        json_each(v, write_member, &walk);
        if (walk.members == 0) {
            jw_key(w, "number");
            jw_int(w, json_int(v, 0));
            jw_key(w, "flag");
            jw_bool(w, json_bool(v, json_is_null(v)));
        }
        jw_end_object(w);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    struct json *v, *again;
    const char *problem = NULL;
    if (size > 64 * 1024 || json_parse(a, (const char *)data, size, &v, &problem) != RC_OK) {
        HOLDS(size > 64 * 1024 || (problem && utf8_valid(problem, strlen(problem))));
        arena_free(a);
        return 0;
    }
    struct buf b;
    struct jw w;
    buf_init(&b, a, 4 * 1024 * 1024);
    jw_init(&w, &b);
    write_value(&w, a, v);
    HOLDS(!strpbrk(b.p, "<>&"));
    /* Scalars are written as objects: one level more than was read. */
    enum rc rc = json_parse(a, b.p, b.n, &again, &problem);
    HOLDS(rc == RC_OK || rc == RC_LIMIT);
    arena_free(a);
    return 0;
}
