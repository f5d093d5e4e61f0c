// SPDX-License-Identifier: GPL-2.0-only
#include "store/fault-vfs.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

struct fault fault;

/* The default VFS's own file lies behind ours. */
struct fault_file {
	sqlite3_file file;
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct fault_file *)(void *)file)->real;
}

static int fails(void)
{
	return fault.calls++ >= fault.after ? fault.code : 0;
}

static int do_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int do_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
	fault.waiting++;
	while (fault.is_held)
		usleep(1000);
	fault.waiting--;
	return fault.read ?: real(file)->pMethods->xRead(real(file), to, n, at);
}

static int do_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
	fault.written += n;
	return fails() ?: real(file)->pMethods->xWrite(real(file), from, n, at);
}

static int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return real(file)->pMethods->xTruncate(real(file), size);
}

static int do_sync(sqlite3_file *file, int flags)
{
	if (fault.lazy)
		return 0;
	return fails() ?: real(file)->pMethods->xSync(real(file), flags);
}

static int do_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int do_lock(sqlite3_file *file, int lock)
{
	return real(file)->pMethods->xLock(real(file), lock);
}

static int do_unlock(sqlite3_file *file, int lock)
{
	return real(file)->pMethods->xUnlock(real(file), lock);
}

static int do_check_lock(sqlite3_file *file, int *result)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int do_control(sqlite3_file *file, int op, void *arg)
{
	return real(file)->pMethods->xFileControl(real(file), op, arg);
}

static int do_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int do_device(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int do_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **map)
{
	return real(file)->pMethods->xShmMap(real(file), region, size, extend, map);
}

static int do_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void do_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int do_shm_unmap(sqlite3_file *file, int delete)
{
	return real(file)->pMethods->xShmUnmap(real(file), delete);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = do_close,
	.xRead = do_read,
	.xWrite = do_write,
	.xTruncate = do_truncate,
	.xSync = do_sync,
	.xFileSize = do_size,
	.xLock = do_lock,
	.xUnlock = do_unlock,
	.xCheckReservedLock = do_check_lock,
	.xFileControl = do_control,
	.xSectorSize = do_sector,
	.xDeviceCharacteristics = do_device,
	.xShmMap = do_shm_map,
	.xShmLock = do_shm_lock,
	.xShmBarrier = do_shm_barrier,
	.xShmUnmap = do_shm_unmap,
};

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct fault_file *ours = (struct fault_file *)(void *)file;
	int rc;

	(void)vfs;
	ours->real = (sqlite3_file *)(void *)(ours + 1);
	ours->real->pMethods = NULL;
	rc = real_vfs->xOpen(real_vfs, name, ours->real, flags, out);
	file->pMethods = ours->real->pMethods ? &methods : NULL;
	return rc;
}

void fault_vfs_register(void)
{
	static sqlite3_vfs vfs;

	if (real_vfs)
		return;
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.pNext = NULL;
	vfs.zName = FAULT_VFS;
	vfs.szOsFile = (int)sizeof(struct fault_file) + real_vfs->szOsFile;
	vfs.xOpen = do_open;
	sqlite3_vfs_register(&vfs, 0);
}

void fault_vfs_be_default(void)
{
	fault_vfs_register();
	sqlite3_vfs_register(sqlite3_vfs_find(FAULT_VFS), 1);
}
