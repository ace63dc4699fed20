extension OpenAPIDocument {
    /// What an account keeps about its chats.
    static let chatSettingsPaths = """
            "/api/settings": {
              "get": {
                "operationId": "chatSettings",
                "summary": "What the account keeps about its chats; the others have nothing set.",
                "security": [{"cookie": []}, {"bearer": []}],
                "responses": {
                  "200": {
                    "description": "At least what the inbox says up to the cursor.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["settings", "inbox"],
                      "properties": {
                        "settings": {
                          "type": "array", "maxItems": 2000,
                          "items": {"$ref": "#/components/schemas/ChatSettings"}
                        },
                        "inbox": {"type": "object"}
                      }
                  }}}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/settings": {
              "put": {
                "operationId": "setChat",
                "summary": "Changes what the account keeps about a chat; what is missing stays.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                  "$ref": "#/components/schemas/ChatSettingsChange"
                }}}},
                "responses": {
                  "200": {
                    "description": "What is kept now, at least as the inbox says it.",
                    "content": {"application/json": {"schema": {
                      "type": "object", "required": ["settings", "inbox"],
                      "properties": {
                        "settings": {"$ref": "#/components/schemas/ChatSettings"},
                        "inbox": {"type": "object"}
                      }
                  }}}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """

    /// Its values.
    static let chatSettingsSchemas = """
              "ChatSettings": {
                "type": "object", "required": ["chat", "mutedUntil", "pin", "isUnread"],
                "properties": {
                  "chat": {"$ref": "#/components/schemas/ID"},
                  "mutedUntil": {
                    "type": "integer", "minimum": 0, "maximum": 281474976710655,
                    "description": "Milliseconds; 0: not muted, the maximum: for ever."
                  },
                  "pin": {
                    "$ref": "#/components/schemas/Count",
                    "description": "0: not pinned; the greater stands higher."
                  },
                  "archived": {
                    "$ref": "#/components/schemas/Count",
                    "description": "Archived, with this as its last message; missing: not."
                  },
                  "isUnread": {"type": "boolean"}
                }
              },
              "ChatSettingsChange": {
                "type": "object",
                "properties": {
                  "mutedUntil": {"type": "integer", "minimum": 0},
                  "isPinned": {
                    "type": "boolean", "description": "At most 5 chats; the last on top."
                  },
                  "isArchived": {"type": "boolean"},
                  "n": {
                    "$ref": "#/components/schemas/Count",
                    "description": "With isArchived true: the last message of the chat."
                  },
                  "isUnread": {"type": "boolean"}
                }
              }
        """
}
