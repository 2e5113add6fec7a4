#include "sim/ca/ocsp.h"

#include "base/auto.h"
#include "sim/ca/folder.h"

static const char *const names[OCSP_MODE_COUNT] = {
	[OCSP_GOOD] = "good",
	[OCSP_UNKNOWN] = "unknown",
	[OCSP_TRY_LATER] = "try_later",
	[OCSP_STALE] = "stale",
	[OCSP_WRONG_SIGNER] = "wrong_signer",
	[OCSP_WRONG_DELEGATE] = "wrong_delegate",
	[OCSP_WRONG_CERTID] = "wrong_certid",
	[OCSP_NO_NONCE] = "no_nonce",
	[OCSP_SILENT] = "silent",
	[OCSP_GARBAGE] = "garbage",
};

const char *ocsp_mode_name(enum ocsp_mode mode)
{
	return names[mode];
}

err ocsp_mode_of(struct str name, enum ocsp_mode *out)
{
	for (int i = 0; i < OCSP_MODE_COUNT; i++) {
		if (str_eq(str_of(names[i]), name)) {
			*out = (enum ocsp_mode)i;
			return ok();
		}
	}
	return fail(ERR_INVALID, "\"" STR_FMT "\" is no way to answer", STR_ARG(name));
}

err ocsp_mode_read(const struct ca *ca, enum ocsp_mode *out)
{
	AUTO_ARENA arena;
	arena_init(&arena, FOLDER_WORK);
	struct str text;
	TRY(folder_read(&arena, folder_path(&arena, ca->dir, "ocsp-mode"), &text));
	return ocsp_mode_of(str_trim(text), out);
}

err ocsp_mode_write(const struct ca *ca, enum ocsp_mode mode)
{
	AUTO_ARENA arena;
	arena_init(&arena, FOLDER_WORK);
	AUTO_FD int lock = -1;
	TRY(folder_lock(&arena, ca->dir, &lock));
	struct str text = str_fmt(&arena, "%s\n", names[mode]);
	return folder_write(folder_path(&arena, ca->dir, "ocsp-mode"), text, 0644);
}
