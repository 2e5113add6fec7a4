/*
 * A phone for stories about what comes of a card, not about the card: it finishes a reading through the domain's own doors, as if everything had been verified.
 *
 *   phone [options as of the program] TX CARD NAME ADDRESS BIRTH SEX
 *
 * TX is the transaction of the page with the QR code, CARD any words that name the card (another word, another certificate), BIRTH is YYYYMMDD,
 * SEX 1, 2 or 3. It prints the state in which the transaction ends.
 */

#include "base/limits.h"
#include "base/time.h"
#include "cmd/start.h"
#include "domain/identity/identity_adapter.h"

static struct str hex_of(struct arena *arena, const char *words)
{
	struct buf out;

	buf_init(&out, arena, 65);
	while (out.n < 64)
		buf_byte(&out, "0123456789abcdef"[(unsigned char)words[out.n % strlen(words)] % 16]);
	return buf_view(&out);
}

static err result_of(const struct program *program, const struct idv_tx *tx, int64_t now, struct idv_result *out)
{
	const char *card = program->words[1];
	struct arena *arena = program->arena;
	int64_t birth, sex;

	*out = (struct idv_result){.assurance = IDV_CARD_PKI, .evidence = hex_of(arena, "evidence")};
	if (tx->op == IDV_AUTH) {
		out->has_subject = true;
		out->subject = out->serial = out->spki = out->cert = hex_of(arena, card);
		out->issuer = out->issuer_key = hex_of(arena, "issuer");
		out->not_after = now + 300 * TIME_DAY;
		return ok();
	}
	if (!str_to_i64(str_of(program->words[4]), &birth) || !str_to_i64(str_of(program->words[5]), &sex))
		return fail(ERR_INVALID, "birth and sex are numbers");
	out->has_basic4 = true;
	out->serial = hex_of(arena, "signing");
	out->basic4 = (struct basic4){
		.name = str_of(program->words[2]), .address = str_of(program->words[3]), .year = (int32_t)(birth / 10000),
		.month = (unsigned)(birth / 100 % 100), .day = (unsigned)(birth % 100), .sex = (unsigned)sex};
	return ok();
}

static err finish(struct cx *cx, const struct program *program, struct idv_tx *tx)
{
	struct idv_claim claim = {.id = str_of(program->words[0]), .app = hex_of(cx->arena, "app"), .label = STR("Phone of the tests"),
		.network = STR("127.0.0.0/24"), .held = STR("statement")};
	enum idv_error refused = IDV_ERROR_NONE;
	struct idv_result result;
	struct str code;

	claim.secret = idv_claim_secret(cx, claim.id);
	TRY(idv_claim(cx, &claim, tx, &refused));
	if (refused == IDV_ERROR_NONE)
		TRY(idv_verifying(cx, claim.id, claim.app, tx, &refused));
	if (refused != IDV_ERROR_NONE)
		return fail(ERR_CONFLICT, "refused: " STR_FMT, STR_ARG(idv_errors[refused].name));
	TRY(result_of(program, tx, cx->now, &result));
	return idv_finish(cx, claim.id, &result, tx, &code);
}

static enum exit_code scan(struct program *program)
{
	struct start start;
	struct idv_tx tx;
	enum exit_code code = start_portal(program, START_AS_IT_IS, &start);

	if (code != EXIT_DONE)
		return code;
	struct cx cx = start_cx(&start, program->arena, ACTOR_NOBODY);
	err e = finish(&cx, program, &tx);

	cx_end(&cx);
	if (failed(e))
		program_complain("phone", e);
	else
		printf(STR_FMT " " STR_FMT "\n", STR_ARG(idv_state_names[tx.state]), STR_ARG(idv_errors[tx.error].name));
	start_release(&start);
	return program_exit_of(e);
}

int main(int argc, char **argv)
{
	struct program program;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = program_begin(&arena, argc - 1, argv + 1, NULL, &program);

	if (code != EXIT_DONE)
		return (int)code;
	if (program.word_count != 6) {
		fprintf(stderr, "phone: TX CARD NAME ADDRESS BIRTH SEX\n");
		return EXIT_USAGE;
	}
	return (int)scan(&program);
}
