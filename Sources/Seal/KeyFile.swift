internal import Glibc

/// A file with one key of 32 bytes: 64 hexadecimal digits and a newline, for its owner only.
package enum KeyFile {
    /// Reads the key; refuses a file that others may read.
    package static func read(path: String) throws(SealError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .keyFileMissing(path: path) }
            throw .keyFileInaccessible(path: path, errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .keyFileInaccessible(path: path, errno: errno)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .keyFileExposed(path: path, mode: status.st_mode & 0o777)
        }
        var text = [UInt8](repeating: 0, count: 256)
        // SAFETY: the buffer has as many bytes as `read` may fill.
        let count = Glibc.read(descriptor, &text, text.count)
        guard count >= 0 else { throw .keyFileInaccessible(path: path, errno: errno) }
        guard let key = Hexadecimal.bytes(trimmed(text.prefix(count))),
            key.count == AuthenticatedCipher.keyByteCount
        else { throw .keyFileMalformed(path: path) }
        return key
    }

    /// Writes `key` into a new file with mode 0600, durably; refuses to overwrite one.
    package static func write(_ key: [UInt8], path: String) throws(SealError) {
        guard key.count == AuthenticatedCipher.keyByteCount else {
            throw .wrongLength(bytes: key.count, expected: AuthenticatedCipher.keyByteCount)
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .keyFileInaccessible(path: path, errno: errno) }
        defer { close(descriptor) }
        let text = Array((Hexadecimal.text(key) + "\n").utf8)
        // SAFETY: `text` has as many bytes as are written.
        guard Glibc.write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            throw .keyFileInaccessible(path: path, errno: errno)
        }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text
        let blanks: [UInt8] = [0x20, 0x0A, 0x0D, 0x09]
        while let last = text.last, blanks.contains(last) { text.removeLast() }
        return text
    }
}
