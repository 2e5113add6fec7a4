#include "net/init.h"

#include <curl/curl.h>

err net_init(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
		       ? ok()
		       : fail(ERR_UNAVAILABLE, "libcurl cannot be set up");
}
