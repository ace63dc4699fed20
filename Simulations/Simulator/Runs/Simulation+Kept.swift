internal import Identity
internal import Node
internal import Wire

/// What people make of the answers about what their accounts keep.
extension Simulation {
    /// Whether it was such an answer.
    func useKept(
        _ response: ClientResponse, of operation: ClientOperation, _ person: SimulatedPerson
    ) -> Bool {
        guard let account = person.account else { return false }
        switch (operation.purpose, response) {
        case (.finalStars, .stars(let stars, let inbox)):
            history.stars.lists(stars, inbox: inbox, to: person.index)
        case (.finalSettings, .chatSettings(let settings, let inbox)):
            history.settings.lists(settings, inbox: inbox, to: person.index)
        case (.finalDrafts, .drafts(let drafts, let inbox)):
            history.drafts.lists(drafts, inbox: inbox, of: account, to: person.index)
        case (.setChat(let chat, let change), .settingsChanged(_, let told, _)):
            history.settings.acked(change, of: chat, by: account, told: told)
        case (.setDraft(let chat), .draftSaved(let told)):
            guard case .setDraft(_, _, let text, let replyTo, _) = operation.request else {
                return false
            }
            history.drafts.acked(text, replyTo: replyTo, in: chat, by: account, told: told)
        default: return false
        }
        return true
    }
}
