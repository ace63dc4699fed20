"""Changes that no guard forbids: a rule that is the absence of something is shown by adding that, and one
that is a choice by choosing otherwise. Each is one more mutant, of the kind `plant`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """In `function` of `file`, `new` is in the place of `old`, or a statement before it."""

    file: str
    function: str
    old: str
    new: str
    is_statement: bool = False


PLANTS = [
    # Who is no voter, as far as it knows, gives no vote.
    Plant(
        "RaftReplica+Election.swift", "receiveVote", "isFree && !isSuspect",
        "isFree && configuration.isVoter(id) && !isSuspect",
    ),
    # A pre-vote is an oath.
    Plant(
        "RaftReplica+Election.swift", "receivePreVote", "let isFree = ",
        "if campaignTerm > term { becomeFollower(term: campaignTerm, leader: nil) }", True,
    ),
    # All wait for the same time.
    Plant(
        "RaftReplica+Election.swift", "armElectionTimer",
        "settings.electionTimeoutMin.jittered(\n            by: settings.electionTimeoutMin,"
        " using: &generator)",
        "settings.electionTimeoutMin",
    ),
    # A configuration is in force as soon as it is in the log.
    Plant(
        "RaftReplica+Membership.swift", "noteConfiguration", "waitingConfigurations.append(",
        "activate(target)", True,
    ),
    # An accusation makes a member known.
    Plant(
        "FailureDetector+Evidence.swift", "apply",
        "applySuspect(node, incarnation, from: from, at: now, &effects)",
        "if table[node] == nil { applyAlive(MemberRecord(node: node, incarnation: incarnation,"
        " endpoint: local.endpoint, facts: local.facts), at: now, using: &generator, &effects) }",
        True,
    ),
    # An accusation that was refuted long ago is refuted again.
    Plant(
        "FailureDetector+Evidence.swift", "applyAboutSelf", "switch update {",
        "if case .suspect(_, let old, _) = update, old < local.incarnation"
        " { outbid(local.incarnation) }",
        True,
    ),
    # The dead stay dead.
    Plant(
        "FailureDetector+Evidence.swift", "applyAlive", "let before = member.record",
        "if member.record.status == .dead { return }", True,
    ),
    # A suspect is pinged without being told.
    Plant(
        "FailureDetector+Probe.swift", "advanceProbe", "[buddy].compactMap { $0 }",
        "[buddy].filter { _ in false }.compactMap { $0 }",
    ),
    # What an exchange says is dead is dead.
    Plant(
        "FailureDetector+Exchange.swift", "merge",
        ".suspect(node: record.node, incarnation: record.incarnation, from: node)",
        ".dead(node: record.node, incarnation: record.incarnation, from: node)",
    ),
    # Of whom nothing is heard has been dead for long.
    Plant("Reconciler.swift", "liveness", ".dead(for: .zero)", ".dead(for: .seconds(86_400))"),
]  # fmt: skip
