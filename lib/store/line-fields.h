/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line-fields.h - members of structures as fields of a JSON object, both ways.
 *
 * The text form of a recording has each field in one list, which writes it and reads
 * it. A field that is not there is 0, "", false or not known: lines are short.
 */
#ifndef SEA_LINE_FIELDS_H
#define SEA_LINE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>
#include <linux/types.h>

#include "base/error.h"
#include "store/intern.h"

enum sea_line_kind {
	SEA_LINE_NUMBER, /* an integer of `size` bytes, left out if it is 0 */
	SEA_LINE_SIGNED, /* one that may be below 0 */
	SEA_LINE_HEX,	 /* a __u64 as "0x92000010", left out if it is 0 */
	SEA_LINE_FLAG,	 /* a bool, left out if it is false */
	SEA_LINE_TEXT,	 /* `size` bytes of text, left out if it is "" */
	SEA_LINE_STATIC, /* a const char *, left out if it is NULL */
	SEA_LINE_TIME,	 /* a struct timespec in RFC 3339, left out if it is 0 */
	SEA_LINE_NAME,	 /* a number of `size` bytes by the name it has; left out if it is 0 */
};

struct sea_line_field {
	const char *name;
	enum sea_line_kind kind;
	size_t offset, size;
	/* SEA_LINE_NAME */
	const char *(*name_of)(unsigned int number);
	unsigned int nr;	/* numbers that have a name */
	unsigned int otherwise; /* for a name that only a newer program knows */
	/* The field is there if, and only if, this bit of a __u32 is set. */
	size_t known_offset;
	__u32 known;	/* 0: it is always there */
	bool is_always; /* also if it is 0 */
	bool is_guests; /* an address of the guest's: a tenant's own data */
};

/* The member's place and size, for an initialiser. */
#define SEA_LINE_OF(structure, member) \
	.offset = offsetof(structure, member), .size = sizeof(((structure *)NULL)->member)

/* Adds the fields of *from; redact: without those that are the guest's. */
void sea_line_put(json_object *object, const struct sea_line_field *fields, size_t nr,
		  const void *from, bool redact, bool *failed);

/*
 * Fills in those members of *to that the object has. The rest stays. Texts that have to
 * stay are interned. *unknown: a name was none that this program knows.
 */
int sea_line_get(json_object *object, const struct sea_line_field *fields, size_t nr, void *to,
		 struct sea_intern **texts, bool *unknown, struct sea_error *err);

/* Has to be a whole number that is not below 0; one that is missing is `otherwise`. */
int sea_line_number(json_object *object, const char *name, __u64 otherwise, __u64 *number,
		    struct sea_error *err);

#endif /* SEA_LINE_FIELDS_H */
