#include "cmd/provider.h"

enum exit_code provider_oidc(struct start *start, struct oidc **out)
{
	const struct conf *conf = &start->program->conf;
	struct arena *arena = start->program->arena;

	*out = NULL;
	if (str_empty(conf->oidc_issuer))
		return EXIT_DONE;
	err e = oidc_new(
		&(struct oidc_conf){
			.issuer = conf->oidc_issuer,
			.auth_url = conf->oidc_auth_url,
			.token_url = conf->oidc_token_url,
			.userinfo_url = conf->oidc_userinfo_url,
			.jwks_url = conf->oidc_jwks_url,
			.client_id = conf->oidc_client_id,
			.scopes = conf->oidc_scopes,
			.acr_values = conf->oidc_acr_values,
			.redirect_uri = str_fmt(arena, STR_FMT "/oidc/cb", STR_ARG(conf->base_url)),
			.key_file = conf->oidc_key_file,
		},
		out);

	if (!failed(e))
		return EXIT_DONE;
	program_complain("oidc_key_file", e);
	return EXIT_CONFIG;
}

enum exit_code provider_selfinfo(struct start *start, struct selfinfo **out)
{
	const struct conf *conf = &start->program->conf;
	struct arena *arena = start->program->arena;
	struct str secret;

	*out = NULL;
	if (str_empty(conf->tax_auth_url))
		return EXIT_DONE;
	err e = conf_read_secret(arena, conf, conf->tax_secret_file, &secret);

	if (!failed(e))
		e = selfinfo_new(
			&(struct selfinfo_conf){
				.auth_url = conf->tax_auth_url,
				.token_url = conf->tax_token_url,
				.request_url = conf->tax_request_url,
				.result_url = conf->tax_result_url,
				.client_id = conf->tax_client_id,
				.secret = secret,
				.redirect_uri = str_fmt(arena, STR_FMT "/tax/cb", STR_ARG(conf->base_url)),
			},
			out);
	if (!failed(e))
		return EXIT_DONE;
	program_complain("tax_secret_file", e);
	return EXIT_CONFIG;
}

/* "https://host:port" of a URL that conf_rule_url has let pass. */
static struct str origin_of(struct str url)
{
	ptrdiff_t scheme = str_find(url, STR("://"));
	ptrdiff_t slash = scheme < 0 ? -1 : str_find_byte(str_skip(url, (size_t)scheme + 3), '/');

	return slash < 0 ? url : str_sub(url, 0, (size_t)scheme + 3 + (size_t)slash);
}

struct str provider_origins(const struct program *program)
{
	const struct str urls[] = {program->conf.oidc_auth_url, program->conf.tax_auth_url};
	struct str out = STR("");

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		if (urls[i].n > 0)
			out = str_fmt(program->arena, STR_FMT " " STR_FMT, STR_ARG(out), STR_ARG(origin_of(urls[i])));
	}
	return out;
}
