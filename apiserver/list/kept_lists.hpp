// SPDX-License-Identifier: Apache-2.0
// The lists that are held whole until they are read: which of them can be shared, and what all may take
// together (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/compression/byte_budget.hpp"
#include "apiserver/representation/representation.hpp"
#include "apiserver/request/metrics_objects.hpp"
#include "net/error.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/intrusive/list.hpp>

namespace apiserver {

class Encoding;
struct EncodedPiece;

// All that decides a list's bytes at a moment, and whether a client may see them.
struct ListKey {
    MetricsList wanted;
    Representation form;
    bool gzip = false;
    bool operator==(const ListKey&) const = default;
};

// Must outlive its lists.
class KeptLists {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Clock = std::function<Time()>;
    // A list is given to those who ask for it so long after its beginning.
    static constexpr std::chrono::seconds kShared{1};
    // A client that took nothing for this long may have to make room for others.
    static constexpr std::chrono::seconds kPatience{1};

    // wait: how long a list waits for room before it is refused, beside its turn.
    KeptLists(std::size_t bytes, std::chrono::milliseconds wait, Clock clock)
        : budget_{bytes}, wait_{wait}, clock_{std::move(clock)} {}

    // One client's way through a list.
    class Reader : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        // From its first piece on, which must not be gone.
        Reader(KeptLists& lists, std::shared_ptr<Encoding> encoding);
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;

        // The list is complete. False: it has no pieces.
        bool begin();
        // Appends the next piece. An error: given up, for lack of memory.
        net::Result<net::Piece> take(std::string& out);

      private:
        friend class KeptLists;
        KeptLists& lists_;
        std::shared_ptr<Encoding> encoding_;
        // Null: given up, or at its end.
        std::shared_ptr<EncodedPiece> next_;
        Time taken_{};
    };

    // One to join; null: there is none.
    std::shared_ptr<Encoding> find(const ListKey& key);
    // Lets others join.
    void share(ListKey key, const std::shared_ptr<Encoding>& encoding);

    // A list that is made grows. False: it has to wait.
    bool take(ByteBudget::Lease& lease, std::size_t bytes);
    // Returns when it may have room. False: there was none by `refuse_at`, which is set the first time.
    net::Task<bool> wait_for_room(const ByteBudget::Lease& lease, net::Deadline& refuse_at);
    // It grows no more.
    void grown(const ByteBudget::Lease& lease);

    ByteBudget& budget() { return budget_; }
    Time now() const { return clock_(); }

  private:
    bool has_turn(const ByteBudget::Lease& lease) const { return growing_ == nullptr || growing_ == &lease; }
    bool make_room();
    void give_up(Encoding& encoding, Time now);
    bool is_stale(const Reader& reader, Time now) const { return now - reader.taken_ >= kPatience; }

    ByteBudget budget_;
    std::chrono::milliseconds wait_;
    Clock clock_;
    std::vector<std::pair<ListKey, std::weak_ptr<Encoding>>> shared_;
    // Only one large list grows at a time: two that wait for each other's room would wait in vain.
    const ByteBudget::Lease* growing_ = nullptr;
    // Whoever took nothing for the longest time comes first.
    boost::intrusive::list<Reader, boost::intrusive::constant_time_size<false>> readers_;
};

}  // namespace apiserver
