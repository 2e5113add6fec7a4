#ifndef CMD_ADMIN_APPLICATION_H
#define CMD_ADMIN_APPLICATION_H

#include "cmd/exits.h"
#include "cmd/start.h"

/* `admin application return REFERENCE --open ITEMS --note WORDS`: sends an application back to be modified (domain/application/amend.h). */
enum exit_code admin_application(struct start *start);
/* `admin application files REFERENCE DIR`: what was attached, into a folder (cmd/admin_papers.h); after start_folders. */
enum exit_code admin_application_files(struct start *start);

#endif
