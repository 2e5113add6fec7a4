#include "domain/installation.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "domain/application/application_seal.h"
#include "domain/audit.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "store/query.h"

static struct str digest_of(struct arena *arena, struct str bytes)
{
	uint8_t digest[SHA256_BYTES];
	struct buf out;

	hmac_sha256(bytes, STR("key of this database"), digest);
	buf_init(&out, arena, 2 * sizeof digest);
	hex_write(&out, str_make((const char *)digest, sizeof digest));
	return buf_view(&out);
}

/* NOT_FOUND: the database knows no key of that name. */
static err compare(struct cx *cx, const struct installation_key *key)
{
	struct q_installation_key_find_row row;

	TRY(q_installation_key_find(cx_tx(cx), key->name, &row));
	if (str_empty(key->bytes) || !str_eq(row.digest, digest_of(cx->arena, key->bytes)))
		return fail(ERR_CONFLICT, "the database has another key");
	return ok();
}

static err check_in_tx(struct cx *cx, void *arg)
{
	const struct installation_key *key = *(const struct installation_key **)arg;
	err opened = key->open(cx, key);

	if (opened.code == ERR_INVALID)
		return fail(ERR_CONFLICT, "the key does not open what is in the database");
	if (opened.code != ERR_NOT_FOUND)
		TRY(opened);
	if (str_empty(key->bytes))
		return ok();
	TRY(q_installation_key_note(cx_tx(cx), key->name, digest_of(cx->arena, key->bytes), cx->now, NULL));
	return compare(cx, key);
}

err installation_key_check(struct cx *cx, const struct installation_key *key)
{
	err known = compare(cx, key);

	cx_end(cx);
	return known.code == ERR_NOT_FOUND ? cx_write(cx, check_in_tx, &key) : known;
}

static err accept_in_tx(struct cx *cx, void *arg)
{
	const struct installation_key *key = *(const struct installation_key **)arg;

	TRY(q_installation_key_replace(cx_tx(cx), key->name, digest_of(cx->arena, key->bytes), cx->now, NULL));
	TRY(audit_add(cx, STR("key_accepted"), 0, STR("installation"), 0, key->name));
	return key->accepted ? key->accepted(cx) : ok();
}

err installation_key_accept(struct cx *cx, const struct installation_key *key)
{
	return cx_write(cx, accept_in_tx, &key);
}

/* ---- what master.key has sealed ---- */

struct sealed {
	struct str purpose, bytes;
};

static err application_last(struct cx *cx, struct sealed *out)
{
	struct q_application_last_row row;

	TRY(q_application_last(cx_tx(cx), &row));
	*out = (struct sealed){application_purpose(cx->arena, row.account_id, row.id), row.answers};
	return ok();
}

static err draft_last(struct cx *cx, struct sealed *out)
{
	struct q_draft_last_row row;

	TRY(q_draft_last(cx_tx(cx), &row));
	*out = (struct sealed){draft_purpose(cx->arena, row.account_id, row.id), row.answers};
	return ok();
}

static err mail_first(struct cx *cx, struct sealed *out)
{
	struct q_outbox_first_row row;

	TRY(q_outbox_first(cx_tx(cx), &row));
	*out = (struct sealed){outbox_purpose(cx->arena, row.id), row.payload};
	return ok();
}

static err account_wants(struct cx *cx, const struct installation_key *key)
{
	struct q_account_any_row row;

	TRY(q_account_any(cx_tx(cx), &row));
	return str_empty(key->bytes) ? fail(ERR_INVALID, "accounts without a key") : (err){ERR_NOT_FOUND};
}

err installation_master_open(struct cx *cx, const struct installation_key *key)
{
	static err (*const kinds[])(struct cx *cx, struct sealed *out) = {application_last, draft_last, mail_first};
	struct sealed sealed;
	struct str plain;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		err found = kinds[i](cx, &sealed);

		if (found.code == ERR_NOT_FOUND)
			continue;
		TRY(found);
		if (str_empty(key->bytes))
			return fail(ERR_INVALID, "sealed, and no key");
		return unseal(cx->arena, cx->portal->key, sealed.purpose, sealed.bytes, &plain);
	}
	return account_wants(cx, key);
}
