/*
 * Files of the text applet: 0002, 0003, 0004, 0007 and the signature, each behind its length in two
 * bytes. Only the kept card's are genuine. The whole input is read as 0002, too.
 */

#include "card_kept.h"

#include "identity/card_text.h"

#define STATEMENT STR("CLP1 BASIC4\nrp=rp:test\norigin=https://portal.example\nnonce=x\n")

static struct str take_part(struct str *rest)
{
	if (rest->n < 2)
		return STR("");
	size_t n = (size_t)(unsigned char)rest->p[0] << 8 | (unsigned char)rest->p[1];
	struct str part = str_sub(*rest, 2, n);
	*rest = str_skip(*rest, 2 + part.n);
	return part;
}

static void check_items(struct str file)
{
	struct basic4 items;
	if (!failed(card_text_basic4(file, &items)))
		MUST(!failed(basic4_check(&items)) && items.sex >= 1 && items.sex <= 3);
}

static void check_genuine(struct str input, struct str behind)
{
	static char memory[16384];
	static struct str genuine;
	if (!genuine.n)
		genuine = kept_file(KEPT "/text.bin", memory, sizeof memory);
	MUST(str_eq(str_sub(input, 0, input.n - behind.n), genuine));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = str_make((const char *)data, size), rest = input;
	struct evidence evidence = {.method = EVIDENCE_CARD_TEXT, .statement = STATEMENT};
	enum idv_error fault = IDV_ERROR_internal;
	check_items(input);
	evidence.ef0002 = take_part(&rest);
	evidence.ef0003 = take_part(&rest);
	evidence.ef0004 = take_part(&rest);
	evidence.ef0007 = take_part(&rest);
	evidence.signature = take_part(&rest);
	check_items(evidence.ef0002);
	if (!failed(card_text_check(kept_anchors(), &evidence, &fault)))
		check_genuine(input, rest);
	else
		MUST(fault == IDV_ERROR_cert_malformed || fault == IDV_ERROR_cert_untrusted ||
			fault == IDV_ERROR_sig_invalid || fault == IDV_ERROR_basic4_malformed ||
			fault == IDV_ERROR_my_number_present);
	return 0;
}
