// SPDX-License-Identifier: GPL-2.0-only
#include "report/notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/words.h"
#include "model/clock.h"
#include "model/vm-counters.h"

/* What follows within that time is told together. */
#define TOGETHER_NS (60 * SEA_NSEC_PER_SEC)

struct sea_noticed_vm {
	__u64 id; /* sea_vm::id */
	const struct sea_vm_info *info;
	struct sea_vm counted, told; /* as of the last tick, and of what was told */
	__u64 told_ns;		     /* when; 0: never */
	struct sea_event event;	     /* its last detail; size 0: none */
	bool has_ended;		     /* that was told: its row stays in the table */
	UT_hash_handle hh;
};

#define SEA_NOTICE_KIND(constant, id, priority) {id, priority},
static const struct {
	const char *id;
	int priority;
} kinds[SEA_NOTICE_KINDS] = {SEA_NOTICES(SEA_NOTICE_KIND)};

static struct sea_notice begin(enum sea_notice_kind kind, const struct sea_noticer *n,
			       const struct sea_record *record)
{
	struct sea_notice notice = {.kind = kind,
				    .wall = record->wall,
				    .time_ns = record->time_ns,
				    .session = &n->session};

	sea_text_add(&notice.fields, "MESSAGE_ID=%s\nPRIORITY=%d\nSYSLOG_IDENTIFIER=seastat\n",
		     kinds[kind].id, kinds[kind].priority);
	return notice;
}

static int end(const struct sea_noticer *n, struct sea_notice *notice, struct sea_error *err)
{
	bool failed = notice->fields.failed;

	if (!failed)
		n->tell(notice, n->context);
	sea_text_free(&notice->fields);
	return failed ? sea_error_set(err, "cannot tell the journal: out of memory") : 0;
}

static struct sea_noticed_vm *vm_of(struct sea_noticer *n, const struct sea_vm_info *info)
{
	struct sea_noticed_vm *vm;

	HASH_FIND(hh, n->vms, &info->id, sizeof(info->id), vm);
	if (!vm) {
		vm = calloc(1, sizeof(*vm));
		if (!vm)
			return NULL;
		vm->id = info->id;
		HASH_ADD(hh, n->vms, id, sizeof(vm->id), vm);
	}
	if (vm->info != info) {
		sea_vm_info_put(vm->info);
		vm->info = sea_vm_info_get(info);
	}
	return vm;
}

static void forget_vms(struct sea_noticer *n)
{
	struct sea_noticed_vm *vm, *next;

	HASH_ITER(hh, n->vms, vm, next) {
		HASH_DEL(n->vms, vm);
		sea_vm_info_put(vm->info);
		free(vm);
	}
}

static void add_vm(struct sea_text *fields, const struct sea_vm_info *info)
{
	sea_text_add(fields, "SEA_VM=%s\nSEA_VM_PID=%" PRIu32 "\n", info->name.text,
		     info->key.tgid);
	if (info->uuid[0])
		sea_text_add(fields, "SEA_VM_UUID=%s\n", info->uuid);
	if (info->cgroup[0])
		sea_text_add(fields, "SEA_VM_CGROUP=%s\n", info->cgroup);
}

/* "2 forwarded, 1 claimed" */
static void list_dispositions(struct sea_text *text, const struct sea_vm *grown)
{
	const char *comma = "";
	unsigned int i;

	for (i = 0; i < SEA_DISPOSITIONS; i++) {
		if (!grown->disposition[i])
			continue;
		sea_text_add(text, "%s%" PRIu64 " %s", comma, (uint64_t)grown->disposition[i],
			     sea_disposition_name(i));
		comma = ", ";
	}
}

