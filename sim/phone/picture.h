#ifndef SIM_PHONE_PICTURE_H
#define SIM_PHONE_PICTURE_H

#include "base/err.h"
#include "base/str.h"

/*
 * Reads the code in a picture with zbarimg, a program of its own (Debian: zbar-tools), started
 * without a shell. The picture goes through a file without a name in the file system.
 */

#define PICTURE_SECONDS 10

/* PNG or JPEG bytes. NOT_FOUND: no QR code in it, or no picture. LIMIT: more than one code.
 * UNAVAILABLE: no zbarimg, or it takes longer than PICTURE_SECONDS. */
err picture_read(struct arena *arena, struct str bytes, struct str *text);

bool picture_is_one(struct str bytes);

#endif
