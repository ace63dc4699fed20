import Accounts
import Chat
import Determinism
import Identity
import Node
import Testing
import Wire

private let one = SocketID(1)
private let two = SocketID(2)
private let chat = Wide.chat(1)
private let log = LogID.chat(chat)

@Suite("Session hub: coming in")
struct SessionHubAuthenticationTests {
    @Test(
        "A socket that does not say hello within 5 s is closed with 4401, and heard nothing before")
    func helloTimeout() {
        var harness = HubHarness()
        #expect(harness.give(.opened(one, grant: nil, origin: nil)).isEmpty)
        #expect(harness.wait(.milliseconds(4_999)).isEmpty)
        let effects = harness.wait(.milliseconds(1))
        #expect(effects.frames(to: one).isEmpty)
        #expect(effects.closeCode(of: one) == .unauthenticated)
    }

    @Test("A cluster that does not say in time who a client is costs the socket, not the sign-in")
    func authenticationTimeout() {
        var harness = HubHarness()
        harness.give(.opened(one, grant: nil, origin: nil))
        let token = SessionToken(
            account: Wide.account(1), session: Wide.session(1),
            secret: Array(repeating: 7, count: SessionToken.secretByteCount))
        harness.say(.hello(Hello(token: token.text)), one)
        #expect(harness.wait(.milliseconds(9_999)).closeCode(of: one) == nil)
        #expect(harness.wait(.milliseconds(1)).closeCode(of: one) == .goingAway)
        harness.give(.opened(two, grant: .test(1), origin: nil))
        #expect(harness.wait(.seconds(5)).closeCode(of: two) == .goingAway)
    }

    @Test("A frame before hello closes an anonymous socket with 4401 and answers nothing")
    func frameBeforeHello() {
        var harness = HubHarness()
        harness.give(.opened(one, grant: nil, origin: nil))
        let effects = harness.say(.ping, one)
        #expect(effects == [.close(one, .unauthenticated, reason: "hello comes first")])
    }

    @Test("Welcome, differences and live follow a hello in this order (DESIGN 8, rule 1)")
    func hello() {
        var harness = HubHarness()
        let grant = SessionGrant.test(1, inboxSeq: 3)
        harness.give(.opened(one, grant: grant, origin: nil))
        let asked = harness.say(
            .hello(
                Hello(inbox: cursor(1), open: [Hello.Open(chat: chat, cursor: cursor(4))])), one)
        #expect(asked.followed == [.inbox(grant.account)])
        #expect(asked.frames(to: one).isEmpty)
        let welcomed = harness.answer(difference(.inbox(grant.account), from: 1, to: 3))
        let first = welcomed.frames(to: one)
        guard case .welcome(let welcome)? = first.first, case .difference(let inbox)? = first.last
        else {
            Issue.record("no welcome")
            return
        }
        #expect(first.count == 2)
        #expect(welcome.inbox == cursor(3))
        #expect(welcome.heartbeat == .seconds(25))
        #expect(welcome.nodes == ["http://127.0.0.1:8081"])
        #expect(welcome.bearer == nil)
        #expect(inbox.entries.map(\.seq.rawValue) == [2, 3])
        #expect(welcomed.followed == [log])
        let live = harness.answer(difference(log, from: 4, to: 6)).frames(to: one)
        #expect(live.count == 2)
        #expect(live.last == .live)
    }

