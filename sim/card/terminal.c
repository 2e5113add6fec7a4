#include "sim/card/terminal.h"

#define CHUNK 256u
#define APDU_MAX 512

err terminal_exchange(const struct card_port *port, struct arena *arena, const struct apdu *apdu,
	unsigned *status, struct str *data)
{
	struct buf command, answer;
	AUTO_ARENA scratch;

	/* The command may hold a secret: it is not left in an arena of the caller. */
	arena_init(&scratch, TERMINAL_ARENA);
	buf_init(&command, &scratch, APDU_MAX);
	apdu_write(&command, apdu);
	TRY(buf_error(&command));
	buf_init(&answer, arena, APDU_ANSWER_MAX);
	err sent = port->transmit(port->arg, buf_view(&command), &answer);

	explicit_bzero(command.p, command.n);
	TRY(sent);
	TRY(buf_error(&answer));
	return apdu_answer(buf_view(&answer), status, data);
}

err terminal_error(unsigned status)
{
	switch (status) {
	case SW_NOT_FOUND:
		return fail(ERR_NOT_FOUND, "the card has no such file (%04X)", status);
	case SW_SECURITY:
		return fail(ERR_DENIED, "the card wants its secret first (%04X)", status);
	case SW_BLOCKED:
		return fail(ERR_DENIED, "the card is locked (%04X)", status);
	default:
		return fail(ERR_UNAVAILABLE, "the card answers %04X", status);
	}
}

err terminal_command(const struct card_port *port, struct arena *arena, const struct apdu *apdu,
	struct str *data)
{
	AUTO_ARENA scratch;
	struct str nothing;
	unsigned status;

	arena_init(&scratch, TERMINAL_ARENA);
	TRY(terminal_exchange(
		port, arena ? arena : &scratch, apdu, &status, data ? data : &nothing));
	return status == SW_OK ? ok() : terminal_error(status);
}

err terminal_select(const struct card_port *port, unsigned id)
{
	const char name[2] = {(char)(id >> 8 & 0xFF), (char)(id & 0xFF)};
	const struct apdu apdu = {
		.ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = str_make(name, sizeof name)};

	return terminal_command(port, NULL, &apdu, NULL);
}

err terminal_read(const struct card_port *port, struct arena *arena, size_t offset, size_t most,
	struct str *bytes)
{
	const struct apdu apdu = {.ins = 0xB0,
		.p1 = (uint8_t)(offset >> 8 & 0x7F),
		.p2 = (uint8_t)(offset & 0xFF),
		.has_le = true,
		.le = most < CHUNK ? (unsigned)most : CHUNK};

	return terminal_command(port, arena, &apdu, bytes);
}

/* Header and value of the object at the start; 0: not BER, or longer than any file of a card. */
static size_t tlv_size(struct str head)
{
	const uint8_t *p = (const uint8_t *)head.p;
	size_t at = head.n > 0 && (p[0] & 0x1F) == 0x1F ? 2 : 1;

	if (head.n < at + 1 || (at == 2 && (p[1] & 0x80)))
		return 0;
	size_t n = p[at], width = n > 0x80 ? n & 0x7F : 0;

	if (n == 0x80 || width > 2 || head.n < at + 1 + width)
		return 0;
	if (width > 0)
		n = width == 1 ? p[at + 1] : (size_t)p[at + 1] << 8 | p[at + 2];
	n += at + 1 + width;
	return n <= TERMINAL_FILE_MAX ? n : 0;
}

err terminal_read_tlv(const struct card_port *port, struct arena *arena, struct str *bytes)
{
	struct str piece;
	struct buf whole;

	TRY(terminal_read(port, arena, 0, CHUNK, &piece));
	size_t size = tlv_size(piece);

	if (size == 0)
		return fail(ERR_INVALID, "the card's file has no beginning that makes sense");
	buf_init(&whole, arena, TERMINAL_FILE_MAX + CHUNK);
	buf_str(&whole, piece);
	while (whole.n < size) {
		TRY(terminal_read(port, arena, whole.n, size - whole.n, &piece));
		if (str_empty(piece))
			return fail(ERR_INVALID, "the card's file ends too early");
		buf_str(&whole, piece);
	}
	*bytes = str_sub(buf_view(&whole), 0, size);
	return ok();
}
