// SPDX-License-Identifier: Apache-2.0
#include "topd/flags/flag_values.hpp"

#include "text/go_text.hpp"
#include "text/go_time.hpp"
#include "topd/flags/flags.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace topd {
namespace {

using namespace std::string_view_literals;

// A quoted field off the front, its closing quote too; "" stands for a quote.
std::string take_quoted(std::string_view& rest) {
    std::string field;
    rest.remove_prefix(1);
    for (;;) {
        const auto quote = rest.find('"');
        if (quote == std::string_view::npos) throw FlagError{"extraneous or missing \" in quoted-field"};
        field += rest.substr(0, quote);
        rest.remove_prefix(quote + 1);
        if (!rest.starts_with('"')) return field;
        field += '"';
        rest.remove_prefix(1);
    }
}

std::string take_field(std::string_view& rest) {
    if (rest.starts_with('"')) return take_quoted(rest);
    const std::string_view field = rest.substr(0, rest.find(','));
    if (field.find('"') != std::string_view::npos) throw FlagError{"bare \" in non-quoted-field"};
    rest.remove_prefix(field.size());
    return std::string{field};
}

// Off the front; 10 when there is none.
int take_base(std::string_view& digits) {
    if (digits.size() < 2 || digits.front() != '0') return 10;
    const char letter = digits[1];
    const int base = letter == 'x' || letter == 'X' ? 16 : letter == 'b' || letter == 'B' ? 2 : 8;
    const bool has_letter = base != 8 || letter == 'o' || letter == 'O';
    digits.remove_prefix(has_letter ? 2 : 1);
    return base;
}

}  // namespace

bool parse_bool(std::string_view text) {
    for (const auto yes : {"1"sv, "t"sv, "T"sv, "true"sv, "TRUE"sv, "True"sv})
        if (text == yes) return true;
    for (const auto no : {"0"sv, "f"sv, "F"sv, "false"sv, "FALSE"sv, "False"sv})
        if (text == no) return false;
    throw FlagError{fmt::format("strconv.ParseBool: parsing \"{}\": invalid syntax", text)};
}

int parse_int(std::string_view text) {
    const auto refuse = [&](const char* why) {
        throw FlagError{fmt::format("strconv.ParseInt: parsing \"{}\": {}", text, why)};
    };
    std::string_view digits = text;
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    const int base = take_base(digits);
    unsigned value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [read, error] = std::from_chars(digits.data(), end, value, base);
    if (error == std::errc::invalid_argument || read != end) refuse("invalid syntax");
    const std::int64_t signed_value = negative ? -std::int64_t{value} : std::int64_t{value};
    using Limits = std::numeric_limits<int>;
    if (error != std::errc{} || signed_value < Limits::min() || signed_value > Limits::max())
        refuse("value out of range");
    return static_cast<int>(signed_value);
}

std::chrono::nanoseconds parse_duration(std::string_view text) {
    const auto duration = text::parse_duration(text);
    if (!duration) throw FlagError{duration.error().text};
    return *duration;
}

std::string format_duration(std::chrono::nanoseconds duration) {
    std::string text;
    text::append_duration(text, duration);
    return text;
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> fields;
    if (text.empty()) return fields;
    for (std::string_view rest = text;;) {
        fields.push_back(take_field(rest));
        if (rest.empty()) return fields;
        if (!rest.starts_with(',')) throw FlagError{"extraneous or missing \" in quoted-field"};
        rest.remove_prefix(1);
    }
}

std::uint64_t parse_bytes(std::string_view text) {
    struct Unit {
        std::string_view suffix;
        std::uint64_t bytes;
    };
    constexpr Unit kUnits[] = {{"Ki", 1ULL << 10},
                               {"Mi", 1ULL << 20},
                               {"Gi", 1ULL << 30},
                               {"Ti", 1ULL << 40},
                               {"k", 1000},
                               {"M", 1'000'000},
                               {"G", 1'000'000'000},
                               {"T", 1'000'000'000'000},
                               {"", 1}};
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const Unit& unit : kUnits) {
        if (error != std::errc{} || suffix != unit.suffix) continue;
        if (number > std::numeric_limits<std::uint64_t>::max() / unit.bytes) break;
        return number * unit.bytes;
    }
    throw FlagError{"must be a number of bytes, such as 64Mi"};
}

ListenAddress parse_listen_address(std::string_view text) {
    const auto wrong = [] {
        return FlagError{"must be an IP address and a port, such as 127.0.0.1:8000 or :8000"};
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) throw wrong();
    ListenAddress address;
    const std::string_view port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error != std::errc{} || end != port.data() + port.size() || address.port == 0) throw wrong();
    std::string_view host = text.substr(0, colon);
    const bool in_brackets = host.starts_with('[') && host.ends_with(']');
    if (in_brackets) host = host.substr(1, host.size() - 2);
    if (host.empty()) {
        if (in_brackets) throw wrong();
        address.host = "0.0.0.0";
        return address;
    }
    boost::system::error_code fault;
    const auto parsed = boost::asio::ip::make_address(host, fault);
    if (fault || parsed.is_v6() != in_brackets) throw wrong();
    address.host = host;
    return address;
}

}  // namespace topd
