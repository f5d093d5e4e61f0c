// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "kvm.h"
#include "ras.h"

#define RAS_BASE 0x090c0000
#define RAS_VERSION 0x5241530000000001ULL

enum ras_register {
	RAS_COMMAND = 0x00,
	RAS_STATUS = 0x08,
	RAS_SELECT = 0x18,
	RAS_REGION_HITS = 0x20,
	RAS_PEEK = 0x28,
	RAS_FNV = 0x30,
	RAS_REGION_RECORDS = 0x58,
	RAS_VERSION_ID = 0x60,
};

enum ras_command {
	POISON_PAGE = 1,
	POISON_PAGE_FIRMWARE_FIRST = 2,
	HEAL_PAGE = 3,
	POISON_LINE = 4,
	POISON_LINE_FIRMWARE_FIRST = 5,
	HEAL_LINE = 6,
};

/* Regions are multiples of 64: bit 0 tells lines from pages, 0 is free. */
#define POISONED_LINE 1UL
#define MAX_POISONED 512

static struct {
	int mem;
	volatile uint64_t *regs;
	uint64_t *poisoned;   /* shared with children */
	pthread_mutex_t lock; /* as flock() does not exclude other threads */
	bool closed;	      /* nothing is poisoned any more */
	bool poisoning;	      /* a thread that holds the lock is at it */
	bool fnv;
} ras = {.mem = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

/* Is it this thread, which a signal has interrupted? */
static _Thread_local volatile bool poisoning_here;

static uint64_t ras_read(enum ras_register reg)
{
	return ras.regs[reg / sizeof(uint64_t)];
}

static void ras_write(enum ras_register reg, uint64_t value)
{
	ras.regs[reg / sizeof(uint64_t)] = value;
}

/* The device has one SELECT and one STATUS for all processes. */
static void ras_lock(void)
{
	pthread_mutex_lock(&ras.lock);
	if (flock(ras.mem, LOCK_EX))
		err(EXIT_ENVIRONMENT, "flock of /dev/mem");
}

static void ras_unlock(void)
{
	flock(ras.mem, LOCK_UN);
	pthread_mutex_unlock(&ras.lock);
}

static void ras_at_exit(void)
{
	ras_close();
	if (ras.fnv)
		ras_write(RAS_FNV, 0);
}

/* Is the start of @path's content after @skip bytes @want? */
static bool file_has(const char *path, off_t skip, const char *want)
{
	char buf[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool has = fd >= 0 && pread(fd, buf, strlen(want), skip) == (ssize_t)strlen(want) &&
		   !strcmp(buf, want);

	if (fd >= 0)
		close(fd);
	return has;
}

/* Nobody knows what is at the device's address on any other machine. */
static bool on_emulated_host(void)
{
	/* The OEM ID that QEMU gives its tables is at offset 10. */
	return file_has("/proc/device-tree/compatible", 0, "linux,dummy-virt") ||
	       file_has("/sys/firmware/acpi/tables/APIC", 10, "BOCHS ");
}

static sigjmp_buf no_device;

static void on_no_device(int sig)
{
	(void)sig;
	siglongjmp(no_device, 1);
}

/* 0 if nothing answers there, which takes the form of a SIGBUS */
static uint64_t probe_version(void)
{
	struct sigaction old, probe = {.sa_handler = on_no_device};
	volatile uint64_t version = 0;

	sigaction(SIGBUS, &probe, &old);
	if (!sigsetjmp(no_device, 1))
		version = ras_read(RAS_VERSION_ID);
	sigaction(SIGBUS, &old, NULL);
	return version;
}

void ras_open(void)
{
	uint64_t version;

	if (sysconf(_SC_PAGESIZE) != RAS_PAGE_SIZE)
		errx(EXIT_ENVIRONMENT, "pages of 4 KiB are needed");
	if (!on_emulated_host())
		errx(EXIT_ENVIRONMENT, "this machine is not the emulated host");
	ras.mem = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	if (ras.mem < 0)
		err(EXIT_ENVIRONMENT, "/dev/mem");
	ras.regs = mmap(NULL, RAS_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ras.mem, RAS_BASE);
	if (ras.regs == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of ras-poison");
	version = probe_version();
	if (version != RAS_VERSION)
		errx(EXIT_ENVIRONMENT, "no ras-poison device: version %#" PRIx64, version);

	ras.poisoned = mmap(NULL, MAX_POISONED * sizeof(uint64_t), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ras.poisoned == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap");
	if (atexit(ras_at_exit))
		errx(EXIT_ENVIRONMENT, "atexit");
}

static void remember(uint64_t region)
{
	for (unsigned int i = 0; i < MAX_POISONED; i++) {
		uint64_t empty = 0;

		if (__atomic_compare_exchange_n(&ras.poisoned[i], &empty, region, false,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return;
	}
	errx(EXIT_ENVIRONMENT, "more than %d regions poisoned at once", MAX_POISONED);
}

void ras_poison(uint64_t region, bool line, bool firmware_first)
{
	uint64_t base = region & ~((line ? RAS_LINE_SIZE : RAS_PAGE_SIZE) - 1);
	enum ras_command command =
		line ? (firmware_first ? POISON_LINE_FIRMWARE_FIRST : POISON_LINE) :
		       (firmware_first ? POISON_PAGE_FIRMWARE_FIRST : POISON_PAGE);
	uint64_t status = 0;

	ras_lock();
	poisoning_here = true;
	__atomic_store_n(&ras.poisoning, true, __ATOMIC_SEQ_CST);
	if (!__atomic_load_n(&ras.closed, __ATOMIC_SEQ_CST)) {
		/* First: whoever is interrupted in between heals what is healthy. */
		remember(base | (line ? POISONED_LINE : 0));
		ras_write(RAS_COMMAND, base | command);
		status = ras_read(RAS_STATUS);
	}
	__atomic_store_n(&ras.poisoning, false, __ATOMIC_SEQ_CST);
	poisoning_here = false;
	ras_unlock();
	if (status)
		errx(EXIT_ENVIRONMENT, "cannot poison %#" PRIx64 ": status %" PRIu64, base, status);
}

static void heal(uint64_t *slot)
{
	uint64_t region = __atomic_load_n(slot, __ATOMIC_SEQ_CST);

	if (!region)
		return;
	if (region & POISONED_LINE)
		ras_write(RAS_COMMAND, (region & ~POISONED_LINE) | HEAL_LINE);
	else
		ras_write(RAS_COMMAND, region | HEAL_PAGE);
	__atomic_compare_exchange_n(slot, &region, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void ras_heal(uint64_t region)
{
	for (unsigned int i = 0; i < MAX_POISONED; i++) {
		uint64_t poisoned = __atomic_load_n(&ras.poisoned[i], __ATOMIC_SEQ_CST);
		uint64_t size = poisoned & POISONED_LINE ? RAS_LINE_SIZE : RAS_PAGE_SIZE;

		if (poisoned && (region & ~(size - 1)) == (poisoned & ~POISONED_LINE))
			heal(&ras.poisoned[i]);
	}
}

void ras_heal_all(void)
{
	if (!ras.poisoned)
		return;
	for (unsigned int i = 0; i < MAX_POISONED; i++)
		heal(&ras.poisoned[i]);
}

/*
 * One thread at most is between the question whether all is closed and the device:
 * it is waited for, unless it is the one that the signal came to. The others find
 * it closed. The bound is for a thread that died there.
 */
void ras_close(void)
{
	const struct timespec ms = {.tv_nsec = 1000000};

	__atomic_store_n(&ras.closed, true, __ATOMIC_SEQ_CST);
	for (int i = 0; i < 1000; i++) {
		if (poisoning_here || !__atomic_load_n(&ras.poisoning, __ATOMIC_SEQ_CST))
			break;
		nanosleep(&ms, NULL);
	}
	ras_heal_all();
}

struct ras_counts ras_counts(uint64_t region)
{
	struct ras_counts counts;

	ras_lock();
	ras_write(RAS_SELECT, region);
	counts.hits = ras_read(RAS_REGION_HITS);
	counts.records = ras_read(RAS_REGION_RECORDS);
	ras_unlock();
	return counts;
}

uint64_t ras_peek(uint64_t pa)
{
	uint64_t value;

	ras_lock();
	ras_write(RAS_SELECT, pa);
	value = ras_read(RAS_PEEK);
	ras_unlock();
	return value;
}

void ras_set_fnv(uint64_t far)
{
	ras_write(RAS_FNV, far);
	ras.fnv = far != 0;
}

uint64_t ras_pa(const void *hva)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t pa;

	if (pagemap < 0)
		err(EXIT_ENVIRONMENT, "/proc/self/pagemap");
	pa = ras_pa_in(pagemap, (uintptr_t)hva);
	close(pagemap);
	if (!pa)
		errx(EXIT_ENVIRONMENT, "no physical address for %p: not root, or not mapped", hva);
	return pa;
}

uint64_t ras_pa_in(int pagemap, uint64_t address)
{
	off_t offset = (off_t)(address / RAS_PAGE_SIZE * sizeof(uint64_t));
	uint64_t entry;

	if (pread(pagemap, &entry, sizeof(entry), offset) != sizeof(entry))
		err(EXIT_ENVIRONMENT, "pagemap");
	/* Bit 63: present; bits 54:0: frame, 0 without CAP_SYS_ADMIN */
	if (!(entry >> 63) || !(entry << 9))
		return 0;
	return ((entry << 9 >> 9) * RAS_PAGE_SIZE) | (address & (RAS_PAGE_SIZE - 1));
}
