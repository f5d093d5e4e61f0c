// SPDX-License-Identifier: GPL-2.0-only
#include "report/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"

/* libinih cuts longer names of sections in silence. */
#define SECTION_MAX (SEA_RULE_NAME_LEN - 1)
/* It gives longer lines in two, as its buffer is that long. */
#define LINE_LEN_MAX 197

#define DEFAULT_CONFIDENCE 0.95
#define DEFAULT_TIMES 3
/* More are not told apart. */
#define TIMES_MAX 64

struct parser {
	struct sea_policy *policy;
	const char *name;		 /* of the file */
	const char *at, *end;		 /* what is still to be read */
	unsigned int line;		 /* that was read last */
	unsigned int section_line;	 /* of a section that has no key yet; 0: it has */
	bool is_empty;			 /* that section: nothing but comments came so far */
	char section[SEA_RULE_NAME_LEN]; /* that the last key was of */
	char keys[256];			 /* of that section so far: "at_most," */
	struct sea_rule *rule;		 /* of that section; NULL: it is no rule's */
	bool labels_only;
	unsigned int error_line; /* of the first error; 0: none so far */
	struct sea_error *err;
};

/* The first error is the one that is told. Returns 0, as handlers of libinih do then. */
static int __attribute__((format(printf, 3, 4)))
complain(struct parser *p, unsigned int line, const char *format, ...)
{
	char text[SEA_ERROR_LEN];
	va_list args;

	if (p->error_line && p->error_line <= line)
		return 0;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sea_error_set(p->err, "%s:%u: %s", p->name, line, text);
	p->error_line = line;
	return 0;
}

/* Foreign text as a message may have it */
struct shown {
	char text[40];
};

static const char *show(const char *text, struct shown *shown)
{
	sea_printable(text, strlen(text), shown->text, sizeof(shown->text));
	return shown->text;
}

static int set_bound(struct parser *p, const char *key, const char *value)
{
	struct sea_rule *rule = p->rule;
	const struct sea_rule_word *word = sea_rule_word(rule->kind);
	struct sea_bound bound = {0};
	struct shown shown;

	if (!word->at || strcmp(key, word->at))
		return complain(p, p->line, "a rule '%s' has no '%s'; see seatop-policy(5)",
				word->name, show(key, &shown));
	if (!sea_policy_bound(value, &bound) || !(word->forms & 1U << bound.form))
		return complain(
			p, p->line, "'%s' is no bound of '%s': give %s%s%s", show(value, &shown),
			word->name, word->forms & 1U << SEA_BOUND_COUNT ? "a whole number" : "",
			word->forms & 1U << SEA_BOUND_SHARE ?
				(word->forms & 1U << SEA_BOUND_COUNT ? ", or a share as 0.5%" :
								       "a share as 0.5%") :
				"",
			word->forms & 1U << SEA_BOUND_RATE ? ", or a rate as 2 per 1000 vm_hours" :
							     "");
	sea_printable(value, strlen(value), bound.text, sizeof(bound.text));
	rule->bound = bound;
	return 1;
}

static int set_percentile(struct parser *p, const char *value)
{
	struct shown shown;
	const char *end = sea_policy_number(value, &p->rule->percentile);

	if (end && !*end && p->rule->percentile > 0 && p->rule->percentile < 100)
		return 1;
	return complain(p, p->line, "'%s' is no percentile: give a number between 0 and 100, as 99",
			show(value, &shown));
}

static int set_within(struct parser *p, const char *value)
{
	struct shown shown;

	p->rule->within_ns = sea_policy_duration(value);
	if (p->rule->within_ns)
		return 1;
	return complain(p, p->line, "'%s' is no time: give a number of us, ms or s, as 10ms",
			show(value, &shown));
}

static int set_times(struct parser *p, const char *value)
{
	struct shown shown;

	if (sea_policy_count(value, &p->rule->times) && p->rule->times >= 1 &&
	    p->rule->times <= TIMES_MAX)
		return 1;
	return complain(p, p->line, "'%s' is no number of times: give 1 to %d", show(value, &shown),
			TIMES_MAX);
}

