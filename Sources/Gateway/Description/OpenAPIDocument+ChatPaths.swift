extension OpenAPIDocument {
    /// Chats and their history.
    static let chatPaths = """
            "/api/chats": {
              "get": {
                "operationId": "chats",
                "summary": "My chats and the public rooms.",
                "security": [{"cookie": []}, {"bearer": []}],
                "responses": {
                  "200": {
                    "description": "The chats and the head of the inbox.",
                    "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Chats"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "post": {
                "operationId": "createChat",
                "summary": "Creates a chat, or opens the direct chat with somebody.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/NewChat"}
                }}},
                "responses": {
                  "201": {"description": "The chat.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Chat"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}": {
              "get": {
                "operationId": "chat",
                "summary": "One chat with its members.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"}
                ],
                "responses": {
                  "200": {"description": "The chat.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/ChatWithMembers"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "patch": {
                "operationId": "renameChat",
                "summary": "Changes the names of a chat, what it is about, or both.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/ChatChange"}
                }}},
                "responses": {
                  "200": {"description": "The chat as it is now.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Chat"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "delete": {
                "operationId": "deleteChat",
                "summary": "Deletes a chat; only its owner may.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/members": {
              "post": {
                "operationId": "invite",
                "summary": "Makes somebody a member.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/Invitation"}
                }}},
                "responses": {
                  "201": {"description": "The member.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Invited"}
                  }}},
                  "202": {
                    "description": "Nobody has the phone number: it is told, and waited for.",
                    "content": {"application/json": {
                      "schema": {"$ref": "#/components/schemas/Awaited"}
                    }}
                  },
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/members/{account}": {
              "put": {
                "operationId": "setRole",
                "summary": "Makes a member an admin or an admin a member; owner passes the chat.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {
                    "name": "account", "in": "path", "required": true,
                    "description": "The member.",
                    "schema": {"$ref": "#/components/schemas/ID"}
                  },
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/RoleChange"}
                }}},
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "delete": {
                "operationId": "removeMember",
                "summary": "Removes a member, or leaves; who leaves as owner passes the chat on.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {
                    "name": "account", "in": "path", "required": true,
                    "description": "The member.",
                    "schema": {"$ref": "#/components/schemas/ID"}
                  },
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/entries": {
              "get": {
                "operationId": "history",
                "summary": "Entries before or after a number; the newest without either.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {
                    "name": "before", "in": "query",
                    "description": "Entries before this seq.",
                    "schema": {"type": "integer"}
                  },
                  {
                    "name": "after", "in": "query",
                    "description": "Entries after this seq.",
                    "schema": {"type": "integer"}
                  },
                  {
                    "name": "limit", "in": "query",
                    "description": "At most 100.",
                    "schema": {"type": "integer"}
                  }
                ],
                "responses": {
                  "200": {"description": "The page, ascending.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Page"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """
}
