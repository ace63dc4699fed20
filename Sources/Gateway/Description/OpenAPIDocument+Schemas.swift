extension OpenAPIDocument {
    /// The shapes of bodies and answers.
    static let schemas = """
            "schemas": {
        \(values),
        \(requests),
        \(answers),
        \(chatSettingsSchemas)
            }
        """

    private static let values = """
              "ID": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
              "Count": {"type": "integer", "minimum": 0},
              "Position": {
                "type": "object", "required": ["seq", "n"],
                "properties": {
                  "seq": {"$ref": "#/components/schemas/Count"},
                  "n": {"$ref": "#/components/schemas/Count"}
                }
              },
              "Person": {
                "type": "object", "required": ["id", "name", "username"],
                "properties": {
                  "id": {"$ref": "#/components/schemas/ID"},
                  "name": {"type": "string", "maxLength": 32},
                  "username": {"type": ["string", "null"], "pattern": "^[a-z][a-z0-9_]{4,31}$"}
                }
              },
              "Me": {
                "type": "object",
                "required": [
                  "id", "phone", "name", "username", "hasPassword", "lastSeen", "isComplete"
                ],
                "properties": {
                  "id": {"$ref": "#/components/schemas/ID"},
                  "phone": {
                    "oneOf": [{"$ref": "#/components/schemas/Phone"}, {"const": ""}],
                    "description": "Empty while there is none."
                  },
                  "name": {"type": "string", "maxLength": 32},
                  "username": {"type": ["string", "null"]},
                  "hasPassword": {"type": "boolean"},
                  "isComplete": {"type": "boolean"},
                  "lastSeen": {"$ref": "#/components/schemas/WhoMayKnow"}
                }
              },
              "WhoMayKnow": {
                "type": "string", "enum": ["everybody", "nobody"],
                "description": "Who hides it is told of nobody else exactly. More words may come."
              },
              "Phone": {
                "type": "string", "pattern": "^\\\\+[1-9][0-9]{7,14}$",
                "description": "E.164 with a known calling code."
              },
              "Entry": {
                "type": "object", "required": ["seq", "n", "ts", "from", "kind"],
                "description": "Kinds that are not known keep their place in the numbering.",
                "properties": {
                  "seq": {"$ref": "#/components/schemas/Count"},
                  "n": {"$ref": "#/components/schemas/Count"},
                  "ts": {"type": "integer", "description": "Milliseconds since 1970."},
                  "from": {"type": ["string", "null"]},
                  "kind": {"type": "string"},
                  "replyTo": {
                    "type": "integer", "minimum": 1,
                    "description": "Of a text: the earlier message of the chat that it answers."
                  },
                  "origin": {
                    "type": "object", "required": ["account", "name", "ts"],
                    "description": "Of a forwarded text: who wrote it first, and when.",
                    "properties": {
                      "account": {"$ref": "#/components/schemas/ID"},
                      "name": {"type": "string", "maxLength": 64},
                      "ts": {"type": "integer", "description": "Milliseconds since 1970."}
                    }
                  },
                  "edited": {
                    "type": "object", "required": ["seq", "ts"],
                    "description": "Of a text: the entry that gave it the words that it has.",
                    "properties": {
                      "seq": {"$ref": "#/components/schemas/Count"},
                      "ts": {"type": "integer", "description": "Milliseconds since 1970."}
                    }
                  },
                  "deleted": {
                    "type": "object", "required": ["seq", "ts"],
                    "description": "Of an erased message: the entry that deleted it."
                  },
                  "reactions": {
                    "type": "object", "required": ["seq", "tallies"],
                    "description": "Of a text: what people say of it with an emoji each.",
                    "properties": {
                      "seq": {"$ref": "#/components/schemas/Count"},
                      "mine": {"type": "string", "description": "What you say of it."},
                      "tallies": {"$ref": "#/components/schemas/Tallies"}
                    }
                  },
                  "emoji": {
                    "type": "string",
                    "description": "Of a reacted: what the sender says; missing: nothing any more."
                  },
                  "tallies": {"$ref": "#/components/schemas/Tallies"},
                  "target": {
                    "type": "integer", "minimum": 1,
                    "description": "Of an entry that changes an earlier one: that one."
                  },
                  "targetN": {
                    "type": "integer", "minimum": 1,
                    "description": "Of an entry that deletes a message: its ordinal."
                  }
                },
                "additionalProperties": true
              },
              "Tallies": {
                "type": "array", "maxItems": 20,
                "items": {
                  "type": "object", "required": ["emoji", "count", "first"],
                  "properties": {
                    "emoji": {"type": "string"},
                    "count": {"type": "integer", "minimum": 1},
                    "first": {
                      "type": "array", "maxItems": 3,
                      "items": {"$ref": "#/components/schemas/ID"}
                    }
                  }
                }
              },
              "Stars": {
                "type": "object", "required": ["stars", "inbox"],
                "properties": {
                  "stars": {
                    "type": "array", "maxItems": 10000,
                    "items": {
                      "type": "object", "required": ["chat", "seq", "place"],
                      "properties": {
                        "chat": {"$ref": "#/components/schemas/ID"},
                        "seq": {"$ref": "#/components/schemas/Count"},
                        "place": {
                          "$ref": "#/components/schemas/Count",
                          "description": "The entry of the inbox that says so."
                        }
                      }
                    }
                  },
                  "inbox": {"type": "object"}
                }
              },
              "Chat": {
                "type": "object",
                "required": [
                  "id", "kind", "name", "fullName", "creator", "role", "members", "epoch", "head",
                  "mark", "marksVersion", "marks", "unread", "last", "changed", "erased", "about",
                  "permissions", "pins"
                ],
                "properties": {
                  "id": {"$ref": "#/components/schemas/ID"},
                  "kind": {"enum": ["private", "public", "direct"]},
                  "name": {"type": "string", "maxLength": 32},
                  "fullName": {"type": "string", "maxLength": 128},
                  "about": {"type": "string", "maxLength": 255},
                  "permissions": {"$ref": "#/components/schemas/Permissions"},
                  "peer": {"$ref": "#/components/schemas/ID"},
                  "creator": {"type": ["string", "null"]},
                  "role": {"enum": ["owner", "admin", "member", "visitor"]},
                  "members": {"$ref": "#/components/schemas/Count"},
                  "epoch": {"$ref": "#/components/schemas/Count"},
                  "head": {"$ref": "#/components/schemas/Position"},
                  "mark": {"$ref": "#/components/schemas/Count"},
                  "marksVersion": {"$ref": "#/components/schemas/Count"},
                  "marks": {
                    "type": "array", "maxItems": 1000,
                    "items": {
                      "type": "object", "required": ["account", "n"],
                      "properties": {
                        "account": {"$ref": "#/components/schemas/ID"},
                        "n": {"$ref": "#/components/schemas/Count"}
                      }
                    }
                  },
                  "unread": {"$ref": "#/components/schemas/Count"},
                  "last": {"anyOf": [{"$ref": "#/components/schemas/Entry"}, {"type": "null"}]},
                  "changed": {"$ref": "#/components/schemas/Count"},
                  "pins": {
                    "type": "array", "maxItems": 100,
                    "items": {"$ref": "#/components/schemas/Count"}
                  },
                  "erased": {
                    "type": "array", "maxItems": 1000,
                    "items": {"$ref": "#/components/schemas/Count"}
                  }
                }
              }
        """

    private static let requests = """
              "CodeRequest": {
                "type": "object", "required": ["phone"],
                "properties": {"phone": {"$ref": "#/components/schemas/Phone"}}
              },
              "SignIn": {
                "type": "object", "required": ["phone", "code"],
                "properties": {
                  "phone": {"$ref": "#/components/schemas/Phone"},
                  "code": {"type": "string", "pattern": "^[0-9]{6}$"},
                  "device": {"type": "string", "maxLength": 64},
                  "session": {"enum": ["cookie", "token"], "default": "cookie"}
                }
              },
              "SignUp": {
                "type": "object", "required": ["username", "name", "password"],
                "properties": {
                  "username": {"type": "string"},
                  "name": {"type": "string", "maxLength": 64},
                  "password": {"type": "string", "minLength": 8, "maxLength": 128},
                  "device": {"type": "string", "maxLength": 64},
                  "session": {"enum": ["cookie", "token"], "default": "cookie"}
                }
              },
              "PasswordSignIn": {
                "type": "object", "required": ["username", "password"],
                "properties": {
                  "username": {"type": "string"},
                  "password": {"type": "string", "maxLength": 128},
                  "device": {"type": "string", "maxLength": 64},
                  "session": {"enum": ["cookie", "token"], "default": "cookie"}
                }
              },
              "NewPassword": {
                "type": "object", "required": ["password"],
                "properties": {
                  "password": {"type": "string", "minLength": 8, "maxLength": 128},
                  "old": {"type": ["string", "null"]}
                }
              },
              "NewPhone": {
                "type": "object", "required": ["phone", "code"],
                "properties": {
                  "phone": {"$ref": "#/components/schemas/Phone"},
                  "code": {"type": "string", "pattern": "^[0-9]{6}$"},
                  "password": {
                    "type": "string",
                    "description": "The account's, if it has one."
                  }
                }
              },
              "Profile": {
                "type": "object", "required": ["name"],
                "properties": {
                  "name": {"type": "string", "maxLength": 32},
                  "username": {"type": ["string", "null"]}
                }
              },
              "NewChat": {
                "oneOf": [
                  {
                    "type": "object", "required": ["kind", "name"],
                    "properties": {
                      "kind": {"enum": ["private", "public"]},
                      "name": {"type": "string", "maxLength": 32},
                      "fullName": {"type": "string", "maxLength": 128}
                    }
                  },
                  {
                    "type": "object", "required": ["kind"], "minProperties": 2, "maxProperties": 2,
                    "properties": {
                      "kind": {"const": "direct"},
                      "account": {"$ref": "#/components/schemas/ID"},
                      "username": {"type": "string"},
                      "phone": {"$ref": "#/components/schemas/Phone"}
                    }
                  }
                ]
              },
              "ChatChange": {
                "type": "object", "anyOf": [{"required": ["name"]}, {"required": ["about"]}],
                "properties": {
                  "name": {"type": "string", "maxLength": 32},
                  "fullName": {"type": "string", "maxLength": 128},
                  "about": {"type": "string", "maxLength": 255}
                }
              },
              "RoleChange": {
                "type": "object", "required": ["role"],
                "properties": {"role": {"enum": ["owner", "admin", "member"]}}
              },
              "Permissions": {
                "type": "array", "uniqueItems": true,
                "description": "What plain members may.",
                "items": {"enum": ["send", "media", "invite", "pin", "info", "delete"]}
              },
              "PermissionsChange": {
                "type": "object", "required": ["permissions"],
                "properties": {"permissions": {"$ref": "#/components/schemas/Permissions"}}
              },
              "Invitation": {
                "type": "object", "minProperties": 1, "maxProperties": 1,
                "properties": {
                  "account": {"$ref": "#/components/schemas/ID"},
                  "username": {"type": "string"},
                  "phone": {"$ref": "#/components/schemas/Phone"}
                }
              }
        """

    private static let answers = """
              "Error": {
                "type": "object", "required": ["error"],
                "properties": {
                  "error": {
                    "type": "object", "required": ["code", "message", "retryable"],
                    "properties": {
                      "code": {"type": "string", "description": "Stable."},
                      "message": {"type": "string"},
                      "retryable": {"type": "boolean"},
                      "retryAfter": {"type": "integer", "description": "Milliseconds."}
                    }
                  }
                }
              },
              "CSRFToken": {
                "type": "object", "required": ["csrftoken"],
                "properties": {"csrftoken": {"type": "string"}}
              },
              "CodeSent": {
                "type": "object", "required": ["expiresIn", "digits"],
                "properties": {
                  "expiresIn": {"type": "integer", "description": "Seconds."},
                  "digits": {"type": "integer"}
                }
              },
              "SignedIn": {
                "type": "object", "required": ["account", "session"],
                "properties": {
                  "account": {"$ref": "#/components/schemas/Me"},
                  "session": {"$ref": "#/components/schemas/ID"},
                  "token": {"type": "string", "description": "Only with session: token, once."}
                }
              },
              "Sessions": {
                "type": "object", "required": ["sessions"],
                "properties": {
                  "sessions": {
                    "type": "array",
                    "items": {
                      "type": "object", "required": ["id", "device", "created", "current"],
                      "properties": {
                        "id": {"$ref": "#/components/schemas/ID"},
                        "device": {"type": "string"},
                        "created": {"type": "integer"},
                        "lastSeen": {"type": "integer"},
                        "current": {"type": "boolean"}
                      }
                    }
                  }
                }
              },
              "People": {
                "type": "object", "required": ["people"],
                "properties": {
                  "people": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}}
                }
              },
              "Chats": {
                "type": "object", "required": ["chats", "inbox"],
                "properties": {
                  "chats": {"type": "array", "items": {"$ref": "#/components/schemas/Chat"}},
                  "inbox": {
                    "type": "object", "required": ["epoch", "seq"],
                    "properties": {
                      "epoch": {"$ref": "#/components/schemas/Count"},
                      "seq": {"$ref": "#/components/schemas/Count"}
                    }
                  }
                }
              },
              "ChatWithMembers": {
                "allOf": [{"$ref": "#/components/schemas/Chat"}],
                "required": ["memberList"],
                "properties": {
                  "memberList": {
                    "type": "array", "maxItems": 1000,
                    "items": {
                      "type": "object", "required": ["account", "role"],
                      "properties": {
                        "account": {"$ref": "#/components/schemas/ID"},
                        "role": {"enum": ["owner", "admin", "member"]}
                      }
                    }
                  }
                }
              },
              "Banned": {
                "type": "object", "required": ["banned"],
                "properties": {
                  "banned": {
                    "type": "array", "maxItems": 1000,
                    "items": {"$ref": "#/components/schemas/ID"}
                  }
                }
              },
        \(linkSchemas),
              "Invited": {
                "type": "object", "required": ["person"],
                "properties": {"person": {"$ref": "#/components/schemas/Person"}}
              },
              "Hits": {
                "type": "object", "required": ["hits", "next", "isPartial"],
                "properties": {
                  "hits": {
                    "type": "array", "maxItems": 100, "description": "The newest first.",
                    "items": {
                      "type": "object", "required": ["chat", "entry", "marks"],
                      "properties": {
                        "chat": {"$ref": "#/components/schemas/ID"},
                        "entry": {"$ref": "#/components/schemas/Entry"},
                        "marks": {
                          "type": "array", "maxItems": 64,
                          "description": "What to mark: start and end in UTF-16 code units.",
                          "items": {
                            "type": "array", "minItems": 2, "maxItems": 2,
                            "items": {"$ref": "#/components/schemas/Count"}
                          }
                        }
                      }
                    }
                  },
                  "next": {
                    "type": ["string", "null"],
                    "description": "The cursor of the next page; a page may be short and have one."
                  },
                  "isPartial": {
                    "type": "boolean", "description": "Some nodes have not answered."
                  }
                }
              },
              "Page": {
                "type": "object", "required": ["epoch", "entries", "head", "tail"],
                "properties": {
                  "epoch": {"$ref": "#/components/schemas/Count"},
                  "entries": {"type": "array", "items": {"$ref": "#/components/schemas/Entry"}},
                  "head": {"$ref": "#/components/schemas/Position"},
                  "tail": {"$ref": "#/components/schemas/Position"}
                }
              }
        """
}
