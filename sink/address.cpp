// SPDX-License-Identifier: Apache-2.0
#include "sink/address.hpp"

#include "text/go_text.hpp"
#include "text/go_time.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <boost/url/parse.hpp>
#include <boost/url/src.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace sink {
namespace {

// Those of a message: a name may be a typing error that holds a secret, so it is short.
std::string shown_name(std::string_view name) {
    return text::printable(name.substr(0, 40));
}

[[noreturn]] void refuse_value(std::string_view name, std::string_view wanted) {
    throw AddressError{fmt::format("option {} must be {}", name, wanted)};
}

std::optional<std::int64_t> whole_days(std::string_view value) {
    if (!value.ends_with('d')) return std::nullopt;
    value.remove_suffix(1);
    std::int64_t days = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), days);
    constexpr std::int64_t kMost = 100'000;
    if (error != std::errc{} || end != value.data() + value.size() || days < 0 || days > kMost)
        return std::nullopt;
    return days;
}

// What begins with the scheme.
void read_url(std::string_view text, Address& address) {
    const auto url = boost::urls::parse_uri(text);
    if (!url) throw AddressError{"what follows the first colon is no URL"};
    if (url->has_userinfo())
        throw AddressError{
            "a user or password in the URL could be read in the list of processes: use the "
            "options username and password_file"};
    if (url->has_fragment()) throw AddressError{"a URL with a fragment (#) is no receiver's"};
    if (url->scheme_id() != boost::urls::scheme::http && url->scheme_id() != boost::urls::scheme::https)
        throw AddressError{"the URL must begin with http:// or https://"};
    address.tls = url->scheme_id() == boost::urls::scheme::https;
    address.host = url->host_address();
    if (address.host.empty()) throw AddressError{"the URL has no host"};
    constexpr std::uint16_t kHttp = 80, kHttps = 443;
    address.port = address.tls ? kHttps : kHttp;
    if (url->has_port() && !url->port().empty()) address.port = url->port_number();
    if (address.port == 0) throw AddressError{"the URL's port is none"};
    address.path = std::string{url->encoded_path()};
    address.shown = fmt::format("{}:{}://{}{}", address.key, address.tls ? "https" : "http",
                                std::string_view{url->encoded_host_and_port()}, address.path);
    Options::Pairs pairs;
    for (const auto& each : url->params()) {
        std::string name = each.key;
        std::replace(name.begin(), name.end(), '-', '_');
        pairs.emplace_back(std::move(name), each.value);
    }
    address.options = Options{std::move(pairs)};
}

}  // namespace

bool Options::has(std::string_view name) const {
    return std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& pair) { return pair.first == name; });
}

std::string Options::take(std::string_view name, std::string_view otherwise) {
    const std::vector<std::string> all = take_all(name);
    return all.empty() ? std::string{otherwise} : all.back();
}

std::vector<std::string> Options::take_all(std::string_view name) {
    std::vector<std::string> all;
    for (auto& [known, value] : pairs_)
        if (known == name) all.push_back(std::move(value));
    std::erase_if(pairs_, [&](const auto& pair) { return pair.first == name; });
    return all;
}

bool Options::take_bool(std::string_view name, bool otherwise) {
    const std::string value = take(name, otherwise ? "true" : "false");
    if (value != "true" && value != "false") refuse_value(name, "true or false");
    return value == "true";
}

std::chrono::seconds Options::take_seconds(std::string_view name, std::chrono::seconds otherwise) {
    const std::vector<std::string> all = take_all(name);
    if (all.empty()) return otherwise;
    constexpr std::int64_t kDay = 86'400;
    if (const auto days = whole_days(all.back())) return std::chrono::seconds{*days * kDay};
    const auto parsed = text::parse_duration(all.back());
    if (!parsed || parsed->count() < 0) refuse_value(name, "a duration such as 60s, 1h30m or 7d");
    return std::chrono::duration_cast<std::chrono::seconds>(*parsed);
}

void Options::expect_none() const {
    if (pairs_.empty()) return;
    throw AddressError{"there is no option " + shown_name(pairs_.front().first)};
}

Address parse_address(std::string_view text) {
    Address address;
    const auto colon = text.find(':');
    address.key = text.substr(0, colon);
    const std::string_view rest =
        colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    const bool is_key =
        !address.key.empty() && std::all_of(address.key.begin(), address.key.end(),
                                            [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    if (!is_key) throw AddressError{"it must begin with the kind of sink, as in influxdb:http://HOST:PORT"};
    if (address.key == "http" || address.key == "https")
        throw AddressError{"the kind of sink must stand before the URL, as in influxdb:http://HOST:PORT"};
    address.shown = address.key;
    if (rest.empty()) return address;
    // Options alone.
    if (rest.starts_with('?')) {
        Address other;
        other.key = address.key;
        read_url("http://none/" + std::string{rest}, other);
        address.options = std::move(other.options);
        return address;
    }
    read_url(rest, address);
    return address;
}

}  // namespace sink
