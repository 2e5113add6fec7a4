#ifndef CHECK_FILE_H
#define CHECK_FILE_H

#include "base/str.h"

/*
 * The descriptors of a checker: 3 is the file to check, 4 where a result goes, 5 and on are further
 * files (pages). The program is told nothing else about them, no name and no type.
 */

#define FILE_INPUT 3
#define FILE_OUTPUT 4
#define FILE_FURTHER 5

/*
 * All bytes, into memory of the process: nobody can change them while they are looked at. Ends the
 * process when there are none (CHECK_EMPTY), more than LIMIT_CHECK_FILE
 * (CHECK_TOO_BIG_DECOMPRESSED), or they cannot be read (exit status 1).
 */
struct str file_read(int fd);

/* As the last thing before the verdict. Exit status 1 when it cannot be written: the disk is full.
 */
void file_write(struct str bytes);

#endif
