extension OpenAPIDocument {
    /// Signing in and out.
    static let sessionPaths = """
            "/api/csrf": {
              "get": {
                "operationId": "csrf",
                "summary": "A CSRF token, in the body and in the cookie csrftoken.",
                "responses": {
                  "200": {"description": "The token.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/CSRFToken"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/sign-in/code": {
              "post": {
                "operationId": "requestCode",
                "summary": "Sends a code of six digits to a phone.",
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/CodeRequest"}
                }}},
                "responses": {
                  "202": {
                    "description": "A code is on its way, known number or not.",
                    "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/CodeSent"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/sign-in": {
              "post": {
                "operationId": "signIn",
                "summary": "Exchanges a code for a session.",
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/SignIn"}
                }}},
                "responses": {
                  "200": {
                    "description": "The session, in a cookie or as a token.",
                    "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/SignedIn"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/sign-out": {
              "post": {
                "operationId": "signOut",
                "summary": "Closes this session.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/sign-out/everywhere": {
              "post": {
                "operationId": "signOutEverywhere",
                "summary": "Closes every session of the account.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/sessions": {
              "get": {
                "operationId": "sessions",
                "summary": "The sessions of the account.",
                "security": [{"cookie": []}, {"bearer": []}],
                "responses": {
                  "200": {"description": "The sessions.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Sessions"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/sessions/{id}": {
              "delete": {
                "operationId": "closeSession",
                "summary": "Closes a session; its sockets end within a second.",
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
            }
        """
}
