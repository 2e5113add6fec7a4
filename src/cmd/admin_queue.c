#include "cmd/admin_queue.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
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

static err write_queues(struct cx *cx, bool json, struct buf *out)
{
	void (*write)(struct buf *, const struct line *) = json ? write_json : write_text;
	struct outbox_row *mails;
	struct queue_row *jobs;
	size_t mail_count, job_count;

	TRY(outbox_list(cx, MOST, &mails, &mail_count));
	TRY(queue_list(cx, MOST, &jobs, &job_count));
	for (size_t i = 0; i < mail_count; i++)
		write(out, &(struct line){"mail", mails[i].id, mails[i].template,
				   mail_address_domain(mails[i].recipient), mails[i].failed,
				   mails[i].attempts, mails[i].next_at, mails[i].last_error});
	for (size_t i = 0; i < job_count; i++)
		write(out, &(struct line){"job", jobs[i].id, jobs[i].kind, jobs[i].name,
				   false, jobs[i].attempts, jobs[i].next_at,
				   jobs[i].last_error});
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
