// SPDX-License-Identifier: Apache-2.0
// Values of flags as text, the way Go reads and prints them. The readers throw FlagError with Go's words.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace topd {

// strconv.ParseBool: 1 t T TRUE true True and their opposites.
bool parse_bool(std::string_view text);

// strconv.ParseInt with base 0, within 32 bits: an optional sign, then decimal digits, or others behind 0x,
// 0o, 0b or 0.
int parse_int(std::string_view text);

// time.ParseDuration: "300ms", "1.5h", "1m30s", "0"; units ns, us, µs, ms, s, m, h.
std::chrono::nanoseconds parse_duration(std::string_view text);

// time.Duration.String: "10s", "1m0s", "1.5s", "250ms", "0s".
std::string format_duration(std::chrono::nanoseconds duration);

// A number of bytes as a quantity of Kubernetes: "134217728", "128Mi", "1G"; k, M, G, T and Ki, Mi, Gi, Ti.
std::uint64_t parse_bytes(std::string_view text);

// "HOST:PORT" as Go's net.Listen takes it: a host that is an IP address, in brackets for IPv6, or nothing for
// all addresses.
struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;
};
ListenAddress parse_listen_address(std::string_view text);

// One line of CSV, as pflag's StringSlice: a field may be quoted; an empty text is an empty list.
std::vector<std::string> parse_list(std::string_view text);

}  // namespace topd
