#include "sim/phone/tamper.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/limits.h"
#include "sim/phone/statement.h"

static const struct {
	const char *word, *words;
	enum ending answer;
} kinds[TAMPER_COUNT] = {
	[TAMPER_NONE] = {"", "", ENDING_NONE},
#define X(name, word, when, answer, words) [TAMPER_##name] = {word, words, ENDING_##answer},
#include "sim/phone/tampers.def"
#undef X
};

const char *tamper_word(enum tamper_kind kind)
{
	return kinds[kind].word;
}

const char *tamper_words(enum tamper_kind kind)
{
	return kinds[kind].words;
}

enum ending tamper_answer(enum tamper_kind kind)
{
	return kinds[kind].answer;
}

err tamper_init(struct arena *arena, struct str word, struct tamper *out)
{
	struct tamper tamper = {.kind = TAMPER_NONE + 1};
	while (tamper.kind < TAMPER_COUNT && !str_eq(word, str_of(kinds[tamper.kind].word)))
		tamper.kind++;
	if (tamper.kind == TAMPER_COUNT)
		return fail(ERR_INVALID, "no such way to tamper");
	TRY(jws_key_new(&tamper.other));
	tamper.other_kid = jws_thumbprint(arena, tamper.other);
	*out = tamper;
	return ok();
}

void tamper_release(struct tamper *tamper)
{
	jws_key_free(tamper->other);
	tamper->other = NULL;
}

struct str tamper_claim(const struct tamper *tamper, struct str claim)
{
	return tamper->kind == TAMPER_claim ? STR("AAAAAAAAAAAAAAAAAAAAAA") : claim;
}

struct str tamper_statement(struct tamper *tamper, struct arena *arena, struct str text)
{
	struct statement s;
	if (failed(statement_read(text, &s)))
		return text;
	tamper->exp = s.exp;
	switch (tamper->kind) {
	case TAMPER_nonce:
		s.nonce = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
		break;
	case TAMPER_statement_tx:
		s.tx = STR("00000000000000000000000000");
		break;
	case TAMPER_origin:
		s.origin = STR("https://other.example");
		break;
	case TAMPER_app:
		s.app = tamper->other_kid;
		break;
	default:
		return text;
	}
	return statement_write(arena, &s);
}

void tamper_twist(const struct tamper *tamper, struct reading_twist *twist)
{
	twist->ca_cert = tamper->kind == TAMPER_ca_cert;
	twist->other_key = tamper->kind == TAMPER_other_key;
	twist->pss = tamper->kind == TAMPER_pss;
	twist->second_secret = tamper->second_secret;
}

/* With one bit changed at `at`. */
static struct str flipped(struct arena *arena, struct str bytes, size_t at)
{
	char *copy = arena_alloc(arena, bytes.n + 1);
	memcpy(copy, bytes.p, bytes.n);
	if (at < bytes.n)
		copy[at] = (char)(copy[at] ^ 1);
	return str_make(copy, bytes.n);
}

void tamper_reading(const struct tamper *tamper, struct arena *arena, struct reading *reading)
{
	switch (tamper->kind) {
	case TAMPER_sig:
		reading->signature = flipped(arena, reading->signature, 100);
		break;
	case TAMPER_cert:
		/* In the signature at the end: the certificate still parses. */
		reading->cert = flipped(arena, reading->cert, reading->cert.n - 20);
		break;
	case TAMPER_cert_tail: {
		struct str parts[] = {reading->cert, str_make("", 1)};
		reading->cert = str_join(arena, parts, 2, STR(""));
		break;
	}
	case TAMPER_basic4:
		/* The last byte is the sex. */
		reading->files[0] = flipped(arena, reading->files[0], reading->files[0].n - 1);
		break;
	default:
		break;
	}
}

/* File 0001 of a card, with a number that is nobody's: its check digit is wrong. */
static const struct str false_my_number = STR_INIT("\xff\x10\x0c"
						   "123456789012"
						   "\xff\xff");

static void append_members(struct arena *arena, const struct tamper *tamper, struct letter *letter)
{
	struct buf members;
	buf_init(&members, arena, 2 * LIMIT_JWS);
	buf_str(&members, letter->members);
	if (tamper->kind == TAMPER_unknown)
		letter_int(&members, "surprise", 1);
	if (tamper->kind == TAMPER_twice)
		letter_str(&members, "tx", letter->tx);
	if (tamper->kind == TAMPER_my_number)
		letter_bytes(&members, "ef0001", false_my_number);
	letter->members = buf_view(&members);
}

void tamper_letter(const struct tamper *tamper, struct arena *arena, struct letter *letter)
{
	if (!str_eq(letter->htu, STR("/m/v1/submit")))
		return;
	switch (tamper->kind) {
	case TAMPER_aud:
		letter->aud = STR("https://other.example");
		break;
	case TAMPER_clock:
		letter->iat += 600;
		break;
	case TAMPER_clock_behind:
		letter->iat -= 600;
		break;
	case TAMPER_key:
		letter->key = tamper->other;
		break;
	case TAMPER_kid:
		letter->key = tamper->other;
		letter->kid = tamper->other_kid;
		break;
	case TAMPER_tx:
		letter->tx = STR("00000000000000000000000000");
		break;
	default:
		append_members(arena, tamper, letter);
	}
}
