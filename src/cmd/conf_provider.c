#include "cmd/conf_table.h"

/* Other services that the counter speaks to: the forms of their settings, and that a service is named whole or not at all. */

const char *conf_rule_client(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (!isalnum((unsigned char)value.p[i]) && !strchr("._-", value.p[i]))
			return "may hold letters, digits and . _ - only";
	return NULL;
}

struct part {
	const char *key;
	struct str value;
};

/* `parts` begins with the key that switches the service on. */
static void whole(const struct conf *conf, const struct part *parts, size_t count, struct conf_problems *problems)
{
	bool on = parts[0].value.n > 0;

	for (size_t i = 1; i < count; i++) {
		if (on == (parts[i].value.n > 0))
			continue;
		conf_problem(problems, conf_source_of(conf, conf_key_find(str_of(parts[i].key))), str_of(parts[i].key),
			on ? "must be set, because the service is named" : "is set, but the service it belongs to is not named");
	}
}

static bool has_word(struct str list, struct str word)
{
	struct str part;

	while (str_next(&list, ' ', &part))
		if (str_eq(part, word))
			return true;
	return false;
}

void conf_check_providers(const struct conf *conf, struct conf_problems *problems)
{
	static const struct str scopes[] = {
		STR_INIT("openid"), STR_INIT("name"), STR_INIT("address"), STR_INIT("birthdate"), STR_INIT("gender")};
	const struct part oidc[] = {
		{"oidc_issuer", conf->oidc_issuer},
		{"oidc_auth_url", conf->oidc_auth_url},
		{"oidc_token_url", conf->oidc_token_url},
		{"oidc_userinfo_url", conf->oidc_userinfo_url},
		{"oidc_jwks_url", conf->oidc_jwks_url},
		{"oidc_client_id", conf->oidc_client_id},
		{"oidc_key_file", conf->oidc_key_file},
	};
	const struct part tax[] = {
		{"tax_auth_url", conf->tax_auth_url},
		{"tax_token_url", conf->tax_token_url},
		{"tax_request_url", conf->tax_request_url},
		{"tax_result_url", conf->tax_result_url},
		{"tax_client_id", conf->tax_client_id},
		{"tax_secret_file", conf->tax_secret_file},
	};

	whole(conf, oidc, sizeof oidc / sizeof *oidc, problems);
	whole(conf, tax, sizeof tax / sizeof *tax, problems);
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
		if (has_word(conf->oidc_scopes, scopes[i]))
			continue;
		conf_problem(problems, conf_source_of(conf, conf_key_find(STR("oidc_scopes"))), STR("oidc_scopes"),
			"must hold openid, name, address, birthdate and gender");
		break;
	}
}
