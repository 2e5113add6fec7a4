/*
 * Runs a fuzz target over stored inputs: replay FILE-OR-FOLDER… Linked in the place of libFuzzer.
 * Says how many there were; a folder without any is an error, because then nothing was tested.
 */

#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#define INPUT_MAX (16u << 20)

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "re");
	if (!file) {
		fprintf(stderr, "replay: cannot read %s\n", path);
		exit(1);
	}
	static uint8_t whole[INPUT_MAX];
	size_t n = fread(whole, 1, sizeof whole, file);
	fclose(file);
	/* A copy of exactly this size, so that a sanitizer sees a byte too much. */
	uint8_t *copy = malloc(n > 0 ? n : 1);
	if (!copy)
		abort();
	memcpy(copy, whole, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	return 1;
}

static int replay(const char *path)
{
	struct stat what;
	DIR *folder = stat(path, &what) == 0 && S_ISDIR(what.st_mode) ? opendir(path) : NULL;
	if (!folder)
		return replay_file(path);
	int count = 0;
	struct dirent *entry;
	while ((entry = readdir(folder)) != NULL) {
		char inside[4096];
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
		count += replay(inside);
	}
	closedir(folder);
	return count;
}

int main(int argc, char **argv)
{
	int count = 0;
	for (int i = 1; i < argc; i++)
		count += replay(argv[i]);
	printf("%d inputs\n", count);
	return count == 0;
}