/* SEA_FORWARDED=2 */
static void add_counts(struct sea_text *fields, const char *name, __u64 count)
{
	sea_text_add(fields, "SEA_");
	for (; *name; name++)
		sea_text_add(fields, "%c",
			     *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
	sea_text_add(fields, "=%" PRIu64 "\n", (uint64_t)count);
}

static void add_grown(struct sea_text *fields, const struct sea_vm *grown)
{
	unsigned int i;

	sea_text_add(fields, "SEA_COUNT=%" PRIu64 "\n", (uint64_t)sea_vm_total(grown));
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		if (grown->disposition[i])
			add_counts(fields, sea_disposition_name(i), grown->disposition[i]);
	for (i = SEA_REASON_NONE + 1; i < SEA_REASONS; i++)
		if (grown->reason[i])
			add_counts(fields, sea_reason_name(i), grown->reason[i]);
	for (i = 0; i < SEA_RESPONSES; i++)
		if (grown->response[i])
			add_counts(fields, sea_response_name(i), grown->response[i]);
}

/* What the VM took since it was told of last */
static int tell_seas(const struct sea_noticer *n, struct sea_noticed_vm *vm,
		     const struct sea_record *record, struct sea_error *err)
{
	struct sea_notice notice = begin(SEA_NOTICE_SEA, n, record);
	struct sea_text *fields = &notice.fields;
	struct sea_vm grown = vm->counted;
	__u64 count;

	sea_vm_subtract(&grown, &vm->told);
	count = sea_vm_total(&grown);
	sea_text_add(fields, "MESSAGE=VM %s took %" PRIu64 " SEA%s: ", vm->info->name.text,
		     (uint64_t)count, count == 1 ? "" : "s");
	list_dispositions(fields, &grown);
	sea_text_add(fields, "\n");
	add_vm(fields, vm->info);
	add_grown(fields, &grown);
	sea_text_add(fields, "SEA_TOTAL=%" PRIu64 "\n", (uint64_t)sea_vm_total(&vm->counted));
	if (vm->event.size)
		sea_text_add(fields,
			     "SEA_LAST_ESR=0x%" PRIx64 "\nSEA_LAST_VCPU=%" PRIu32
			     "\nSEA_LAST_DISPOSITION=%s\n",
			     (uint64_t)vm->event.esr, vm->event.vcpu,
			     sea_disposition_name(vm->event.disposition));
	vm->told = vm->counted;
	vm->told_ns = record->time_ns;
	return end(n, &notice, err);
}

static bool has_news(const struct sea_noticed_vm *vm)
{
	return sea_vm_total(&vm->counted) > sea_vm_total(&vm->told);
}

/* VMs that ended and whose rows are gone, once they are many */
static void drop_leavers(struct sea_noticer *n, const struct sea_snapshot *tick)
{
	struct sea_noticed_vm *vm, *next;

	if (HASH_COUNT(n->vms) < 2 * tick->nr_vms + 64)
		return;
	HASH_ITER(hh, n->vms, vm, next) {
		if (!vm->has_ended || sea_snapshot_find(tick, vm->id))
			continue;
		HASH_DEL(n->vms, vm);
		sea_vm_info_put(vm->info);
		free(vm);
	}
}

static int look_at_vms(struct sea_noticer *n, const struct sea_record *record,
		       struct sea_error *err)
{
	const struct sea_snapshot *tick = record->tick;
	size_t i;

	for (i = 0; i < tick->nr_vms; i++) {
		const struct sea_vm_state *state = &tick->vms[i];
		struct sea_noticed_vm *vm;

		if (!state->info || !sea_vm_total(&state->vm))
			continue;
		vm = vm_of(n, state->info);
		if (!vm)
			return sea_error_set(err, "cannot tell the journal: out of memory");
		vm->counted = state->vm;
		if (!vm->has_ended && has_news(vm) &&
		    (!vm->told_ns || record->time_ns >= vm->told_ns + TOGETHER_NS) &&
		    tell_seas(n, vm, record, err))
			return -1;
	}
	return 0;
}

static int tell_loss(struct sea_noticer *n, const struct sea_record *record,
		     enum sea_loss_cause cause, struct sea_error *err)
{
	const struct sea_loss_word *word = sea_loss_word(cause);
	struct sea_notice notice = begin(SEA_NOTICE_LOSS, n, record);
	__u64 count = record->tick->loss.count[cause], lost = count - n->told_loss[cause];

	sea_text_add(&notice.fields,
		     "MESSAGE=Lost %" PRIu64 ": %s; %s\nSEA_LOSS=%s\nSEA_COUNT=%" PRIu64
		     "\nSEA_TOTAL=%" PRIu64 "\n",
		     (uint64_t)lost, word->help, word->hint, word->name, (uint64_t)lost,
		     (uint64_t)count);
	n->told_loss[cause] = count;
	n->told_loss_ns[cause] = record->time_ns;
	return end(n, &notice, err);
}

static int look_at_losses(struct sea_noticer *n, const struct sea_record *record,
			  struct sea_error *err)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		if (record->tick->loss.count[i] <= n->told_loss[i] ||
		    (n->told_loss_ns[i] && record->time_ns < n->told_loss_ns[i] + TOGETHER_NS))
			continue;
		if (tell_loss(n, record, (enum sea_loss_cause)i, err))
			return -1;
	}
	return 0;
}

