/* address_data.c: the table behind addresses and phone numbers: countries, their fields, postcodes,
 * calling codes and regions. Data alone; address.c and phone.c read it. The five countries the demo
 * shops sell to have forms of their own, the others a plain one. */
#include "base/str.h"
#include "platform/i18n.h"
#include "shop/address.h"

static const struct address_region districts_lk[] = {
    { "Ampara", "අම්පාර" },          { "Anuradhapura", "අනුරාධපුර" }, { "Badulla", "බදුල්ල" },
    { "Batticaloa", "மட்டக்களப்பு" },  { "Colombo", "කොළඹ" },         { "Galle", "ගාල්ල" },
    { "Gampaha", "ගම්පහ" },          { "Hambantota", "හම්බන්තොට" },   { "Jaffna", "யாழ்ப்பாணம்" },
    { "Kalutara", "කළුතර" },         { "Kandy", "මහනුවර" },          { "Kegalle", "කෑගල්ල" },
    { "Kilinochchi", "கிளிநொச்சி" }, { "Kurunegala", "කුරුණෑගල" },    { "Mannar", "மன்னார்" },
    { "Matale", "මාතලේ" },          { "Matara", "මාතර" },          { "Monaragala", "මොනරාගල" },
    { "Mullaitivu", "முல்லைத்தீவு" },  { "Nuwara Eliya", "නුවරඑළිය" },  { "Polonnaruwa", "පොළොන්නරුව" },
    { "Puttalam", "පුත්තලම" },        { "Ratnapura", "රත්නපුර" },      { "Trincomalee", "திருகோணமலை" },
    { "Vavuniya", "வவுனியா" },
};
static const struct address_region states_in[] = {
    { "Andaman and Nicobar Islands", NULL },
    { "Andhra Pradesh", NULL },
    { "Arunachal Pradesh", NULL },
    { "Assam", NULL },
    { "Bihar", NULL },
    { "Chandigarh", NULL },
    { "Chhattisgarh", NULL },
    { "Dadra and Nagar Haveli and Daman and Diu", NULL },
    { "Delhi", NULL },
    { "Goa", NULL },
    { "Gujarat", NULL },
    { "Haryana", NULL },
    { "Himachal Pradesh", NULL },
    { "Jammu and Kashmir", NULL },
    { "Jharkhand", NULL },
    { "Karnataka", NULL },
    { "Kerala", NULL },
    { "Ladakh", NULL },
    { "Lakshadweep", NULL },
    { "Madhya Pradesh", NULL },
    { "Maharashtra", NULL },
    { "Manipur", NULL },
    { "Meghalaya", NULL },
    { "Mizoram", NULL },
    { "Nagaland", NULL },
    { "Odisha", NULL },
    { "Puducherry", "புதுச்சேரி" },
    { "Punjab", NULL },
    { "Rajasthan", NULL },
    { "Sikkim", NULL },
    { "Tamil Nadu", "தமிழ்நாடு" },
    { "Telangana", NULL },
    { "Tripura", NULL },
    { "Uttar Pradesh", NULL },
    { "Uttarakhand", NULL },
    { "West Bengal", NULL },
};
static const struct address_region governorates_iq[] = {
    { "Al Anbar", "الأنبار" }, { "Al Muthanna", "المثنى" }, { "Al Qadisiyah", "القادسية" },
    { "Babil", "بابل" },       { "Baghdad", "بغداد" },      { "Basra", "البصرة" },
    { "Dhi Qar", "ذي قار" },   { "Diyala", "ديالى" },       { "Dohuk", "دهوك" },
    { "Erbil", "أربيل" },      { "Halabja", "حلبجة" },      { "Karbala", "كربلاء" },
    { "Kirkuk", "كركوك" },     { "Maysan", "ميسان" },       { "Najaf", "النجف" },
    { "Nineveh", "نينوى" },    { "Saladin", "صلاح الدين" }, { "Sulaymaniyah", "السليمانية" },
    { "Wasit", "واسط" },
};
static const struct address_region emirates_ae[] = {
    { "Abu Dhabi", "أبو ظبي" },
    { "Ajman", "عجمان" },
    { "Dubai", "دبي" },
    { "Fujairah", "الفجيرة" },
    { "Ras Al Khaimah", "رأس الخيمة" },
    { "Sharjah", "الشارقة" },
    { "Umm Al Quwain", "أم القيوين" },
};
static const struct address_region states_us[] = {
    { "AL", "Alabama" },        { "AK", "Alaska" },        { "AZ", "Arizona" },
    { "AR", "Arkansas" },       { "CA", "California" },    { "CO", "Colorado" },
    { "CT", "Connecticut" },    { "DE", "Delaware" },      { "DC", "District of Columbia" },
    { "FL", "Florida" },        { "GA", "Georgia" },       { "HI", "Hawaii" },
    { "ID", "Idaho" },          { "IL", "Illinois" },      { "IN", "Indiana" },
    { "IA", "Iowa" },           { "KS", "Kansas" },        { "KY", "Kentucky" },
    { "LA", "Louisiana" },      { "ME", "Maine" },         { "MD", "Maryland" },
    { "MA", "Massachusetts" },  { "MI", "Michigan" },      { "MN", "Minnesota" },
    { "MS", "Mississippi" },    { "MO", "Missouri" },      { "MT", "Montana" },
    { "NE", "Nebraska" },       { "NV", "Nevada" },        { "NH", "New Hampshire" },
    { "NJ", "New Jersey" },     { "NM", "New Mexico" },    { "NY", "New York" },
    { "NC", "North Carolina" }, { "ND", "North Dakota" },  { "OH", "Ohio" },
    { "OK", "Oklahoma" },       { "OR", "Oregon" },        { "PA", "Pennsylvania" },
    { "PR", "Puerto Rico" },    { "RI", "Rhode Island" },  { "SC", "South Carolina" },
    { "SD", "South Dakota" },   { "TN", "Tennessee" },     { "TX", "Texas" },
    { "UT", "Utah" },           { "VT", "Vermont" },       { "VA", "Virginia" },
    { "WA", "Washington" },     { "WV", "West Virginia" }, { "WI", "Wisconsin" },
    { "WY", "Wyoming" },
};

