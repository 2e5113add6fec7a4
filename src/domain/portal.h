#ifndef DOMAIN_PORTAL_H
#define DOMAIN_PORTAL_H

#include "base/str.h"
#include "domain/account/password_rule.h"
#include "domain/cx.h"
#include "i18n/locale.h"

/*
 * What is decided at start and the same for every request: settings, procedures, keys, tables. cmd
 * fills it before the first thread starts; afterwards it is constant, and any thread reads it
 * without a lock.
 *
 * The one thing behind it that changes is `numbers`: the blocks of serial numbers that this process
 * has reserved (domain/application/number.h), which guards itself.
 */

struct archive;
struct catalogue;
struct numbers;
struct postal;
struct search_index;
struct seal_key;

/*
 * Wrong passwords in a row. After `free_tries` each further wrong one locks the account for
 * `first_ms`, doubling up to `longest_ms`. The manual's rule is 5, 24 h, 24 h, and the count starts
 * anew when the lock has lifted; NIST SP 800-63B-4 3.2.2 wants delays from 30 s to 1 h and an end
 * after at most 100, from which only the mailed link leads out.
 */
struct login_policy {
	int64_t free_tries; /* the try that reaches this number locks */
	int64_t first_ms;
	int64_t longest_ms;
	bool count_restarts; /* a lock that has lifted forgives the tries before it */
	int64_t most_tries;  /* 0: no end */
};

extern const struct login_policy login_policy_manual, login_policy_delays;

/* When the person types on the PC what the phone shows: domain/identity/identity.h. */
enum card_bindback { BINDBACK_FIRST_LINK, BINDBACK_ALWAYS, BINDBACK_OFF, BINDBACK_COUNT };

struct settings {
	struct str base_url; /* "https://portal.example", without '/' at its end */
	struct str service_name[LANG_COUNT];
	struct str mail_from;
	struct password_profile password;
	struct login_policy login;
	int64_t session_idle_ms;
	int64_t session_total_ms;
	int64_t registration_link_ms;
	int64_t reset_link_ms;
	int64_t unlock_link_ms;
	int64_t draft_keep_ms; /* after the last save */
	bool card_on;          /* cards can be read: the portal knows whose certificates to trust */
	bool oidc_on;          /* people may prove who they are at an OpenID provider */
	bool selfinfo_on;      /* tax information can be fetched */
	enum card_bindback card_bindback;
	struct str card_app_name; /* of the phone's app, as people know it */
	struct str card_rp;       /* how the portal names itself to the app: "rp:…" */
};

/* The manual's profile: 24 h registration link, 1 h reset link, 30 min idle, 12 h total, drafts 90
 * days. Names and addresses are empty. */
void settings_init(struct settings *settings);

struct portal {
	struct settings settings;
	const struct catalogue *catalogue;
	const struct search_index *search; /* of the catalogue */
	struct archive *archive; /* domain/definition/archive.h; guards itself. NULL: only the present versions are known */
	const struct seal_key *key;  /* crypto/seal.h: personal data at rest */
	const struct postal *postal; /* NULL: no look-up */
	struct numbers *numbers;
	/* Whether the wrapped key of somebody's files opens: only where the bytes are it is known (files_key_opens, files/files.h). NULL: nobody
	 * knows, and all count as good. */
	bool (*files_key_opens)(const void *arg, struct arena *arena, int64_t account_id, struct str wrapped);
	const void *files_key_arg;
	/* Somebody may wait for a change of this transaction (domain/identity/identity.h). Called after its
	 * commit, from any thread. NULL: nobody does. */
	void (*idv_changed)(void *arg, struct str tx_id);
	void *idv_changed_arg;
};

#endif
