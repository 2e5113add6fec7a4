#include "sim/ca/ca.h"

#include "base/auto.h"
#include "sim/ca/folder.h"
#include "sim/ca/index.h"

/* What becomes of certificates, and looking it up. */

err ca_revoke(const struct ca *ca, struct str serial, enum ca_reason reason, int64_t at)
{
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	AUTO_FD int lock = -1;
	struct index index;
	if (at <= 0 || *ca_reason_name(reason) == '\0')
		return fail(ERR_INVALID, "no time or no reason to revoke");
	TRY(folder_lock(&work, ca->dir, &lock));
	TRY(index_read(ca, &work, &index));
	struct ca_entry *entry = index_find(&index, serial);
	if (!entry)
		return fail(ERR_NOT_FOUND, "no certificate has this serial number");
	if (entry->revoked)
		return fail(ERR_CONFLICT, "the certificate is revoked already");
	entry->revoked = true;
	entry->reason = reason;
	entry->revoked_at = at;
	return index_write(ca, &work, &index);
}

static struct ca_entry copy(struct arena *arena, const struct ca_entry *entry)
{
	struct ca_entry own = *entry;
	own.serial = str_dup(arena, own.serial);
	own.cn = str_dup(arena, own.cn);
	return own;
}

err ca_find(const struct ca *ca, struct arena *arena, struct str serial, struct ca_entry *out)
{
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	struct index index;
	TRY(index_read(ca, &work, &index));
	const struct ca_entry *entry = index_find(&index, serial);
	if (!entry)
		return fail(ERR_NOT_FOUND, "no certificate has this serial number");
	*out = copy(arena, entry);
	return ok();
}

err ca_list(
	const struct ca *ca, struct arena *arena, const struct ca_entry **out, size_t *out_count)
{
	AUTO_ARENA work;
	arena_init(&work, FOLDER_WORK);
	struct index index;
	TRY(index_read(ca, &work, &index));
	struct ca_entry *entries = arena_array(arena, struct ca_entry, index.n);
	for (size_t i = 0; i < index.n; i++)
		entries[i] = copy(arena, &index.v[i]);
	*out = entries;
	*out_count = index.n;
	return ok();
}
