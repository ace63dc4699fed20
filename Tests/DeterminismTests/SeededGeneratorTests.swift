import Determinism
import Testing

@Suite("SeededGenerator")
struct SeededGeneratorTests {
    @Test("Seed 0 gives the numbers of the reference xoshiro256++ after SplitMix64")
    func seedZero() {
        var generator = SeededGenerator(seed: 0)
        let drawn = (0..<4).map { _ in generator.next() }
        #expect(
            drawn == [
                0x5317_5D61_490B_23DF,
                0x61DA_6F3D_C380_D507,
                0x5C0F_DF91_EC9A_7BFC,
                0x02EE_BF8C_3BBE_5E1A,
            ])
    }

    @Test("Seed 42 gives the numbers of the reference xoshiro256++ after SplitMix64")
    func seedFortyTwo() {
        var generator = SeededGenerator(seed: 42)
        let drawn = (0..<4).map { _ in generator.next() }
        #expect(
            drawn == [
                0xD076_4D4F_4476_689F,
                0x519E_4174_576F_3791,
                0xFBE0_7CFB_0C24_ED8C,
                0xB37D_9F60_0CD8_35B8,
            ])
    }

    @Test("A fork does not change what its parent draws, and differs by name")
    func forks() {
        var alone = SeededGenerator(seed: 9)
        var parent = SeededGenerator(seed: 9)
        var network = parent.forked(named: "network")
        var disk = parent.forked(named: "disk")
        var again = parent.forked(named: "disk")
        let fromDisk = disk.next()
        let fromNetwork = network.next()
        let fromAgain = again.next()
        let fromParent = parent.next()
        let fromAlone = alone.next()
        #expect(fromNetwork != fromDisk)
        #expect(fromAgain == fromDisk)
        #expect(fromParent == fromAlone)
    }

    @Test("A chance of 0 never happens, and one of n in n always does")
    func chances() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let never = generator.chance(0, in: 10)
            let always = generator.chance(10, in: 10)
            #expect(!never)
            #expect(always)
        }
        let heads = (0..<10_000).filter { _ in generator.chance(1, in: 4) }.count
        #expect((2_300...2_700).contains(heads))
    }
}