#define LABEL_NAME         N_("Full name")
#define LABEL_COMPANY      N_("Company")
#define LABEL_PHONE        N_("Mobile number")
#define LABEL_LINE1        N_("Street and number")
#define LABEL_LINE2        N_("Flat, floor, building")
#define LABEL_LANDMARK     N_("Landmark nearby")
#define LABEL_INSTRUCTIONS N_("Instructions for delivery")
#define HEAD                                                                                       \
    { ADDRESS_NAME, LABEL_NAME, true, false, NULL },                                               \
    {                                                                                              \
        ADDRESS_PHONE, LABEL_PHONE, true, false, NULL                                              \
    }
#define STREET                                                                                     \
    { ADDRESS_LINE1, LABEL_LINE1, true, false, NULL },                                             \
    {                                                                                              \
        ADDRESS_LINE2, LABEL_LINE2, false, true, NULL                                              \
    }
#define TAIL                                                                                       \
    { ADDRESS_COMPANY, LABEL_COMPANY, false, true, NULL },                                         \
    {                                                                                              \
        ADDRESS_INSTRUCTIONS, LABEL_INSTRUCTIONS, false, true, NULL                                \
    }

static const struct address_field fields_lk[] = {
    HEAD,
    STREET,
    { ADDRESS_CITY, N_("City or town"), true, false, NULL },
    { ADDRESS_REGION, N_("District"), false, false, NULL },
    { ADDRESS_POSTCODE, N_("Postcode"), false, false, NULL },
    { ADDRESS_LANDMARK, LABEL_LANDMARK, false, true, NULL },
    TAIL
};
static const struct address_field fields_in[] = {
    HEAD,
    { ADDRESS_POSTCODE, N_("PIN code"), true, false, NULL },
    STREET,
    { ADDRESS_LANDMARK, LABEL_LANDMARK, false, true, NULL },
    { ADDRESS_CITY, N_("City or town"), true, false, NULL },
    { ADDRESS_REGION, N_("State"), true, false, NULL },
    TAIL
};
static const struct address_field fields_iq[] = {
    HEAD,
    { ADDRESS_REGION, N_("Governorate"), true, false, NULL },
    { ADDRESS_CITY, N_("City or district"), true, false, NULL },
    { ADDRESS_LINE1, N_("Neighbourhood, street, house"), true, false, NULL },
    { ADDRESS_LINE2, LABEL_LINE2, false, true, NULL },
    { ADDRESS_LANDMARK, LABEL_LANDMARK, false, false,
      N_("A mosque, school or shop the driver knows") },
    { ADDRESS_POSTCODE, N_("Postcode"), false, true, NULL },
    TAIL
};
static const struct address_field fields_ae[] = {
    HEAD,
    { ADDRESS_REGION, N_("Emirate"), true, false, NULL },
    { ADDRESS_CITY, N_("City or area"), true, false, NULL },
    STREET,
    { ADDRESS_LANDMARK, LABEL_LANDMARK, false, true, NULL },
    TAIL
};
static const struct address_field fields_us[] = {
    HEAD,
    STREET,
    { ADDRESS_CITY, N_("City"), true, false, NULL },
    { ADDRESS_REGION, N_("State"), true, false, NULL },
    { ADDRESS_POSTCODE, N_("ZIP code"), true, false, NULL },
    TAIL
};
static const struct address_field fields_plain[] = {
    HEAD,
    STREET,
    { ADDRESS_CITY, N_("City or town"), true, false, NULL },
    { ADDRESS_REGION, N_("Region"), false, true, NULL },
    { ADDRESS_POSTCODE, N_("Postcode"), false, false, NULL },
    TAIL
};

