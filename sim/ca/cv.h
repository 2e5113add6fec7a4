#ifndef SIM_CA_CV_H
#define SIM_CA_CV_H

#include "sim/ca/ca.h"

/*
 * The keys of the text applet's hierarchy: root and office (see sim/ca/ca.h).
 */

/* Makes both keys, the office's certificate and the anchor in a folder that has cv/ and anchors/
 * already. */
err cv_init(const char *dir);

#endif
