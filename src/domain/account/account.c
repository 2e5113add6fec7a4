#include "domain/account/account.h"

#include "base/random.h"
#include "store/query.h"

const struct str user_type_names[USER_TYPE_COUNT] = {
	[USER_ORGANIZATION] = STR_INIT("organization"),
	[USER_ATTORNEY] = STR_INIT("attorney"),
	[USER_FOREIGN_NATIONAL] = STR_INIT("foreign_national"),
	[USER_LEGAL_REPRESENTATIVE] = STR_INIT("legal_representative"),
};

static const enum msg user_type_msgs[USER_TYPE_COUNT] = {
	[USER_ORGANIZATION] = MSG_user_type_organization,
	[USER_ATTORNEY] = MSG_user_type_attorney,
	[USER_FOREIGN_NATIONAL] = MSG_user_type_foreign_national,
	[USER_LEGAL_REPRESENTATIVE] = MSG_user_type_legal_representative,
};

bool user_type_of(struct str name, enum user_type *out)
{
	for (size_t i = 0; i < USER_TYPE_COUNT; i++)
		if (str_eq(user_type_names[i], name)) {
			*out = (enum user_type)i;
			return true;
		}
	return false;
}

enum msg user_type_msg(enum user_type type)
{
	return user_type_msgs[type];
}

struct str user_id_new(struct arena *arena)
{
	/* Without 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, U V: read aloud, written by hand or in a poor font
	 * they are mixed up. */
	static const char signs[] = "34679ACEFGHJKMNPRTWXY";
	char *id = arena_alloc(arena, USER_ID_LENGTH);

	for (size_t i = 0; i < USER_ID_LENGTH; i++)
		id[i] = signs[random_below(sizeof signs - 1)];
	return str_make(id, USER_ID_LENGTH);
}

err account_get(struct cx *cx, int64_t id, struct account *out)
{
	struct q_account_get_row row;
	enum user_type type;

	TRY(q_account_get(cx_tx(cx), id, &row));
	if (!user_type_of(row.user_type, &type))
		return fail(ERR_INTERNAL, "account of an unknown type");
	*out = (struct account){
		.id = id,
		.user_id = row.user_id,
		.email = row.email,
		.user_type = type,
		.name = row.name,
		.phone = row.phone,
		.postal_code = row.postal_code,
		.address = row.address,
		.sex = row.sex,
		.birth_on = (int32_t)row.birth_on,
		.org_name = row.org_name,
		.lang = row.lang,
		.created_at = row.created_at,
		.last_login_at = row.login_at,
	};
	return ok();
}

err account_find(struct cx *cx, struct str login, struct account *out)
{
	struct q_account_by_login_row row;
	bool address = str_find_byte(login, '@') >= 0;

	TRY(q_account_by_login(cx_tx(cx), address ? str_lower(cx->arena, login) : str_upper(cx->arena, login), &row));
	return account_get(cx, row.id, out);
}

err account_require(struct cx *cx, struct account *out)
{
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return fail(ERR_DENIED, "nobody is logged in");
	return account_get(cx, cx->actor.account_id, out);
}
