// SPDX-License-Identifier: GPL-2.0-only
#include "fake-bpf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixtures.h"

/* What descriptors of maps and programs look like; none of them is open. */
#define FAKE_FD 100000

struct fake_bpf fake;
struct sea_trace_bpf__bss *fake_bss;

/* The rings in the order in which they were made */
static struct fake_ring {
	ring_buffer_sample_fn take;
	void *context;
	bool is_there;
} rings[3];

/* Kinds whose own trial is attached */
static bool tried[SEA_MECHANISMS];
static struct btf *kernel;

void fake_begin(void)
{
	memset(&fake, 0, sizeof(fake));
	memset(rings, 0, sizeof(rings));
	memset(tried, 0, sizeof(tried));
	fake.iterator = -1;
	fake_bss = NULL;
	btf__free(kernel);
	kernel = NULL;
}

static bool begins(const char *name, const char *with)
{
	return with && !strncmp(name, with, strlen(with));
}

static int failed(int error)
{
	errno = error;
	return -error;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *sorted(const char *const *names, size_t nr)
{
	static char text[FAKE_PROGRAMS * 32];
	const char *copy[FAKE_PROGRAMS];
	size_t i, len = 0;

	memcpy(copy, names, nr * sizeof(*names));
	qsort(copy, nr, sizeof(*copy), by_name);
	text[0] = '\0';
	for (i = 0; i < nr; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "",
					copy[i]);
	return text;
}

const char *fake_loaded(void)
{
	return sorted(fake.loaded, fake.nr_loaded);
}

const char *fake_attached(void)
{
	return sorted(fake.attached, fake.nr_attached);
}

bool fake_was_loaded(const char *program)
{
	size_t i;

	for (i = 0; i < fake.nr_loaded; i++)
		if (!strcmp(fake.loaded[i], program))
			return true;
	return false;
}

/* The memory of the programs' variables, which libbpf has from when it opened the object */
static void find_variables(const struct bpf_object_skeleton *skeleton)
{
	int i;

	for (i = 0; i < skeleton->map_cnt; i++)
		if (!strcmp(skeleton->maps[i].name, "sea_trac.bss"))
			fake_bss = *skeleton->maps[i].mmaped;
}

int bpf_object__load_skeleton(struct bpf_object_skeleton *skeleton)
{
	unsigned int nr = fake.loads < FAKE_LOADS ? fake.loads : FAKE_LOADS - 1;
	struct bpf_program *program;
	bool is_refused = false;

	fake.loads++;
	fake.nr_loaded = 0;
	bpf_object__for_each_program(program, *skeleton->obj) {
		if (!bpf_program__autoload(program))
			continue;
		fake.loaded[fake.nr_loaded++] = bpf_program__name(program);
		is_refused |= begins(bpf_program__name(program), fake.refused);
	}
	find_variables(skeleton);
	if (is_refused)
		return failed(fake.refuse);
	return fake.load[nr] ? failed(fake.load[nr]) : 0;
}

int bpf_map__fd(const struct bpf_map *map)
{
	(void)map;
	return FAKE_FD;
}

/* The fd of a program is of no other use than to run it. */
int bpf_program__fd(const struct bpf_program *program)
{
	return bpf_program__autoload(program) ? FAKE_FD : -ENOENT;
}

static struct bpf_link *new_link(void)
{
	fake.links++;
	return calloc(1, 1);
}

static struct bpf_link *attach(const struct bpf_program *program)
{
	const char *name = bpf_program__name(program);

	if (!bpf_program__autoload(program)) {
		errno = EINVAL;
		return NULL;
	}
	if (begins(name, fake.unattached)) {
		errno = fake.attach;
		return NULL;
	}
	if (fake.nr_attached < FAKE_PROGRAMS)
		fake.attached[fake.nr_attached++] = name;
	tried[SEA_BY_TRACEPOINT] |= !strcmp(name, "sea_trial_tracepoint");
	tried[SEA_BY_TRAMPOLINE] |= !strcmp(name, "sea_trial_trampoline");
	tried[SEA_BY_KPROBE] |= !strcmp(name, "sea_trial_kprobe");
	return new_link();
}

struct bpf_link *bpf_program__attach(const struct bpf_program *program)
{
	return attach(program);
}

struct bpf_link *bpf_program__attach_iter(const struct bpf_program *program,
					  const struct bpf_iter_attach_opts *opts)
{
	(void)opts;
	return attach(program);
}

int bpf_link__destroy(struct bpf_link *link)
{
	fake.links -= link != NULL;
	free(link);
	return 0;
}

int bpf_link__fd(const struct bpf_link *link)
{
	return link ? FAKE_FD : -1;
}

/* Calls the hooks whose kind is tried, as the kernel does in BPF_PROG_TEST_RUN. */
int bpf_prog_test_run_opts(int fd, struct bpf_test_run_opts *opts)
{
	(void)opts;
	if (fd != FAKE_FD || fake.run)
		return failed(fake.run ? fake.run : EBADF);
	fake.runs++;
	if (tried[SEA_BY_TRACEPOINT] && !fake.calls_none[SEA_BY_TRACEPOINT])
		fake_bss->trial_tracepoint++;
	if (tried[SEA_BY_TRAMPOLINE] && !fake.calls_none[SEA_BY_TRAMPOLINE])
		fake_bss->trial_trampoline++;
	if (tried[SEA_BY_KPROBE] && !fake.calls_none[SEA_BY_KPROBE])
		fake_bss->trial_kprobe++;
	return 0;
}

int bpf_obj_get_info_by_fd(int fd, void *info, __u32 *size)
{
	(void)fd;
	memset(info, 0, *size);
	return 0;
}

int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key, __u32 value, __u32 entries,
		   const struct bpf_map_create_opts *opts)
{
	(void)type;
	(void)name;
	(void)key;
	(void)value;
	(void)entries;
	(void)opts;
	return failed(EPERM);
}

