/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's table that maps what a guest has put behind VNCR_EL2 for its guest */
#ifndef VNCR_WALK_H
#define VNCR_WALK_H

#include <stdint.h>

/* All addresses are physical ones of the host's. */

/* Where the tables of the fixmap are */
uint64_t vncr_table(void);
/* The descriptor there that maps one of the pages; 0: none does */
uint64_t vncr_find(uint64_t table, const uint64_t *pages, unsigned int nr_pages);
/* The page that the descriptor maps; 0: none */
uint64_t vncr_mapped(uint64_t desc);

#endif
