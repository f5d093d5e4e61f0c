/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * esr.h - what an exception syndrome says, in the words of the Arm ARM.
 *
 * Source: Arm Architecture Reference Manual for A-profile (DDI 0487), section
 * D24.2.40 "ESR_EL2", ISS encodings for Instruction Abort and Data Abort.
 */
#ifndef SEA_ESR_H
#define SEA_ESR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* sea_esr::level, where the fault status code has none. Levels are -2 to 3. */
#define SEA_ESR_NO_LEVEL INT8_MIN

/* Enough for every text of sea_esr_format(). */
#define SEA_ESR_TEXT_LEN 192

struct sea_esr {
	uint8_t ec;	      /* exception class, bits 31:26 */
	const char *ec_name;  /* never NULL, static */
	bool il;	      /* 32-bit instruction, bit 25 */
	bool is_abort;	      /* an Instruction or Data Abort: the rest holds, else it is 0 */
	bool is_instruction;  /* an Instruction Abort */
	uint8_t fsc;	      /* fault status code, bits 5:0 */
	const char *fsc_name; /* NULL if not an abort; static, without the level */
	int8_t level;	      /* of the translation table walk */
	bool is_sea;	      /* external abort, or parity or ECC error, of any kind */
	bool is_walk;	      /* on a translation table walk */
	bool fnv;	      /* FAR not valid; only with FSC 0x10 */
	bool far_valid;	      /* FAR_ELx holds the faulting address */
	bool ea;	      /* external abort type: IMPLEMENTATION DEFINED */
	bool s1ptw;	      /* fault on stage 2 for a stage 1 translation table walk */
	uint8_t set;	      /* synchronous error type; only with FSC 0x10 */
	const char *set_name; /* "UER", "UC", "UEO"; NULL if it says nothing */
	/* Data Aborts only: */
	bool wnr;  /* write, not read */
	bool cm;   /* cache maintenance */
	bool vncr; /* access through VNCR_EL2 */
	bool isv;  /* bits 23:14 are valid */
};

/* Decodes any 64-bit value of ESR_EL1, ESR_EL2 or KVM's arm_sea.esr. */
void sea_esr_decode(uint64_t esr, struct sea_esr *out);

/*
 * One line of text, as in "Data Abort from a lower Exception level, read,
 * Synchronous External abort on translation table walk, level 3, S1PTW".
 * Always terminated. Returns the length of the whole text, as snprintf() does.
 */
size_t sea_esr_format(uint64_t esr, char *text, size_t size);

#endif /* SEA_ESR_H */
