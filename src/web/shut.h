#ifndef WEB_SHUT_H
#define WEB_SHUT_H

#include "i18n/locale.h"
#include "web/route.h"

/* What is said, and where it goes on, when that which an address names does not open any more (ERR_SHUT): a draft can be deleted, an application looked at. */
struct shut_words {
	enum msg title, text;
	struct str begin; /* empty: nowhere */
	enum msg begin_words;
};
/* `target`: the address, with or without what is asked of it. */
struct shut_words shut_words_of(struct arena *arena, struct str target);

#endif
