#include "sim/ca/ca.h"

/* The words for kinds, roots and reasons, on the command line and in files. */

static const char *const kinds[CA_KIND_COUNT] = {[CA_AUTH] = "auth", [CA_SIGN] = "sign"};

static const char *const roots[CA_ROOT_COUNT] = {
	[CA_ROOT_1] = "1",
	[CA_ROOT_2] = "2",
	[CA_ROOT_P384] = "p384",
};

/* RFC 5280 5.3.1 */
static const char *const reasons[] = {
	[CA_UNSPECIFIED] = "unspecified",
	[CA_KEY_COMPROMISE] = "keyCompromise",
	[CA_AFFILIATION] = "affiliationChanged",
	[CA_SUPERSEDED] = "superseded",
	[CA_CESSATION] = "cessationOfOperation",
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool find(const char *const *words, size_t count, struct str name, size_t *out)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i] && str_eq(str_of(words[i]), name)) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *ca_kind_name(enum ca_kind kind)
{
	return kinds[kind];
}

const char *ca_root_name(enum ca_root root)
{
	return roots[root];
}

const char *ca_reason_name(enum ca_reason reason)
{
	size_t i = (size_t)reason;
	return i < COUNT(reasons) && reasons[i] ? reasons[i] : "";
}

err ca_kind_of(struct str name, enum ca_kind *out)
{
	size_t i;
	if (!find(kinds, COUNT(kinds), name, &i))
		return fail(ERR_INVALID, "\"" STR_FMT "\" is neither auth nor sign", STR_ARG(name));
	*out = (enum ca_kind)i;
	return ok();
}

err ca_root_of(struct str name, enum ca_root *out)
{
	size_t i;
	if (!find(roots, COUNT(roots), name, &i))
		return fail(ERR_INVALID, "\"" STR_FMT "\" is not 1, 2 or p384", STR_ARG(name));
	*out = (enum ca_root)i;
	return ok();
}

err ca_reason_of(struct str name, enum ca_reason *out)
{
	size_t i;
	if (!find(reasons, COUNT(reasons), name, &i))
		return fail(ERR_INVALID, "\"" STR_FMT "\" is no reason to revoke", STR_ARG(name));
	*out = (enum ca_reason)i;
	return ok();
}
