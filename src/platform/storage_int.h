/* storage_int.h: the S3 back end's face to storage.c. Keys have been checked. */
#ifndef PLATFORM_STORAGE_INT_H
#define PLATFORM_STORAGE_INT_H

#include "platform/storage.h"

enum rc s3_put(const struct conf *c, struct arena *a, const char *key, const char *mime,
               const void *p, size_t n) ATTR_MUST_CHECK;
enum rc s3_get(const struct conf *c, struct arena *a, const char *key, size_t most, char **out,
               size_t *n) ATTR_MUST_CHECK;
enum rc s3_exists(const struct conf *c, struct arena *a, const char *key,
                  bool *out) ATTR_MUST_CHECK;
enum rc s3_delete(const struct conf *c, struct arena *a, const char *key) ATTR_MUST_CHECK;

#endif
