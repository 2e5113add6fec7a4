/*
 * A client that asks as fast as it is answered: C connections that are kept open, one request at a
 * time on each.
 *
 *   load --to ADDRESS [--path /] [--connections 64] [--seconds 5 | --count N] [--warm SECONDS]
 *        [--cookie TEXT] [--body FILE [--type TYPE]] [--pause MICROSECONDS] [--awake] [--pid SERVER]
 *   load --to ADDRESS --requests FILE [--connections 64] [--awake] [--pid SERVER]
 *
 * The second form POSTs each line of FILE once: path TAB cookie TAB body. An answer that does not
 * lead to /applications/ is an error.
 *
 * ADDRESS: 127.0.0.1:8080 or unix:/path. With --body it POSTs the file. --pause waits after each
 * answer, which makes sense with one connection. --awake asks the kernel again and again instead of
 * sleeping until an answer comes: on one machine the server pays for waking a client that sleeps, an
 * interrupt to the other core for each answer, as it would not for one across a network. It needs a
 * core of its own. Prints one line of key=value: requests, seconds,
 * rps, p50_us, p99_us, max_us, errors (answers of 400 and above, connections lost), bytes, and with
 * --pid cpu_us, the processor time that the server used for each request, from /proc/PID/stat.
 * Nothing of --warm is counted.
 */

#include "base/time.h"
#include "http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/un.h>

#define CONNECTIONS 4096
#define HEAD 8192
#define EXACT                                                                              \
	1024 /* microseconds that are counted one by one; above, each doubling in 64 steps \
	      */
#define BUCKETS (EXACT + 64 * 22)
#define REQUEST (64u << 20)

struct connection {
	int fd;
	bool in_body;
	bool waits;    /* to send the rest of the request */
	uint64_t left; /* of the answer's body */
	size_t head_size;
	size_t sent;
	int64_t asked;       /* microseconds */
	const char *request; /* the one under way */
	size_t request_size;
	char head[HEAD];
};

static struct {
	const char *to, *path, *cookie, *body, *type, *requests;
	bool awake;
	unsigned connections;
	uint64_t seconds, warm, count, pause, pid;
} options = {
	.path = "/", .connections = 64, .seconds = 5, .type = "application/x-www-form-urlencoded"};

static struct connection connections[CONNECTIONS];
static char request[REQUEST];
static size_t request_size;
static uint64_t buckets[BUCKETS];
static uint64_t requests, errors, bytes, longest;
static int epoll;
static unsigned idle; /* connections that have nothing more to ask */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "load: %s\n", what);
	exit(1);
}

static size_t bucket_of(uint64_t us)
{
	if (us < EXACT)
		return (size_t)us;
	unsigned doubling = 63 - (unsigned)__builtin_clzll(us) - 10;
	size_t bucket = EXACT + doubling * 64 + ((us >> (doubling + 4)) & 63);
	return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static uint64_t value_of(size_t bucket)
{
	if (bucket < EXACT)
		return bucket;
	unsigned doubling = (unsigned)(bucket - EXACT) / 64;
	return (UINT64_C(64) + (bucket - EXACT) % 64) << (doubling + 4);
}

static uint64_t percentile(unsigned percent)
{
	uint64_t wanted = requests * percent / 100, seen = 0;
	for (size_t i = 0; i < BUCKETS; i++) {
		seen += buckets[i];
		if (seen > wanted)
			return value_of(i);
	}
	return longest;
}

static void reset_counts(void)
{
	memset(buckets, 0, sizeof buckets);
	requests = errors = bytes = longest = 0;
}

static void append(const char *text, size_t n)
{
	if (n > sizeof request - request_size)
		die("the request is too large");
	memcpy(request + request_size, text, n);
	request_size += n;
}

static void make_request(void)
{
	static char body[REQUEST / 2];
	char head[4096];
	size_t size = 0;
	if (options.body) {
		FILE *file = fopen(options.body, "re");
		if (!file)
			die("cannot read the body");
		size = fread(body, 1, sizeof body, file);
		fclose(file);
	}
	int n = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s%s",
		options.body ? "POST" : "GET", options.path, options.cookie ? "Cookie: " : "",
		options.cookie ? options.cookie : "", options.cookie ? "\r\n" : "");
	append(head, (size_t)n);
	if (options.body) {
		n = snprintf(head, sizeof head, "Content-Type: %s\r\nContent-Length: %zu\r\n",
			options.type, size);
		append(head, (size_t)n);
	}
	append("\r\n", 2);
	append(body, size);
}

