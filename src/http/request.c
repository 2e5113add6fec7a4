#include "http/http.h"

struct str request_header(const struct request *req, struct str name)
{
	for (size_t i = 0; i < req->header_count; i++) {
		if (str_eq_nocase(req->headers[i].name, name))
			return req->headers[i].value;
	}
	return (struct str){NULL, 0};
}
