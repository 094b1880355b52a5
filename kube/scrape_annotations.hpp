// SPDX-License-Identifier: Apache-2.0
// A pod's annotations about metrics of its own: PREFIX/scrape, PREFIX/port, PREFIX/path, PREFIX/scheme. It is
// the convention of Prometheus' community chart, no API.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kube {

struct ScrapeAnnotations {
    // More of a value is cut off; nothing that long is of use.
    static constexpr std::size_t kValueBytes = 300;

    // PREFIX above; empty: no annotation is read. Decoders leave it as it is.
    std::string prefix;
    // scrape is "true".
    bool wanted = false;
    std::string port;
    std::string path;
    std::string scheme;

    void clear() {
        wanted = false;
        port.clear();
        path.clear();
        scheme.clear();
    }
    void take(std::string_view name, std::string_view value) {
        if (prefix.empty() || !name.starts_with(prefix)) return;
        name.remove_prefix(prefix.size());
        value = value.substr(0, kValueBytes);
        if (name == "/scrape") wanted = value == "true";
        if (name == "/port") port = value;
        if (name == "/path") path = value;
        if (name == "/scheme") scheme = value;
    }
};

}  // namespace kube
