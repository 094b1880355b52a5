// SPDX-License-Identifier: Apache-2.0
// The store's rules told a second time, slowly: nothing but the log of what happened is kept, and every
// question replays it from where the pod appeared. Times are milliseconds, counters CPU milliseconds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace storage::reference {

using Ms = std::int64_t;
using Name = std::pair<std::string, std::string>;

// -1: the line is missing.
struct Line {
    std::string name_space, pod, container;
    Ms at = 0;
    Ms cpu = -1;
    Ms memory = -1;
    Ms swap = -1;
    Ms started = 0;

    bool counts() const { return cpu > 0 || memory > 0; }
    bool whole() const { return cpu > 0 && memory > 0; }
};

struct Used {
    Ms at = 0;
    Ms window = 0;
    std::int64_t nanocores = 0;
    Ms memory = 0;
    Ms swap = -1;
    bool operator==(const Used&) const = default;
};

// An answer of a kubelet, but for its lines.
struct Answer {
    bool complete = true;
    Ms now = 0;
    // 0: none.
    Ms date = 0;
    Ms took = 0;
};

struct Outcome {
    std::uint32_t containers = 0, foreign = 0, over_limit = 0, nameless = 0;
    bool operator==(const Outcome&) const = default;
};

struct Options {
    Ms window_bound = 40'000;
    Ms least_window = 1500;
    bool bridge = true;
    std::size_t unknown_pods = 4;
    Ms unknown_age = 30'000;
};

class Model {
  public:
    explicit Model(Options options)
        : options_{options}, bound_{options.bridge ? options.window_bound : options.window_bound / 2} {}

    // uid empty: unknown. most: nanocores, 0: unbounded.
    void put_node(const std::string& name, const std::string& uid, std::int64_t most);
    void remove_node(const std::string& name);
    void put_pod(const Name& name, const std::string& uid);
    void remove_pod(const Name& name) { pods_.erase(name); }
    // The API server says that the pod of this uid is on the node.
    void settle(const Name& name, const std::string& uid, const std::string& node);
    // Whether two nodes have shown it since it appeared, and nothing is settled.
    bool disputed(const Name& name) const { return pods_.count(name) != 0 && pods_.at(name).disputed; }
    Outcome commit(const std::string& node, const Answer& answer, const Line& own,
                   const std::vector<Line>& lines);
    void expire(Ms now);

    std::set<std::string> nodes() const;
    std::set<Name> pods() const;
    std::optional<Used> node(const std::string& name, Ms now) const;
    std::map<std::string, Used> pod(const Name& name, Ms now) const;

  private:
    // A page, the end of a node when `gone`, or what was settled of a pod.
    struct Event {
        std::string node;
        bool gone = false;
        Name settled{};
        Answer answer{};
        // Of the node's clock.
        int setting = 0;
        bool starts_count = true;
        std::int64_t most = 0;
        Line own{};
        std::vector<Line> lines{};
    };
    struct Node {
        // The log's length when it appeared.
        std::size_t since = 0;
        std::string uid{};
        std::int64_t most = 0;
        // Of its clock.
        int setting = 0;
        bool just_set = false;
        std::optional<Ms> set_at{};
        std::optional<Answer> dated{};
    };
    struct Pod {
        // The log's length when it appeared.
        std::size_t since = 0;
        bool known = false;
        Ms named_at = 0;
        std::string uid{};
        bool disputed = false;
        bool settled = false;
    };
    struct Taken {
        Line line;
        Ms now;
        int setting;
        bool starts_count;
        std::int64_t most;
    };
    // The whole lines of one container since its state began, and whether it is there.
    struct Track {
        std::vector<Taken> taken;
        bool present = false;
    };
    struct Told {
        std::string owner;
        bool orphan = false;
        // As settled; empty: not.
        std::string home{};
        std::map<std::string, Track> tracks;
        // Of the log's last event.
        bool won = false;
    };
    struct Summary {
        std::vector<std::pair<Ms, Ms>> points;
        Ms memory = 0, memory_at = 0, swap = -1, swap_at = 0, start = 0;
        bool start_trusted = true;
        bool lost = false, clock_was_set = false;
        // When the last point was first shown, and when any line last was.
        Ms first_shown = 0, last_shown = 0;
        int setting = 0;
    };

    Told replay(const Name& name, std::size_t since) const;
    void replay_page(Told& told, const Event& event, const std::vector<Line>& lines) const;
    void look_at_clock(Node& node, const Answer& answer) const;
    void take(Track& track, const Line& line, const Event& event) const;
    bool over(const Track& track, Ms now) const {
        return track.taken.empty() || now - track.taken.back().now > bound_;
    }
    Summary summarize(const std::vector<Taken>& taken) const;
    void go_on(Summary& sum, const Taken& taken) const;
    static Used used(const Summary& summary);

    Options options_;
    Ms bound_;
    std::vector<Event> log_;
    std::map<std::string, Node> nodes_;
    std::map<Name, Pod> pods_;
};

}  // namespace storage::reference
