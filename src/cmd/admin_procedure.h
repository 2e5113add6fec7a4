#ifndef CMD_ADMIN_PROCEDURE_H
#define CMD_ADMIN_PROCEDURE_H

#include "cmd/program.h"

/*
 * "admin procedure …": for whoever writes procedures. They need no data and no database, only the folder of definitions.
 *
 *   check DIR          every fault; without one, what was read
 *   json DIR ID        the compiled definition (domain/definition/procedure_json.h)
 *   preview DIR ID     the form on one page (web/preview.h); --status VALUE: only what people of that status are asked
 *   paths DIR          the shortest and the longest way through each procedure (domain/definition/paths.h)
 */

enum exit_code admin_procedure_check(struct program *program);
enum exit_code admin_procedure_json(struct program *program);
enum exit_code admin_procedure_preview(struct program *program);
enum exit_code admin_procedure_paths(struct program *program);

#endif
