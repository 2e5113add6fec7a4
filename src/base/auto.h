#ifndef BASE_AUTO_H
#define BASE_AUTO_H

/* Handles that end with their scope. AUTO_FD int fd = -1; … fd_take(&fd) moves it out. */

#include <stdio.h>

void auto_close(int *fd);
void auto_free(void *p); /* p: address of the pointer */
void auto_fclose(FILE **file);

#define AUTO_FD __attribute__((cleanup(auto_close)))
#define AUTO_FREE __attribute__((cleanup(auto_free)))
#define AUTO_FILE __attribute__((cleanup(auto_fclose)))

int fd_take(int *fd);

#endif
