/* svg.c: tests of platform/svg.h. What could break: something active or foreign that passes, a
 * harmless drawing that is refused, a drawing that costs the browser more than it looks like. */
#include "platform/svg.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "suites.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new_sized(0);
}

static void teardown(void)
{
    arena_free(a);
}

#define BOX "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\">"

static struct svg cleaned(const char *text)
{
    struct svg out = { 0 };
    const char *problem = "", *where = "";
    enum rc rc = svg_clean(a, text, strlen(text), &out, &problem, &where);
    ck_assert_msg(rc == RC_OK, "%s (%s) for %s", problem, where, text);
    ck_assert_uint_eq(strlen(out.text), out.n);
    return out;
}

static void refused(const char *text, const char *why, const char *at)
{
    struct svg out = { 0 };
    const char *problem = "none", *where = "none";
    enum rc rc = svg_clean(a, text, strlen(text), &out, &problem, &where);
    ck_assert_msg(rc == RC_INVALID, "taken: %s as %s", text, out.text);
    ck_assert_msg(strstr(problem, why) != NULL, "%s: \"%s\", not \"%s\"", text, problem, why);
    ck_assert_str_eq(where, at);
    ck_assert_ptr_null(out.text);
}

START_TEST(plain)
{
    ck_assert_str_eq(
        cleaned("\xef\xbb\xbf<?xml version='1.0' encoding=\"UTF-8\" standalone=\"no\"?>\r\n"
                "<!-- by hand --><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\">\n"
                "<svg viewBox='0 0 8 9' class=\"c\"><g\tfill='#fff'>\n  <path d='M0 0h1'/>\n</g>"
                "<text x=\"1\">a &lt; b &#x26; &#3461;</text></svg>\n")
            .text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 9\"><g fill=\"#fff\">"
        "<path d=\"M0 0h1\"/></g><text x=\"1\">a &lt; b &amp; \xe0\xb6\x85</text></svg>");
}
END_TEST

/* Editors' own notes go, their drawing stays. */
START_TEST(editors)
{
    ck_assert_str_eq(
        cleaned(
            "<svg xmlns:inkscape='http://i' inkscape:version='1' xml:space='preserve' "
            "viewBox='0 0 1 1'><sodipodi:namedview id='n'><inkscape:grid/></sodipodi:namedview>"
            "<metadata><rdf:RDF><cc:Work rdf:about=''><script>x</script></cc:Work></rdf:RDF>"
            "</metadata><path inkscape:label='l' data-x='javascript:x' "
            "style='fill:#ff0000;-inkscape-stroke:none;stroke : none; ;x' fill='blue' d='M0 0'/>"
            "</svg>")
            .text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">"
        "<path fill=\"#ff0000\" d=\"M0 0\" stroke=\"none\"/></svg>");
}
END_TEST

START_TEST(references)
{
    ck_assert_str_eq(cleaned(BOX "<defs><linearGradient id='a'><stop offset='0'/></linearGradient>"
                                 "<linearGradient id='b' xlink:href='#a'/></defs>"
                                 "<rect fill='url(#b)' style='stroke:url(\"#a\")'/>"
                                 "<g id='g'/><use href='#g' x='1'/></svg>")
                         .text,
                     BOX "<defs><linearGradient id=\"a\"><stop offset=\"0\"/></linearGradient>"
                         "<linearGradient id=\"b\" href=\"#a\"/></defs>"
                         "<rect fill=\"url(#b)\" stroke=\"url(&quot;#a&quot;)\"/>"
                         "<g id=\"g\"/><use href=\"#g\" x=\"1\"/></svg>");
}
END_TEST

START_TEST(sizes)
{
    static const struct {
        const char *attrs;
        int32_t w, h;
    } row[] = {
        { "viewBox='0 0 800 600'", 800, 600 },
        { "viewBox='-10,-10 , 20.6 , 40'", 21, 40 },
        { "width='320' height='240px' viewBox='0 0 1 1'", 320, 240 },
        { "width='100%' height='10cm' viewBox='0 0 4 3'", 4, 3 },
        { "viewBox='0 0 24000 12000'", 12000, 6000 },
        { "viewBox='0 0 9999999999999 1'", 12000, 1 },
        { "width='.5' height='2' viewBox='0 0 5 5'", 5, 5 },
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct svg s = cleaned(arena_printf(a, "<svg %s/>", row[i].attrs));
        ck_assert_int_eq(s.width, row[i].w);
        ck_assert_int_eq(s.height, row[i].h);
    }
    refused("<svg/>", "does not say how big", "svg");
    refused("<svg viewBox='0 0 0 5'/>", "does not say how big", "svg");
    refused("<svg viewBox='0 0 5'/>", "does not say how big", "svg");
    refused("<svg viewBox='0 0 -5 5'/>", "does not say how big", "svg");
}
END_TEST

