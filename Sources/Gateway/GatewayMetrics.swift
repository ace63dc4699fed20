internal import Synchronization

/// Counters of the client listener, for `/metrics`.
final class GatewayMetrics: Sendable {
    /// What is counted; the raw value is its place.
    enum Counter: Int, CaseIterable, Sendable {
        case requests
        case clientErrors
        case serverErrors
        case malformedRequests
        case csrfRefusals
        case originRefusals
        case codesSent
        case invitationsSent
        case signIns
        case socketsOpened
        case socketsClosed
        case socketErrors
        case framesReceived
        case framesSent
        case bytesSent
        case stalledConnections

        /// The metric's name after the prefix.
        fileprivate var name: String {
            switch self {
            case .requests: "http_requests_total"
            case .clientErrors: "http_client_errors_total"
            case .serverErrors: "http_server_errors_total"
            case .malformedRequests: "http_malformed_requests_total"
            case .csrfRefusals: "csrf_refusals_total"
            case .originRefusals: "origin_refusals_total"
            case .codesSent: "sign_in_codes_sent_total"
            case .invitationsSent: "invitations_sent_total"
            case .signIns: "sign_ins_total"
            case .socketsOpened: "sockets_opened_total"
            case .socketsClosed: "sockets_closed_total"
            case .socketErrors: "socket_protocol_errors_total"
            case .framesReceived: "frames_received_total"
            case .framesSent: "frames_sent_total"
            case .bytesSent: "frame_bytes_sent_total"
            case .stalledConnections: "stalled_connections_total"
            }
        }

        fileprivate var help: String {
            switch self {
            case .requests: "HTTP requests that were answered."
            case .clientErrors: "HTTP answers with a status from 400 to 499."
            case .serverErrors: "HTTP answers with a status of 500 or above."
            case .malformedRequests: "Connections closed because they did not speak HTTP."
            case .csrfRefusals: "Unsafe requests without a good CSRF token."
            case .originRefusals: "Requests from origins that are not the cluster's."
            case .codesSent: "Sign-in codes handed to the sender."
            case .invitationsSent: "Invitations of phone numbers handed to the sender."
            case .signIns: "Sessions opened with a code or a password."
            case .socketsOpened: "WebSockets opened."
            case .socketsClosed: "WebSockets closed."
            case .socketErrors: "WebSockets closed for breaking RFC 6455 or a limit."
            case .framesReceived: "Text messages received on WebSockets."
            case .framesSent: "Text messages sent on WebSockets."
            case .bytesSent: "Bytes of text messages sent on WebSockets."
            case .stalledConnections: "Connections closed because they read no answer."
            }
        }
    }

    private let counts = Mutex([UInt64](repeating: 0, count: Counter.allCases.count))

    /// Adds to a counter; from any thread.
    func count(_ counter: Counter, by amount: Int = 1) {
        counts.withLock { $0[counter.rawValue] &+= UInt64(max(0, amount)) }
    }

    /// The value of a counter.
    func value(of counter: Counter) -> UInt64 {
        counts.withLock { $0[counter.rawValue] }
    }

    /// All counters in Prometheus' text format 0.0.4.
    var text: String {
        let values = counts.withLock { $0 }
        var text = ""
        for (counter, value) in zip(Counter.allCases, values) {
            let name = "chaticket_gateway_" + counter.name
            text += "# HELP \(name) \(counter.help)\n# TYPE \(name) counter\n\(name) \(value)\n"
        }
        let opened = values[Counter.socketsOpened.rawValue]
        let closed = values[Counter.socketsClosed.rawValue]
        text += "# HELP chaticket_gateway_sockets WebSockets that are open.\n"
        text += "# TYPE chaticket_gateway_sockets gauge\n"
        text += "chaticket_gateway_sockets \(opened &- closed)\n"
        return text
    }
}
