#include "sim/card/card.h"

#include "sim/card/disk.h"
#include "sim/card/inside.h"
#include "sim/card/state.h"

#define OFFSET_BITS 0x7FFFu
#define SHORT_ID 0x1Fu

err card_open(struct arena *arena, const char *dir, struct card *out)
{
	AUTO_ARENA scratch;
	struct card_state state;

	arena_init(&scratch, 16u * CARD_FILE_MAX);
	TRY(card_state_read(&scratch, dir, &state));
	*out = (struct card){.dir = str_c(arena, str_of(dir))};
	return ok();
}

void card_reset(struct card *card)
{
	card->applet = APPLET_NONE;
	card->ef = NULL;
	card->verified = 0;
}

bool card_opened(const struct card *card, const struct ef *ef)
{
	return ef->opened_by == 0 || (ef->opened_by & card->verified) != 0;
}

/* A file of the table that is on this card. */
static const struct ef *find_here(struct card *card, unsigned id)
{
	const struct ef *ef = ef_find(card->applet, id);
	char path[4096];
	int n;

	if (!ef || !ef->file)
		return ef;
	n = snprintf(path, sizeof path, "%s/%s", card->dir, ef->file);
	return n > 0 && (size_t)n < sizeof path && access(path, F_OK) == 0 ? ef : NULL;
}

const struct ef *card_ef_of_p2(struct card *card, unsigned p2, unsigned *status)
{
	if ((p2 & ~SHORT_ID) != 0x80) {
		*status = SW_P1P2;
		return NULL;
	}
	if (p2 == 0x80) {
		*status = SW_NO_FILE_SELECTED;
		return card->ef;
	}
	const struct ef *ef = find_here(card, p2 & SHORT_ID);

	*status = SW_NOT_FOUND;
	if (ef)
		card->ef = ef;
	return ef;
}

/* An applet is there when it has any file: a phone has no text input assist. */
static bool applet_here(const struct card *card, enum card_applet applet)
{
	struct card other = {.dir = card->dir, .applet = applet};

	for (unsigned id = 1; id <= SHORT_ID; id++) {
		const struct ef *ef = find_here(&other, id);

		if (ef && ef->file)
			return true;
	}
	return false;
}

static unsigned select_applet(struct card *card, struct str aid)
{
	for (enum card_applet i = APPLET_NONE + 1; i < APPLET_COUNT; i++) {
		if (str_eq(aid, applet_aid(i)) && applet_here(card, i)) {
			card_reset(card);
			card->applet = i;
			return SW_OK;
		}
	}
	return SW_NOT_FOUND;
}

static unsigned card_select(struct card *card, const struct apdu *apdu, struct buf *out)
{
	(void)out;
	if (apdu->p2 != 0x0C || (apdu->p1 != 0x04 && apdu->p1 != 0x02))
		return SW_P1P2;
	if (apdu->has_le || apdu->data.n == 0)
		return SW_LENGTH;
	if (apdu->p1 == 0x04)
		return apdu->data.n <= 16 ? select_applet(card, apdu->data) : SW_LENGTH;
	if (apdu->data.n != 2)
		return SW_LENGTH;
	const struct ef *ef =
		find_here(card, (unsigned)(uint8_t)apdu->data.p[0] << 8 | (uint8_t)apdu->data.p[1]);

	if (!ef)
		return SW_NOT_FOUND;
	card->ef = ef;
	return SW_OK;
}

static unsigned read_at(struct card *card, size_t offset, size_t most, struct buf *out)
{
	AUTO_ARENA arena;
	struct str bytes;

	arena_init(&arena, 4u * CARD_FILE_MAX);
	if (card->ef->kind != EF_BYTES)
		return SW_NOT_A_FILE_OF_BYTES;
	if (!card_opened(card, card->ef))
		return SW_SECURITY;
	if (failed(disk_read(&arena, card->dir, card->ef->file, &bytes)))
		return SW_MEMORY;
	if (offset >= bytes.n)
		return SW_OFFSET;
	/* As real cards do: to the end of the file, and no warning when that is less than asked. */
	buf_str(out, str_sub(bytes, offset, most));
	return SW_OK;
}

static unsigned card_read(struct card *card, const struct apdu *apdu, struct buf *out)
{
	size_t offset = ((unsigned)apdu->p1 << 8 | apdu->p2) & OFFSET_BITS;

	if (apdu->data.n > 0 || !apdu->has_le)
		return SW_LENGTH;
	if (apdu->p1 & 0x80) {
		unsigned status;

		if ((apdu->p1 & SHORT_ID) == 0)
			return SW_P1P2;
		if (!card_ef_of_p2(card, apdu->p1, &status))
			return status;
		offset = apdu->p2;
	}
	return card->ef ? read_at(card, offset, apdu->le, out) : SW_NO_FILE_SELECTED;
}

static const struct {
	uint8_t cla, ins;
	unsigned (*run)(struct card *card, const struct apdu *apdu, struct buf *out);
} commands[] = {
	{0x00, 0xA4, card_select},
	{0x00, 0x20, card_verify},
	{0x00, 0x24, card_change},
	{0x00, 0xB0, card_read},
	{0x80, 0x2A, card_sign},
};

static unsigned run(struct card *card, const struct apdu *apdu, struct buf *out)
{
	unsigned status = apdu->cla == 0x00 || apdu->cla == 0x80 ? SW_INS : SW_CLA;

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (commands[i].ins != apdu->ins)
			continue;
		if (commands[i].cla == apdu->cla)
			return commands[i].run(card, apdu, out);
		status = SW_CLA;
	}
	return status;
}

void card_transmit(struct card *card, struct str bytes, struct buf *answer)
{
	struct apdu apdu;
	size_t before = answer->n;
	unsigned status = SW_LENGTH;

	if (!failed(apdu_read(bytes, &apdu)))
		status = run(card, &apdu, answer);
	if (status != SW_OK)
		answer->n = before;
	apdu_status(answer, status);
}
