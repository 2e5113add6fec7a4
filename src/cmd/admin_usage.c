#include "cmd/admin_usage.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "cmd/admin_papers.h"
#include "domain/identity/usage.h"
#include "i18n/locale.h"

enum { MOST = 1000 };

static const struct {
	enum usage_difference bit;
	const char *name;
} differences[] = {{USAGE_NO_CARD, "no_card"}, {USAGE_NAME, "name"}, {USAGE_BIRTH, "birth_date"}, {USAGE_SEX, "sex"}, {USAGE_TEXT, "text_applet"}};

static void write_differences(struct buf *out, unsigned differs)
{
	size_t before = out->n;

	for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
		if (!(differs & differences[i].bit))
			continue;
		if (out->n != before)
			buf_byte(out, ',');
		buf_c(out, differences[i].name);
	}
}

static void write_row(struct buf *out, const struct usage_row *row)
{
	const struct str columns[] = {row->reference, row->temporary_no, row->user_id, row->procedure_id};

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		buf_str(out, columns[i]);
		buf_byte(out, '\t');
	}
	time_write_iso(out, row->requested_at);
	buf_byte(out, '\t');
	buf_str(out, row->name);
	buf_byte(out, '\t');
	write_differences(out, row->differs);
	buf_byte(out, '\n');
}

static void write_json_row(struct buf *out, const struct usage_row *row)
{
	const struct {
		const char *name;
		struct str value;
	} members[] = {
		{"reference", row->reference}, {"temporary_no", row->temporary_no}, {"user_id", row->user_id},
		{"procedure", row->procedure_id}, {"name", row->name},
	};

	buf_c(out, out->n ? ",\n{" : "[\n{");
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		buf_fmt(out, "\"%s\":", members[i].name);
		json_write_str(out, members[i].value);
		buf_byte(out, ',');
	}
	buf_lit(out, "\"requested\":\"");
	time_write_iso(out, row->requested_at);
	buf_lit(out, "\",\"differs\":\"");
	write_differences(out, row->differs);
	buf_lit(out, "\"}");
}

static err list(struct cx *cx, const struct program *program, struct buf *out)
{
	struct usage_row *rows;
	size_t count;

	TRY(usage_list(cx, MOST, &rows, &count));
	for (size_t i = 0; i < count; i++)
		(program->json ? write_json_row : write_row)(out, &rows[i]);
	if (program->json)
		buf_c(out, out->n ? "\n]\n" : "[]\n");
	return buf_error(out);
}

static void write_line(struct buf *out, const char *label, struct str value)
{
	buf_c(out, label);
	buf_byte(out, '\t');
	buf_str(out, value);
	buf_byte(out, '\n');
}

static struct str date_text(struct cx *cx, int32_t date)
{
	struct buf out;

	buf_init(&out, cx->arena, 128);
	date_write(&out, cx->locale, date);
	return buf_view(&out);
}

static void write_card(struct cx *cx, struct buf *out, const struct usage_details *details)
{
	const struct basic4 *card = &details->card;

	if (!details->has_card) {
		write_line(out, "カード", STR("読み取りなし"));
		return;
	}
	write_line(out, "カードの氏名", card->name);
	write_line(out, "カードの住所", card->address);
	write_line(out, "カードの生年月日", card->year ? date_text(cx, basic4_birth_on(card)) : STR("不明"));
	write_line(out, "カードの性別", card->sex == 1 ? STR("男") : card->sex == 2 ? STR("女") : STR("記載なし"));
}

static void write_answers(struct cx *cx, struct buf *out, const struct application *application)
{
	const struct procedure *procedure = application->receipt.procedure;
	struct form_scope scope = {
		.procedure = procedure, .answers = &application->answers, .user_type = application->user_type, .today = time_date(cx->now)};

	for (size_t i = 0; procedure && i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		struct str value = answers_get(&application->answers, field->id);

		if (field->group || str_empty(value))
			continue;
		buf_str(out, text_plain(&field->label, cx->locale));
		buf_byte(out, '\t');
		answer_display(out, &scope, cx->locale, field, 0, value);
		buf_byte(out, '\n');
	}
}

static err show(struct cx *cx, struct str reference, struct buf *out)
{
	struct usage_details details;
	struct buf differs;

	TRY(usage_show(cx, reference, &details));
	buf_init(&differs, cx->arena, 100);
	write_differences(&differs, details.row.differs);
	write_line(out, "整理番号", details.row.reference);
	write_line(out, "受付番号", details.row.temporary_no);
	write_line(out, "状態", usage_state_names[details.row.state]);
	write_line(out, "違い", buf_view(&differs));
	write_line(out, "利用者ID", details.row.user_id);
	write_line(out, "登録の氏名", details.account.name);
	write_line(out, "登録の住所", details.account.address);
	write_line(out, "登録の生年月日", date_text(cx, details.account.birth_on));
	write_line(out, "登録の性別", str_eq(details.account.sex, STR("male")) ? STR("男") : STR("女"));
	write_card(cx, out, &details);
	if (details.application.shut)
		write_line(out, "申請の内容", STR("鍵が失われたため、読むことができません"));
	write_answers(cx, out, &details.application);
	return papers_list(cx, &details.application, out);
}

static err carry_out(struct cx *cx, const struct program *program, struct buf *out)
{
	const char *what = program->words[1];
	struct str reference = program->word_count > 2 ? str_of(program->words[2]) : STR("");

	if (strcmp(what, "list") == 0)
		return list(cx, program, out);
	if (strcmp(what, "show") == 0)
		return show(cx, reference, out);
	return usage_decide(cx, reference, strcmp(what, "accept") == 0, program->note ? str_of(program->note) : STR(""));
}

enum exit_code admin_usage(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	struct buf out;

	buf_init(&out, start->program->arena, LIMIT_PAGE);
	err e = carry_out(&cx, start->program, &out);
	cx_end(&cx);
	if (failed(e)) {
		program_complain("usage", e);
		return program_exit_of(e);
	}
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_DONE;
}

enum exit_code admin_usage_files(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	struct usage_details details;
	err e = usage_show(&cx, str_of(start->program->words[2]), &details);

	cx_end(&cx);
	if (!failed(e))
		return papers_write(start, &cx, &details.application, start->program->words[3]);
	program_complain("usage files", e);
	return program_exit_of(e);
}
