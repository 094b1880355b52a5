// SPDX-License-Identifier: Apache-2.0
// Takes lists and watches apart while they arrive, in any split and any encoding, with one object in memory
// at a time. After an error a reader is spent.
#pragma once

#include "net/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kube {

// The longest object, or part of one, that is collected. etcd takes 1.5 MiB.
inline constexpr std::size_t kLongestItem = 8 * 1024 * 1024;

class ListReader {
  public:
    virtual ~ListReader() = default;

    // The next item's bytes; consumes what it has used from the front of `input`. nullopt: all of `input` is
    // used and more is needed. The view holds until the next call, or until `input`'s memory goes.
    virtual net::Result<std::optional<std::string_view>> next(std::string_view& input) = 0;

    // Call it when the body has ended: Errc::cut_short unless the list was complete.
    virtual net::Result<> finish() const = 0;

    // Known when finish() is content.
    const std::string& resource_version() const { return resource_version_; }
    // Not empty: there is a further page.
    const std::string& continue_token() const { return continue_token_; }
    const std::string& kind() const { return kind_; }

  protected:
    std::string resource_version_;
    std::string continue_token_;
    std::string kind_;
};

class WatchReader {
  public:
    virtual ~WatchReader() = default;
    // The next event's bytes; as ListReader::next.
    virtual net::Result<std::optional<std::string_view>> next(std::string_view& input) = 0;
    // Call it when the body has ended: Errc::cut_short in the middle of an event.
    virtual net::Result<> finish() const = 0;
};

}  // namespace kube
