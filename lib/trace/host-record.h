/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host-record.h - the kernel's records of what the host did about bad memory, and what
 * they say.
 */
#ifndef SEA_TRACE_HOST_RECORD_H
#define SEA_TRACE_HOST_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "model/record.h"
#include "sea_host.h"

/* A record from the ring buffer is one that this program understands. */
bool sea_host_record_valid(const void *data, size_t size);

/* Of a valid one; the VM is the caller's to find: vm_id is 0. */
void sea_host_record_decode(const struct sea_host_record *record, struct sea_host_event *event);

#endif /* SEA_TRACE_HOST_RECORD_H */
