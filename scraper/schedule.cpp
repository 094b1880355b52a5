// SPDX-License-Identifier: Apache-2.0
#include "scraper/schedule.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

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
    : resolution_{resolution},
      tick_length_{std::max(resolution / (static_cast<std::int64_t>(slot_count(resolution)) * kTicksPerSlot),
                            Duration{1})},
      epoch_{std::min(epoch, now)},
      dealt_{tick_of(now)},
      slots_(slot_count(resolution)) {}

const std::vector<Schedule::Node*>* Schedule::slot_at(Tick tick) const {
    if (tick % kTicksPerSlot != 0) return nullptr;
    return &slots_[static_cast<std::size_t>(tick / kTicksPerSlot) % slots_.size()];
}

Schedule::Tick Schedule::tick_with_room(Tick tick) const {
    for (auto at = extras_.lower_bound(tick);
         at != extras_.end() && at->first == tick && at->second.size() >= kFirstPerTick; ++at)
        ++tick;
    return tick;
}

void Schedule::add(std::string_view name, Time now) {
    const auto [at, added] = nodes_.try_emplace(std::string{name});
    if (!added) return;
    Node& node = at->second;
    node.name = at->first;
    node.slot = slot_of(name);
    node.index = slots_[node.slot].size();
    slots_[node.slot].push_back(&node);
    set_extra(node, tick_with_room(std::max(tick_of(now), dealt_) + 1));
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
    // After a stall of more than a round each slot is dealt with once.
    const std::size_t before = out.size();
    for (Tick tick = std::max(dealt_ + 1, present - ticks() + 1); tick <= present; ++tick) {
        const std::vector<Node*>* slot = slot_at(tick);
        if (slot == nullptr) continue;
        for (Node* node : *slot)
            if (!node->starting && now >= node->not_before) take(*node, tick, out);
    }
    const double most = std::max(kSavedAtLeast, static_cast<double>(nodes_.size()) * kEarned);
    saved_ = std::min(most, saved_ + static_cast<double>(out.size() - before) * kEarned);
    while (!extras_.empty() && extras_.begin()->first <= present) {
        Node& node = *extras_.begin()->second.back();
        const Tick tick = node.extra;
        clear_extra(node);
        if (!node.running) take(node, tick, out);
    }
    dealt_ = std::max(dealt_, present);
}

void Schedule::take(Node& node, Tick tick, std::vector<Due>& out) {
    if (node.running) {
        ++counts_.skipped;
        return;
    }
    node.running = true;
    out.push_back({node.name, time_of(tick)});
}

void Schedule::sent(Time at, Time now) {
    const Duration delay = now - at;
    if (delay > kLate) ++counts_.late;
    counts_.worst = std::max(counts_.worst, delay);
}

void Schedule::done(std::string_view name, Result result, Time now, Duration to_next_sample) {
    const auto at = nodes_.find(name);
    if (at == nodes_.end()) return;
    Node& node = at->second;
    node.running = false;
    // A node that only failed so far begins anew with its first page.
    if (result == Result::page && node.pages == 0) node.starting = true;
    if (node.starting) go_on_starting(node, result, now, to_next_sample);
    if (result == Result::usage || result == Result::young) {
        node.pages = kStartPages;
        clear_extra(node);
    }
    if (result == Result::young) come_back_soon(node, now);
    if (result == Result::unsupported) node.not_before = now + kUnsupportedPause;
}

void Schedule::go_on_starting(Node& node, Result result, Time now, Duration to_next_sample) {
    const auto tick_in = [&](Duration wait) { return tick_of(now + std::min(wait, resolution_)) + 1; };
    if (result == Result::failed && node.pages == 0 && !std::exchange(node.asked_again, true))
        return set_extra(node, tick_with_room(tick_in(kSoon)));
    if (result != Result::page || ++node.pages >= kStartPages) return end_start(node, now);
    const bool first = node.pages == 1;
    set_extra(node, tick_in(first ? std::clamp<Duration>(to_next_sample, kSoonest, kSampleApart) : kSoon));
}

void Schedule::end_start(Node& node, Time now) {
    node.starting = false;
    node.not_before = now + resolution_ / 3;
}

Schedule::Tick Schedule::regular_tick(const Node& node, Tick tick) const {
    const Tick place = static_cast<Tick>(node.slot) * kTicksPerSlot;
    return tick + (place - tick % ticks() + ticks()) % ticks();
}

Schedule::Time Schedule::next_of(std::string_view name, Time now) const {
    const Node& node = nodes_.find(name)->second;
    if (node.starting && node.extra != kNone) return time_of(node.extra);
    const Tick regular = next_regular(node, now);
    return time_of(node.extra == kNone ? regular : std::min(node.extra, regular));
}

Schedule::Tick Schedule::next_regular(const Node& node, Time now) const {
    Tick after = std::max(tick_of(now), dealt_) + 1;
    if (node.not_before > now) after = std::max(after, tick_of(node.not_before - Duration{1}) + 1);
    return regular_tick(node, after);
}

void Schedule::come_back_soon(Node& node, Time now) {
    const Tick wanted = tick_of(now + kSoon) + 1;
    const bool regular_is_near = next_regular(node, now) <= tick_of(now + kSoon + kSoon / 2);
    if (regular_is_near || saved_ < 1) return;
    saved_ -= 1;
    ++counts_.extra;
    set_extra(node, wanted);
}

Schedule::Time Schedule::next() const {
    if (nodes_.empty()) return Time::max();
    Tick tick = dealt_ + 1;
    for (const std::vector<Node*>* slot = slot_at(tick); slot == nullptr || slot->empty();)
        slot = slot_at(++tick);
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
