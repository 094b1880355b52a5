// SPDX-License-Identifier: Apache-2.0
// Answers of others that are kept for a while, and asked for once by however many wait for them.
#pragma once

#include "apiserver/auth/keyed_hash.hpp"
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

// Bounded in bytes: the answer that was used longest ago goes first. Questions are kept as their keyed hash,
// so they may be of any length. `bytes_behind(const Value&)`, found by its argument, tells what a value takes
// on the heap.
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

    explicit AnswerCache(std::size_t bytes) : capacity_{bytes} {}

    // The kept answer; null: there is none. Valid until the next call.
    const Value* find(const Digest& question);
    Digest digest(std::string_view question) const { return hash_(question); }

    // The kept answer, or that of whoever of the same `line` is asking already, or the outcome of `ask`; that
    // of an asker whose time was over is nobody else's, nor is another line waited for. nullopt: another one
    // was still asking at `until`. The cache must outlive the task.
    net::Task<std::optional<Value>> get(Digest question, std::string line, net::Deadline until, Ask ask);

    std::size_t size() const { return by_question_.size(); }
    // What is kept takes, with what allocators and tables add to it.
    std::size_t bytes() const { return bytes_; }

  private:
    struct Entry {
        Digest question;
        Value value;
        net::Clock::time_point until;
        std::size_t bytes;
    };
    struct Flight {
        net::Event landed;
        bool over = false;
        std::optional<Value> value;
    };
    using Entries = std::list<Entry>;

    // An entry's places in the list and in the table, each with an allocator's 16 bytes.
    static constexpr std::size_t kOverhead =
        sizeof(Entry) + 2 * sizeof(void*) + 16 + sizeof(Digest) + 4 * sizeof(void*) + 16;
    // How many entries are looked at beside each question.
    static constexpr int kSwept = 2;

    void forget(typename Entries::iterator entry);
    void keep(const Digest& question, const Answer& answer);
    void sweep(net::Clock::time_point now);

    KeyedHash hash_;
    std::size_t capacity_;
    std::size_t bytes_ = 0;
    // The one used last is first.
    Entries entries_;
    // What is looked at next for its time; what is used in between moves away from it.
    typename Entries::iterator swept_ = entries_.end();
    std::unordered_map<Digest, typename Entries::iterator, DigestHash> by_question_;
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

template <class Value>
const Value* AnswerCache<Value>::find(const Digest& question) {
    const auto now = net::Clock::now();
    sweep(now);
    const auto it = by_question_.find(question);
    if (it == by_question_.end()) return nullptr;
    const auto entry = it->second;
    if (entry->until <= now) {
        forget(entry);
        return nullptr;
    }
    if (swept_ == entry) ++swept_;
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->value;
}

template <class Value>
void AnswerCache<Value>::forget(typename Entries::iterator entry) {
    if (swept_ == entry) ++swept_;
    bytes_ -= entry->bytes;
    by_question_.erase(entry->question);
    entries_.erase(entry);
}

// Goes round all entries, a few at each question: what nobody asks again is let go of all the same.
template <class Value>
void AnswerCache<Value>::sweep(net::Clock::time_point now) {
    for (int i = 0; i < kSwept && !entries_.empty(); ++i) {
        if (swept_ == entries_.end()) swept_ = entries_.begin();
        const auto entry = swept_++;
        if (entry->until <= now) forget(entry);
    }
}

template <class Value>
void AnswerCache<Value>::keep(const Digest& question, const Answer& answer) {
    if (answer.keep_for.count() <= 0) return;
    const std::size_t bytes = kOverhead + bytes_behind(answer.value);
    // One that would push out most others is not worth it.
    if (bytes > capacity_ / 2) return;
    if (const auto it = by_question_.find(question); it != by_question_.end()) forget(it->second);
    while (bytes_ + bytes > capacity_) forget(std::prev(entries_.end()));
    entries_.push_front({question, answer.value, net::Clock::now() + answer.keep_for, bytes});
    by_question_.emplace(question, entries_.begin());
    bytes_ += bytes;
}

template <class Value>
net::Task<std::optional<Value>> AnswerCache<Value>::get(Digest question, std::string line,
                                                        net::Deadline until, Ask ask) {
    std::string key{reinterpret_cast<const char*>(question.data()), question.size()};
    key += line;
    for (;;) {
        if (const Value* kept = find(question)) co_return *kept;
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
    keep(question, answer);
    if (answer.keep_for.count() > 0 || net::Clock::now() < until) flight->value = answer.value;
    co_return std::move(answer.value);
}

}  // namespace apiserver
