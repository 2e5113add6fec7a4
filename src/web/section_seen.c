#include "web/section_seen.h"

#include "base/encode.h"
#include "base/random.h"

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return name.n == SEEN_PAGE;
}

struct section_seen section_seen_read(const struct exchange *ex)
{
	struct str sent = exchange_field(ex, "_seen");
	struct str page = sent.n < SEEN_PAGE ? (struct str){0} : str_sub(sent, 0, SEEN_PAGE);

	if (!is_name(page))
		return (struct section_seen){0};
	return (struct section_seen){page, str_skip(sent, SEEN_PAGE)};
}

static void begin(struct exchange *ex, const struct section *section, struct str page, struct buf *out)
{
	buf_init(out, ex->cx.arena, SEEN_PAGE + section->field_count * FORM_MARK);
	if (str_empty(page)) {
		char bytes[SEEN_PAGE / 4 * 3];

		random_bytes(bytes, sizeof bytes);
		base64url_write(out, str_make(bytes, sizeof bytes));
	} else {
		buf_str(out, page);
	}
}

struct str section_seen_write(struct exchange *ex, const struct section *section, const struct answers *answers)
{
	struct buf out;

	begin(ex, section, section_seen_read(ex).page, &out);
	form_marks_write(&out, section, answers);
	return buf_view(&out);
}

struct str section_seen_again(struct exchange *ex, const struct section *section, const struct answers *answers, const enum form_merged *merged)
{
	struct section_seen seen = section_seen_read(ex);
	struct str now = str_skip(section_seen_write(ex, section, answers), SEEN_PAGE);
	struct buf out;

	begin(ex, section, seen.page, &out);
	for (size_t i = 0; i < section->field_count; i++)
		buf_str(&out, str_sub(merged[i] == MERGED_HERE ? now : seen.marks, i * FORM_MARK, FORM_MARK));
	return buf_view(&out);
}
