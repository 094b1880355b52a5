// SPDX-License-Identifier: Apache-2.0
// The figures of the page, below /ui/api/: overview, rows, series. JSON, compressed where the client takes
// it.
#pragma once

#include "apiserver/page/overview/changes.hpp"
#include "apiserver/page/parameters.hpp"
#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/turns/turns.hpp"
#include "net/event.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"
#include "version/version.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace apiserver {

struct PageDataOptions {
    // What a snapshot may take.
    std::size_t snapshot_bytes = std::size_t{64} * 1024 * 1024;
    // How many wait while one is answered; others are told to come again.
    std::size_t waiting = 32;
    // Of the program, as it is shown.
    std::string version = version::number();
};

class PageData {
  public:
    // It must outlive its answers.
    PageData(PageSources sources, PageDataOptions options);

    // `name`: what stands behind /ui/api/. One answer is made at a time, in stints between which the event
    // loop goes on. REQUIRES: the method is GET or HEAD.
    net::Task<net::Response> respond(const net::Request& request, std::string_view name, const Query& query);

    // Works out what changed when somebody asks, and lets go of what nobody has asked for in a while. Until
    // cancelled.
    net::Task<> run();
    void forget_unused();
    // Null: none is kept.
    std::shared_ptr<const Snapshot> kept_snapshot() const { return snapshot_; }

  private:
    net::Task<net::Response> respond_read(const net::Request& request, std::string_view name,
                                          const Query& query);
    net::Task<std::shared_ptr<const Snapshot>> snapshot();
    bool is_current(const Snapshot& snapshot) const;
    std::string tag_of(const Snapshot& snapshot) const;

    PageSources sources_;
    PageDataOptions options_;
    Turns turns_;
    // Tells tags from those of another run of the program.
    std::string run_;
    std::uint64_t taken_ = 0;
    std::shared_ptr<const Snapshot> snapshot_;
    Changes changes_;
    // Somebody asked, and they are not of now.
    net::Event changes_wanted_;
    storage::Monotonic snapshot_at_{};
    storage::Monotonic asked_at_{};
};

}  // namespace apiserver