START_TEST(active)
{
    static const char *const elements[] = {
        "script",  "foreignObject", "iframe",  "object",   "embed",         "a", "audio", "video",
        "handler", "set",           "animate", "listener", "animateMotion",
    };
    for (size_t i = 0; i < COUNT_OF(elements); i++)
        refused(arena_printf(a, BOX "<g><%s>x</%s></g></svg>", elements[i], elements[i]),
                "something active", elements[i]);
    refused("<svg viewBox='0 0 1 1' onload='alert(1)'/>", "holds a script", "onload");
    refused(BOX "<rect ONCLICK='x'/></svg>", "holds a script", "ONCLICK");
    refused(BOX "<style>*{fill:url(//e)}</style></svg>", "style sheet", "style");
    refused(BOX "<image href='data:image/png;base64,AA'/></svg>", "another picture", "image");
    refused(BOX "<Script>x</Script></svg>", "not taken", "Script");
    refused(BOX "<filter id='f'/></svg>", "not taken", "filter");
    refused(BOX "<svg:script xmlns:svg='http://www.w3.org/2000/svg'/></svg><x/>", "damaged", "");
    struct svg s = cleaned(BOX "<svg:script xmlns:svg='http://www.w3.org/2000/svg'>x</svg:script>"
                               "<x:y>t</x:y></svg>");
    ck_assert_str_eq(s.text, BOX "</svg>");
}
END_TEST

START_TEST(outside)
{
    refused(BOX "<use href='http://e/x.svg#a'/></svg>", "outside", "href");
    refused(BOX "<use xlink:href='data:image/svg+xml,x'/></svg>", "outside", "href");
    refused(BOX "<use href='x.svg#a'/></svg>", "outside", "href");
    refused(BOX "<rect fill='url(http://e/x)'/></svg>", "outside", "fill");
    refused(BOX "<rect fill='url(//e/x)'/></svg>", "outside", "fill");
    refused(BOX "<rect fill='URL(#a)'/></svg>", "outside", "fill");
    refused(BOX "<rect fill='url( #a)'/></svg>", "outside", "fill");
    refused(BOX "<rect fill='u&#x72;l(x)'/></svg>", "outside", "fill");
    refused(BOX "<rect fill='u\\72l(x)'/></svg>", "outside", "fill");
    refused(BOX "<rect style='fill:url(x)'/></svg>", "outside", "fill");
    refused(BOX "<rect style='fill:ur/**/l(x)'/></svg>", "outside", "fill");
    refused(BOX "<rect mask='javascript:x'/></svg>", "outside", "mask");
    refused(BOX "<rect fill='image-set(\"x\")'/></svg>", "function", "fill");
    refused(BOX "<rect fill='var(--x)'/></svg>", "function", "fill");
}
END_TEST

START_TEST(form)
{
    refused("", "damaged", "");
    refused("<svg", "damaged", "");
    refused("<svg viewBox='0 0 1 1'>", "damaged", "");
    refused("<svg viewBox='0 0 1 1'></g>", "damaged", "");
    refused("<svg viewBox='0 0 1 1'/><svg/>", "damaged", "");
    refused("<svg viewBox='0 0 1 1'/>x", "damaged", "");
    refused("<svg viewBox=0/>", "damaged", "");
    refused("<svg x='1' x='2' viewBox='0 0 1 1'/>", "damaged", "");
    refused("<svg x='1'y='2' viewBox='0 0 1 1'/>", "damaged", "");
    refused(BOX "<text>&nbsp;</text></svg>", "damaged", "");
    refused(BOX "<text>&#0;</text></svg>", "damaged", "");
    refused(BOX "<text>&#xd800;</text></svg>", "damaged", "");
    refused(BOX "<text>&#x110000;</text></svg>", "damaged", "");
    refused(BOX "<text>&#9999999999;</text></svg>", "damaged", "");
    refused(BOX "<text>&amp</text></svg>", "damaged", "");
    refused("<html><svg/></html>", "not a drawing", "html");
    refused("<svg xmlns='http://www.w3.org/1999/xhtml' viewBox='0 0 1 1'/>", "not a drawing",
            "xmlns");
    refused("<?xml version='1.0' encoding='UTF-16'?><svg viewBox='0 0 1 1'/>", "UTF-8", "");
    refused("\xff\xfe<svg/>", "UTF-8", "");
    refused(BOX "<?xml-stylesheet href='x'?></svg>", "instructions", "");
    refused(
        "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg viewBox='0 0 1 1'>&x;</svg>",
        "entities", "");
    refused("<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><svg viewBox='0 0 1 1'/>",
            "entities", "");
    ck_assert_str_eq(
        cleaned(BOX "<text><![CDATA[a<b]]></text><g><![CDATA[<script>]]></g></svg>").text,
        BOX "<text>a&lt;b</text><g></g></svg>");
}
END_TEST

