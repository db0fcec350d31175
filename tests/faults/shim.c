/* Writes down, in order, what a process does to the files under SHIM_ROOT: to SHIM_LOG, one record an operation.
 *
 * A record is a struct head, then the path (and for a rename a NUL and the new one), then the bytes written. Nothing
 * is changed: each call is done as asked, and noted under the same lock. What changes a file by other ways (a mapping)
 * is not seen: whoever reads the log compares the files with it in the end. The loader puts it in
 * front of the C library by LD_PRELOAD. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { START = 1, OPEN, CLOSE, WRITE, TRUNCATE, SYNC, UNLINK, RENAME, FOLDER_SYNC, COPY };
enum { FDS = 4096, CREATED = 1, EMPTIED = 2, FOLDER = 4 };

struct head {
    uint32_t op;
    int32_t fd;
    int64_t offset;
    uint32_t flags;
    uint32_t path;
    uint64_t bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static int out = -1;
static unsigned char kind[FDS]; /* 0: not ours, 1: a file, 2: a folder */

static void note(uint32_t op, int fd, int64_t offset, uint32_t flags, const char *path, size_t length, const void *data,
                 size_t bytes)
{
    struct head head = {op, fd, offset, flags, (uint32_t)length, bytes};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, length}, {(void *)data, bytes}};
    int kept = errno;
    if (syscall(SYS_writev, out, parts, 3) != (long)(sizeof head + length + bytes))
        abort();
    errno = kept;
}

__attribute__((constructor)) static void begin(void)
{
    const char *where = getenv("SHIM_ROOT"), *log = getenv("SHIM_LOG");
    if (!where || !log || !realpath(where, root))
        return;
    out = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (out >= 0)
        note(START, -1, 0, 0, root, strlen(root), NULL, 0);
}

/* Whether a path is one of ours; its whole name. What is only for locks and shared memory does not outlive a crash. */
static int ours(int folder, const char *path, char *whole)
{
    if (out < 0 || !path)
        return 0;
    if (path[0] == '/')
        snprintf(whole, PATH_MAX, "%s", path);
    else {
        char base[PATH_MAX];
        if (folder == AT_FDCWD) {
            if (!getcwd(base, sizeof base))
                return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t n = readlink(link, base, sizeof base - 1);
            if (n < 0)
                return 0;
            base[n] = 0;
        }
        if ((size_t)snprintf(whole, PATH_MAX, "%s/%s", base, path) >= PATH_MAX)
            return 0;
    }
    size_t n = strlen(root), m = strlen(whole);
    if (strncmp(whole, root, n) || (whole[n] != '/' && whole[n] != 0))
        return 0;
    return !(m > 4 && !strcmp(whole + m - 4, "-shm")) && !(m > 5 && !strcmp(whole + m - 5, ".lock"));
}

static int file(int fd) { return fd >= 0 && fd < FDS && kind[fd] == 1; }

