/* address.h: addresses by country, from one table: which fields in which order, what they are
 * called there, which must be filled, how a postcode looks, which regions there are; and phone
 * numbers in E.164. Forms, checkout, documents and imports read the same table. Pure: no database.
 */
#ifndef SHOP_ADDRESS_H
#define SHOP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"

enum address_key {
    ADDRESS_NAME,
    ADDRESS_COMPANY,
    ADDRESS_PHONE,
    ADDRESS_LINE1,
    ADDRESS_LINE2,
    ADDRESS_CITY,
    ADDRESS_REGION,
    ADDRESS_POSTCODE,
    ADDRESS_LANDMARK,
    ADDRESS_INSTRUCTIONS,
    ADDRESS_KEYS
};
struct address { /* every text non-NULL after address_check */
    const char *text[ADDRESS_KEYS];
    const char *country; /* ISO 3166-1 alpha-2 */
};
struct address_region {
    const char *code;  /* what is stored: "Western Province" stays readable on a parcel */
    const char *local; /* in the country's own script; NULL: the same */
};
struct address_field {
    enum address_key key;
    const char *label; /* N_(); as it is called there */
    bool required;
    bool folded;      /* behind "more" in a form */
    const char *hint; /* N_(), NULL none */
};
struct address_country {
    const char *code;     /* "LK" */
    const char *calling;  /* "94" */
    const char *trunk;    /* dialled inside before the number: "0"; "" none */
    int least, most;      /* digits of a national number, without trunk */
    const char *postcode; /* patterns with | between: 9 a digit, A a letter, rest as is; NULL any */
    const char *postcode_hint;
    const struct address_region *regions; /* NULL: free text */
    size_t nregions;
    const struct address_field *fields; /* in the order of a form there */
    size_t nfields;
};

/* Form field name of a key: "name" "company" "phone" "address_line1" "address_line2" "city"
 * "region" "postcode" "landmark" "instructions"; and its autocomplete token. */
KADE_API const char *address_name(enum address_key key);
KADE_API const char *address_autocomplete(enum address_key key);
KADE_API const struct address_country *
address_countries(size_t *n); /* LK IN IQ AE US, then A to Z */
KADE_API const struct address_country *address_country(const char *code); /* NULL: unknown */

typedef void address_problem(void *arg, enum address_key key, const char *message);
/* Trims, folds blanks, brings postcode, region and phone into their stored form and drops fields
 * the country has not; tells every problem in words. RC_INVALID when there was one, or the country
 * is unknown. Texts of a are replaced. */
KADE_API enum rc address_check(struct arena *arena, struct address *a, address_problem *problem,
                               void *arg) ATTR_MUST_CHECK;
/* As written on a parcel there, lines with \n between, without phone and instructions. country_name
 * is the last line; NULL leaves it out. */
KADE_API char *address_text(struct arena *arena, const struct address *a,
                            const char *country_name) ATTR_RETNONNULL;

/* "077 123 4567" "+94 77 123 4567" "0094771234567" "771234567" to "+94771234567". Digits of any
 * script, blanks, hyphens, points, slashes and brackets. country: where no calling code is given.
 * RC_INVALID what can be no number. */
KADE_API enum rc phone_e164(struct arena *a, const char *text, const char *country,
                            char **out) ATTR_MUST_CHECK;
/* For people: "077 123 4567" in its own country, "+94 77 123 4567" elsewhere. */
KADE_API char *phone_show(struct arena *a, const char *e164, const char *country) ATTR_RETNONNULL;

#endif
