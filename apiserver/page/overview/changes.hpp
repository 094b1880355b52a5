// SPDX-License-Identifier: Apache-2.0
// What changed in the last hour: pods that use much more or less than when it began, pods that began or
// ended, and containers that were started again.
#pragma once

#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"
#include "net/task.hpp"
#include "storage/history/history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace apiserver {

struct Change {
    enum class What : std::uint8_t { cpu, memory, begun, ended, restart } what = What::cpu;
    std::string name_space;
    std::string pod;
    // Of a restart.
    std::string container{};
    // Unix time; 0: it has none.
    storage::history::Seconds at = 0;
    // Millicores, or bytes; of a restart `now` is how many there were.
    std::optional<std::uint64_t> before{};
    std::optional<std::uint64_t> now{};
    // The share of what the cluster uses; greater comes first.
    double weight = 0;
};

class Changes {
  public:
    static constexpr std::size_t kMost = 20;
    static constexpr storage::history::Seconds kSpan = 3600;
    // How long they stand.
    static constexpr storage::history::Seconds kStand = 300;

    bool is_due(storage::history::Seconds now) const {
        return as_of_ == 0 || now - as_of_ >= kStand || now < as_of_;
    }
    // Reads the last hour of all pods, a stint at a time. Both must outlive the task; the old ones stand
    // until it is done.
    net::Task<> renew(const PageSources& sources, const Snapshot& snapshot);
    void forget();

    // Other changes have another one.
    std::uint64_t number() const { return number_; }
    // A JSON object; `asOf` is null until they were read once.
    void append(std::string& out) const;

  private:
    class Search;

    std::uint64_t number_ = 0;
    storage::history::Seconds as_of_ = 0;
    storage::history::Seconds from_ = 0;
    std::size_t begun_ = 0;
    std::size_t ended_ = 0;
    std::size_t restarts_ = 0;
    // The greatest first.
    std::vector<Change> greatest_;
};

}  // namespace apiserver
