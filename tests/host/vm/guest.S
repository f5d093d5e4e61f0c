/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the guest runs, in AArch64, at EL1, or at EL2 with HCR_EL2.E2H set,
 * where the same names are of EL2's registers. The VMM copies it to GUEST_CODE;
 * nothing in it depends on where it is. No stack, no memory of its own.
 *
 *	x0	address to access	x9	GUEST_MMIO
 *	x3	value read or written	x10	guest_code: where to go on
 *	x1 x2 x4 x5 scratch		x30	return address of OP_FETCH
 *
 * x9 and x10 are set by the VMM and never change, for vectors to rely upon.
 */
#include "guest.h"

	.arch	armv8.2-a

#define VSESR_EL2 s3_4_c5_c2_3

	.section .rodata
	.balign	4096
	.globl	guest_code
guest_code:
	ldr	x0, [x9, #PORT_ADDRESS]
	/* From here on the next access may be going to meet poison. */
	ldr	x1, [x9, #PORT_OP]
	adr	x2, ops
	add	x2, x2, x1, lsl #OP_SHIFT
	br	x2

done:
	str	x3, [x9, #PORT_VALUE]
	b	guest_code

	/* .org fails to assemble where the operation before is too long. */
	.macro	op number:req
	.org	ops + (\number << OP_SHIFT)
	.endm

	.balign	1 << OP_SHIFT
ops:
	op	OP_LOAD
	ldr	x3, [x0]
	b	done

	op	OP_STORE
	mov	x3, x0
	str	x3, [x0]
	b	done

	/* The page has code that returns with a value in x3. */
	op	OP_FETCH
	blr	x0
	b	done

	op	OP_ATOMIC
	ldadd	xzr, x3, [x0]
	b	done

	op	OP_EXCLUSIVE
1:	ldxr	x3, [x0]
	stxr	w5, x3, [x0]
	cbnz	w5, 1b
	b	done

	op	OP_WALK
	tlbi	vmalle1
	dsb	nsh
	isb
	ldr	x3, [x0]
	b	done

	op	OP_READ_VNCR
	mrs	x3, VSESR_EL2
	b	done

	op	OP_WRITE_VNCR
	mov	x3, x0
	msr	VSESR_EL2, x3
	b	done

/*
 * The vectors. Whatever was aborted is given up, as a guest does that kills
 * the process concerned: ERET goes to guest_code.
 */
	.macro	vector offset:req, handler:req
	.org	guest_vectors + \offset
	mov	x1, #\offset
	b	\handler
	.endm

	.balign	2048
	.globl	guest_vectors
guest_vectors:
	.irp	offset, 0x000, 0x080, 0x100, 0x180	/* EL1 with SP_EL0 */
	vector	\offset, on_stray
	.endr
	vector	0x200, on_abort				/* EL1 with SP_EL1 */
	vector	0x280, on_stray
	vector	0x300, on_stray
	vector	0x380, on_serror
	.irp	offset, 0x400, 0x480, 0x500, 0x580	/* EL0 */
	vector	\offset, on_stray
	.endr
	.irp	offset, 0x600, 0x680, 0x700, 0x780	/* EL0 in AArch32 */
	vector	\offset, on_stray
	.endr
	.org	guest_vectors + 0x800

on_abort:
	mrs	x1, esr_el1
	mrs	x2, far_el1
	mrs	x4, elr_el1
	str	x1, [x9, #PORT_ABORT_ESR]
	str	x2, [x9, #PORT_ABORT_FAR]
	str	x4, [x9, #PORT_ABORT_ELR]
	b	go_on

on_serror:
	mrs	x1, esr_el1
	str	x1, [x9, #PORT_SERROR]
	b	go_on

on_stray:
	mrs	x2, esr_el1
	str	x2, [x9, #PORT_STRAY_ESR]
	str	x1, [x9, #PORT_STRAY]

go_on:
	msr	elr_el1, x10
	eret

	.globl	guest_code_end
guest_code_end:

/* What the data pages are full of: code, for OP_FETCH, and 8 bytes long */
	.balign	8
	.globl	guest_data_word
guest_data_word:
	mov	x3, #0x5ea
	ret

	.section .note.GNU-stack, "", %progbits
