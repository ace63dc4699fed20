internal import Node
internal import Wire

/// The fields of a request's body, whichever way they were written: a JSON object, an urlencoded
/// form or a multipart form.
struct RequestFields: Sendable {
    private let members: [JSONMember]
    /// The form field `csrftoken`; JSON bodies use the header.
    let csrfToken: String?

    /// No body.
    static let none = RequestFields(members: [], csrfToken: nil)

    private init(members: [JSONMember], csrfToken: String?) {
        self.members = members
        self.csrfToken = csrfToken
    }

    /// Reads `body` as `contentType` says; an empty body has no fields.
    init(body: [UInt8], contentType: String?) throws(Failure) {
        guard !body.isEmpty else {
            self = .none
            return
        }
        guard let type = contentType.flatMap(ContentType.init) else { throw Failure(.badRequest) }
        switch type.essence {
        case "application/json":
            guard type.charset == nil || type.charset == "utf-8" else { throw Failure(.badRequest) }
            self = try RequestFields(json: body)
        case "application/x-www-form-urlencoded":
            self = RequestFields(form: try Form.urlencoded(body))
        case "multipart/form-data":
            guard let boundary = type.boundary else { throw Failure(.badRequest) }
            self = RequestFields(form: try Form.multipart(body, boundary: boundary))
        default:
            throw Failure(.badRequest)
        }
    }

    private init(json: [UInt8]) throws(Failure) {
        do throws(JSONError) {
            guard case .object(let members) = try JSONReader.value(json) else {
                throw JSONError.malformed(offset: 0)
            }
            self.init(members: members, csrfToken: nil)
        } catch {
            throw Failure(error == .notUTF8 ? .badText : .badJSON)
        }
    }

    private init(form: [FormField]) {
        self.init(
            members: form.map { JSONMember(name: $0.name, value: .string($0.value)) },
            csrfToken: form.first { $0.name == Cookies.Name.csrfToken.rawValue }?.value)
    }

    /// A field that must be there and be a text.
    func text(_ name: String) throws(Failure) -> String {
        guard let text = try optionalText(name) else { throw Failure(.badJSON) }
        return text
    }

    /// A field that may be missing or null, and is a text otherwise.
    func optionalText(_ name: String) throws(Failure) -> String? {
        switch members.first(where: { $0.name == name })?.value {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw Failure(.badJSON)
        }
    }

    /// A field that must be there and be a list of texts.
    func texts(_ name: String) throws(Failure) -> [String] {
        guard case .array(let values)? = members.first(where: { $0.name == name })?.value else {
            throw Failure(.badJSON)
        }
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw Failure(.badJSON) }
            texts.append(text)
        }
        return texts
    }

    /// A field that may be missing or null, and is a number otherwise; in a form its digits.
    func optionalNumber(_ name: String) throws(Failure) -> UInt64? {
        switch members.first(where: { $0.name == name })?.value {
        case nil, .null: return nil
        case .integer(let number) where number >= 0: return UInt64(number)
        case .string(let text):
            guard let number = UInt64(text), number < 1 << 53 else { throw Failure(.badRequest) }
            return number
        default: throw Failure(.badJSON)
        }
    }

    /// A field that may be missing or null, and is true or false otherwise; in a form the word.
    func optionalFlag(_ name: String) throws(Failure) -> Bool? {
        switch members.first(where: { $0.name == name })?.value {
        case nil, .null: return nil
        case .bool(let flag): return flag
        case .string(let text):
            guard let flag = Bool(text) else { throw Failure(.badRequest) }
            return flag
        default: throw Failure(.badJSON)
        }
    }
}

/// A parsed `Content-Type`: only what we look at.
struct ContentType: Hashable, Sendable {
    /// `type/subtype`, lowercase.
    let essence: String
    /// Lowercase.
    let charset: String?
    let boundary: String?

    init?(_ text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        essence = ContentType.trimmed(parts[0]).lowercased()
        var charset: String?
        var boundary: String?
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            var value = ContentType.trimmed(pair[1])
            if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
                value = String(value.dropFirst().dropLast())
            }
            switch ContentType.trimmed(pair[0]).lowercased() {
            case "charset": charset = value.lowercased()
            case "boundary": boundary = value
            default: break
            }
        }
        // RFC 2046 section 5.1.1.
        if let boundary, !(1...70).contains(boundary.utf8.count) { return nil }
        self.charset = charset
        self.boundary = boundary
    }

    private static func trimmed(_ text: Substring) -> String {
        String(
            text.drop(while: { $0 == " " || $0 == "\t" }).reversed()
                .drop(while: { $0 == " " || $0 == "\t" }).reversed())
    }
}
