/* id.c: UUIDs of RFC 9562 as 16 bytes. Version 7 carries its millisecond in front, so keys made
 * later sort later and stay together on disk. Not random by itself: the caller gives the bytes
 * (platform/crypto), which keeps this file pure and testable. */
#include "base/id.h"

#include <string.h>

struct uuid uuid7_make(uint64_t unix_ms, const unsigned char random[10])
{
    struct uuid id;
    for (int i = 0; i < 6; i++)
        id.b[i] = (unsigned char)(unix_ms >> (8 * (5 - i)));
    memcpy(id.b + 6, random, 10);
    id.b[6] = (unsigned char)((id.b[6] & 0x0f) | 0x70); /* version 7 */
    id.b[8] = (unsigned char)((id.b[8] & 0x3f) | 0x80); /* variant */
    return id;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool hyphen_before(int byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

enum rc uuid_parse(const char *s, struct uuid *out)
{
    struct uuid id;
    for (int i = 0; i < 16; i++) {
        if (hyphen_before(i) && *s++ != '-')
            return RC_INVALID;
        int high = hex_value(s[0]);
        int low = high < 0 ? -1 : hex_value(s[1]); /* s[1] only when s[0] was no NUL */
        if (low < 0)
            return RC_INVALID;
        id.b[i] = (unsigned char)(high << 4 | low);
        s += 2;
    }
    if (*s)
        return RC_INVALID;
    *out = id;
    return RC_OK;
}

void uuid_format(struct uuid id, char out[UUID_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        if (hyphen_before(i))
            *out++ = '-';
        *out++ = hex[id.b[i] >> 4];
        *out++ = hex[id.b[i] & 15];
    }
    *out = '\0';
}

char *uuid_str(struct arena *a, struct uuid id)
{
    char text[UUID_TEXT];
    uuid_format(id, text);
    return arena_memdup(a, text, sizeof(text));
}

int uuid_cmp(struct uuid a, struct uuid b)
{
    return memcmp(a.b, b.b, sizeof(a.b));
}

bool uuid_is_nil(struct uuid id)
{
    static const struct uuid nil;
    return uuid_cmp(id, nil) == 0;
}
