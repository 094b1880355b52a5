// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/cgroup.hpp"

#include "files/read.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <utility>

namespace topd {
namespace {

// Version 1 says "no limit" with the largest number of whole pages.
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 60;
constexpr std::size_t kDeepest = 64;

std::string text_of(const std::string& path) {
    auto text = files::read(path);
    return text ? std::move(*text) : std::string{};
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> out;
    for (std::string word; in >> word;) out.push_back(std::move(word));
    return out;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

template <class Number>
std::optional<Number> number_in(const std::string& path) {
    const std::vector<std::string> found = words(text_of(path));
    return found.size() == 1 ? number<Number>(found.front()) : std::nullopt;
}

bool lists(std::string_view comma_separated, std::string_view item) {
    while (!comma_separated.empty()) {
        const std::size_t comma = comma_separated.find(',');
        if (comma_separated.substr(0, comma) == item) return true;
        if (comma == std::string_view::npos) return false;
        comma_separated.remove_prefix(comma + 1);
    }
    return false;
}

// A mounted hierarchy: the group `root` of it is seen at `point`.
struct Mount {
    std::string root;
    std::string point;
    std::string type;
    std::string options;
};

// proc(5): "36 35 98:0 /root /point rw,noatime shared:1 - type source options".
std::vector<Mount> mounts(const std::string& text) {
    std::vector<Mount> found;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) {
        const std::vector<std::string> fields = words(line);
        const auto dash = std::find(fields.begin(), fields.end(), "-");
        if (fields.size() < 6 || fields.end() - dash < 4) continue;
        if (!dash[1].starts_with("cgroup")) continue;
        found.push_back({fields[3], fields[4], dash[1], dash[3]});
    }
    return found;
}

// The path of the process's group within the hierarchy; nullopt: it is in none. proc/self/cgroup has lines
// "number:controllers:path", without controllers for version 2.
std::optional<std::string> own_group(const std::string& text, std::string_view controller) {
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string_view controllers = std::string_view{line}.substr(first + 1, second - first - 1);
        if (controller.empty() ? controllers.empty() : lists(controllers, controller))
            return line.substr(second + 1);
    }
    return std::nullopt;
}

// Where the group is seen below the mount's point, "" or "/a/b". A container may see its own group as the
// point while its path is that of the host.
std::string below(const Mount& mount, const std::string& group) {
    // Outside of what this process's namespace shows.
    if (group.find("/..") != std::string::npos) return "";
    if (mount.root == "/") return group == "/" ? "" : group;
    const bool inside = group.starts_with(mount.root) &&
                        (group.size() == mount.root.size() || group[mount.root.size()] == '/');
    return inside ? group.substr(mount.root.size()) : "";
}

}  // namespace

Cgroup::Cgroup(std::string root) : root_{std::move(root)}, memory_{find("memory")}, cpu_{find("cpu")} {}

Cgroup::Groups Cgroup::find(std::string_view controller) const {
    const std::string groups = text_of(root_ + "/proc/self/cgroup");
    const std::vector<Mount> all = mounts(text_of(root_ + "/proc/self/mountinfo"));
    const auto v1 = own_group(groups, controller);
    const auto group = v1 ? v1 : own_group(groups, "");
    const auto mount = std::find_if(all.begin(), all.end(), [&](const Mount& m) {
        return v1 ? m.type == "cgroup" && lists(m.options, controller) : m.type == "cgroup2";
    });
    Groups found;
    if (!group || mount == all.end()) return found;
    found.version = v1 ? Version::v1 : Version::v2;
    const std::string point = root_ + mount->point;
    std::string path = below(*mount, *group);
    std::error_code ignored;
    if (!std::filesystem::is_directory(point + path, ignored)) path.clear();
    for (; !path.empty() && found.paths.size() < kDeepest; path.resize(path.rfind('/')))
        found.paths.push_back(point + path);
    found.paths.push_back(point);
    return found;
}

std::optional<std::uint64_t> Cgroup::memory_limit(const std::string& group) const {
    const bool v1 = memory_.version == Version::v1;
    const auto bytes = number_in<std::uint64_t>(group + (v1 ? "/memory.limit_in_bytes" : "/memory.max"));
    return bytes && *bytes < kNoLimit ? bytes : std::nullopt;
}

std::optional<double> Cgroup::cpu_limit(const std::string& group) const {
    std::optional<std::int64_t> quota;
    std::optional<std::int64_t> period;
    if (cpu_.version == Version::v1) {
        quota = number_in<std::int64_t>(group + "/cpu.cfs_quota_us");
        period = number_in<std::int64_t>(group + "/cpu.cfs_period_us");
    } else {
        const std::vector<std::string> both = words(text_of(group + "/cpu.max"));
        if (both.size() == 2) {
            quota = number<std::int64_t>(both[0]);
            period = number<std::int64_t>(both[1]);
        }
    }
    if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
    return static_cast<double>(*quota) / static_cast<double>(*period);
}

CgroupLimits Cgroup::limits() const {
    CgroupLimits limits;
    for (const std::string& group : memory_.paths)
        if (const auto bytes = memory_limit(group))
            limits.memory_bytes = std::min(*bytes, limits.memory_bytes.value_or(*bytes));
    for (const std::string& group : cpu_.paths)
        if (const auto cpus = cpu_limit(group)) limits.cpus = std::min(*cpus, limits.cpus.value_or(*cpus));
    return limits;
}

std::optional<Throttling> Cgroup::throttling() const {
    const auto tightest = limits().cpus;
    if (!tightest) return std::nullopt;
    const auto group = std::find_if(cpu_.paths.begin(), cpu_.paths.end(),
                                    [&](const std::string& path) { return cpu_limit(path) == tightest; });
    if (group == cpu_.paths.end()) return std::nullopt;
    const std::vector<std::string> stat = words(text_of(*group + "/cpu.stat"));
    Throttling found;
    bool told = false;
    for (std::size_t i = 0; i + 1 < stat.size(); i += 2) {
        const auto value = number<std::int64_t>(stat[i + 1]);
        if (!value || *value < 0) continue;
        if (stat[i] == "nr_throttled") found.periods = static_cast<std::uint64_t>(*value);
        if (stat[i] == "throttled_usec") found.time = std::chrono::microseconds{*value};
        if (stat[i] == "throttled_time") found.time = std::chrono::nanoseconds{*value};
        told = told || stat[i].starts_with("throttled_");
    }
    if (!told) return std::nullopt;
    return found;
}

}  // namespace topd
