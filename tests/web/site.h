#ifndef WEB_TEST_SITE_H
#define WEB_TEST_SITE_H

#include "identity/selfinfo.h"
#include "../store/domain_support.h"

#include "files/files.h"
#include "web/route.h"
#include "web/web.h"

/*
 * The whole portal without a socket: requests go as bytes through the parser into web_handle, on a store of their own. Two
 * people have registered, NGUYEN THI MAI and LEE; each has drafts and an application. Their ids, tokens and numbers have names, which
 * paths and forms of the tests use in braces: "/drafts/{draft}/apply".
 */

enum who { NOBODY, MAI, LEE, WHO_COUNT };

/* What a form carries as its token. A POST of these tests has its own unless it says otherwise. */
enum form_token { TOKEN_OWN, TOKEN_NONE, TOKEN_EMPTY, TOKEN_OTHER, TOKEN_VISITOR, TOKEN_BROKEN, TOKEN_RAW, FORM_TOKEN_COUNT };

struct ask {
	enum who who;
	const char *method;  /* NULL: GET, or POST when there is a form */
	const char *path;    /* with names in braces */
	const char *form;    /* urlencoded, with names in braces, without the token */
	enum form_token token;
	const char *type;    /* of the body; NULL: that of a form */
	const char *file;    /* then the form is multipart, and this is its file: with names in braces */
	const char *filename; /* NULL: a.pdf */
	bool no_last_line;      /* a form with a file: nothing behind its last boundary */
	struct str bytes;    /* instead of `file` and of a body: as they are */
	bool tus;            /* of the resume protocol: the token goes in a header, and there is no form around the body */
	const char *headers; /* more lines, each with its CR LF */
	const char *cookies; /* instead of those that `who` has */
	const char *host;    /* NULL: that of base_url */
	const char *lang;    /* NULL: en */
	const char *peer;    /* NULL: 192.0.2.1 */
	bool again, final;   /* as the server says of one that was held (http/http.h) */
	bool cards;          /* cards are read here, for this request at least */
	size_t text;         /* the ceiling for its texts, behind those of the request itself; 0: LIMIT_REQUEST_ARENA in all */
	bool busy;           /* no worker has time for it */
};

struct reply {
	int status;
	struct str headers; /* "Name: value\r\n" each */
	struct str body;
	struct str held;          /* the key that it waits for; absent: it is an answer */
	int64_t held_ms;
	struct str log;     /* what was logged meanwhile */
	uint64_t queries, writes; /* of the store meanwhile */
	size_t memory; /* of the request */
};

struct person {
	int64_t id;
	struct str session, visitor;
};

#define SITE_NAMES 64

struct site {
	struct selfinfo *selfinfo; /* of a service that is not there */
	struct world *world;
	struct web web;
	struct arena arena; /* answers */
	struct person people[WHO_COUNT];
	struct {
		const char *name;
		struct str value;
	} names[SITE_NAMES];
	size_t name_count;
	char mail_folder[64];
	char files_folder[64];
	struct files files;
	int log_fd;
};

int site_setup_sqlite(void **state);
int site_setup_pg(void **state);
int site_teardown(void **state);

#define AT_SQLITE(test)                                                         \
	{                                                                       \
#test " (sqlite)", test, site_setup_sqlite, site_teardown, NULL \
	}
#define AT_PG(test)                                                             \
	{                                                                       \
#test " (postgresql)", test, site_setup_pg, site_teardown, NULL \
	}
#define AT_BOTH(test) AT_SQLITE(test), AT_PG(test)

/* Sends that file for a document, and answers the id of its row. */
/* A photographed page for a document, by a form. */
int64_t site_page(struct site *site, const char *draft, const char *document, struct str bytes);
struct str site_photo(struct site *site); /* a photo that is good */
int64_t site_file(struct site *site, enum who who, const char *draft, const char *document, struct str bytes);
struct reply site_ask(struct site *site, const struct ask *ask);
#define ASK(site, ...) site_ask((site), &(struct ask){__VA_ARGS__})
struct reply site_bytes(struct site *site, struct str request, const char *peer); /* as it comes from a socket */
/* Its cookies; the token that `token` says, in the form of a field. */
struct str site_cookies(struct site *site, const struct ask *ask);
struct str site_form_token(struct site *site, const struct ask *ask);

void site_name(struct site *site, const char *name, struct str value);
struct str site_value(struct site *site, const char *name);
struct str site_fill(struct site *site, const char *text); /* names in braces replaced */
/* The form token that a page of theirs would carry. */
struct str site_token(struct site *site, struct str secret);

/* Absent: there is no such header. The n-th of that name. */
struct str reply_header(const struct reply *answer, const char *name, size_t n);
/* Where a redirect leads. */
struct str reply_location(const struct reply *answer);
/* The value of a hidden field of the page, as the browser would send it. */
struct str reply_hidden(const struct reply *answer, const char *name);

#define assert_status(answer, wanted) \
	reply_expect((answer), (wanted), __FILE__, __LINE__)
void reply_expect(const struct reply *answer, int wanted, const char *file, int line);

#define assert_holds(text, part)                                                              \
	do {                                                                                  \
		struct str assert_t = (text), assert_p = (part);                              \
		if (str_find(assert_t, assert_p) < 0)                                         \
			fail_msg("no \"" STR_FMT "\" in " STR_FMT, STR_ARG(assert_p),         \
				STR_ARG(str_sub(assert_t, 0, 6000)));                         \
	} while (0)

/* Begins a proof of who one is, by the form; the id of the transaction. */
struct str site_begin(struct site *site, enum who who, const char *form);

/* ---- for site.c and site_files.c ---- */

#define SITE_BOUNDARY "----test-boundary"
struct exchange;
struct cx *site_cx_of(struct site *site, enum who who);
void site_name_id(struct site *site, const char *name, int64_t id);
void site_add_draft(struct site *site, enum who who, const char *name, const char *token_name);
struct str site_multipart(struct site *site, const struct ask *ask, struct str token);
void site_take_body(struct site *site, struct exchange *exchange); /* in pieces where the route takes it so, as http/take.c does */
struct str site_given(struct site *site, struct response *res);    /* all that a giver has */
void site_files_make(struct site *site);
void site_files_add(struct site *site);
void site_files_remove(struct site *site);

/* A draft that can be submitted, of that person. */
int64_t site_draft(struct site *site, enum who who, struct str *token);

#endif