/* In a rule, or in [policy] for all rules that do not say it themselves */
static int set_least(struct parser *p, struct sea_rule *rule, const char *key, const char *value)
{
	static const char *const keys[] = {"least_vm_hours", "least_seas", "least_hosts"};
	struct shown shown;
	double number;
	const char *end;
	int which = 0;

	while (strcmp(keys[which], key))
		which++;
	end = sea_policy_number(value, &number);
	if (!end || *end || (which && number != floor(number)))
		return complain(p, p->line, "'%s' is no number for '%s'", show(value, &shown), key);
	if (which == 0)
		rule->least_vm_hours = number;
	else
		*(which == 1 ? &rule->least_seas : &rule->least_hosts) = (__u64)number;
	rule->has_least[which] = true;
	return 1;
}

static int set_key(struct parser *p, const char *key, const char *value)
{
	struct sea_rule *rule = p->rule;
	bool is_answers = rule->kind == SEA_RULE_ANSWERS;
	struct shown shown;

	if (!strcmp(key, "at_most") || !strcmp(key, "at_least"))
		return set_bound(p, key, value);
	if (is_answers && !strcmp(key, "percentile"))
		return set_percentile(p, value);
	if (is_answers && !strcmp(key, "within"))
		return set_within(p, value);
	if (rule->kind == SEA_RULE_RESUMED_LOOPS && !strcmp(key, "times"))
		return set_times(p, value);
	if (!strcmp(key, "least_vm_hours") || !strcmp(key, "least_seas") ||
	    !strcmp(key, "least_hosts"))
		return set_least(p, rule, key, value);
	return complain(p, p->line, "a rule '%s' has no '%s'; see seatop-policy(5)",
			sea_rule_word(rule->kind)->name, show(key, &shown));
}

/* The kind that a section's name begins with; SEA_RULE_KINDS: none */
static enum sea_rule_kind kind_of(const char *section)
{
	size_t len = strcspn(section, " \t");
	int kind;

	for (kind = 0; kind < SEA_RULE_KINDS; kind++) {
		const char *name = sea_rule_word((enum sea_rule_kind)kind)->name;

		if (strlen(name) == len && !strncmp(name, section, len))
			break;
	}
	return (enum sea_rule_kind)kind;
}

static struct sea_rule *find_rule(struct sea_policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->nr; i++)
		if (!strcmp(policy->rules[i].name, name))
			return &policy->rules[i];
	return NULL;
}

/* The defaults of all rules have a rule of their own while the file is read: the first. */
static struct sea_rule *defaults_of(struct sea_policy *policy)
{
	return &policy->rules[0];
}

static int begin_rule(struct parser *p, const char *section)
{
	struct sea_policy *policy = p->policy;
	enum sea_rule_kind kind = kind_of(section);
	struct shown shown;
	struct sea_rule *rule;

	p->rule = NULL;
	if (kind == SEA_RULE_KINDS)
		return complain(p, p->line, "no rule is called '%s'; see seatop-policy(5)",
				show(section, &shown));
	rule = find_rule(policy, section);
	/* Those that are always there may be given once. */
	if (rule && rule->line)
		return complain(p, p->line,
				"rule '%s' is there twice: give one another name, as "
				"[%s NAME]",
				show(section, &shown), sea_rule_word(kind)->name);
	if (!rule && sea_rule_word(kind)->is_data && kind != SEA_RULE_EXPOSURE)
		return complain(p, p->line, "rule '%s' has no name of its own: write [%s]",
				show(section, &shown), sea_rule_word(kind)->name);
	if (!rule) {
		if (policy->nr == SEA_POLICY_RULES_MAX)
			return complain(p, p->line, "more than %d rules; use more than one policy",
					SEA_POLICY_RULES_MAX - 1);
		rule = &policy->rules[policy->nr++];
		*rule = (struct sea_rule){.kind = kind, .times = DEFAULT_TIMES};
		sea_printable(section, strlen(section), rule->name, sizeof(rule->name));
	}
	rule->line = p->line;
	p->rule = rule;
	return 1;
}

