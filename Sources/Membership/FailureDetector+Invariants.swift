extension FailureDetector {
    /// Checks the numbered invariants of the type; traps when one is broken. O(n log n).
    package func checkInvariants() {
        precondition(local.status == .alive || local.status == .left, "1: we judge others")
        for member in table.members {
            let node = member.record.node
            precondition(node != local.node && !removed.contains(node), "2: no place in the table")
            precondition(
                (member.suspicion != nil) == (member.record.status == .suspect), "3: suspicion")
            precondition(member.describedBy <= member.record.incarnation, "4: description")
        }
        precondition(
            zip(table.members, table.members.dropFirst())
                .allSatisfy { $0.record.node < $1.record.node }, "2: sorted")
        precondition(table.count < MembershipSync.membersMax, "5: members")
        precondition(news.count <= Dissemination.entriesMax, "5: news")
        precondition(relays.count <= settings.relaysMax, "5: relays")
        precondition(health.score < settings.healthScoreLimit, "5: health")
        precondition(probeOrder.sorted() == table.members.map(\.record.node), "6: probe order")
        precondition(probePosition <= probeOrder.count, "6: probe position")
    }
}
