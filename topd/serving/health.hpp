// SPDX-License-Identifier: Apache-2.0
// What /healthz, /livez and /readyz ask: the checks of metrics-server, with its names (metrics-server,
// pkg/server/server.go, RegisterProbes). What they mean here: docs/decisions/0013-health.md.
#pragma once

#include "apiserver/health.hpp"
#include "kube/reflector.hpp"
#include "scraper/scraper.hpp"
#include "storage/store.hpp"
#include "topd/serving/readiness.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace topd {

// The parts must outlive it, and it the checks that it gives. A check that begins to fail is logged, "Failed
// probe"; again when it fails for another reason (a cause that changes: at most once a minute); and when it
// passes again.
class Health {
  public:
    using Time = net::Clock::time_point;

    struct Parts {
        const storage::Store& store;
        const scraper::Scraper& scraper;
        const kube::Reflector& nodes;
        const kube::Reflector& pods;
        // --metric-resolution
        std::chrono::nanoseconds resolution;
        // How long after the first node came readyz waits for what is missing.
        std::chrono::nanoseconds start;
        std::function<Time()> clock = net::Clock::now;
    };
    explicit Health(Parts parts) : parts_{std::move(parts)}, begun_{parts_.clock()} {}
    Health(const Health&) = delete;
    Health& operator=(const Health&) = delete;

    std::vector<apiserver::HealthCheck> healthz();
    std::vector<apiserver::HealthCheck> livez();
    std::vector<apiserver::HealthCheck> readyz();

    // From now on readyz fails.
    void stop() { stopping_ = true; }

  private:
    using Failure = std::optional<std::string>;
    using Cause = std::function<std::string(apiserver::HealthCheck::Reader)>;

    struct Said {
        std::string error;
        std::string cause;
        Time at{};
    };
    // It takes a walk over all nodes, and anybody may ask.
    struct KeptCause {
        Time at{};
        std::string text;
    };

    Readiness::Figures figures(const scraper::FirstFigures& first) const;
    Failure storage_ready();
    // Empty: nothing is missing.
    std::string what_is_missing(apiserver::HealthCheck::Reader reader);
    std::string why_no_figures(apiserver::HealthCheck::Reader reader) const;
    Failure collection_timely() const;
    Failure shutdown() const;
    apiserver::HealthCheck watched(std::string name, std::function<Failure()> failure, Cause cause);
    void say(const std::string& name, const Failure& why, const Cause& cause);

    Parts parts_;
    Time begun_;
    bool stopping_ = false;
    Readiness readiness_;
    Readiness::State state_ = Readiness::State::starting;
    std::map<apiserver::HealthCheck::Reader, KeptCause> causes_;
    // By check, while it fails: what the log says of it.
    std::map<std::string, Said> said_;
};

}  // namespace topd
