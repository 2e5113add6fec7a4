#include "domain/identity/identity_adapter.h"

const struct str idv_source_names[IDV_SOURCE_COUNT] = {
	[IDV_JPKI_SIGN] = STR_INIT("jpki_sign"),
	[IDV_CARD_TEXT] = STR_INIT("card_text"),
	[IDV_OIDC_CLAIMS] = STR_INIT("oidc"),
};

const struct str idv_adapter_names[IDV_ADAPTER_COUNT] = {
	[IDV_CARDLINK] = STR_INIT("cardlink"),
	[IDV_OIDC] = STR_INIT("oidc"),
	[IDV_SELFINFO] = STR_INIT("selfinfo"),
};

const struct str idv_op_names[IDV_OP_COUNT] = {
	[IDV_AUTH] = STR_INIT("auth"),
	[IDV_BASIC4] = STR_INIT("basic4"),
	[IDV_TAX] = STR_INIT("tax"),
};

const struct str idv_purpose_names[IDV_PURPOSE_COUNT] = {
	[IDV_USAGE] = STR_INIT("usage_request"),
	[IDV_APPLY] = STR_INIT("apply"),
	[IDV_RELINK] = STR_INIT("relink"),
	[IDV_TAX_INFO] = STR_INIT("tax"),
};

const struct str idv_state_names[IDV_STATE_COUNT] = {
	[IDV_CREATED] = STR_INIT("created"),
	[IDV_SHOWN] = STR_INIT("shown"),
	[IDV_CLAIMED] = STR_INIT("claimed"),
	[IDV_VERIFYING] = STR_INIT("verifying"),
	[IDV_AWAIT_CODE] = STR_INIT("await_code"),
	[IDV_DONE] = STR_INIT("done"),
	[IDV_FAILED] = STR_INIT("failed"),
	[IDV_EXPIRED] = STR_INIT("expired"),
	[IDV_CANCELLED] = STR_INIT("cancelled"),
};

const struct str idv_assurance_names[IDV_ASSURANCE_COUNT] = {
	[IDV_CARD_PKI] = STR_INIT("card_pki"),
	[IDV_CARD_TEXT_ONLY] = STR_INIT("card_text"),
	[IDV_OIDC_AAL3] = STR_INIT("oidc_aal3"),
};

const struct idv_error_rule idv_errors[IDV_ERROR_COUNT] = {
	[IDV_ERROR_NONE] = {.name = STR_INIT(""), .status = 200, .ends_in = IDV_UNCHANGED},
#define X(name, status, retry, state) [IDV_ERROR_##name] = {STR_INIT(#name), status, IDV_RETRY_##retry, IDV_##state},
#include "domain/identity/idv_errors.def"
#undef X
};

bool idv_error_of(struct str name, enum idv_error *out)
{
	for (size_t i = 1; i < IDV_ERROR_COUNT; i++)
		if (str_eq(idv_errors[i].name, name)) {
			*out = (enum idv_error)i;
			return true;
		}
	return false;
}

bool idv_over(enum idv_state state)
{
	return state >= IDV_DONE;
}