static socklen_t read_address(struct sockaddr_storage *out)
{
	struct str text = str_of(options.to);
	if (str_starts(text, STR("unix:"))) {
		struct sockaddr_un *address = (struct sockaddr_un *)(void *)out;
		struct str path = str_skip(text, 5);
		if (path.n >= sizeof address->sun_path)
			die("the path is too long");
		address->sun_family = AF_UNIX;
		memcpy(address->sun_path, path.p, path.n);
		return sizeof *address;
	}
	struct sockaddr_in *address = (struct sockaddr_in *)(void *)out;
	ptrdiff_t colon = str_find_byte(text, ':');
	char host[64] = "";
	uint64_t port;
	if (colon < 0 || colon >= (ptrdiff_t)sizeof host ||
		!str_to_u64(str_skip(text, (size_t)colon + 1), &port))
		die("--to 127.0.0.1:8080 or unix:/path");
	memcpy(host, text.p, (size_t)colon);
	address->sin_family = AF_INET;
	address->sin_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, host, &address->sin_addr) != 1)
		die("--to 127.0.0.1:8080 or unix:/path");
	return sizeof *address;
}

static void watch(struct connection *connection, int how, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = connection};
	if (epoll_ctl(epoll, how, connection->fd, &event) != 0)
		die("epoll_ctl");
}

/* With --requests: the next line as a request; false when all are sent. */
static bool next_line(struct connection *connection)
{
	static char requests_text[4096][4096];
	static FILE *file;
	char line[4096], *path = line, *cookie, *body;
	char *out = requests_text[connection - connections];
	if (!file && !(file = fopen(options.requests, "re")))
		die("cannot read --requests");
	if (!fgets(line, sizeof line, file))
		return false;
	line[strcspn(line, "\n")] = '\0';
	cookie = strchr(line, '\t');
	body = cookie ? strchr(cookie + 1, '\t') : NULL;
	if (!body)
		die("a line of --requests is path TAB cookie TAB body");
	*cookie++ = '\0';
	*body++ = '\0';
	int n = snprintf(out, sizeof requests_text[0],
		"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s\r\nContent-Type: "
		"%s\r\nContent-Length: %zu\r\n\r\n%s",
		path, cookie, options.type, strlen(body), body);
	if (n < 0 || (size_t)n >= sizeof requests_text[0])
		die("a line of --requests is too long");
	connection->request = out;
	connection->request_size = (size_t)n;
	return true;
}

static void send_more(struct connection *connection)
{
	while (connection->sent < connection->request_size) {
		ssize_t n = send(connection->fd, connection->request + connection->sent,
			connection->request_size - connection->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN && !connection->waits)
			watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
		if (n < 0) {
			connection->waits = errno == EAGAIN; /* of anything else reading tells */
			return;
		}
		connection->sent += (size_t)n;
	}
	if (connection->waits)
		watch(connection, EPOLL_CTL_MOD, EPOLLIN);
	connection->waits = false;
}

static void ask(struct connection *connection)
{
	if (options.requests) {
		if (!next_line(connection)) {
			idle++;
			return;
		}
	} else {
		connection->request = request;
		connection->request_size = request_size;
	}
	connection->asked = time_monotonic_us();
	connection->sent = 0;
	connection->head_size = 0;
	connection->in_body = false;
	connection->waits = false;
	send_more(connection);
}

static void dial(struct connection *connection)
{
	struct sockaddr_storage address = {0};
	socklen_t size = read_address(&address);
	connection->fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&address, size) != 0)
		die("cannot connect");
	int one = 1;
	if (address.ss_family == AF_INET)
		setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	watch(connection, EPOLL_CTL_ADD, EPOLLIN);
	ask(connection);
}

static void done(struct connection *connection)
{
	uint64_t us = (uint64_t)(time_monotonic_us() - connection->asked);
	requests++;
	buckets[bucket_of(us)]++;
	if (us > longest)
		longest = us;
	if (options.pause > 0)
		usleep((useconds_t)options.pause);
	ask(connection);
}

/* The head is complete: status and Content-Length. */
static void read_answer_head(struct connection *connection, size_t size)
{
	struct str head = {connection->head, size};
	uint64_t length = 0;
	ptrdiff_t at = str_find(head, STR("\r\nContent-Length: "));
	if (at > 0) {
		struct str rest = str_skip(head, (size_t)at + 18);
		if (!str_to_u64(str_sub(rest, 0, (size_t)str_find_byte(rest, '\r')), &length))
			die("Content-Length");
	}
	if (connection->head[9] >= '4' ||
		(options.requests && str_find(head, STR("\r\nLocation: /applications/")) < 0))
		errors++;
	connection->in_body = true;
	connection->left = length;
}

/* Takes received bytes; there is never more than one answer on its way. */
static void take(struct connection *connection, const char *p, size_t n)
{
	bytes += n;
	if (!connection->in_body) {
		size_t before = connection->head_size;
		size_t room = HEAD - before < n ? HEAD - before : n;
		memcpy(connection->head + before, p, room);
		connection->head_size += room;
		ptrdiff_t end = str_find(
			(struct str){connection->head, connection->head_size}, STR("\r\n\r\n"));
		if (end < 0) {
			if (connection->head_size == HEAD)
				die("the answer's head is too large");
			return;
		}
		size_t size = (size_t)end + 4;
		read_answer_head(connection, size);
		n -= size - before;
	}
	connection->left -= n < connection->left ? n : connection->left;
	if (connection->left == 0)
		done(connection);
}

