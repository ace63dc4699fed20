internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Says which run it was when the process traps: a precondition that does not hold ends the
/// process, and with it all runs, of which only one is to blame.
enum TrapNotice {
    private static let running = Mutex<[(thread: UInt, command: String)]>([])

    /// From now on a trap says how to see it again.
    static func install() {
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT] {
            _ = signal(number) { number in
                // The lock is free: what traps is a run, and runs hold no lock.
                let command = TrapNotice.running.withLockIfAvailable { running in
                    running.first { $0.thread == TrapNotice.thread }?.command
                }
                Terminal.tell("\n✗ trapped; again with: \((command ?? nil) ?? "an unknown run")")
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// This thread begins the run that `command` repeats.
    static func begin(_ command: String) {
        let thread = thread
        running.withLock { $0.append((thread, command)) }
    }

    /// This thread's run is over.
    static func end() {
        let thread = thread
        running.withLock { running in running.removeAll { $0.thread == thread } }
    }

    private static var thread: UInt {
        #if canImport(Glibc)
            pthread_self()
        #else
            UInt(bitPattern: pthread_self())
        #endif
    }
}
