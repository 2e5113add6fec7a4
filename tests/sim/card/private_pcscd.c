/*
 * private_pcscd SOCKET FOLDER: pcscd with a socket and a configuration of its own, so that it
 * meddles with no other.
 *
 * pcscd takes a listening socket from its parent as systemd hands it over (sd_listen_fds(3)):
 * descriptor 3, LISTEN_FDS, LISTEN_PID. Programs find it by PCSCLITE_CSOCK_NAME. It becomes this
 * process, so a signal to it ends it.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3

static int leave(const char *what)
{
	perror(what);
	return 71;
}

int main(int argc, char **argv)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	char pid[32];

	if (argc != 3 || strlen(argv[1]) >= sizeof name.sun_path) {
		fprintf(stderr, "private_pcscd SOCKET FOLDER\n");
		return 64;
	}
	memcpy(name.sun_path, argv[1], strlen(argv[1]) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof name) != 0 || listen(fd, 16) != 0)
		return leave(argv[1]);
	if (fd != FIRST_FD && dup2(fd, FIRST_FD) != FIRST_FD)
		return leave("dup2");
	/* No daemon is left behind when a test is killed. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
		return leave("prctl");
	(void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
	if (setenv("LISTEN_PID", pid, 1) != 0 || setenv("LISTEN_FDS", "1", 1) != 0)
		return leave("setenv");
	execlp("pcscd", "pcscd", "--foreground", "--error", "--config", argv[2], (char *)NULL);
	return leave("pcscd");
}
