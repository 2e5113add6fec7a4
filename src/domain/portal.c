#include "domain/portal.h"

#include "base/time.h"

void settings_init(struct settings *settings)
{
	*settings = (struct settings){
		.password = password_profile_manual,
		.login = login_policy_manual,
		.session_idle_ms = 30 * TIME_MINUTE,
		.session_total_ms = 12 * TIME_HOUR,
		.registration_link_ms = 24 * TIME_HOUR,
		.reset_link_ms = TIME_HOUR,
		.unlock_link_ms = 24 * TIME_HOUR,
		.draft_keep_ms = 90 * TIME_DAY,
		.card_app_name = STR("Myna App"),
		.card_rp = STR("rp:madoguchi"),
	};
}
