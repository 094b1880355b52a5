// SPDX-License-Identifier: Apache-2.0
// The stages of an exchange with a server. Each has a limit and an error of its own, so that whoever reads of
// a wait that was too long knows what was waited for.
#pragma once

#include "net/error.hpp"
#include "net/task.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace net {

// The stage that took too long: what was waited for.
enum class TimedOut {
    look_up = 1,  // an address of the name
    connect,      // the connection
    handshake,    // the end of the TLS handshake
    answer,       // the head of the answer, from the first byte of the request on
    end,          // the end of an answer that was coming
};

Error make_error_code(TimedOut stage);

// Nothing came for so long in the middle of an answer. Values of the category are milliseconds.
Error silent_for(std::chrono::milliseconds time);
const boost::system::error_category& silence_category();

// Values are getaddrinfo()'s EAI_*: why a name could not be looked up. One that does not exist is
// Errc::unknown_host.
const boost::system::error_category& look_up_category();

// A limit of ours was reached, whatever was waited for.
bool is_timeout(const Error& error);

// The error's message; where a look-up failed, with the name of the host.
std::string message_of(const Error& error, std::string_view host);

// How long each stage may take; zero: only the deadline counts.
struct StageLimits {
    std::chrono::milliseconds look_up{0};
    std::chrono::milliseconds connect{0};
    std::chrono::milliseconds handshake{0};
    std::chrono::milliseconds answer{0};
    // Between two pieces of the answer's body.
    std::chrono::milliseconds silence{0};

    // These, and `others` where these say nothing.
    StageLimits or_else(const StageLimits& others) const;
};

// When a stage that begins now must be over.
Deadline within(Deadline deadline, std::chrono::milliseconds limit);

// Turns the error of a wait, which only knows of a deadline, into that of its stage.
Error of_stage(const Error& error, TimedOut stage);

}  // namespace net

template <>
struct boost::system::is_error_code_enum<net::TimedOut> : std::true_type {};
