/// Divides a Swift source into words. It knows comments, nested block comments, strings of every
/// form and interpolation; it does not know regex literals, which we do not use.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineOfLastToken = 0
    private var isAfterSpace = true
    private var tokens: [Token] = []

    /// The words of `text`, in order.
    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(bytes: Array(text.utf8))
        lexer.lexCode(untilParenthesis: false)
        return lexer.tokens
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func byte(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    private func starts(with text: StaticString, ahead: Int = 0) -> Bool {
        var index = position + ahead
        for offset in 0..<text.utf8CodeUnitCount {
            guard index < bytes.count, bytes[index] == text.utf8Start[offset] else { return false }
            index += 1
        }
        return true
    }

    private mutating func append(_ kind: Token.Kind, _ text: [UInt8], line: Int) {
        tokens.append(
            Token(
                kind: kind, text: String(decoding: text, as: UTF8.self), line: line,
                isAfterSpace: isAfterSpace, isFirstOnLine: lineOfLastToken != line))
        lineOfLastToken = self.line
        isAfterSpace = false
    }

    /// Reads code to the end, or past the parenthesis that ends an interpolation.
    private mutating func lexCode(untilParenthesis: Bool) {
        var depth = 0
        while let next = byte() {
            switch next {
            case UInt8(ascii: "\n"):
                line += 1
                position += 1
                isAfterSpace = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                position += 1
                isAfterSpace = true
            case UInt8(ascii: "/") where starts(with: "//"): lexLineComment()
            case UInt8(ascii: "/") where starts(with: "/*"): lexBlockComment()
            case UInt8(ascii: "\""): lexString(hashes: 0)
            case UInt8(ascii: "#") where opensRawString: lexRawString()
            case UInt8(ascii: "0")...UInt8(ascii: "9"): lexNumber()
            case _ where Self.beginsWord(next): lexWord()
            default:
                append(.mark, [next], line: line)
                position += 1
                if next == UInt8(ascii: "(") { depth += 1 }
                if next == UInt8(ascii: ")") {
                    depth -= 1
                    if untilParenthesis, depth < 0 { return }
                }
            }
        }
    }

    private mutating func lexLineComment() {
        let isDocumentation = starts(with: "///") && !starts(with: "////")
        let start = position + (isDocumentation ? 3 : 2)
        while let next = byte(), next != UInt8(ascii: "\n") { position += 1 }
        append(
            isDocumentation ? .documentation : .comment,
            Array(bytes[min(start, position)..<position]),
            line: line)
    }

    private mutating func lexBlockComment() {
        let start = position
        let startLine = line
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                position += 2
            } else if starts(with: "*/") {
                depth -= 1
                position += 2
            } else {
                if byte() == UInt8(ascii: "\n") { line += 1 }
                position += 1
            }
        } while depth > 0 && position < bytes.count
        append(.comment, Array(bytes[start..<min(position, bytes.count)]), line: startLine)
    }

    private var opensRawString: Bool {
        var ahead = 0
        while byte(ahead) == UInt8(ascii: "#") { ahead += 1 }
        return byte(ahead) == UInt8(ascii: "\"")
    }

    private mutating func lexRawString() {
        var hashes = 0
        while byte() == UInt8(ascii: "#") {
            hashes += 1
            position += 1
        }
        lexString(hashes: hashes)
    }

    private func followedByHashes(_ count: Int, ahead: Int) -> Bool {
        (0..<count).allSatisfy { byte(ahead + $0) == UInt8(ascii: "#") }
    }

    private mutating func lexString(hashes: Int) {
        let isLong = starts(with: "\"\"\"")
        let quotes = isLong ? 3 : 1
        position += quotes
        let startLine = line
        let index = tokens.count
        append(.string, [], line: startLine)
        let first = tokens[index]
        var content: [UInt8] = []
        while let next = byte() {
            let closes =
                isLong ? starts(with: "\"\"\"") : next == UInt8(ascii: "\"")
            if closes, followedByHashes(hashes, ahead: quotes) {
                position += quotes + hashes
                break
            }
            if next == UInt8(ascii: "\\"), followedByHashes(hashes, ahead: 1) {
                position += 1 + hashes
                if byte() == UInt8(ascii: "(") {
                    position += 1
                    lexCode(untilParenthesis: true)
                } else {
                    if let escaped = byte() { content.append(escaped) }
                    if byte() == UInt8(ascii: "\n") { line += 1 }
                    position += 1
                }
                continue
            }
            if next == UInt8(ascii: "\n") { line += 1 }
            content.append(next)
            position += 1
        }
        tokens[index] = Token(
            kind: .string, text: String(decoding: content, as: UTF8.self), line: startLine,
            isAfterSpace: first.isAfterSpace, isFirstOnLine: first.isFirstOnLine)
        lineOfLastToken = line
        isAfterSpace = false
    }

    private mutating func lexNumber() {
        let start = position
        let isMember = tokens.last?.isMark(".") ?? false
        while let next = byte() {
            let isFraction =
                next == UInt8(ascii: ".") && !isMember
                && (byte(1).map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false)
            guard Self.continuesWord(next) || isFraction else { break }
            position += 1
        }
        append(.number, Array(bytes[start..<position]), line: line)
    }

    private mutating func lexWord() {
        let start = position
        if byte() == UInt8(ascii: "`") {
            position += 1
            while let next = byte(), next != UInt8(ascii: "`") { position += 1 }
            position += 1
        } else {
            position += 1
            while let next = byte(), Self.continuesWord(next) { position += 1 }
        }
        append(.word, Array(bytes[start..<min(position, bytes.count)]), line: line)
    }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "`"): true
        default: continuesWord(byte)
        }
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
