#include "sim/phone/home.h"

#include "base/auto.h"
#include "sim/card/state.h"
#include "sim/phone/file.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

err home_open(struct arena *arena, const char *dir, struct home *out)
{
	const char *path = file_path(arena, dir, "key.pem");
	struct home home = {.dir = dir};
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return fail(ERR_UNAVAILABLE, "%s: %s", dir, strerror(errno));
	err e = jws_key_load(path, &home.key);
	if (e.code == ERR_NOT_FOUND) {
		AUTO_JWS_KEY struct jws_key *fresh = NULL;
		TRY(jws_key_new(&fresh));
		TRY(jws_key_save(fresh, path));
		e = jws_key_load(path, &home.key);
	}
	TRY(e);
	e = parties_read(arena, dir, &home.parties);
	if (failed(e)) {
		home_release(&home);
		return e;
	}
	home.thumbprint = jws_thumbprint(arena, home.key);
	*out = home;
	return ok();
}

void home_release(struct home *home)
{
	jws_key_free(home->key);
	home->key = NULL;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct home_card *)a)->dir, ((const struct home_card *)b)->dir);
}

err home_cards(struct arena *arena, const char *cards, struct home_card *out, size_t *count)
{
	DIR *dir = opendir(cards);
	*count = 0;
	if (!dir)
		return errno == ENOENT ? ok()
				       : fail(ERR_UNAVAILABLE, "%s: %s", cards, strerror(errno));
	for (struct dirent *entry; *count < HOME_CARDS_MOST && (entry = readdir(dir));) {
		struct card_state state;
		if (entry->d_name[0] == '.')
			continue;
		if (failed(card_state_read(arena, file_path(arena, cards, entry->d_name), &state)))
			continue;
		out[(*count)++] = (struct home_card){str_dup(arena, str_of(entry->d_name)),
			state.label, state.holder.name, state.expires_on};
	}
	(void)closedir(dir);
	qsort(out, *count, sizeof *out, by_name);
	return ok();
}