static int set_policy(struct parser *p, const char *key, const char *value)
{
	struct sea_policy *policy = p->policy;
	struct shown shown;
	const char *end;

	if (!strncmp(key, "least_", 6))
		return strcmp(key, "least_vm_hours") && strcmp(key, "least_seas") &&
				       strcmp(key, "least_hosts") ?
			       complain(p, p->line, "[policy] has no '%s'; see seatop-policy(5)",
					show(key, &shown)) :
			       set_least(p, defaults_of(policy), key, value);
	if (strcmp(key, "confidence"))
		return complain(p, p->line, "[policy] has no '%s'; see seatop-policy(5)",
				show(key, &shown));
	end = sea_policy_number(value, &policy->confidence);
	policy->confidence /= 100;
	if (!end || strcmp(sea_policy_skip(end), "%") || policy->confidence < 0.5 ||
	    policy->confidence > 0.9999)
		return complain(p, p->line, "'%s' is no confidence: give 50%% to 99.99%%",
				show(value, &shown));
	return 1;
}

static int set_label(struct parser *p, const char *section, const char *key, const char *value)
{
	const char *name = sea_policy_skip(section + strlen("label"));

	if (!*name)
		return complain(p, p->line, "a label has a name: write [label NAME]");
	if (sea_labels_add(&p->policy->labels, name, key, value))
		return complain(p, p->line, "out of memory");
	return 1;
}

/* A comment behind a value; libinih knows those with ';' only. */
static void cut_comment(char *value)
{
	char *hash = value;

	while ((hash = strchr(hash, '#'))) {
		if (hash == value || hash[-1] == ' ' || hash[-1] == '\t') {
			while (hash > value && (hash[-1] == ' ' || hash[-1] == '\t'))
				hash--;
			*hash = '\0';
			return;
		}
		hash++;
	}
}

/* The key was there before in its section; if not, now it is. */
static bool is_second(struct parser *p, const char *key)
{
	size_t len = strlen(key), used = strlen(p->keys);
	const char *at;

	for (at = p->keys; *at; at += strcspn(at, ",") + 1)
		if (!strncmp(at, key, len) && at[len] == ',')
			return true;
	/* No section has so many that they do not fit. */
	snprintf(p->keys + used, sizeof(p->keys) - used, "%s,", key);
	if (used + len + 2 > sizeof(p->keys))
		p->keys[used] = '\0';
	return false;
}

static int on_key(void *context, const char *section, const char *key, const char *text)
{
	struct parser *p = context;
	char value[LINE_LEN_MAX + 4];
	bool is_label = !strcmp(section, "label") || !strncmp(section, "label ", 6);
	struct shown shown;

	snprintf(value, sizeof(value), "%s", text);
	cut_comment(value);
	if (!*section)
		return complain(p, p->line, "'%s' is in no section; begin one, as [policy]",
				show(key, &shown));
	if (!is_label && p->labels_only) {
		p->section_line = 0;
		return complain(p, p->line, "a file of labels has sections [label NAME] only");
	}
	if (p->section_line || strcmp(p->section, section)) {
		unsigned int line = p->line;

		snprintf(p->section, sizeof(p->section), "%s", section);
		p->rule = NULL;
		p->keys[0] = '\0';
		/* What is wrong with the section is told of its own line. */
		p->line = p->section_line ?: line;
		p->section_line = 0;
		if (!is_label && strcmp(section, "policy"))
			begin_rule(p, section);
		p->line = line;
	}
	if (is_label)
		return set_label(p, section, key, value);
	if (is_second(p, key))
		return complain(p, p->line, "'%s' is there twice in its section",
				show(key, &shown));
	if (!strcmp(section, "policy"))
		return set_policy(p, key, value);
	return p->rule ? set_key(p, key, value) : 0;
}