static int opened(int folder, const char *path, int flags, mode_t mode)
{
    char whole[PATH_MAX];
    if (!ours(folder, path, whole) || (flags & O_PATH))
        return (int)syscall(SYS_openat, folder, path, flags, mode);
    pthread_mutex_lock(&lock);
    int there = !syscall(SYS_faccessat, folder, path, F_OK);
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (fd >= FDS)
        abort();
    if (fd >= 0) {
        int is_folder = (int)syscall(SYS_openat, folder, path, O_DIRECTORY | O_PATH | O_CLOEXEC);
        if (is_folder >= 0)
            syscall(SYS_close, is_folder);
        kind[fd] = is_folder >= 0 ? 2 : 1;
        uint32_t how = (there ? 0 : CREATED) | ((flags & O_TRUNC) ? EMPTIED : 0) | (is_folder >= 0 ? FOLDER : 0);
        note(OPEN, fd, 0, how, whole, strlen(whole), NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags, mode)                                  \
    mode_t mode = 0;                                       \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {               \
        va_list rest;                                      \
        va_start(rest, flags);                             \
        mode = (mode_t)va_arg(rest, int);                  \
        va_end(rest);                                      \
    }

int open(const char *path, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opened(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int close(int fd)
{
    if (fd < 0 || fd >= FDS || !kind[fd])
        return (int)syscall(SYS_close, fd);
    pthread_mutex_lock(&lock);
    kind[fd] = 0;
    note(CLOSE, fd, 0, 0, NULL, 0, NULL, 0);
    int done = (int)syscall(SYS_close, fd);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t placed(int fd, const void *data, size_t bytes, off_t offset)
{
    if (!file(fd))
        return syscall(SYS_pwrite64, fd, data, bytes, offset);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_pwrite64, fd, data, bytes, offset);
    if (done > 0)
        note(WRITE, fd, offset, 0, NULL, 0, data, (size_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t offset) { return placed(fd, data, bytes, offset); }
ssize_t pwrite64(int fd, const void *data, size_t bytes, off_t offset) { return placed(fd, data, bytes, offset); }

ssize_t write(int fd, const void *data, size_t bytes)
{
    if (!file(fd))
        return syscall(SYS_write, fd, data, bytes);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_write, fd, data, bytes);
    if (done > 0) /* the place after the write is right for a file that is appended to, too */
        note(WRITE, fd, syscall(SYS_lseek, fd, 0, SEEK_CUR) - done, 0, NULL, 0, data, (size_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

static int cut(int fd, off_t size)
{
    if (!file(fd))
        return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_ftruncate, fd, size);
    if (!done)
        note(TRUNCATE, fd, size, 0, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off_t size) { return cut(fd, size); }

static int synced(int fd, long call)
{
    if (fd < 0 || fd >= FDS || !kind[fd])
        return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(call, fd);
    if (!done)
        note(kind[fd] == 2 ? FOLDER_SYNC : SYNC, fd, 0, 0, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

static int controlled(int fd, int what, void *with)
{
    if (fd < 0 || fd >= FDS || !kind[fd] || (what != F_DUPFD && what != F_DUPFD_CLOEXEC))
        return (int)syscall(SYS_fcntl, fd, what, with);
    pthread_mutex_lock(&lock);
    int other = (int)syscall(SYS_fcntl, fd, what, with);
    if (other >= FDS)
        abort();
    if (other >= 0) {
        kind[other] = kind[fd];
        note(COPY, other, fd, 0, NULL, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return other;
}

#define CONTROL(what)                        \
    va_list rest;                            \
    va_start(rest, what);                    \
    void *with = va_arg(rest, void *);       \
    va_end(rest);

int fcntl(int fd, int what, ...) { CONTROL(what) return controlled(fd, what, with); }
int fcntl64(int fd, int what, ...) { CONTROL(what) return controlled(fd, what, with); }
int dup(int fd) { return controlled(fd, F_DUPFD, NULL); }

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

static int unlinked(int folder, const char *path, int flags)
{
    char whole[PATH_MAX];
    if (!ours(folder, path, whole) || (flags & AT_REMOVEDIR))
        return (int)syscall(SYS_unlinkat, folder, path, flags);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_unlinkat, folder, path, flags);
    if (!done)
        note(UNLINK, -1, 0, 0, whole, strlen(whole), NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int unlink(const char *path) { return unlinked(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return unlinked(folder, path, flags); }
int remove(const char *path) { return unlinked(AT_FDCWD, path, 0); }

static int renamed(int from, const char *old, int to, const char *new)
{
    char both[2 * PATH_MAX + 1], there[PATH_MAX];
    int a = ours(from, old, both), b = ours(to, new, there);
    if (!a || !b)
        return (int)syscall(SYS_renameat, from, old, to, new);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_renameat, from, old, to, new);
    if (!done) {
        size_t n = strlen(both), m = strlen(there);
        memcpy(both + n + 1, there, m + 1);
        note(RENAME, -1, 0, 0, both, n + 1 + m, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *old, const char *new) { return renamed(AT_FDCWD, old, AT_FDCWD, new); }
int renameat(int from, const char *old, int to, const char *new) { return renamed(from, old, to, new); }
int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    return flags ? (errno = EINVAL, -1) : renamed(from, old, to, new);
}
