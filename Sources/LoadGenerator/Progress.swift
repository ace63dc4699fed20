import Glibc

/// Lines for whoever watches, on standard error.
enum Progress {
    /// Writes a line.
    static func tell(_ text: String) {
        var line = "chaticket-load: \(text)\n"
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
