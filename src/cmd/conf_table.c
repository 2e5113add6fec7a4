#include "cmd/conf_table.h"

#include "base/limits.h"
#include "base/time.h"

#define AT(member) .offset = offsetof(struct conf, member)

static const char *const log_levels[] = {"debug", "info", "warn", "error", NULL};
static const char *const tls_modes[] = {
	[SMTP_TLS_REQUIRED] = "required", [SMTP_TLS_NONE] = "none", NULL};
static const char *const login_policies[] = {
	[CONF_LOGIN_MANUAL] = "manual", [CONF_LOGIN_DELAYS] = "delays", NULL};

static const char *const card_policies[] = {
	[ANCHORS_SIMULATION] = "simulation", [ANCHORS_PRODUCTION] = "production", NULL};
static const char *const card_bindbacks[] = {[BINDBACK_FIRST_LINK] = "first_link",
	[BINDBACK_ALWAYS] = "always",
	[BINDBACK_OFF] = "off",
	NULL};

_Static_assert(LOG_DEBUG == 0 && LOG_INFO == 1 && LOG_WARN == 2 && LOG_ERROR == 3,
	"the order of log_levels");

const struct conf_key conf_keys[] = {
	{
		.name = "base_url",
		AT(base_url),
		.type = CONF_TEXT,
		.min = 1,
		/* With transaction and secret behind it the code that phones read is at most 200 characters. */
		.max = 140,
		.chapter = "The service",
		.initial = "http://127.0.0.1:8080",
		.rule = conf_rule_base_url,
		.help = "The address under which people reach the service, without a slash at its "
			"end. Links in mails begin with it. "
			"It must be https:// except on this machine itself.",
	},
	{
		.name = "service_name_ja",
		AT(service_name_ja),
		.type = CONF_TEXT,
		.min = 1,
		.max = 60,
		.initial = "在留申請の窓口",
		.rule = conf_rule_mail_name,
		.help = "The name of the service in Japanese, on pages and as the sender of mails.",
	},
	{
		.name = "service_name_en",
		AT(service_name_en),
		.type = CONF_TEXT,
		.min = 1,
		.max = 60,
		.initial = "Residence Application Counter",
		.rule = conf_rule_mail_name,
		.help = "The name of the service in English.",
	},
	{
		.name = "contact_phone",
		AT(contact_phone),
		.type = CONF_TEXT,
		.min = 0,
		.max = 40,
		.initial = "",
		.rule = conf_rule_phone,
		.help = "The telephone number of the help desk. Empty: none is shown.",
	},
	{
		.name = "contact_hours_ja",
		AT(contact_hours_ja),
		.type = CONF_TEXT,
		.min = 0,
		.max = 120,
		.initial = "平日《へいじつ》 9時《じ》から17時《じ》まで",
		.help = "When the help desk answers, in Japanese. Readings stand behind their words, as in "
			"平日《へいじつ》: pages show them to those who want them, mails leave them out.",
	},
	{
		.name = "contact_hours_en",
		AT(contact_hours_en),
		.type = CONF_TEXT,
		.min = 0,
		.max = 120,
		.initial = "weekdays 9:00–17:00, Japan time",
		.help = "When the help desk answers, in English.",
	},
	{
		.name = "contact_email",
		AT(contact_email),
		.type = CONF_TEXT,
		.min = 0,
		.max = LIMIT_EMAIL,
		.initial = "",
		.rule = conf_rule_mail,
		.help = "The mail address of the help desk. Empty: none is shown.",
	},

	{
		.name = "data",
		AT(data),
		.type = CONF_PATH,
		.min = 1,
		.max = 1000,
		.chapter = "Places",
		.initial = "/var/lib/madoguchi",
		.help = "The folder of everything the service keeps: the SQLite database, keys, "
			"and mails when there is no relay.",
	},
	{
		.name = "database",
		AT(database),
		.type = CONF_TEXT,
		.min = 0,
		.max = 1000,
		.initial = "",
		.rule = conf_rule_database,
		.url_with_secret = true,
		.help = "sqlite:/path/of/a/file or a postgresql:// URL. Empty: the file "
			"madoguchi.db in the data folder. "
			"A password in the URL demands that only the owner and the group can read "
			"this file; "
			"a password file of PostgreSQL (passfile=) is better.",
	},
	{
		.name = "procedures",
		AT(procedures),
		.type = CONF_PATH,
		.min = 1,
		.max = 1000,
		.initial = "/usr/share/madoguchi/procedures",
		.help = "The folder of the definitions of procedures.",
	},
	{
		.name = "postal_codes",
		AT(postal_codes),
		.type = CONF_PATH,
		.min = 0,
		.max = 1000,
		.initial = "/usr/share/madoguchi/postal.bin",
		.help = "The file of the postal codes of Japan, made at build. Empty: addresses "
			"are not looked up.",
	},

	{
		.name = "listen",
		AT(listen),
		.type = CONF_LIST,
		.min = 1,
		.max = 16,
		.chapter = "The listener",
		.initial = "127.0.0.1:8080",
		.rule = conf_rule_listen,
		.help = "Where to listen: addresses with a port, or unix:/path/of/a/socket, with "
			"commas between them. "
			"A proxy that ends TLS stands before it.",
	},
	{
		.name = "trust_proxy",
		AT(trust_proxy),
		.type = CONF_BOOL,
		.initial = "no",
		.help = "Take the visitor's address from the X-Real-IP header, or where there is "
			"none from the last one in X-Forwarded-For, on a Unix socket and on loopback. "
			"The proxy must set both, or drop what visitors say in them. "
			"Only when nobody but our own proxy can reach "
			"the addresses of listen.",
	},
	{
		.name = "event_threads",
		AT(event_threads),
		.type = CONF_INT,
		.min = 0,
		.max = 64,
		.initial = "0",
		.help = "Threads that read requests and answer what cannot block. 0: one for each "
			"core.",
	},
	{
		.name = "workers",
		AT(workers),
		.type = CONF_INT,
		.min = 1,
		.max = 256,
		.initial = "64",
		.help = "Threads for what may block: writing, password hashing, PostgreSQL. Writers that wait are stored together, so more "
			"of them make each write cheaper.",
	},
	{
		.name = "database_readers",
		AT(database_readers),
		.type = CONF_INT,
		.min = 1,
		.max = 256,
		.initial = "8",
		.help = "Read transactions at the same time; more wait.",
	},
	{
		.name = "database_writers",
		AT(database_writers),
		.type = CONF_INT,
		.min = 1,
		.max = 256,
		.initial = "8",
		.help = "Write transactions at the same time on PostgreSQL. On SQLite writers are "
			"gathered into one.",
	},
	{
		.name = "database_cache",
		AT(database_cache),
		.type = CONF_SIZE,
		.min = 256 << 10,
		.max = INT64_C(4) << 30,
		.initial = "8 MiB",
		.help = "The page cache of each SQLite connection.",
	},
	{
		.name = "log_level",
		AT(log_level),
		.type = CONF_ENUM,
		.choices = log_levels,
		.initial = "info",
		.reload = true,
		.help = "The least important events that are written to the log.",
	},

	{
		.name = "mail_from",
		AT(mail_from),
		.type = CONF_TEXT,
		.min = 1,
		.max = LIMIT_EMAIL,
		.chapter = "Mail",
		.initial = "no-reply@localhost",
		.rule = conf_rule_mail,
		.help = "The sender's address of all mails. Its domain is also that of the "
			"Message-ID.",
	},
	{
		.name = "mail_relay",
		AT(mail_relay),
		.type = CONF_TEXT,
		.min = 0,
		.max = 300,
		.initial = "",
		.rule = conf_rule_relay,
		.help = "The mail server that takes our mails: smtp://host:port (STARTTLS) or "
			"smtps://host:port. "
			"Empty: mails are not sent but written as files to the folder mail in the "
			"data folder, for trying things out.",
	},
	{
		.name = "mail_tls",
		AT(mail_tls),
		.type = CONF_ENUM,
		.choices = tls_modes,
		.initial = "required",
		.help = "required: nothing is sent before the relay has shown a valid certificate. "
			"none: in the clear, for a relay on this machine or in a closed network, "
			"and never with a password.",
	},
	{
		.name = "mail_ca_file",
		AT(mail_ca_file),
		.type = CONF_PATH,
		.min = 0,
		.max = 1000,
		.initial = "",
		.help = "A PEM file of the certificate authorities that may vouch for the relay. "
			"Empty: those of the system.",
	},
	{
		.name = "mail_user",
		AT(mail_user),
		.type = CONF_TEXT,
		.min = 0,
		.max = 200,
		.initial = "",
		.help = "The user name at the relay. Empty: no login.",
	},
	{
		.name = "mail_password_file",
		AT(mail_password_file),
		.type = CONF_PATH,
		.min = 0,
		.max = 1000,
		.initial = "",
		.credential = true,
		.help = "A file that holds the password at the relay, readable by nobody but its "
			"owner; or credential:NAME for a "
			"credential of the service manager.",
	},
	{
		.name = "mail_threads",
		AT(mail_threads),
		.type = CONF_INT,
		.min = 1,
		.max = 32,
		.initial = "2",
		.help = "Mails sent at the same time, each over its own connection.",
	},

	{
		.name = "session_idle",
		AT(session_idle),
		.type = CONF_DURATION,
		.min = 5 * TIME_MINUTE,
		.max = 24 * TIME_HOUR,
		.chapter = "Rules",
		.initial = "30 m",
		.help = "A session ends after this time without a request.",
	},
	{
		.name = "session_total",
		AT(session_total),
		.type = CONF_DURATION,
		.min = 15 * TIME_MINUTE,
		.max = 24 * TIME_HOUR,
		.initial = "12 h",
		.help = "A session ends after this time at any rate.",
	},
	{
		.name = "login_policy",
		AT(login_policy),
		.type = CONF_ENUM,
		.choices = login_policies,
		.initial = "manual",
		.help = "What follows wrong passwords. manual: after login_tries in a row the "
			"account is locked for lock_hours. "
			"delays: after login_tries in a row each further try must wait, from 30 "
			"seconds doubling to one hour.",
	},
	{
		.name = "login_tries",
		AT(login_tries),
		.type = CONF_INT,
		.min = 1,
		.max = 100,
		.initial = "5",
		.help = "Wrong passwords in a row until login_policy acts.",
	},
	{
		.name = "lock_hours",
		AT(lock_hours),
		.type = CONF_INT,
		.min = 1,
		.max = 168,
		.initial = "24",
		.help = "How many hours a locked account stays locked; then the lock lifts by "
			"itself.",
	},
	{
		.name = "registration_hours",
		AT(registration_hours),
		.type = CONF_INT,
		.min = 1,
		.max = 168,
		.initial = "24",
		.help = "How many hours the link in a registration mail is good for.",
	},
	{
		.name = "reset_hours",
		AT(reset_hours),
		.type = CONF_INT,
		.min = 1,
		.max = 24,
		.initial = "1",
		.help = "How many hours the link to set a new password, or to unlock an account, "
			"is good for.",
	},
	{
		.name = "draft_days",
		AT(draft_days),
		.type = CONF_INT,
		.min = 10,
		.max = 3650,
		.initial = "90",
		.help = "A draft is deleted this many days after it was last changed. Mails "
			"announce it 7 days and 1 day before.",
	},

	{
		.chapter = "Attachments",
		.name = "file_checker",
		AT(file_checker),
		.type = CONF_TEXT,
		.min = 0,
		.max = 1000,
		.initial = "",
		.help = "The program madoguchi-check, which reads files that people send in a "
			"process that can do nothing else; madoguchi-thumbnail stands beside it. "
			"Empty: beside madoguchi.",
	},
	{
		.name = "virus_scanner",
		AT(virus_scanner),
		.type = CONF_TEXT,
		.min = 0,
		.max = 100,
		.initial = "",
		.help = "The Unix socket of clamd, ClamAV's daemon. While it does not answer, files "
			"wait and are scanned later. Empty: files are checked, not scanned.",
	},

	{
		.name = "card_anchors",
		AT(card_anchors),
		.type = CONF_PATH,
		.min = 0,
		.max = 1000,
		.chapter = "Cards",
		.initial = "",
		.help = "The folder of the authorities whose certificates on My Number Cards count: "
			"auth-*.pem, sign-*.pem, cv-*.bin, crl-*.der. "
			"Empty: cards are not read, and the pages say so.",
	},
	{
		.name = "card_policy",
		AT(card_policy),
		.type = CONF_ENUM,
		.choices = card_policies,
		.initial = "production",
		.help = "Which certificates count. production: those of real cards; only who may "
			"verify signatures under the JPKI Act may run the service so. "
			"simulation: those of simulated cards, and never of real ones.",
	},
	{
		.name = "card_p384",
		AT(card_p384),
		.type = CONF_BOOL,
		.initial = "no",
		.help = "Whether cards of the next generation, which sign with P-384 and SHA-384, "
			"count too.",
	},
	{
		.name = "card_ocsp_url",
		AT(card_ocsp_url),
		.type = CONF_TEXT,
		.min = 0,
		.max = 400,
		.initial = "",
		.rule = conf_rule_web_url,
		.help = "Where the authority answers by OCSP whether a certificate has been "
			"revoked. "
			"Empty: only the lists in card_anchors are asked. When neither says "
			"anything, no card counts.",
	},
	{
		.name = "card_app_name",
		AT(card_app_name),
		.type = CONF_TEXT,
		.min = 1,
		.max = 40,
		.initial = "Myna App",
		.help = "The name of the app on people's phones, as the pages call it.",
	},
	{
		.name = "card_rp",
		AT(card_rp),
		.type = CONF_TEXT,
		.min = 4,
		.max = 60,
		.initial = "rp:madoguchi",
		.rule = conf_rule_rp,
		.help = "How the service names itself to the app. It stands in what cards sign.",
	},
	{
		.name = "card_bindback",
		AT(card_bindback),
		.type = CONF_ENUM,
		.choices = card_bindbacks,
		.initial = "first_link",
		.help = "When a code that the phone shows must be typed on the PC, so that nobody "
			"can be led to open a stranger's code. "
			"first_link: when a card is linked for the first time or anew, and when "
			"something is unusual. always: each time. off: never, as in the manual.",
	},

#include "cmd/conf_provider.def"
};

