#ifndef CMD_START_H
#define CMD_START_H

#include "cmd/program.h"
#include "crypto/seal.h"
#include "domain/application/number.h"
#include "domain/definition/archive.h"
#include "domain/definition/procedure.h"
#include "domain/portal.h"
#include "files/files.h"
#include "identity/cardlink.h"
#include "identity/oidc.h"
#include "identity/selfinfo.h"
#include "store/store.h"

/*
 * From a configuration to a portal that can serve: keys, procedures, postal codes and the database. Everything that is found missing or wrong is
 * said on standard error, and the answer is the exit code. EXIT_DONE: go on.
 */

struct start {
	struct program *program;
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
};

/* Keys, procedures, settings; with_store: opens the database too, after bringing its schema up to date when `migrate`. */
enum exit_code start_portal(struct program *program, bool with_store, bool migrate, struct start *out);
/* For those who serve or work: opens where attachments lie, and finds their checker (cmd/start_files.c). */
enum exit_code start_files(struct start *start);
/* The folders of attachments alone: for those who only read what is there. */
enum exit_code start_folders(struct start *start);
void start_release(struct start *start);

/* A context for what the program itself does. */
struct cx start_cx(const struct start *start, struct arena *arena, enum actor_kind kind);

#endif
