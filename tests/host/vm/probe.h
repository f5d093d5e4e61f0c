/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel keeps in its own memory, of which KVM tells nobody */
#ifndef PROBE_H
#define PROBE_H

#include <stdint.h>

#include "kvm.h"

/*
 * The value of @argument, as kprobe events write it, where the kernel has the
 * struct kvm_vcpu * of @vcpu in x0
 */
uint64_t probe_vcpu(const struct vcpu *vcpu, const char *argument);

#endif
