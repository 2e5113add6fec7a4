#ifndef CMD_ADMIN_NOTICE_H
#define CMD_ADMIN_NOTICE_H

#include "cmd/exits.h"
#include "cmd/start.h"

/*
 * "admin notice list | add | remove" and "admin maintenance show | set | clear": what the operator tells everybody (domain/notice.h); see
 * man/madoguchi.1. Times are Japan's, as base/time.h writes and reads them.
 */

/* Before anything is opened. USAGE, with words on standard error: an option is missing or no time. */
enum exit_code admin_notice_wants(const struct program *program);
enum exit_code admin_notice(struct start *start);

#endif