const size_t conf_key_count = sizeof(conf_keys) / sizeof(conf_keys[0]);

_Static_assert(sizeof(conf_keys) / sizeof(conf_keys[0]) <= CONF_KEYS_MAX,
	"struct conf has room for all sources");

const struct conf_key *conf_key_find(struct str name)
{
	for (size_t i = 0; i < conf_key_count; i++)
		if (str_eq(name, str_of(conf_keys[i].name)))
			return &conf_keys[i];
	return NULL;
}

/* Levenshtein's distance of two short words; 9 for longer ones. */
static unsigned distance(struct str a, struct str b)
{
	enum { LONGEST = 40 };
	unsigned row[LONGEST + 1];

	if (a.n > LONGEST || b.n > LONGEST)
		return 9;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			unsigned change = diagonal + (a.p[i - 1] != b.p[j - 1]);
			unsigned least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
			diagonal = row[j];
			row[j] = change < least ? change : least;
		}
	}
	return row[b.n];
}

const struct conf_key *conf_key_near(struct str name)
{
	const struct conf_key *near = NULL;
	unsigned least = 3;

	for (size_t i = 0; i < conf_key_count; i++) {
		unsigned d = distance(name, str_of(conf_keys[i].name));
		if (d < least) {
			least = d;
			near = &conf_keys[i];
		}
	}
	return near;
}
