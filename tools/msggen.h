#ifndef TOOLS_MSGGEN_H
#define TOOLS_MSGGEN_H

#include "gen_io.h"

#include "base/map.h"

/* The catalogues of texts, po/<language>.po (docs/texts.md). */

struct text {
	struct str key;
	size_t key_at; /* offset of the entry */
	struct str value;
	size_t value_at;
	bool no_ruby; /* marked by a comment `no-ruby`, or mail.… or pdf.…: never shown with
			 readings */
	struct gen_paths holders; /* {placeholders}, sorted, each once */
};

struct catalogue {
	struct str file;
	struct str source;
	struct {
		struct text *v;
		size_t n;
		size_t cap;
	} texts;           /* in order of the file */
	struct map by_key; /* key → index + 1 */
};

/* Reads the subset of gettext's format that has one text for each key; the header entry is skipped.
 */
err catalogue_read(struct gen *gen, struct str file, struct str source, struct catalogue *out);
const struct text *catalogue_find(const struct catalogue *catalogue, struct str key);

/* Checks one text: placeholders (collected), markup, and in Japanese a reading for each kanji. */
err text_check(struct gen *gen, const struct catalogue *in, struct text *text, bool japanese);
/* Both catalogues against each other; reports every fault. */
void catalogues_compare(struct gen *gen, const struct catalogue *ja, const struct catalogue *en);

void msggen_write_ids(struct buf *out, const struct catalogue *en);
void msggen_write_table(struct buf *out, const struct catalogue *ja, const struct catalogue *en);
void msggen_write_keys(struct buf *out, const struct catalogue *en);

#endif
