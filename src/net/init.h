#ifndef NET_INIT_H
#define NET_INIT_H

#include "base/err.h"

/*
 * Once, at start, before other threads: libcurl sets up what all its users share. Whoever starts
 * threads that send mail or fetch calls it. May be called again.
 */
err net_init(void);

#endif
