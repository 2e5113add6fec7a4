#ifndef SIM_PHONE_FILE_H
#define SIM_PHONE_FILE_H

#include "base/err.h"
#include "base/str.h"

/* Small files of the app, and what is given to it by name. Words of errors hold the path. */

#define LIMIT_PHONE_LIST (64u << 10) /* parties.json: 50 of them with all keys are under 32 KiB */
#define LIMIT_PHONE_PICTURE (12u << 20) /* a photo of a phone's camera is 3 to 8 MiB */

const char *file_path(struct arena *arena, const char *dir, const char *name);

/* "-" is standard input. NOT_FOUND: there is none; LIMIT: longer than most; UNAVAILABLE. */
err file_read(struct arena *arena, const char *path, size_t most, struct str *out);

/* In full or not at all, mode 0600. UNAVAILABLE. */
err file_write(struct arena *arena, const char *path, struct str bytes);

#endif
