/* pdf_int.h: the one symbol of libkade-pdf. Private to pdf.c and pdf_draw.c. */
#ifndef PLATFORM_PDF_INT_H
#define PLATFORM_PDF_INT_H

#include "platform/pdf.h"

#define PDF_WRITE_SYMBOL "kade_pdf_write"
/* Bytes are handed to put, in pieces; false when the sheet cannot be drawn. Uses nothing of
 * libkade, so that the library needs only what it wraps. */
typedef bool pdf_write_fn(const struct pdf_sheet *s, void (*put)(void *, const void *, size_t),
                          void *arg);
KADE_API pdf_write_fn kade_pdf_write;

#endif
