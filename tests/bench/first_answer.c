/*
 * How long a server takes from its exec to its first answer 200.
 *
 *   first_answer STARTS ADDRESS PATH PROGRAM ARGUMENT …
 *
 * ADDRESS: 127.0.0.1:8080, at which PROGRAM listens. A line "us=N rss_kb=N" for each start; after
 * the answer the program is told to stop and waited for. Its own words go to /dev/null.
 */

#include "base/str.h"
#include "base/time.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define LONGEST_US (20 * 1000000)

extern char **environ;

static struct sockaddr_in address = {.sin_family = AF_INET};
static char request[512];

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "first_answer: %s\n", what);
	exit(1);
}

static void read_address(const char *text)
{
	struct str all = str_of(text);
	ptrdiff_t colon = str_find_byte(all, ':');
	char host[64] = "";
	uint64_t port;

	if (colon < 0 || colon >= (ptrdiff_t)sizeof host ||
		!str_to_u64(str_skip(all, (size_t)colon + 1), &port))
		die("ADDRESS is 127.0.0.1:8080");
	memcpy(host, text, (size_t)colon);
	address.sin_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
		die("ADDRESS is 127.0.0.1:8080");
}

/* One try. */
static bool answers(void)
{
	char head[16] = "";
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
		    send(fd, request, strlen(request), MSG_NOSIGNAL) > 0 &&
		    recv(fd, head, sizeof head - 1, MSG_WAITALL) > 0;

	if (fd >= 0)
		close(fd);
	return good && strncmp(head, "HTTP/1.1 200", 12) == 0;
}

static unsigned resident_kb(pid_t pid)
{
	char path[64], line[256];
	unsigned kb = 0;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "VmRSS: %u", &kb) == 1)
			break;
	if (file)
		fclose(file);
	return kb;
}

static void start_once(char **words)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	int64_t begin = time_monotonic_us();

	if (posix_spawnp(&pid, words[0], &actions, NULL, words, environ) != 0)
		die("no such program");
	while (!answers()) {
		if (time_monotonic_us() - begin > LONGEST_US || waitpid(pid, NULL, WNOHANG) == pid)
			die("the program does not answer");
		usleep(200);
	}
	printf("us=%lld rss_kb=%u\n", (long long)(time_monotonic_us() - begin), resident_kb(pid));
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	posix_spawn_file_actions_destroy(&actions);
}

int main(int argc, char **argv)
{
	uint64_t starts;

	if (argc < 5 || !str_to_u64(str_of(argv[1]), &starts))
		die("usage: first_answer STARTS ADDRESS PATH PROGRAM ARGUMENT …");
	read_address(argv[2]);
	snprintf(request, sizeof request,
		"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", argv[3]);
	for (uint64_t i = 0; i < starts; i++)
		start_once(argv + 4);
	return 0;
}
