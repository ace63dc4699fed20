import ArgumentParser

/// `chaticket-load demo`: people who talk, for whoever looks at a new cluster.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Fill a new cluster with people, chats and some thousand messages.",
        discussion: """
            Signs the people of the script in, makes their chats and says what is said there, as \
            clients do, in many scripts; the same at every run. A run that was interrupted is \
            continued by another; one that is complete is left as it is. The people's phone \
            numbers belong to nobody. Their tokens are kept beside cluster.json.

            `cluster/up --demo` does it for a cluster that it makes.
            """)

    @OptionGroup var run: RunOptions

    @Option(help: ArgumentHelp("Who is there and what they say.", valueName: "file"))
    var script = "cluster/demo.json"

    func run() async throws {
        do {
            let demo = try await DemoRun(try LoadedCluster(run), try read())
            let count = try await demo.fill()
            tell(demo, count)
        } catch {
            Progress.tell("\(error)")
            throw LoadExit.failure
        }
    }

    private func read() throws -> DemoScript {
        guard let bytes = SystemFile.bytes(script) else {
            throw LoadFailure.noScript("\(script) cannot be read")
        }
        do {
            return try DemoScript(parsing: bytes)
        } catch {
            throw LoadFailure.noScript("\(script) is not as it has to be: \(error)")
        }
    }

    private func tell(_ demo: DemoRun, _ count: Int) {
        let script = demo.script
        let whole = script.chats.map(script.messageCount).reduce(0, +)
        print(
            count == 0
                ? "The demo is there already: nothing was sent."
                : "The demo is there: \(script.people.count) people, \(script.chats.count) chats, "
                    + "\(whole) messages.")
        let person = script.people[0].profile
        print("Sign in as \(person.name) with the phone number \(person.phone).")
    }
}
