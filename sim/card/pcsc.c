#include "sim/card/pcsc.h"

#include <winscard.h>

#define NAMES_MAX 4096
/* Short APDUs; the largest answer of one is 256 bytes and a status. */
#define ANSWER_MAX 4096

static err trouble(const char *what, LONG code)
{
	return fail(ERR_UNAVAILABLE, "PC/SC: %s: %s", what, pcsc_stringify_error(code));
}

/* Names ended by NUL each, one more NUL behind the last. */
static err list(SCARDCONTEXT context, char names[NAMES_MAX])
{
	DWORD n = NAMES_MAX;
	LONG code = SCardListReaders(context, NULL, names, &n);

	if (code == SCARD_E_NO_READERS_AVAILABLE) {
		names[0] = '\0';
		return ok();
	}
	return code == SCARD_S_SUCCESS ? ok() : trouble("no list of readers", code);
}

static err connect_to(struct pcsc *pcsc, const char *name)
{
	SCARDHANDLE card;
	DWORD protocol;
	LONG code = SCardConnect(pcsc->context, name, SCARD_SHARE_EXCLUSIVE,
		SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol);

	if (code != SCARD_S_SUCCESS)
		return trouble("no card to speak to", code);
	pcsc->card = card;
	pcsc->protocol = protocol;
	pcsc->connected = true;
	return ok();
}

static err connect_first(struct pcsc *pcsc, struct str reader)
{
	char names[NAMES_MAX];
	err last = fail(ERR_UNAVAILABLE, "PC/SC: there is no such reader");

	TRY(list(pcsc->context, names));
	for (const char *name = names; *name != '\0'; name += strlen(name) + 1) {
		if (!str_empty(reader) && str_find(str_of(name), reader) < 0)
			continue;
		last = connect_to(pcsc, name);
		if (!failed(last))
			return last;
	}
	return last;
}

err pcsc_open(struct str reader, struct pcsc *out)
{
	struct pcsc pcsc = {0};
	SCARDCONTEXT context;
	LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);

	if (code != SCARD_S_SUCCESS)
		return trouble("no pcscd", code);
	pcsc.context = context;
	err connected = connect_first(&pcsc, reader);

	if (failed(connected))
		SCardReleaseContext(context);
	else
		*out = pcsc;
	return connected;
}

void pcsc_close(struct pcsc *pcsc)
{
	if (!pcsc->connected)
		return;
	SCardDisconnect(pcsc->card, SCARD_RESET_CARD);
	SCardReleaseContext(pcsc->context);
	pcsc->connected = false;
}

static err transmit(void *arg, struct str apdu, struct buf *answer)
{
	const struct pcsc *pcsc = arg;
	const SCARD_IO_REQUEST *how =
		pcsc->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
	BYTE bytes[ANSWER_MAX];
	DWORD n = sizeof bytes;
	LONG code = SCardTransmit(pcsc->card, how, (const BYTE *)apdu.p, apdu.n, NULL, bytes, &n);

	if (code != SCARD_S_SUCCESS)
		return trouble("the card does not answer", code);
	buf_bytes(answer, bytes, n);
	return ok();
}

struct card_port pcsc_port(struct pcsc *pcsc)
{
	return (struct card_port){transmit, pcsc};
}

err pcsc_readers(struct arena *arena, struct str *names)
{
	char all[NAMES_MAX];
	SCARDCONTEXT context;
	struct buf out;
	LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);

	if (code != SCARD_S_SUCCESS)
		return trouble("no pcscd", code);
	err listed = list(context, all);

	SCardReleaseContext(context);
	TRY(listed);
	buf_init(&out, arena, NAMES_MAX + 1);
	for (const char *name = all; *name != '\0'; name += strlen(name) + 1)
		buf_fmt(&out, "%s\n", name);
	*names = buf_view(&out);
	return ok();
}
