/* health.h: the pages machines ask: does it live, can it serve, what does it count. */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "app/types.h"

enum rc page_healthz(struct req *r) ATTR_MUST_CHECK;
enum rc page_readyz(struct req *r) ATTR_MUST_CHECK;
enum rc page_metrics(struct req *r) ATTR_MUST_CHECK;

#endif
