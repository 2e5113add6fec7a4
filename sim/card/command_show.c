#include "sim/card/commands.h"

#include "base/vec.h"
#include "sim/card/state.h"

#include <dirent.h>
#include <errno.h>

/* list and show: what only looks. Neither prints the My Number. */

static void print_tries(const struct card_state *state)
{
	for (size_t i = 0; i < SECRET_COUNT; i++) {
		if (!str_absent(state->secrets[i].hash))
			printf("%-13s %u of %u tries left (%s)\n", secret_rules[i].name,
				state->secrets[i].tries, secret_rules[i].most,
				secret_rules[i].words);
	}
}

static void print_text(const char *name, struct str text)
{
	printf("%-13s " STR_FMT "\n", name, STR_ARG(text));
}

err command_show(struct arena *arena, const struct options *options)
{
	struct card_state state;

	TRY(card_state_read(arena, options->word, &state));
	print_text("label", state.label);
	print_text("name", state.holder.name);
	print_text("address", state.holder.address);
	print_text("birth", state.holder.birth);
	printf("%-13s %u\n", "sex", state.holder.sex);
	printf("%-13s %d\n", "expires", (int)state.expires_on);
	print_text("security code", state.security_code);
	print_text("token", state.token);
	print_text("root", state.root);
	for (enum card_key i = 0; i < KEY_COUNT; i++)
		printf("%-4s serial   " STR_FMT "\n", card_key_names[i],
			STR_ARG(str_absent(state.serials[i]) ? STR("none") : state.serials[i]));
	print_tries(&state);
	return ok();
}

static bool print_line(struct arena *arena, const char *folder, const char *name)
{
	struct card_state state;
	const char *dir = str_c(arena, str_fmt(arena, "%s/%s", folder, name));

	if (failed(card_state_read(arena, dir, &state)))
		return false;
	printf("%-14s " STR_FMT "  %d  PIN %u, password ", name, STR_ARG(state.holder.name),
		(int)state.expires_on, state.secrets[SECRET_AUTH].tries);
	if (str_absent(state.secrets[SECRET_SIGN].hash))
		printf("none");
	else
		printf("%u", state.secrets[SECRET_SIGN].tries);
	printf("  " STR_FMT "\n", STR_ARG(state.label));
	return true;
}

static int by_name(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

err command_list(struct arena *arena, const struct options *options)
{
	VEC(const char *) names = {0};
	DIR *folder = opendir(options->word);
	int cards = 0;

	if (!folder)
		return fail(errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_UNAVAILABLE,
			"%s: no folder that can be read", options->word);
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] != '.')
			vec_push(arena, &names, str_c(arena, str_of(entry->d_name)));
	}
	closedir(folder);
	if (names.n > 0)
		qsort(names.v, names.n, sizeof *names.v, by_name);
	for (size_t i = 0; i < names.n; i++) {
		AUTO_ARENA one;

		arena_init(&one, 1u << 20);
		cards += print_line(&one, options->word, names.v[i]);
	}
	if (cards == 0)
		return fail(ERR_NOT_FOUND, "%s: no card in it", options->word);
	return ok();
}
