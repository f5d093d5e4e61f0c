/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of the emulated host that its kernel was told to leave alone, by mem= */
#ifndef SPARE_H
#define SPARE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The physical address of @size bytes of it, at a multiple of GUEST_WINDOW, of which
 * @size is one. Needs a device tree. Ends the program if there is no such memory.
 */
uint64_t spare_memory(size_t size);

#endif
