// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/demands.hpp"

#include <set>
#include <utility>

namespace storage::applications {
namespace {

// The same for the same demands alone: each text stands behind its length.
std::string key_of(const Demand& demand) {
    std::string key;
    const auto add = [&key](std::string_view text) {
        key.append(std::to_string(text.size())).append(":").append(text);
    };
    add(demand.name_space);
    add(demand.metric);
    for (const Requirement& each : demand.series) {
        key += static_cast<char>('a' + static_cast<int>(each.op));
        add(each.label);
        key.append(std::to_string(each.values.size()));
        for (const std::string& value : each.values) add(value);
    }
    return key;
}

}  // namespace

Asked Demands::ask(const Demand& demand, Monotonic now) {
    std::string key = key_of(demand);
    if (const auto known = ids_.find(key); known != ids_.end()) {
        Kept& kept = by_id_.find(known->second)->second;
        kept.last = now;
        return {known->second, Refused::nothing, now - kept.first};
    }
    if (by_id_.size() >= options_.demands) return {0, Refused::demands, {}};
    if (demand.metric.size() > options_.metric_bytes || bytes_ >= options_.bytes)
        return {0, Refused::bytes, {}};
    const auto known_namespace = of_namespace_.find(demand.name_space);
    if (known_namespace != of_namespace_.end()) {
        const OfNamespace& has = known_namespace->second;
        if (has.demands >= options_.demands_of_namespace) return {0, Refused::demands_of_namespace, {}};
        if (has.bytes >= options_.bytes / kNamespacesPart) return {0, Refused::bytes, {}};
    }
    const std::uint32_t id = ++last_id_;
    const auto kept = by_id_.emplace(id, Kept{std::make_shared<const Rule>(demand), now, now, false}).first;
    const std::size_t bytes = bytes_of(kept->second);
    bytes_ += bytes;
    OfNamespace& of_namespace = of_namespace_[demand.name_space];
    ++of_namespace.demands;
    of_namespace.bytes += bytes;
    ids_.emplace(std::move(key), id);
    return {id, Refused::nothing, {}};
}

void Demands::found(std::uint32_t id) {
    if (const auto known = by_id_.find(id); known != by_id_.end()) known->second.found = true;
}

const Rule* Demands::rule(std::uint32_t id) const {
    const auto known = by_id_.find(id);
    return known == by_id_.end() ? nullptr : known->second.rule.get();
}

std::shared_ptr<const Rule> Demands::shared_rule(std::uint32_t id) const {
    const auto known = by_id_.find(id);
    return known == by_id_.end() ? nullptr : known->second.rule;
}

std::chrono::nanoseconds Demands::since(std::uint32_t id, Monotonic now) const {
    const auto known = by_id_.find(id);
    return known == by_id_.end() ? std::chrono::nanoseconds{0} : now - known->second.first;
}

std::size_t Demands::bytes(std::string_view name_space) const {
    const auto known = of_namespace_.find(name_space);
    return known == of_namespace_.end() ? 0 : known->second.bytes;
}

// Its key holds what the rule does, about once more.
std::size_t Demands::bytes_of(const Kept& kept) {
    return sizeof kept + 2 * kept.rule->bytes();
}

std::vector<std::string> Demands::metric_names() const {
    std::set<std::string> names{std::string{kUp}};
    for (const auto& [id, kept] : by_id_)
        if (kept.found) names.insert(kept.rule->demand.metric);
    return {names.begin(), names.end()};
}

void Demands::expire(Monotonic oldest) {
    std::erase_if(by_id_, [&](const auto& entry) {
        const Kept& kept = entry.second;
        if (kept.last >= oldest) return false;
        const Demand& demand = kept.rule->demand;
        ids_.erase(key_of(demand));
        const std::size_t bytes = bytes_of(kept);
        bytes_ -= bytes;
        const auto of_namespace = of_namespace_.find(demand.name_space);
        of_namespace->second.bytes -= bytes;
        if (--of_namespace->second.demands == 0) of_namespace_.erase(of_namespace);
        return true;
    });
}

}  // namespace storage::applications
