internal import Identity
internal import Membership
internal import Registry

extension ClusterNode {
    /// Where pages that call this node may have come from, this node first: every member's address,
    /// the newest known. Also of members that are down: their pages are still open and go on here.
    package var pageURLs: [String] {
        var urls = [members.local.endpoint.clientURL]
        for member in members.members where member.node != identity.node {
            urls.append(member.endpoint.clientURL)
        }
        for member in registry.members
        where member.node != identity.node
            && !members.members.contains(where: { $0.node == member.node })
        {
            urls.append(member.description.clientURL)
        }
        // A machine that was given up and joined again is there twice, under one address.
        var pages: [String] = []
        for url in urls where !url.isEmpty && !pages.contains(url) { pages.append(url) }
        return pages
    }
}
