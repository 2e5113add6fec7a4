#include "domain/identity/identity_row.h"

#include "domain/account/account.h"
#include "i18n/width.h"
#include "store/query.h"

/* What an adapter has verified, beside what the portal knows of the account. */

static err subject_match(struct cx *cx, const struct idv_tx *tx, const struct idv_result *who, enum idv_error *out)
{
	struct q_card_link_owner_row owner;
	struct card_link link;
	err e = q_card_link_owner(cx_tx(cx), who->subject, &owner);

	*out = IDV_ERROR_NONE;
	if (e.code != ERR_NOT_FOUND)
		TRY(e);
	if (!failed(e) && owner.account_id != tx->account_id) {
		*out = IDV_ERROR_card_in_use;
		return ok();
	}
	e = card_link_find_of(cx, tx->account_id, tx->adapter, &link);
	if (e.code == ERR_NOT_FOUND) {
		if (tx->purpose != IDV_USAGE)
			*out = IDV_ERROR_card_mismatch;
		return ok();
	}
	TRY(e);
	if (str_eq(link.subject, who->subject))
		return ok();
	bool over = who->old_card_revoked || (link.not_after != 0 && link.not_after <= cx->now);

	if (tx->purpose != IDV_RELINK || !over)
		*out = IDV_ERROR_card_mismatch;
	return ok();
}

/* Parts that the card does not know contradict nothing. */
static bool birth_fits(const struct basic4 *basic4, int32_t birth_on)
{
	return birth_on == 0 || ((basic4->year == 0 || basic4->year == birth_on / 10000) &&
					(basic4->month == 0 || basic4->month == (unsigned)(birth_on / 100 % 100)) &&
					(basic4->day == 0 || basic4->day == (unsigned)(birth_on % 100)));
}

static bool sex_fits(const struct basic4 *basic4, struct str sex)
{
	if (basic4->sex == 3 || sex.n == 0)
		return true;
	return str_eq(sex, basic4->sex == 1 ? STR("male") : STR("female"));
}

static err basic4_match(struct cx *cx, const struct idv_tx *tx, struct basic4 *basic4, enum idv_error *out)
{
	struct account account;

	*out = IDV_ERROR_basic4_malformed;
	if (failed(basic4_check(basic4)))
		return ok();
	TRY(account_get(cx, tx->account_id, &account));
	basic4->name_differs = !str_eq(width_fold(cx->arena, basic4->name), width_fold(cx->arena, account.name));
	bool fits = birth_fits(basic4, account.birth_on) && sex_fits(basic4, account.sex) &&
		    (tx->purpose != IDV_RELINK || !basic4->name_differs);

	*out = fits ? IDV_ERROR_NONE : IDV_ERROR_basic4_mismatch;
	return ok();
}

err idv_match(struct cx *cx, const struct idv_tx *tx, const struct idv_result *first, struct idv_result *result, enum idv_error *out)
{
	const struct idv_result *who = result->has_subject ? result : first;
	enum idv_error error = IDV_ERROR_NONE;

	if (tx->op == IDV_AUTH && !result->has_subject)
		return fail(ERR_INTERNAL, "a result without a subject");
	if (tx->op == IDV_BASIC4 && !result->has_basic4)
		error = IDV_ERROR_basic4_missing;
	/* Nothing signed ties the files of the text applet to the card that answers: they never put a new card in the place of another. */
	if (error == IDV_ERROR_NONE && tx->purpose == IDV_RELINK && result->assurance == IDV_CARD_TEXT_ONLY)
		error = IDV_ERROR_cert_kind;
	if (error == IDV_ERROR_NONE && who)
		TRY(subject_match(cx, tx, who, &error));
	if (error == IDV_ERROR_NONE && result->has_basic4)
		TRY(basic4_match(cx, tx, &result->basic4, &error));
	*out = error;
	return ok();
}

err idv_effects(struct cx *cx, const struct idv_tx *tx, const struct idv_result *first, const struct idv_result *result)
{
	const struct idv_result *who = result->has_subject ? result : first;

	if (!result->has_basic4)
		return ok();
	TRY(basic4_put(cx, tx, &result->basic4, result->serial));
	if (tx->chain.n > 0)
		TRY(q_id_tx_used(cx_tx(cx), tx->chain, (struct str){0}, NULL));
	if (!who || (tx->purpose != IDV_USAGE && tx->purpose != IDV_RELINK))
		return ok();
	return card_link_make(cx, tx, who);
}
