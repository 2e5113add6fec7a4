#include "render/static_files.h"

const struct static_file *static_find(struct str name)
{
	if (!str_starts(name, static_version) || name.n <= static_version.n ||
		name.p[static_version.n] != '/')
		return NULL;
	struct str path = str_skip(name, static_version.n + 1);
	size_t low = 0;
	size_t high = static_file_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(path, static_files[middle].path);
		if (order == 0)
			return &static_files[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
