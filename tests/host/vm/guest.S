/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the guest runs, in AArch64, at EL1, or at EL2 with HCR_EL2.E2H set,
 * where the same names are of EL2's registers. The VMM copies it to GUEST_CODE;
 * nothing in it depends on where it is. No stack, no memory of its own.
 *
 *	x0	address to access	x9	GUEST_MMIO
 *	x3	value read or written	x10	guest_code: where to go on
 *	x1 x2 x4 to x7 scratch		x11	address of the page's descriptor
 *					x30	return address of OP_FETCH
 *
 * x9 and x10 are set by the VMM and never change, for vectors to rely upon. It
 * sets x11 for OP_UNMAPPED.
 */
#include "guest.h"

	.arch	armv8.2-a

#define VNCR_EL2 s3_4_c2_c2_0
#define VSESR_EL2 s3_4_c5_c2_3
#define VBAR_EL12 s3_5_c12_c0_0

/* What a guest's guest calls the guest for; and ESR_ELx of a call, but for that */
#define NESTED_DONE 0
#define NESTED_ABORT 1
#define NESTED_SERROR 2
#define NESTED_AGAIN 3
#define ESR_HVC 0x5a000000
#define ESR_SVC 0x56000000

/* Times 65536 turns of a loop: some milliseconds, also where a turn is emulated */
#define NESTED_WAIT 0x20
#define CURRENT_EL2 8
#define EC_DABT_LOWER 0x24
#define EC_DABT_SAME 0x25 /* an access to a register of EL2, in its page */

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

	op	OP_NESTED
	adr	x2, nested
	ldr	x6, =GUEST_HCR_NESTED
	b	run_nested

	op	OP_UNMAPPED
	and	x1, x0, #~0xfff
	ldr	xzr, [x1]
	str	xzr, [x11]
	dsb	ish
	ldr	x3, [x0]
	b	done

	op	OP_ROUTED
	mov	x7, #(GUEST_DATA_VA - GUEST_DATA)
	sub	x0, x0, x7
	adr	x2, routed
	ldr	x6, =GUEST_HCR_ROUTED
	b	run_nested

	op	OP_STAGE2
	mov	x7, #(GUEST_DATA_NESTED - GUEST_DATA_VA)
	add	x0, x0, x7
	adr	x2, routed
	ldr	x6, =GUEST_HCR_STAGE2
	b	run_nested

	op	OP_NESTED_TEA
	adr	x2, nested
	ldr	x6, =GUEST_HCR_NESTED_TEA
	b	run_nested

	op	OP_BRK
	brk	#0x80
	b	done

	op	OP_EL0
	adr	x2, el0
	msr	elr_el1, x2
	msr	spsr_el1, xzr
	eret

	op	OP_TAGGED
	movk	x0, #GUEST_TAG << 8, lsl #48
	ldr	x3, [x0]
	b	done

	op	OP_NESTED_WALK
	adr	x2, nested_later
	ldr	x6, =GUEST_HCR_NESTED
	b	run_nested

	.balign	4
el0:
	ldr	x3, [x0]
	svc	#0

run_nested:
	and	x1, x0, #~0xfff
	msr	VNCR_EL2, x1
	adr	x1, nested_vectors
	msr	VBAR_EL12, x1
	msr	hcr_el2, x6
	msr	elr_el1, x2
	mov	x1, #GUEST_PSTATE_EL1
	msr	spsr_el1, x1
	isb
	eret

/*
 * The guest's guest. Its stage 1 is off. KVM maps the page behind VNCR_EL2 when it is
 * first accessed, and when it next runs this vCPU: from then on the VMM may have the
 * table that does so go bad.
 */
