internal import Logging
internal import NIOCore

/// Says the same thing at most once a minute.
struct RefusalLog {
    private static let pause: TimeAmount = .minutes(1)
    private static let entriesMax = 1_024

    private let logger: Logger
    private var spoken: [String: NIODeadline] = [:]

    init(logger: Logger) {
        self.logger = logger
    }

    /// Logs a warning unless one under the same `key` was logged within a minute.
    mutating func warn(key: String, now: NIODeadline, _ text: String) {
        if let last = spoken[key], now - last < Self.pause { return }
        if spoken.count >= Self.entriesMax {
            spoken = spoken.filter { now - $0.value < Self.pause }
            if spoken.count >= Self.entriesMax { return }
        }
        spoken[key] = now
        logger.warning("\(text)")
    }
}
