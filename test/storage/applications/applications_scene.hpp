// SPDX-License-Identifier: Apache-2.0
// Applications with pods whose pages a test writes, by a clock that it sets.
#pragma once

#include "storage/applications/applications.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace storage::applications::test {

using namespace std::chrono_literals;

struct Line {
    std::string name;
    double value = 0;
    std::vector<std::pair<std::string, std::string>> labels = {};
    Type type = Type::counter;
    // Its own time; 0: none.
    Nanos at = 0;
};

struct Scene {
    explicit Scene(ApplicationsOptions options = {}) : applications{options} {
        applications.put_pod({"ns", "a"}, "uid", {});
    }

    Monotonic now() const { return Monotonic{} + 1000h + elapsed; }
    Nanos unix_now() const { return 1'795'408'000'000'000'000 + elapsed.count(); }
    void pass(std::chrono::nanoseconds time) { elapsed += time; }

    Known ask(const std::string& metric, std::vector<Requirement> series = {}, const std::string& pod = "a") {
        return applications.known(applications.ask({"ns", metric, std::move(series)}, now()), pod, now());
    }
    // A page that is asked for now.
    void page(const std::vector<Line>& lines, const std::string& pod = "a",
              const std::vector<std::string>& declared = {}) {
        auto wanted = applications.wanted({"ns", pod}, now(), unix_now());
        if (!wanted) return;
        for (const std::string& name : declared) wanted->reading.declare_counter(name);
        for (const Line& line : lines) {
            const LabelViews labels{line.labels.begin(), line.labels.end()};
            wanted->reading.sample({line.name, line.type, labels, line.value, line.at});
        }
        applications.commit({"ns", pod}, wanted->uid, std::move(wanted->reading));
    }
    void failure(const std::string& why) {
        applications.fail({"ns", "a"}, "uid", Missing::unreachable, why, now(), unix_now());
    }

    Applications applications;
    std::chrono::nanoseconds elapsed{0};
};

// "12500m", with "/15s" behind a rate; else the name of what is missing.
inline std::string shown(const Known& known) {
    static constexpr const char* kNames[] = {"nothing",     "no_room",     "not_annotated", "waiting",
                                             "unreachable", "no_family",   "no_series",     "one_page",
                                             "no_events",   "not_a_number"};
    if (!known.figure) return kNames[static_cast<std::size_t>(known.missing)];
    std::string text = std::to_string(known.figure->milli) + "m";
    const auto window = std::chrono::duration_cast<std::chrono::seconds>(known.figure->window);
    if (window.count() > 0) text += "/" + std::to_string(window.count()) + "s";
    return text;
}

}  // namespace storage::applications::test
