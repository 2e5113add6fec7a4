#include "sim/phone/secret.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <termios.h>

err secret_set(struct secret *secret, struct str text)
{
	if (text.n == 0 || text.n > SECRET_LENGTH_MAX)
		return fail(
			ERR_INVALID, "a PIN or password has 4 to %d characters", SECRET_LENGTH_MAX);
	memcpy(secret->text, text.p, text.n);
	secret->n = text.n;
	return ok();
}

void secret_wipe(struct secret *secret)
{
	explicit_bzero(secret, sizeof *secret);
}

/* Unbuffered, so that no copy stays behind in a stream. */
static err read_line(struct secret *secret, int fd)
{
	AUTO_SECRET line = {0};
	for (;;) {
		char c;
		ssize_t n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(
				ERR_UNAVAILABLE, "the secret cannot be read: %s", strerror(errno));
		if (n == 0 || c == '\n' || c == '\r')
			break;
		if (line.n == SECRET_LENGTH_MAX)
			return fail(ERR_INVALID, "a PIN or password has 4 to %d characters",
				SECRET_LENGTH_MAX);
		line.text[line.n++] = c;
	}
	return secret_set(secret, secret_str(&line));
}

err secret_from(struct secret *secret, const char *path)
{
	AUTO_FD int fd =
		strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%s: %s", path,
			strerror(errno));
	return read_line(secret, fd);
}

err secret_prompt(struct secret *secret, const char *words)
{
	struct termios shown, hidden;
	AUTO_FD int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || tcgetattr(fd, &shown) != 0)
		return fail(
			ERR_NOT_FOUND, "no secret was given, and there is no terminal to ask on");
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	(void)dprintf(fd, "%s: ", words);
	(void)tcsetattr(fd, TCSAFLUSH, &hidden);
	err e = read_line(secret, fd);
	(void)tcsetattr(fd, TCSAFLUSH, &shown);
	(void)dprintf(fd, "\n");
	return e;
}
