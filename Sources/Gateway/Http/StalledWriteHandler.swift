internal import NIOCore

/// Closes a connection whose client asks but does not read: it would hold its answer for ever.
/// Sockets need none: their hub watches the backlog.
final class StalledWriteHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let limit: TimeAmount
    private let metrics: GatewayMetrics
    private var deadline: Scheduled<Void>?

    init(limit: TimeAmount, metrics: GatewayMetrics) {
        self.limit = limit
        self.metrics = metrics
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        if !context.channel.isWritable {
            let (channel, metrics) = (context.channel, metrics)
            deadline = context.eventLoop.scheduleTask(in: limit) {
                metrics.count(.stalledConnections)
                channel.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }
}
