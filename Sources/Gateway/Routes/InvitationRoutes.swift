internal import Determinism
internal import HTTPTypes
internal import Logging
internal import Node
internal import Wire

extension GatewayRoutes {
    /// Tells a phone number that it is invited, once for each request.
    func tell(
        _ awaited: AwaitedPerson, for request: GatewayRequest
    ) async throws(Failure) -> Answer {
        let cmid = try request.requireKey()
        if limiter.claimSending(of: cmid) {
            do throws(Failure) {
                try await send(awaited)
            } catch {
                limiter.releaseSending(of: cmid)
                throw error
            }
        }
        return Answer(.accepted) {
            $0.key("awaited")
            $0.beginObject()
            $0.member("phone", awaited.phone)
            $0.member("expires", awaited.expires.milliseconds)
            $0.endObject()
        }
    }

    /// The address in the message is the cluster's own, and not what the request calls it: that
    /// may be anything.
    private func send(_ awaited: AwaitedPerson) async throws(Failure) {
        let page = backend.facts.nodes.first ?? ""
        let message = InvitationMessage(inviter: awaited.inviter, page: page)
        do {
            try await codeSender.send(message, to: awaited.phone)
            metrics.count(.invitationsSent)
        } catch {
            logger.error("An invitation could not be sent.", metadata: ["reason": "\(error)"])
            throw Failure(.unavailable, retryAfter: .seconds(5))
        }
    }
}
