#include "cmd/start.h"

#include "base/log.h"
#include "domain/attachment/attachment_lost.h"

/* Attachments: the spool and the sealed files in the folder of data, the checker beside the program, and a virus scanner where there is one. */

#define SCANNER_MS 20000 /* ClamAV scans 25 MB in two seconds; it may be busy with others */

enum exit_code start_folders(struct start *start)
{
	struct installation_key key = {.name = STR("files.key"), .open = files_key_open, .accepted = attachment_lose_all};
	uint8_t master[KEY_BYTES];
	struct spool *spool;
	struct blob_store *blobs;
	enum exit_code code = start_key_load(start, &key, master);

	if (code != EXIT_DONE)
		return code;
	err e = spool_open(start->program->arena, start_path(start, STR("spool")), &spool);

	if (!failed(e))
		e = blob_store_open(start->program->arena, start_path(start, STR("files")), master, &blobs);
	if (failed(e)) {
		program_complain("the folders of attachments", e);
		return program_exit_of(e);
	}
	start->files = (struct files){.spool = spool, .blobs = blobs};
	key.arg = blobs;
	start->portal.files_key_opens = files_key_opens;
	start->portal.files_key_arg = blobs;
	code = start_key_hold(start, &key);
	return code == EXIT_DONE ? start_place(start) : code;
}

enum exit_code start_files(struct start *start)
{
	const struct conf *conf = &start->program->conf;
	struct files *files = &start->files;
	struct checker *checker;
	enum exit_code code = start_folders(start);

	if (code != EXIT_DONE)
		return code;
	err e = checker_new(start->program->arena, conf->file_checker, &checker);
	if (failed(e)) {
		program_complain("file_checker", e);
		return EXIT_CONFIG;
	}
	files->checker = checker;
	files->watch = arena_new(start->program->arena, struct watch);
	watch_init(files->watch);
	files->scanner_ms = SCANNER_MS;
	if (!str_empty(conf->virus_scanner)) {
		files->scanner = str_c(start->program->arena, conf->virus_scanner);
		files->rest = arena_new(start->program->arena, scanner_rest);
	} else {
		log_event(LOG_INFO, "no_virus_scanner", LOG_C("detail", "files are checked, not scanned"));
	}
	start->with_files = true;
	return EXIT_DONE;
}
