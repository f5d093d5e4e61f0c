/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest in AArch32, in its instruction set A32, at GUEST_CODE. Its vectors come
 * first. It is assembled for itself, as no assembler of AArch64 knows A32; to the VMM it
 * is data, guest32_code.
 *
 *	r0	address to access	r9	GUEST_MMIO
 *	r3	value read or written	r10	where to go on
 *	r1 r2 r4 scratch
 *
 * r9 and r10 are set by the VMM and never change. The ports are read and written by
 * halves: the upper ones are 0.
 */
#include "guest.h"

/* DFSR.LPAE, and of the fault status what tells SErrors: in the long and the short format */
#define FSR_LPAE (1 << 9)
#define FSR_LONG_MASK 0x3f
#define FSR_LONG_SERROR 0x11
#define FSR_SHORT_MASK 0x40f
#define FSR_SHORT_SERROR 0x406

	.syntax	unified
	.arch	armv8-a
	.arm
	.text
vectors:
	b	stray			/* reset, which is none of EL1's */
	b	stray			/* undefined instruction */
	b	stray			/* SVC */
	b	prefetch_abort
	b	data_abort		/* and SErrors */
	b	stray
	b	stray			/* IRQ */
	b	stray			/* FIQ */
	.org	GUEST32_START

start:
	ldr	r0, [r9, #PORT_ADDRESS]
	/* From here on the next access may be going to meet poison. */
	ldr	r1, [r9, #PORT_OP]
	cmp	r1, #OP_STORE
	beq	store
	cmp	r1, #OP_FETCH
	beq	fetch
	cmp	r1, #OP_WALK
	bne	load
	mcr	p15, 0, r1, c8, c7, 0	/* TLBIALL */
	dsb	nsh
	isb
load:
	ldr	r3, [r0]
	b	done
store:
	mov	r3, r0
	str	r3, [r0]
	b	done
	/* The page has code that returns with a value in r3. */
fetch:
	blx	r0
done:
	str	r3, [r9, #PORT_VALUE]
	b	start

prefetch_abort:
	sub	r4, lr, #4
	mrc	p15, 0, r1, c5, c0, 1	/* IFSR */
	mrc	p15, 0, r2, c6, c0, 2	/* IFAR */
	b	report_abort

data_abort:
	sub	r4, lr, #8
	mrc	p15, 0, r1, c5, c0, 0	/* DFSR */
	tst	r1, #FSR_LPAE
	movw	r2, #FSR_SHORT_MASK
	movwne	r2, #FSR_LONG_MASK
	and	r2, r1, r2
	movw	r3, #FSR_SHORT_SERROR
	movwne	r3, #FSR_LONG_SERROR
	cmp	r2, r3
	beq	serror
	mrc	p15, 0, r2, c6, c0, 0	/* DFAR */
report_abort:
	str	r1, [r9, #PORT_ABORT_ESR]
	str	r2, [r9, #PORT_ABORT_FAR]
	str	r4, [r9, #PORT_ABORT_ELR]
	b	go_on

serror:
	str	r1, [r9, #PORT_SERROR]
	b	go_on

stray:
	mrs	r1, cpsr
	str	r1, [r9, #PORT_STRAY_ESR]
	str	lr, [r9, #PORT_STRAY]

	/*
	 * Whatever was aborted is given up. SPSR has the mode to go back to, but not in
	 * QEMU, see tests/host/qemu/README.md.
	 */
go_on:
	msr	cpsr_xc, #GUEST32_CPSR
	bx	r10
