import Foundation
import Glibc

/// A process that this one started, and perhaps talks to.
struct ChildProcess: Sendable {
    let pid: Int32
    private let input: FileHandle?
    private let output: FileHandle?

    /// Starts a program that ends when its standard input does.
    static func start(_ path: String, _ arguments: [String]) throws(LoadFailure) -> ChildProcess {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        guard let real = realpath(path, nil) else { throw .noProcess("there is no \(path)") }
        defer { free(real) }
        process.executableURL = URL(filePath: String(cString: real))
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw .noProcess("\(path): \(error)")
        }
        return ChildProcess(
            pid: process.processIdentifier, input: input.fileHandleForWriting,
            output: output.fileHandleForReading)
    }

    /// A number in the first line that the program writes.
    func readNumber() -> Int? {
        guard let output else { return nil }
        var digits: [UInt8] = []
        while let byte = try? output.read(upToCount: 1), let digit = byte.first,
            digit != UInt8(ascii: "\n")
        {
            digits.append(digit)
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// Ends the program's standard input.
    func end() { try? input?.close() }

    /// How a program ends that is run with more in its environment, and whose output nobody wants.
    static func exitCode(
        _ path: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws(LoadFailure) -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            return try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = {
                    continuation.resume(returning: $0.terminationStatus)
                }
                do { try process.run() } catch { continuation.resume(throwing: error) }
            }
        } catch {
            throw .noProcess("\(path): \(error)")
        }
    }

    /// The standard output of a program that ends by itself.
    static func output(_ path: String, _ arguments: [String]) throws(LoadFailure) -> [UInt8] {
        let child = try start(path, arguments)
        child.end()
        let bytes = try? child.output?.readToEnd()
        return bytes.map(Array.init) ?? []
    }
}
