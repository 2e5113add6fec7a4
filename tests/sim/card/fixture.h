#ifndef TESTS_SIM_CARD_FIXTURE_H
#define TESTS_SIM_CARD_FIXTURE_H

#include "sim/card/card.h"
#include "sim/card/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * A card folder for tests of the engine: keys of its own under certificates that nobody issued, so
 * that these tests need no authority. Everything here ends the test on failure.
 */

#define AUTH_PIN "1234"
#define SIGN_PASSWORD "ABC123"
#define TEXT_PIN "5678"
#define CODE_A "123456789012"
#define CODE_B "55021720352285"

struct fixture {
	struct arena arena;
	char dir[64];
	struct card card;
};

void fixture_make(struct fixture *fixture, bool p384);
void fixture_remove(struct fixture *fixture);

/* Sends hexadecimal text (blanks are skipped); the status. */
unsigned fixture_send(struct fixture *fixture, const char *hex);
/* As before, and the data before the status. */
unsigned fixture_ask(struct fixture *fixture, const char *hex, struct str *data);
/* VERIFY of the secret file `id` in the applet selected. */
unsigned fixture_verify(struct fixture *fixture, unsigned id, const char *secret);

#define SELECT_JPKI "00A4040C 0A D392F000260100000001"
#define SELECT_TEXT "00A4040C 0A D3921000310001010408"

/* Whether OpenSSL takes the signature for one of the certificate in this file. `ec`: r and s. */
bool fixture_verifies(
	struct fixture *fixture, const char *cert, struct str message, struct str signature);

#endif
