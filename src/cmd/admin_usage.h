#ifndef CMD_ADMIN_USAGE_H
#define CMD_ADMIN_USAGE_H

#include "cmd/exits.h"
#include "cmd/start.h"

/*
 * "admin usage list | show REFERENCE | accept REFERENCE | refuse REFERENCE [--note WORDS]": requests for use that an officer decides.
 * list prints one a line with tabs between the columns (with --json one array): reference number, reception number, user ID, procedure, when, name,
 * what differs. show prints "label<tab>value" lines in Japanese: what the account, the card and the form say; then the files (cmd/admin_papers.h).
 */
enum exit_code admin_usage(struct start *start);
/* "admin usage files REFERENCE DIR"; after start_folders. */
enum exit_code admin_usage_files(struct start *start);

#endif
