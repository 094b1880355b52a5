// SPDX-License-Identifier: Apache-2.0
// Looks names up for one event loop.
//
// getaddrinfo() blocks for as long as a name server likes, 40 s and more, and cannot be interrupted. So each
// look-up has a thread of its own. Nobody waits for that thread: who asked waits until his deadline at most,
// the end of the loop or of the process not at all. There are kThreads at most. Names that were never
// answered get kForUnknown of them, names that hung lately kForHung, so that the rest stay free for names
// that are known to be answered.
#pragma once

#include "net/error.hpp"
#include "net/event.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/address.hpp>

namespace net {

class LookUps final : public boost::asio::execution_context::service {
  public:
    using Addresses = std::vector<boost::asio::ip::address>;
    struct Found {
        Addresses addresses;
        // Set when there is none.
        Error error;
    };
    // Blocks, on any thread, perhaps beyond the life of everything else.
    using Function = std::function<Found(const std::string& host)>;

    static constexpr std::size_t kThreads = 32;
    static constexpr std::size_t kForUnknown = 24;
    static constexpr std::size_t kForHung = 8;
    // Names that are looked up or wait for a thread.
    static constexpr std::size_t kMost = 256;
    static constexpr std::chrono::seconds kKept{30};

    using key_type = LookUps;
    static boost::asio::execution_context::id id;

    // By getaddrinfo().
    explicit LookUps(boost::asio::execution_context& context);
    LookUps(boost::asio::execution_context& context, Function function, std::chrono::seconds kept);
    ~LookUps() override;

    // Errors as net::resolve() has them.
    Task<Result<Addresses>> find(std::string host, Deadline deadline);

    // Threads that are at work or hang.
    std::size_t running() const { return running_; }

  private:
    // One look-up of one name, shared by all who wait for it.
    struct LookUp;
    // A thread's way back to us; empty once we are gone.
    struct Home;
    // What is known of a name.
    struct Known {
        Addresses addresses;
        Clock::time_point until;
        bool hung = false;
    };

    const Addresses* kept(const std::string& host) const;
    std::shared_ptr<LookUp> join(const std::string& host);
    void leave(LookUp& look);
    std::size_t threads_for(const std::string& host) const;
    void start_waiting();
    void start(LookUp& look);
    void told(const std::string& host, Found found);
    void finish(const std::string& host, Found found);
    Known& note(const std::string& host);
    void remember(const std::string& host, const Found& found);
    void shutdown() override;

    Function function_;
    std::chrono::seconds kept_for_;
    Executor executor_;
    std::shared_ptr<Home> home_;
    std::size_t running_ = 0;
    // Running and waiting ones.
    std::map<std::string, std::shared_ptr<LookUp>> all_;
    std::list<LookUp*> waiting_;
    std::map<std::string, Known> known_;
};

}  // namespace net
