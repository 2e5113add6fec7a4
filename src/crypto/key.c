#include "crypto/key.h"

#include "base/random.h"
#include "base/str.h"
#include "crypto/secret_file.h"

err key_file_load(const char *path, uint8_t out[KEY_BYTES])
{
	uint8_t key[KEY_BYTES];
	size_t n;
	TRY(secret_file_read(path, key, KEY_BYTES, KEY_BYTES, &n));
	memcpy(out, key, sizeof key);
	explicit_bzero(key, sizeof key);
	return ok();
}

static err make(const char *path)
{
	uint8_t key[KEY_BYTES];
	random_bytes(key, sizeof key);
	err written = secret_file_write(path, str_make((const char *)key, sizeof key));
	explicit_bzero(key, sizeof key);
	return written;
}

err key_file_make(const char *path, uint8_t out[KEY_BYTES])
{
	err loaded = key_file_load(path, out);
	if (loaded.code != ERR_NOT_FOUND)
		return loaded;
	TRY(make(path));
	return key_file_load(path, out);
}
