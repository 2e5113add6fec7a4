#include "sim/phone/letter.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/random.h"

struct str letter_jti(struct arena *arena)
{
	unsigned char bytes[16];
	struct buf out;
	random_bytes(bytes, sizeof bytes);
	buf_init(&out, arena, 64);
	base64url_write(&out, str_make((const char *)bytes, sizeof bytes));
	return buf_view(&out);
}

static void name_of(struct buf *members, const char *name)
{
	buf_fmt(members, ",\"%s\":", name);
}

void letter_str(struct buf *members, const char *name, struct str value)
{
	name_of(members, name);
	json_write_str(members, value);
}

void letter_bytes(struct buf *members, const char *name, struct str bytes)
{
	name_of(members, name);
	buf_byte(members, '"');
	base64url_write(members, bytes);
	buf_byte(members, '"');
}

void letter_int(struct buf *members, const char *name, int64_t value)
{
	name_of(members, name);
	buf_i64(members, value);
}

err letter_write(struct arena *arena, const struct letter *letter, struct str *out)
{
	struct buf payload;
	buf_init(&payload, arena, 2 * LIMIT_JWS);
	buf_lit(&payload, "{\"aud\":");
	json_write_str(&payload, letter->aud);
	letter_str(&payload, "htu", letter->htu);
	letter_int(&payload, "iat", letter->iat);
	letter_str(&payload, "jti", letter->jti);
	letter_str(&payload, "tx", letter->tx);
	buf_str(&payload, letter->members);
	buf_byte(&payload, '}');
	TRY(buf_error(&payload));
	return jws_sign(arena, letter->key, STR("clp+jwt"),
		letter->claim ? (struct str){0} : letter->kid, buf_view(&payload), out);
}