static void serve(struct connection *connection, uint32_t events)
{
	static char in[256 << 10];
	if (events & EPOLLOUT)
		send_more(connection);
	ssize_t n = recv(connection->fd, in, sizeof in, MSG_DONTWAIT);
	if (n > 0) {
		take(connection, in, (size_t)n);
	} else if (n == 0 || errno != EAGAIN) {
		errors++;
		close(connection->fd);
		dial(connection);
	}
}

/* Processor time of the server, in microseconds; 0 without --pid. */
static uint64_t server_cpu(void)
{
	if (options.pid == 0)
		return 0;
	char path[64], text[1024];
	(void)snprintf(path, sizeof path, "/proc/%u/stat", (unsigned)options.pid);
	FILE *file = fopen(path, "re");
	if (!file)
		die("no such --pid");
	size_t n = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[n] = '\0';
	const char *fields = strrchr(text, ')'); /* the name may hold blanks */
	unsigned long user, system_;
	if (!fields || sscanf(fields, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			       &user, &system_) != 2)
		die("/proc/PID/stat");
	return (user + system_) * (1000000u / (unsigned)sysconf(_SC_CLK_TCK));
}

static void run(int64_t until, uint64_t count)
{
	while (time_monotonic_us() < until && requests < count && idle < options.connections) {
		struct epoll_event events[256];
		int n = epoll_wait(epoll, events, 256, options.awake ? 0 : 100);
		for (int i = 0; i < n; i++)
			serve(events[i].data.ptr, events[i].events);
	}
}

static uint64_t number(const char *text)
{
	uint64_t value;
	if (!str_to_u64(str_of(text), &value))
		die("not a number");
	return value;
}

static void read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{"to", required_argument, NULL, 't'},
		{"path", required_argument, NULL, 'p'},
		{"connections", required_argument, NULL, 'c'},
		{"seconds", required_argument, NULL, 's'},
		{"warm", required_argument, NULL, 'w'},
		{"count", required_argument, NULL, 'n'},
		{"cookie", required_argument, NULL, 'k'},
		{"body", required_argument, NULL, 'b'},
		{"type", required_argument, NULL, 'y'},
		{"pid", required_argument, NULL, 'i'},
		{"pause", required_argument, NULL, 'z'},
		{"requests", required_argument, NULL, 'r'},
		{"awake", no_argument, NULL, 'a'},
		{0},
	};
	int option;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 't':
			options.to = optarg;
			break;
		case 'p':
			options.path = optarg;
			break;
		case 'c':
			options.connections = (unsigned)number(optarg);
			break;
		case 's':
			options.seconds = number(optarg);
			break;
		case 'w':
			options.warm = number(optarg);
			break;
		case 'n':
			options.count = number(optarg);
			break;
		case 'k':
			options.cookie = optarg;
			break;
		case 'b':
			options.body = optarg;
			break;
		case 'y':
			options.type = optarg;
			break;
		case 'z':
			options.pause = number(optarg);
			break;
		case 'r':
			options.requests = optarg;
			break;
		case 'a':
			options.awake = true;
			break;
		case 'i':
			options.pid = number(optarg);
			break;
		default:
			die("see the head of load.c");
		}
	}
	if (!options.to || options.connections == 0 || options.connections > CONNECTIONS)
		die("--to ADDRESS, --connections 1 to 4096");
}

int main(int argc, char **argv)
{
	read_options(argc, argv);
	make_request();
	epoll = epoll_create1(EPOLL_CLOEXEC);
	uint64_t cpu = server_cpu();
	int64_t begin = time_monotonic_us();
	for (unsigned i = 0; i < options.connections; i++)
		dial(&connections[i]);
	run(time_monotonic_us() + (int64_t)options.warm * 1000000, UINT64_MAX);
	if (!options.requests) { /* there every request counts */
		reset_counts();
		cpu = server_cpu();
		begin = time_monotonic_us();
	}
	if (options.requests)
		run(INT64_MAX, UINT64_MAX);
	else if (options.count > 0)
		run(INT64_MAX, options.count);
	else
		run(begin + (int64_t)options.seconds * 1000000, UINT64_MAX);
	double seconds = (double)(time_monotonic_us() - begin) / 1e6;
	cpu = server_cpu() - cpu;
	printf("requests=%lu seconds=%.3f rps=%.0f p50_us=%lu p99_us=%lu max_us=%lu errors=%lu "
	       "bytes=%lu",
		requests, seconds, (double)requests / seconds, percentile(50), percentile(99),
		longest, errors, bytes);
	if (options.pid)
		printf(" cpu_us=%.2f", requests ? (double)cpu / (double)requests : 0.0);
	printf("\n");
	return requests == 0;
}