int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	(void)fd;
	(void)key;
	(void)value;
	return fake.lookup ? failed(fake.lookup) : 0;
}

/* Rows are numbered from 1 on: the key is the number, the value begins with it. */
int bpf_map_lookup_batch(int fd, void *in, void *out, void *keys, void *values, __u32 *count,
			 const struct bpf_map_batch_opts *opts)
{
	const struct fake_batch *batch = &fake.batches[fake.maps_read++ % FAKE_BATCHES];
	__u64 from = 0, *key = keys, *value = values;
	__u32 i;

	(void)fd;
	(void)opts;
	/* Where the last call had ended */
	if (in)
		memcpy(&from, in, sizeof(from));
	assert_int_equal(*count >= batch->rows, 1);
	for (i = 0; i < batch->rows; i++)
		key[i] = value[i] = from + i + 1;
	*count = batch->rows;
	from += batch->rows;
	memcpy(out, &from, sizeof(from));
	return batch->error ? failed(batch->error) : 0;
}

int bpf_iter_create(int link)
{
	(void)link;
	if (fake.iterate)
		return failed(fake.iterate);
	fake.iterators++;
	fake.reads_done = 0;
	fake.iterator = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return fake.iterator;
}

ssize_t read(int fd, void *buffer, size_t size)
{
	unsigned int nr = fake.reads_done;

	if (fd < 0 || fd != fake.iterator)
		return syscall(SYS_read, fd, buffer, size);
	fake.reads_done++;
	if (nr >= ARRAY_SIZE(fake.reads) || !fake.reads[nr])
		return 0;
	if (fake.reads[nr] < 0)
		return -fake.reads[nr];
	errno = fake.reads[nr];
	return -1;
}

