// SPDX-License-Identifier: Apache-2.0
// Prometheus remote write 1.0 over HTTP (prometheus.io/docs/specs/prw/remote_write_spec), and what
// Prometheus, VictoriaMetrics, Mimir and Thanos answer.
//
// One tick has one time, so a request that is sent again after a lost answer is taken again: the samples are
// the same. Prometheus rolls a request back as a whole when one of its samples is refused, so what is new and
// refused is halved until what is bad stands alone (sink/halvings.hpp bounds that).
#pragma once

#include "sink/http/protocol.hpp"

#include <optional>
#include <string>
#include <utility>

namespace sink::remote_write {

class RemoteWrite final : public Protocol {
  public:
    // Path and query of the receiver's URL, "/api/v1/write".
    explicit RemoteWrite(std::string target) : target_{std::move(target)} {}

    net::Request request(const Batch& batch) const override;
    Verdict judge(const Answer& answer, const Batch& batch, bool repeated) const override;
    std::optional<std::pair<Batch, Batch>> halves(const Batch& batch) const override;

  private:
    std::string target_;
};

}  // namespace sink::remote_write
