// SPDX-License-Identifier: Apache-2.0
// The folder of a spool: whose it is, its segments by number, and how far it was sent. All of it blocks.
#pragma once

#include "sink/spool/segment_file.hpp"

#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace sink::spool {

class Folder {
  public:
    explicit Folder(std::string path) : path_{std::move(path)} {}

    // Makes it if it is not there, and takes it for this process; again when somebody removed it.
    // std::errc::resource_unavailable_try_again: another process has it.
    std::error_code enter();

    // Numbers of segments, ascending; an error leaves out what it hides.
    std::vector<std::uint64_t> segments(std::error_code& error) const;
    std::string segment(std::uint64_t number) const;
    // What stands there from now on.
    std::string put_aside(const std::string& file) const;
    std::error_code remove(std::uint64_t number) const;
    // What was made in it is there after a crash, too.
    std::error_code sync() const;

    // A small file: all up to this batch is done with.
    std::string done_file() const { return path_ + "/done"; }
    std::error_code write_done(Position position) const;
    struct Done {
        Position position;
        // Why it cannot be used; empty if it can, or there is none.
        std::string fault;
    };
    Done read_done() const;

    const std::string& path() const { return path_; }

  private:
    std::string lock_file() const { return path_ + "/lock"; }

    std::string path_;
    Descriptor lock_;
};

}  // namespace sink::spool
