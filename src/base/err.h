#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * What a function answers when something can go wrong.
 *
 * An err says what the caller may do next, nothing more: there are ten codes, one for each thing a
 * caller does differently. The words for the log are kept beside it, per thread, by fail(). What a
 * person typed wrongly is never an err; it is data (struct issues in domain/form/form.h).
 *
 * An err that is not looked at does not compile. base, store and domain describe and never log;
 * web, jobs and cmd log once.
 */

enum err_code {
	OK,
	ERR_NOT_FOUND,   /* no such thing, or none that the actor may know of */
	ERR_DENIED,      /* the actor may not */
	ERR_INVALID,     /* the input breaks a rule of its format */
	ERR_CONFLICT,    /* the state has moved on: a version, a unique key, a spent token */
	ERR_LIMIT,       /* a ceiling of base/limits.h or a rate */
	ERR_RETRY,       /* busy, deadlock, serialization failure: the same call may work now */
	ERR_UNAVAILABLE, /* disk full, database or relay gone: the same call may work later */
	ERR_INTERNAL,    /* a defect of ours */
	ERR_SHUT,        /* what is stored does not open: the key that sealed it is lost, or it is damaged. No call will ever work */
	ERR_COUNT
};

#if defined(__clang__)
typedef struct __attribute__((warn_unused_result)) err {
	enum err_code code;
} err;
#else
typedef struct [[nodiscard]] err {
	enum err_code code;
} err;
#endif

#define ok() ((err){OK})

/* Leaves the calling function with the first error. Cleanup attributes and arenas make this always
 * right. */
#define TRY(expr)                       \
	do {                            \
		err try_err = (expr);   \
		if (try_err.code != OK) \
			return try_err; \
	} while (0)

/* For the rare call whose failure changes nothing; say why in a comment beside it. */
#define IGNORE(expr)                  \
	do {                          \
		err ignored = (expr); \
		(void)ignored;        \
	} while (0)

#define failed(e) ((e).code != OK)

/*
 * Makes an error and keeps its words for the log; the words hold no personal data. They may contain
 * err_detail(), so a caller can put its own words before those of the one below.
 *
 * A macro, so that the compiler sees which code comes back: it would otherwise think that fail()
 * may answer OK and take every out parameter for possibly unset. cmocka has a macro of this name
 * that is of no use here.
 */
#undef fail
#define fail(code, ...) (err_describe(__VA_ARGS__), err_make(code))

void err_describe(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static inline err err_make(enum err_code code)
{
	return (err){code};
}

/* The words of the last fail() of this thread, valid until the next; "" when there are none. */
const char *err_detail(void);
void err_detail_clear(void);

/* "NOT_FOUND" and so on. */
const char *err_name(enum err_code code);

#endif
