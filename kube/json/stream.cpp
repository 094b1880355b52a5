// SPDX-License-Identifier: Apache-2.0
#include "kube/json/stream.hpp"

#include "kube/json/decode.hpp"

namespace kube {

net::Result<std::optional<std::string_view>> JsonListReader::next(std::string_view& input) {
    for (;;) {
        const auto part = splitter_.next(input);
        if (!part) return part.error();
        if (!*part) return std::nullopt;
        if ((*part)->key == "items") return (*part)->value;
        if (auto taken = take(**part); !taken) return taken.error();
    }
}

net::Result<> JsonListReader::take(const ObjectSplitter::Part& part) {
    if (part.key == "kind") {
        auto kind = decode_json_text(part.value);
        if (!kind) return kind.error();
        kind_ = std::move(*kind);
        return {};
    }
    auto meta = decode_json_list_meta(part.value);
    if (!meta) return meta.error();
    resource_version_ = std::move(meta->resource_version);
    continue_token_ = std::move(meta->continue_token);
    return {};
}

net::Result<std::optional<std::string_view>> JsonWatchReader::next(std::string_view& input) {
    while (!in_event_) {
        if (input.empty()) return std::nullopt;
        if (is_json_space(input.front())) {
            input.remove_prefix(1);
            continue;
        }
        if (input.front() != '{') return Errc::malformed;
        event_.start(ValueReader::Want::keep);
        in_event_ = true;
    }
    const auto event = event_.take(input);
    if (event && *event) in_event_ = false;
    return event;
}

net::Result<> JsonWatchReader::finish() const {
    if (in_event_) return Errc::cut_short;
    return {};
}

}  // namespace kube
