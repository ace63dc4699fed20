import Accounts
import Testing

@Suite("Phone numbers (ITU-T E.164)")
struct PhoneNumberTests {
    @Test(
        "Spaces, dashes, dots, slashes and parentheses do not count, and 00 is a +",
        arguments: [
            ("+4915123456789", "+4915123456789"), ("+49 (151) 2345-6789", "+4915123456789"),
            ("0049 151/234.567.89", "+4915123456789"), ("+1 202 555 0123", "+12025550123"),
            ("+37255501234", "+37255501234"), (" +44 20 7946 0958 ", "+442079460958"),
        ])
    func normalised(input: String, text: String) throws {
        let phone = try #require(PhoneNumber(input))
        #expect(phone.text == text && PhoneNumber(canonical: text) == phone)
    }

    @Test(
        "Anything else is no phone number",
        arguments: [
            "", "+", "15123456789", "0151 23456789", "+4915", "+4915123", "+1234567890123456",
            "++4915123456789", "+49a5123456789", "49+15123456789", "+0123456789", "+0723456789",
            "+2101234567",
            "+9991234567", "+\u{0664}\u{0669}15123456789", "+49\u{0}15123456789", "+",
            String(repeating: " ", count: 60) + "+4915123456789",
        ])
    func refused(input: String) {
        #expect(PhoneNumber(input) == nil)
    }

    @Test("8 and 15 digits are the limits")
    func limits() {
        #expect(PhoneNumber("+4912345") == nil && PhoneNumber("+49123456") != nil)
        #expect(PhoneNumber("+491234567890123") != nil && PhoneNumber("+4912345678901234") == nil)
    }

    @Test("Only the one canonical form is read back")
    func canonical() {
        for text in ["4915123456789", "+49 15123456789", "+4915", "004915123456789", "+49x5123456"]
        {
            #expect(PhoneNumber(canonical: text) == nil)
        }
    }
}
