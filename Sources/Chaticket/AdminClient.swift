import Foundation

/// Asks the node that runs on this machine.
struct AdminClient {
    let directory: NodeDirectory

    /// How long the node may take to answer, in seconds; longer than it tries itself.
    private static let patience = 15

    /// The answer, or a failure that says what to do.
    func ask(_ request: AdminRequest) throws -> AdminResponse {
        let line = try exchange(AdminMessage.line(request))
        let response: AdminResponse
        do {
            response = try JSONDecoder().decode(AdminResponse.self, from: Data(line))
        } catch {
            throw CommandFailure(
                .internalError, "The node's answer is not understood; is it of another version?")
        }
        if let error = response.error {
            throw CommandFailure(error.retryable ? .tryAgain : .usage, error.message)
        }
        return response
    }

    private func exchange(_ request: [UInt8]) throws -> [UInt8] {
        let path = directory.socketPath
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else {
            throw CommandFailure(
                .usage, "The path \(path) is too long for a socket; use a shorter one.")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: AdminClient.patience, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) { pointer in
            // SAFETY: the structure is as large as is named.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw unreachable(errno) }
        // SAFETY: the buffer has as many bytes as are written.
        guard write(descriptor, request, request.count) == request.count else {
            throw unreachable(errno)
        }
        return try answer(from: descriptor)
    }

    private func answer(from descriptor: Int32) throws -> [UInt8] {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while line.last != UInt8(ascii: "\n") {
            // SAFETY: the buffer has as many bytes as may be read.
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0, line.count < AdminMessage.responseBytesMax else {
                throw CommandFailure(
                    .tryAgain,
                    "The node in \(directory.path) did not answer within \(AdminClient.patience) "
                        + "seconds; look at its log.")
            }
            line.append(contentsOf: buffer.prefix(count))
        }
        return line
    }

    private func unreachable(_ code: Int32) -> CommandFailure {
        if code == EACCES {
            return CommandFailure(
                .unreachable,
                "The node in \(directory.path) belongs to another user; run this as that user.")
        }
        return CommandFailure(
            .unreachable,
            "No node runs in \(directory.path); start it with `chaticket node --data "
                + "\(directory.path)`, or name the directory of one that runs with --data.")
    }
}
