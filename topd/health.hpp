// SPDX-License-Identifier: Apache-2.0
// What /healthz, /livez and /readyz ask: the checks of metrics-server, with its names (peer.md, 5.10).
#pragma once

#include "apiserver/health.hpp"
#include "kube/reflector.hpp"
#include "scraper/scraper.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace topd {

// The parts must outlive it, and it the checks that it gives. A check that begins to fail, or fails for
// another reason, is logged once: "Failed probe".
class Health {
  public:
    struct Parts {
        const storage::Store& store;
        const scraper::Scraper& scraper;
        const kube::Reflector& nodes;
        const kube::Reflector& pods;
        // --metric-resolution
        std::chrono::nanoseconds resolution;
    };
    explicit Health(const Parts& parts) : parts_{parts} {}
    Health(const Health&) = delete;
    Health& operator=(const Health&) = delete;

    // Also for /healthz, as metrics-server has it.
    std::vector<apiserver::HealthCheck> livez();
    std::vector<apiserver::HealthCheck> readyz();

    // From now on readyz fails.
    void stop() { stopping_ = true; }

  private:
    using Failure = std::optional<std::string>;

    Failure storage_ready() const;
    Failure collection_timely() const;
    Failure shutdown() const;
    apiserver::HealthCheck watched(std::string name, std::function<Failure()> failure);

    Parts parts_;
    bool stopping_ = false;
    // By check: what was said in the log.
    std::map<std::string, std::string> said_;
};

}  // namespace topd
