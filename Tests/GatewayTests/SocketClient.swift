import Foundation
import NIOSSL

/// A WebSocket as a client has it, frame by frame.
final class SocketClient {
    /// A frame of the server.
    enum Frame: Equatable {
        case text(String)
        case pong([UInt8])
        case close(UInt16, String)
        /// The connection ended.
        case end
    }

    let raw: RawClient
    /// The answer to the opening handshake.
    let answer: HTTPAnswer

    /// Sends the opening handshake; the socket is open when the answer's status is 101.
    init(
        port: Int, headers: [(String, String)] = [], path: String = "/ws",
        tls: TLSConfiguration? = nil
    ) async throws {
        raw = try await RawClient(port: port, tls: tls)
        var lines = ["GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"]
        var fields = [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ]
        for (name, value) in headers {
            fields.removeAll { $0.0 == name }
            if !value.isEmpty { fields.append((name, value)) }
        }
        lines += fields.map { "\($0): \($1)" }
        try await raw.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        let head = await raw.receive(upTo: "\r\n\r\n") ?? ""
        let parsed = HTTPClient.parse(Array(head.utf8))
        if parsed.status == 101 {
            answer = parsed
        } else {
            let count = parsed.header("content-length").flatMap { Int($0) } ?? 0
            let body = await raw.receive(count: count) ?? []
            answer = HTTPAnswer(status: parsed.status, headers: parsed.headers, body: body)
        }
    }

    /// Sends one frame, masked unless told otherwise.
    func send(
        opcode: UInt8, _ payload: [UInt8], fin: Bool = true, isMasked: Bool = true, rsv: UInt8 = 0
    ) async throws {
        var bytes: [UInt8] = [(fin ? 0x80 : 0) | rsv << 4 | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ...125: bytes.append(mask | UInt8(payload.count))
        case ...0xFFFF:
            bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(mask | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        let key: [UInt8] = [1, 2, 3, 4]
        if isMasked {
            bytes += key
            bytes += payload.enumerated().map { $1 ^ key[$0 % 4] }
        } else {
            bytes += payload
        }
        try await raw.send(bytes)
    }

    func send(_ text: String) async throws { try await send(opcode: 1, Array(text.utf8)) }

    /// The next frame of the server.
    func receive() async -> Frame {
        guard let head = await raw.receive(count: 2) else { return .end }
        var count = Int(head[1] & 0x7F)
        // A server must not mask.
        guard head[1] & 0x80 == 0 else { return .end }
        let extra = count == 126 ? 2 : count == 127 ? 8 : 0
        if extra > 0 {
            guard let bytes = await raw.receive(count: extra) else { return .end }
            count = bytes.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let payload = await raw.receive(count: count) else { return .end }
        switch head[0] {
        case 0x81: return .text(String(decoding: payload, as: UTF8.self))
        case 0x8A: return .pong(payload)
        case 0x88 where payload.count >= 2:
            return .close(
                UInt16(payload[0]) << 8 | UInt16(payload[1]),
                String(decoding: payload[2...], as: UTF8.self))
        default: return .end
        }
    }

    /// The next text frame of this kind; nil when the connection ends or closes before.
    func receive(kind: String) async -> [String: Any]? {
        while true {
            guard case .text(let text) = await receive() else { return nil }
            let object = try? JSONSerialization.jsonObject(with: Data(text.utf8))
            if let object = object as? [String: Any], object["kind"] as? String == kind {
                return object
            }
        }
    }

    /// The code of the next close frame, and what came before it.
    func receiveClose() async -> (code: UInt16?, before: [Frame]) {
        var before: [Frame] = []
        while true {
            switch await receive() {
            case .close(let code, _): return (code, before)
            case .end: return (nil, before)
            case let frame: before.append(frame)
            }
        }
    }
}
