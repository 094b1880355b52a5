// SPDX-License-Identifier: Apache-2.0
#include "test/storage/reference_model.hpp"

#include <algorithm>

namespace storage::reference {

void Model::remove_node(const std::string& name) {
    if (nodes_.erase(name) == 0) return;
    Event event;
    event.node = name;
    event.gone = true;
    log_.push_back(event);
}

void Model::put_pod(const Name& name) {
    pods_.try_emplace(name, Pod{log_.size(), true, 0}).first->second.known = true;
}

Outcome Model::commit(const std::string& node, bool complete, const Line& own, const std::vector<Line>& lines,
                      Ms now) {
    Outcome outcome;
    if (nodes_.count(node) == 0) return outcome;
    std::map<Name, std::vector<Line>> by_pod;
    for (const Line& line : lines) {
        const Name name{line.name_space, line.pod};
        if (line.name_space.empty() || line.pod.empty() || line.container.empty()) {
            ++outcome.nameless;
            continue;
        }
        if (!line.counts()) continue;
        const auto unknown =
            std::count_if(pods_.begin(), pods_.end(), [](const auto& pod) { return !pod.second.known; });
        if (pods_.count(name) == 0 && static_cast<std::size_t>(unknown) >= options_.unknown_pods) {
            ++outcome.over_limit;
            continue;
        }
        pods_.try_emplace(name, Pod{log_.size(), false, now}).first->second.named_at = now;
        by_pod[name].push_back(line);
    }
    log_.push_back(Event{node, false, complete, now, own, lines});
    for (const auto& [name, rows] : by_pod) {
        const bool won = replay(name, pods_.at(name).since).won;
        if (!won) outcome.foreign += static_cast<std::uint32_t>(rows.size());
        if (!won) continue;
        outcome.containers += static_cast<std::uint32_t>(
            std::count_if(rows.begin(), rows.end(), [](const Line& line) { return line.whole(); }));
    }
    return outcome;
}

void Model::expire(Ms now) {
    std::erase_if(pods_, [&](const auto& pod) {
        return !pod.second.known && now - pod.second.named_at > options_.unknown_age;
    });
}

std::set<std::string> Model::nodes() const {
    std::set<std::string> names;
    for (const auto& node : nodes_) names.insert(node.first);
    return names;
}

std::set<Name> Model::pods() const {
    std::set<Name> names;
    for (const auto& [name, pod] : pods_) {
        if (pod.known) names.insert(name);
    }
    return names;
}

std::optional<Used> Model::node(const std::string& name, Ms now) const {
    Track track;
    for (std::size_t i = nodes_.at(name); i < log_.size(); ++i) {
        const Event& event = log_[i];
        if (event.node != name || event.gone) continue;
        Line line = event.own;
        line.started = 0;
        take(track, line, event.now);
    }
    if (over(track, now)) return std::nullopt;
    const Summary summary = summarize(track.taken);
    if (summary.points.size() < 2) return std::nullopt;
    return used(summary);
}

std::map<std::string, Used> Model::pod(const Name& name, Ms now) const {
    std::map<std::string, Used> out;
    for (const auto& [container, track] : replay(name, pods_.at(name).since).tracks) {
        if (!track.present) continue;
        if (over(track, now)) return {};
        const Summary summary = summarize(track.taken);
        if (summary.points.size() == 2) {
            out[container] = used(summary);
            continue;
        }
        const bool just_born = summary.start != 0 && summary.points.back().first < summary.start + 1000;
        if (!just_born) return {};
    }
    return out;
}

Model::Told Model::replay(const Name& name, std::size_t since) const {
    Told told;
    for (std::size_t i = since; i < log_.size(); ++i) {
        const Event& event = log_[i];
        if (event.gone) {
            if (told.owner == event.node) told.orphan = true;
            continue;
        }
        std::vector<Line> mine;
        for (const Line& line : event.lines) {
            const bool named = !line.container.empty() && Name{line.name_space, line.pod} == name;
            if (named && line.counts()) mine.push_back(line);
        }
        replay_page(told, event, mine);
    }
    return told;
}

void Model::replay_page(Told& told, const Event& event, const std::vector<Line>& lines) const {
    const bool own = told.owner == event.node && !told.orphan;
    const bool free = told.owner.empty() || told.orphan;
    told.won = !lines.empty() && (own || free || outbids(told, event, lines));
    if (told.won && !own) told = Told{event.node, false, {}, true};
    if (!told.won && !(own && lines.empty())) return;

    for (auto& [container, track] : told.tracks) {
        if (!track.present && over(track, event.now)) track.taken.clear();
        if (event.complete || !options_.bridge) track.present = false;
    }
    for (const Line& line : lines) {
        Track& track = told.tracks[line.container];
        track.present = true;
        take(track, line, event.now);
    }
}

bool Model::outbids(const Told& told, const Event& event, const std::vector<Line>& lines) const {
    using Bid = std::pair<Ms, Ms>;
    std::optional<Bid> held;
    for (const auto& [container, track] : told.tracks) {
        if (over(track, event.now)) continue;
        const Summary summary = summarize(track.taken);
        held = Bid{std::max(held.value_or(Bid{}).first, summary.start),
                   std::max(held.value_or(Bid{}).second, summary.points.back().first)};
    }
    std::optional<Bid> bid;
    for (const Line& line : lines) {
        if (!line.whole()) continue;
        bid = Bid{std::max(bid.value_or(Bid{}).first, line.started),
                  std::max(bid.value_or(Bid{}).second, line.at)};
    }
    // Nothing is less than any bid.
    return bid > held;
}

void Model::take(Track& track, const Line& line, Ms now) const {
    if (!options_.bridge && (!line.whole() || over(track, now))) track.taken.clear();
    if (line.whole()) track.taken.push_back({line, now});
}

Model::Summary Model::summarize(const std::vector<Taken>& taken) const {
    Summary sum;
    auto& points = sum.points;
    for (const auto& [line, now] : taken) {
        const bool first = points.empty();
        const bool later_start = line.started != 0 && sum.start != 0 && line.started > sum.start &&
                                 line.started >= points.back().first;
        const bool fell = !first && line.at > points.back().first && line.cpu < points.back().second;
        const bool anew = first || later_start || fell;
        const bool repeats = !first && !later_start && line.at == points.back().first;
        if (anew) points.clear();
        if (fell && (line.started == 0 || line.started == sum.start)) sum.start_trusted = false;
        if (line.started != 0 && line.started != sum.start && (anew || sum.start == 0)) {
            sum.start = line.started;
            sum.start_trusted = true;
        }
        if (!repeats) {
            // What a backward clock overtook goes.
            if (!anew && line.at < points.back().first) {
                points.pop_back();
                std::erase_if(points, [&line = line](const auto& point) {
                    return point.first >= line.at || point.second > line.cpu;
                });
            }
            points.emplace_back(line.at, line.cpu);
            if (points.size() > 2) points.erase(points.begin());
        }
        if (!repeats || line.at > sum.memory_at) {
            sum.memory = line.memory;
            sum.memory_at = line.at;
        }
        if (!repeats || (line.swap >= 0 && sum.swap < 0)) sum.swap = line.swap;
        const Ms age = line.at - sum.start;
        const bool fresh = age >= 1000 && age <= options_.window_bound;
        if (points.size() == 1 && sum.start != 0 && sum.start_trusted && fresh) {
            points.insert(points.begin(), {sum.start, 0});
        }
    }
    return sum;
}

Used Model::used(const Summary& summary) {
    const auto [from, counted] = summary.points.front();
    const auto [to, now_counted] = summary.points.back();
    return {to, to - from, (now_counted - counted) * 1'000'000'000 / (to - from), summary.memory,
            summary.swap};
}

}  // namespace storage::reference
