#include "net/mail_address.h"

#include "base/limits.h"

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool local_part_valid(struct str local)
{
	if (!local.n || local.n > 64)
		return false;
	for (size_t i = 0; i < local.n; i++)
		if (!is_alnum(local.p[i]) &&
			(local.p[i] == '\0' || !strchr("!#$%&'*+-/=?^_`{|}~.", local.p[i])))
			return false;
	return true;
}

static bool domain_valid(struct str domain)
{
	struct str rest = domain, label;

	if (!domain.n || domain.n > 253 || domain.p[domain.n - 1] == '.')
		return false;
	while (str_next(&rest, '.', &label)) {
		if (!label.n || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!is_alnum(label.p[i]) && label.p[i] != '-')
				return false;
	}
	return true;
}

bool mail_address_valid(struct str address)
{
	ptrdiff_t at = str_find_byte(address, '@');

	return at > 0 && address.n <= LIMIT_EMAIL &&
	       local_part_valid(str_sub(address, 0, (size_t)at)) &&
	       domain_valid(str_skip(address, (size_t)at + 1));
}

struct str mail_address_domain(struct str address)
{
	ptrdiff_t at = str_find_byte(address, '@');

	return at < 0 ? STR("") : str_skip(address, (size_t)at + 1);
}

struct str mail_address_path(struct arena *arena, struct str address)
{
	ptrdiff_t at = str_find_byte(address, '@');
	struct str local = str_sub(address, 0, at < 0 ? 0 : (size_t)at);

	if (!str_starts(local, STR(".")) && !str_ends(local, STR(".")) &&
		str_find(local, STR("..")) < 0)
		return address;
	return str_fmt(arena, "\"" STR_FMT "\"" STR_FMT, STR_ARG(local),
		STR_ARG(str_skip(address, local.n)));
}
