/* csrc.h: a C or C++ source split into three texts of the same length and lines: code, contents of
 * string literals, comments. What does not belong to a text is blank there, so that a search in one
 * never meets the others. */
#ifndef TOOLS_CSRC_H
#define TOOLS_CSRC_H

#include "kit.h"

struct csrc {
    const char *path; /* as given: shown and judged by */
    const char *text;
    char *code, *strings, *comments;
    size_t n;
};

/* text must stay valid. */
struct csrc csrc_split(const char *path, const char *text);
int csrc_line(const char *text, size_t at); /* 1 is the first */
/* Next occurrence of word (no letter, digit or _ around it) at or after from; n when none. */
size_t csrc_word(const char *text, size_t n, size_t from, const char *word);
bool csrc_is_word_char(char c);
/* The #include lines: calls see with the name, '<' or '"', and the line. */
void csrc_includes(const struct csrc *c, void *arg,
                   void (*see)(void *arg, const char *name, char kind, int line));

#endif
