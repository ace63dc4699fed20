import Configuration
import Foundation

/// Where settings come from: flags before environment before file before the last run.
///
/// Unknown names are refused here, because the providers only answer what they are asked.
struct SettingsReader {
    private let reader: ConfigReader

    /// Collects the sources and refuses unknown names.
    init(
        flags: [(key: SettingKey, value: SettingValue)], environment: [String: String],
        file: String?, lastRun: [(key: SettingKey, value: SettingValue)]
    ) async throws(CommandFailure) {
        var providers: [any ConfigProvider] = [SettingsReader.provider("flags", flags)]
        providers.append(try SettingsReader.provider(environment: environment))
        if let file { providers.append(try await SettingsReader.provider(file: file)) }
        providers.append(SettingsReader.provider("last run", lastRun))
        reader = ConfigReader(providers: providers)
    }

    // MARK: Values

    /// A text; nil when nobody says anything.
    func text(_ key: SettingKey) async throws(CommandFailure) -> String? {
        let text: String?
        do {
            text = try await reader.fetchString(forKey: SettingsReader.configKey(key))
        } catch {
            throw .badSetting(key, expected: "one value")
        }
        guard let text, !text.isEmpty else { return nil }
        return text
    }

    /// A whole number within `range`.
    func number(
        _ key: SettingKey, in range: ClosedRange<Int>
    ) async throws(CommandFailure) -> Int? {
        guard let text = try await text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badSetting(
                key, expected: "a number from \(range.lowerBound) to \(range.upperBound)",
                found: text)
        }
        return number
    }

    /// Several texts; empty when nobody says anything.
    func list(_ key: SettingKey) async throws(CommandFailure) -> [String] {
        do {
            return try await reader.fetchStringArray(
                forKey: SettingsReader.configKey(key), default: [])
        } catch {
            throw .badSetting(key, expected: "a list like [a, b]")
        }
    }

    // MARK: Sources

    private static func configKey(_ key: SettingKey) -> ConfigKey { ConfigKey([key.rawValue]) }

    private static func provider(
        _ name: String, _ values: [(key: SettingKey, value: SettingValue)]
    ) -> InMemoryProvider {
        var contents: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, value) in values {
            let content: ConfigContent
            switch value {
            case .text(let text): content = .string(text)
            case .list(let texts): content = .stringArray(texts)
            }
            contents[AbsoluteConfigKey(configKey(key))] = ConfigValue(content, isSecret: false)
        }
        return InMemoryProvider(name: name, values: contents)
    }

    private static func provider(
        environment: [String: String]
    ) throws(CommandFailure) -> EnvironmentVariablesProvider {
        let known = Set(SettingKey.allCases.map(\.environmentName))
        var ours: [String: String] = [:]
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(SettingKey.environmentPrefix)
            && !SettingKey.otherEnvironmentNames.contains(name)
        {
            guard known.contains(name) else {
                throw CommandFailure(
                    .configuration,
                    "The environment variable \(name) is no setting; known are "
                        + SettingKey.allCases.map(\.environmentName).joined(separator: ", ") + ".")
            }
            ours[String(name.dropFirst(SettingKey.environmentPrefix.count))] = value
        }
        return EnvironmentVariablesProvider(environmentVariables: ours)
    }

    private static func provider(
        file path: String
    ) async throws(CommandFailure) -> FileProvider<YAMLSnapshot> {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                .configuration, "The configuration file \(path) cannot be read: is it there?")
        }
        try refuseUnknownKeys(in: String(decoding: data, as: UTF8.self), path: path)
        let place = InMemoryProvider(
            name: "path",
            values: [
                AbsoluteConfigKey(["filePath"]): ConfigValue(.string(path), isSecret: false)
            ])
        do {
            return try await FileProvider<YAMLSnapshot>(config: ConfigReader(provider: place))
        } catch {
            throw CommandFailure(
                .configuration, "The configuration file \(path) is no YAML of settings: \(error).")
        }
    }

    /// Settings are one level of `name: value`, so every line that begins in the first column names
    /// one.
    private static func refuseUnknownKeys(
        in text: String, path: String
    ) throws(CommandFailure) {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let place = "\(path), line \(number + 1)"
            guard let first = line.first, !first.isWhitespace, !"#-]".contains(first) else {
                continue
            }
            let name = line.prefix { $0 != ":" }
            guard name.count < line.count else {
                throw CommandFailure(
                    .configuration, "\(place): expected a setting like `peer-port: 7400`.")
            }
            guard SettingKey(rawValue: String(name)) != nil else {
                let known = SettingKey.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(
                    .configuration, "\(place): \"\(name)\" is no setting; known are \(known).")
            }
        }
    }
}

extension CommandFailure {
    /// A setting whose value is not what was expected.
    static func badSetting(
        _ key: SettingKey, expected: String, found: String? = nil
    ) -> CommandFailure {
        let tail = found.map { ", found \"\($0)\"" } ?? ""
        return CommandFailure(
            .configuration,
            "The setting \(key.rawValue) (--\(key.rawValue), \(key.environmentName)) needs "
                + "\(expected)\(tail).")
    }
}
