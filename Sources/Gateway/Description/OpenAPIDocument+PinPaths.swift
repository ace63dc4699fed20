extension OpenAPIDocument {
    /// What is pinned in a chat; the chat itself says which messages are.
    static let pinPaths = """
            "/api/chats/{id}/pins/{seq}": {
              "put": {
                "operationId": "pin",
                "summary": "Pins a message for everybody in the chat; the chat has 100 at most.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/seq"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "delete": {
                "operationId": "unpin",
                "summary": "Takes the pin away.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/seq"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """
}