static char *times(const char *what, size_t n, const char *before, const char *after)
{
    size_t len = strlen(what);
    char *out = arena_alloc(a, strlen(before) + n * len + strlen(after) + 1);
    char *p = stpcpy(out, before);
    for (size_t i = 0; i < n; i++)
        p = stpcpy(p, what);
    stpcpy(p, after);
    return out;
}

START_TEST(bombs)
{
    refused(times("<g>", 60, BOX, ""), "too deeply", "");
    refused(times("<g/>", 9000, BOX, "</svg>"), "too complex", "");
    refused(times("<use href='#a'/>", 300, BOX, "</svg>"), "too complex", "use");
    refused(times("x", 1100000, BOX "<text>", "</text></svg>"), "1 MB", "");
    refused(BOX "<g id='a'><path/></g><g id='b'><use href='#a'/><use href='#a'/></g>"
                "<g id='c'><use href='#b'/><use href='#b'/></g><use href='#c'/></svg>",
            "copies of copies", "b");
    refused(BOX "<use id='a' href='#b'/><use id='b' href='#a'/></svg>", "copies of copies", "b");
    refused("<svg viewBox='0 0 1 1' id='r'><use href='#r'/></svg>", "copies of copies", "r");
    refused(BOX "<pattern id='p'><rect fill='url(#q)'/></pattern><pattern id='q'>"
                "<rect fill='url(#p)'/></pattern></svg>",
            "copies of copies", "q");
    refused(BOX "<mask id='m'><use href='#g'/></mask><g id='g'/></svg>", "copies of copies", "g");
    refused(times(" x1='1'", 70, "<svg viewBox='0 0 1 1'", "/>"), "damaged", "");
    char *attrs = arena_strdup(a, "<svg viewBox='0 0 1 1'");
    for (int i = 0; i < 70; i++)
        attrs = arena_printf(a, "%s a%d='1'", attrs, i);
    refused(arena_printf(a, "%s/>", attrs), "damaged", "");
}
END_TEST

/* What cleaning made is clean; and the pictures of the demo shops are plain. */
START_TEST(demo)
{
    const char *src = getenv("KADE_TEST_SRC");
    const char *dir = arena_printf(a, "%s/demo/pictures", src == NULL ? KADE_SRC : src);
    DIR *d = opendir(dir);
    ck_assert_ptr_nonnull(d);
    int n = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (!str_ends(e->d_name, ".svg"))
            continue;
        FILE *f = fopen(arena_printf(a, "%s/%s", dir, e->d_name), "r");
        ck_assert_ptr_nonnull(f);
        char *text = arena_alloc(a, 65536);
        ck_assert_uint_lt(fread(text, 1, 65535, f), 65535);
        fclose(f);
        struct svg s = cleaned(text);
        bool product = !str_starts(e->d_name, "hero-") && !str_starts(e->d_name, "logo-");
        ck_assert_int_gt(s.width, 0);
        ck_assert(!product || s.width == 800);
        ck_assert_str_eq(cleaned(s.text).text, s.text);
        n++;
    }
    closedir(d);
    ck_assert_int_gt(n, 50);
}
END_TEST

Suite *suite_svg(void)
{
    Suite *s = suite_create("svg");
    TCase *c = tcase_create("svg");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, plain);
    tcase_add_test(c, editors);
    tcase_add_test(c, references);
    tcase_add_test(c, sizes);
    tcase_add_test(c, active);
    tcase_add_test(c, outside);
    tcase_add_test(c, form);
    tcase_add_test(c, bombs);
    tcase_add_test(c, demo);
    suite_add_tcase(s, c);
    return s;
}
