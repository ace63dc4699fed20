internal import Foundation
internal import Glibc

/// Files that hold secrets: readable by their owner alone, and replaced whole or not at all.
enum SecretFile {
    /// Writes through a temporary file in the same directory, which is synced before it gets the
    /// name.
    static func write(_ bytes: [UInt8], path: String) throws(CertificateError) {
        let temporary = path + ".new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file(path: temporary, reason: reason(errno)) }
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    file, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let failure = errno
                close(file)
                throw .file(path: temporary, reason: reason(failure))
            }
            offset += written
        }
        let isSynced = fsync(file) == 0
        close(file)
        guard isSynced, rename(temporary, path) == 0 else {
            throw .file(path: path, reason: reason(errno))
        }
        let directory = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }

    /// The content; nil when there is no such file. Refuses a file that others may read.
    static func read(path: String, bytesMax: Int) throws(CertificateError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path: path, reason: reason(errno))
        }
        defer { close(file) }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? NSNumber else {
            throw .file(path: path, reason: "its rights cannot be read")
        }
        guard mode.intValue & 0o077 == 0 else {
            throw .file(path: path, reason: "others may read it; run chmod 600 on it")
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 * 1_024)
        while bytes.count <= bytesMax {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path: path, reason: reason(errno)) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[0..<count])
        }
        throw .file(path: path, reason: "it is larger than \(bytesMax) bytes")
    }

    private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
