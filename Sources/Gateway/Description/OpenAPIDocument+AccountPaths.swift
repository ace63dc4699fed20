extension OpenAPIDocument {
    /// The account and other people.
    static let accountPaths = """
            "/api/me": {
              "get": {
                "operationId": "me",
                "summary": "The account.",
                "security": [{"cookie": []}, {"bearer": []}],
                "responses": {
                  "200": {"description": "The account.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Me"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "put": {
                "operationId": "setProfile",
                "summary": "Sets name and username; a username of null gives it up.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/Profile"}
                }}},
                "responses": {
                  "200": {
                    "description": "The account as it is now.",
                    "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Me"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/me/privacy": {
              "put": {
                "operationId": "setPrivacy",
                "summary": "Sets who may know when the account was last there, and if it is now.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {
                    "type": "object", "required": ["lastSeen"],
                    "properties": {"lastSeen": {"$ref": "#/components/schemas/WhoMayKnow"}}
                  }
                }}},
                "responses": {
                  "200": {
                    "description": "The account as it is now.",
                    "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Me"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/people": {
              "get": {
                "operationId": "people",
                "summary": "Names of at most 100 accounts.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {
                    "name": "ids", "in": "query",
                    "description": "Ids with commas between them.",
                    "schema": {"type": "string"}
                  }
                ],
                "responses": {
                  "200": {"description": "Those that exist.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/People"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """
}
