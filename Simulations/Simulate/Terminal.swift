#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Where words and results go.
enum Terminal {
    /// A line for whoever watches: to the standard error.
    static func tell(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// A line of the result: to the standard output.
    static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// Whether somebody watches.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Replaces the line of progress; nothing when nobody watches.
    static func showProgress(_ words: String) {
        if isWatched { write("\r\u{1B}[K" + words, to: STDERR_FILENO) }
    }

    /// Takes the line of progress away.
    static func clearProgress() { showProgress("") }

    /// How many threads can run at the same time.
    static var coreCount: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// How long this thread has had a core, in seconds: what others do does not count.
    static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func write(_ text: String, to file: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                #if canImport(Glibc)
                    Glibc.write(file, bytes.baseAddress, bytes.count)
                #elseif canImport(Musl)
                    Musl.write(file, bytes.baseAddress, bytes.count)
                #else
                    Darwin.write(file, bytes.baseAddress, bytes.count)
                #endif
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Names and values in two columns.
    static func table(_ lines: [(String, String)]) -> String {
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { name, value in
            name + String(repeating: " ", count: width + 2 - name.count) + value
        }.joined(separator: "\n")
    }
}
