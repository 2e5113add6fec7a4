#ifndef FILES_PLACE_H
#define FILES_PLACE_H

#include "domain/cx.h"

/*
 * Whether the folders of attachments are those of this database. Rows say what lies there: with other folders, good files would be told to be lost, and new ones
 * would be where no other host finds them.
 *
 * Each folder holds a file `mark` with one random text, and the database knows it (domain/installation_folder.h). The first host writes it into the
 * folders first and into the database last: whoever finds it there finds it here. A folder that is empty is no excuse once the database knows a mark,
 * because that is just how a second host comes that shares nothing.
 */

#define PLACE_MARK "mark" /* the file's name */

enum place {
	PLACE_OURS,
	PLACE_UNMARKED, /* no mark, and the database knows one */
	PLACE_OTHERS,   /* another mark */
};

struct place_found {
	enum place place;
	const char *folder; /* which of them, unless all are ours */
};

/* All folders are there. UNAVAILABLE: the disk or the database does not answer. */
err place_check(struct cx *cx, const char *const *folders, size_t count, struct place_found *out);
/* They are right, the operator says: the database's mark is written into them, over whatever stands there. */
err place_adopt(struct cx *cx, const char *const *folders, size_t count);

#endif
