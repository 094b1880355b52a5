// SPDX-License-Identifier: Apache-2.0
#include "net/look_ups.hpp"

#include "net/stages.hpp"

#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <netdb.h>

namespace net {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxKnown = 10'000;

Error error_of(int returned) {
    switch (returned) {
        case 0:
        case EAI_NONAME:
        case EAI_NODATA:
        case EAI_ADDRFAMILY:
            return Errc::unknown_host;
        default:
            return {returned, look_up_category()};
    }
}

LookUps::Found look_up(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    LookUps::Found found;
    const int returned = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    for (const addrinfo* it = list; returned == 0 && it; it = it->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if (it->ai_addrlen > endpoint.capacity()) continue;
        endpoint.resize(it->ai_addrlen);
        std::memcpy(endpoint.data(), it->ai_addr, it->ai_addrlen);
        found.addresses.push_back(endpoint.address());
    }
    if (returned == 0) ::freeaddrinfo(list);
    if (found.addresses.empty()) found.error = error_of(returned);
    return found;
}

}  // namespace

struct LookUps::LookUp {
    std::string host;
    Event done;
    Found found;
    std::size_t waiters = 0;
    bool started = false;
    bool finished = false;
};

struct LookUps::Home {
    std::mutex mutex;
    LookUps* look_ups = nullptr;
};

asio::execution_context::id LookUps::id;

LookUps::LookUps(asio::execution_context& context) : LookUps{context, look_up, kKept} {}
LookUps::LookUps(asio::execution_context& context, Function function, std::chrono::seconds kept)
    : service{context}, function_{std::move(function)}, kept_for_{kept}, home_{std::make_shared<Home>()} {
    home_->look_ups = this;
}
LookUps::~LookUps() = default;

Task<Result<LookUps::Addresses>> LookUps::find(std::string host, Deadline deadline) {
    // Once: the threads use it.
    if (!executor_) executor_ = co_await asio::this_coro::executor;
    if (const Addresses* addresses = kept(host)) co_return *addresses;
    const std::shared_ptr<LookUp> look = join(host);
    if (!look) co_return make_error_code(Errc::overloaded);
    struct Leave {
        LookUps& all;
        LookUp& look;
        ~Leave() { all.leave(look); }
    } const leave{*this, *look};
    while (!look->finished && Clock::now() < deadline) co_await look->done.wait_until(deadline);
    if (!look->finished) {
        if (look->started) note(host).hung = true;
        co_return make_error_code(TimedOut::look_up);
    }
    if (look->found.addresses.empty()) co_return look->found.error;
    co_return look->found.addresses;
}

const LookUps::Addresses* LookUps::kept(const std::string& host) const {
    const auto it = known_.find(host);
    const bool good = it != known_.end() && !it->second.addresses.empty() && it->second.until > Clock::now();
    return good ? &it->second.addresses : nullptr;
}

std::shared_ptr<LookUps::LookUp> LookUps::join(const std::string& host) {
    std::shared_ptr<LookUp> look;
    if (const auto it = all_.find(host); it != all_.end()) {
        look = it->second;
    } else if (all_.size() < kMost) {
        look = std::make_shared<LookUp>();
        look->host = host;
        all_.emplace(host, look);
        waiting_.push_back(look.get());
        start_waiting();
    }
    if (look) ++look->waiters;
    return look;
}

// Whom nobody waits for any more need not begin.
void LookUps::leave(LookUp& look) {
    if (--look.waiters != 0 || look.started || look.finished) return;
    waiting_.remove(&look);
    all_.erase(look.host);
}

std::size_t LookUps::threads_for(const std::string& host) const {
    const auto it = known_.find(host);
    if (it == known_.end()) return kForUnknown;
    return it->second.hung ? kForHung : kThreads;
}

void LookUps::start_waiting() {
    for (auto it = waiting_.begin(); it != waiting_.end();) {
        LookUp& look = **it;
        if (running_ >= threads_for(look.host)) {
            ++it;
            continue;
        }
        it = waiting_.erase(it);
        start(look);
    }
}

void LookUps::start(LookUp& look) {
    look.started = true;
    ++running_;
    try {
        std::thread{[home = home_, function = function_, host = look.host] {
            Found found = function(host);
            const std::lock_guard lock{home->mutex};
            if (home->look_ups) home->look_ups->told(host, std::move(found));
        }}.detach();
    } catch (const std::system_error&) {
        // No thread to be had.
        told(look.host, {{}, Errc::overloaded});
    }
}

// On any thread.
void LookUps::told(const std::string& host, Found found) {
    asio::post(executor_,
               [this, host, found = std::move(found)]() mutable { finish(host, std::move(found)); });
}

void LookUps::finish(const std::string& host, Found found) {
    --running_;
    remember(host, found);
    const auto it = all_.find(host);
    it->second->found = std::move(found);
    it->second->finished = true;
    it->second->done.notify();
    all_.erase(it);
    start_waiting();
}

LookUps::Known& LookUps::note(const std::string& host) {
    if (known_.size() >= kMaxKnown) known_.clear();
    return known_[host];
}

void LookUps::remember(const std::string& host, const Found& found) {
    if (!found.addresses.empty())
        note(host) = Known{found.addresses, Clock::now() + kept_for_, false};
    else if (found.error == Errc::unknown_host)
        known_.erase(host);
    else
        note(host).hung = true;
}

// The threads that hang keep what they need themselves, and end with the process.
void LookUps::shutdown() {
    const std::lock_guard lock{home_->mutex};
    home_->look_ups = nullptr;
}

}  // namespace net
