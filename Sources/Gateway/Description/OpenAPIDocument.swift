/// The description of the HTTP interface (OpenAPI 3.1), written by hand and served at
/// `/openapi.json`. A test compares it with the routes.
package enum OpenAPIDocument {
    /// The JSON text.
    package static let text = """
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Chaticket",
            "version": "1",
            "description": "What clients ask over HTTP; what is live goes over the socket at /ws."
          },
          "paths": {
        \(sessionPaths),
        \(passwordPaths),
        \(accountPaths),
        \(chatPaths),
        \(rolePaths),
        \(linkPaths),
        \(starPaths),
        \(pinPaths),
        \(chatSettingsPaths),
        \(draftPaths),
        \(searchPaths),
        \(operationPaths)
          },
          "components": {
        \(parameters),
        \(responses),
        \(schemas),
        \(security)
          }
        }

        """

    private static let parameters = """
            "parameters": {
              "key": {
                "name": "Idempotency-Key", "in": "header", "required": true,
                "description": "A UUID of version 7. The same key gives the first result again.",
                "schema": {"type": "string"}
              },
              "csrf": {
                "name": "X-CSRFToken", "in": "header", "required": false,
                "description": "The cookie csrftoken again, or the form field csrftoken.",
                "schema": {"type": "string"}
              },
              "id": {
                "name": "id", "in": "path", "required": true,
                "schema": {"$ref": "#/components/schemas/ID"}
              },
              "seq": {
                "name": "seq", "in": "path", "required": true,
                "schema": {"type": "integer", "minimum": 1}
              }
            }
        """

    private static let responses = """
            "responses": {
              "error": {
                "description": "Why it was not done.",
                "content": {
                  "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                }
              },
              "done": {"description": "It is done."}
            }
        """

    private static let security = """
            "securitySchemes": {
              "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
              "bearer": {"type": "http", "scheme": "bearer"}
            }
        """
}
