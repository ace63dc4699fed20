import ClientTransport
import Wire

/// What `cluster/up` wrote about the cluster that it started.
struct ClusterFile: Sendable {
    /// One node.
    struct Node: Hashable, Sendable {
        let id: UInt64
        var pid: Int32
        let url: NodeURL
        /// The other members as they stand in the file: gossip, peer and data.
        let gossip: String
        let peer: String
        let data: String
    }

    /// Where the file lies.
    let directory: String
    private(set) var nodes: [Node]

    var path: String { directory + "/cluster.json" }

    private static let byteCountMax = 1 << 20

    /// Reads `cluster.json` in `directory`.
    init(directory: String) throws(LoadFailure) {
        self.directory = directory
        guard let bytes = SystemFile.bytes(directory + "/cluster.json") else {
            throw .noCluster("\(directory)/cluster.json cannot be read; is it of cluster/up?")
        }
        do {
            nodes = try ClusterFile.nodes(bytes)
        } catch {
            throw .noCluster("\(directory)/cluster.json is not as cluster/up writes it: \(error)")
        }
        guard !nodes.isEmpty else { throw .noCluster("\(directory)/cluster.json names no node") }
    }

    /// The nodes in the text of the file.
    static func nodes(_ bytes: [UInt8]) throws(ClientFrameError) -> [Node] {
        let object = try JSONObject(parsing: bytes, byteCountMax: byteCountMax)
        var nodes: [Node] = []
        for value in try object.array("nodes") {
            let node = try JSONObject(value)
            guard let url = NodeURL(try node.string("url")) else { throw .wrong("url") }
            guard let pid = Int32(exactly: try node.integer("pid")) else { throw .wrong("pid") }
            nodes.append(
                Node(
                    id: try node.integer("id"), pid: pid, url: url,
                    gossip: try node.string("gossip"), peer: try node.string("peer"),
                    data: try node.string("data")))
        }
        return nodes
    }

    /// The processes of the nodes.
    var pids: [Int32] { nodes.map(\.pid) }

    /// Notes that a node runs as another process, here and in the file.
    mutating func setPID(_ pid: Int32, of id: UInt64) -> Bool {
        guard let index = nodes.firstIndex(where: { $0.id == id }) else { return false }
        nodes[index].pid = pid
        let lines = nodes.map { node in
            #"  {"id": \#(node.id), "pid": \#(node.pid), "url": "\#(node.url)", "#
                + #""gossip": "\#(node.gossip)", "peer": "\#(node.peer)", "data": "\#(node.data)"}"#
        }
        return SystemFile.replace(
            path, by: "{\"nodes\": [\n" + lines.joined(separator: ",\n") + "\n]}\n")
            && SystemFile.replace(nodes[index].data + ".pid", by: "\(pid)\n")
    }
}
