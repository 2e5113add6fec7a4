#ifndef HTTP_TARGET_H
#define HTTP_TARGET_H

#include "http/http.h"

/*
 * The origin form of a target taken apart: "/a%20b?c=d" → path "/a b", query "c=d" (absent without
 * '?').
 *
 * The path is decoded once and has one spelling for each resource, so that nothing behind this can
 * be tricked by a second one: INVALID for a broken escape, bad UTF-8, a control character or NUL,
 * an escaped '/', any '\', '#', a segment "." or "..", and an empty segment that is not the last.
 * RFC 3986 3.3, RFC 3629.
 */
err target_read(struct arena *arena, struct str origin, struct str *path, struct str *query);

#endif
