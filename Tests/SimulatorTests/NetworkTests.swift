import Determinism
import Identity
import Membership
import Raft
import Testing
import Wire

@testable import Simulator

@Suite("Simulated network")
struct NetworkTests {
    private typealias Path = SimulatedNetwork.Path

    private let path = SimulatedNetwork.Path(from: NodeID(1), to: NodeID(2))

    private func network() -> SimulatedNetwork {
        SimulatedNetwork(settings: NetworkSettings(), seed: 1)
    }

    private func batch(_ number: UInt32) -> [PeerMessage] { [.streamPing(sequence: number)] }

    // MARK: Streams

    @Test("A stream keeps its order")
    func order() {
        let network = network()
        var generator = SeededGenerator(seed: 1)
        _ = network.open(path, at: .start)
        var last = Instant.start
        for _ in 0..<100 {
            let at = network.arrival(on: path, at: .start, using: &generator)
            #expect(at >= last)
            last = at
        }
    }

    @Test("What is sent into a cut waits for it to heal, in order")
    func held() {
        let network = network()
        _ = network.open(path, at: .start)
        #expect(network.hasRoom(on: path))
        let cut = network.begin(.cut([path]))
        #expect(network.isBlocked(path) && !network.isBlocked(path.back))
        #expect(!network.hasRoom(on: path))
        network.hold(batch(1), on: path)
        network.hold(batch(2), on: path)
        #expect(network.heal(cut) == [path])
        #expect(!network.hasRoom(on: path), "nothing overtakes what waits")
        #expect(network.takeHeld(of: path) == batch(1))
        #expect(network.takeHeld(of: path) == batch(2))
        #expect(network.takeHeld(of: path) == nil)
    }

    @Test("A half-open stream takes everything, brings nothing, and is dead for whoever asks")
    func halfOpen() {
        let network = network()
        var generator = SeededGenerator(seed: 1)
        let number = network.open(path, at: .start)
        network.halfOpen(path)
        #expect(network.stream(path) != nil)
        #expect(network.hasRoom(on: path))
        let at = network.arrival(on: path, at: .start, using: &generator)
        #expect(network.isDead(path, at: at))
        guard case .nothing = network.receive(on: path, stream: number, at: at) else {
            Issue.record("a half-open stream brings nothing")
            return
        }
    }

