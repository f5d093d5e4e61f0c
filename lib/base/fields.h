/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fields.h - what can be shown of a thing, each of it described once.
 *
 * A field is one thing that is shown of an object: a row of a view, a view, or
 * whatever else has a list of fields. Its JSON path, column, metric, unit, kind and
 * help stand in one place, and table, JSON, CSV, metrics, --help and the manuals are
 * made from them. The lists are in lib/model: row-fields.c and view-fields.c.
 */
#ifndef SEA_FIELDS_H
#define SEA_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <linux/types.h>

enum sea_kind {
	SEA_COUNTER, /* a number that only grows */
	SEA_GAUGE,   /* a number that comes and goes */
	SEA_REAL,    /* the same with a fraction */
	SEA_FLAG,    /* true or false */
	SEA_TEXT,
	SEA_TIME,      /* a moment; RFC 3339 in UTC in JSON */
	SEA_HISTOGRAM, /* an array of counters; slot i is of [2^i, 2^(i+1)) units */
	SEA_KINDS,
};

/* "counter", "gauge", ...; static. */
const char *sea_kind_name(enum sea_kind kind);

enum sea_unit {
	SEA_UNIT_NONE,
	SEA_UNIT_SEAS,
	SEA_UNIT_ANSWERS,
	SEA_UNIT_VMS,
	SEA_UNIT_RECORDS,
	SEA_UNIT_NS,
	SEA_UNIT_US,
	SEA_UNIT_PER_SECOND,
	SEA_UNITS,
};

/* "SEAs", "ns", "1/s", ...; "" for none; static. */
const char *sea_unit_name(enum sea_unit unit);

/* How a cell of a table is written, where the kind does not say it all. */
enum sea_cell {
	SEA_CELL_PLAIN,
	SEA_CELL_NAME,	  /* of a VM: may be cut, and is what remains when room is scarce */
	SEA_CELL_LATENCY, /* nanoseconds as 840us, 7.2ms, 1.5s */
	SEA_CELL_AGE,	  /* nanoseconds as 3s, 5m, 2h, 9d */
	SEA_CELL_RIGHT,	  /* text that stands at the right, as numbers do */
	SEA_CELL_LAST,	  /* what the last SEA was: shown in shorter forms where room is scarce */
};

#define SEA_VALUE_LEN 320

/* What a getter fills in: the member that is of the field's kind. */
struct sea_value {
	bool known;   /* false: null in JSON, "-" in a table */
	__u64 number; /* SEA_COUNTER, SEA_GAUGE; SEA_FLAG: 0 or 1; SEA_TEXT: its place in an order
		       */
	double real;  /* SEA_REAL; SEA_HISTOGRAM: the sum of all that it counted, in its unit */
	const char *text; /* SEA_TEXT: static, the object's, or in buffer; valid UTF-8 */
	struct timespec time;
	const __u64 *slots; /* SEA_HISTOGRAM: the object's */
	size_t nr_slots;
	char buffer[SEA_VALUE_LEN];
};

struct sea_field {
	const char *path;   /* in JSON: "dispositions.claimed"; NULL: not there */
	const char *column; /* "CLAIM"; NULL: no column */
	const char *metric; /* "sea_taken_total"; NULL: none */
	/*
	 * Of the metric: "disposition=\"claimed\""; NULL: none. SEA_TEXT: the name of the label
	 * that has the text; fields of one metric are labels of one sample, whose value is 1.
	 */
	const char *labels;
	const char *family; /* help of a metric of several fields: "SEAs taken"; NULL: `help` */
	const char *help;   /* a phrase: "SEAs claimed" */
	enum sea_kind kind;
	enum sea_unit unit;
	enum sea_cell cell;
	/*
	 * Of a column: 0 is shown on demand only. Otherwise the column is a default one,
	 * there if the width has room for all columns up to this rank.
	 */
	int rank;
	/* SEA_TEXT is sorted by value.number, smallest first, and not by the letters. */
	bool ordered;
	__u32 where;   /* which objects have it: bits of the list's own; 0: all */
	size_t offset; /* of a __u64 in the object, where there is no getter */
	/* The value starts zeroed but for known, which is true. */
	void (*get)(const void *object, struct sea_value *value);
};

/* Start of a list of fields, in the order in which they are shown. */
struct sea_fields {
	const struct sea_field *list;
	size_t nr;
};

/* Reads the field of the object. */
void sea_field_get(const struct sea_field *field, const void *object, struct sea_value *value);

/*
 * Where the objects stand in a list that is sorted by the field: less than 0 if a is
 * above b. Numbers and times downwards, text upwards; what is not known comes last.
 */
int sea_field_compare(const struct sea_field *field, const void *a, const void *b);

/*
 * The field whose column is called name, in letters of either case; or the one with a
 * column whose JSON path that is ("rate" for "/s"); or NULL.
 */
const struct sea_field *sea_field_by_column(const struct sea_fields *fields, const char *name);
/* The field of this JSON path, or NULL. */
const struct sea_field *sea_field_by_path(const struct sea_fields *fields, const char *path);

/* The value as a cell of a table, printable; "-" if it is not known. */
void sea_field_cell(const struct sea_field *field, const struct sea_value *value, char *out,
		    size_t size);

/* Cells of the field stand at the right: numbers, and what looks like one. */
bool sea_field_is_right(const struct sea_field *field);

#endif /* SEA_FIELDS_H */
