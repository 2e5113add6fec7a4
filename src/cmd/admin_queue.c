#include "cmd/admin_queue.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "domain/attachment/attachment_wait.h"
#include "domain/outbox.h"
#include "jobs/queue.h"
#include "net/mail_address.h"

enum { MOST = 1000 };

/* Mails and jobs look the same from here. */
struct line {
	const char *queue;
	int64_t id;
	struct str kind, subject;
	bool failed;
	int64_t attempts, next_at;
	struct str reason;
};

static void write_text(struct buf *out, const struct line *line)
{
	buf_c(out, line->queue);
	buf_byte(out, '\t');
	buf_i64(out, line->id);
	buf_byte(out, '\t');
	buf_str(out, line->kind);
	buf_byte(out, '\t');
	buf_str(out, line->subject);
	buf_c(out, line->failed ? "\tfailed\t" : "\twaits\t");
	buf_i64(out, line->attempts);
	buf_byte(out, '\t');
	if (!line->failed)
		time_write_iso(out, line->next_at);
	buf_byte(out, '\t');
	buf_str(out, line->reason);
	buf_byte(out, '\n');
}

static void write_json(struct buf *out, const struct line *line)
{
	buf_c(out, out->n ? ",\n{\"queue\":" : "[\n{\"queue\":");
	json_write_str(out, str_of(line->queue));
	buf_fmt(out, ",\"id\":\"%lld\",\"kind\":", (long long)line->id);
	json_write_str(out, line->kind);
	buf_lit(out, ",\"subject\":");
	json_write_str(out, line->subject);
	buf_fmt(out, ",\"failed\":%s,\"attempts\":%lld,\"next\":\"",
		line->failed ? "true" : "false", (long long)line->attempts);
	if (!line->failed)
		time_write_iso(out, line->next_at);
	buf_lit(out, "\",\"reason\":");
	json_write_str(out, line->reason);
	buf_byte(out, '}');
}

/* Why files wait, as far as their rows tell; the log has the rest (src/files/watch.h). */
static const char *why_waiting(const struct attachment_waiting *waiting)
{
	static const struct {
		struct str reason;
		const char *away, *tried;
	} table[] = {
		{STR_INIT("checker"), "no checker could be started, or all were at work", "checks came to no end: the machine is busy, or a checker hangs"},
		{STR_INIT("scanner"), "the virus scanner does not answer", "the virus scanner gave no verdict about a file"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (str_eq(waiting->reason, table[i].reason))
			return waiting->tries > 0 ? table[i].tried : table[i].away;
	return "checks that were begun were not ended";
}

/* Files are many and wait for the same: one line for all of them, with their number in place of an id and since when in place of a subject. */
static void write_waiting_text(struct buf *out, const struct attachment_waiting *waiting)
{
	buf_fmt(out, "files\t%lld\t" STR_FMT "\t", (long long)waiting->files, STR_ARG(waiting->reason));
	time_write_iso(out, waiting->since);
	buf_fmt(out, "\twaits\t%lld\t", (long long)waiting->tries);
	time_write_iso(out, waiting->next_at);
	buf_fmt(out, "\t%s\n", why_waiting(waiting));
}

static void write_waiting_json(struct buf *out, const struct attachment_waiting *waiting)
{
	buf_c(out, out->n ? ",\n" : "[\n");
	buf_fmt(out, "{\"queue\":\"files\",\"files\":%lld,\"kind\":", (long long)waiting->files);
	json_write_str(out, waiting->reason);
	buf_lit(out, ",\"since\":\"");
	time_write_iso(out, waiting->since);
	buf_fmt(out, "\",\"failed\":false,\"attempts\":%lld,\"next\":\"", (long long)waiting->tries);
	time_write_iso(out, waiting->next_at);
	buf_lit(out, "\",\"reason\":");
	json_write_str(out, str_of(why_waiting(waiting)));
	buf_byte(out, '}');
}

static err write_queues(struct cx *cx, bool json, struct buf *out)
{
	void (*write)(struct buf *, const struct line *) = json ? write_json : write_text;
	struct outbox_row *mails;
	struct queue_row *jobs;
	struct attachment_waiting *waiting;
	size_t mail_count, job_count, waiting_count;

	TRY(outbox_list(cx, MOST, &mails, &mail_count));
	TRY(queue_list(cx, MOST, &jobs, &job_count));
	TRY(attachment_waiting(cx, &waiting, &waiting_count));
	for (size_t i = 0; i < mail_count; i++)
		write(out, &(struct line){"mail", mails[i].id, mails[i].template,
				   mail_address_domain(mails[i].recipient), mails[i].failed,
				   mails[i].attempts, mails[i].next_at, mails[i].last_error});
	for (size_t i = 0; i < job_count; i++)
		write(out, &(struct line){"job", jobs[i].id, jobs[i].kind, jobs[i].name,
				   false, jobs[i].attempts, jobs[i].next_at,
				   jobs[i].last_error});
	for (size_t i = 0; i < waiting_count; i++)
		(json ? write_waiting_json : write_waiting_text)(out, &waiting[i]);
	if (json)
		buf_c(out, out->n ? "\n]\n" : "[]\n");
	return buf_error(out);
}

enum exit_code admin_queue(struct start *start)
{
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	struct buf out;

	buf_init(&out, start->program->arena, LIMIT_PAGE);
	err e = write_queues(&cx, start->program->json, &out);
	cx_end(&cx);
	if (failed(e)) {
		program_complain("queue", e);
		return program_exit_of(e);
	}
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_DONE;
}
