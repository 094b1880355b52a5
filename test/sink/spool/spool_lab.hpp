// SPDX-License-Identifier: Apache-2.0
// Spools in a folder of a test's own, and batches that can be told from each other.
#pragma once

#include "sink/spool/spool.hpp"
#include "test/topd/file_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sink::spool {

inline constexpr std::uint32_t kPoints = 7;

// What is nowhere else: a batch that comes back with it is that one.
inline std::string body_of(Seconds tick, std::uint32_t number, std::size_t size) {
    std::string body = std::to_string(tick) + "/" + std::to_string(number) + " ";
    while (body.size() < size) body += static_cast<char>(body.size() * 31 + static_cast<std::size_t>(tick));
    body.resize(size);
    return body;
}

inline Batch batch(Seconds tick, std::uint32_t number, bool last, std::size_t size = 20) {
    return {tick, number, last, kPoints, body_of(tick, number, size)};
}

inline void push_tick(Spool& spool, Seconds tick, std::uint32_t batches = 2, std::size_t size = 20) {
    for (std::uint32_t number = 0; number < batches; ++number)
        spool.push(batch(tick, number, number + 1 == batches, size));
}

inline std::string name_of(const Batch& batch) {
    return std::to_string(batch.tick) + "/" + std::to_string(batch.number);
}

// "15/0 15/1 30/0": all that is to be sent, sent. A body that is not what was pushed is "broken".
inline std::string drain(Spool& spool) {
    std::string all;
    while (const std::optional<Batch> front = spool.front()) {
        const bool is_right = front->body == body_of(front->tick, front->number, front->body.size());
        all += (all.empty() ? "" : " ") + (is_right ? name_of(*front) : "broken");
        spool.pop();
    }
    return all;
}

struct SpoolLab {
    test::FileTree files;

    std::string folder() const { return files.root() + "/spool/influxdb"; }
    SpoolOptions options() const {
        SpoolOptions options;
        options.folder = folder();
        // By number only: no test depends on the time.
        options.done_every = std::chrono::hours{1000};
        return options;
    }
    // Names of files, sorted.
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& each : std::filesystem::directory_iterator{folder()})
            names.push_back(each.path().filename().native());
        std::sort(names.begin(), names.end());
        return names;
    }
    std::vector<std::string> segments() const {
        std::vector<std::string> segments;
        for (const std::string& name : names())
            if (name.ends_with(".segment")) segments.push_back(name);
        return segments;
    }
    std::string read(const std::string& name) const {
        std::ifstream file{folder() + "/" + name, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories(folder());
        std::ofstream{folder() + "/" + name, std::ios::binary | std::ios::trunc} << text;
    }
    // As if nothing had been.
    void clear() const { std::filesystem::remove_all(folder()); }
};

}  // namespace sink::spool
