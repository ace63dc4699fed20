extension OpenAPIDocument {
    /// Signing up and in with a password, and the second way into an account.
    static let passwordPaths = """
            "/api/sign-up": {
              "post": {
                "operationId": "signUp",
                "summary": "Makes an account with a username and a password, and a session.",
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/SignUp"}
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
            "/api/sign-in/password": {
              "post": {
                "operationId": "signInWithPassword",
                "summary": "Exchanges a username and a password for a session.",
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/PasswordSignIn"}
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
            "/api/me/password": {
              "put": {
                "operationId": "setPassword",
                "summary": "Sets the password; of another one, closes all other sessions.",
                "description": "Without the old one by a session that a code opened just now.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/NewPassword"}
                }}},
                "responses": {
                  "204": {"$ref": "#/components/responses/done"},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/me/phone": {
              "put": {
                "operationId": "setPhone",
                "summary": "Gives an account without a phone the number that a code was sent to.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/NewPhone"}
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
            }
        """
}
