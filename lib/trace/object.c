// SPDX-License-Identifier: GPL-2.0-only
#include "trace/object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "base/log.h"
#include "trace/environment.h"

#define NSEC_PER_SEC 1000000000ULL

/* The kernel's own ENOTSUPP, which no libc has a name for. */
#define KERNEL_ENOTSUPP 524

const char *sea_trace_reason(int error)
{
	return error == KERNEL_ENOTSUPP ? "not supported by this kernel" : strerror(error);
}

__u64 sea_trace_clock(clockid_t clock, struct timespec *out)
{
	struct timespec now;

	clock_gettime(clock, &now);
	if (out)
		*out = now;
	return (__u64)now.tv_sec * NSEC_PER_SEC + (__u64)now.tv_nsec;
}

int sea_trace_read_map(const struct bpf_map *map, __u64 *keys, void *values, size_t value_size,
		       size_t *nr, struct sea_error *err)
{
	__u64 position = 0, next = 0;
	bool first = true;
	size_t done = 0;
	int rc;

	do {
		__u32 count = (__u32)(*nr - done);

		rc = bpf_map_lookup_batch(bpf_map__fd(map), first ? NULL : &position, &next,
					  keys + done, (char *)values + done * value_size, &count,
					  NULL);
		if (rc && rc != -ENOENT)
			return sea_error_set(err, "cannot read the counters: %s", strerror(-rc));
		done += count;
		position = next;
		first = false;
	} while (!rc && done < *nr);
	*nr = done;
	return 0;
}

int sea_object_iterate(const struct bpf_link *link, const char *what, struct sea_error *err)
{
	int fd = bpf_iter_create(bpf_link__fd(link)), error;
	char nothing[64];
	ssize_t n;

	if (fd < 0)
		return sea_error_set(err, "cannot %s: %s", what, sea_trace_reason(errno));
	/* EAGAIN: it looked at very many objects, and goes on with the next read. */
	do
		n = read(fd, nothing, sizeof(nothing));
	while (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
	error = errno;
	close(fd);
	return n ? sea_error_set(err, "cannot %s: %s", what, sea_trace_reason(error)) : 0;
}

struct bpf_program *sea_object_program(const struct sea_trace *t, const struct sea_program *program)
{
	return *(struct bpf_program *const *)((const char *)t->skel + program->place);
}

const char *sea_program_target(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);
	const char *slash = strchr(section, '/');

	return slash ? slash + 1 : section;
}

/* One level down: a probe that fails is libbpf's warning, but only our debug. */
static int log_libbpf(enum libbpf_print_level level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static int log_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	sea_log_list(format, args);
	return 0;
}

void sea_object_log_libbpf(void)
{
	libbpf_set_print(log_libbpf);
}

struct sea_trace *sea_object_new(const struct sea_trace_options *options, struct sea_error *err)
{
	struct sea_trace *t = calloc(1, sizeof(*t));

	if (!t) {
		sea_error_set(err, "cannot trace: out of memory");
		return NULL;
	}
	t->options = *options;
	t->reader = -1;
	sea_object_log_libbpf();
	sea_switches_open(&t->switches, "");
	t->pid_namespace = sea_namespace_of("", "pid") == SEA_NAMESPACE_OTHER;
	return t;
}

bool sea_object_tells_all(const struct sea_trace *t)
{
	return t->source->needs || !t->has_exit || t->sees_exit || t->exit_flag;
}
