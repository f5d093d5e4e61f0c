/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry, exception vectors and the accesses under test. The program runs at
 * EL2 (EL3 only starts it) and drops to EL1 or EL0 for one access at a time;
 * whatever exception ends that brings it back, with the syndrome in "taken".
 */
	.arch	armv8.8-a+sve+mops

	.section .text.start, "ax"
	.globl	_start
_start:
	mrs	x0, mpidr_el1
	and	x0, x0, #0xff
	cbz	x0, 1f
0:	wfe
	b	0b
1:	adrp	x0, stack_top
	add	x0, x0, :lo12:stack_top
	mrs	x1, CurrentEL
	cmp	x1, #(3 << 2)
	b.ne	2f
	/* Non-secure, AArch64 below, HVC allowed, HCRX_EL2 and SVE usable */
	mov	x1, #0x531
	mov	x2, #(1 << 38)
	orr	x1, x1, x2
	msr	scr_el3, x1
	mov	x1, #(1 << 8)
	msr	cptr_el3, x1
	mov	x1, #0xf
	isb
	msr	S3_6_C1_C2_0, x1		/* ZCR_EL3 */
	adrp	x1, vectors_el3
	add	x1, x1, :lo12:vectors_el3
	msr	vbar_el3, x1
	mov	x1, #0x3c9			/* EL2h, masked */
	msr	spsr_el3, x1
	adr	x1, 2f
	msr	elr_el3, x1
	mov	x19, #1
	b	3f
2:	mov	x20, x0
	mov	sp, x0
	adrp	x1, vectors_el2
	add	x1, x1, :lo12:vectors_el2
	msr	vbar_el2, x1
	isb
	mov	x0, x19
	bl	selftest
	b	exit
3:	eret

/* exit(status): by semihosting, so that QEMU exits with it */
exit:
	sub	sp, sp, #16
	mov	x2, #0x26
	movk	x2, #2, lsl #16			/* ADP_Stopped_ApplicationExit */
	stp	x2, x0, [sp]
	mov	x1, sp
	mov	w0, #0x20			/* SYS_EXIT_EXTENDED */
	hlt	#0xf000

/*
 * enter(pc, spsr, x0, x1): run pc at the Exception level of spsr until an
 * exception comes here.
 */
	.globl	enter
