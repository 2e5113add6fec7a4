#include "base/limits.h"
#include "cmd/admin_application.h"
#include "cmd/admin_card.h"
#include "cmd/admin_files.h"
#include "cmd/admin_notice.h"
#include "cmd/admin_oidc.h"
#include "cmd/admin_procedure.h"
#include "cmd/admin_queue.h"
#include "cmd/admin_usage.h"
#include "cmd/admin_version.h"
#include "cmd/commands.h"
#include "cmd/demo.h"
#include "cmd/start.h"
#include "domain/audit.h"
#include "domain/search/search.h"

/* The operator's commands. Each is quiet when all is well and says in one line what is not. */

static enum exit_code with_portal(struct program *program, enum start_mode mode, enum exit_code (*fn)(struct start *start))
{
	struct start start;
	enum exit_code code = start_portal(program, mode, &start);

	if (code == EXIT_DONE)
		code = fn(&start);
	start_release(&start);
	return code;
}

/* The folder of data, its keys, and the database with its tables: what `run` makes by itself on its first start. */
static enum exit_code admin_init(struct program *program)
{
	return with_portal(program, START_MIGRATE, start_folders);
}

static enum exit_code admin_migrate(struct program *program)
{
	return with_portal(program, START_MIGRATE, start_folders);
}

static enum exit_code admin_demo(struct program *program)
{
	return with_portal(program, START_MIGRATE, demo_make);
}

static enum exit_code audit_verify_all(struct start *start)
{
	struct audit_report report;
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);
	err e = audit_verify(&cx, &report);

	cx_end(&cx);
	if (failed(e)) {
		program_complain("audit", e);
		return program_exit_of(e);
	}
	if (report.good) {
		printf("%zu entries, every chain is whole\n", report.entries);
		return EXIT_DONE;
	}
	printf("lane %u breaks at entry %lld: %s\n", report.lane, (long long)report.number, report.what);
	return EXIT_REFUSED;
}

static enum exit_code audit_heads_all(struct start *start)
{
	struct buf heads;
	struct cx cx = start_cx(start, start->program->arena, ACTOR_OPERATOR);

	buf_init(&heads, start->program->arena, LIMIT_PAGE);
	err e = audit_heads(&cx, &heads);

	cx_end(&cx);
	if (failed(e)) {
		program_complain("audit", e);
		return program_exit_of(e);
	}
	printf(STR_FMT, STR_ARG(buf_view(&heads)));
	return EXIT_DONE;
}

/* To be kept where who can write the database cannot write: whoever makes the chains anew makes other heads. */
static enum exit_code admin_audit_heads(struct program *program)
{
	return with_portal(program, START_AS_IT_IS, audit_heads_all);
}

static enum exit_code admin_audit_verify(struct program *program)
{
	return with_portal(program, START_AS_IT_IS, audit_verify_all);
}

/* For those that read what people have sent. */
static enum exit_code with_folders(struct start *start, enum exit_code (*fn)(struct start *start))
{
	enum exit_code code = start_folders(start);

	return code == EXIT_DONE ? fn(start) : code;
}

static enum exit_code verify_files(struct start *start)
{
	return with_folders(start, admin_files);
}

static enum exit_code admin_files_verify(struct program *program)
{
	return with_portal(program, START_AS_IT_IS, verify_files);
}

static enum exit_code accepted(struct start *start)
{
	enum exit_code code = start_folders(start);

	if (code == EXIT_DONE)
		printf("master.key and files.key are the keys of this database from now on\n");
	return code;
}

/* For whoever has lost the keys before: what is sealed with those stays closed. */
static enum exit_code admin_key_accept(struct program *program)
{
	return with_portal(program, START_ACCEPT, accepted);
}

static enum exit_code adopt_folders(struct start *start)
{
	start->adopts = true;
	enum exit_code code = start_folders(start);

	if (code == EXIT_DONE)
		printf("the folders of attachments belong to this database from now on\n");
	return code;
}

/* For whoever has brought them back from a copy, and knows that they are right. */
static enum exit_code admin_files_adopt(struct program *program)
{
	return with_portal(program, START_AS_IT_IS, adopt_folders);
}

static enum exit_code admin_procedure_versions(struct program *program)
{
	return with_portal(program, START_AS_IT_IS, admin_versions);
}

static enum exit_code admin_show_queue(struct program *program)
{
	return with_portal(program, START_AS_IT_IS, admin_queue);
}

static enum exit_code admin_use(struct program *program)
{
	if (strcmp(program->words[1], "list") != 0 && program->word_count < 3) {
		fprintf(stderr, "madoguchi: admin usage %s wants a reference number\n", program->words[1]);
		return EXIT_USAGE;
	}
	return with_portal(program, START_AS_IT_IS, admin_usage);
}

