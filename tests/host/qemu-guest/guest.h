/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest and poison-guest agree upon: the page that goes bad, a physical
 * address of the guest, and what the guest writes there for it to be found by.
 */
#ifndef QEMU_GUEST_H
#define QEMU_GUEST_H

#define GUEST_PAGE 0x42000000
#define GUEST_TAG_0 0x70616765206f6620
#define GUEST_TAG_1 0x7468652067756573

#endif