    @Test("A token in hello is asked for by its hash; a wrong one closes with 4401")
    func token() {
        for isRight in [true, false] {
            var harness = HubHarness()
            let token = SessionToken(
                account: Wide.account(1), session: Wide.session(1),
                secret: [UInt8](repeating: 5, count: 32))
            harness.give(.opened(one, grant: nil, origin: nil))
            harness.say(.hello(Hello(token: token.text)), one)
            #expect(
                harness.asked.first?.request
                    == .authenticate(
                        account: Wide.account(1), session: Wide.session(1),
                        secretHash: TestDigest().digest(token.secret)))
            if isRight {
                harness.answer(.granted(.test(1)))
                let effects = harness.answer(difference(.inbox(Wide.account(1)), from: 0, to: 0))
                #expect(effects.frames(to: one).count == 2)
            } else {
                let effects = harness.answer(.failed(Failure(.unauthorised)))
                #expect(effects == [.close(one, .unauthenticated, reason: "not signed in")])
            }
        }
    }

    @Test("A text that is no token is refused without asking anybody")
    func garbageToken() {
        var harness = HubHarness()
        harness.give(.opened(one, grant: nil, origin: nil))
        #expect(
            harness.say(.hello(Hello(token: "secret")), one).closeCode(of: one)
                == .unauthenticated)
        #expect(harness.asked.isEmpty)
    }

    @Test("A ticket in the hello is redeemed although the upgrade had a cookie (rule 6)")
    func ticketBesideCookie() throws {
        var harness = HubHarness()
        harness.give(.opened(one, grant: .test(1), origin: "https://a.example"))
        harness.say(.hello(Hello()), one)
        let frames = harness.answer(difference(.inbox(Wide.account(1)), from: 0, to: 0))
            .frames(to: one)
        guard case .welcome(let welcome)? = frames.first else {
            Issue.record("no welcome")
            return
        }
        harness.give(.opened(two, grant: .test(1), origin: "https://a.example"))
        harness.say(.hello(Hello(ticket: welcome.ticket)), two)
        guard case .redeemTicket? = harness.asked.first?.request else {
            Issue.record("the ticket was not redeemed")
            return
        }
    }

    @Test("A ticket of a welcome opens a socket from the same origin and brings a bearer (rule 6)")
    func ticket() throws {
        var harness = HubHarness()
        harness.give(.opened(one, grant: .test(1), origin: "https://a.example"))
        harness.say(.hello(Hello()), one)
        let frames = harness.answer(difference(.inbox(Wide.account(1)), from: 0, to: 0))
            .frames(to: one)
        guard case .welcome(let welcome)? = frames.first else {
            Issue.record("no welcome")
            return
        }
        harness.give(.opened(two, grant: nil, origin: "https://b.example"))
        #expect(
            harness.say(.hello(Hello(ticket: welcome.ticket)), two).closeCode(of: two)
                == .unauthenticated)
        let three = SocketID(3)
        harness.give(.opened(three, grant: nil, origin: "https://a.example"))
        harness.say(.hello(Hello(ticket: welcome.ticket)), three)
        guard case .redeemTicket(let exchange)? = harness.asked.first?.request else {
            Issue.record("the ticket was not redeemed")
            return
        }
        #expect(exchange.session == Wide.session(1))
        harness.answer(.granted(.test(1)))
        let second = harness.answer(difference(.inbox(Wide.account(1)), from: 0, to: 0))
            .frames(to: three)
        guard case .welcome(let welcome)? = second.first else {
            Issue.record("no welcome")
            return
        }
        let bearer = try #require(SessionToken(text: welcome.bearer ?? ""))
        #expect(TestDigest().digest(bearer.secret) == exchange.secretHash)
        harness.wait(.seconds(59))
        harness.wall = harness.wall + SessionLimits.ticketLifetime
        let four = SocketID(4)
        harness.give(.opened(four, grant: nil, origin: "https://a.example"))
        #expect(
            harness.say(.hello(Hello(ticket: welcome.ticket)), four).closeCode(of: four)
                == .unauthenticated)
    }

    @Test(
        "A session that was revoked after the upgrade and before the inbox is followed gets nothing"
    )
    func revokedMeanwhile() {
        var harness = HubHarness()
        let grant = SessionGrant.test(1, inboxSeq: 3)
        harness.give(.opened(one, grant: grant, origin: nil))
        harness.say(.hello(Hello(inbox: cursor(3))), one)
        let entry = ClientEntry(
            seq: SequenceNumber(4), n: .zero, time: WallTime(milliseconds: 4), from: nil,
            content: .sessionRevoked(grant.session))
        let effects = harness.answer(
            .difference(
                LogDifference(
                    log: .inbox(grant.account), epoch: 1, entries: [entry], head: position(4),
                    marks: nil, hasMore: false)))
        #expect(effects.frames(to: one).isEmpty)
        #expect(effects.closeCode(of: one) == .unauthenticated)
    }

    @Test("An inbox too far behind is checked for a revocation on its own before the welcome")
    func tooLongInbox() {
        var harness = HubHarness()
        let grant = SessionGrant.test(1, inboxSeq: 2_000)
        harness.give(.opened(one, grant: grant, origin: nil))
        harness.say(.hello(Hello(inbox: cursor(1))), one)
        let gap = LogGap(
            log: .inbox(grant.account), epoch: 1, head: position(2_001), tail: position(1),
            marks: nil)
        #expect(harness.answer(.tooLong(gap)).frames(to: one).isEmpty)
        let effects = harness.answer(difference(.inbox(grant.account), from: 2_000, to: 2_001))
        let frames = effects.frames(to: one)
        #expect(frames.count == 3)
        guard case .welcome? = frames.first, case .tooLong(let told)? = frames.dropFirst().first
        else {
            Issue.record("no welcome with a hole")
            return
        }
        #expect(told.head.seq.rawValue == 2_001)
        #expect(frames.last == .live)
    }

    @Test("A node that cannot find the inbox sends the client elsewhere after 10 s")
    func welcomeTimeout() {
        var harness = HubHarness()
        harness.give(.opened(one, grant: .test(1), origin: nil))
        harness.say(.hello(Hello()), one)
        harness.answer(.failed(Failure(.unavailable)))
        var effects: [HubEffect] = []
        for _ in 0..<40 {
            effects += harness.wait(.milliseconds(250))
            if !harness.asked.isEmpty { harness.answer(.failed(Failure(.unavailable))) }
        }
        #expect(effects.closeCode(of: one) == .goingAway)
        guard case .goaway? = effects.frames(to: one).last else {
            Issue.record("no goaway")
            return
        }
    }
}

