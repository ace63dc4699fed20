internal import Node

/// Which passwords may be chosen: long enough, and none that everybody tries first (NIST SP
/// 800-63B, section 5.1.1.2). What a password consists of is nobody's business.
enum PasswordRules {
    /// Characters.
    static let countMin = 8
    /// Characters; a hash takes any length, a form does not.
    static let countMax = 128

    /// Those with at least ``countMin`` characters that lists of stolen passwords begin with.
    private static let known: Set<String> = [
        "password", "password1", "password12", "password123", "passw0rd", "p@ssw0rd", "12345678",
        "123456789", "1234567890", "123123123", "11111111", "00000000", "87654321", "987654321",
        "qwertyui", "qwertyuiop", "qwerty123", "qwertz123", "qwertzuiop", "1q2w3e4r", "1qaz2wsx",
        "abcd1234", "abc12345", "iloveyou", "sunshine", "princess", "football", "baseball",
        "superman", "trustno1", "welcome1", "whatever", "starwars", "computer", "chaticket",
    ]

    /// Throws `badPassword` for one that may not be chosen by the owner of `username`.
    static func check(_ password: String, username: String) throws(Failure) {
        let folded = password.lowercased()
        guard (countMin...countMax).contains(password.count),
            password.utf8.count <= 4 * countMax,
            folded != username.lowercased(), !known.contains(folded),
            Set(folded).count > 1
        else { throw Failure(.badPassword) }
    }
}
