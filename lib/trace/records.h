/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records.h - which records of the ring buffers this program understands.
 */
#ifndef SEA_RECORDS_H
#define SEA_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

/* A record from the ring buffer is one that this program understands. */
bool sea_trace_event_valid(const void *data, size_t size);
/* The same for a struct sea_vm_event. */
bool sea_trace_vm_event_valid(const void *data, size_t size);

#endif /* SEA_RECORDS_H */