enter:
	adrp	x9, context
	add	x9, x9, :lo12:context
	stp	x19, x20, [x9]
	stp	x21, x22, [x9, #16]
	stp	x23, x24, [x9, #32]
	stp	x25, x26, [x9, #48]
	stp	x27, x28, [x9, #64]
	stp	x29, x30, [x9, #80]
	mov	x10, sp
	mov	x11, #1
	stp	x10, x11, [x9, #96]
	msr	elr_el2, x0
	msr	spsr_el2, x1
	mov	x0, x2
	mov	x1, x3
	eret

/* set_scr(set, clear) for an EL3 that set up our vectors */
	.globl	set_scr
set_scr:
	smc	#0
	ret

	.macro	vector_table name, handler
	.balign	2048
\name:
	.set	offset, 0
	.rept	16
	.balign	128
	mov	x18, #offset
	b	\handler
	.set	offset, offset + 128
	.endr
	.endm

	.text
	vector_table vectors_el2, taken_el2
	vector_table vectors_el3, taken_el3
	/* What arrives at EL1 is passed on, with the evidence in EL1's registers */
	.globl	vectors_el1
	.balign	2048
vectors_el1:
	.rept	16
	.balign	128
	hvc	#1
	.endr

taken_el2:
	mrs	x0, esr_el2
	mrs	x1, far_el2
	mov	x2, #2
	lsr	x3, x0, #26
	cmp	x3, #0x16
	b.ne	1f
	and	x3, x0, #0xffff
	cmp	x3, #1
	b.ne	1f
	mrs	x0, esr_el1
	mrs	x1, far_el1
	mov	x2, #1
1:	mrs	x3, hpfar_el2
back:
	adrp	x9, taken
	add	x9, x9, :lo12:taken
	stp	x0, x1, [x9]
	stp	x2, x3, [x9, #16]
	str	x18, [x9, #32]
	adrp	x9, context
	add	x9, x9, :lo12:context
	ldp	x19, x20, [x9]
	ldp	x21, x22, [x9, #16]
	ldp	x23, x24, [x9, #32]
	ldp	x25, x26, [x9, #48]
	ldp	x27, x28, [x9, #64]
	ldp	x29, x30, [x9, #80]
	ldp	x10, x11, [x9, #96]
	cbz	x11, 1f
	str	xzr, [x9, #104]
	mov	sp, x10
	ret
1:	mov	x0, #2				/* an exception of our own */
	b	exit

taken_el3:
	mrs	x9, esr_el3
	lsr	x10, x9, #26
	cmp	x10, #0x17			/* SMC: set_scr() */
	b.ne	1f
	mrs	x9, scr_el3
	orr	x9, x9, x0
	bic	x9, x9, x1
	msr	scr_el3, x9
	eret
1:	mov	x0, x9
	mrs	x1, far_el3
	mov	x2, #3
	mov	x3, #0
	mov	x9, #0x3c9
	msr	spsr_el3, x9
	adr	x9, back
	msr	elr_el3, x9
	eret

/*
 * The accesses: x0 is the address under test, x1 another address, good memory
 * or the device's COMMAND register. Each ends with an SVC if nothing stops it.
 */
	.macro	stub name, insns:vararg
	.globl	stub_\name
	.balign	64
stub_\name:
	\insns
	svc	#0
	.endm

	.balign	4096
	.globl	stubs
stubs:
	stub	ldrb,		ldrb w2, [x0]
	stub	ldr,		ldr x2, [x0]
	stub	ldr_unaligned,	ldr x2, [x0, #3]
	stub	ldr_crossing,	ldur x2, [x0, #-3]
	stub	str_crossing,	stur x2, [x0, #-3]
	stub	ldp,		ldp x2, x3, [x0]
	stub	ldr_q,		ldr q0, [x0]
	stub	ldp_q,		ldp q0, q1, [x0]
	stub	ldp_q_crossing,	ldp q0, q1, [x0, #-16]
	stub	ld4,		ld4 {v0.16b - v3.16b}, [x0]
	stub	ldar,		ldar x2, [x0]
	stub	ldapr,		ldapr x2, [x0]
	stub	strb,		strb w2, [x0]
	stub	str,		str x2, [x0]
	stub	stp,		stp x2, x3, [x0]
	stub	stp_q,		stp q0, q1, [x0]
	stub	st4,		st4 {v0.16b - v3.16b}, [x0]
	stub	stlr,		stlr x2, [x0]
	stub	ldadd,		ldaddal x2, x3, [x0]
	stub	swp,		swpal x2, x3, [x0]
	stub	cas,		casal x2, x3, [x0]
	stub	casp,		caspal x2, x3, x4, x5, [x0]
	stub	ldxr,		ldxr x2, [x0]
	stub	ldxp,		ldxp x2, x3, [x0]
	stub	dc_zva,		dc zva, x0
	stub	prfm,		prfm pldl1keep, [x0]
	stub	fetch,		br x0
	stub	at_s1e1r,	at s1e1r, x0
	stub	at_s12e1r,	at s12e1r, x0

	/* An exclusive store to a line that went bad after the load */
	.globl	stub_stxr, stub_stxp
	.balign	64
stub_stxr:
	ldxr	x2, [x0]
	str	x5, [x1]
	stxr	w3, x2, [x0]
	svc	#0
	.balign	64
stub_stxp:
	ldxp	x2, x3, [x0]
	str	x5, [x1]
	stxp	w4, x2, x3, [x0]
	svc	#0

	.globl	stub_sve_ld1, stub_sve_st1, stub_sve_gather, stub_sve_ldff1
	.globl	stub_sve_ldnf1, stub_cpy_from, stub_cpy_to, stub_set
	.balign	64
stub_sve_ld1:
	ptrue	p0.b
	ld1b	{z0.b}, p0/z, [x0]
	svc	#0
	.balign	64
stub_sve_st1:
	ptrue	p0.b
	st1b	{z0.b}, p0, [x0]
	svc	#0
	.balign	64
stub_sve_gather:
	ptrue	p0.d
	index	z1.d, x0, #8
	ld1d	{z0.d}, p0/z, [z1.d]
	svc	#0
	.balign	64
stub_sve_ldff1:
	ptrue	p0.b
	setffr
	ldff1b	{z0.b}, p0/z, [x0]
	svc	#0
	.balign	64
stub_sve_ldnf1:
	ptrue	p0.b
	setffr
	ldnf1b	{z0.b}, p0/z, [x0]
	svc	#0
	.balign	64
stub_cpy_from:
	mov	x2, #256
	cpyfp	[x1]!, [x0]!, x2!
	cpyfm	[x1]!, [x0]!, x2!
	cpyfe	[x1]!, [x0]!, x2!
	svc	#0
	.balign	64
stub_cpy_to:
	mov	x2, #256
	cpyfp	[x0]!, [x1]!, x2!
	cpyfm	[x0]!, [x1]!, x2!
	cpyfe	[x0]!, [x1]!, x2!
	svc	#0
	.balign	64
stub_set:
	mov	x2, #256
	setp	[x0]!, x2!, x3
	setm	[x0]!, x2!, x3
	sete	[x0]!, x2!, x3
	svc	#0

	/* AArch32: ldr r2, [r0]; str r2, [r0]; then HVC, as SVC stays in EL1 */
	.globl	stub_a32_ldr, stub_a32_str
	.balign	64
stub_a32_ldr:
	.inst	0xe5902000
	.inst	0xe1400070
	.balign	64
stub_a32_str:
	.inst	0xe5802000
	.inst	0xe1400070

	.bss
	.balign	16
context:
	.skip	112
	.globl	taken
	.balign	16
taken:
	.skip	48
	.skip	16384
stack_top:
