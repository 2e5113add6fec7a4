#ifndef I18N_MSG_TABLE_H
#define I18N_MSG_TABLE_H

#include "base/str.h"
#include "i18n/msg_ids.h"

/* The tables that msggen writes, by enum msg; msg_table.c is generated. Private to this folder. */

extern const struct str msg_ja_plain[MSG_COUNT];
extern const struct str msg_ja_html[MSG_COUNT];
extern const struct str msg_ja_ruby[MSG_COUNT]; /* HTML with readings */
extern const struct str msg_en_plain[MSG_COUNT];
extern const struct str msg_en_html[MSG_COUNT]; /* readings of Japanese words are always shown */

#endif
