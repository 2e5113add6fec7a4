#include "sandbox/landlock.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>

/* As the kernel has it since version 6; older ones take the beginning. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

/* What each version of the interface brought. */
static const struct version {
	int abi;
	uint64_t fs, net, scoped;
	size_t size; /* of the struct then */
} versions[] = {
	{1, (1u << 13) - 1, 0, 0,
		sizeof(uint64_t)},                 /* execute, write, read, list, make and remove */
	{2, 1u << 13, 0, 0, sizeof(uint64_t)},     /* move between folders */
	{3, 1u << 14, 0, 0, sizeof(uint64_t)},     /* truncate */
	{4, 0, 3, 0, 2 * sizeof(uint64_t)},        /* bind and connect TCP */
	{5, 1u << 15, 0, 0, 2 * sizeof(uint64_t)}, /* ioctl of devices */
	{6, 0, 0, 3, 3 * sizeof(uint64_t)},        /* abstract sockets, signals */
};

static err system_error(const char *what)
{
	char words[128];
	return fail(ERR_INTERNAL, "landlock: %s: %s", what, strerror_r(errno, words, sizeof words));
}

static err allow_reading(int ruleset, const char *folder)
{
	AUTO_FD int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ok();
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
		.parent_fd = fd,
	};
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
		return system_error(folder);
	return ok();
}

err landlock_deny(const char *const *readable, int *abi)
{
	struct ruleset wanted = {0};
	size_t size = 0;
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	/* ENOSYS: built without; EOPNOTSUPP: switched off at start; EPERM: a container's filter. */
	if (version < 1) {
		*abi = 0;
		return ok();
	}
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		if (versions[i].abi > version)
			break;
		wanted.handled_access_fs |= versions[i].fs;
		wanted.handled_access_net |= versions[i].net;
		wanted.scoped |= versions[i].scoped;
		size = versions[i].size;
	}
	AUTO_FD int ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, size, 0);
	if (ruleset < 0)
		return system_error("create_ruleset");
	for (; readable && *readable; readable++)
		TRY(allow_reading(ruleset, *readable));
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		return system_error("restrict_self");
	*abi = (int)version;
	return ok();
}
