/*
 * Messages to a soft card, and answers of a card to an app: 2 bytes of length, then that many
 * bytes, as often as there is input. Whatever is sent, the card answers with one status word,
 * spends tries and never gives one back but for the right secret; whatever is answered, the app
 * ends with an error or with something of the right form.
 */

#include "fuzz.h"

#include "crypto/init.h"
#include "crypto/password.h"
#include "sim/card/apdu.h"
#include "sim/card/card.h"
#include "sim/card/disk.h"
#include "sim/card/jpki.h"
#include "sim/card/state.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#define MESSAGES 64

static char dir[] = "/tmp/fuzz-card-XXXXXX";
static struct arena kept;
static struct card_state fresh;

static void remove_card(void)
{
	DIR *folder = opendir(dir);
	char path[512];

	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		(void)snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		unlink(path);
	}
	if (folder)
		closedir(folder);
	rmdir(dir);
	arena_release(&kept);
}

static void put_key(const char *name)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *der = NULL;
	int n = i2d_PKCS8_PRIV_KEY_INFO(info, &der);

	MUST(n > 0 && !failed(disk_write(dir, name, str_make((const char *)der, (size_t)n))));
	OPENSSL_free(der);
	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(key);
}

/* Once: a key takes long to make. */
static void make_card(void)
{
	arena_init(&kept, 1u << 20);
	MUST(!failed(crypto_init()) && mkdtemp(dir) && atexit(remove_card) == 0);
	fresh = (struct card_state){.label = STR("fuzz"),
		.token = STR("JPKIAPICCTOKEN2"),
		.root = STR("1"),
		.expires_on = 20300101,
		.security_code = STR("0000"),
		.holder = {STR("n"), STR("a"), STR("20000101"), 4, 1, STR("0"), STR("0"), STR("p"),
			STR("m")}};
	for (size_t i = 0; i < SECRET_COUNT; i++) {
		MUST(!failed(password_hash(&kept, STR("1234"), &fresh.secrets[i].hash)));
		fresh.secrets[i].tries = secret_rules[i].most;
	}
	put_key(CARD_AUTH_KEY);
	put_key(CARD_TEXT_KEY);
	MUST(!failed(disk_write(dir, CARD_AUTH_CERT, STR("\x30\x02xy"))));
	MUST(!failed(disk_write(dir, CARD_TEXT("0002"), STR("\xFF\x20\x01x"))));
}

static bool next(struct str *rest, struct str *message)
{
	if (rest->n < 2)
		return false;
	size_t n = (size_t)(uint8_t)rest->p[0] << 8 | (uint8_t)rest->p[1];

	*message = str_sub(*rest, 2, n);
	*rest = str_skip(*rest, 2 + message->n);
	return true;
}

static void check_form(struct arena *arena, struct str bytes)
{
	struct apdu apdu, again;
	struct buf out;

	if (failed(apdu_read(bytes, &apdu)))
		return;
	buf_init(&out, arena, 1u << 17);
	apdu_write(&out, &apdu);
	MUST(!failed(buf_error(&out)) && !failed(apdu_read(buf_view(&out), &again)));
	MUST(apdu.cla == again.cla && apdu.ins == again.ins && apdu.p1 == again.p1 &&
		apdu.p2 == again.p2);
	MUST(str_eq(apdu.data, again.data) && apdu.le == again.le && apdu.has_le == again.has_le);
}

static unsigned tries_of(struct arena *arena)
{
	struct card_state now;
	unsigned sum = 0;

	MUST(!failed(card_state_read(arena, dir, &now)));
	for (size_t i = 0; i < SECRET_COUNT; i++)
		sum += now.secrets[i].tries;
	return sum;
}

static void as_commands(struct str rest)
{
	struct str message;
	struct card card;
	AUTO_ARENA arena;

	arena_init(&arena, 16u << 20);
	MUST(!failed(card_state_write(dir, &fresh)) && !failed(card_open(&arena, dir, &card)));
	unsigned tries = tries_of(&arena);

	for (int i = 0; i < MESSAGES && next(&rest, &message); i++) {
		AUTO_ARENA one;
		struct buf answer;
		struct str data;
		unsigned status;

		arena_init(&one, 4u << 20);
		check_form(&one, message);
		buf_init(&answer, &one, APDU_ANSWER_MAX);
		card_transmit(&card, message, &answer);
		MUST(!failed(buf_error(&answer)));
		MUST(!failed(apdu_answer(buf_view(&answer), &status, &data)));
		MUST(status >= 0x6300 && (status == SW_OK || data.n == 0));
		unsigned left = tries_of(&one);

		MUST(left <= tries || status == SW_OK);
		tries = left;
	}
}

static err pop(void *arg, struct str apdu, struct buf *answer)
{
	struct str message;

	(void)apdu;
	if (!next(arg, &message))
		return err_make(ERR_UNAVAILABLE);
	buf_str(answer, message);
	return ok();
}

static void as_answers(struct str rest)
{
	const struct card_port port = {pop, &rest};
	AUTO_ARENA arena;
	struct str out;
	enum jpki_verdict verdict;
	unsigned left;
	bool a, b;

	arena_init(&arena, 16u << 20);
	if (!failed(jpki_cert(&port, &arena, KEY_AUTH, false, &out)))
		MUST(out.n >= 2);
	if (!failed(jpki_verify(&port, SECRET_AUTH, STR("1234"), &verdict, &left)))
		MUST(left <= 15 && verdict <= JPKI_LOCKED);
	if (!failed(jpki_sign(&port, &arena, KEY_AUTH, JPKI_RS256, STR("m"), &out)))
		MUST(out.n == 256);
	if (!failed(jpki_sign(&port, &arena, KEY_AUTH, JPKI_ES384, STR("m"), &out)))
		MUST(out.n == 96);
	IGNORE(jpki_text_file(&port, &arena, 2, &out)); /* ended or not: without a fault */
	IGNORE(jpki_token(&port, &arena, &out));        /* the same */
	IGNORE(jpki_available(&port, &a, &b));          /* the same */
	IGNORE(jpki_tries(&port, SECRET_SIGN, &left));  /* the same */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size};

	if (str_empty(fresh.label))
		make_card();
	as_commands(all);
	as_answers(all);
	return 0;
}