/* Nothing follows that could be the key of a section that has none. */
static void end_section(struct parser *p)
{
	if (p->section_line && p->is_empty)
		complain(p, p->section_line, "the section has no key; see seatop-policy(5)");
	p->section_line = 0;
}

static void look_at_line(struct parser *p, const char *line)
{
	const char *close = *line == '[' ? strchr(line, ']') : NULL;

	if (!close) {
		if (*line && !strchr("#;\r", *line))
			p->is_empty = false;
		return;
	}
	end_section(p);
	p->is_empty = true;
	if (close - line - 1 > SECTION_MAX)
		complain(p, p->line, "the section's name has more than %d bytes", SECTION_MAX);
	p->section_line = p->line;
}

/* What libinih asks for a line: here lines are counted, and looked at. */
static char *next_line(char *buffer, int size, void *context)
{
	struct parser *p = context;
	const char *end, *line = p->at;
	size_t len;

	if (line == p->end)
		return NULL;
	end = memchr(line, '\n', (size_t)(p->end - line));
	len = end ? (size_t)(end - line) : (size_t)(p->end - line);
	p->at = end ? end + 1 : p->end;
	p->line++;
	if (memchr(line, '\0', len))
		complain(p, p->line, "the line has a NUL in it");
	/* libinih takes an indented line for more of the value above it. */
	while (len && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	if (len > LINE_LEN_MAX) {
		complain(p, p->line, "the line has more than %d bytes", LINE_LEN_MAX);
		len = LINE_LEN_MAX;
	}
	snprintf(buffer, (size_t)size, "%.*s", (int)len, line);
	look_at_line(p, buffer);
	return buffer;
}

/* Rules that are there also where the file does not say so. */
static void add_default(struct sea_policy *policy, enum sea_rule_kind kind,
			enum sea_bound_form form, double value, const char *text)
{
	struct sea_rule *rule = &policy->rules[policy->nr++];

	*rule = (struct sea_rule){.kind = kind, .bound = {.form = form, .value = value}};
	snprintf(rule->name, sizeof(rule->name), "%s", sea_rule_word(kind)->name);
	snprintf(rule->bound.text, sizeof(rule->bound.text), "%s", text);
}

static void finish_rule(struct parser *p, struct sea_rule *rule)
{
	const struct sea_rule *defaults = defaults_of(p->policy);
	const struct sea_rule_word *word = sea_rule_word(rule->kind);

	if (!rule->has_least[0])
		rule->least_vm_hours = defaults->least_vm_hours;
	if (!rule->has_least[1])
		rule->least_seas = defaults->least_seas;
	if (!rule->has_least[2])
		rule->least_hosts = defaults->least_hosts;
	if (word->at && rule->bound.form == SEA_BOUND_NONE)
		complain(p, rule->line, "rule '%s' has no bound: give it %s", rule->name, word->at);
	if (rule->kind == SEA_RULE_EXPOSURE && !rule->has_least[0] && !rule->has_least[1] &&
	    !rule->has_least[2])
		complain(p, rule->line,
			 "rule '%s' has no bound: give it least_hosts, "
			 "least_vm_hours or least_seas",
			 rule->name);
	if (rule->kind == SEA_RULE_ANSWERS && (!rule->within_ns || rule->percentile <= 0))
		complain(p, rule->line, "rule '%s' has no bound: give it percentile and within",
			 rule->name);
}

static void finish(struct parser *p)
{
	struct sea_policy *policy = p->policy;
	size_t i;

	for (i = 1; i < policy->nr; i++)
		finish_rule(p, &policy->rules[i]);
	/* The rule that had the defaults */
	memmove(&policy->rules[0], &policy->rules[1], --policy->nr * sizeof(policy->rules[0]));
}

static int parse(struct parser *p)
{
	int line = ini_parse_stream(next_line, p, on_key, p);

	end_section(p);
	if (line > 0 && (!p->error_line || (unsigned int)line < p->error_line))
		complain(p, (unsigned int)line, "it is no section, and no 'KEY = VALUE'");
	if (line < 0)
		complain(p, p->line, "out of memory");
	return p->error_line ? -1 : 0;
}

/* The defaults' own rule first: finish() takes it out. */
static int begin_policy(struct sea_policy **policy, const char *name, struct sea_error *err)
{
	*policy = calloc(1, sizeof(**policy));
	if (!*policy)
		return sea_error_set(err, "cannot read %s: out of memory", name);
	(*policy)->confidence = DEFAULT_CONFIDENCE;
	(*policy)->nr = 1;
	add_default(*policy, SEA_RULE_GAPS, SEA_BOUND_SHARE, 0.01, "1%");
	add_default(*policy, SEA_RULE_LOSSES, SEA_BOUND_COUNT, 0, "0");
	add_default(*policy, SEA_RULE_UNPROVEN, SEA_BOUND_SHARE, 0, "0%");
	return 0;
}

int sea_policy_new(struct sea_policy **policy, struct sea_error *err)
{
	struct parser p = {.err = err};

	if (begin_policy(policy, "the default policy", err))
		return -1;
	p.policy = *policy;
	finish(&p);
	return 0;
}

int sea_policy_parse(const char *text, size_t len, const char *name, struct sea_policy **policy,
		     struct sea_error *err)
{
	struct parser p = {.name = name, .at = text, .end = text + len, .err = err};

	if (begin_policy(policy, name, err))
		return -1;
	p.policy = *policy;
	if (!parse(&p))
		finish(&p);
	if (!p.error_line && p.policy->nr == 3)
		complain(&p, p.line ?: 1, "there is no rule in it; see seatop-policy(5)");
	if (!p.error_line)
		return 0;
	sea_policy_free(*policy);
	*policy = NULL;
	return -1;
}

/* All of the file; the caller frees it. */
static int read_file(const char *path, char **text, size_t *len, struct sea_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = 0;

	if (fd < 0)
		return sea_error_set(err, "cannot read %s: %s", path, strerror(errno));
	*text = malloc(SEA_POLICY_SIZE_MAX + 1);
	*len = 0;
	while (*text && *len <= SEA_POLICY_SIZE_MAX &&
	       (n = read(fd, *text + *len, SEA_POLICY_SIZE_MAX + 1 - *len)) > 0)
		*len += (size_t)n;
	if (!*text)
		sea_error_set(err, "cannot read %s: out of memory", path);
	else if (n < 0)
		sea_error_set(err, "cannot read %s: %s", path, strerror(errno));
	else if (*len > SEA_POLICY_SIZE_MAX)
		sea_error_set(err, "cannot read %s: it has more than %d bytes, so it is no policy",
			      path, SEA_POLICY_SIZE_MAX);
	close(fd);
	if (*text && n >= 0 && *len <= SEA_POLICY_SIZE_MAX)
		return 0;
	free(*text);
	return -1;
}

int sea_policy_load(const char *path, struct sea_policy **policy, struct sea_error *err)
{
	char *text;
	size_t len;
	int rc;

	if (read_file(path, &text, &len, err))
		return -1;
	rc = sea_policy_parse(text, len, path, policy, err);
	free(text);
	return rc;
}

int sea_policy_load_labels(const char *path, struct sea_policy *policy, struct sea_error *err)
{
	struct parser p = {.policy = policy, .name = path, .labels_only = true, .err = err};
	char *text;
	size_t len;
	int rc;

	if (read_file(path, &text, &len, err))
		return -1;
	p.at = text;
	p.end = text + len;
	rc = parse(&p);
	free(text);
	return rc;
}

void sea_policy_free(struct sea_policy *policy)
{
	if (!policy)
		return;
	sea_labels_free(&policy->labels);
	free(policy);
}
