// SPDX-License-Identifier: GPL-2.0-only
/* list.c - all VMs that run, by bpf/sea_list.bpf.c. */
#include "trace/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "base/log.h"

/* A pass looks at each descriptor on the host: it may take 1 % of a CPU. */
#define PASS_PAUSE 100

static const struct btf_type *find_struct(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	return id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
}

/* Also if it is in a struct or union without a name, as many are. */
static bool has_member(const struct btf *btf, const struct btf_type *type, const char *name)
{
	const struct btf_member *member = btf_members(type);
	int i;

	for (i = 0; i < btf_vlen(type); i++, member++) {
		const char *its = btf__name_by_offset(btf, member->name_off);
		const struct btf_type *inner;

		if (its && *its) {
			if (!strcmp(its, name))
				return true;
			continue;
		}
		inner = btf__type_by_id(btf, member->type);
		if (inner && btf_is_composite(inner) && has_member(btf, inner, name))
			return true;
	}
	return false;
}

const char *sea_list_lacks(const struct btf *btf)
{
	/* What bpf/sea_list.bpf.c reads, beyond what counting needs as well */
	static const struct {
		const char *type, *member, *lacks;
	} needs[] = {
		{"file", "f_inode", "this kernel's struct file has no f_inode"},
		{"file", "f_path", "this kernel's struct file has no f_path"},
		{"file", "private_data", "this kernel's struct file has no private_data"},
		{"inode", "i_sb", "this kernel's struct inode has no i_sb"},
		{"super_block", "s_magic", "this kernel's struct super_block has no s_magic"},
		{"path", "dentry", "this kernel's struct path has no dentry"},
		{"dentry", "d_name", "this kernel's struct dentry has no d_name"},
		{"qstr", "name", "this kernel's struct qstr has no name"},
		{"xarray", "xa_head", "this kernel's struct xarray has no xa_head"},
		{"xa_node", "shift", "this kernel's struct xa_node has no shift"},
		{"xa_node", "slots", "this kernel's struct xa_node has no slots"},
		{"kvm", "vcpu_array", "this kernel's struct kvm has no vcpu_array"},
		{"kvm", "online_vcpus", "this kernel's struct kvm has no online_vcpus"},
		{"bpf_iter__task_file", "file",
		 "this kernel cannot go over the files of processes"},
		{"bpf_iter__bpf_map_elem", "key", "this kernel cannot go over the entries of maps"},
	};
	size_t i;

	for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct btf_type *type = find_struct(btf, needs[i].type);

		if (!type || !has_member(btf, type, needs[i].member))
			return needs[i].lacks;
	}
	return NULL;
}

void sea_list_register(struct sea_trace *t)
{
	if (t->reader < 0)
		t->reader = bpf_map_create(BPF_MAP_TYPE_RINGBUF, SEA_READER_MAP, 0, 0,
					   (__u32)sysconf(_SC_PAGESIZE), NULL);
	if (t->reader < 0)
		sea_log("other lists may show a VM of ours: %s", sea_trace_reason(errno));
}

/* The initial pid namespace has this number on every kernel: include/linux/proc_ns.h. */
static bool sees_all_processes(void)
{
	char name[32] = "";

	return readlink("/proc/self/ns/pid", name, sizeof(name) - 1) > 0 &&
	       !strcmp(name, "pid:[4026531836]");
}

/* Over the references to VMs, for those that are gone */
static struct bpf_link *attach_gone(const struct sea_trace *t)
{
	union bpf_iter_link_info info = {.map.map_fd = (__u32)bpf_map__fd(t->skel->maps.vm_refs)};
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info,
			    .link_info_len = sizeof(info));

	return bpf_program__attach_iter(t->skel->progs.sea_list_gone, &opts);
}

int sea_list_attach(struct sea_trace *t, struct sea_error *err)
{
	t->skel->bss->sees_all = sees_all_processes();
	t->list_gone = attach_gone(t);
	t->list = bpf_program__attach_iter(t->skel->progs.sea_list_vms, NULL);
	if (!t->list || !t->list_gone)
		return sea_error_set(err, "cannot list the VMs: %s", sea_trace_reason(errno));
	return 0;
}

/* Of our own process only, where the kernel can do that (6.1). */
static struct bpf_link *attach_scratch(const struct sea_trace *t)
{
	union bpf_iter_link_info info = {.task.pid = (__u32)getpid()};
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info,
			    .link_info_len = sizeof(info));
	struct bpf_link *link = bpf_program__attach_iter(t->skel->progs.sea_list_scratch, &opts);

	return link ? link : bpf_program__attach_iter(t->skel->progs.sea_list_scratch, NULL);
}

