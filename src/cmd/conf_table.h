#ifndef CMD_CONF_TABLE_H
#define CMD_CONF_TABLE_H

#include "cmd/conf.h"

/*
 * The table behind cmd/conf.h: one row for each key, in the order of the example and the manual
 * page. Only conf_*.c and the tests include it. To add a key: a member in struct conf, a row in
 * conf_table.c, a paragraph in man/madoguchi.conf.5, and the example written anew.
 */

enum conf_type {
	CONF_TEXT, /* struct str; min … max characters */
	CONF_PATH, /* struct str; absolute, on the command line also relative to the working folder
		    */
	CONF_INT,  /* int64_t; min … max */
	CONF_SIZE, /* int64_t, bytes: "64 KiB" */
	CONF_DURATION, /* int64_t, ms: "30 m" */
	CONF_BOOL,     /* bool: "yes" or "no" */
	CONF_ENUM,     /* an enum: its place in `choices` */
	CONF_LIST,     /* struct conf_list: texts with commas between them */
	CONF_TYPE_COUNT
};

/* NULL: good; else what is wrong, as words that follow "key: ". For a list it is called for each
 * member. */
typedef const char *conf_rule_fn(struct str value);

struct conf_key {
	const char *name;
	const char *chapter; /* a new chapter of the example begins here; NULL: none */
	const char *help;    /* English sentences */
	enum conf_type type;
	size_t offset;       /* in struct conf */
	const char *initial; /* default as text; "" */
	int64_t min, max;    /* TEXT: characters; INT, SIZE, DURATION: value; LIST: members */
	const char *const *choices; /* ENUM, ended by NULL */
	conf_rule_fn *rule;         /* NULL: none. Not called for empty text. */
	bool reload;                /* may change while the program runs */
	bool url_with_secret; /* a password in it is masked, and not taken from the command line */
	bool credential;      /* PATH: may be credential:NAME */
};

extern const struct conf_key conf_keys[];
extern const size_t conf_key_count;

/* NULL: no such key. */
const struct conf_key *conf_key_find(struct str name);
/* The key that was meant, or NULL: at most two letters away. */
const struct conf_key *conf_key_near(struct str name);

/* Reads the text of a value into its member; `typed`: on the command line. NULL: done; else what is
 * wrong, in the arena. */
const char *conf_value_set(struct arena *arena, const struct conf_key *key, struct str text,
	bool typed, struct conf *conf);
/* The value as it would stand in a file. */
void conf_value_write(struct buf *out, const struct conf_key *key, const struct conf *conf);
bool conf_value_same(const struct conf_key *key, const struct conf *a, const struct conf *b);
void conf_value_copy(const struct conf_key *key, const struct conf *from, struct conf *to);

/* The rules between several values. */
void conf_check_values(const struct conf *conf, struct conf_problems *problems);

/* Adds one problem: "file:line: key: words". */
void conf_problem(struct conf_problems *problems, const struct conf_source *source, struct str key,
	const char *words);
/* "file:line", "the default" or "the command line". */
void conf_source_write(struct buf *out, const struct conf_source *source);
/* Where the value of the key comes from. */
const struct conf_source *conf_source_of(const struct conf *conf, const struct conf_key *key);

/* Where the password of a URL stands: after ':' and before '@'; false: none. */
bool conf_url_secret(struct str url, size_t *from, size_t *count);

/* The forms of single values (conf_rule.c). */
conf_rule_fn conf_rule_base_url, conf_rule_listen, conf_rule_database, conf_rule_relay,
	conf_rule_mail, conf_rule_mail_name, conf_rule_phone, conf_rule_web_url, conf_rule_rp,
	conf_rule_url, conf_rule_client;

/* Whether the services that are named are named whole (conf_provider.c). */
void conf_check_providers(const struct conf *conf, struct conf_problems *problems);

#endif