static enum exit_code files_of_application(struct start *start)
{
	return with_folders(start, admin_application_files);
}

static enum exit_code files_of_usage(struct start *start)
{
	return with_folders(start, admin_usage_files);
}

static enum exit_code admin_hand_out(struct program *program)
{
	if (program->word_count < 4) {
		fprintf(stderr, "madoguchi: admin %s files wants a reference number and a folder, new or empty\n", program->words[0]);
		return EXIT_USAGE;
	}
	return with_portal(program, false, strcmp(program->words[0], "usage") == 0 ? files_of_usage : files_of_application);
}

static enum exit_code admin_link(struct program *program)
{
	if (program->word_count < 3) {
		fprintf(stderr, "madoguchi: admin card %s wants a user ID or a mail address\n", program->words[1]);
		return EXIT_USAGE;
	}
	return with_portal(program, START_AS_IT_IS, admin_card);
}

static enum exit_code admin_send_back(struct program *program)
{
	if (program->word_count < 3 || !program->open) {
		fprintf(stderr, "madoguchi: admin application return wants a reference number and --open photo,document:ID,field:ID\n");
		return EXIT_USAGE;
	}
	return with_portal(program, START_AS_IT_IS, admin_application);
}

static enum exit_code admin_tell(struct program *program)
{
	enum exit_code code = admin_notice_wants(program);

	return code == EXIT_DONE ? with_portal(program, false, admin_notice) : code;
}

static const struct {
	const char *first, *second, *words;
	enum exit_code (*run)(struct program *program);
} commands[] = {
	{"init", NULL, "", admin_init},
	{"migrate", NULL, "", admin_migrate},
	{"demo", NULL, "", admin_demo},
	{"procedure", "check", " DIR", admin_procedure_check},
	{"procedure", "json", " DIR ID", admin_procedure_json},
	{"procedure", "preview", " DIR ID [--status VALUE]", admin_procedure_preview},
	{"procedure", "paths", " DIR", admin_procedure_paths},
	{"procedure", "versions", "", admin_procedure_versions},
	{"audit", "verify", "", admin_audit_verify},
	{"audit", "heads", "", admin_audit_heads},
	{"files", "verify", "", admin_files_verify},
	{"files", "adopt", "", admin_files_adopt},
	{"key", "accept", "", admin_key_accept},
	{"queue", NULL, " [--json]", admin_show_queue},
	{"oidc", "keys", "", admin_oidc_keys},
	{"usage", "list", " [--json]", admin_use},
	{"usage", "show", " REFERENCE", admin_use},
	{"usage", "accept", " REFERENCE [--note WORDS]", admin_use},
	{"usage", "refuse", " REFERENCE [--note WORDS]", admin_use},
	{"usage", "files", " REFERENCE DIR", admin_hand_out},
	{"application", "files", " REFERENCE DIR", admin_hand_out},
	{"application", "return", " REFERENCE --open ITEMS [--note WORDS]", admin_send_back},
	{"card", "list", " USER", admin_link},
	{"card", "end", " USER", admin_link},
	{"notice", "list", " [--json]", admin_tell},
	{"notice", "add", " --title-ja WORDS --title-en WORDS --text-ja WORDS --text-en WORDS [--from TIME] [--until TIME]", admin_tell},
	{"notice", "remove", " NUMBER", admin_tell},
	{"maintenance", "show", " [--json]", admin_tell},
	{"maintenance", "set", " --from TIME --until TIME [--announce TIME] [--text-ja WORDS --text-en WORDS]", admin_tell},
	{"maintenance", "clear", "", admin_tell},
};

void command_admin_help(FILE *out)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "      %s%s%s%s\n", commands[i].first, commands[i].second ? " " : "", commands[i].second ? commands[i].second : "",
			commands[i].words);
}

/* How many stand before the options: two in " DIR ID [--status VALUE]". */
static size_t words_of(const char *words)
{
	size_t n = 0;

	for (; words[0] == ' ' && words[1] != '[' && words[1] != '-'; words += 1 + strcspn(words + 1, " "))
		n++;
	return n;
}

enum exit_code command_admin(int argc, char **argv)
{
	struct program program;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = program_begin_by_hand(&arena, argc, argv, "./data", &program);

	if (code != EXIT_DONE)
		return code;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (program.word_count == 0 || strcmp(program.words[0], commands[i].first) != 0)
			continue;
		if (commands[i].second && (program.word_count < 2 || strcmp(program.words[1], commands[i].second) != 0))
			continue;
		code = program_takes(&program, words_of(commands[i].words) + (commands[i].second ? 2 : 1), commands[i].words);
		return code == EXIT_DONE ? commands[i].run(&program) : code;
	}
	fprintf(stderr, "madoguchi: admin knows\n");
	command_admin_help(stderr);
	return EXIT_USAGE;
}
