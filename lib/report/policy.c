// SPDX-License-Identifier: GPL-2.0-only
#include "report/policy-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"

/* libinih cuts longer names of sections in silence. */
#define SECTION_MAX (SEA_RULE_NAME_LEN - 1)

#define DEFAULT_CONFIDENCE 0.95
#define DEFAULT_TIMES 3

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

static int begin_rule(struct sea_policy_parser *p, const char *section)
{
	struct sea_policy *policy = p->policy;
	enum sea_rule_kind kind = kind_of(section);
	struct sea_policy_shown shown;
	struct sea_rule *rule;

	p->rule = NULL;
	if (kind == SEA_RULE_KINDS)
		return sea_policy_complain(p, p->line,
					   "no rule is called '%s'; see seatop-policy(5)",
					   sea_policy_show(section, &shown));
	rule = find_rule(policy, section);
	/* Those that are always there may be given once. */
	if (rule && rule->line)
		return sea_policy_complain(p, p->line,
					   "rule '%s' is there twice: give one another name, as "
					   "[%s NAME]",
					   sea_policy_show(section, &shown),
					   sea_rule_word(kind)->name);
	if (!rule && sea_rule_word(kind)->is_data && kind != SEA_RULE_EXPOSURE)
		return sea_policy_complain(p, p->line,
					   "rule '%s' has no name of its own: write [%s]",
					   sea_policy_show(section, &shown),
					   sea_rule_word(kind)->name);
	if (!rule) {
		if (policy->nr == SEA_POLICY_RULES_MAX)
			return sea_policy_complain(p, p->line,
						   "more than %d rules; use more than one policy",
						   SEA_POLICY_RULES_MAX - 1);
		rule = &policy->rules[policy->nr++];
		*rule = (struct sea_rule){.kind = kind, .times = DEFAULT_TIMES};
		sea_printable(section, strlen(section), rule->name, sizeof(rule->name));
	}
	rule->line = p->line;
	p->rule = rule;
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
static bool is_second(struct sea_policy_parser *p, const char *key)
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
	struct sea_policy_parser *p = context;
	char value[SEA_POLICY_LINE_MAX + 4];
	bool is_label = !strcmp(section, "label") || !strncmp(section, "label ", 6);
	struct sea_policy_shown shown;

	snprintf(value, sizeof(value), "%s", text);
	cut_comment(value);
	if (!*section)
		return sea_policy_complain(p, p->line,
					   "'%s' is in no section; begin one, as [policy]",
					   sea_policy_show(key, &shown));
	if (!is_label && p->labels_only) {
		p->section_line = 0;
		return sea_policy_complain(p, p->line,
					   "a file of labels has sections [label NAME] only");
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
		return sea_policy_set_label(p, section, key, value);
	if (is_second(p, key))
		return sea_policy_complain(p, p->line, "'%s' is there twice in its section",
					   sea_policy_show(key, &shown));
	if (!strcmp(section, "policy"))
		return sea_policy_set_all(p, key, value);
	return p->rule ? sea_policy_set_key(p, key, value) : 0;
}

/* Nothing follows that could be the key of a section that has none. */
static void end_section(struct sea_policy_parser *p)
{
	if (p->section_line && p->is_empty)
		sea_policy_complain(p, p->section_line,
				    "the section has no key; see seatop-policy(5)");
	p->section_line = 0;
}

static void look_at_line(struct sea_policy_parser *p, const char *line)
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
		sea_policy_complain(p, p->line, "the section's name has more than %d bytes",
				    SECTION_MAX);
	p->section_line = p->line;
}

/* What libinih asks for a line: here lines are counted, and looked at. */
static char *next_line(char *buffer, int size, void *context)
{
	struct sea_policy_parser *p = context;
	const char *end, *line = p->at;
	size_t len;

	if (line == p->end)
		return NULL;
	end = memchr(line, '\n', (size_t)(p->end - line));
	len = end ? (size_t)(end - line) : (size_t)(p->end - line);
	p->at = end ? end + 1 : p->end;
	p->line++;
	if (memchr(line, '\0', len))
		sea_policy_complain(p, p->line, "the line has a NUL in it");
	/* libinih takes an indented line for more of the value above it. */
	while (len && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	if (len > SEA_POLICY_LINE_MAX) {
		sea_policy_complain(p, p->line, "the line has more than %d bytes",
				    SEA_POLICY_LINE_MAX);
		len = SEA_POLICY_LINE_MAX;
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

static void finish_rule(struct sea_policy_parser *p, struct sea_rule *rule)
{
	const struct sea_rule *defaults = sea_policy_defaults(p->policy);
	const struct sea_rule_word *word = sea_rule_word(rule->kind);

	if (!rule->has_least[0])
		rule->least_vm_hours = defaults->least_vm_hours;
	if (!rule->has_least[1])
		rule->least_seas = defaults->least_seas;
	if (!rule->has_least[2])
		rule->least_hosts = defaults->least_hosts;
	if (word->at && rule->bound.form == SEA_BOUND_NONE)
		sea_policy_complain(p, rule->line, "rule '%s' has no bound: give it %s", rule->name,
				    word->at);
	if (rule->kind == SEA_RULE_EXPOSURE && !rule->has_least[0] && !rule->has_least[1] &&
	    !rule->has_least[2])
		sea_policy_complain(p, rule->line,
				    "rule '%s' has no bound: give it least_hosts, "
				    "least_vm_hours or least_seas",
				    rule->name);
	if (rule->kind == SEA_RULE_ANSWERS && (!rule->within_ns || rule->percentile <= 0))
		sea_policy_complain(p, rule->line,
				    "rule '%s' has no bound: give it percentile and within",
				    rule->name);
}

static void finish(struct sea_policy_parser *p)
{
	struct sea_policy *policy = p->policy;
	size_t i;

	for (i = 1; i < policy->nr; i++)
		finish_rule(p, &policy->rules[i]);
	/* The rule that had the defaults */
	memmove(&policy->rules[0], &policy->rules[1], --policy->nr * sizeof(policy->rules[0]));
}

static int parse(struct sea_policy_parser *p)
{
	int line = ini_parse_stream(next_line, p, on_key, p);

	end_section(p);
	if (line > 0 && (!p->error_line || (unsigned int)line < p->error_line))
		sea_policy_complain(p, (unsigned int)line,
				    "it is no section, and no 'KEY = VALUE'");
	if (line < 0)
		sea_policy_complain(p, p->line, "out of memory");
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
	struct sea_policy_parser p = {.err = err};

	if (begin_policy(policy, "the default policy", err))
		return -1;
	p.policy = *policy;
	finish(&p);
	return 0;
}

int sea_policy_parse(const char *text, size_t len, const char *name, struct sea_policy **policy,
		     struct sea_error *err)
{
	struct sea_policy_parser p = {.name = name, .at = text, .end = text + len, .err = err};

	if (begin_policy(policy, name, err))
		return -1;
	p.policy = *policy;
	if (!parse(&p))
		finish(&p);
	if (!p.error_line && p.policy->nr == 3)
		sea_policy_complain(&p, p.line ?: 1,
				    "there is no rule in it; see seatop-policy(5)");
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
	struct sea_policy_parser p = {
		.policy = policy, .name = path, .labels_only = true, .err = err};
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
