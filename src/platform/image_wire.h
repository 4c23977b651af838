/* image_wire.h: what kade-image writes into the memory file it is given as standard output: this
 * head, then the bytes of the files. The reader believes none of it: it was written beside a
 * decoder that strangers' bytes went through. */
#ifndef PLATFORM_IMAGE_WIRE_H
#define PLATFORM_IMAGE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/image.h"

enum { IMAGE_WIRE_MAGIC = 0x4b494d31, IMAGE_WIRE_MOST = 32 * 1024 * 1024 };
enum { IMAGE_WIRE_OK = 1, IMAGE_WIRE_DAMAGED, IMAGE_WIRE_TOO_MUCH };

struct image_wire_file {
    uint32_t format, bit, width, height, offset, bytes;
};
struct image_wire {
    uint32_t magic, status, width, height, colour, sizes, nfiles;
    struct image_wire_file file[IMAGE_SIZES * IMAGE_FORMATS];
};

/* image_head without its limits, for what we made ourselves. */
bool image_read_size(const void *p, size_t n, struct image_head *out);

#endif
