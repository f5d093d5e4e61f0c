// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <signal.h>
#include <string.h>

#include "trace/host-record.h"

static struct sea_host_record record_of(enum sea_host_type type)
{
	return (struct sea_host_record){
		.version = SEA_ABI_VERSION,
		.size = sizeof(struct sea_host_record),
		.type = (__u8)type,
		.time_ns = 7,
		.cpu = 3,
	};
}

static struct sea_host_event decoded(const struct sea_host_record *record)
{
	struct sea_host_event event;

	memset(&event, 0xa5, sizeof(event));
	assert_true(sea_host_record_valid(record, sizeof(*record)));
	sea_host_record_decode(record, &event);
	assert_int_equal(event.cpu, 3);
	assert_true(event.vm_id == 0);
	return event;
}

static void only_ours_are_valid(void **state)
{
	struct sea_host_record record = record_of(SEA_HOST_TYPE_MF_EVENT);

	(void)state;
	assert_true(sea_host_record_valid(&record, sizeof(record)));
	assert_true(sea_host_record_valid(&record, sizeof(record) + 4));
	assert_false(sea_host_record_valid(&record, sizeof(record) - 1));
	assert_false(sea_host_record_valid(&record, 0));
	record.type = SEA_HOST_TYPES;
	assert_false(sea_host_record_valid(&record, sizeof(record)));
	record = record_of(SEA_HOST_TYPE_SIGBUS);
	record.version++;
	assert_false(sea_host_record_valid(&record, sizeof(record)));
	record = record_of(SEA_HOST_TYPE_SIGBUS);
	record.size--;
	assert_false(sea_host_record_valid(&record, sizeof(record)));
}

static void memory_failure(void **state)
{
	struct sea_host_record record = record_of(SEA_HOST_TYPE_MEMORY_FAILURE);
	struct sea_host_event event;

	(void)state;
	record.known = SEA_HOST_HAS_PFN;
	record.pfn = 0x48123;
	record.flags = 2;
	event = decoded(&record);
	assert_int_equal(event.kind, SEA_HOST_MEMORY_FAILURE);
	assert_int_equal(event.known, SEA_HOST_PFN | SEA_HOST_RESULT | SEA_HOST_FLAGS);
	assert_true(event.pfn == 0x48123 && event.flags == 2 && event.result == 0);
	assert_string_equal(event.text, "the page was taken out of use");
	record.result = -16;
	event = decoded(&record);
	assert_true(event.result == -16);
	assert_string_equal(event.text, "the page could not be taken out of use: Device or "
					"resource busy");
	record.result = -133;
	assert_string_equal(decoded(&record).text, "the page was known to be bad before");
}

static void sigbus(void **state)
{
	struct sea_host_record record = record_of(SEA_HOST_TYPE_SIGBUS);
	struct sea_host_event event;

	(void)state;
	record.known = SEA_HOST_HAS_ADDRESS;
	record.address = 0xffff90001000;
	record.code = BUS_MCEERR_AR;
	record.lsb = 21;
	record.tgid = 4017;
	record.tid = 4020;
	event = decoded(&record);
	assert_int_equal(event.kind, SEA_HOST_SIGBUS);
	assert_int_equal(event.known, SEA_HOST_ADDRESS | SEA_HOST_CODE);
	assert_true(event.address == 0xffff90001000 && event.lsb == 21);
	assert_true(event.tgid == 4017 && event.tid == 4020 && event.code == BUS_MCEERR_AR);
	assert_non_null(strstr(event.text, "MCEERR_AR"));
	record.code = BUS_MCEERR_AO;
	assert_non_null(strstr(decoded(&record).text, "MCEERR_AO"));
	record.code = SI_KERNEL;
	record.known = SEA_HOST_HAS_PFN;
	event = decoded(&record);
	assert_int_equal(event.known, SEA_HOST_PFN | SEA_HOST_CODE);
	assert_non_null(strstr(event.text, "SI_KERNEL"));
	record.code = -6;
	assert_string_equal(decoded(&record).text, "si_code -6");
}

static void processors(void **state)
{
	struct sea_host_record record = record_of(SEA_HOST_TYPE_ARM_EVENT);

	(void)state;
	record.value[SEA_HOST_ARM_MIDR] = 0x410fd4f1;
	record.value[SEA_HOST_ARM_MPIDR] = 0x81000300;
	record.value[SEA_HOST_ARM_AFFINITY] = 2;
	record.value[SEA_HOST_ARM_PSCI] = 0x10;
	assert_string_equal(decoded(&record).text, "processor error: midr 0x410fd4f1");
	record.value[SEA_HOST_ARM_VALID] = 7;
	assert_string_equal(decoded(&record).text,
			    "processor error: midr 0x410fd4f1, mpidr 0x81000300, affinity 2, not "
			    "running, psci 0x10");
	record.value[SEA_HOST_ARM_RUNNING] = 1;
	assert_string_equal(decoded(&record).text,
			    "processor error: midr 0x410fd4f1, mpidr 0x81000300, affinity 2, "
			    "running");
}

