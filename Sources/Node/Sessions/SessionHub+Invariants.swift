internal import Identity
internal import Wire

extension SessionHub {
    /// Traps unless the numbered invariants of the type hold; linear in all cursors.
    package func checkInvariants() {
        var catching: [LogID: Int] = [:]
        var cursorCounts: [LogID: Int] = [:]
        for (socket, state) in sockets {
            precondition(state.grant != nil || state.cursors.isEmpty, "invariant 4")
            precondition(
                state.catchUpCount <= SessionLimits.catchUpsInFlightMax, "invariant 6: too many")
            var waiting = 0
            for (log, cursor) in state.cursors {
                guard let id = logID(log, of: socket), let followed = logs[id] else {
                    preconditionFailure("invariant 5: a cursor of a log that is not followed")
                }
                let isLive = cursor.state == .live
                precondition(followed.live.has(socket) == isLive, "invariant 1: live")
                precondition(followed.others.has(socket) == !isLive, "invariant 1: others")
                precondition(!isLive || followed.head != nil, "invariant 3")
                if cursor.state.isCatching { catching[id, default: 0] += 1 }
                if cursor.state.token != nil { waiting += 1 }
                cursorCounts[id, default: 0] += 1
            }
            precondition(waiting == state.catchUpCount, "invariant 6: the count is wrong")
        }
        var watchers: [AccountID: Int] = [:]
        for (socket, state) in sockets where !state.watches.isEmpty {
            guard let own = state.grant?.account else { preconditionFailure("invariant 7: own") }
            for account in state.watches + [own] {
                precondition(watched[account]?.sockets.has(socket) == true, "invariant 7: watched")
                watchers[account, default: 0] += 1
            }
        }
        for (account, watch) in watched {
            precondition(watch.sockets.count == watchers[account], "invariant 7: watchers")
        }
        for (id, followed) in logs {
            precondition(
                cursorCounts[id] == followed.live.count + followed.others.count, "invariant 5")
            precondition(followed.catchingCount == catching[id, default: 0], "invariant 2")
        }
    }
}
