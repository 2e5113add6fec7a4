#ifndef DOMAIN_APPLICATION_APPLICATION_H
#define DOMAIN_APPLICATION_APPLICATION_H

#include "domain/application/authz.h"
#include "domain/application/draft.h"
#include "domain/application/lifecycle.h"
#include "domain/form/form.h"

/*
 * What has been submitted. An application is born in one transaction from a draft, together with
 * its numbers, the first entry of its history, its audit entry and its mails; the draft ends in the
 * same transaction. So after any crash there is the draft or the application, never both and never
 * neither.
 *
 * The draft's submission token names what came of it for ever: pressing again by the same token,
 * from another tab, after a reload or a lost answer, is answered with the first receipt. So it is
 * with the draft of an application that was sent back (domain/application/amend.h): it has a token of its own, which
 * tells of that resubmission and of no other.
 */

struct receipt {
	int64_t application_id;
	struct str reference;    /* 12 digits, the last one a check digit */
	struct str temporary_no; /* 東オン留T26000123 */
	struct str procedure_id;
	const struct procedure *procedure; /* as it is now; NULL: no longer offered */
	struct str office;                 /* code, domain/definition/office.h; empty: none */
	struct str name;                   /* of the applicant */
	struct str email;                  /* where the mail goes */
	enum status status;
	int64_t submitted_at;
	bool repeated; /* this press did nothing: the application was there */
	struct attachment_gone gone; /* of application_submit: photographed pages that were on their way */
};

/*
 * With refusals in *issues nothing has happened and *out is untouched. NOT_FOUND: no such draft and
 * nothing that was submitted by this token. CONFLICT: the procedure has a newer version (draft_renew), the card
 * has not been read (draft.card_next), or the token is not this draft's. DENIED: reception is closed, or a request for
 * use is needed (usage_require). RETRY: the draft was saved again each time it had been checked. After any of these nothing
 * has been submitted, and the draft, if there is one, is as it was.
 */
err application_submit(struct cx *cx, int64_t draft_id, struct str token, struct issues *issues,
	struct receipt *out);

/* By the token of a draft that is gone: for those who come back to its address. NOT_FOUND. The
 * actor's own only. */
err receipt_find(struct cx *cx, struct str token, struct receipt *out);

struct application {
	int64_t id;
	int64_t account_id;
	struct receipt receipt;
	enum user_type user_type; /* of the person who submitted it: some questions are only for
				     representatives */
	struct str version;       /* of the procedure, that `answers` answer: when it was submitted, last */
	bool version_is_current;  /* labels of its questions are those of `receipt.procedure` */
	int64_t revision;         /* of the status */
	int64_t changed_at;
	struct str note;          /* said with the last change */
	struct answers answers;   /* what was shown when it was submitted, last */
	bool shut;                /* they do not open any more, and there are none here: application_look */
};

/* By reference number. NOT_FOUND: none that the actor may know of; DENIED. SHUT: its answers do not open any more (domain/sealed.h). */
err application_require(
	struct cx *cx, struct str reference, enum right right, struct application *out);

/* For what does not need the answers: one that is shut still has its numbers, its history and its files. */
err application_look(
	struct cx *cx, struct str reference, enum right right, struct application *out);

/* As it was before the modification that followed that entry of its history; its status, note and dates are those of now.
 * NOT_FOUND as above, and: nothing was modified there. */
err application_before(
	struct cx *cx, struct str reference, enum right right, int64_t revision, struct application *out);

struct history_entry {
	int64_t at;
	enum event event;
	enum status status; /* after it */
	enum actor_kind by;
	struct str note;
	int64_t before; /* of RETURN: what it said until then is there (application_before); 0: it says the same still */
};

/* Oldest first. */
err application_history(struct cx *cx, const struct application *application,
	struct history_entry **out, size_t *count);

/* INVALID: no text, or longer than a note may be. */
err application_note_check(struct str note);

/* One step of the life cycle with its history and audit entry. DENIED, CONFLICT as
 * transition_require; NOT_FOUND as application_require. A request for use takes its own ways
 * (domain/identity/usage.h): CONFLICT, but for its withdrawal. */
err application_change(struct cx *cx, struct str reference, enum event event, struct str note);

/* The actor's own. */

enum application_sort { SORT_NEWEST, SORT_OLDEST, APPLICATION_SORT_COUNT };

struct application_search {
	struct str related; /* words of name or numbers, all must fit, each from its beginning; the
			       first four count; empty: any */
	struct str procedure;      /* words of the name of a procedure that is offered, in any language, all
				      must be in; empty: any */
	int32_t from_on, until_on; /* YYYYMMDD in Japan, both included; 0: open */
	enum application_sort sort;
	unsigned page;     /* from 0 */
	unsigned per_page; /* 10, 20, 50 */
};

struct application_row {
	struct str reference, temporary_no, name;
	const struct procedure *procedure; /* NULL: no longer offered */
	enum status status;
	int64_t submitted_at, changed_at;
};

struct application_list {
	const struct application_row *v;
	size_t n;
	size_t total; /* that fit, on all pages */
};

/* LIMIT: the words of the procedure fit more than LIMIT_SEARCH_PROCEDURES, and not all that are offered. DENIED: nobody is
 * logged in. */
err application_list(
	struct cx *cx, const struct application_search *search, struct application_list *out);

#endif
