#include "msggen.h"

#include "i18n/ruby.h"

/* Catalogues without faults → what the build needs of them. */

static void write_c_name(struct buf *out, struct str key)
{
	buf_lit(out, "MSG_");
	for (size_t i = 0; i < key.n; i++)
		buf_byte(out, key.p[i] == '.' || key.p[i] == '-' ? '_' : key.p[i]);
}

void msggen_write_ids(struct buf *out, const struct catalogue *en)
{
	buf_lit(out, "/* Made by msggen from po/. */\n#ifndef I18N_MSG_IDS_H\n#define "
		     "I18N_MSG_IDS_H\n\nenum msg {\n"
		     "\tMSG_NONE, /* the empty text */\n");
	for (size_t i = 0; i < en->texts.n; i++) {
		buf_byte(out, '\t');
		write_c_name(out, en->texts.v[i].key);
		buf_lit(out, ",\n");
	}
	buf_lit(out, "\tMSG_COUNT\n};\n\n#endif\n");
}

/* style RUBY_HIDDEN and so on: HTML; -1: plain. */
static void write_one_table(struct buf *out, const char *name, const struct catalogue *texts,
	const struct catalogue *order, int style)
{
	buf_fmt(out, "\nconst struct str %s[MSG_COUNT] = {\n\t[MSG_NONE] = STR_INIT(\"\"),\n",
		name);
	for (size_t i = 0; i < order->texts.n; i++) {
		const struct text *text = catalogue_find(texts, order->texts.v[i].key);
		struct buf value;
		buf_init(&value, out->arena, 1u << 20);
		if (style < 0)
			ruby_write_plain(&value, text->value);
		else
			ruby_write_styled(&value, text->value, (enum ruby_style)style);
		buf_lit(out, "\t[");
		write_c_name(out, text->key);
		buf_lit(out, "] = STR_INIT(");
		gen_c_string(out, buf_view(&value), 2);
		buf_lit(out, "),\n");
	}
	buf_lit(out, "};\n");
}

void msggen_write_table(struct buf *out, const struct catalogue *ja, const struct catalogue *en)
{
	buf_lit(out, "/* Made by msggen from po/. */\n#include \"i18n/msg_table.h\"\n");
	write_one_table(out, "msg_ja_plain", ja, en, -1);
	write_one_table(out, "msg_ja_html", ja, en, RUBY_HIDDEN);
	write_one_table(out, "msg_ja_ruby", ja, en, RUBY_SHOWN);
	write_one_table(out, "msg_en_plain", en, en, -1);
	write_one_table(out, "msg_en_html", en, en, RUBY_SHOWN_ABROAD);
}

void msggen_write_keys(struct buf *out, const struct catalogue *en)
{
	for (size_t i = 0; i < en->texts.n; i++) {
		const struct text *text = &en->texts.v[i];
		buf_str(out, text->key);
		buf_byte(out, ' ');
		write_c_name(out, text->key);
		for (size_t k = 0; k < text->holders.n; k++) {
			buf_byte(out, ' ');
			buf_str(out, text->holders.v[k]);
		}
		buf_byte(out, '\n');
	}
}
