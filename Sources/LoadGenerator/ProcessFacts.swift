import Glibc

/// What the system says about a process: files of `/proc/PID` (proc(5)).
struct ProcessFacts: Equatable {
    /// Processor time so far, of the program and of the kernel for it, in clock ticks.
    var cpuTicks: UInt64
    /// Memory that is in RAM, in bytes.
    var residentBytes: UInt64
    /// Bytes that the process caused to be written to disk.
    var writtenBytes: UInt64

    /// Clock ticks in a second.
    static let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// Nil when there is no such process, or it is not ours to see.
    init?(pid: Int32) {
        guard let stat = SystemFile.text("/proc/\(pid)/stat"),
            let status = SystemFile.text("/proc/\(pid)/status"),
            let io = SystemFile.text("/proc/\(pid)/io")
        else { return nil }
        self.init(stat: stat, status: status, io: io)
    }

    /// Reads the texts of the three files; nil when they are of another form.
    init?(stat: String, status: String, io: String) {
        // The name of the program is in brackets and may hold blanks and brackets itself.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        // The third field of the file is the first here; utime is the 14th, stime the 15th.
        guard fields.count > 12, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let resident = ProcessFacts.value("VmRSS", in: status),
            let written = ProcessFacts.value("write_bytes", in: io)
        else { return nil }
        cpuTicks = user + system
        residentBytes = resident << 10
        writtenBytes = written
    }

    private static func value(_ name: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
            if words.count >= 2, words[0] == name { return UInt64(words[1]) }
        }
        return nil
    }
}

/// What several processes used between two moments.
struct ProcessUse: Equatable {
    var cpuNanoseconds: UInt64 = 0
    var residentBytes: UInt64 = 0
    var writtenBytes: UInt64 = 0

    /// Of processes that lived through; one that is missing at either moment is left out.
    init(from earlier: [Int32: ProcessFacts], to later: [Int32: ProcessFacts]) {
        for (pid, end) in later {
            guard let start = earlier[pid] else { continue }
            cpuNanoseconds +=
                (end.cpuTicks - min(start.cpuTicks, end.cpuTicks))
                * (1_000_000_000 / ProcessFacts.ticksPerSecond)
            writtenBytes += end.writtenBytes - min(start.writtenBytes, end.writtenBytes)
            residentBytes += end.residentBytes
        }
    }

    /// Looks at every process of `pids` now.
    static func sample(_ pids: [Int32]) -> [Int32: ProcessFacts] {
        var facts: [Int32: ProcessFacts] = [:]
        for pid in pids { facts[pid] = ProcessFacts(pid: pid) }
        return facts
    }
}

/// Files of the system, which are small and say no size.
enum SystemFile {
    /// All of the file; nil when it cannot be read.
    static func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// All of the file; nil when it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { break }
            all.append(contentsOf: piece[..<count])
        }
        return ferror(file) == 0 ? all : nil
    }

    /// Adds `text` at the end of the file, which is made for its owner alone; whether it worked.
    static func append(_ text: String, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var text = text
        return text.withUTF8 { write(descriptor, $0.baseAddress, $0.count) == $0.count }
    }

    /// Puts `text` in the place of the file, all or nothing; whether it worked.
    static func replace(_ path: String, by text: String) -> Bool {
        let fresh = path + ".new"
        unlink(fresh)
        return append(text, to: fresh) && rename(fresh, path) == 0
    }
}
