/// The description of the HTTP interface, written by hand.
package enum OpenAPIDocument {
    package static let text = "{}"
}
