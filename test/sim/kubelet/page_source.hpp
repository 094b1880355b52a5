// SPDX-License-Identifier: Apache-2.0
// Bodies as kubelets send them, good and bad.
#pragma once

#include "net/http/message.hpp"

#include <cstdint>
#include <string>

namespace sim {

// A text in pieces of `piece` bytes (0: whole). With `cut_after` less than the text the connection is cut
// there.
class PageSource final : public net::BodySource {
  public:
    PageSource(std::string text, std::size_t piece, std::size_t cut_after = SIZE_MAX);
    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    std::string text_;
    std::size_t piece_;
    std::size_t cut_after_;
    std::size_t sent_ = 0;
};

// The line over and over; for ever when `bytes` is 0.
class EndlessSource final : public net::BodySource {
  public:
    EndlessSource(const std::string& line, std::uint64_t bytes);
    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    std::string piece_;
    std::uint64_t bytes_;
    std::uint64_t sent_ = 0;
};

}  // namespace sim
