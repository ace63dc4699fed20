internal import HTTPTypes
internal import Node

/// All routes, in the order of the document that describes them.
struct RouteTable: Sendable {
    let routes: [Route]

    init(_ routes: [Route]) {
        self.routes = routes
    }

    /// What a path and a method lead to.
    enum Match: Sendable {
        case route(Route, parameters: [Substring])
        /// The path exists with other methods.
        case otherMethods([HTTPRequest.Method])
        case none
    }

    /// Finds the route; `HEAD` asks for what `GET` would answer. Linear in the routes, of which
    /// there are few.
    func match(_ method: HTTPRequest.Method, _ target: RequestTarget) -> Match {
        let wanted = method == .head ? .get : method
        let segments = target.segments
        var others: [HTTPRequest.Method] = []
        for route in routes {
            guard let parameters = route.parameters(of: segments) else { continue }
            if route.method == wanted { return .route(route, parameters: parameters) }
            others.append(route.method)
        }
        return others.isEmpty ? .none : .otherMethods(others)
    }
}
