/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest for QEMU's virt machine, started by -kernel as an ELF file, at EL1 with
 * everything off. It tags a page, says "ready" on its serial line, and for each
 * byte that it gets there loads from that page and says in a line what came of
 * it: "value", "serror", "abort" or "stray", and a number: what was loaded, or
 * ESR_EL1. On an "x" it jumps to the page instead. On an "l" it loads, and returns
 * from an abort to the same instruction, as often as there is one. No stack.
 *
 *	x19	PL011		x20	the page	x21	return from aborts
 *	x0 x1	text and number to say	x2 x3 x4 x30	scratch
 */
#include "guest.h"

#define UART 0x09000000
#define UART_DR 0x00
#define UART_FR 0x18
#define UART_FR_RXFE 4
#define UART_CR 0x30
#define UART_CR_ON 0x301 /* UARTEN, TXE, RXE */
#define UART_IMSC 0x38
#define UART_IMSC_RX 0x10

/* The GICv3's distributor, and interrupt 33, the UART's: bit 1 of its second word */
#define GICD 0x08000000
#define GICD_CTLR 0x000
#define GICD_CTLR_ON 0x12 /* ARE, group 1 */
#define GICD_IGROUPR1 0x084
#define GICD_ISENABLER1 0x104
#define UART_IRQ 0x2

	.arch	armv8-a
	.text
	.globl	_start
_start:
	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	ldr	x19, =UART
	ldr	x20, =GUEST_PAGE
	mov	w0, #UART_CR_ON
	str	w0, [x19, #UART_CR]
	mov	w0, #UART_IMSC_RX
	str	w0, [x19, #UART_IMSC]

	/* A byte's interrupt ends a WFI. It stays masked: nobody handles it. */
	ldr	x2, =GICD
	mov	w0, #GICD_CTLR_ON
	str	w0, [x2, #GICD_CTLR]
	mov	w0, #UART_IRQ
	str	w0, [x2, #GICD_IGROUPR1]
	str	w0, [x2, #GICD_ISENABLER1]
	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb

	ldr	x0, =GUEST_TAG_0
	ldr	x1, =GUEST_TAG_1
	stp	x0, x1, [x20]
	dsb	sy
	adr	x0, text_ready
	ldr	x1, [x20]
	b	report

idle:
	wfi
next:
	/* Masked again by each exception; whatever it hit is given up. */
	msr	daifclr, #4
	ldr	w0, [x19, #UART_FR]
	tbnz	w0, #UART_FR_RXFE, idle
	ldr	w0, [x19, #UART_DR]
	and	w0, w0, #0xff
	cmp	w0, #'l'
	cset	x21, eq
	cmp	w0, #'x'
	b.ne	1f
	blr	x20
1:	ldr	x1, [x20]
	/* An SError has come by here. */
	dsb	sy
	isb
	adr	x0, text_value

/* The text in x0, the number in x1, and the line's end */
report:
	ldrb	w2, [x0], #1
	cbz	w2, 1f
	str	w2, [x19, #UART_DR]
	b	report
1:	mov	w3, #16
2:	ror	x1, x1, #60
	and	w2, w1, #15
	cmp	w2, #10
	add	w4, w2, #'0'
	add	w2, w2, #'a' - 10
	csel	w2, w4, w2, lo
	str	w2, [x19, #UART_DR]
	subs	w3, w3, #1
	b.ne	2b
	mov	w2, #'\n'
	str	w2, [x19, #UART_DR]
	b	next

	.macro	vector offset:req, text:req
	.org	vectors + \offset
	adr	x0, \text
	mrs	x1, esr_el1
	b	report
	.endm

	.balign	2048
vectors:
	.irp	offset, 0x000, 0x080, 0x100, 0x180	/* EL1 with SP_EL0 */
	vector	\offset, text_stray
	.endr
	.org	vectors + 0x200				/* EL1 with SP_EL1 */
	cbnz	x21, 1f
	adr	x0, text_abort
	mrs	x1, esr_el1
	b	report
1:	eret
	vector	0x280, text_stray
	vector	0x300, text_stray
	vector	0x380, text_serror

text_ready:
	.asciz	"ready "
text_value:
	.asciz	"value "
text_serror:
	.asciz	"serror "
text_abort:
	.asciz	"abort "
text_stray:
	.asciz	"stray "

	.section .note.GNU-stack, "", %progbits
