extension OpenAPIDocument {
    /// The stars of an account.
    static let starPaths = """
            "/api/stars": {
              "get": {
                "operationId": "stars",
                "summary": "The messages at which the account has a star; at most 10,000.",
                "security": [{"cookie": []}, {"bearer": []}],
                "responses": {
                  "200": {
                    "description": "At least what the inbox says up to the cursor.",
                    "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Stars"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/stars/{seq}": {
              "put": {
                "operationId": "star",
                "summary": "Puts a star at a message; only its owner knows.",
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
                "operationId": "unstar",
                "summary": "Takes the star away.",
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
