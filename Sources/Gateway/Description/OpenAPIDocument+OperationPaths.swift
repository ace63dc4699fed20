extension OpenAPIDocument {
    /// What machines ask, and the socket.
    static let operationPaths = """
            "/openapi.json": {
              "get": {
                "operationId": "openAPI",
                "summary": "This document.",
                "responses": {
                  "200": {"description": "OpenAPI 3.1."},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/healthz": {
              "get": {
                "operationId": "health",
                "summary": "Whether the process lives.",
                "responses": {
                  "200": {"description": "It does."},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/readyz": {
              "get": {
                "operationId": "readiness",
                "summary": "Whether the node can serve clients.",
                "responses": {
                  "200": {"description": "It can; 503 says why it cannot."},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/metrics": {
              "get": {
                "operationId": "metrics",
                "summary": "Counters in the text format of Prometheus.",
                "responses": {
                  "200": {"description": "The counters."},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/ws": {
              "get": {
                "operationId": "socket",
                "summary": "Opens the socket, by cookie, bearer, or what its first frame shows.",
                "responses": {
                  "101": {"description": "The socket is open."},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """
}
