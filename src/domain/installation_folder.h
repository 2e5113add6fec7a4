#ifndef DOMAIN_INSTALLATION_FOLDER_H
#define DOMAIN_INSTALLATION_FOLDER_H

#include "domain/cx.h"

/*
 * Folders that belong to a database: files of people lie there, and rows name them. The database knows a random mark, and the folders hold the same
 * (files/place.h). It is noted once and never changes: who finds another one has come to the wrong folder, or to the wrong database.
 */

/* NOT_FOUND: none is known yet. */
err installation_folder_find(struct cx *cx, struct str name, struct str *mark);
/* Notes this one, unless one is known already: *known is what the database has then. */
err installation_folder_note(struct cx *cx, struct str name, struct str mark, struct str *known);
/* The operator's word that the folders are right, for the audit chain. */
err installation_folder_adopted(struct cx *cx, struct str name);

#endif
