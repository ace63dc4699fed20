internal import Glibc

/// State that threads share, with two bells to wait at: ringing one wakes only those who wait
/// there.
// SAFETY: the state is touched with the mutex held only; mutex and conditions live as long as the
// object, at one address.
final class DiskMonitor<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let conditions = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 2)
    private var state: State

    /// Who waits.
    enum Bell: Int {
        case writer
        case readers
    }

    init(_ state: sending State) {
        self.state = state
        let result =
            pthread_mutex_init(mutex, nil) + pthread_cond_init(conditions, nil)
            + pthread_cond_init(conditions + 1, nil)
        precondition(result == 0, "the system has no locks")
    }

    deinit {
        pthread_cond_destroy(conditions)
        pthread_cond_destroy(conditions + 1)
        pthread_mutex_destroy(mutex)
        conditions.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` alone with the state.
    func access<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Wakes all who wait at `bell`; costs next to nothing when nobody does.
    func ring(_ bell: Bell) { pthread_cond_broadcast(conditions + bell.rawValue) }

    /// Waits at `bell` until `body` answers something.
    func wait<Result>(at bell: Bell, _ body: (inout State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            pthread_cond_wait(conditions + bell.rawValue, mutex)
        }
    }
}

/// A thread that runs one function to its end.
struct DiskWorker: Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    private let thread: pthread_t

    /// Starts a thread.
    init(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        // SAFETY: the new thread takes over the reference to `body`.
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        precondition(result == 0, "the system has no threads")
        self.thread = thread
    }

    /// Waits for the thread's end; to be called once.
    func join() { pthread_join(thread, nil) }
}
