// SPDX-License-Identifier: Apache-2.0
// How a kind of receiver is spoken to over HTTP: requests and what its answers mean. Pure: no connection.
#pragma once

#include "net/http/message.hpp"
#include "sink/batch.hpp"

#include <optional>
#include <string>
#include <utility>

namespace sink {

struct Answer {
    unsigned status = 0;
    net::Headers headers;
    // At most its first 16 KiB.
    std::string body;
};

class Protocol {
  public:
    virtual ~Protocol() = default;

    // Without what says who we are: Authorization and headers of the options are added by who sends it.
    virtual net::Request request(const Batch& batch) const = 0;
    // `repeated`: the batch had been sent before and no answer came, so some of it may be there.
    virtual Verdict judge(const Answer& answer, const Batch& batch, bool repeated) const = 0;

    // The two parts of a batch, whole series each, numbers and `last` left to the caller. nullopt: it is one
    // series, or never halved.
    virtual std::optional<std::pair<Batch, Batch>> halves(const Batch& batch) const = 0;

    // What is to be asked before the first batch, and after Fate::unprepared; one question after the other,
    // each knowing the answer to the one before. `last` is null at first. nullopt: it is ready, or never
    // needs to be made so; `problem` says what is wrong then, empty if nothing.
    virtual std::optional<net::Request> prepare(const Answer* last, std::string& problem) {
        (void)last;
        problem.clear();
        return std::nullopt;
    }
};

}  // namespace sink