static int look(struct sea_trace *t, const struct bpf_link *link, __u64 *flags,
		struct sea_error *err)
{
	t->skel->bss->scratch_found = 0;
	if (sea_object_iterate(link, "look at a VM of our own", err))
		return -1;
	if (!t->skel->bss->scratch_found)
		return sea_error_set(err, "cannot find a VM of our own among the kernel's files");
	*flags = t->skel->bss->scratch_flags;
	return 0;
}

int sea_list_calibrate(struct sea_trace *t, const struct sea_scratch *scratch, __u64 *hcr,
		       struct sea_error *err)
{
	struct bpf_link *link;
	__u64 before, after;
	int rc = -1;

	if (t->no_list)
		return sea_error_set(err, "cannot look at a VM of our own: %s", t->no_list);
	link = attach_scratch(t);
	if (!link)
		return sea_error_set(err, "cannot look at a VM of our own: %s",
				     sea_trace_reason(errno));
	t->skel->bss->scratch_fd = (__u32)scratch->vcpu;
	if (look(t, link, &before, err))
		goto out;
	*hcr = t->skel->bss->scratch_hcr;
	if (t->has_exit) {
		if (sea_scratch_opt_in(scratch, err) || look(t, link, &after, err))
			goto out;
		/* One bit, and it was set: anything else is not what we think it is. */
		if (before & ~after || __builtin_popcountll(before ^ after) != 1) {
			sea_error_set(err, "cannot tell who opted in: this kernel keeps it "
					   "elsewhere than in kvm_arch::flags");
			goto out;
		}
		t->exit_flag = before ^ after;
	}
	rc = 0;
out:
	bpf_link__destroy(link);
	return rc;
}

/* Sorted and merged by sea_listing_merge() */
static struct sea_running *read_running(const struct sea_trace *t, size_t *nr,
					struct sea_error *err)
{
	__u32 max = bpf_map__max_entries(t->skel->maps.running) * 5 / 4 + 64;
	struct sea_running *running = calloc(max, sizeof(*running));
	__u64 *keys = calloc(max, sizeof(*keys));

	*nr = max;
	if (!running || !keys) {
		sea_error_set(err, "cannot list the VMs: out of memory; use a smaller --max-vms");
	} else if (!sea_trace_read_map(t->skel->maps.running, keys, running, sizeof(*running), nr,
				       err)) {
		free(keys);
		return running;
	}
	free(keys);
	free(running);
	return NULL;
}

static bool is_mixed(const struct sea_trace *t)
{
	struct sea_totals totals = {0};
	__u32 zero = 0;

	return bpf_map_lookup_elem(bpf_map__fd(t->skel->maps.totals), &zero, &totals) ||
	       totals.lost_table_full;
}

int sea_list_pass(struct sea_trace *t, struct sea_error *err)
{
	__u64 start = sea_trace_clock(CLOCK_MONOTONIC, NULL);
	__u64 work = sea_trace_clock(CLOCK_THREAD_CPUTIME_ID, NULL);
	struct sea_running *running;
	size_t nr;
	int rc;

	if (!t->list || start < t->list_due_ns)
		return 0;
	t->skel->bss->exit_flag = t->exit_flag;
	t->skel->bss->exit_absent = t->exit_known && !t->has_exit;
	t->skel->bss->unlisted = 0;
	t->skel->bss->last_unlisted = 0;
	t->skel->bss->reader_tgid = 0;
	t->skel->bss->pass_ns = t->last_pass_ns;
	t->last_pass_ns = sea_trace_clock(CLOCK_BOOTTIME, NULL);
	t->skel->bss->list_pass++;
	if (sea_object_iterate(t->list, "list the VMs", err) ||
	    sea_object_iterate(t->list_gone, "look for VMs that are gone", err))
		return -1;
	/* Not what the machine did meanwhile: the busier it is, the longer we would wait. */
	work = sea_trace_clock(CLOCK_THREAD_CPUTIME_ID, NULL) - work;
	t->list_due_ns = start + PASS_PAUSE * work;

	running = read_running(t, &nr, err);
	if (!running)
		return -1;
	rc = sea_listing_merge(&t->listing, running, nr, t->skel->bss->has_statistics, is_mixed(t),
			       err);
	free(running);
	return rc;
}

void sea_list_forget(const struct sea_trace *t, __u64 id)
{
	bpf_map_delete_elem(bpf_map__fd(t->skel->maps.running), &id);
}

int sea_list_read_text(void *context, uint64_t address, void *text, size_t size)
{
	struct sea_trace *t = context;
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, opts);

	if (size > sizeof(t->skel->bss->text))
		return -1;
	t->skel->bss->text_address = address;
	t->skel->bss->text_size = size;
	t->skel->bss->text_failed = 1;
	if (bpf_prog_test_run_opts(bpf_program__fd(t->skel->progs.sea_read_text), &opts) ||
	    t->skel->bss->text_failed)
		return -1;
	memcpy(text, t->skel->bss->text, size);
	return 0;
}
