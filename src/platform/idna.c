/* idna.c: libidn2 behind one function, so that no other file knows it. It looks nothing up: whether
 * a domain exists is for the mail that is sent to it to find out.
 * Invariant: what comes out is plain lower-case ASCII. */
#include "platform/idna.h"

#include <idn2.h>
#include <string.h>

#include "base/str.h"

enum { HOST_MAX = 253 };

static enum rc plain_check(const char *s)
{
    size_t n = strlen(s), label = 0;
    if (n == 0 || n > HOST_MAX)
        return RC_INVALID;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (c == '.') {
            if (label == 0 || s[i - 1] == '-')
                return RC_INVALID;
            label = 0;
        } else if (alnum || (c == '-' && label > 0)) {
            if (++label > 63)
                return RC_INVALID;
        } else {
            return RC_INVALID;
        }
    }
    return label > 0 && s[n - 1] != '-' ? RC_OK : RC_INVALID;
}

enum rc idna_to_ascii(struct arena *a, const char *host, char **out)
{
    char *ascii = NULL;
    if (strlen(host) > HOST_MAX * 4)
        return RC_INVALID;
    int e = idn2_to_ascii_8z(host, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (e != IDN2_OK)
        return RC_INVALID;
    char *copy = str_lower(a, ascii);
    idn2_free(ascii);
    size_t n = strlen(copy);
    if (n > 0 && copy[n - 1] == '.')
        copy[n - 1] = '\0';
    enum rc rc = plain_check(copy);
    if (rc == RC_OK)
        *out = copy;
    return rc;
}
