#ifndef TESTS_DATA_PDF_H
#define TESTS_DATA_PDF_H

#include "base/buf.h"

/* A PDF of one page that says `words`, and at least `size` bytes long: what is missing is a stream that nobody shows. `catalog`: entries of its own. */
static inline struct str pdf_with(struct arena *arena, const char *catalog, const char *words, size_t size)
{
	struct buf out;
	size_t at[6];
	char content[200];
	buf_init(&out, arena, size + 4096);
	(void)snprintf(content, sizeof content, "BT /F1 24 Tf 72 720 Td (%s) Tj ET", words);
	buf_lit(&out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
	at[0] = out.n;
	buf_fmt(&out, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R %s>>\nendobj\n", catalog);
	at[1] = out.n;
	buf_lit(&out, "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
	at[2] = out.n;
	buf_lit(&out, "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n");
	at[3] = out.n;
	buf_fmt(&out, "4 0 obj\n<< /Length %zu >>\nstream\n%s\nendstream\nendobj\n", strlen(content), content);
	at[4] = out.n;
	buf_lit(&out, "5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
	at[5] = out.n;
	size_t more = out.n + 400 < size ? size - out.n - 400 : 1;
	buf_fmt(&out, "6 0 obj\n<< /Length %zu >>\nstream\n", more);
	for (size_t i = 0; i < more; i++)
		buf_byte(&out, (char)('a' + i % 26));
	buf_lit(&out, "\nendstream\nendobj\n");
	size_t xref = out.n;
	buf_lit(&out, "xref\n0 7\n0000000000 65535 f \n");
	for (size_t i = 0; i < 6; i++)
		buf_fmt(&out, "%010zu 00000 n \n", at[i]);
	buf_fmt(&out, "trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", xref);
	return buf_view(&out);
}

static inline struct str pdf_make(struct arena *arena, const char *words, size_t size)
{
	return pdf_with(arena, "", words, size);
}

#endif
