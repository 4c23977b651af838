/* media.h: libkade-media: what needs large libraries and is done for jobs only, never in a process
 * that serves requests. Pictures so far (libvips). It is linked by kade-image, which strangers'
 * bytes go through; it uses nothing of libkade but plain headers. */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "platform/image.h"
#include "platform/image_wire.h"

/* Loads the library and everything it will need from disk. Call before the sandbox is closed. */
KADE_API bool media_open(void) ATTR_MUST_CHECK;
/* Decodes p; with make also writes the sizes to fd, at offsets behind *out. out->status says how it
 * went. False when fd cannot be written. */
KADE_API bool media_picture(const void *p, size_t n, enum image_kind kind, bool make, int fd,
                            struct image_wire *out) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
