// SPDX-License-Identifier: Apache-2.0
// The containers, pods or nodes that a selector may mean, by the keys of history: what names a namespace,
// pods or nodes never looks at the others.
#pragma once

#include "query/source/matcher.hpp"
#include "storage/history/history.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace series {

enum class Kind { container, pod, node };

// Labels are what it is called; the empty ones it has not.
struct Thing {
    std::string name_space;
    std::string pod;
    std::string container;
    std::string node;
};

// Which names are labels of the series: those of a volume are of its claim, and name no pod.
enum class Keys { all, all_but_pod };

class Subjects {
  public:
    // `matchers` and history must outlive it. Things that do not match may be among them.
    Subjects(const storage::history::History& history, Kind kind, Keys keys,
             std::span<const query::Matcher> matchers);

    // The next of them, at most some dozens; replaces `out`. It may be none although there are more: history
    // may change before the next call. False: there are no more.
    bool next(std::vector<Thing>& out);

  private:
    bool next_nodes(std::vector<Thing>& out);
    bool next_pods(std::vector<Thing>& out);
    bool next_named_pods(std::vector<Thing>& out);
    bool take(const storage::history::KnownPod& pod, std::vector<Thing>& out) const;

    const storage::history::History& history_;
    Kind kind_;
    Keys keys_;
    std::span<const query::Matcher> matchers_;
    const std::vector<std::string>* namespaces_;
    const std::vector<std::string>* pods_;
    const std::vector<std::string>* nodes_;
    // Behind which it goes on; and the place in the lists of names.
    std::string after_namespace_;
    std::string after_;
    std::size_t named_namespace_ = 0;
    std::size_t named_ = 0;
};

}  // namespace series
