/*
 * A checker that a file has taken over: it confines itself as the real ones do, and then tries what
 * it must not be able to do. hostile FENCES WHAT; FENCES: none, confine, fonts, bare (without
 * Landlock), fonts-bare.
 *
 * Writes "ok done=1" when it could, "refused damaged at=ERRNO" when it was refused, nothing when it
 * was killed.
 */

#include "check/end.h"
#include "sandbox/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <netinet/in.h>

static long try_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long try_create(void)
{
	return open("/tmp/hostile-was-here", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long try_font(void)
{
	return open("/usr/share/fonts", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static long try_font_write(void)
{
	return open("/usr/share/fonts/hostile", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long try_proc(void)
{
	return open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
}

static long try_unlink(void)
{
	return unlink("/tmp/hostile-was-here");
}

static long try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static long try_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* On a descriptor that is no socket: the call itself must not be there. */
static long try_connect(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
	return connect(3, (const struct sockaddr *)&address, sizeof address);
}

static long try_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return pid;
}

static long try_exec(void)
{
	char *const argv[] = {(char *)(intptr_t) "true", NULL};
	return execve("/bin/true", argv, argv + 1);
}

static long try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long try_kill(void)
{
	return kill(getppid(), 0);
}

/* The file to check is open: it must not be changed. */
static long try_write_input(void)
{
	return write(3, "x", 1);
}

static long try_write_other(void)
{
	return write(5, "x", 1);
}

static long try_exec_memory(void)
{
	void *p = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? -1 : 0;
}

static long try_make_exec(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? -1 : mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static long try_memory(void)
{
	return mmap(NULL, 300u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED
		       ? -1
		       : 0;
}

static long try_more_limits(void)
{
	struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
	return setrlimit(RLIMIT_AS, &more);
}

/* Where there is nothing: should it ever be let through, it must change nothing. */
static long try_mount(void)
{
	return mount("none", "/nowhere/at/all", "tmpfs", 0, NULL);
}

static long try_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static long try_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL);
}

static long try_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0);
}

/* The doors of another architecture's numbers: x32 on x86-64. */
static long try_x32(void)
{
	return syscall(0x40000000 + SYS_getpid);
}

static long loop(void)
{
	for (volatile unsigned i = 1; i > 0; i |= 1)
		;
	return -1;
}

/* Deaf to the first warning that its time is over. */
static long loop_on(void)
{
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	return loop();
}

/* As the kernel does it when there is no memory left. */
static long be_killed(void)
{
	return raise(SIGKILL);
}

static long sleep_long(void)
{
	while (syscall(SYS_futex, &(int){0}, 0 /* FUTEX_WAIT */, 0, NULL, NULL, 0) != 0)
		;
	return -1;
}

static long fill_output(void)
{
	static char piece[1 << 16];
	while (write(4, piece, sizeof piece) > 0)
		;
	return -1;
}

static long talk(void)
{
	for (;;) {
		if (write(1, "ok ok ok ok ok ok", 17) < 0)
			return -1;
	}
}

static long nonsense(void)
{
	static const char words[] = "ok pages=1 <script>\n";
	_exit(write(1, words, sizeof words - 1) < 0);
}

static long silent(void)
{
	_exit(0);
}

static long status7(void)
{
	_exit(7);
}

static long crash(void)
{
	abort();
}

/* What a child has of its parent: environment and descriptors. */
static long inherit(void)
{
	long n = 0;
	for (int fd = 3; fd < 256; fd++)
		n += lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF;
	errno = (int)n;
	return -1;
}

static long nothing(void)
{
	return 0;
}

static const struct {
	const char *name;
	long (*attempt)(void);
} attempts[] = {
	{"open", try_open},
	{"create", try_create},
	{"font", try_font},
	{"font_write", try_font_write},
	{"proc", try_proc},
	{"unlink", try_unlink},
	{"socket", try_socket},
	{"unix", try_unix},
	{"connect", try_connect},
	{"fork", try_fork},
	{"exec", try_exec},
	{"ptrace", try_ptrace},
	{"kill", try_kill},
	{"write_input", try_write_input},
	{"write_other", try_write_other},
	{"exec_memory", try_exec_memory},
	{"make_exec", try_make_exec},
	{"memory", try_memory},
	{"more_limits", try_more_limits},
	{"mount", try_mount},
	{"unshare", try_unshare},
	{"io_uring", try_io_uring},
	{"bpf", try_bpf},
	{"x32", try_x32},
	{"loop", loop},
	{"loop_on", loop_on},
	{"be_killed", be_killed},
	{"sleep", sleep_long},
	{"fill_output", fill_output},
	{"talk", talk},
	{"nonsense", nonsense},
	{"silent", silent},
	{"status7", status7},
	{"crash", crash},
	{"inherit", inherit},
	{"nothing", nothing},
};

static void set_fences(const char *fences)
{
	struct confinement confinement;
	unsigned flags = 0;
	if (strcmp(fences, "none") == 0)
		return;
	if (strstr(fences, "fonts"))
		flags |= CONFINE_FONTS;
	if (strstr(fences, "bare"))
		flags |= CONFINE_WITHOUT_LANDLOCK;
	if (failed(confine(flags, &confinement)))
		_exit(99);
}

int main(int argc, char **argv)
{
	struct verdict_line line;
	if (argc != 3)
		return 64;
	set_fences(argv[1]);
	for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
		if (strcmp(argv[2], attempts[i].name) != 0)
			continue;
		errno = 0;
		bool done = attempts[i].attempt() >= 0;
		int why = errno;
		verdict_begin(&line, done ? CHECK_OK : CHECK_DAMAGED);
		verdict_add(&line, done ? "done" : "at", done ? 1 : (uint64_t)why);
		end_with(&line);
	}
	return 64;
}
