// SPDX-License-Identifier: Apache-2.0
#include "test/storage/truth/reference_model.hpp"

#include <algorithm>

namespace storage::reference {

void Model::put_node(const std::string& name, const std::string& uid, std::int64_t most) {
    const auto known = nodes_.find(name);
    if (known != nodes_.end() && !uid.empty() && !known->second.uid.empty() && known->second.uid != uid)
        remove_node(name);
    Node& node = nodes_.try_emplace(name, Node{log_.size()}).first->second;
    if (!uid.empty()) node.uid = uid;
    node.most = most;
}

void Model::remove_node(const std::string& name) {
    if (nodes_.erase(name) == 0) return;
    log_.push_back(Event{name, true});
}

void Model::put_pod(const Name& name, const std::string& uid) {
    const auto known = pods_.find(name);
    if (known != pods_.end() && !uid.empty() && !known->second.uid.empty() && known->second.uid != uid)
        pods_.erase(known);
    Pod& pod = pods_.try_emplace(name, Pod{log_.size()}).first->second;
    pod.known = true;
    if (!uid.empty()) pod.uid = uid;
}

void Model::settle(const Name& name, const std::string& uid, const std::string& node) {
    const auto pod = pods_.find(name);
    if (pod == pods_.end() || !pod->second.disputed || (!pod->second.uid.empty() && pod->second.uid != uid))
        return;
    pod->second.settled = true;
    log_.push_back(Event{node, false, name});
}

// The clock was ahead of ours by no less than Date - now, by no more than a second over Date - the request.
void Model::look_at_clock(Node& node, const Answer& answer) const {
    if (node.just_set) ++node.setting;
    node.just_set = false;
    if (answer.date == 0) return;
    if (node.dated) {
        const Answer& before = *node.dated;
        const Ms slewed = std::min<Ms>((answer.now - before.now) / 10, 2000);
        const Ms least_before = before.date - before.now;
        const Ms least = answer.date - answer.now;
        const bool back = least + 1000 + answer.took + slewed < least_before;
        const bool forward = least > least_before + 1000 + before.took + slewed;
        node.just_set = back || forward;
        if (node.just_set) node.set_at = answer.now;
        if (node.just_set) ++node.setting;
    }
    node.dated = answer;
}

Outcome Model::commit(const std::string& name, const Answer& answer, const Line& own,
                      const std::vector<Line>& lines) {
    Outcome outcome;
    const auto at = nodes_.find(name);
    if (at == nodes_.end()) return outcome;
    Node& node = at->second;
    look_at_clock(node, answer);
    std::map<Name, std::vector<Line>> by_pod;
    for (const Line& line : lines) {
        const Name pod{line.name_space, line.pod};
        if (line.name_space.empty() || line.pod.empty() || line.container.empty()) {
            ++outcome.nameless;
            continue;
        }
        if (!line.counts()) continue;
        const auto unknown =
            std::count_if(pods_.begin(), pods_.end(), [](const auto& entry) { return !entry.second.known; });
        if (pods_.count(pod) == 0 && static_cast<std::size_t>(unknown) >= options_.unknown_pods) {
            ++outcome.over_limit;
            continue;
        }
        pods_.try_emplace(pod, Pod{log_.size()}).first->second.named_at = answer.now;
        by_pod[pod].push_back(line);
    }
    const bool starts_count = !node.set_at || answer.now - *node.set_at > options_.window_bound;
    log_.push_back(Event{name, false, {}, answer, node.setting, starts_count, node.most, own, lines});
    for (const auto& [pod, rows] : by_pod) {
        const bool won = replay(pod, pods_.at(pod).since).won;
        if (!won) outcome.foreign += static_cast<std::uint32_t>(rows.size());
        if (!won && pods_.at(pod).known) pods_.at(pod).disputed = true;
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
    for (std::size_t i = nodes_.at(name).since; i < log_.size(); ++i) {
        Event event = log_[i];
        if (event.node != name || event.gone || !event.settled.first.empty()) continue;
        event.starts_count = false;
        Line line = event.own;
        line.started = 0;
        take(track, line, event);
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
        const bool just_born = summary.start != 0 && !summary.lost &&
                               summary.points.back().first < summary.start + options_.least_window;
        if (!just_born) return {};
    }
    return out;
}

Model::Told Model::replay(const Name& name, std::size_t since) const {
    Told told;
    for (std::size_t i = since; i < log_.size(); ++i) {
        const Event& event = log_[i];
        if (!event.settled.first.empty()) {
            if (event.settled != name) continue;
            if (!told.owner.empty() && !told.orphan && told.owner != event.node) told = Told{};
            told.home = event.node;
            continue;
        }
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
    const bool silent = std::all_of(told.tracks.begin(), told.tracks.end(),
                                    [&](const auto& track) { return over(track.second, event.answer.now); });
    const bool may = told.home.empty() || told.home == event.node;
    told.won = !lines.empty() && may && (own || told.owner.empty() || told.orphan || silent);
    if (told.won && !own) told = Told{event.node, false, told.home, {}, true};
    if (!told.won && !(own && lines.empty())) return;

    for (auto& [container, track] : told.tracks) {
        if (!track.present && over(track, event.answer.now)) track.taken.clear();
        if (event.answer.complete || !options_.bridge) track.present = false;
    }
    for (const Line& line : lines) {
        Track& track = told.tracks[line.container];
        track.present = true;
        take(track, line, event);
    }
}

void Model::take(Track& track, const Line& line, const Event& event) const {
    const Ms now = event.answer.now;
    if (!options_.bridge && (!line.whole() || over(track, now))) track.taken.clear();
    if (line.whole()) track.taken.push_back({line, now, event.setting, event.starts_count, event.most});
}

Model::Summary Model::summarize(const std::vector<Taken>& taken) const {
    Summary sum;
    for (const Taken& one : taken) {
        go_on(sum, one);
        sum.last_shown = one.now;
    }
    return sum;
}

// One more line that is whole.
void Model::go_on(Summary& sum, const Taken& taken) const {
    const Line& line = taken.line;
    auto& points = sum.points;
    const bool first = points.empty();
    const Ms last = first ? 0 : points.back().first;
    const bool later_start =
        !first && line.started != 0 && sum.start != 0 && line.started > sum.start && line.started >= last;
    const bool fell = !first && line.at > last && line.cpu < points.back().second;
    const bool anew = first || later_start || fell;

    const Ms window = line.at - last;
    const Ms shown = taken.now - sum.first_shown;
    const Ms went_on = sum.last_shown - sum.first_shown;
    const bool too_short = window < options_.least_window && shown > 4 * options_.least_window;
    const bool denied = window < 0 || taken.setting != sum.setting || too_short ||
                        window > shown + options_.window_bound || window + 10'000 < went_on;
    const bool same = !anew && window == 0;
    const bool waits = !anew && (same || (!denied && window < options_.least_window));
    const bool over_long = window > 3 * options_.window_bound;

    if (!anew && sum.start == 0 && line.started != 0 && !sum.clock_was_set) {
        sum.start = line.started;
        sum.start_trusted = true;
    }
    if (anew) {
        const bool old_start = line.started == 0 || line.started == sum.start;
        sum.start_trusted = taken.starts_count && (first || !old_start);
        if (!old_start) sum.start = line.started;
        points.clear();
        sum.lost = sum.clock_was_set = false;
    } else if (!waits && (denied || over_long)) {
        points.clear();
        sum.start_trusted = false;
        sum.lost = sum.clock_was_set = denied;
    } else if (!waits) {
        sum.lost = sum.clock_was_set = false;
    }
    if (!waits) {
        points.emplace_back(line.at, line.cpu);
        if (points.size() > 2) points.erase(points.begin());
        sum.first_shown = taken.now;
        sum.setting = taken.setting;
    }
    if (!waits || line.at > sum.memory_at) {
        sum.memory = line.memory;
        sum.memory_at = line.at;
    }
    if (!waits || (line.swap >= 0 && (sum.swap < 0 || line.at > sum.swap_at))) {
        sum.swap = line.swap;
        sum.swap_at = line.at;
    }
    const Ms age = points.back().first - sum.start;
    const bool fresh = age >= options_.least_window && age <= options_.window_bound;
    if (points.size() == 1 && sum.start != 0 && sum.start_trusted && fresh)
        points.insert(points.begin(), {sum.start, 0});
    if (points.size() == 2 && taken.most != 0 && used(sum).nanocores > taken.most) {
        points.erase(points.begin());
        sum.start_trusted = false;
        sum.lost = true;
        sum.clock_was_set = false;
    }
}

Used Model::used(const Summary& summary) {
    const auto [from, counted] = summary.points.front();
    const auto [to, now_counted] = summary.points.back();
    return {to, to - from, (now_counted - counted) * 1'000'000'000 / (to - from), summary.memory,
            summary.swap};
}

}  // namespace storage::reference
