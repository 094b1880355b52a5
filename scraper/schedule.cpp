// SPDX-License-Identifier: Apache-2.0
#include "scraper/schedule.hpp"

#include <algorithm>
#include <cassert>

namespace scraper {
namespace {

// A round of more slots than this is of hours: coarser slots do.
constexpr std::int64_t kMaxSlots = 4096;

std::size_t slot_count(Schedule::Duration resolution) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(resolution / Schedule::kGrid, 1, kMaxSlots));
}

}  // namespace

std::uint64_t name_hash(std::string_view name) {
    std::uint64_t h = 0xcbf29ce484222325;
    for (const char c : name) {
        h ^= static_cast<unsigned char>(c);
        h *= 0x100000001b3;
    }
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccd;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53;
    h ^= h >> 33;
    return h;
}

Schedule::Schedule(Duration resolution, Time now, Time epoch)
    : slot_length_{std::max(resolution / static_cast<std::int64_t>(slot_count(resolution)), Duration{1})},
      epoch_{std::min(epoch, now)},
      dealt_{tick_of(now)},
      slots_(slot_count(resolution)) {}

Schedule::Tick Schedule::tick_of(Time t) const {
    return (t - epoch_) / slot_length_;
}

Schedule::Tick Schedule::first_tick(Time now) {
    const Tick next = std::max(tick_of(now), dealt_) + 1;
    if (first_cursor_ < next) {
        first_cursor_ = next;
        first_count_ = 0;
    } else if (first_count_ == kFirstPerSlot) {
        ++first_cursor_;
        first_count_ = 0;
    }
    ++first_count_;
    return first_cursor_;
}

void Schedule::add(std::string_view name, Time now) {
    const auto [at, added] = nodes_.try_emplace(std::string{name});
    if (!added) return;
    Node& node = at->second;
    node.name = at->first;
    node.slot = slot_of(name);
    node.index = slots_[node.slot].size();
    slots_[node.slot].push_back(&node);
    set_extra(node, first_tick(now));
}

void Schedule::remove(std::string_view name) {
    const auto at = nodes_.find(name);
    if (at == nodes_.end()) return;
    Node& node = at->second;
    clear_extra(node);
    std::vector<Node*>& slot = slots_[node.slot];
    slot.back()->index = node.index;
    slot[node.index] = slot.back();
    slot.pop_back();
    nodes_.erase(at);
}

void Schedule::due(Time now, std::vector<Due>& out) {
    const Tick present = tick_of(now);
    const Tick round = static_cast<Tick>(slots_.size());
    // After a stall of more than a round each slot is dealt with once.
    const std::size_t before = out.size();
    for (Tick tick = std::max(dealt_ + 1, present - round + 1); tick <= present; ++tick)
        for (Node* node : slots_[static_cast<std::size_t>(tick % round)]) take(*node, tick, now, out);
    const double most = std::max(kSavedAtLeast, static_cast<double>(nodes_.size()) * kEarned);
    saved_ = std::min(most, saved_ + static_cast<double>(out.size() - before) * kEarned);
    while (!extras_.empty() && extras_.begin()->first <= present) {
        Node& node = *extras_.begin()->second.back();
        const Tick tick = node.extra;
        clear_extra(node);
        if (!node.running) take(node, tick, now, out);
    }
    dealt_ = std::max(dealt_, present);
}

void Schedule::take(Node& node, Tick tick, Time now, std::vector<Due>& out) {
    if (node.running) {
        ++counts_.skipped;
        return;
    }
    if (now < node.not_before) return;
    // The regular scrape does as the first.
    if (!node.had_page) clear_extra(node);
    node.running = true;
    out.push_back({node.name, time_of(tick)});
}

void Schedule::sent(Time at, Time now) {
    const Duration delay = now - at;
    if (delay > kLate) ++counts_.late;
    counts_.worst = std::max(counts_.worst, delay);
}

void Schedule::done(std::string_view name, Result result, Time now) {
    const auto at = nodes_.find(name);
    if (at == nodes_.end()) return;
    Node& node = at->second;
    node.running = false;
    switch (result) {
        case Result::usage:
            node.had_page = true;
            clear_extra(node);
            break;
        case Result::young:
            node.had_page = true;
            clear_extra(node);
            come_back_soon(node, now);
            break;
        case Result::page:
            if (!node.had_page) set_extra(node, tick_of(now + kSecondSample) + 1);
            node.had_page = true;
            break;
        case Result::unsupported:
            node.not_before = now + kUnsupportedPause;
            break;
        case Result::failed:
            break;
    }
}

Schedule::Tick Schedule::regular_tick(const Node& node, Tick tick) const {
    const Tick round = static_cast<Tick>(slots_.size());
    return tick + (static_cast<Tick>(node.slot) - tick % round + round) % round;
}

Schedule::Time Schedule::next_of(std::string_view name, Time now) const {
    const Node& node = nodes_.find(name)->second;
    Tick after = std::max(tick_of(now), dealt_) + 1;
    if (node.extra != kNone) return time_of(std::min(node.extra, regular_tick(node, after)));
    // The first that begins at that moment or later.
    if (node.not_before > now) after = std::max(after, tick_of(node.not_before - Duration{1}) + 1);
    return time_of(regular_tick(node, after));
}

void Schedule::come_back_soon(Node& node, Time now) {
    const Tick wanted = tick_of(now + kSoon) + 1;
    const Tick regular = regular_tick(node, std::max(tick_of(now), dealt_) + 1);
    const bool regular_is_near = regular <= tick_of(now + kSoon + kSoon / 2);
    if (regular_is_near || saved_ < 1) return;
    saved_ -= 1;
    ++counts_.extra;
    set_extra(node, wanted);
}

Schedule::Time Schedule::next() const {
    if (nodes_.empty()) return Time::max();
    Tick tick = dealt_ + 1;
    while (slots_[static_cast<std::size_t>(tick) % slots_.size()].empty()) ++tick;
    if (!extras_.empty()) tick = std::min(tick, extras_.begin()->first);
    return time_of(tick);
}

void Schedule::set_extra(Node& node, Tick tick) {
    clear_extra(node);
    node.extra = tick;
    extras_[tick].push_back(&node);
}

void Schedule::clear_extra(Node& node) {
    if (node.extra == kNone) return;
    const auto at = extras_.find(node.extra);
    assert(at != extras_.end());
    std::erase(at->second, &node);
    if (at->second.empty()) extras_.erase(at);
    node.extra = kNone;
}

}  // namespace scraper
