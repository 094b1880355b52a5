// SPDX-License-Identifier: Apache-2.0
// The sinks of --sink, put together: which kinds there are, and what they share.
#pragma once

#include "apiserver/debug/sink_list.hpp"
#include "net/task_group.hpp"
#include "series/extras.hpp"
#include "sink/progress.hpp"
#include "sink/sink.hpp"
#include "storage/history/history.hpp"
#include "topd/flags/flags.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace topd {

class Sinks {
  public:
    // `bytes`: for what waits, of all sinks together. Throws std::runtime_error: a --sink that is no use, or
    // a file of it. All must outlive it.
    // knows_node: see sink::TellerOptions.
    Sinks(const net::Executor& executor, const Flags& flags, storage::history::History& history,
          const series::Extras& extras, std::size_t bytes, const sink::KnowsNode& knows_node = {});

    // Until the group is cancelled. Call it when history has what an earlier run left.
    void start(net::TaskGroup& group);
    // A tick of history may be over.
    void tick_ended();

    std::vector<sink::Report> reports() const;
    // The same for /debug/sinks.
    std::vector<apiserver::SinkState> states() const;

    // Where they are, for the state file (StateFileOptions::write_places); and what that of an earlier run
    // said, before start(). Whatever the bytes are, they do no harm.
    std::string places(bool ending) const;
    void resume(std::string_view places);
    // The state file is of the last moment of an earlier run.
    bool ended_well() const { return ended_well_; }

  private:
    storage::history::History& history_;
    bool ended_well_ = false;
    std::vector<std::unique_ptr<sink::Sink>> sinks_;
};

}  // namespace topd
