// SPDX-License-Identifier: Apache-2.0
// Why a scrape gave no page, for the log, for health and for metrics.
#pragma once

#include "net/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace scraper {

// What is wrong with a node or its answer, where net::Errc has no word for it.
enum class Errc {
    no_address = 1,   // the node has no address of the preferred types
    bad_address,      // the address is neither a host name nor an IP address
    bad_port,         // the port is outside 1 to 65535
    bad_path,         // the annotation is not a path
    http_status,      // the kubelet answered with an error status
    unsupported,      // the kubelet has no such page (404)
    bad_gzip,         // the page came compressed and broken
    bad_encoding,     // the page came in an encoding that was not asked for
    empty_page,       // the page holds no line at all
    not_metrics,      // the page holds no line of resource metrics
    bad_lines,        // it holds some, and no figure of CPU or memory that can be read
    not_stats,        // asked for stats, it answered with something else
    no_figures,       // it holds some, all good, and no figure of CPU or memory
    wrong_name,       // the kubelet's certificate is good, but not for this node
    not_for_servers,  // the kubelet's certificate lacks the extended key usage serverAuth
    key_changed,      // the kubelet's self-signed certificate has another key than the one that is pinned
    left_authority,   // a self-signed certificate where the authority's was seen before
    other_node,       // the subject of the kubelet's certificate names another node
    wrong_address,    // the kubelet's certificate lacks the address that is dialled, which is asked for
};

net::Error make_error_code(Errc e);

// How a scrape ended: the value of a metric label, and what health texts tell apart.
enum class Reason : std::uint8_t {
    ok,
    target,                 // no usable address, port or path
    resolve,                // the name was not found, or not looked up in time
    connect,                // the connection was refused, unreachable, reset, or not there in time
    tls,                    // the TLS handshake failed, or was not done in time
    certificate_authority,  // the certificate is signed by no known authority
    certificate_expired,    // the certificate has expired or is not valid yet
    certificate_name,       // the certificate is for another node or address
    certificate_usage,      // the certificate is not for servers
    certificate_pin,        // the key is not the one that is pinned
    timeout,                // connected, and no whole answer within --kubelet-request-timeout
    http_status,            // another status than 200
    unsupported,            // 404
    too_large,              // a head or body over the limit
    malformed,              // not HTTP, not a page of metrics, or cut short
    stopped,                // topd is stopping
};
inline constexpr std::size_t kReasons = 16;

// "ok", "target", ...: stable, lower case.
std::string_view label(Reason reason);
// The same for people: "certificate not accepted".
std::string_view words(Reason reason);

struct Failure {
    net::Error error;
    // The status of the answer; 0: none came.
    unsigned status = 0;
    // What the kubelet said (at most kDetailBytes), how far it came, or what its certificate is and what was
    // tried before: one line, printable. May be empty.
    std::string detail;

    static constexpr std::size_t kDetailBytes = 200;
    static constexpr std::size_t kSentenceBytes = 2000;

    // Reason::ok when there is no error.
    Reason reason() const;
    // A wait for the kubelet, not for its name, was too long.
    bool timed_out() const;
    // What happened, at most kSentenceBytes. `url` is what was asked for.
    std::string sentence(std::string_view url) const;
    // What the operator can do; empty when there is nothing better to say than the sentence.
    std::string_view hint() const;
};

// The first line of foreign text: printable ASCII, other bytes as '?', at most Failure::kDetailBytes.
std::string printable_line(std::string_view text);

}  // namespace scraper

template <>
struct boost::system::is_error_code_enum<scraper::Errc> : std::true_type {};
