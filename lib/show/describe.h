/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * describe.h - an entry of the log in words, and the small pictures of numbers.
 */
#ifndef SEA_DESCRIBE_H
#define SEA_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>

#include "names/name.h"
#include "show/log.h"

#define SEA_DESCRIBE_LEN 512

/*
 * What happened, without when and to whom: "SEA forwarded, ambiguous walk: read, ...".
 * addresses: with the guest's.
 */
void sea_describe(const struct sea_logged *entry, bool addresses, char *out, size_t size);

/* What wait(2) said: "exited with status 1", "killed by signal 7 (Bus error)". */
void sea_describe_end(int wait_status, char *out, size_t size);

/* "named by an option of the VMM's command line"; static. */
const char *sea_describe_origin(enum sea_vm_origin origin);

/* A sentence on what a disposition, a reason or a response is; static. */
const char *sea_describe_disposition(unsigned int disposition);
const char *sea_describe_reason(unsigned int reason);
const char *sea_describe_response(unsigned int response);

/* 840us, 7.2ms, 1.5s; and 3s, 5m, 2h, 9d. */
void sea_describe_latency(__u64 ns, char *out, size_t size);
void sea_describe_age(__u64 ns, char *out, size_t size);
/* A rate as the column has it: 0, 0.3, 9.0, 95050. */
void sea_describe_rate(double rate, char *out, size_t size);

/* A character for each number, from none to the largest: "_.:|" or what UTF-8 has. */
void sea_describe_spark(const __u64 *numbers, size_t nr, char *out, size_t size);

#endif /* SEA_DESCRIBE_H */