/* Why what is counted now is not all; NULL: as far as is known, it is. */
static const char *why_incomplete(const struct sea_snapshot *tick)
{
	if (tick->blind_since_ns)
		return tick->blind_why ?: "the source cannot see SEAs";
	if (tick->unproven)
		return "nothing shows that the kernel calls what the source hooks";
	if (sea_hooks_proof(&tick->hooks, SEA_PART_SOURCE) == SEA_DISPROVEN)
		return "the kernel does not call a hook that counts";
	if (tick->unlisted)
		return "more VMs run than the table has rows for";
	return NULL;
}

static int look_at_trust(struct sea_noticer *n, const struct sea_record *record,
			 struct sea_error *err)
{
	const char *why = why_incomplete(record->tick);
	struct sea_notice notice;

	if (n->is_incomplete == (why != NULL))
		return 0;
	n->is_incomplete = why;
	notice = begin(why ? SEA_NOTICE_INCOMPLETE : SEA_NOTICE_COMPLETE, n, record);
	if (why)
		sea_text_add(&notice.fields,
			     "MESSAGE=Counts of SEAs are incomplete: %s; run seastat doctor\n"
			     "SEA_WHY=%s\n",
			     why, why);
	else
		sea_text_add(&notice.fields, "MESSAGE=Counts of SEAs are complete again\n");
	return end(n, &notice, err);
}

static int take_tick(struct sea_noticer *n, const struct sea_record *record, struct sea_error *err)
{
	struct sea_vm sum;

	sea_snapshot_sum(&sum, record->tick);
	n->seas = sea_vm_total(&sum);
	drop_leavers(n, record->tick);
	return look_at_vms(n, record, err) || look_at_losses(n, record, err) ||
			       look_at_trust(n, record, err) ?
		       -1 :
		       0;
}

static int take_end(struct sea_noticer *n, const struct sea_record *record, struct sea_error *err)
{
	struct sea_noticed_vm *vm = vm_of(n, record->vm);
	struct sea_notice notice;
	int rc = 0;

	if (!vm)
		return sea_error_set(err, "cannot tell the journal: out of memory");
	if (has_news(vm) && tell_seas(n, vm, record, err))
		return -1;
	if (sea_vm_total(&vm->counted)) {
		notice = begin(SEA_NOTICE_VM_ENDED, n, record);
		sea_text_add(&notice.fields, "MESSAGE=VM %s ended after %" PRIu64 " SEA%s\n",
			     vm->info->name.text, (uint64_t)sea_vm_total(&vm->counted),
			     sea_vm_total(&vm->counted) == 1 ? "" : "s");
		add_vm(&notice.fields, vm->info);
		add_grown(&notice.fields, &vm->counted);
		if (record->end->wait_status >= 0)
			sea_text_add(&notice.fields, "SEA_WAIT_STATUS=%d\n",
				     record->end->wait_status);
		rc = end(n, &notice, err);
	}
	vm->has_ended = true;
	return rc;
}

static int take_gap(const struct sea_noticer *n, const struct sea_record *record,
		    struct sea_error *err)
{
	const struct sea_gap *gap = record->gap;
	struct sea_notice notice;
	char since[SEA_TIME_LEN], until[SEA_TIME_LEN];

	/* One that is not over yet is told when it is. */
	if (!gap->until.tv_sec)
		return 0;
	notice = begin(SEA_NOTICE_GAP, n, record);
	sea_text_utc(&gap->since, since, sizeof(since));
	sea_text_utc(&gap->until, until, sizeof(until));
	sea_text_add(&notice.fields,
		     "MESSAGE=SEAs were not recorded from %s to %s: %s\nSEA_CAUSE=%s\n"
		     "SEA_SINCE=%s\nSEA_UNTIL=%s\nSEA_WHY=%s\n",
		     since, until, gap->why[0] ? gap->why : "nobody knows why",
		     sea_gap_cause_name(gap->cause), since, until, gap->why);
	return end(n, &notice, err);
}

