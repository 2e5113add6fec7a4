#ifndef TESTS_UNIT_CONF_BAD_SERVICE_H
#define TESTS_UNIT_CONF_BAD_SERVICE_H

#include "base/str.h"

/* Files that are refused for what they say of other services, and the whole report. */
static const struct {
	struct str text;
	const char *problems;
} bad_services[] = {
	/* Other services: named whole or not at all. */
	{STR_INIT("oidc_issuer = http://id.example/x\n"), "a.conf:1: oidc_issuer: must be https:// except for this machine itself\n"},
	{STR_INIT("oidc_issuer = ftp://id.example/x\n"), "a.conf:1: oidc_issuer: must begin with https://\n"},
	{STR_INIT("oidc_token_url = https://a@id.example/x\n"),
		"a.conf:1: oidc_token_url: must be https://host/path, with a port if need be, and nothing else\n"},
	{STR_INIT("oidc_auth_url = https://id.example/x?a=b\n"),
		"a.conf:1: oidc_auth_url: must be https://host/path, with a port if need be, and nothing else\n"},
	{STR_INIT("oidc_jwks_url = https://id.example/x#a\n"),
		"a.conf:1: oidc_jwks_url: must be https://host/path, with a port if need be, and nothing else\n"},
	{STR_INIT("tax_result_url = https://id.example:70000/x\n"), "a.conf:1: tax_result_url: the port must be a number from 1 to 65535\n"},
	{STR_INIT("tax_request_url = https://-a/x\n"), "a.conf:1: tax_request_url: has no valid host name\n"},
	{STR_INIT("tax_client_id = a b\n"), "a.conf:1: tax_client_id: may hold letters, digits and . _ - only\n"},
	{STR_INIT("oidc_client_id = a\n"), "a.conf:1: oidc_client_id: is set, but the service it belongs to is not named\n"},
	{STR_INIT("tax_secret_file = /a\n"), "a.conf:1: tax_secret_file: is set, but the service it belongs to is not named\n"},
	{STR_INIT("tax_auth_url = https://a.example/a\ntax_token_url = https://a.example/t\ntax_request_url = https://a.example/r\n"
		  "tax_result_url = https://a.example/s\ntax_client_id = a\n"),
		"the default: tax_secret_file: must be set, because the service is named\n"},
	{STR_INIT("oidc_scopes = openid name\n"), "a.conf:1: oidc_scopes: must hold openid, name, address, birthdate and gender\n"},
};

#endif