    @Test(
        "Of a stream that was reset, what comes in time is read, then one torn batch, then nothing")
    func reset() {
        let network = network()
        let number = network.open(path, at: .start)
        let end = Instant.start + .milliseconds(5)
        #expect(
            network.close(path, remains: SimulatedNetwork.Remains(until: end, seed: 3)) == number)
        #expect(network.stream(path) == nil)
        var seen: [String] = []
        for at in [end, end, end + .nanoseconds(1), end + .nanoseconds(2)] {
            switch network.receive(on: path, stream: number, at: at) {
            case .whole: seen.append("whole")
            case .torn: seen.append("torn")
            case .nothing: seen.append("nothing")
            }
        }
        #expect(seen == ["whole", "whole", "torn", "nothing"])
    }

    @Test("What is left of an old stream never comes after a new one is open")
    func oldStream() {
        let network = network()
        let old = network.open(path, at: .start)
        let end = Instant.start + .seconds(1)
        _ = network.close(path, remains: SimulatedNetwork.Remains(until: end, seed: 3))
        let new = network.open(path, at: .start)
        guard case .nothing = network.receive(on: path, stream: old, at: .start) else {
            Issue.record("the old stream is closed by the new one")
            return
        }
        guard case .whole = network.receive(on: path, stream: new, at: .start) else {
            Issue.record("the new stream brings what is sent")
            return
        }
    }

    @Test("A stalled stream brings nothing before the stall ends, and is dead until then")
    func stall() {
        let network = network()
        var generator = SeededGenerator(seed: 1)
        _ = network.open(path, at: .start)
        let end = Instant.start + .seconds(2)
        network.stall(path, until: end)
        #expect(network.arrival(on: path, at: .start, using: &generator) >= end)
        #expect(network.isDead(path, at: .start + .seconds(1)))
        #expect(!network.isDead(path, at: end))
    }

    @Test("A slow reader lets so many batches under way, lets so many wait, and the oldest go")
    func slowReading() {
        let network = network()
        var generator = SeededGenerator(seed: 1)
        let number = network.open(path, at: .start)
        let reading = SlowReading(pause: .milliseconds(100), underWayMax: 2, waitingMax: 3)
        let fault = network.begin(.slowReading(path, reading))
        var last = Instant.start
        for _ in 0..<2 {
            #expect(network.hasRoom(on: path))
            let at = network.arrival(on: path, at: .start, using: &generator)
            #expect(at >= last + .milliseconds(100))
            last = at
        }
        #expect(!network.hasRoom(on: path))
        for number in UInt32(1)...5 { network.hold(batch(number), on: path) }
        #expect(network.batchesDropped == 2)
        _ = network.receive(on: path, stream: number, at: last)
        #expect(network.hasRoomForHeld(on: path) && !network.hasRoom(on: path))
        #expect(network.takeHeld(of: path) == batch(3))
        #expect(network.heal(fault) == [path])
        #expect(network[path].reading == nil)
    }

    // MARK: Faults that last

    @Test("A path that two cuts share is whole when both have healed")
    func sharedCuts() {
        let network = network()
        let far = Path(from: NodeID(1), to: NodeID(30))
        let first = network.begin(.cut([far, far.back]))
        let second = network.begin(.cut([far]))
        #expect(network.heal(first) == [far.back])
        #expect(network.isBlocked(far) && !network.isBlocked(far.back))
        #expect(network.heal(first) == [])
        #expect(network.heal(second) == [far])
        #expect(!network.isBlocked(far))
    }

    @Test("Among the core every fault of the network ends; outside of it every one stays")
    func core() {
        let network = network()
        network.datagramFaults.set(.loss, perMille: 1_000)
        network.spikeWidth = .seconds(1)
        var generator = SeededGenerator(seed: 2)
        let outside = Path(from: NodeID(1), to: NodeID(3))
        let cut = network.begin(.cut([path, outside]))
        _ = network.begin(.clientCut(ClientCut(machine: 0, people: nil)))
        _ = network.begin(.clientCut(ClientCut(machine: 2, people: nil)))
        #expect(network.copies(of: path, at: .start, using: &generator) == [])
        #expect(network.calm(among: [NodeID(2), NodeID(1)], machines: [0, 1]) == [path])
        #expect(!network.isBlocked(path) && network.isBlocked(outside))
        #expect(!network.isCutOff(person: 0, from: 0) && network.isCutOff(person: 0, from: 2))
        #expect(network.copies(of: path, at: .start, using: &generator).count == 1)
        #expect(network.copies(of: outside, at: .start, using: &generator) == [])
        #expect(network.width(of: path) < .seconds(1))
        #expect(network.width(of: outside) == .seconds(1))
        #expect(network.heal(cut) == [outside])
        // Whoever asks for a fault later: there is none in the core.
        _ = network.begin(.cut([path]))
        #expect(!network.isBlocked(path))
    }

    @Test("A cut of clients is of those whom it names, or of everybody")
    func clientCut() {
        let network = network()
        let some = network.begin(.clientCut(ClientCut(machine: 1, people: [2])))
        #expect(network.isCutOff(person: 2, from: 1))
        #expect(!network.isCutOff(person: 3, from: 1) && !network.isCutOff(person: 2, from: 0))
        _ = network.heal(some)
        #expect(!network.isCutOff(person: 2, from: 1))
        _ = network.begin(.clientCut(ClientCut(machine: 1, people: nil)))
        #expect(network.isCutOff(person: 3, from: 1))
    }

    @Test("A filter takes out messages of its kind, on paths of its node, in its direction")
    func filter() throws {
        let network = network()
        let filter = MessageFilter(
            kind: .heartbeat, node: NodeID(1), isFromNode: true, breaksStream: false)
        let fault = network.begin(.filter(filter))
        #expect(network.filters(on: path) == [filter])
        #expect(network.filters(on: path.back) == [])
        let replica = ReplicaID(node: NodeID(1), incarnation: 1)
        func raft(_ body: RaftMessage.Body) -> RaftMessage {
            RaftMessage(
                from: replica, to: replica, shard: ShardID(1), term: Term(1), body: body)
        }
        let heartbeat = raft(.heartbeat(commit: LogIndex(0), readContext: 1))
        let vote = raft(.voteReply(granted: true))
        #expect(filter.rest(of: .raft([heartbeat, vote])) == .raft([vote]))
        #expect(filter.rest(of: .raft([heartbeat])) == nil)
        #expect(filter.rest(of: .streamPing(sequence: 1)) == .streamPing(sequence: 1))
        _ = network.heal(fault)
        #expect(network.filters(on: path) == [])
    }
}
