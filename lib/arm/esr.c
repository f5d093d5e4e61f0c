// SPDX-License-Identifier: GPL-2.0-only
#include "arm/esr.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sea_arm.h"

static const char *ec_name(uint8_t ec)
{
	switch (ec) {
	case 0x00:
		return "Unknown reason";
	case 0x01:
		return "Trapped WF* instruction";
	case 0x07:
		return "Access to SVE, Advanced SIMD or floating-point functionality";
	case 0x0e:
		return "Illegal Execution state";
	case 0x12:
		return "HVC instruction execution in AArch32 state";
	case 0x13:
		return "SMC instruction execution in AArch32 state";
	case 0x15:
		return "SVC instruction execution in AArch64 state";
	case 0x16:
		return "HVC instruction execution in AArch64 state";
	case 0x17:
		return "SMC instruction execution in AArch64 state";
	case 0x18:
		return "Trapped MSR, MRS or System instruction execution in AArch64 state";
	case 0x19:
		return "Access to SVE functionality";
	case ESR_EC_IABT_LOW:
		return "Instruction Abort from a lower Exception level";
	case ESR_EC_IABT_CUR:
		return "Instruction Abort without a change in Exception level";
	case 0x22:
		return "PC alignment fault";
	case ESR_EC_DABT_LOW:
		return "Data Abort from a lower Exception level";
	case ESR_EC_DABT_CUR:
		return "Data Abort without a change in Exception level";
	case 0x26:
		return "SP alignment fault";
	case 0x2f:
		return "SError exception";
	case 0x3c:
		return "BRK instruction execution in AArch64 state";
	default:
		return "Other exception class";
	}
}

/*
 * Sets the name of the fault status code and the level of the walk. Runs of
 * codes that differ in the level only, from level 0 upwards, come first; the
 * levels -1 and -2 came later (FEAT_LPA2, FEAT_D128) and sit where there was room.
 */
static void decode_fsc(struct sea_esr *out)
{
	static const struct {
		uint8_t first, last;
		int8_t level; /* of first */
		bool sea, walk;
		const char *name;
	} codes[] = {
		{0x00, 0x03, 0, false, false, "Address size fault"},
		{0x04, 0x07, 0, false, false, "Translation fault"},
		{0x08, 0x0b, 0, false, false, "Access flag fault"},
		{0x0c, 0x0f, 0, false, false, "Permission fault"},
		{0x10, 0x10, SEA_ESR_NO_LEVEL, true, false, "Synchronous External abort"},
		{0x11, 0x11, SEA_ESR_NO_LEVEL, false, false, "Synchronous Tag Check Fault"},
		{0x12, 0x17, -2, true, true,
		 "Synchronous External abort on translation table walk"},
		{0x18, 0x18, SEA_ESR_NO_LEVEL, true, false,
		 "Synchronous parity or ECC error on memory access"},
		{0x1b, 0x1f, -1, true, true,
		 "Synchronous parity or ECC error on translation table walk"},
		{0x21, 0x21, SEA_ESR_NO_LEVEL, false, false, "Alignment fault"},
		{0x22, 0x27, -2, false, true, "Granule Protection Fault on translation table walk"},
		{0x28, 0x28, SEA_ESR_NO_LEVEL, false, false, "Granule Protection Fault"},
		{0x29, 0x29, -1, false, false, "Address size fault"},
		{0x2a, 0x2b, -2, false, false, "Translation fault"},
		{0x2c, 0x2c, -2, false, false, "Address size fault"},
		{0x30, 0x30, SEA_ESR_NO_LEVEL, false, false, "TLB conflict abort"},
		{0x31, 0x31, SEA_ESR_NO_LEVEL, false, false,
		 "Unsupported atomic hardware update fault"},
		{0x34, 0x34, SEA_ESR_NO_LEVEL, false, false,
		 "IMPLEMENTATION DEFINED fault (Lockdown)"},
		{0x35, 0x35, SEA_ESR_NO_LEVEL, false, false,
		 "IMPLEMENTATION DEFINED fault (Unsupported Exclusive or Atomic access)"},
	};
	size_t i;

	out->fsc_name = "Reserved fault status code";
	out->level = SEA_ESR_NO_LEVEL;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (out->fsc < codes[i].first || out->fsc > codes[i].last)
			continue;
		out->fsc_name = codes[i].name;
		out->is_sea = codes[i].sea;
		out->is_walk = codes[i].walk;
		if (codes[i].level != SEA_ESR_NO_LEVEL)
			out->level = (int8_t)(codes[i].level + (out->fsc - codes[i].first));
		return;
	}
}

static const char *set_name(uint8_t set)
{
	static const char *const names[] = {"UER", NULL, "UC", "UEO"};

	return names[set];
}

void sea_esr_decode(uint64_t esr, struct sea_esr *out)
{
	memset(out, 0, sizeof(*out));
	out->ec = (esr >> ESR_EC_SHIFT) & ESR_EC_MASK;
	out->ec_name = ec_name(out->ec);
	out->il = esr & ESR_IL;
	out->level = SEA_ESR_NO_LEVEL;

	out->is_instruction = out->ec == ESR_EC_IABT_LOW || out->ec == ESR_EC_IABT_CUR;
	out->is_abort =
		out->is_instruction || out->ec == ESR_EC_DABT_LOW || out->ec == ESR_EC_DABT_CUR;
	if (!out->is_abort)
		return;

	out->fsc = esr & ESR_FSC_MASK;
	decode_fsc(out);
	out->ea = esr & ESR_EA;
	out->s1ptw = esr & ESR_S1PTW;
	/* FnV and SET mean something else, or nothing, with all other codes. */
	if (out->fsc == ESR_FSC_EXTABT) {
		out->fnv = esr & ESR_FNV;
		out->set = (esr >> ESR_SET_SHIFT) & ESR_SET_MASK;
		out->set_name = set_name(out->set);
	}
	out->far_valid = !out->fnv;
	if (!out->is_instruction) {
		out->wnr = esr & ESR_WNR;
		out->cm = esr & ESR_CM;
		out->vncr = esr & ESR_VNCR;
		out->isv = esr & ESR_ISV;
	}
}

static void append(char *text, size_t size, size_t *len, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void append(char *text, size_t size, size_t *len, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(*len < size ? text + *len : NULL, *len < size ? size - *len : 0, format,
		      args);
	va_end(args);
	if (n > 0)
		*len += (size_t)n;
}

size_t sea_esr_format(uint64_t esr, char *text, size_t size)
{
	struct sea_esr e;
	size_t len = 0;

	if (size)
		text[0] = '\0';
	sea_esr_decode(esr, &e);
	append(text, size, &len, "%s", e.ec_name);
	if (!e.is_abort) {
		append(text, size, &len, " (EC 0x%02x)", e.ec);
		return len;
	}
	if (!e.is_instruction)
		append(text, size, &len, ", %s",
		       e.cm  ? "cache maintenance" :
		       e.wnr ? "write" :
			       "read");
	append(text, size, &len, ", %s", e.fsc_name);
	if (e.level != SEA_ESR_NO_LEVEL)
		append(text, size, &len, ", level %d", e.level);
	if (e.s1ptw)
		append(text, size, &len, ", S1PTW");
	if (e.vncr)
		append(text, size, &len, ", VNCR");
	if (e.fnv)
		append(text, size, &len, ", FnV");
	if (e.ea)
		append(text, size, &len, ", EA");
	if (e.set_name && e.set)
		append(text, size, &len, ", SET=%s", e.set_name);
	return len;
}
