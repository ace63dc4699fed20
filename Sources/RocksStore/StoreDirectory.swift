internal import Glibc

/// The plain files of a data directory: what is done with them before RocksDB is asked.
enum StoreDirectory {
    /// The file that only occupies room.
    static let ballastName = "BALLAST"

    private static let fileBytesMax = 64 << 10

    /// Makes the directory and those above it, for the owner only, unless they exist.
    static func create(_ path: String) throws(RocksError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for name in path.split(separator: "/") {
            prefix += prefix.isEmpty || prefix == "/" ? String(name) : "/" + name
            if mkdir(prefix, 0o700) != 0 && errno != EEXIST {
                // A directory above may exist and yet not be ours to make anything in.
                var status = stat()
                if stat(prefix, &status) == 0 { continue }
                throw failure(path, errno)
            }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .inaccessible(path: path, errno: ENOTDIR)
        }
    }

    /// The names of the files in `path`, sorted.
    static func names(in path: String) throws(RocksError) -> [String] {
        guard let directory = opendir(path) else { throw failure(path, errno) }
        defer { closedir(directory) }
        var names: [String] = []
        // SAFETY: `readdir` answers a record that lives until the next call; its name ends with a
        // zero byte.
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The content of a small file, nil when there is none.
    static func contents(_ path: String) throws(RocksError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path, errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: fileBytesMax)
        // SAFETY: the buffer has as many bytes as `read` may fill.
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure(path, errno) }
        return Array(bytes.prefix(count))
    }

    /// Replaces a file as a whole: after a crash it is the old one or the new one.
    static func replace(_ path: String, with bytes: [UInt8]) throws(RocksError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(temporary, errno) }
        // SAFETY: `bytes` has as many bytes as are written.
        let isWritten =
            write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let reason = errno
        close(descriptor)
        guard isWritten else { throw failure(temporary, reason) }
        guard rename(temporary, path) == 0 else { throw failure(path, errno) }
        try synchronize(parent(of: path))
    }

    /// Makes the names in a directory durable.
    static func synchronize(_ path: String) throws(RocksError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path, errno) }
    }

    /// How much room the file system of `path` has.
    static func space(_ path: String) throws(RocksError) -> DiskSpace {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw failure(path, errno) }
        let unit = UInt64(status.f_frsize)
        return DiskSpace(
            freeBytes: UInt64(status.f_bavail) * unit, totalBytes: UInt64(status.f_blocks) * unit)
    }

    /// Makes a file of `bytes` that occupies its room, unless there is one.
    static func occupy(_ path: String, bytes: Int) throws(RocksError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return }
            throw failure(path, errno)
        }
        defer { close(descriptor) }
        let reason = posix_fallocate(descriptor, 0, bytes)
        guard reason == 0 else {
            unlink(path)
            throw failure(path, reason)
        }
    }

    /// Removes a file; answers whether there was one.
    static func remove(_ path: String) throws(RocksError) -> Bool {
        if unlink(path) == 0 { return true }
        if errno == ENOENT { return false }
        throw failure(path, errno)
    }

    /// The size of a file.
    static func byteCount(_ path: String) throws(RocksError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path, errno) }
        return Int(status.st_size)
    }

    /// Takes all bytes from a file.
    static func empty(_ path: String) throws(RocksError) {
        guard truncate(path, 0) == 0 else { throw failure(path, errno) }
    }

    /// Keeps others than the owner out, as far as the directory is ours.
    static func restrict(_ path: String) { chmod(path, 0o700) }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ path: String, _ number: Int32) -> RocksError {
        number == ENOSPC || number == EDQUOT
            ? .full(path: path) : .inaccessible(path: path, errno: number)
    }
}

/// How much room a file system has.
package struct DiskSpace: Hashable, Sendable {
    /// What an ordinary user may still write, in bytes.
    package let freeBytes: UInt64
    /// The size of the file system, in bytes.
    package let totalBytes: UInt64

    package init(freeBytes: UInt64, totalBytes: UInt64) {
        self.freeBytes = freeBytes
        self.totalBytes = totalBytes
    }

    /// The free part in thousandths, rounded down.
    package var freePermille: UInt64 {
        totalBytes == 0 ? 0 : freeBytes / max(totalBytes / 1_000, 1)
    }
}

/// Keeps a data directory for one opener, in this process or another; the system lets go of it when
/// the process ends, however it ends.
final class StoreLock: Sendable {
    static let fileName = "OWNER"

    private let descriptor: Int32

    init(path: String) throws(RocksError) {
        let file = path + "/" + StoreLock.fileName
        let opened = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .inaccessible(path: file, errno: errno) }
        // From here on `deinit` closes it, also when this throws. Closed twice, its number could be
        // that of a file which another thread opened in between.
        descriptor = opened
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            throw reason == EWOULDBLOCK
                ? .locked(path: path) : .inaccessible(path: file, errno: reason)
        }
    }

    deinit { close(descriptor) }
}
