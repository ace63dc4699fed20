/// The limits of what the registry keeps.
package enum RegistryLimits {
    /// Members, whatever their status.
    package static let membersMax = 1_024
    /// Fewest shards.
    package static let shardCountMin = 1
    /// Most shards.
    package static let shardCountMax = 4_096
    /// Most replicas of a shard.
    package static let replicationFactorMax = 7
    /// Most nodes that replicate the registry.
    package static let registryVotersMax = 5
    /// Join tokens that are neither expired nor forgotten.
    package static let tokensMax = 256
    /// The hash of a join token, in bytes.
    package static let tokenHashBytes = 32
    /// Public rooms that are made with the cluster.
    package static let publicRoomsMax = 16
    /// Names, zones and hosts, in bytes of UTF-8.
    package static let nameBytesMax = 128
    /// Addresses and full names of rooms, in bytes of UTF-8.
    package static let textBytesMax = 512
    /// An encoded command, in bytes.
    package static let commandBytesMax = 1 << 20
    /// The encoded state, in bytes.
    package static let stateBytesMax = 16 << 20
    /// Different nodes that have ever been given the same shard and are still members.
    package static let holdersMax = membersMax
}
