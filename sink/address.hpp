// SPDX-License-Identifier: Apache-2.0
// Where a sink writes to and how, as --sink says it: KEY:URL?option=value&option=value, as Heapster had it.
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sink {

// One line that says what is wrong with a --sink. It holds nothing that an option was set to.
struct AddressError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The options of a URL, each taken once by who knows it. "-" in a name is "_". Throws AddressError.
class Options {
  public:
    using Pairs = std::vector<std::pair<std::string, std::string>>;

    Options() = default;
    explicit Options(Pairs pairs) : pairs_{std::move(pairs)} {}

    bool has(std::string_view name) const;
    // The last of that name; empty, or `otherwise`, where there is none.
    std::string take(std::string_view name, std::string_view otherwise = {});
    // All of that name, in their order.
    std::vector<std::string> take_all(std::string_view name);
    bool take_bool(std::string_view name, bool otherwise);
    // As Go writes durations, also in whole days (7d); not negative.
    std::chrono::seconds take_seconds(std::string_view name, std::chrono::seconds otherwise);
    // A name that nobody took is an error.
    void expect_none() const;

  private:
    Pairs pairs_;
};

struct Address {
    std::string key;
    // Of a receiver without a URL nothing of these.
    bool tls = false;
    // Without brackets.
    std::string host;
    std::uint16_t port = 0;
    // As it stands in the URL: "", or "/" and more.
    std::string path;
    Options options;
    // Without the options: for logs, and the label of metrics.
    std::string shown;
};

// Throws AddressError.
Address parse_address(std::string_view text);

}  // namespace sink
