/* Asks a clamd: scan_try SOCKET MILLISECONDS FILE. Prints "clean", "found NAME", "unavailable WHY" or
 * "undecided WHY". */

#include "base/auto.h"
#include "scan/clamd.h"

#include <fcntl.h>

int main(int argc, char **argv)
{
	struct scan scan;
	uint64_t ms;
	if (argc != 4 || !str_to_u64(str_of(argv[2]), &ms))
		return 64;
	AUTO_FD int fd = open(argv[3], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 66;
	/* It must not move. */
	if (lseek(fd, 3, SEEK_SET) != 3)
		return 74;
	scan_clamd(argv[1], fd, (int)ms, &scan);
	if (lseek(fd, 0, SEEK_CUR) != 3)
		return 70;
	static const char *const words[SCAN_OUTCOME_COUNT] = {
		[SCAN_CLEAN] = "clean", [SCAN_FOUND] = "found", [SCAN_UNAVAILABLE] = "unavailable", [SCAN_UNDECIDED] = "undecided"};
	const char *more = scan.outcome == SCAN_FOUND ? scan.name : scan.why;
	printf("%s%s%s\n", words[scan.outcome], more[0] ? " " : "", more);
	return 0;
}
