extension OpenAPIDocument {
    /// Looking for messages.
    static let searchPaths = """
            "/api/search": {
              "get": {
                "operationId": "search",
                "summary": "Messages in my chats and the public rooms, the newest first.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
        \(parameters)
                ],
                "responses": {
                  "200": {"description": "The hits.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Hits"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/search": {
              "get": {
                "operationId": "searchChat",
                "summary": "Messages in one chat, the newest first.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
        \(parameters)
                ],
                "responses": {
                  "200": {"description": "The hits.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Hits"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """

    private static let parameters = """
                  {
                    "name": "q", "in": "query", "required": true,
                    "description": "Words and from: in: before: after: has: is:.",
                    "schema": {"type": "string", "maxLength": 256}
                  },
                  {
                    "name": "zone", "in": "query",
                    "description": "Minutes that the client's clock is ahead of UTC.",
                    "schema": {"type": "integer"}
                  },
                  {
                    "name": "cursor", "in": "query",
                    "description": "Next of the page before.",
                    "schema": {"type": "string"}
                  },
                  {
                    "name": "limit", "in": "query",
                    "description": "At most 100; 20 without it.",
                    "schema": {"type": "integer"}
                  }
        """
}
