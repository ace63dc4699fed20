internal import ClientSession
internal import Determinism
internal import Identity
internal import Node
internal import Registry
internal import Wire

/// Sockets that break the protocol: each is answered with an error or closed, and nobody else
/// notices.
extension Simulation {
    /// How a run counts what became of a vandal.
    private static let kind = FaultKind.malformedFrames

    func strikeMalformedFrames() {
        let signedIn = people.filter { $0.isStarted && !$0.login.isEnding }
        guard let person = injector.pick(Self.kind, signedIn), let token = person.token,
            let node = injector.pick(Self.kind, cluster.nodes.filter(\.isUp)),
            let prank = injector.pick(Self.kind, Vandal.Prank.allCases)
        else { return }
        injector.count(Self.kind)
        let number = vandals.count
        let socket = open(socketTo: node, for: .vandal(number))
        vandals.append(
            Vandal(
                prank: prank, socket: socket, person: person.index, session: person.login,
                token: token))
    }

    func vandalOpened(_ number: Int) {
        let vandal = vandals[number]
        if vandal.prank.comesAfterWelcome {
            say(ClientFrame.hello(Hello(token: vandal.token)).jsonBytes, on: vandal.socket)
        } else {
            beginPrank(number)
        }
    }

    private func beginPrank(_ number: Int) {
        vandals[number].hasBegun = true
        let vandal = vandals[number]
        let cmid = MessageID(milliseconds: cluster.wall.milliseconds, using: &generator)
        if vandal.prank == .longText {
            history.refusals.sends(cmid, toBeRefusedWith: [FailureCode.badText.rawValue])
        }
        let frames = vandal.prank.frames(room: rooms[0].chat, cmid: cmid, using: &generator)
        for frame in frames { say(frame, on: vandal.socket) }
    }

    func vandalHeard(_ frame: ServerFrame, _ number: Int) {
        switch frame {
        case .welcome: if !vandals[number].hasBegun { beginPrank(number) }
        case .error(let error) where vandals[number].hasBegun:
            // Who sends too fast is told so before it is closed.
            guard vandals[number].prank != .flood else { return }
            end(number, .error(error.code))
            close(vandals[number].socket)
        default: break
        }
    }

    func vandalClosed(_ number: Int, code: UInt16) { end(number, .closed(code)) }

    private func end(_ number: Int, _ outcome: Vandal.Outcome) {
        guard vandals[number].outcome == nil else { return }
        vandals[number].outcome = outcome
        let vandal = vandals[number]
        guard isConclusive(outcome, vandal) else { return }
        counters.pranksAnswered += 1
        if outcome != vandal.prank.expected {
            history.report(
                "malformed frames",
                "\(vandal.prank) had the outcome \(outcome), not \(vandal.prank.expected)")
        }
    }

    /// A socket may also be lost, a node go away or be too slow to welcome, and the session end;
    /// and a cluster that cannot answer now says so before it looks at what was asked.
    private func isConclusive(_ outcome: Vandal.Outcome, _ vandal: Vandal) -> Bool {
        guard vandal.hasBegun || !vandal.prank.comesAfterWelcome else { return false }
        switch outcome {
        case .error(let code) where FailureCode(rawValue: code)?.isRetryable == true: return false
        case .closed(Self.closedAbnormally), .closed(CloseCode.goingAway.rawValue): return false
        case .closed(CloseCode.unauthenticated.rawValue):
            return outcome == vandal.prank.expected || !vandal.session.isEnding
        default: return true
        }
    }
}
