package import Determinism
internal import Glibc
package import Logging
internal import Synchronization
internal import Wire

/// Shows sign-in codes and invitations to whoever runs the node, for development only: a line of
/// the log, and a line `{"phone", "code", "expires"}` of a file that only its owner may read. Of an
/// invitation the line is `{"phone", "text"}` of the file `invitations.jsonl` beside it.
package final class ConsoleCodeSender: CodeSender {
    private let path: String?
    private let logger: Logger
    // Lines of two senders in one process do not mix; those of two processes neither, because each
    // is one short append.
    private let isWriting = Mutex(())

    /// `path` is the file; nil logs only.
    package init(path: String?, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    package func send(_ code: SignInCode, to phone: String, expires: WallTime) async throws {
        logger.notice(
            "A sign-in code, shown because the sender is the console.",
            metadata: ["phone": "\(phone)", "code": "\(code.text)"])
        guard let path else { return }
        var line = JSONWriter()
        line.beginObject()
        line.member("phone", phone)
        line.member("code", code.text)
        line.member("expires", expires.milliseconds)
        line.endObject()
        try append(line.bytes + [UInt8(ascii: "\n")], to: path)
    }

    package func send(_ invitation: InvitationMessage, to phone: String) async throws {
        logger.notice(
            "An invitation, shown because the sender is the console.",
            metadata: ["phone": "\(phone)", "text": "\(invitation.text)"])
        guard let path else { return }
        var line = JSONWriter()
        line.beginObject()
        line.member("phone", phone)
        line.member("text", invitation.text)
        line.endObject()
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        try append(line.bytes + [UInt8(ascii: "\n")], to: folder + "invitations.jsonl")
    }

    private func append(_ bytes: [UInt8], to path: String) throws {
        try isWriting.withLock { _ in
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw CodeFileError(path: path, errno: errno) }
            defer { close(descriptor) }
            // A file made by somebody else with wider rights is narrowed, or refused.
            guard fchmod(descriptor, 0o600) == 0,
                write(descriptor, bytes, bytes.count) == bytes.count
            else { throw CodeFileError(path: path, errno: errno) }
        }
    }
}

/// The file of the console's codes cannot be written.
package struct CodeFileError: Error, Hashable, CustomStringConvertible {
    package let path: String
    package let errno: Int32

    package var description: String { "cannot write the sign-in code to \(path): error \(errno)" }
}
