extension OpenAPIDocument {
    /// Who is kept out of a chat, and what plain members may.
    static let rolePaths = """
            "/api/chats/{id}/bans": {
              "get": {
                "operationId": "banned",
                "summary": "Who is kept out; for owner and admins.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"}
                ],
                "responses": {
                  "200": {"description": "The accounts.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Banned"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/bans/{account}": {
              "put": {
                "operationId": "ban",
                "summary": "Keeps an account out, and removes it if it is a member.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {
                    "name": "account", "in": "path", "required": true,
                    "description": "The account.",
                    "schema": {"$ref": "#/components/schemas/ID"}
                  },
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "delete": {
                "operationId": "unban",
                "summary": "Lets an account come again.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {
                    "name": "account", "in": "path", "required": true,
                    "description": "The account.",
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
            "/api/chats/{id}/permissions": {
              "put": {
                "operationId": "setPermissions",
                "summary": "Says what plain members may; for owner and admins.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/PermissionsChange"}
                }}},
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """
}
