// SPDX-License-Identifier: Apache-2.0
// What can go wrong with an API server, as values that can say what the server said.
#pragma once

#include "net/error.hpp"

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>

namespace kube {

enum class Errc {
    refused = 1,      // the API server answered with an error status
    watch_error,      // a watch delivered an ERROR event
    other_encoding,   // the answer's content type is neither protobuf nor JSON
    malformed,        // the bytes are not the object or list that was asked for
    item_too_large,   // an object is over the limit
    cut_short,        // the message ended before it was complete
    no_version,       // a list without a resourceVersion cannot be watched from
    too_many_pages,   // a list does not end
    watch_too_short,  // the server ended a watch at once
};

net::Error make_error_code(Errc e);

// Why a request failed, in the API server's own words where it gave any.
struct Failure {
    Failure() = default;
    explicit Failure(net::Error error, int status = 0, std::string said = {});
    // Out of line: inlined into a result's variant they give false warnings of g++ 12.
    Failure(const Failure&);
    Failure(Failure&&) noexcept;
    Failure& operator=(const Failure&);
    Failure& operator=(Failure&&) noexcept;
    ~Failure();

    net::Error code;
    // The HTTP status, or the code of an ERROR event's Status; 0: the server did not get to answer.
    int http_status = 0;
    // The Status's message, or the beginning of an answer that is no Status; may be empty. Without an answer:
    // what is to be said instead of the code's message.
    std::string message;
    // Retry-After; 0: not said.
    std::chrono::seconds retry_after{0};

    // One sentence for the log.
    std::string text() const;
    // What the operator can do when the server did not get to answer; may be empty.
    std::string_view hint() const;
};

// What a result needs of its error: how value() throws it, and how it prints.
[[noreturn]] void throw_exception_from_error(const Failure& failure, const boost::source_location& where);
std::ostream& operator<<(std::ostream& out, const Failure& failure);

template <class T = void>
using Outcome = boost::system::result<T, Failure>;

// The Status of an error answer, whichever way it is encoded. `content_type` decides; a body that is no
// Status becomes the message itself, shortened and on one line.
Failure failure_from_answer(int http_status, std::string_view content_type, std::string_view body);

}  // namespace kube

template <>
struct boost::system::is_error_code_enum<kube::Errc> : std::true_type {};