nested_later:
	mrs	x3, VSESR_EL2
	hvc	#NESTED_AGAIN
	mov	x7, #(GUEST_DATA_VA - GUEST_DATA)
	sub	x1, x0, x7
	and	x1, x1, #~0xfff
	str	x7, [x1, #GUEST_NESTED_MARK]
	mov	x5, #(NESTED_WAIT << 24)
1:	ldr	x7, [x1, #GUEST_NESTED_GO]
	cbnz	x7, nested
	subs	x5, x5, #1
	b.ne	1b
nested:
	mrs	x3, VSESR_EL2
	hvc	#NESTED_DONE
routed:
	ldr	x3, [x0]
	hvc	#NESTED_DONE

/*
 * The vectors. Whatever was aborted is given up, as a guest does that kills
 * the process concerned: ERET goes to guest_code.
 */
	.macro	vector offset:req, handler:req
	.org	guest_vectors + \offset
	mov	x5, #\offset
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
	vector	0x400, on_lower				/* EL0, and a guest's guest */
	vector	0x480, on_stray
	vector	0x500, on_stray
	vector	0x580, on_lower_serror
	.irp	offset, 0x600, 0x680, 0x700, 0x780	/* EL0 in AArch32 */
	vector	\offset, on_stray
	.endr
	.org	guest_vectors + 0x800

on_abort:
	mrs	x1, esr_el1
	mrs	x2, far_el1
	mrs	x4, elr_el1
report_abort:
	str	x1, [x9, #PORT_ABORT_ESR]
	str	x2, [x9, #PORT_ABORT_FAR]
	str	x4, [x9, #PORT_ABORT_ELR]
	b	go_on

on_lower_serror:
	mov	x6, #GUEST_PSTATE_EL2
	msr	spsr_el1, x6
on_serror:
	mrs	x1, esr_el1
report_serror:
	str	x1, [x9, #PORT_SERROR]
	b	go_on

/* Of what its guest or EL0 has seen, the guest speaks as if it were its own. */
on_lower:
	mrs	x6, CurrentEL
	cmp	x6, #CURRENT_EL2
	mov	x6, #GUEST_PSTATE_EL1
	mov	x7, #GUEST_PSTATE_EL2
	csel	x6, x7, x6, eq
	msr	spsr_el1, x6
	mrs	x6, esr_el1
	ldr	x7, =ESR_SVC
	cmp	x6, x7
	b.eq	2f
	ldr	x7, =ESR_HVC
	sub	x6, x6, x7
	cmp	x6, #NESTED_ABORT
	b.eq	report_abort
	cmp	x6, #NESTED_SERROR
	b.eq	report_serror
	cmp	x6, #NESTED_AGAIN
	b.eq	3f
	cmp	x6, #NESTED_DONE
	b.ne	1f
2:	adr	x6, done
	msr	elr_el1, x6
	eret
3:	mov	x6, #GUEST_PSTATE_EL1
	msr	spsr_el1, x6
	eret
1:	mrs	x6, esr_el1
	lsr	x6, x6, #26
	cmp	x6, #EC_DABT_LOWER
	b.eq	on_abort
	cmp	x6, #EC_DABT_SAME
	b.eq	on_abort
	b	on_stray

on_stray:
	mrs	x2, esr_el1
	str	x2, [x9, #PORT_STRAY_ESR]
	str	x5, [x9, #PORT_STRAY]

go_on:
	msr	elr_el1, x10
	eret

	.balign	2048
nested_vectors:
	.org	nested_vectors + 0x200
	mrs	x1, esr_el1
	mrs	x2, far_el1
	mrs	x4, elr_el1
	hvc	#NESTED_ABORT
	.org	nested_vectors + 0x380
	/* The table is to be good again when KVM is next called for. */
	mov	x5, #(NESTED_WAIT << 20)
1:	subs	x5, x5, #1
	b.ne	1b
	mrs	x1, esr_el1
	hvc	#NESTED_SERROR

	.ltorg
	.globl	guest_code_end
guest_code_end:

/* What the data pages are full of: code, for OP_FETCH, and 8 bytes long */
	.balign	8
	.globl	guest_data_word
guest_data_word:
	mov	x3, #0x5ea
	ret

	.section .note.GNU-stack, "", %progbits