@Suite("Session hub: logs")
struct SessionHubLogTests {
    @Test("An entry is encoded once, and the same bytes go to every socket (DESIGN 3)")
    func encodedOnce() {
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        harness.join(two, .test(2), chat, at: 4)
        let effects = harness.give(.published(log, epoch: 1, [published(chat, 5)]))
        #expect(effects.count == 1)
        guard case .send([one, two], let frame, .durable)? = effects.first else {
            Issue.record("not one frame for both")
            return
        }
        guard
            case .push(.chat(chat), epoch: 1, let entry)? = try? ServerFrame(decoding: frame.bytes)
        else {
            Issue.record("not a push")
            return
        }
        #expect(entry.seq.rawValue == 5)
    }

    @Test("What is published while a difference is under way is neither lost nor doubled")
    func raceWithDifference() {
        var harness = HubHarness()
        harness.join(two, .test(2), chat, at: 4)
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(1))])
        let during = harness.give(
            .published(log, epoch: 1, (5...7).map { published(chat, $0) }))
        #expect(during.frames(to: one).isEmpty)
        // The answer already has the first of them.
        let frames = harness.answer(difference(log, from: 1, to: 5)).frames(to: one)
        var seqs: [UInt64] = []
        for frame in frames {
            switch frame {
            case .difference(let difference): seqs += difference.entries.map(\.seq.rawValue)
            case .push(_, _, let entry): seqs.append(entry.seq.rawValue)
            default: break
            }
        }
        #expect(seqs == [2, 3, 4, 5, 6, 7])
        #expect(frames.last == .live)
        let after = harness.give(.published(log, epoch: 1, [published(chat, 8)]))
        #expect(after.frames(to: one).count == 1)
    }

    @Test("An answer that is newer than the hub waits for it, without doubling")
    func answerAhead() {
        var harness = HubHarness()
        harness.join(two, .test(2), chat, at: 4)
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(4))])
        harness.answer(difference(log, from: 4, to: 6))
        let effects = harness.give(
            .published(log, epoch: 1, (5...7).map { published(chat, $0) }))
        #expect(effects.frames(to: one).count == 1)
        #expect(effects.frames(to: two).count == 3)
    }

    @Test("A log is followed once for all sockets, and left with the last")
    func followOnce() {
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        harness.give(.opened(two, grant: .test(2), origin: nil))
        harness.say(.hello(Hello(open: [Hello.Open(chat: chat, cursor: cursor(4))])), two)
        let joined = harness.answer(difference(.inbox(Wide.account(2)), from: 0, to: 0))
        #expect(joined.followed.isEmpty)
        harness.answer(difference(log, from: 4, to: 4))
        #expect(harness.say(.close(chat), one).unfollowed.isEmpty)
        let closed = harness.give(.closed(two))
        #expect(closed.unfollowed == [.inbox(Wide.account(2)), log])
    }

    @Test("After a change of owner all sockets catch up by one question, and go on without a gap")
    func ownerChange() {
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        harness.join(two, .test(2), chat, at: 4)
        harness.give(.head(log, epoch: 1, position(7)))
        #expect(harness.asked.count == 1)
        let effects = harness.answer(difference(log, from: 4, to: 7))
        #expect(effects.count == 1)
        #expect(effects.frames(to: two).count == 1)
        let next = harness.give(.published(log, epoch: 1, [published(chat, 8)]))
        guard case .send([one, two], _, _)? = next.first else {
            Issue.record("not live again")
            return
        }
    }

    @Test("A removed member gets the entry that says so, and nothing after it (DESIGN 2.5)")
    func removedMember() {
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        harness.join(two, .test(2), chat, at: 4)
        let removal = harness.give(
            .published(
                log, epoch: 1,
                [published(chat, 5, .memberRemoved(Wide.account(1))), published(chat, 6)]))
        #expect(removal.frames(to: one).count == 1)
        #expect(removal.frames(to: two).count == 2)
        let refused = harness.answer(.failed(Failure(.notMember)))
        guard case .error(let error)? = refused.frames(to: one).first else {
            Issue.record("not told")
            return
        }
        #expect(error.code == "notMember")
        let after = harness.give(.published(log, epoch: 1, [published(chat, 7)]))
        #expect(after.frames(to: one).isEmpty)
        #expect(after.frames(to: two).count == 1)
    }

    @Test(
        "A member removed while its difference is under way is asked for again before it goes live")
    func removedWhileCatchingUp() {
        var harness = HubHarness()
        harness.join(two, .test(2), chat, at: 4)
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(3))])
        harness.give(
            .published(
                log, epoch: 1,
                [published(chat, 5, .memberRemoved(Wide.account(1))), published(chat, 6)]))
        let frames = harness.answer(difference(log, from: 3, to: 4)).frames(to: one)
        #expect(frames.count == 1)
        let end = harness.answer(difference(log, from: 4, to: 5, isEnd: true)).frames(to: one)
        #expect(end.count == 2)
        #expect(
            harness.give(.published(log, epoch: 1, [published(chat, 7)])).frames(to: one).isEmpty)
    }

    @Test("A revoked session's sockets are closed with 4401 at once, those of others stay")
    func revocation() {
        var harness = HubHarness()
        harness.join(one, .test(1, session: 11))
        harness.join(two, .test(1, session: 12))
        let effects = harness.give(
            .published(
                .inbox(Wide.account(1)), epoch: 1,
                [published(Wide.account(1), 1, .sessionRevoked(Wide.session(11)))]))
        #expect(effects.frames(to: one) == [.authExpired])
        #expect(effects.closeCode(of: one) == .unauthenticated)
        #expect(effects.closeCode(of: two) == nil)
        #expect(effects.frames(to: two).count == 1)
    }

    @Test("A distance that is too long is told, and the log goes on from its head (rule 2)")
    func tooLong() {
        var harness = HubHarness()
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: .nothing)])
        let frames = harness.answer(
            .tooLong(
                LogGap(log: log, epoch: 1, head: position(5_000), tail: .zero, marks: nil))
        ).frames(to: one)
        guard case .tooLong(let gap)? = frames.first else {
            Issue.record("not told")
            return
        }
        #expect(gap.head == position(5_000))
        harness.give(.head(log, epoch: 1, position(5_000)))
        let next = harness.give(.published(log, epoch: 1, [published(chat, 5_001)]))
        #expect(next.frames(to: one).count == 1)
    }

    @Test("A difference with more waits for the client to ask for the rest")
    func more() {
        var harness = HubHarness()
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(1))])
        let first = harness.answer(difference(log, from: 1, to: 3, hasMore: true)).frames(to: one)
        #expect(first.count == 1)
        #expect(harness.asked.isEmpty)
        harness.say(.difference(.chat(chat), cursor(3)), one)
        let last = harness.answer(difference(log, from: 3, to: 4)).frames(to: one)
        #expect(last.last == .live)
    }

    @Test("A difference that the node cannot answer is asked for again, later each time")
    func retries() {
        var harness = HubHarness()
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(1))])
        for _ in 0..<3 {
            #expect(harness.asked.count == 1)
            #expect(harness.answer(.failed(Failure(.unavailable))).frames(to: one).isEmpty)
            #expect(harness.asked.isEmpty)
            harness.wait(.seconds(2))
        }
        #expect(harness.answer(difference(log, from: 1, to: 2)).frames(to: one).count == 2)
    }

    @Test("A chat that may not be seen is refused in words and not followed")
    func refused() {
        var harness = HubHarness()
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: .nothing)])
        let effects = harness.answer(.failed(Failure(.notFound)))
        let frames = effects.frames(to: one)
        guard case .error(let error)? = frames.first else {
            Issue.record("not refused")
            return
        }
        #expect(error.log == .chat(chat))
        #expect(error.code == "notFound")
        #expect(frames.last == .live)
        #expect(effects.unfollowed == [log])
    }

    @Test("Read marks reach the live sockets, and those that were catching up when they came")
    func marks() {
        var harness = HubHarness()
        harness.join(two, .test(2), chat, at: 4)
        harness.join(one, .test(1), open: [Hello.Open(chat: chat, cursor: cursor(4))])
        let mark = ReadMark(account: Wide.account(2), n: Ordinal(4))
        let effects = harness.give(.marks(chat, version: 1, [mark]))
        #expect(effects.frames(to: two).count == 1)
        #expect(effects.frames(to: one).isEmpty)
        let frames = harness.answer(
            difference(log, from: 4, to: 4, marks: MarksFields(version: 0, marks: []))
        ).frames(to: one)
        #expect(frames.contains(.marks(chat, MarksFields(version: 1, marks: [mark]))))
    }
}

