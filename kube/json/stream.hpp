// SPDX-License-Identifier: Apache-2.0
// Lists and watches in JSON: {"kind":...,"metadata":{...},"items":[...]}, and one event after the other.
#pragma once

#include "kube/json/object_splitter.hpp"
#include "kube/wire/stream_reader.hpp"

namespace kube {

class JsonListReader final : public ListReader {
  public:
    explicit JsonListReader(std::size_t longest_item = kLongestItem)
        : splitter_{{"kind", "metadata"}, "items", longest_item} {}

    net::Result<std::optional<std::string_view>> next(std::string_view& input) override;
    net::Result<> finish() const override { return splitter_.finish(); }

  private:
    net::Result<> take(const ObjectSplitter::Part& part);

    ObjectSplitter splitter_;
};

class JsonWatchReader final : public WatchReader {
  public:
    explicit JsonWatchReader(std::size_t longest_event = kLongestItem) : event_{longest_event} {}

    net::Result<std::optional<std::string_view>> next(std::string_view& input) override;
    net::Result<> finish() const override;

  private:
    bool in_event_ = false;
    ValueReader event_;
};

}  // namespace kube
