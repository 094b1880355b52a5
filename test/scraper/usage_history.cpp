// SPDX-License-Identifier: Apache-2.0
#include "test/scraper/usage_history.hpp"

#include <cmath>
#include <cstdlib>
#include <sstream>

namespace scraper {
namespace {

constexpr int kServedSeconds = 40;
constexpr std::int64_t kSecond = 1'000'000'000;

// The value of `name="value"` in a line.
std::string label(const std::string& line, const std::string& name) {
    const std::size_t begin = line.find(name + "=\"") + name.size() + 2;
    return line.substr(begin, line.find('"', begin) - begin);
}

// Of values of at most 9 decimal places and 18 digits, which are exact in 64 bits of mantissa.
std::uint64_t scaled(const std::string& value, long double scale) {
    return static_cast<std::uint64_t>(std::llroundl(std::strtold(value.c_str(), nullptr) * scale));
}

// Digit by digit, as on paper.
std::uint64_t nanocores(std::uint64_t used, std::uint64_t window) {
    std::uint64_t quotient = used / window;
    std::uint64_t rest = used % window;
    for (int digit = 0; digit < 9; ++digit) {
        rest *= 10;
        quotient = quotient * 10 + rest / window;
        rest %= window;
    }
    return quotient;
}

}  // namespace

void UsageHistory::add(int second, const std::string& page) {
    ++pages_;
    last_second_ = second;
    std::istringstream lines{page};
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind('#', 0) != 0) add_line(line);
    }
}

UsageHistory::Entry& UsageHistory::entry(Entries& entries) const {
    if (entries.empty() || entries.back().page != pages_) {
        entries.emplace_back();
        entries.back().page = pages_;
    }
    return entries.back();
}

void UsageHistory::add_line(const std::string& line) {
    const bool of_container = line.rfind("container_", 0) == 0;
    if (!of_container && line.rfind("node_", 0) != 0) return;
    const std::string name = line.substr(0, line.find_first_of("{ "));
    const std::string what = name.substr(name.find('_') + 1);
    std::istringstream numbers{line.substr(of_container ? line.find('}') + 1 : name.size())};
    std::string value;
    std::int64_t millis = 0;
    numbers >> value >> millis;

    Entries& entries =
        of_container ? pods_[label(line, "namespace") + "/" + label(line, "pod")][label(line, "container")]
                     : node_;
    if (what == "cpu_usage_seconds_total")
        entry(entries).cpu = Sample{scaled(value, 1e9L), millis * 1'000'000};
    if (what == "memory_working_set_bytes")
        entry(entries).memory = Sample{scaled(value, 1), millis * 1'000'000};
    if (what == "swap_usage_bytes") entry(entries).swap = Sample{scaled(value, 1), millis * 1'000'000};
    if (what == "start_time_seconds") entry(entries).started = static_cast<std::int64_t>(scaled(value, 1e9L));
}

// The complete entries since the last restart.
UsageHistory::Entries UsageHistory::present_life(const Entries& entries) {
    Entries life;
    for (const Entry& e : entries) {
        if (!e.cpu || !e.memory || e.cpu->value == 0 || e.memory->value == 0) continue;
        const bool restarted =
            !life.empty() && (life.back().started != e.started || life.back().cpu->value > e.cpu->value);
        if (restarted) life.clear();
        life.push_back(e);
    }
    return life;
}

std::optional<UsageHistory::Sample> UsageHistory::newest(const Entries& life,
                                                         std::optional<Sample> Entry::*figure) {
    std::optional<Sample> best;
    for (const Entry& e : life) {
        if (e.*figure && (!best || (e.*figure)->at > best->at)) best = e.*figure;
    }
    return best;
}

std::optional<UsageHistory::Usage> UsageHistory::usage(const Entries& entries) const {
    const Entries life = present_life(entries);
    if (life.empty()) return std::nullopt;
    const Sample last = *life.back().cpu;
    std::optional<Sample> before;
    for (const Entry& e : life) {
        if (e.cpu->at < last.at) before = e.cpu;
    }
    const std::int64_t started = life.back().started;
    const std::int64_t lived = last.at - started;
    if (!before && started != 0 && lived >= kSecond && lived <= kServedSeconds * kSecond)
        before = Sample{0, started};
    if (!before) return std::nullopt;

    const std::int64_t window = last.at - before->at;
    std::ostringstream text;
    text << last.at << "/" << window
         << " cpu=" << nanocores(last.value - before->value, static_cast<std::uint64_t>(window))
         << " memory=" << newest(life, &Entry::memory)->value;
    if (const auto swap = newest(life, &Entry::swap)) text << " swap=" << swap->value;
    return Usage{last.at, window, text.str()};
}

bool UsageHistory::just_born(const Entries& entries) const {
    const Entries life = present_life(entries);
    return !life.empty() && life.back().started != 0 && life.back().cpu->at - life.back().started < kSecond;
}

std::string UsageHistory::served_pod(const std::map<std::string, Entries>& containers) const {
    std::optional<Usage> earliest;
    std::string text;
    for (const auto& [name, entries] : containers) {
        const Entry& latest = entries.back();
        if (latest.page != pages_ || (!latest.cpu && !latest.memory)) continue;
        const auto used = usage(entries);
        if (!used && just_born(entries)) continue;
        if (!used) return " -\n";
        if (!earliest || used->at < earliest->at) earliest = used;
        text += "  " + name + " " + used->text + "\n";
    }
    if (!earliest) return " -\n";
    return " " + std::to_string(earliest->at) + "/" + std::to_string(earliest->window) + "\n" + text;
}

std::string UsageHistory::served(int second) const {
    const bool fresh = pages_ > 0 && second - last_second_ <= kServedSeconds;
    const auto node = usage(node_);
    std::string text = "node " + (fresh && node ? node->text : "-") + "\n";
    for (const auto& [pod, containers] : pods_) text += pod + (fresh ? served_pod(containers) : " -\n");
    return text;
}

std::vector<std::string> UsageHistory::pods() const {
    std::vector<std::string> names;
    for (const auto& [pod, containers] : pods_) names.push_back(pod);
    return names;
}

}  // namespace scraper
