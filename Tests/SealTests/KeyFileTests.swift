import Foundation
import Seal
import Testing

@Suite("KeyFile")
final class KeyFileTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("key-file-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private var path: String { folder.appendingPathComponent("key").path }

    @Test("A key is read back, from a file for its owner only")
    func roundTrip() throws {
        let key = SystemGenerator.bytes(count: 32)
        try KeyFile.write(key, path: path)
        #expect(try KeyFile.read(path: path) == key)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("A key file is never overwritten")
    func overwriting() throws {
        let key = SystemGenerator.bytes(count: 32)
        try KeyFile.write(key, path: path)
        #expect(throws: SealError.self) {
            try KeyFile.write(SystemGenerator.bytes(count: 32), path: self.path)
        }
        #expect(try KeyFile.read(path: path) == key)
    }

    @Test("A file that others may read is refused with its mode", arguments: [0o640, 0o604, 0o644])
    func exposed(mode: Int) throws {
        try KeyFile.write(SystemGenerator.bytes(count: 32), path: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(throws: SealError.keyFileExposed(path: path, mode: UInt32(mode))) {
            try KeyFile.read(path: self.path)
        }
    }

    @Test("A file that holds something else is malformed", arguments: ["", "abc", "zz\n", "00ff"])
    func malformed(text: String) throws {
        #expect(throws: SealError.keyFileMissing(path: path)) { try KeyFile.read(path: self.path) }
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]))
        #expect(throws: SealError.keyFileMalformed(path: path)) {
            try KeyFile.read(path: self.path)
        }
    }
}
