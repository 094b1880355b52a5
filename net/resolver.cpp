// SPDX-License-Identifier: Apache-2.0
#include "net/resolver.hpp"

#include "net/event.hpp"

#include <chrono>
#include <cstring>
#include <map>
#include <memory>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <netdb.h>

namespace net {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Addresses = std::vector<asio::ip::address>;

constexpr std::chrono::seconds kKept{30};
constexpr std::size_t kMaxKept = 10'000;
constexpr std::size_t kMaxWaiting = 256;
constexpr std::size_t kThreads = 4;

// Blocks; runs on the look-up threads.
Addresses look_up(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    Addresses addresses;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return addresses;
    for (const addrinfo* it = found; it; it = it->ai_next) {
        tcp::endpoint endpoint;
        if (it->ai_addrlen > endpoint.capacity()) continue;
        endpoint.resize(it->ai_addrlen);
        std::memcpy(endpoint.data(), it->ai_addr, it->ai_addrlen);
        addresses.push_back(endpoint.address());
    }
    ::freeaddrinfo(found);
    return addresses;
}

// One look-up of one name, shared by all who wait for it.
struct LookUp {
    Event done;
    Addresses addresses;
    bool finished = false;
};

// The threads and the kept answers of one event loop.
class LookUps : public asio::execution_context::service {
  public:
    using key_type = LookUps;
    static asio::execution_context::id id;
    explicit LookUps(asio::execution_context& context) : service{context} {}

    struct Kept {
        Addresses addresses;
        Clock::time_point until;
    };

    std::shared_ptr<LookUp> start(const Executor& executor, const std::string& host) {
        if (auto it = running_.find(host); it != running_.end()) return it->second;
        if (running_.size() >= kMaxWaiting) return nullptr;
        if (!threads_) threads_ = std::make_unique<asio::thread_pool>(kThreads);
        auto look = std::make_shared<LookUp>();
        running_.emplace(host, look);
        asio::post(*threads_, [this, executor, host] {
            asio::post(executor,
                       [this, host, found = look_up(host)]() mutable { finish(host, std::move(found)); });
        });
        return look;
    }

    const Addresses* kept(const std::string& host) {
        const auto it = kept_.find(host);
        if (it == kept_.end()) return nullptr;
        if (it->second.until > Clock::now()) return &it->second.addresses;
        kept_.erase(it);
        return nullptr;
    }

  private:
    void finish(const std::string& host, Addresses addresses) {
        if (kept_.size() >= kMaxKept) kept_.clear();
        if (!addresses.empty()) kept_[host] = Kept{addresses, Clock::now() + kKept};
        const auto it = running_.find(host);
        it->second->addresses = std::move(addresses);
        it->second->finished = true;
        it->second->done.notify();
        running_.erase(it);
    }

    void shutdown() override {
        running_.clear();
        if (threads_) threads_->stop();
        if (threads_) threads_->join();
    }

    std::unique_ptr<asio::thread_pool> threads_;
    std::map<std::string, std::shared_ptr<LookUp>> running_;
    std::map<std::string, Kept> kept_;
};

asio::execution_context::id LookUps::id;

std::vector<tcp::endpoint> endpoints_of(const Addresses& addresses, std::uint16_t port) {
    std::vector<tcp::endpoint> endpoints;
    for (const auto& address : addresses) endpoints.emplace_back(address, port);
    return endpoints;
}

}  // namespace

Task<Result<std::vector<tcp::endpoint>>> resolve(std::string host, std::uint16_t port, Deadline deadline) {
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return std::vector<tcp::endpoint>{tcp::endpoint{address, port}};

    const Executor executor = co_await asio::this_coro::executor;
    auto& look_ups = asio::use_service<LookUps>(asio::query(executor, asio::execution::context));
    if (const Addresses* kept = look_ups.kept(host)) co_return endpoints_of(*kept, port);
    const std::shared_ptr<LookUp> look = look_ups.start(executor, host);
    if (!look) co_return make_error_code(Errc::overloaded);
    while (!look->finished && Clock::now() < deadline) co_await look->done.wait_until(deadline);
    if (!look->finished) co_return make_error_code(Errc::timeout);
    if (look->addresses.empty()) co_return make_error_code(Errc::unknown_host);
    co_return endpoints_of(look->addresses, port);
}

}  // namespace net
