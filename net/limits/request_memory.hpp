// SPDX-License-Identifier: Apache-2.0
// Bounds what requests hold together while they are read or wait for their answer; also used for the
// certificates of clients (docs/decisions/0016-hostile-clients.md).
#pragma once

#include <cstddef>

#include <boost/intrusive/list.hpp>

namespace net {

class RequestMemory {
  public:
    // This many bytes of each request are not counted, so small ones are always read. The cost of a
    // connection includes them.
    static constexpr std::size_t kFree = std::size_t{16} * 1024;

    // A request on its way. Its end gives back what it holds.
    class Holder
        : public boost::intrusive::list_base_hook<
              boost::intrusive::tag<Holder>, boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        Holder() = default;
        Holder(const Holder&) = delete;
        Holder& operator=(const Holder&) = delete;
        // The request has to be refused: others need what it held, which counts no more.
        virtual void on_shortage() = 0;

      protected:
        ~Holder();

      private:
        friend class RequestMemory;
        RequestMemory* memory_ = nullptr;
        std::size_t bytes_ = 0;
        bool proven_ = false;
    };

    // limit: in bytes, of what is counted; free: what is not, of each. Must outlive the holders.
    explicit RequestMemory(std::size_t limit, std::size_t free = kFree) : limit_{limit}, free_{free} {}

    // The holder's request has this many bytes now (and takes up to twice that: what grows is doubled). When
    // all together are over the limit, requests that are not read whole yet are refused, the largest first:
    // those of clients that proved nothing, then the others. False: this one is refused.
    bool hold(Holder& holder, std::size_t bytes, bool proven);
    // The request is read whole: from now on it is not refused, and keeps what it holds.
    void settle(Holder& holder);
    // It is answered.
    void release(Holder& holder);

    std::size_t held() const { return held_; }

  private:
    using Holders = boost::intrusive::list<
        Holder,
        boost::intrusive::base_hook<boost::intrusive::list_base_hook<
            boost::intrusive::tag<Holder>, boost::intrusive::link_mode<boost::intrusive::auto_unlink>>>,
        boost::intrusive::constant_time_size<false>>;
    std::size_t limit_;
    std::size_t free_;
    std::size_t held_ = 0;
    // Requests that count and are not read whole yet; the oldest first.
    Holders reading_;
};

}  // namespace net
