// SPDX-License-Identifier: GPL-2.0-only
#include "store/encode.h"

#include <string.h>

/* The first tick of another session is not compared with the last one of this. */
static void turn_to_session(struct sea_encoder *encoder, const struct sea_session *session)
{
	if (!strcmp(encoder->run, session->run))
		return;
	sea_snapshot_free(&encoder->before);
	memcpy(encoder->run, session->run, sizeof(encoder->run));
	encoder->was_idle = false;
}

int sea_encode(struct sea_encoder *encoder, const struct sea_record *record,
	       struct sea_entry *entry, struct sea_error *err)
{
	bool is_idle;

	turn_to_session(encoder, record->session);
	*entry = (struct sea_entry){.record = *record};
	entry->record.tick = NULL;
	if (record->type != SEA_RECORD_TICK) {
		encoder->was_idle = false;
		return 0;
	}
	if (sea_change_make(&encoder->change, &encoder->before, record->tick, err) ||
	    sea_snapshot_copy(&encoder->before, record->tick, err))
		return -1;
	is_idle = sea_change_is_idle(&encoder->change);
	entry->change = &encoder->change;
	entry->extends = is_idle && encoder->was_idle;
	encoder->was_idle = is_idle;
	return 0;
}

void sea_encoder_free(struct sea_encoder *encoder)
{
	sea_snapshot_free(&encoder->before);
	sea_change_free(&encoder->change);
	memset(encoder, 0, sizeof(*encoder));
}
