extension OpenAPIDocument {
    /// What an account began to write.
    static let draftPaths = """
            "/api/drafts": {
              "get": {
                "operationId": "drafts",
                "summary": "What the account began to write and has not sent; at most 100.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [{
                  "name": "chat", "in": "query", "description": "In this chat alone.",
                  "schema": {"$ref": "#/components/schemas/ID"}
                }],
                "responses": {
                  "200": {
                    "description": "At least what the inbox says up to the cursor.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["drafts", "inbox"],
                      "properties": {
                        "drafts": {
                          "type": "array", "maxItems": 100,
                          "items": {
                            "type": "object", "required": ["chat", "text", "ts"],
                            "properties": {
                              "chat": {"$ref": "#/components/schemas/ID"},
                              "text": {"type": "string", "minLength": 1, "maxLength": 4096},
                              "replyTo": {"$ref": "#/components/schemas/Count"},
                              "ts": {"type": "integer"}
                            }
                          }
                        },
                        "inbox": {"type": "object"}
                      }
                  }}}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/draft": {
              "put": {
                "operationId": "setDraft",
                "summary": "Keeps what was begun in a chat.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "type": "object", "required": ["text"],
                  "properties": {
                    "text": {
                      "type": "string", "maxLength": 4096, "description": "Empty: nothing."
                    },
                    "replyTo": {"type": "integer", "minimum": 1}
                  }
                }}}},
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """
}