static void dimms(void **state)
{
	struct sea_host_record record = record_of(SEA_HOST_TYPE_MC_EVENT);
	struct sea_host_event event;

	(void)state;
	record.known = SEA_HOST_HAS_ADDRESS;
	record.address = 0x48123040;
	record.severity = 1;
	record.value[0] = 1;
	event = decoded(&record);
	assert_int_equal(event.kind, SEA_HOST_MC_EVENT);
	assert_int_equal(event.known, SEA_HOST_ADDRESS);
	assert_true(event.address == 0x48123040);
	assert_string_equal(event.text, "1 uncorrected error on an unknown DIMM");
	record.value[0] = 2;
	record.severity = 99;
	strcpy(record.text[SEA_HOST_MC_MESSAGE], "multi-bit ECC");
	strcpy(record.text[SEA_HOST_MC_LABEL], "DIMM_A1");
	strcpy(record.text[SEA_HOST_MC_DETAIL], "node:0 card:1");
	assert_string_equal(decoded(&record).text,
			    "2 unknown errors: multi-bit ECC on DIMM_A1 (node:0 card:1)");
}

/* Texts come from firmware: neither their length nor what is in them can be trusted. */
static void hostile_texts(void **state)
{
	struct sea_host_record record = record_of(SEA_HOST_TYPE_MC_EVENT);
	struct sea_host_event event;
	size_t i;

	(void)state;
	memset(record.text, 'x', sizeof(record.text));
	event = decoded(&record);
	assert_true(strlen(event.text) < sizeof(event.text));
	memset(record.text, 0, sizeof(record.text));
	strcpy(record.text[SEA_HOST_MC_LABEL], "\033[2J\n\xe2\x80\xae\xff</script>");
	event = decoded(&record);
	for (i = 0; event.text[i]; i++)
		assert_true((unsigned char)event.text[i] >= ' ' &&
			    (unsigned char)event.text[i] < 0x7f);
}

static void vendors(void **state)
{
	static const __u8 type[16] = {0xce, 0x14, 0xbc, 0xa5, 0x3c, 0xbd, 0xfa, 0x42,
				      0x9e, 0x0a, 0xa3, 0xd2, 0x05, 0xac, 0x12, 0x34};
	struct sea_host_record record = record_of(SEA_HOST_TYPE_NON_STANDARD);

	(void)state;
	memcpy(&record.value[0], type, sizeof(type));
	record.value[4] = 40;
	record.severity = 1;
	assert_string_equal(
		decoded(&record).text,
		"fatal error of the vendor's kind a5bc14ce-bd3c-42fa-9e0a-a3d205ac1234, "
		"40 bytes, of an unknown part (00000000-0000-0000-0000-000000000000)");
	strcpy(record.text[0], "CPU1");
	assert_non_null(strstr(decoded(&record).text, "of CPU1 (0000"));
}

static void actions(void **state)
{
	struct sea_host_record record = record_of(SEA_HOST_TYPE_MF_EVENT);
	struct sea_host_event event;

	(void)state;
	record.known = SEA_HOST_HAS_PFN;
	record.pfn = 5;
	record.flags = 13;
	record.result = 3;
	event = decoded(&record);
	assert_int_equal(event.kind, SEA_HOST_MF_EVENT);
	assert_int_equal(event.known, SEA_HOST_PFN | SEA_HOST_RESULT);
	assert_string_equal(event.text, "recovery of a page of type 13: recovered");
	record.result = 4;
	assert_string_equal(decoded(&record).text, "recovery of a page of type 13: unknown");
	record.result = -1;
	assert_string_equal(decoded(&record).text, "recovery of a page of type 13: unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_ours_are_valid),
		cmocka_unit_test(memory_failure),
		cmocka_unit_test(sigbus),
		cmocka_unit_test(processors),
		cmocka_unit_test(dimms),
		cmocka_unit_test(hostile_texts),
		cmocka_unit_test(vendors),
		cmocka_unit_test(actions),
	};

	return cmocka_run_group_tests_name("host-record", tests, NULL, NULL);
}
