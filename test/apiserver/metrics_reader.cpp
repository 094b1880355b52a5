// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/metrics_reader.hpp"

#include <ctime>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace test {
namespace {

struct WireField {
    unsigned number = 0;
    std::uint64_t value = 0;
    std::string_view bytes;
};

std::uint64_t take_varint(std::string_view& in) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in.empty()) throw std::runtime_error{"varint cut short"};
        const auto byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    throw std::runtime_error{"varint too long"};
}

std::vector<WireField> fields(std::string_view in) {
    std::vector<WireField> out;
    while (!in.empty()) {
        const std::uint64_t tag = take_varint(in);
        WireField field{static_cast<unsigned>(tag >> 3), 0, {}};
        const std::uint64_t value = take_varint(in);
        if ((tag & 7) == 2) {
            if (value > in.size()) throw std::runtime_error{"field cut short"};
            field.bytes = in.substr(0, value);
            in.remove_prefix(value);
        } else if ((tag & 7) == 0) {
            field.value = value;
        } else {
            throw std::runtime_error{"unexpected wire type"};
        }
        out.push_back(field);
    }
    return out;
}

// The only field with this number, or nothing.
WireField field(std::string_view message, unsigned number) {
    for (const WireField& f : fields(message))
        if (f.number == number) return f;
    return {};
}

std::pair<std::string, std::string_view> entry(std::string_view bytes) {
    return {std::string{field(bytes, 1).bytes}, field(bytes, 2).bytes};
}

Texts quantities(std::string_view message, unsigned number) {
    Texts out;
    for (const WireField& f : fields(message)) {
        if (f.number != number) continue;
        const auto [key, quantity] = entry(f.bytes);
        out[key] = field(quantity, 1).bytes;
    }
    return out;
}

Row read_row(std::string_view message, bool pod) {
    Row row;
    const std::string_view metadata = field(message, 1).bytes;
    row.name = field(metadata, 1).bytes;
    row.name_space = field(metadata, 3).bytes;
    row.created = static_cast<std::int64_t>(field(field(metadata, 8).bytes, 1).value);
    for (const WireField& f : fields(metadata))
        if (f.number == 11) row.labels[entry(f.bytes).first] = entry(f.bytes).second;
    row.timestamp = static_cast<std::int64_t>(field(field(message, 2).bytes, 1).value);
    row.window = static_cast<std::int64_t>(field(field(message, 3).bytes, 1).value);
    if (!pod) row.usage.emplace_back("", quantities(message, 4));
    for (const WireField& f : fields(message))
        if (pod && f.number == 4)
            row.usage.emplace_back(std::string{field(f.bytes, 1).bytes}, quantities(f.bytes, 2));
    return row;
}

std::int64_t read_time(const std::string& text) {
    std::tm parts{};
    if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr)
        throw std::runtime_error{"not a timestamp: " + text};
    return timegm(&parts);
}

// Of whole milliseconds below a minute.
std::int64_t read_window(const std::string& text) {
    std::size_t end = 0;
    const double seconds = std::stod(text, &end);
    if (text.substr(end) != "s") throw std::runtime_error{"not a duration: " + text};
    return static_cast<std::int64_t>(seconds * 1000 + 0.5) * 1'000'000;
}

Row read_row(const nlohmann::json& json) {
    Row row;
    const nlohmann::json& metadata = json.at("metadata");
    row.name = metadata.at("name");
    row.name_space = metadata.value("namespace", "");
    row.labels = metadata.value("labels", Texts{});
    row.created = read_time(metadata.at("creationTimestamp"));
    row.timestamp = read_time(json.at("timestamp"));
    row.window = read_window(json.at("window"));
    if (json.contains("usage")) row.usage.emplace_back("", json.at("usage").get<Texts>());
    for (const nlohmann::json& container : json.value("containers", nlohmann::json::array()))
        row.usage.emplace_back(container.at("name"), container.at("usage").get<Texts>());
    return row;
}

}  // namespace

Document read_protobuf(std::string_view body) {
    if (!body.starts_with(std::string_view{"k8s\0", 4})) throw std::runtime_error{"no magic number"};
    body.remove_prefix(4);
    Document out;
    const std::string_view type = field(body, 1).bytes;
    const std::string_view raw = field(body, 2).bytes;
    out.api_version = field(type, 1).bytes;
    out.kind = field(type, 2).bytes;
    const bool pod = out.kind.starts_with("Pod");
    if (!out.kind.ends_with("List")) {
        out.rows.push_back(read_row(raw, pod));
        return out;
    }
    for (const WireField& f : fields(raw))
        if (f.number == 2) out.rows.push_back(read_row(f.bytes, pod));
    return out;
}

Document read_json(std::string_view body) {
    const nlohmann::json json = nlohmann::json::parse(body);
    Document out{json.at("apiVersion"), json.at("kind"), {}};
    if (!json.contains("items")) {
        out.rows.push_back(read_row(json));
        return out;
    }
    for (const nlohmann::json& item : json.at("items")) out.rows.push_back(read_row(item));
    return out;
}

}  // namespace test
