// SPDX-License-Identifier: Apache-2.0
// Answers of any length, of which a part at a time is there.
#pragma once

#include "apiserver/compression/compression.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace apiserver {

// How many things are looked at before others run, and of how many the history is read: that takes some 20 us
// for a pod of two containers with an hour of it.
inline constexpr std::size_t kTurnThings = 128;
inline constexpr std::size_t kTurnSeries = 32;

// What the long answers of one API may take together for their compression.
inline constexpr std::size_t kGzipBytes = std::size_t{4} * 1024 * 1024;

class Parts {
  public:
    virtual ~Parts() = default;
    // Appends what one turn of the loop gives, possibly nothing. False: that was the last.
    virtual bool advance(std::string& out) = 0;
};

// 200; compressed if it is long, the client takes gzip and there is room.
net::Task<net::Response> answer_parts(const net::Request& request, std::string_view type,
                                      std::unique_ptr<Parts> parts, Compression& compression);

}  // namespace apiserver
