// SPDX-License-Identifier: Apache-2.0
// The changes of a collection as they happen.
#pragma once

#include "net/http/message.hpp"
#include "test/sim/api/resources/collection.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct WatchForm {
    Selection selection;
    Encoding encoding = Encoding::json;
    Shape shape = Shape::whole;
    // Changes after this version are sent.
    std::uint64_t version = 0;
    bool bookmarks = false;
    std::chrono::milliseconds bookmark_interval{60'000};
    // What there was at `version`: sent first, each as added, with a bookmark that says where they end
    // (KEP-3157: sendInitialEvents).
    std::optional<std::vector<Stored>> initial;
    net::Deadline until = net::Deadline::max();
};

// Ends at `until`, when the collection is closed, or with an event ERROR (410) when the version is too old.
// The collection must outlive it.
class WatchSource final : public net::BodySource {
  public:
    WatchSource(Collection& collection, WatchForm form);
    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    void append_initial(std::string& out);
    void append_changes(std::string& out);
    void append_change(std::string& out, const Change& change);
    void append_event(std::string& out, std::string_view type, std::string_view object) const;
    void append_bookmark(std::string& out, bool ends_initial = false);
    void append_expired(std::string& out) const;

    Collection& collection_;
    WatchForm form_;
    bool begun_ = false;
    // Of form_.initial.
    std::size_t sent_ = 0;
    net::Deadline next_bookmark_;
};

}  // namespace sim
