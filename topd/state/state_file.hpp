// SPDX-License-Identifier: Apache-2.0
// --state-file: window points, history and what kubelets told survive a restart.
#pragma once

#include "net/event.hpp"
#include "net/task.hpp"
#include "storage/snapshot/snapshot.hpp"
#include "topd/state/state_format.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

namespace topd {

struct StateFileOptions {
    std::string path;
    std::chrono::seconds every{300};
    // The file is not larger: what would be over is left out, and not read.
    std::size_t most_bytes = std::size_t{256} * 1024 * 1024;
    // By default the clocks of the machine.
    std::function<storage::snapshot::Now()> now{};
    // What others write into it, and are given back when it was there. `ending`: the process writes the file
    // for the last time.
    std::function<std::string(bool ending)> write_places{};
    std::function<void(std::string_view)> read_places{};
};

// What the last writing came to, for metrics.
struct StateSaved {
    // Unix time; 0: never.
    std::chrono::milliseconds at{0};
    std::size_t bytes = 0;
    std::uint64_t failures = 0;
};

class StateFile {
  public:
    // history, stats: null for none. All outlive it.
    StateFile(StateFileOptions options, storage::Store& store, storage::history::History* history,
              storage::stats::StatsHistory* stats);
    ~StateFile();
    StateFile(const StateFile&) = delete;
    StateFile& operator=(const StateFile&) = delete;

    struct Loaded {
        // There was a file that could be read.
        bool found = false;
        StateReader::Verdict verdict = StateReader::Verdict::whole;
        // Empty: all of it was right.
        std::string reason;
        std::size_t sections = 0;
        storage::snapshot::Loaded snapshot;
    };
    // Takes in what the file holds. Call it once, before the first tick ends; other work goes on between its
    // sections. A file that is not right is named in the log and put aside (PATH.bad); what is intact in it
    // is used. It is never an error.
    net::Task<Loaded> load();
    // Returns when the window points are taken in, while load() goes on with history: from then on pages may
    // come, those of summaries only when load() has ended. REQUIRES: load() runs or has run.
    net::Task<> wait_for_points();

    // Writes it every while, until cancelled.
    net::Task<> run();
    // Writes it now: a copy of the whole file is in memory, and a thread replaces it. A failure is logged,
    // and it is tried again the next time. REQUIRES: run() is not running.
    net::Task<> save(bool ending = false);

    const StateSaved& saved() const { return saved_; }
    // load() came to its end.
    bool is_loaded() const { return is_loaded_; }

  private:
    net::Task<Loaded> read();
    void points_are_there();
    net::Task<std::vector<std::string>> pieces(bool ending);
    void note(std::string_view error, std::size_t bytes);
    void say(const Loaded& loaded) const;

    StateFileOptions options_;
    storage::Store& store_;
    storage::history::History* history_;
    storage::stats::StatsHistory* stats_;
    StateSaved saved_;
    bool is_loaded_ = false;
    bool has_points_ = false;
    net::Event points_came_;
    bool failed_ = false;
    bool said_full_ = false;
    boost::asio::thread_pool thread_{1};
};

}  // namespace topd
