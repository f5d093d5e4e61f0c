// SPDX-License-Identifier: GPL-2.0-only
#include "apart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY_MAX (4ULL << 30)
#define CPU_SECONDS 600

/* AddressSanitizer maps terabytes, which it does not use. */
#ifdef __has_feature
#define IS_SANITIZED __has_feature(address_sanitizer)
#else
#define IS_SANITIZED 0
#endif

static void limit(void)
{
	const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, cpu = {CPU_SECONDS, CPU_SECONDS},
			    core = {0, 0};

	if (!IS_SANITIZED)
		setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &core);
}

/* The child's life: its error, if there is one, goes to errors. */
static void work_and_exit(const char *path, apart_work work, int text, int errors)
{
	struct sea_error err;
	FILE *out;
	int null;

	/* Libraries complain there. */
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	limit();
	out = fdopen(text, "w");
	if (!out)
		_exit(SEA_STATUS_ERROR);
	if (!work(path, out, &err) && !fclose(out))
		_exit(SEA_STATUS_OK);
	if (write(errors, err.text, strlen(err.text)) < 0)
		_exit(SEA_STATUS_ERROR);
	_exit(SEA_STATUS_FOUND);
}

static int fail(const char *path, struct sea_error *err)
{
	return sea_error_set(err, "cannot read %s: %s", path, strerror(errno));
}

int apart_begin(struct apart *apart, const char *path, apart_work work, struct sea_error *err)
{
	int text[2], errors[2];

	if (pipe2(text, O_CLOEXEC))
		return fail(path, err);
	if (pipe2(errors, O_CLOEXEC)) {
		close(text[0]);
		close(text[1]);
		return fail(path, err);
	}
	apart->path = path;
	apart->errors = errors[0];
	apart->text = fdopen(text[0], "r");
	apart->pid = apart->text ? fork() : -1;
	if (!apart->pid)
		work_and_exit(path, work, text[1], errors[1]);
	close(text[1]);
	close(errors[1]);
	if (apart->pid > 0)
		return 0;
	close(errors[0]);
	if (apart->text)
		fclose(apart->text);
	else
		close(text[0]);
	return fail(path, err);
}

int apart_end(struct apart *apart, struct sea_error *err)
{
	char text[SEA_ERROR_LEN] = "";
	int status = 0;

	/* If the text was not read to its end, it dies of that. */
	fclose(apart->text);
	if (read(apart->errors, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(apart->errors);
	while (waitpid(apart->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (text[0])
		return sea_error_set(err, "%s", text);
	return sea_error_set(err, "cannot read %s: it is damaged: the library that reads it %s %d",
			     apart->path,
			     WIFSIGNALED(status) ? "died of signal" : "ended with status",
			     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}
