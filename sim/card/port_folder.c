#include "sim/card/card.h"
#include "sim/card/jpki.h"

static err transmit(void *arg, struct str apdu, struct buf *answer)
{
	struct card *card = arg;

	card_transmit(card, apdu, answer);
	return ok();
}

struct card_port card_port_folder(struct card *card)
{
	return (struct card_port){transmit, card};
}
