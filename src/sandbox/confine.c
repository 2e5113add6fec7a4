#include "sandbox/confine.h"

#include "sandbox/landlock.h"
#include "sandbox/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* Where Debian keeps fonts, what says which stands for which, and the tables of CJK codes. */
static const char *const font_folders[] = {
	"/usr/share/fonts",
	"/usr/local/share/fonts",
	"/etc/fonts",
	"/usr/share/fontconfig",
	"/var/cache/fontconfig",
	"/usr/share/poppler",
	NULL,
};

/* Harmless with any arguments: they reach only what the process has already. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(sched_yield),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Looking for a file, asking about the system: libraries do it without need. */
static const int refused[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd),
	SCMP_SYS(ioctl),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(prctl),
};

/* With CONFINE_FONTS and Landlock: reading, but not by open(), which glibc does not use. */
static const int for_fonts[] = {
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statfs),
	SCMP_SYS(fstatfs),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64),
	SCMP_SYS(fadvise64),
};

static err fence_error(const char *what, int number)
{
	char words[128];
	return fail(ERR_INTERNAL, "confine: %s: %s", what, strerror_r(number, words, sizeof words));
}

static bool in(const int *list, size_t count, int call)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == call)
			return true;
	}
	return false;
}

/* Answers 0, or the first error of the library, as all below. */
static int add_lists(scmp_filter_ctx filter, bool fonts)
{
	int e = 0;
	size_t font_count = fonts ? sizeof for_fonts / sizeof for_fonts[0] : 0;
	for (size_t i = 0; e == 0 && i < sizeof allowed / sizeof allowed[0]; i++)
		e = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; e == 0 && i < font_count; i++)
		e = seccomp_rule_add(filter, SCMP_ACT_ALLOW, for_fonts[i], 0);
	for (size_t i = 0; e == 0 && i < sizeof refused / sizeof refused[0]; i++) {
		if (!in(for_fonts, font_count, refused[i]) &&
			!(fonts && refused[i] == SCMP_SYS(openat)))
			e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	}
	return e;
}

static int add_writing(scmp_filter_ctx filter)
{
	/* 1: the verdict; 2: /dev/null, where assert() writes; 4: the output. */
	static const scmp_datum_t outputs[] = {1, 2, 4};
	int e = 0;
	for (size_t i = 0; e == 0 && i < sizeof outputs / sizeof outputs[0]; i++)
		e = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
			SCMP_A0(SCMP_CMP_EQ, outputs[i]));
	return e;
}

/* Memory is data or code, and the code is all there by now. */
static int add_memory(scmp_filter_ctx filter)
{
	int e = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return e ? e
		 : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
			   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

static int add_fonts(scmp_filter_ctx filter)
{
	const scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
	int e = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
	return e ? e
		 : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
			   SCMP_A1(SCMP_CMP_LE, F_SETFL));
}

static err filter_calls(bool fonts)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return fence_error("seccomp_init", ENOMEM);
	int e = add_lists(filter, fonts);
	e = e ? e : add_writing(filter);
	e = e ? e : add_memory(filter);
	if (fonts)
		e = e ? e : add_fonts(filter);
	e = e ? e : seccomp_load(filter);
	seccomp_release(filter);
	return e ? fence_error("seccomp", -e) : ok();
}

static err set_limits(void)
{
	size_t count;
	const struct sandbox_limit *limits = sandbox_limits(&count);
	for (size_t i = 0; i < count; i++) {
		if (setrlimit(limits[i].resource, &limits[i].value) != 0)
			return fence_error("setrlimit", errno);
	}
	return ok();
}

err confine(unsigned flags, struct confinement *out)
{
	struct confinement made = {0};
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fence_error("prctl", errno);
	TRY(set_limits());
	bool fonts = (flags & CONFINE_FONTS) != 0;
	if (!(flags & CONFINE_WITHOUT_LANDLOCK))
		TRY(landlock_deny(fonts ? font_folders : NULL, &made.landlock));
	TRY(filter_calls(fonts && made.landlock > 0));
	*out = made;
	return ok();
}
