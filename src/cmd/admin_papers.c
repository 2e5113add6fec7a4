#include "cmd/admin_papers.h"

#include "base/auto.h"
#include "domain/attachment/attachment_office.h"
#include "i18n/locale.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct str label_of(const struct cx *cx, const struct application *application, const struct attachment *file)
{
	const struct procedure *procedure = application->receipt.procedure;
	const struct document *document = procedure ? procedure_document(procedure, file->document) : NULL;

	if (file->photo)
		return cx->locale->plain[MSG_attach_photo];
	return document ? text_plain(&document->label, cx->locale) : file->document;
}

static void write_line(struct buf *out, const struct cx *cx, const struct application *application, const struct attachment *file, struct str name)
{
	struct str verdict = attachment_verdict_words(cx->arena, file);

	buf_fmt(out, STR_FMT "\t" STR_FMT "\t%lld\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(label_of(cx, application, file)), STR_ARG(name), (long long)file->kept_size,
		STR_ARG(file->kept_digest), STR_ARG(verdict));
}

err papers_list(struct cx *cx, const struct application *application, struct buf *out)
{
	struct attachments list;

	TRY(attachment_list_of(cx, application->account_id, application->id, &list));
	for (size_t i = 0; i < list.n; i++)
		write_line(out, cx, application, &list.v[i], list.v[i].name);
	return buf_error(out);
}

/* ---- into a folder ---- */

static enum exit_code complain(const char *folder, const char *why)
{
	fprintf(stderr, "madoguchi: %s: %s\n", folder, why);
	return EXIT_CANNOT_CREATE;
}

static bool is_empty(int fd)
{
	AUTO_FD int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *names = own < 0 ? NULL : fdopendir(own);
	bool empty = names != NULL;

	if (!names)
		return false;
	(void)fd_take(&own); /* the stream's now */
	for (const struct dirent *entry; empty && (entry = readdir(names));)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(names);
	return empty;
}

/* What people have sent is for nobody else on this machine. */
static enum exit_code folder_open(const char *folder, int *out)
{
	struct stat about;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return complain(folder, strerror(errno));
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &about) != 0)
		return complain(folder, strerror(errno));
	if (about.st_uid != geteuid() || (about.st_mode & 077) != 0)
		return complain(folder, "others may look into this folder: name a new one, or make it yours alone (chmod 700)");
	if (!is_empty(fd))
		return complain(folder, "the folder is not empty: name a new one");
	*out = fd_take(&fd);
	return EXIT_DONE;
}

static err write_file(const struct start *start, struct cx *cx, const struct attachments *list, const struct attachment *file, int folder, const char *name)
{
	AUTO_FD int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return fail(ERR_UNAVAILABLE, "it cannot be made: %s", strerrorname_np(errno));
	err e = files_copy(&start->files, cx->arena, file, list->key, fd);

	if (!failed(e) && fsync(fd) != 0)
		e = fail(ERR_UNAVAILABLE, "it cannot be written: %s", strerrorname_np(errno));
	if (failed(e))
		(void)unlinkat(folder, name, 0); /* nothing half is left; what cannot be removed is in the message */
	return e;
}

/* What is missing or damaged is a matter of this one file; a disk that is full is not. */
static bool goes_on(err e)
{
	return e.code == ERR_NOT_FOUND || e.code == ERR_INVALID || e.code == ERR_INTERNAL || e.code == ERR_SHUT;
}

static enum exit_code write_all(const struct start *start, struct cx *cx, const struct application *application, const struct attachments *list, int folder)
{
	enum exit_code code = EXIT_DONE;

	for (size_t i = 0; i < list->n; i++) {
		const struct attachment *file = &list->v[i];
		struct buf line;

		buf_init(&line, cx->arena, 4096);
		if (file->state != ATTACHMENT_OK)
			continue;
		const char *name = attachment_file_name(cx->arena, i + 1, file);
		err e = write_file(start, cx, list, file, folder, name);

		if (failed(e)) {
			program_complain(name, e);
			code = goes_on(e) ? EXIT_REFUSED : EXIT_IO;
		}
		if (code == EXIT_IO)
			return code;
		write_line(&line, cx, application, file, str_of(name));
		if (!failed(e))
			fwrite(line.p, 1, line.n, stdout);
	}
	return code;
}

enum exit_code papers_write(const struct start *start, struct cx *cx, const struct application *application, const char *folder)
{
	struct attachments list;
	AUTO_FD int fd = -1;
	enum exit_code code = folder_open(folder, &fd);

	if (code != EXIT_DONE)
		return code;
	err e = attachment_hand_out(cx, application, &list);

	cx_end(cx);
	if (failed(e)) {
		program_complain("files", e);
		return program_exit_of(e);
	}
	return write_all(start, cx, application, &list, fd);
}
