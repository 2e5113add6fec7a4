#ifndef SIM_PHONE_WEB_ASSETS_H
#define SIM_PHONE_WEB_ASSETS_H

#include "base/str.h"

/* The files of web/, which the build puts into the program (assets.mjs). Constant. */

#define WEB_ASSETS 3

struct web_asset {
	struct str path; /* "/phone.css" */
	struct str type;
	struct str bytes;
};

extern const struct web_asset web_assets[WEB_ASSETS];

#endif
