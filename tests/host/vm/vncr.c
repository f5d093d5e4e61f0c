// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest at EL2 is at EL1 in truth. With FEAT_NV2 the CPU turns its accesses to
 * many of EL2's registers into loads from and stores to a page, for which KVM
 * has allocated one for each vCPU: vcpu->arch.ctxt.vncr_array.
 *
 * VSESR_EL2 is one of them. KVM itself looks at its line only when it runs a
 * guest of the guest's, or when somebody asks for the registers in it: the
 * host survives if that line goes bad, and no more of the page.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "btf.h"
#include "guest.h"
#include "probe.h"
#include "ras.h"
#include "vncr.h"

/* Of the linear map, with pages of 4 KiB */
static const unsigned int va_bits[] = {39, 48, 52};

uint64_t vncr_vsesr(const struct vcpu *vcpu)
{
	const uint64_t sign = 0x5e5ec0de00000000 | (unsigned int)vcpu->fd;
	uint64_t page, ram;
	char vncr_array[64];

	snprintf(vncr_array, sizeof(vncr_array), "+%u(%%x0)",
		 btf_offset("kvm_vcpu", "arch") + btf_offset("kvm_vcpu_arch", "ctxt") +
			 btf_offset("kvm_cpu_context", "vncr_array"));
	page = probe_vcpu(vcpu, vncr_array);
	ram = probe_vcpu(vcpu, "@memstart_addr");

	/* It is found where KVM is seen to write what the register is set to. */
	vcpu_set_reg(vcpu, REG_VSESR_EL2, sign);
	for (unsigned int i = 0; i < sizeof(va_bits) / sizeof(va_bits[0]); i++) {
		uint64_t pa = page + (1UL << va_bits[i]) + ram + VSESR_OFFSET;

		if (ras_peek(pa) == sign)
			return pa;
	}
	errx(EXIT_ENVIRONMENT,
	     "the VNCR page is not found: %#" PRIx64 " in the kernel, RAM from %#" PRIx64, page,
	     ram);
}
