/* fuzz_image_head.c: the first bytes of pictures from anybody. Any bytes in; what is taken has a
 * type and a size within the limits, and sizes to be made that are within it. */
#include "fuzz.h"
#include "platform/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image_head h = { 0 };
    const char *problem = NULL;
    if (image_head(data, size, &h, &problem) != RC_OK) {
        HOLDS(problem != NULL && h.kind == IMAGE_NONE);
        return 0;
    }
    HOLDS(image_ext(h.kind) != NULL && image_mime(h.kind) != NULL);
    if (h.kind == IMAGE_SVG)
        return 0;
    HOLDS(h.width >= IMAGE_SIDE_LEAST && h.width <= IMAGE_SIDE_MOST);
    HOLDS(h.height >= IMAGE_SIDE_LEAST && h.height <= IMAGE_SIDE_MOST);
    HOLDS((int64_t)h.width * h.height <= IMAGE_PIXELS_MOST);
    unsigned sizes = image_sizes(h.width, h.height);
    HOLDS(sizes != 0);
    for (unsigned bit = 0; bit < IMAGE_SIZES; bit++)
        if (sizes & 1u << bit) {
            int64_t w = image_size_width(bit, h.width),
                    t = image_size_height(bit, h.width, h.height);
            HOLDS(w <= h.width && t >= 1 && w * t <= IMAGE_SIZE_PIXELS);
        }
    return 0;
}
