#ifndef NET_SMTP_H
#define NET_SMTP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Hands one message for one recipient to the relay, by libcurl: SMTP (RFC 5321), STARTTLS (RFC
 * 3207), TLS from the start (RFC 8314), AUTH (RFC 4954). net_init() comes first.
 *
 * The answer is a verdict, never an err, because nothing that a relay does is our failure:
 *
 *   SENT       the relay took responsibility: 250 after the final dot
 *   REFUSED    it will not take this message: 5xx to MAIL, RCPT, DATA or the final dot
 *   TRY_LATER  all else: no connection, TLS refused, 4xx, silence, broken off
 *
 * TRY_LATER is also the answer to 5xx before MAIL and to "authentication required": these speak of
 * the relay or of our settings, and no mail is to be lost for a setting.
 *
 * `unsure` is set when the final dot had been sent and no reply came: only then may the message
 * have arrived although the verdict is TRY_LATER.
 *
 * TLS: certificates and names are always verified. SMTP_TLS_REQUIRED never sends mail in the clear;
 * SMTP_TLS_NONE is for a relay on this machine or a closed network and excludes a password. There
 * is no "if possible": it protects nobody.
 *
 * Time: each step has its limit, and between two steps, at least once a second, `going` is asked;
 * when it answers false before the final dot, the attempt ends with TRY_LATER. After the final dot
 * the reply is awaited at any rate: RFC 5321 4.5.3.2.6 gives ten minutes.
 *
 * Connections are kept between messages, so that a backlog does not pay for a handshake each;
 * smtp_close ends the open one (QUIT). A kept connection that turns out dead is replaced within the
 * same attempt, without a verdict.
 *
 * One thread at a time for a struct smtp. Secrets: the password is given to libcurl and nowhere
 * else.
 */

enum mail_verdict { MAIL_SENT, MAIL_TRY_LATER, MAIL_REFUSED, MAIL_VERDICT_COUNT };

enum smtp_tls { SMTP_TLS_REQUIRED, SMTP_TLS_NONE, SMTP_TLS_COUNT };

/* The steps of a delivery, in their order. */
enum smtp_step {
	SMTP_CONNECT, /* name, TCP, TLS from the start, greeting */
	SMTP_HELLO,   /* EHLO, HELO, STARTTLS and its handshake, AUTH */
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_BODY, /* the message, until the final dot is sent */
	SMTP_DOT,  /* its reply */
	SMTP_QUIT,
	SMTP_STEP_COUNT
};

/* The limits of RFC 5321 4.5.3.2 where a relay may need them, shorter where only a broken one does.
 * Milliseconds. */
extern const int64_t smtp_step_ms[SMTP_STEP_COUNT];

struct smtp_conf {
	struct str relay; /* "smtp://host:port" or "smtps://host:port" */
	enum smtp_tls tls;
	struct str ca_file; /* empty: the system's certificates */
	struct str user;    /* empty: no AUTH */
	struct str password;
	struct str hello;       /* our name for EHLO; empty: the machine's */
	const int64_t *step_ms; /* NULL: smtp_step_ms */
};

struct smtp_answer {
	enum mail_verdict verdict;
	bool unsure;
	enum smtp_step step; /* the last one reached */
	int code;            /* the reply that decided; 0: none */
	char reason[64];     /* for the log and the queue: "RCPT 550 5.1.1", "CONNECT refused"; no
				personal data */
};

struct smtp;

/* The conf's texts are copied. */
err smtp_new(const struct smtp_conf *conf, struct smtp **out);
void smtp_free(struct smtp *smtp); /* accepts NULL */

/* False: stop. Called in the thread that sends. */
typedef bool smtp_going_fn(void *arg);

/* `message` has CRLF line ends (mail/message.h makes it so). `going` may be NULL. */
void smtp_send(struct smtp *smtp, struct str from, struct str to, struct str message,
	smtp_going_fn *going, void *arg, struct smtp_answer *out);

/* Ends a kept connection; the next message opens a new one. */
void smtp_close(struct smtp *smtp);

#endif
