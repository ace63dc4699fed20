/// What an account is in a chat, and what that lets it do: the one place of these rules.
///
/// | act | owner | admin | member | visitor |
/// | --- | --- | --- | --- | --- |
/// | what has a switch (``ChatPermissions``) | yes | yes | as it stands | write only, as it stands |
/// | remove or ban | all others | members, visitors | no | no |
/// | lift a ban, see who is banned, turn the switches | yes | yes | no | no |
/// | make admins and back, pass the chat on, delete it | yes | no | no | no |
package enum ChatRole: String, Hashable, CaseIterable, Sendable {
    /// Has the chat: who made it, or to whom it was passed. A direct chat and a room of the cluster
    /// have none.
    case owner
    /// Looks after it with the owner.
    case admin
    /// Belongs to it.
    case member
    /// May read and write because the chat is public.
    case visitor

    /// Whether it may do all that `permission` names, where plain members may do `switches`.
    package func may(_ permission: ChatPermissions, where switches: ChatPermissions) -> Bool {
        switch self {
        case .owner, .admin: true
        case .member: switches.isSuperset(of: permission)
        case .visitor: switches.intersection(.ofVisitors).isSuperset(of: permission)
        }
    }

    /// Whether it may end the membership of one who is `other`, or keep that one out.
    package func mayRemove(_ other: ChatRole) -> Bool {
        switch (self, other) {
        case (.owner, .admin), (.owner, .member), (.owner, .visitor): true
        case (.admin, .member), (.admin, .visitor): true
        default: false
        }
    }

    /// Whether it may lift bans, see who is banned and turn the switches of the chat.
    package var mayAdminister: Bool { self == .owner || self == .admin }

    /// Whether it may make admins and plain members of them, pass the chat on and delete it.
    package var isOwner: Bool { self == .owner }
}
