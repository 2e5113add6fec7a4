#include "sim/phone/holder.h"

err holder_open_folder(struct arena *arena, const char *dir, struct holder *out)
{
	TRY(card_open(arena, dir, &out->card));
	out->port = card_port_folder(&out->card);
	return ok();
}

err holder_open_reader(const char *reader, struct holder *out)
{
	TRY(pcsc_open(str_of(reader), &out->pcsc));
	out->port = pcsc_port(&out->pcsc);
	return ok();
}

void holder_close(struct holder *holder)
{
	if (holder->pcsc.connected)
		pcsc_close(&holder->pcsc);
}
