/// Membership and placement at several sizes, as text beside the papers' figures, and as JSON. The
/// same seed gives the same report.
package struct ScaleReport: Hashable, Sendable {
    /// By number of nodes.
    package let membership: [MembershipScale]
    /// By number of nodes, then of shards.
    package let placement: [PlacementScale]

    /// The sizes of the report that is kept.
    package static let nodeCounts = [10, 100, 500]
    /// The numbers of shards of the report that is kept.
    package static let shardCounts = [256, 1_024, 4_096]

    /// Measures; a minute or two for 500 nodes. `tell` hears what is being done.
    package init(
        seed: UInt64, nodeCounts: [Int] = nodeCounts, shardCounts: [Int] = shardCounts,
        lossSecondsMax: UInt64 = MembershipScale.lossSecondsMax,
        tell: (String) -> Void = { _ in }
    ) {
        membership = nodeCounts.map {
            MembershipScale(
                nodeCount: $0, seed: seed, lossSecondsMax: lossSecondsMax, tell: tell)
        }
        placement = nodeCounts.flatMap { nodes in
            tell("\(nodes) nodes: placement")
            return shardCounts.map { PlacementScale(nodeCount: nodes, shardCount: $0) }
        }
    }

    // MARK: Text

    /// Tables in Markdown.
    package var text: String {
        (Self.table(membershipRows) + [""] + Self.table(lossRows) + [""]
            + Self.table(placementRows)).joined(separator: "\n")
    }

    private var membershipRows: [[String]] {
        func row(
            _ what: String, _ paper: String, _ cell: (MembershipScale) -> String
        ) -> [String] { [what] + membership.map(cell) + [paper] }
        return [
            row("mean (least to greatest)", "papers") { "\($0.nodeCount) nodes" },
            row("all start within 1 s: all know all", "") {
                $0.bootTime.map { Self.seconds($0) } ?? "never"
            },
            row("one joins: all know it", "O(log n) periods (SWIM 4.1)") { Self.words($0.joins) },
            row("a crash: first suspicion", "e/(e-1) periods = 0.79 s (SWIM 3.1)") {
                Self.words($0.firstSuspicions)
            },
            row("then, at the least", "4 periods, times log10 n above 10 (memberlist)") {
                Self.seconds($0.shortestSuspicion)
            },
            row("a crash: first takes it for dead", "the sum of both") {
                Self.words($0.firstDeaths)
            },
            row("a crash: all do", "O(log n) periods more (SWIM 4.1)") {
                Self.words($0.lastDeaths)
            },
            row("datagrams a node sends per second", "constant: 2 pings, 2 acks (SWIM 3.1)") {
                Self.decimal($0.datagrams)
            },
            row("their bytes", "constant (SWIM 3.1)") { "\($0.datagramBytes)" },
            row("bytes of full exchanges per second", "O(n), each O(log n) minutes (memberlist)") {
                "\($0.exchangeBytes)"
            },
        ]
    }

    /// For each variant of the protocol, in the order of every size's ``MembershipScale/losses``.
    private var lossRows: [[String]] {
        let variants = membership.first?.losses ?? []
        let head =
            ["suspected / taken for dead per node and hour"]
            + membership.map { "\($0.nodeCount) nodes" }
        return [head]
            + variants.indices.map { place in
                let name =
                    (variants[place].hasLifeguard ? "as it is" : "without Lifeguard")
                    + (variants[place].hasPeerLinks ? "" : ", datagrams only")
                return [name]
                    + membership.map { size in
                        let loss = size.losses[place]
                        return Self.hourly(loss.suspicions, loss) + " / "
                            + Self.hourly(loss.deaths, loss)
                    }
            }
    }

    private static func hourly(_ count: UInt64, _ loss: MembershipScale.Loss) -> String {
        decimal(count * 60_000 / max(1, loss.nodeMinutes))
    }

    private var placementRows: [[String]] {
        [
            [
                "nodes", "shards", "replicas max/mean", "owners max/mean", "moved on join",
                "ideal", "moved on leave", "ideal",
            ]
        ]
            + placement.map { size in
                [
                    "\(size.nodeCount)", "\(size.shardCount)", Self.decimal(size.replicaPeak),
                    Self.decimal(size.ownerPeak), Self.percent(size.movedOnJoin),
                    Self.percent(size.idealOnJoin), Self.percent(size.movedOnLeave),
                    Self.percent(size.idealOnLeave),
                ]
            }
    }

    private static func table(_ rows: [[String]]) -> [String] {
        guard let head = rows.first else { return [] }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).map { cell, width in
                String(repeating: " ", count: width - cell.count) + cell
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = "|" + widths.map { String(repeating: "-", count: $0 + 1) + ":|" }.joined()
        return [line(head), rule] + rows.dropFirst().map(line)
    }

    private static func words(_ times: MembershipScale.Times) -> String {
        "\(seconds(times.mean)) (\(seconds(times.least)) to \(seconds(times.greatest)))"
    }

    private static func seconds(_ milliseconds: UInt64) -> String { decimal(milliseconds) + " s" }

    private static func percent(_ thousandths: UInt64) -> String {
        "\(thousandths / 10).\(thousandths % 10) %"
    }

    /// Thousandths with two places, rounded.
    private static func decimal(_ thousandths: UInt64) -> String {
        let hundredths = (thousandths + 5) / 10
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    // MARK: JSON

    /// One object; times in milliseconds, shares in thousandths.
    package var json: String {
        let sizes = membership.map { size in
            let losses = size.losses.map { loss in
                "{\"lifeguard\":\(loss.hasLifeguard),\"peerLinks\":\(loss.hasPeerLinks),"
                    + "\"nodeMinutes\":\(loss.nodeMinutes),\"suspicions\":\(loss.suspicions),"
                    + "\"deaths\":\(loss.deaths)}"
            }
            return "{\"nodes\":\(size.nodeCount),"
                + "\"boot\":\(size.bootTime.map { "\($0)" } ?? "null"),"
                + "\"join\":\(Self.json(size.joins)),"
                + "\"firstSuspicion\":\(Self.json(size.firstSuspicions)),"
                + "\"firstDeath\":\(Self.json(size.firstDeaths)),"
                + "\"lastDeath\":\(Self.json(size.lastDeaths)),"
                + "\"datagrams\":\(size.datagrams),\"datagramBytes\":\(size.datagramBytes),"
                + "\"exchangeBytes\":\(size.exchangeBytes),"
                + "\"losses\":[\(losses.joined(separator: ","))]}"
        }
        let maps = placement.map { size in
            "{\"nodes\":\(size.nodeCount),\"shards\":\(size.shardCount),"
                + "\"replicaPeak\":\(size.replicaPeak),\"ownerPeak\":\(size.ownerPeak),"
                + "\"movedOnJoin\":\(size.movedOnJoin),\"idealOnJoin\":\(size.idealOnJoin),"
                + "\"movedOnLeave\":\(size.movedOnLeave),\"idealOnLeave\":\(size.idealOnLeave)}"
        }
        return "{\"membership\":[\(sizes.joined(separator: ","))],"
            + "\"placement\":[\(maps.joined(separator: ","))]}"
    }

    private static func json(_ times: MembershipScale.Times) -> String {
        "{\"least\":\(times.least),\"mean\":\(times.mean),\"greatest\":\(times.greatest)}"
    }
}
