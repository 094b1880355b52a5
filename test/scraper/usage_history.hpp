// SPDX-License-Identifier: Apache-2.0
// A second opinion on what topd serves: the text of all pages so far, kept whole, and the usage worked out
// from it on each question by the rules of storage/store.hpp. Nothing of the parser or the store is used.
// Slow and simple on purpose; for pages of one node whose clock does not go back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace scraper {

class UsageHistory {
  public:
    // `second`: when the page came, by our clock.
    void add(int second, const std::string& page);

    // What is served at `second`, in lines: "node <usage>" and, of each pod that any page ever named, in the
    // order of their names, "namespace/pod <time>/<window>" or "namespace/pod -", followed by "  container
    // <usage>" lines. A usage is "<time>/<window> cpu=<nanocores> memory=<bytes> swap=<bytes>"; times in
    // nanoseconds.
    std::string served(int second) const;

    // "namespace/pod" of every pod that a page named.
    std::vector<std::string> pods() const;

  private:
    // A line's value, CPU in nanoseconds, and its time in nanoseconds.
    struct Sample {
        std::uint64_t value = 0;
        std::int64_t at = 0;
    };
    // What one page said of one container or node.
    struct Entry {
        int page = 0;
        std::optional<Sample> cpu;
        std::optional<Sample> memory;
        std::optional<Sample> swap;
        std::int64_t started = 0;
    };
    using Entries = std::vector<Entry>;
    struct Usage {
        std::int64_t at = 0;
        std::int64_t window = 0;
        std::string text;
    };

    void add_line(const std::string& line);
    Entry& entry(Entries& entries) const;
    static Entries present_life(const Entries& entries);
    static std::optional<Sample> newest(const Entries& life, std::optional<Sample> Entry::*figure);
    std::optional<Usage> usage(const Entries& entries) const;
    bool just_born(const Entries& entries) const;
    std::string served_pod(const std::map<std::string, Entries>& containers) const;

    int pages_ = 0;
    int last_second_ = 0;
    Entries node_;
    std::map<std::string, std::map<std::string, Entries>> pods_;
};

}  // namespace scraper
