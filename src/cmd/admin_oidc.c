#include "cmd/admin_oidc.h"

#include "crypto/init.h"
#include "crypto/jws_key.h"

/* Of two that make one at the same time the first stays, so it is read anew. */
static err load(const char *path, struct jws_key **out)
{
	err e = jws_key_load(path, out);

	if (e.code != ERR_NOT_FOUND)
		return e;
	AUTO_JWS_KEY struct jws_key *fresh = NULL;

	TRY(jws_key_new(&fresh));
	TRY(jws_key_save(fresh, path));
	return jws_key_load(path, out);
}

enum exit_code admin_oidc_keys(struct program *program)
{
	AUTO_JWS_KEY struct jws_key *key = NULL;

	if (str_empty(program->conf.oidc_key_file)) {
		fprintf(stderr, "madoguchi: admin oidc keys wants oidc_key_file\n");
		return EXIT_CONFIG;
	}
	err e = crypto_init();

	if (!failed(e))
		e = load(str_c(program->arena, program->conf.oidc_key_file), &key);
	if (failed(e)) {
		program_complain("oidc_key_file", e);
		return program_exit_of(e);
	}
	const struct jws_key *keys[] = {key};

	printf(STR_FMT "\n", STR_ARG(jws_set_json(program->arena, keys, 1)));
	return EXIT_DONE;
}
