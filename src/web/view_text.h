#ifndef WEB_VIEW_TEXT_H
#define WEB_VIEW_TEXT_H

#include "domain/definition/procedure.h"
#include "domain/notice.h"
#include "web/exchange.h"

/* Texts of the catalogue and of procedures as views want them: escaped, with ruby where the reader wants it. */

struct html view_msg(struct exchange *ex, enum msg msg);
struct html view_msg_args(struct exchange *ex, enum msg msg, const struct msg_arg *args, size_t count);
struct html view_plain(struct exchange *ex, struct str text); /* any text, escaped */
struct html view_ruby(struct exchange *ex, struct str text);  /* one line with readings */

/*
 * Arguments with their unit: a number, and a length of time in whole hours, else minutes, else seconds. What a setting or a limit says is
 * told by these, so that no text holds a number that somebody changes elsewhere.
 */
struct msg_arg view_number(struct exchange *ex, const char *name, int64_t number);
struct msg_arg view_time(struct exchange *ex, const char *name, int64_t ms);
/* A text whose {time} is that long. */
struct html view_msg_time(struct exchange *ex, enum msg msg, int64_t ms);

/* What follows wrong passwords, by the policy of this portal: the arguments of the two texts, of which one is true. */
#define LOGIN_POLICY_ARGS 4
enum msg login_policy_msg(struct exchange *ex, enum msg locks, enum msg delays, struct msg_arg args[LOGIN_POLICY_ARGS]);

/* A text of a procedure in the reader's language. */
struct html view_label(struct exchange *ex, const struct text *text);
struct str view_label_plain(struct exchange *ex, const struct text *text);
/* Its official Japanese wording, for readers of another language; empty in Japanese. */
struct html view_official(struct exchange *ex, const struct text *text);
/* Paragraphs separated by an empty line as <p>; one item a line as <ul>. */
struct html view_paragraphs(struct exchange *ex, struct str text);
struct html view_items(struct exchange *ex, struct str text);

/* When the help desk answers; empty where none is named. */
struct html view_help_hours(struct exchange *ex);

/* The banner: from when, until when, and the operator's words. */
struct html view_maintenance(struct exchange *ex, const struct maintenance *window);

#endif
