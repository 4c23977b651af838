/* fcgi_io.h: between libfcgi's streams and struct req_in / struct req. Private to the worker. */
#ifndef PROGRAMS_FCGI_IO_H
#define PROGRAMS_FCGI_IO_H

#include <fcgiapp.h>

#include "app/req.h"
#include "base/arena.h"

/* Copies the request's head into the arena: FastCGI's own strings die at FCGX_Finish_r. The body
 * stays in the stream and is read through in->read. */
void fcgi_read_head(FCGX_Request *q, struct arena *a, struct req_in *out);
/* Sends the answer whole, closes the connection and frees what libfcgi held for the request. A
 * client that has gone is not an error. */
void fcgi_write(FCGX_Request *q, const struct req *r);

#endif
