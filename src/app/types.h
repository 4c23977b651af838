/* types.h: forward declarations every app header and module starts from. */
#ifndef APP_TYPES_H
#define APP_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"

struct app_ctx; /* one per process: configuration, connections, loaded modules */
struct app_module;
struct app_route;
struct arena;
struct buf;
struct cache;
struct conf;
struct db;
struct db_pipe;
struct db_stmt;
struct event;
struct field;
struct form_spec;
struct job;
struct locale;
struct req;
struct resource;
struct session;
struct slot_subject;
struct tenant;
struct tpl;

#endif
