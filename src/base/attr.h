/* attr.h: compiler attributes used on prototypes, and compile-time helpers. Nothing else. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define ATTR_FORMAT(f, a) __attribute__((format(printf, f, a)))
#define ATTR_NONNULL      __attribute__((nonnull))
#define ATTR_RETNONNULL   __attribute__((returns_nonnull))
#define ATTR_MUST_CHECK   __attribute__((warn_unused_result))
#define ATTR_NORETURN     __attribute__((noreturn))
#define ATTR_COLD         __attribute__((cold))
#define ATTR_PURE         __attribute__((pure))
#define ATTR_UNUSED       __attribute__((unused))
/* What libkade.so exports; everything else is hidden (-fvisibility=hidden). */
#define KADE_API __attribute__((visibility("default")))

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#endif