/* What follows the last notice of each VM is told before the end. */
static int tell_rest(struct sea_noticer *n, const struct sea_record *record, struct sea_error *err)
{
	struct sea_noticed_vm *vm, *next;

	HASH_ITER(hh, n->vms, vm, next)
		if (!vm->has_ended && has_news(vm) && tell_seas(n, vm, record, err))
			return -1;
	return 0;
}

static int take_session(struct sea_noticer *n, const struct sea_record *record, bool is_new,
			struct sea_error *err)
{
	const struct sea_session *s = record->session;
	struct sea_notice notice;

	if (is_new) {
		notice = begin(SEA_NOTICE_STARTED, n, record);
		sea_text_add(&notice.fields,
			     "MESSAGE=%s began to count SEAs by the source %s\nSEA_RUN=%s\n"
			     "SEA_SOURCE=%s\nSEA_KERNEL=%s\n",
			     s->program, s->source, s->run, s->source, s->kernel);
		if (end(n, &notice, err))
			return -1;
	}
	if (s->end == SEA_SESSION_RUNS)
		return 0;
	if (tell_rest(n, record, err))
		return -1;
	notice = begin(SEA_NOTICE_STOPPED, n, record);
	sea_text_add(&notice.fields,
		     "MESSAGE=%s ended (%s) after %" PRIu64 " SEAs\nSEA_RUN=%s\nSEA_END=%s\n"
		     "SEA_TOTAL=%" PRIu64 "\n",
		     s->program, sea_session_end_name(s->end), (uint64_t)n->seas, s->run,
		     sea_session_end_name(s->end), (uint64_t)n->seas);
	return end(n, &notice, err);
}

static int take_detail(struct sea_noticer *n, const struct sea_record *record,
		       struct sea_error *err)
{
	struct sea_noticed_vm *vm;

	if (!record->vm)
		return 0;
	vm = vm_of(n, record->vm);
	if (!vm)
		return sea_error_set(err, "cannot tell the journal: out of memory");
	vm->event = *record->event;
	return 0;
}

int sea_noticer_take(struct sea_noticer *n, const struct sea_record *record, struct sea_error *err)
{
	bool is_new = strcmp(n->run, record->session->run);

	if (is_new) {
		forget_vms(n);
		memset(n->told_loss, 0, sizeof(n->told_loss));
		memset(n->told_loss_ns, 0, sizeof(n->told_loss_ns));
		n->seas = 0;
		n->is_incomplete = false;
		memcpy(n->run, record->session->run, sizeof(n->run));
	}
	n->session = *record->session;
	switch (record->type) {
	case SEA_RECORD_SESSION:
		return take_session(n, record, is_new, err);
	case SEA_RECORD_SEA:
		return take_detail(n, record, err);
	case SEA_RECORD_TICK:
		return take_tick(n, record, err);
	case SEA_RECORD_END:
		return take_end(n, record, err);
	case SEA_RECORD_GAP:
		return take_gap(n, record, err);
	default:
		return 0;
	}
}

void sea_noticer_free(struct sea_noticer *n)
{
	forget_vms(n);
	*n = (struct sea_noticer){0};
}

void sea_notice_export(const struct sea_notice *notice, struct sea_text *out)
{
	const char *c;

	sea_text_add(out, "__REALTIME_TIMESTAMP=%" PRIu64 "\n__MONOTONIC_TIMESTAMP=%" PRIu64 "\n",
		     (uint64_t)sea_time_to_ns(&notice->wall) / 1000,
		     (uint64_t)notice->time_ns / 1000);
	/* systemd writes these ids without dashes. */
	sea_text_add(out, "_BOOT_ID=");
	for (c = notice->session->boot_id; *c; c++)
		if (*c != '-')
			sea_text_add(out, "%c", *c);
	sea_text_add(out, "\n_HOSTNAME=%s\n%s\n", notice->session->host, notice->fields.text);
}
