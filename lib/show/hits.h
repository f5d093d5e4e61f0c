/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hits.h - which pages and which vCPUs the kept SEAs of one VM hit, for its page.
 */
#ifndef SEA_SHOW_HITS_H
#define SEA_SHOW_HITS_H

#include "model/view.h"
#include "show/lines.h"
#include "show/log.h"

/* entries: the VM's, newest first. Pages that were hit most come first. */
void sea_hits_put_pages(struct sea_page_text *text, const struct sea_scene *scene,
			const struct sea_logged *const *entries, size_t nr);

/* A line for each vCPU that was hit. */
void sea_hits_put_vcpus(struct sea_page_text *text, const struct sea_row *row,
			const struct sea_logged *const *entries, size_t nr);

#endif /* SEA_SHOW_HITS_H */
