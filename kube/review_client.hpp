// SPDX-License-Identifier: Apache-2.0
// Asks the API server questions that requests wait for: several at a time, each again when it may help.
#pragma once

#include "kube/client.hpp"
#include "kube/config.hpp"
#include "kube/failure.hpp"
#include "net/event.hpp"
#include "net/log_pace.hpp"
#include "net/task.hpp"
#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace kube {

// As k8s.io/apiserver's webhooks ask (pkg/util/webhook, DefaultRetryBackoff): five tries, the pauses between
// them growing from 500 ms by half each time, with jitter; only after failures that may pass (server errors,
// too many requests, an answer with Retry-After, a connection that broke).
struct ReviewOptions {
    std::chrono::milliseconds timeout{10'000};
    int tries = 5;
    std::chrono::milliseconds first_pause{500};
    std::size_t connections = 8;
    // Questions that wait for a connection; one more is refused with net::Errc::overloaded.
    std::size_t waiting = 1024;
};

class ReviewClient {
  public:
    ReviewClient(net::Executor executor, Config config, const ReviewOptions& options = {});

    // Creates the review and returns the answer's JSON. Ends by `until`, or after its own time.
    net::Task<Outcome<std::string>> ask(std::string path, std::string body, net::Deadline until);

    // Of each try.
    const telemetry::DurationsByStatus& answers() const { return answers_; }

  private:
    // Those of apiserver_delegated_authn_request_duration_seconds and its twin for authorization.
    static constexpr std::array<double, 8> kBounds{.25, .5, .7, 1, 1.5, 3, 5, 10};

    net::Task<Outcome<std::unique_ptr<Client>>> take(net::Deadline deadline);
    void give(std::unique_ptr<Client> client);
    void say_late(const Failure& failure, const std::string& path);
    std::chrono::milliseconds jittered(std::chrono::milliseconds pause);

    net::Executor executor_;
    Config config_;
    ReviewOptions options_;
    std::vector<std::unique_ptr<Client>> idle_;
    // Taken and idle ones.
    std::size_t clients_ = 0;
    std::size_t waiting_ = 0;
    net::Event given_;
    std::minstd_rand random_;
    net::LogPace log_;
    telemetry::DurationsByStatus answers_{kBounds};
};

}  // namespace kube
