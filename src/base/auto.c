#include "base/auto.h"

void auto_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void auto_free(void *p)
{
	/* p is the address of a pointer of any type; copying its bytes is the one way to read it
	 * that C allows. */
	void *memory;
	memcpy(&memory, p, sizeof memory);
	free(memory);
	memory = NULL;
	memcpy(p, &memory, sizeof memory);
}

void auto_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
	*file = NULL;
}

int fd_take(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}