@Suite("Session hub: commands and limits")
struct SessionHubLimitTests {
    @Test("A send is answered by ack or by an error that says what to do (rule 4)")
    func send() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        harness.say(.send(cmid(1), chat, text: "hi"), one)
        #expect(
            harness.asked.first?.request
                == .send(Wide.account(1), chat, text: "hi", cmid: cmid(1)))
        let receipt = Receipt(
            seq: SequenceNumber(5), n: Ordinal(3), time: WallTime(milliseconds: 9))
        #expect(
            harness.answer(.receipt(receipt)).frames(to: one)
                == [
                    .ack(
                        cmid(1), chat, LogPosition(seq: SequenceNumber(5), n: Ordinal(3)),
                        time: WallTime(milliseconds: 9))
                ])
        harness.say(.send(cmid(2), chat, text: "hi"), one)
        let frames = harness.answer(.failed(Failure(.unknown))).frames(to: one)
        guard case .error(let error)? = frames.first else {
            Issue.record("no error")
            return
        }
        #expect(error.cmid == cmid(2))
        #expect(error.isRetryable)
    }

    @Test("A pong carries the head of the inbox and a fresh ticket (rule 3)")
    func pong() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        harness.give(
            .published(
                .inbox(Wide.account(1)), epoch: 1, [published(Wide.account(1), 1, .profileChanged)])
        )
        let frames = harness.say(.ping, one).frames(to: one)
        guard case .pong(let inbox, let ticket, _)? = frames.first else {
            Issue.record("no pong")
            return
        }
        #expect(inbox == cursor(1))
        #expect(ResumeTicket(text: ticket, digest: TestDigest()) != nil)
    }

    @Test("A client that is silent for a minute is taken for dead, one that pings is not")
    func silence() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        harness.join(two, .test(2))
        for _ in 0..<2 {
            harness.wait(.seconds(25))
            harness.say(.ping, two)
        }
        let effects = harness.wait(.seconds(10))
        #expect(effects.closeCode(of: one) == .goingAway)
        #expect(effects.closeCode(of: two) == nil)
    }

    @Test("Bytes that are no frame close the socket; a frame with a wrong field gets an error")
    func malformed() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        #expect(
            harness.give(.frame(one, Array(#"{"kind":"juggle"}"#.utf8))).frames(to: one).count == 1)
        let wrong = #"{"kind":"send","cmid":"0190b4a0c00070008000000000000001","chat":"x"}"#
        guard
            case .error(let error)? = harness.give(.frame(one, Array(wrong.utf8))).frames(to: one)
                .first
        else {
            Issue.record("no error")
            return
        }
        #expect(error.code == "badRequest")
        #expect(error.cmid != nil)
        #expect(harness.give(.frame(one, Array("{".utf8))).closeCode(of: one) == .malformed)
        harness.join(two, .test(2))
        let big = [UInt8](repeating: 0x20, count: SessionLimits.frameBytesMax + 1)
        #expect(harness.give(.frame(two, big)).closeCode(of: two) == .tooBig)
    }

    @Test("Frames over the rate are refused in words, and at last the socket is closed with 4429")
    func rate() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        var refused = 0
        var code: CloseCode?
        for _ in 0..<400 where code == nil {
            let effects = harness.say(.mark(chat, n: Ordinal(1)), one)
            for case .error(let error) in effects.frames(to: one) where error.code == "tooMany" {
                refused += 1
            }
            while !harness.asked.isEmpty { harness.answer(.done) }
            code = effects.closeCode(of: one)
        }
        #expect(refused == SessionLimits.refusedFramesMax)
        #expect(code == .tooMany)
        harness.join(two, .test(2))
        for _ in 0..<200 {
            harness.wait(.milliseconds(25))
            #expect(harness.say(.ping, two).frames(to: two).count == 1)
        }
    }

    @Test("A socket may have 64 commands under way; the next is overloaded, not lost in silence")
    func requestsInFlight() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        for number in UInt64(0)..<64 { harness.say(.send(cmid(number), chat, text: "x"), one) }
        guard
            case .error(let error)? = harness.say(.send(cmid(64), chat, text: "x"), one)
                .frames(to: one).first
        else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == "overloaded")
        #expect(error.retryAfter != nil)
    }

    @Test(
        "A slow socket loses marks first, then pushes for one advanced, then the connection (rule 7)"
    )
    func slowConsumer() {
        var harness = HubHarness()
        harness.join(one, .test(1), chat, at: 4)
        harness.join(two, .test(2), chat, at: 4)
        harness.give(.backlog(one, frameCount: SessionLimits.backlogSoftFrames, byteCount: 1))
        let mark = ReadMark(account: Wide.account(2), n: Ordinal(4))
        let marks = harness.give(.marks(chat, version: 1, [mark]))
        #expect(marks.frames(to: one).isEmpty)
        #expect(marks.frames(to: two).count == 1)
        #expect(
            harness.give(.published(log, epoch: 1, [published(chat, 5)])).frames(to: one).count == 1
        )
        harness.give(.backlog(one, frameCount: SessionLimits.backlogFrames, byteCount: 1))
        let shed = harness.give(
            .published(log, epoch: 1, (6...9).map { published(chat, $0) }))
        #expect(shed.frames(to: one) == [.advanced(.chat(chat), position(6))])
        #expect(shed.frames(to: two).count == 4)
        harness.say(.difference(.chat(chat), cursor(5)), one)
        #expect(harness.asked.isEmpty)
        harness.give(.backlog(one, frameCount: 0, byteCount: 0))
        let known = MarksFields(version: 1, marks: [mark])
        let frames = harness.answer(difference(log, from: 5, to: 9, marks: known)).frames(to: one)
        #expect(frames.count == 1)
        #expect(
            harness.give(.published(log, epoch: 1, [published(chat, 10)])).frames(to: one).count
                == 1)
        let closed = harness.give(
            .backlog(one, frameCount: SessionLimits.backlogFramesMax, byteCount: 1))
        #expect(closed.closeCode(of: one) == .slowConsumer)
    }

    @Test("A full socket without progress for 10 s is closed with 4409; one that drains is not")
    func stall() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        harness.join(two, .test(2))
        harness.give(.backlog(one, frameCount: 1, byteCount: SessionLimits.backlogBytes + 9))
        harness.give(.backlog(two, frameCount: 1, byteCount: SessionLimits.backlogBytes + 9))
        harness.wait(.seconds(6))
        harness.give(.backlog(two, frameCount: 1, byteCount: SessionLimits.backlogBytes + 8))
        let effects = harness.wait(.seconds(4))
        #expect(effects.closeCode(of: one) == .slowConsumer)
        #expect(effects.closeCode(of: two) == nil)
    }

    @Test("A node that goes away says so, and closes those that stay (rule 6)")
    func drain() {
        var harness = HubHarness()
        harness.join(one, .test(1))
        let told = harness.give(.goaway(after: .seconds(1), spread: .seconds(4), reason: "drain"))
        #expect(
            told.frames(to: one)
                == [.goaway(after: .seconds(1), spread: .seconds(4), reason: "drain")])
        #expect(harness.wait(.seconds(9)).closeCode(of: one) == nil)
        #expect(harness.wait(.seconds(1)).closeCode(of: one) == .goingAway)
        #expect(
            harness.give(.opened(two, grant: .test(2), origin: nil)).closeCode(of: two)
                == .goingAway)
    }

    @Test("A socket waits for four differences at a time; the other logs have their turn after")
    func catchUpWindow() {
        var harness = HubHarness()
        let open = (1...20).map { Hello.Open(chat: Wide.chat($0), cursor: .nothing) }
        harness.join(one, .test(1), open: open)
        var order: [LogID] = []
        var widest = 0
        var isLive = false
        while let (_, request) = harness.asked.first {
            widest = max(widest, harness.asked.count)
            guard case .difference(_, let log, _) = request else { break }
            order.append(log)
            isLive = harness.answer(difference(log, from: 0, to: 1)).frames(to: one).contains(.live)
        }
        #expect(order == open.map { .chat($0.chat) })
        #expect(widest == SessionLimits.catchUpsInFlightMax)
        #expect(isLive)
    }
}
