// SPDX-License-Identifier: Apache-2.0
// Answers of others that are kept for a while, and asked for once by however many wait for them.
#pragma once

#include "net/event.hpp"
#include "net/task.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace apiserver {

// Bounded: the answer that was used longest ago goes first.
template <class Value>
class AnswerCache {
  public:
    struct Answer {
        Value value;
        // Zero: good for those who wait for it now, and not kept.
        std::chrono::nanoseconds keep_for{0};
    };
    // Ends by the time given to get().
    using Ask = std::function<net::Task<Answer>()>;

    explicit AnswerCache(std::size_t capacity) : capacity_{capacity} {}

    // The kept answer; null: there is none. Valid until the next call.
    const Value* find(std::string_view key);

    // The kept answer, or that of whoever is asking already, or the outcome of `ask`; that of an asker whose
    // time was over is nobody else's. nullopt: another one was still asking at `until`. The cache must
    // outlive the task.
    net::Task<std::optional<Value>> get(std::string key, net::Deadline until, Ask ask);

    std::size_t size() const { return by_key_.size(); }

  private:
    struct Entry {
        std::string key;
        Value value;
        net::Clock::time_point until;
    };
    struct Flight {
        net::Event landed;
        bool over = false;
        std::optional<Value> value;
    };
    using Entries = std::list<Entry>;

    void forget(typename Entries::iterator entry);
    void keep(const std::string& key, const Answer& answer);

    std::size_t capacity_;
    // The one used last is first.
    Entries entries_;
    // The keys are the entries' own.
    std::unordered_map<std::string_view, typename Entries::iterator> by_key_;
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

template <class Value>
const Value* AnswerCache<Value>::find(std::string_view key) {
    const auto it = by_key_.find(key);
    if (it == by_key_.end()) return nullptr;
    const auto entry = it->second;
    if (entry->until <= net::Clock::now()) {
        forget(entry);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->value;
}

template <class Value>
void AnswerCache<Value>::forget(typename Entries::iterator entry) {
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

template <class Value>
void AnswerCache<Value>::keep(const std::string& key, const Answer& answer) {
    if (answer.keep_for.count() <= 0) return;
    if (by_key_.size() >= capacity_) forget(std::prev(entries_.end()));
    entries_.push_front({key, answer.value, net::Clock::now() + answer.keep_for});
    by_key_.emplace(entries_.front().key, entries_.begin());
}

template <class Value>
net::Task<std::optional<Value>> AnswerCache<Value>::get(std::string key, net::Deadline until, Ask ask) {
    for (;;) {
        if (const Value* kept = find(key)) co_return *kept;
        const auto it = flights_.find(key);
        if (it == flights_.end()) break;
        const std::shared_ptr<Flight> flight = it->second;
        while (!flight->over) {
            if (net::Clock::now() >= until) co_return std::nullopt;
            co_await flight->landed.wait_until(until);
        }
        // Without a value its leader was cancelled, or had less time: somebody else leads.
        if (flight->value) co_return *flight->value;
    }
    const auto flight = std::make_shared<Flight>();
    flights_.emplace(key, flight);
    struct Landing {
        AnswerCache& cache;
        const std::string& key;
        Flight& flight;
        ~Landing() {
            flight.over = true;
            cache.flights_.erase(key);
            flight.landed.notify();
        }
    } const landing{*this, key, *flight};
    Answer answer = co_await ask();
    keep(key, answer);
    if (answer.keep_for.count() > 0 || net::Clock::now() < until) flight->value = answer.value;
    co_return std::move(answer.value);
}

}  // namespace apiserver
