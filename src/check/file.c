#include "check/file.h"

#include "base/limits.h"
#include "check/end.h"

#include <errno.h>

struct str file_read(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	if (size < 0)
		_exit(1);
	if (size == 0)
		end_refused(CHECK_EMPTY);
	if (size > LIMIT_CHECK_FILE)
		end_refused(CHECK_TOO_BIG_DECOMPRESSED);
	char *p = room_for((size_t)size, 1);
	size_t n = 0;
	while (n < (size_t)size) {
		ssize_t got = pread(fd, p + n, (size_t)size - n, (off_t)n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) /* it became shorter, or the disk fails */
			_exit(1);
		n += (size_t)got;
	}
	return str_make(p, n);
}

void file_write(struct str bytes)
{
	for (size_t done = 0; done < bytes.n;) {
		ssize_t n = write(FILE_OUTPUT, bytes.p + done, bytes.n - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		done += (size_t)n;
	}
}
