// SPDX-License-Identifier: Apache-2.0
// Drives a schedule on a clock of its own.
#pragma once

#include "scraper/schedule.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace scraper::test {

using Result = Schedule::Result;

inline const Schedule::Time kStart{std::chrono::hours{1000}};

inline std::string node_name(int i) {
    return "ip-10-0-" + std::to_string(i / 256) + "-" + std::to_string(i % 256) + ".ec2.internal";
}

// Drives a schedule as the scraper's loop does: from one wake-up to the next, on a clock of its own.
struct Driver {
    explicit Driver(Schedule::Duration resolution, Schedule::Time epoch = kStart)
        : schedule{resolution, kStart, epoch} {}

    struct Sent {
        std::string name;
        Schedule::Time at;
    };

    // Every scrape until `until`, each ending at once with `result`.
    std::vector<Sent> run(Schedule::Time until, Result result) {
        std::vector<Sent> sent;
        while (schedule.next() <= until) {
            now = std::max(now, schedule.next());
            for (const std::string& name : due()) {
                sent.push_back({name, now});
                schedule.done(name, result, now);
            }
        }
        now = until;
        return sent;
    }

    // One pass, nothing ends.
    std::vector<std::string> due() {
        ++wake_ups;
        std::vector<Schedule::Due> out;
        schedule.due(now, out);
        std::vector<std::string> names;
        for (const Schedule::Due& d : out) {
            schedule.sent(d.at, now);
            names.emplace_back(d.name);
        }
        return names;
    }

    Schedule schedule;
    Schedule::Time now = kStart;
    int wake_ups = 0;
};

}  // namespace scraper::test
