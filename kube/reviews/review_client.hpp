// SPDX-License-Identifier: Apache-2.0
// Asks the API server questions that requests wait for: several at a time, each again when it may help.
#pragma once

#include "kube/client.hpp"
#include "kube/config/config.hpp"
#include "kube/failure.hpp"
#include "kube/reviews/review_line.hpp"
#include "net/task.hpp"
#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace kube {

// As k8s.io/apiserver's webhooks ask (pkg/util/webhook, DefaultRetryBackoff): five tries, the pauses between
// them growing from 500 ms by half each time, with jitter; only after failures that may pass (server errors,
// too many requests, an answer with Retry-After, a connection that broke).
struct ReviewOptions {
    std::chrono::milliseconds timeout{10'000};
    int tries = 5;
    std::chrono::milliseconds first_pause{500};
    ReviewShares shares;
};

class ReviewClient {
  public:
    ReviewClient(net::Executor executor, Config config, const ReviewOptions& options = {});

    // Creates the review and returns the answer's JSON. Ends by `until`, or after its own time. What could
    // not even be asked, because the asker's share was used up, fails with net::Errc::overloaded.
    net::Task<Outcome<std::string>> ask(std::string path, std::string body, Asker asker, net::Deadline until);

    // What could not be asked and why, as Go's clients say it: Post "https://HOST:PORT/PATH": timed out
    std::string describe(std::string_view path, const Failure& failure) const;

    // The durations of all tries.
    const telemetry::DurationsByStatus& answers() const { return answers_; }

  private:
    // Those of apiserver_delegated_authn_request_duration_seconds and its twin for authorization.
    static constexpr std::array<double, 8> kBounds{.25, .5, .7, 1, 1.5, 3, 5, 10};

    std::unique_ptr<Client> take();
    std::chrono::milliseconds jittered(std::chrono::milliseconds pause);

    net::Executor executor_;
    Config config_;
    ReviewOptions options_;
    ReviewLine line_;
    std::vector<std::unique_ptr<Client>> idle_;
    std::minstd_rand random_;
    telemetry::DurationsByStatus answers_{kBounds};
};

}  // namespace kube