#define REGIONS(r) (r), COUNT_OF(r)
#define FIELDS(f)  (f), COUNT_OF(f)
#define PLAIN      NULL, 0, FIELDS(fields_plain)

static const struct address_country countries[] = {
    { "LK", "94", "0", 9, 9, "99999", "00700", REGIONS(districts_lk), FIELDS(fields_lk) },
    { "IN", "91", "0", 10, 10, "999999", "600001", REGIONS(states_in), FIELDS(fields_in) },
    { "IQ", "964", "0", 8, 10, "99999", "10001", REGIONS(governorates_iq), FIELDS(fields_iq) },
    { "AE", "971", "0", 8, 9, NULL, "", REGIONS(emirates_ae), FIELDS(fields_ae) },
    { "US", "1", "1", 10, 10, "99999|99999-9999", "94103", REGIONS(states_us), FIELDS(fields_us) },
    { "AU", "61", "0", 9, 9, "9999", "2000", PLAIN },
    { "BD", "880", "0", 8, 10, "9999", "1205", PLAIN },
    { "BH", "973", "", 8, 8, NULL, "", PLAIN },
    { "CA", "1", "1", 10, 10, "A9A 9A9", "K1A 0B1", PLAIN },
    { "CH", "41", "0", 9, 9, "9999", "8001", PLAIN },
    { "CN", "86", "0", 9, 11, "999999", "100000", PLAIN },
    { "DE", "49", "0", 6, 11, "99999", "10115", PLAIN },
    { "EG", "20", "0", 8, 10, "99999", "11511", PLAIN },
    { "ES", "34", "", 9, 9, "99999", "28001", PLAIN },
    { "FR", "33", "0", 9, 9, "99999", "75001", PLAIN },
    { "GB", "44", "0", 9, 10, "AA9A 9AA|A9A 9AA|A9 9AA|A99 9AA|AA9 9AA|AA99 9AA", "SW1A 1AA",
      PLAIN },
    { "IE", "353", "0", 7, 9, NULL, "", PLAIN },
    { "IR", "98", "0", 10, 10, "9999999999", "1193653471", PLAIN },
    { "IT", "39", "", 6, 11, "99999", "00118", PLAIN },
    { "JO", "962", "0", 8, 9, "99999", "11118", PLAIN },
    { "JP", "81", "0", 9, 10, "999-9999", "100-0001", PLAIN },
    { "KW", "965", "", 8, 8, "99999", "13001", PLAIN },
    { "LB", "961", "0", 7, 8, NULL, "", PLAIN },
    { "MV", "960", "", 7, 7, "99999", "20026", PLAIN },
    { "MY", "60", "0", 8, 10, "99999", "50000", PLAIN },
    { "NL", "31", "0", 9, 9, "9999 AA", "1011 AB", PLAIN },
    { "NP", "977", "0", 8, 10, "99999", "44600", PLAIN },
    { "NZ", "64", "0", 8, 10, "9999", "6011", PLAIN },
    { "OM", "968", "", 8, 8, "999", "113", PLAIN },
    { "PK", "92", "0", 9, 10, "99999", "44000", PLAIN },
    { "QA", "974", "", 8, 8, NULL, "", PLAIN },
    { "SA", "966", "0", 8, 9, "99999|99999-9999", "11564", PLAIN },
    { "SE", "46", "0", 7, 10, "999 99", "111 29", PLAIN },
    { "SG", "65", "", 8, 8, "999999", "018956", PLAIN },
    { "SY", "963", "0", 8, 9, NULL, "", PLAIN },
    { "TH", "66", "0", 8, 9, "99999", "10200", PLAIN },
    { "TR", "90", "0", 10, 10, "99999", "34000", PLAIN },
    { "YE", "967", "0", 7, 9, NULL, "", PLAIN },
};

const struct address_country *address_countries(size_t *n)
{
    *n = COUNT_OF(countries);
    return countries;
}
