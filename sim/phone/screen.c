#include "sim/phone/screen.h"

#include "base/time.h"

struct str screen_started(struct arena *arena, enum tongue tongue, int64_t started, int64_t now)
{
	int64_t minutes = (now / TIME_SECOND - started) / 60;
	if (minutes < 1)
		return word_text(W_ask_started_now, tongue);
	return word_with(
		arena, W_ask_started_minutes, tongue, str_fmt(arena, "%lld", (long long)minutes));
}

enum word screen_purpose(enum ask_purpose purpose)
{
	static const enum word words[ASK_PURPOSE_COUNT] = {
		[ASK_USAGE] = W_ask_usage, [ASK_APPLY] = W_ask_apply, [ASK_RELINK] = W_ask_relink};
	return words[purpose];
}

enum word screen_secret_title(enum ask_method method)
{
	static const enum word words[ASK_METHOD_COUNT] = {[ASK_JPKI_AUTH] = W_secret_auth_title,
		[ASK_JPKI_SIGN] = W_secret_sign_title,
		[ASK_CARD_TEXT] = W_secret_text_title};
	return words[method];
}

enum word screen_secret_lead(enum ask_method method)
{
	static const enum word words[ASK_METHOD_COUNT] = {[ASK_JPKI_AUTH] = W_secret_auth_lead,
		[ASK_JPKI_SIGN] = W_secret_sign_lead,
		[ASK_CARD_TEXT] = W_secret_text_lead};
	return words[method];
}

static struct str plain(const struct screen *screen, enum word word)
{
	return word_plain(screen->arena, word_text(word, screen->tongue));
}

static void heading(const struct screen *screen, struct str title)
{
	printf("\n== " STR_FMT " ==\n", STR_ARG(word_plain(screen->arena, title)));
}

static void line(const struct screen *screen, enum word word)
{
	printf(STR_FMT "\n", STR_ARG(plain(screen, word)));
}

void screen_fact(const struct screen *screen, const char *name, struct str value)
{
	if (screen->porcelain)
		printf("%s\t" STR_FMT "\n", name, STR_ARG(value));
}

static void row(const struct screen *screen, enum word word, const char *name, struct str value)
{
	if (str_empty(value))
		return;
	if (screen->porcelain)
		screen_fact(screen, name, value);
	else
		printf("  " STR_FMT ": " STR_FMT "\n", STR_ARG(plain(screen, word)),
			STR_ARG(value));
}

void screen_ask(const struct screen *screen, const struct flow *flow, int64_t now)
{
	const struct ask *ask = &flow->ask;
	struct arena *arena = screen->arena;
	if (screen->porcelain) {
		printf("asked\t" STR_FMT " " STR_FMT "\n", STR_ARG(ask_op_names[ask->op]),
			STR_ARG(ask_purpose_names[ask->purpose]));
		screen_fact(screen, "title", ask->title[screen->tongue]);
	} else {
		heading(screen, ask->title[screen->tongue]);
		line(screen, W_ask_lead);
	}
	row(screen, W_ask_who, "who", flow->party->id);
	row(screen, W_ask_origin, "origin", flow->party->origin);
	row(screen, W_ask_account, "account", ask->account);
	row(screen, W_ask_browser, "browser", ask->browser);
	row(screen, W_ask_place, "place", ask->place);
	if (ask->started > 0 && !screen->porcelain)
		row(screen, W_ask_started, "started",
			word_plain(
				arena, screen_started(arena, screen->tongue, ask->started, now)));
	if (!screen->porcelain)
		row(screen, W_ask_purpose, "purpose", plain(screen, screen_purpose(ask->purpose)));
	if (ask->op == ASK_BASIC4)
		row(screen, W_ask_signs, "text", ask->text);
	else if (!screen->porcelain)
		row(screen, W_ask_signs, "signs", plain(screen, W_ask_signs_auth));
	if (ask->bindback && !screen->porcelain)
		line(screen, W_ask_code);
}

void screen_secret(const struct screen *screen, enum ask_method method, unsigned tries)
{
	struct str left = str_fmt(screen->arena, "%u", tries);
	if (screen->porcelain) {
		screen_fact(screen, "tries", left);
		return;
	}
	heading(screen, word_text(screen_secret_title(method), screen->tongue));
	line(screen, screen_secret_lead(method));
	printf(STR_FMT "\n",
		STR_ARG(word_plain(screen->arena,
			word_with(screen->arena, W_secret_tries, screen->tongue, left))));
}

void screen_hold(const struct screen *screen)
{
	if (screen->porcelain)
		return;
	heading(screen, word_text(W_hold_title, screen->tongue));
	line(screen, W_hold_lead);
}

void screen_code(const struct screen *screen, const struct flow *flow, int64_t now)
{
	int64_t seconds = (flow->code_until - now) / TIME_SECOND;
	if (screen->porcelain) {
		printf("code\t" STR_FMT " %lld\n", STR_ARG(flow->code), (long long)seconds);
		return;
	}
	heading(screen, word_text(W_code_title, screen->tongue));
	printf("\n      " STR_FMT "\n\n", STR_ARG(flow->code));
	line(screen, W_code_warning);
}

void screen_end(const struct screen *screen, enum ending ending)
{
	if (screen->porcelain) {
		screen_fact(screen, "ended", str_of(ending_name(ending)));
		return;
	}
	heading(screen, ending_title(ending, screen->tongue));
	printf(STR_FMT "\n",
		STR_ARG(word_plain(screen->arena, ending_advice(ending, screen->tongue))));
}
