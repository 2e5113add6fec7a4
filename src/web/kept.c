#include "web/kept.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/vec.h"
#include "crypto/digest.h"
#include "web/csrf.h"
#include "web/page_login.h"
#include "web/resend.h"

/*
 * Sealed: the instant and the target, each on a line of its own (a target holds no line end), then the pairs of the form, each as the
 * lengths of name and value and both as they are: "4 2 name42". Percent-encoded a Japanese letter would take nine bytes instead of three.
 */

#define PURPOSE STR("form kept over a login, 2")

void kept_key_init(struct web *web)
{
	hmac_sha256(str_make((const char *)web->conf.key, sizeof web->conf.key), PURPOSE, web->kept_key.bytes);
}

/* Without secrets and without the old token. */
static void write_pairs(struct buf *out, const struct params *form)
{
	for (size_t i = 0; i < form->n; i++) {
		if (resend_secret(form->v[i].name))
			continue;
		buf_i64(out, (int64_t)form->v[i].name.n);
		buf_lit(out, " ");
		buf_i64(out, (int64_t)form->v[i].value.n);
		buf_lit(out, " ");
		buf_str(out, form->v[i].name);
		buf_str(out, form->v[i].value);
	}
}

static bool take_bytes(struct str *rest, uint64_t n, struct str *out)
{
	if (n > rest->n)
		return false;
	*out = str_sub(*rest, 0, (size_t)n);
	*rest = str_skip(*rest, (size_t)n);
	return true;
}

static bool take_length(struct str *rest, uint64_t *out)
{
	struct str digits = {0};

	return str_next(rest, ' ', &digits) && str_to_u64(digits, out);
}

static err read_pairs(struct arena *arena, struct str rest, struct params *out)
{
	VEC(struct param) found = {0};

	while (!str_empty(rest)) {
		struct param *pair = vec_add(arena, &found);
		uint64_t name, value;

		if (!take_length(&rest, &name) || !take_length(&rest, &value) || !take_bytes(&rest, name, &pair->name) ||
			!take_bytes(&rest, value, &pair->value))
			return fail(ERR_INVALID, "kept form is no form");
	}
	*out = (struct params){found.v, found.n};
	return ok();
}

/* Whether there is anything in the form that a person would miss; else it was one press of a button. */
static bool was_typed(const struct exchange *ex)
{
	for (size_t i = 0; i < ex->form.n; i++) {
		if (typed_is(&ex->form.v[i]))
			return true;
	}
	return false;
}

/* Absent: it is too long, or it could not be given back on one page. */
static struct str sealed_form(struct exchange *ex)
{
	struct buf plain, field;

	buf_init(&plain, ex->cx.arena, LIMIT_KEPT);
	buf_init(&field, ex->cx.arena, LIMIT_KEPT_FIELD);
	buf_i64(&plain, ex->cx.now);
	buf_lit(&plain, "\n");
	buf_str(&plain, safe_next(ex->req->target));
	buf_lit(&plain, "\n");
	write_pairs(&plain, &ex->form);
	if (plain.over || !resend_fits(&ex->form))
		return (struct str){0};
	base64url_write(&field, seal(ex->cx.arena, &ex->web->kept_key, PURPOSE, buf_view(&plain)));
	return field.over ? (struct str){0} : buf_view(&field);
}

err kept_login_page(struct exchange *ex)
{
	if (failed(csrf_origin(ex)))
		return login_page(ex, 401, &(struct login_words){.why = MSG_login_needed, .has_why = true});
	struct str kept = sealed_form(ex);

	if (str_absent(kept))
		return login_page(ex, 401, &(struct login_words){.lost = &ex->form, .why = MSG_login_not_kept, .has_why = true});
	return login_page(ex, 401, &(struct login_words){
		.kept = kept, .why = was_typed(ex) || ex->session_ended ? MSG_login_ended : MSG_login_needed, .has_why = true});
}

struct str kept_field(const struct exchange *ex)
{
	return exchange_field(ex, KEPT_FIELD);
}

static err open_kept(struct exchange *ex, struct str *target, struct params *form)
{
	struct str sealed, plain, line = {0};
	int64_t at = 0;

	if (str_empty(kept_field(ex)))
		return fail(ERR_NOT_FOUND, "nothing kept");
	TRY(base64url_read(ex->cx.arena, kept_field(ex), &sealed));
	TRY(unseal(ex->cx.arena, &ex->web->kept_key, PURPOSE, sealed, &plain));
	str_next(&plain, '\n', &line);
	if (!str_to_i64(line, &at) || ex->cx.now - at > TIME_DAY)
		return fail(ERR_NOT_FOUND, "kept form is too old");
	str_next(&plain, '\n', target);
	return read_pairs(ex->cx.arena, plain, form);
}

err kept_page(struct exchange *ex, struct str target, const struct params *form)
{
	struct str to = safe_next(target);
	struct typed_from from = resend_from(ex, to, true);
	struct resend resend;

	resend_view(ex, form, &from, MSG_NONE, &resend);
	struct view_login_resume view = {
		.target = to,
		.words = resend.typed.rows_count > 0 ? MSG_login_resume_text : MSG_login_resume_plain,
		.kept = resend.kept,
		.typed = resend.typed,
	};

	resend_language(ex, &(struct resend_page){.page = "resume", .to = to});
	return PAGE(ex, 200, MSG_login_resume_title, login_resume, &view);
}

err kept_resume_page(struct exchange *ex)
{
	struct str target = {0};
	struct params form = {0};

	if (failed(open_kept(ex, &target, &form)))
		return fail(ERR_NOT_FOUND, "no form was kept");
	return kept_page(ex, target, &form);
}
