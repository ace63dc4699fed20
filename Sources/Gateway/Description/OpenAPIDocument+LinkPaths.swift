extension OpenAPIDocument {
    /// Links by which people join a chat.
    static let linkPaths = """
            "/api/chats/{id}/links": {
              "get": {
                "operationId": "links",
                "summary": "The invite links: all for owner and admins, else one's own.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"}
                ],
                "responses": {
                  "200": {"description": "The links.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Links"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              },
              "post": {
                "operationId": "makeLink",
                "summary": "Makes an invite link, for who may invite; 100 that let people in.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/LinkTerms"}
                }}},
                "responses": {
                  "201": {"description": "The link.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Link"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/links/{link}": {
              "delete": {
                "operationId": "revokeLink",
                "summary": "Ends a link, for its maker, the owner and admins.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {
                    "name": "link", "in": "path", "required": true,
                    "description": "The id of the link.",
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
            "/api/chats/{id}/invitation": {
              "post": {
                "operationId": "invitation",
                "summary": "What a link shows before one joins; changes nothing.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/LinkSecret"}
                }}},
                "responses": {
                  "200": {"description": "The chat.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Invitation"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            },
            "/api/chats/{id}/join": {
              "post": {
                "operationId": "join",
                "summary": "Joins by a link, which has one use less then.",
                "security": [{"cookie": []}, {"bearer": []}],
                "parameters": [
                  {"$ref": "#/components/parameters/id"},
                  {"$ref": "#/components/parameters/key"},
                  {"$ref": "#/components/parameters/csrf"}
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                  "schema": {"$ref": "#/components/schemas/LinkSecret"}
                }}},
                "responses": {
                  "201": {"description": "The chat.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Chat"}
                  }}},
                  "default": {"$ref": "#/components/responses/error"}
                }
              }
            }
        """

    /// What the paths above take and give.
    static let linkSchemas = """
              "LinkTerms": {
                "type": "object",
                "properties": {
                  "name": {"type": "string", "maxLength": 32, "description": "May be empty."},
                  "expires": {
                    "type": "integer",
                    "description": "From then on it lets nobody in; missing: never."
                  },
                  "uses": {
                    "type": "integer", "minimum": 1, "maximum": 100000,
                    "description": "How many it lets in; missing: no limit."
                  }
                }
              },
              "Link": {
                "type": "object",
                "required": ["id", "secret", "name", "maker", "created", "used", "isHeld"],
                "properties": {
                  "id": {"$ref": "#/components/schemas/ID"},
                  "secret": {
                    "type": "string",
                    "description": "With the chat's id the fragment #/join/<chat>.<secret>."
                  },
                  "name": {"type": "string"},
                  "expires": {"type": "integer"},
                  "uses": {"type": "integer"},
                  "maker": {"$ref": "#/components/schemas/ID"},
                  "created": {"type": "integer"},
                  "used": {"$ref": "#/components/schemas/Count"},
                  "isHeld": {
                    "type": "boolean",
                    "description": "Its maker may not invite any more: it lets nobody in."
                  }
                }
              },
              "Links": {
                "type": "object", "required": ["links"],
                "properties": {
                  "links": {
                    "type": "array", "maxItems": 100,
                    "items": {"$ref": "#/components/schemas/Link"}
                  }
                }
              },
              "LinkSecret": {
                "type": "object", "required": ["secret"],
                "properties": {"secret": {"type": "string"}}
              },
              "Awaited": {
                "type": "object", "required": ["awaited"],
                "properties": {
                  "awaited": {
                    "type": "object", "required": ["phone", "expires"],
                    "properties": {
                      "phone": {"type": "string"},
                      "expires": {
                        "type": "integer", "description": "When the invitation is over."
                      }
                    }
                  }
                }
              },
              "Invitation": {
                "type": "object",
                "required": ["chat", "kind", "name", "fullName", "members", "isMember"],
                "properties": {
                  "chat": {"$ref": "#/components/schemas/ID"},
                  "kind": {"enum": ["private", "public"]},
                  "name": {"type": "string"},
                  "fullName": {"type": "string"},
                  "members": {"$ref": "#/components/schemas/Count"},
                  "isMember": {"type": "boolean"}
                }
              }
        """
}
