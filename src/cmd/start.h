#ifndef CMD_START_H
#define CMD_START_H

#include "cmd/program.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "domain/application/number.h"
#include "domain/definition/archive.h"
#include "domain/definition/procedure.h"
#include "domain/installation.h"
#include "domain/portal.h"
#include "files/files.h"
#include "identity/cardlink.h"
#include "identity/oidc.h"
#include "identity/selfinfo.h"
#include "store/store.h"

/*
 * From a configuration to a portal that can serve: the database, keys, procedures, postal codes. Everything that is found missing or wrong is
 * said on standard error, and the answer is the exit code. EXIT_DONE: go on.
 */

enum start_mode {
	START_AS_IT_IS, /* refuses a schema that is older */
	START_MIGRATE,  /* brings the schema up to date first */
	START_ACCEPT,   /* takes the keys that are there for the database's, and makes those that are missing */
};

struct start {
	struct program *program;
	enum start_mode mode;
	struct arena frozen;       /* what is read-only once all is loaded */
	struct catalogue catalogue;
	struct seal_key data_key;  /* personal data at rest */
	uint8_t web_key[32];       /* form tokens and kept forms */
	struct numbers numbers;
	struct archive *archive;
	struct postal *postal;
	struct jws_key *card_key;  /* signs what the portal asks apps for; NULL: cards are not read */
	struct anchors *anchors;
	struct cardlink cardlink;
	struct portal portal;
	struct store *store;
	struct oidc *oidc;         /* NULL: no provider */
	struct selfinfo *selfinfo; /* NULL: no tax information is fetched */
	struct files files;        /* attachments' bytes; after start_files */
	bool with_files;
	bool adopts;               /* the folders of attachments are right, whatever the database knows: admin files adopt */
};

/* The database, keys, procedures, settings. */
enum exit_code start_portal(struct program *program, enum start_mode mode, struct start *out);
/* For those who serve or work: the other services they speak to, and the secrets for them (cmd/provider.h). */
enum exit_code start_providers(struct start *start);
/* For those who serve or work: opens where attachments lie, and finds their checker (cmd/start_files.c). */
enum exit_code start_files(struct start *start);
/* The folders of attachments alone: for those who only read what is there. EXIT_CONFIG: they are not those of this database. */
enum exit_code start_folders(struct start *start);
/* Of these: whether they are (cmd/start_place.c). */
enum exit_code start_place(const struct start *start);
void start_release(struct start *start);

/* Of a file in the folder of data. */
const char *start_path(const struct start *start, struct str name);

/*
 * A key beside the database (cmd/start_key.c): first its bytes, made where none are and none may be missing; then, when key->open can work with them,
 * whether they fit. EXIT_CONFIG: they do not.
 */
enum exit_code start_key_load(struct start *start, struct installation_key *key, uint8_t bytes[KEY_BYTES]);
enum exit_code start_key_hold(struct start *start, const struct installation_key *key);

/* A context for what the program itself does. */
struct cx start_cx(const struct start *start, struct arena *arena, enum actor_kind kind);

#endif
