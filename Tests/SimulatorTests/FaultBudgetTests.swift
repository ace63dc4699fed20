import Identity
import Testing

@testable import Simulator

@Suite("The fault budget")
struct FaultBudgetTests {
    private func group(_ shard: UInt32, _ voters: [UInt64], isSettled: Bool = true)
        -> FaultBudget.Group
    {
        FaultBudget.Group(
            shard: ShardID(shard), voters: voters.map { NodeID($0) }, isSettled: isSettled, last: 7)
    }

    @Test(
        "Of so many copies a minority may be lost at one time, and not one more",
        arguments: [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)])
    func tolerance(voterCount: Int, tolerated: Int) {
        let voters = (1...UInt64(voterCount)).map { $0 }
        var budget = FaultBudget(mayBeExceeded: false)
        let groups = [group(0, voters)]
        let admitted = voters.count { budget.admitsLoss(of: NodeID($0), groups: groups) }
        #expect(admitted == tolerated)
        #expect(budget.damages.count == tolerated)
        #expect(budget.refusalCount == UInt64(voterCount - tolerated))
        #expect(!budget.isExceeded)
    }

    @Test("A plan that destroys one copy too many is beyond the model")
    func overBudget() {
        var budget = FaultBudget(mayBeExceeded: true)
        let groups = [group(0, [1, 2, 3])]
        let first = budget.admitsLoss(of: NodeID(1), groups: groups)
        #expect(first && !budget.isExceeded)
        let second = budget.admitsLoss(of: NodeID(3), groups: groups)
        #expect(second && budget.isExceeded)
    }

    @Test("One group that cannot bear the loss of a node is enough to refuse it")
    func everyGroup() {
        var budget = FaultBudget(mayBeExceeded: false)
        let groups = [group(0, [1, 2, 3]), group(1, [3, 4, 5])]
        let isFirstAdmitted = budget.admitsLoss(of: NodeID(1), groups: groups)
        let isSharedAdmitted = budget.admitsLoss(of: NodeID(3), groups: groups)
        let isOtherAdmitted = budget.admitsLoss(of: NodeID(5), groups: groups)
        #expect(isFirstAdmitted && !isSharedAdmitted && isOtherAdmitted)
    }

    @Test("While a group changes nobody knows whose copies count, and none may be lost")
    func unsettled() {
        var budget = FaultBudget(mayBeExceeded: false)
        let isAdmitted = budget.admitsLoss(
            of: NodeID(9), groups: [group(0, [1, 2, 3], isSettled: false)])
        #expect(!isAdmitted)
    }

    @Test("A copy counts again when it is rebuilt, or when its group goes on without it")
    func rebuilt() {
        var budget = FaultBudget(mayBeExceeded: false)
        let groups = [group(0, [1, 2, 3])]
        let isFirstAdmitted = budget.admitsLoss(of: NodeID(1), groups: groups)
        budget.forget(groups: groups) { _ in false }
        #expect(isFirstAdmitted && budget.hasDamage(on: NodeID(1)))
        let isTooMuchAdmitted = budget.admitsLoss(of: NodeID(2), groups: groups)
        budget.forget(groups: groups) { $0.node == NodeID(1) && $0.last == 7 }
        #expect(!isTooMuchAdmitted && !budget.hasDamage(on: NodeID(1)))
        let isNextAdmitted = budget.admitsLoss(of: NodeID(2), groups: groups)
        #expect(isNextAdmitted && budget.hasDamage(on: NodeID(2)))
        budget.forget(groups: [group(0, [1, 3, 4])]) { _ in false }
        #expect(budget.damages.isEmpty)
    }
}