struct ring_buffer *ring_buffer__new(int fd, ring_buffer_sample_fn take, void *context,
				     const struct ring_buffer_opts *opts)
{
	struct fake_ring *ring = rings;

	(void)fd;
	(void)opts;
	if (fake.ring) {
		errno = fake.ring;
		return NULL;
	}
	while (ring->is_there)
		assert_true(++ring < rings + ARRAY_SIZE(rings));
	*ring = (struct fake_ring){take, context, true};
	fake.rings++;
	return (struct ring_buffer *)(void *)ring;
}

void ring_buffer__free(struct ring_buffer *buffer)
{
	struct fake_ring *ring = (struct fake_ring *)(void *)buffer;

	if (!ring)
		return;
	assert_true(ring->is_there);
	ring->is_there = false;
	fake.rings--;
}

int ring_buffer__consume(struct ring_buffer *buffer)
{
	const struct fake_ring *ring = (const struct fake_ring *)(const void *)buffer;
	size_t nr = (size_t)(ring - rings), len = strlen(fake.consumed);

	assert_true(ring->is_there);
	if (len + 1 < sizeof(fake.consumed))
		fake.consumed[len] = (char)('0' + nr);
	return fake.consume[nr] ? failed(fake.consume[nr]) : 0;
}

int ring_buffer__epoll_fd(const struct ring_buffer *buffer)
{
	(void)buffer;
	return FAKE_RING_FD;
}

int fake_send(size_t ring, void *record, size_t size)
{
	return rings[ring].take(rings[ring].context, record, size);
}

int libbpf_find_vmlinux_btf_id(const char *name, enum bpf_attach_type type)
{
	(void)type;
	return fake.guess && !strcmp(name, fake.guess) ? 1 : failed(ENOENT);
}

/* What bpf/sea_list.bpf.c reads: see sea_list_lacks(). */
static const struct {
	const char *type, *members[3];
} listed[] = {
	{"file", {"f_inode", "f_path", "private_data"}},
	{"inode", {"i_sb"}},
	{"super_block", {"s_magic"}},
	{"path", {"dentry"}},
	{"dentry", {"d_name"}},
	{"qstr", {"name"}},
	{"xarray", {"xa_head"}},
	{"xa_node", {"shift", "slots"}},
	{"kvm", {"vcpu_array", "online_vcpus"}},
	{"bpf_iter__task_file", {"file"}},
	{"bpf_iter__bpf_map_elem", {"key"}},
};

static void add_list(struct btf *btf, int number)
{
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(listed); i++) {
		assert_true(btf__add_struct(btf, listed[i].type, 64) > 0);
		for (j = 0; j < ARRAY_SIZE(listed[i].members) && listed[i].members[j]; j++)
			assert_int_equal(btf__add_field(btf, listed[i].members[j], number,
							(__u32)(64 * j), 0),
					 0);
	}
}

struct btf *fake_btf(const char *const *functions, const char *const *tracepoints, bool can_list)
{
	struct btf *btf = btf__new_empty();
	int number, prototype;
	char type[64];

	assert_non_null(btf);
	number = btf__add_int(btf, "unsigned long", 8, 0);
	prototype = btf__add_func_proto(btf, number);
	assert_true(number > 0 && prototype > 0);
	for (; *functions; functions++)
		assert_true(btf__add_func(btf, *functions, BTF_FUNC_STATIC, prototype) > 0);
	for (; *tracepoints; tracepoints++) {
		snprintf(type, sizeof(type), "btf_trace_%s", *tracepoints);
		assert_true(btf__add_typedef(btf, type, number) > 0);
	}
	if (can_list)
		add_list(btf, number);
	return btf;
}

void fake_set_btf(const char *const *functions, const char *const *tracepoints, bool can_list)
{
	btf__free(kernel);
	kernel = fake_btf(functions, tracepoints, can_list);
}

struct btf *btf__parse_raw(const char *path)
{
	const void *bytes;
	__u32 size;

	(void)path;
	if (fake.btf || !kernel) {
		errno = fake.btf ? fake.btf : ENOENT;
		return NULL;
	}
	bytes = btf__raw_data(kernel, &size);
	return btf__new(bytes, size);
}
