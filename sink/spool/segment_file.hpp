// SPDX-License-Identifier: Apache-2.0
// Segments on the disk. All of it blocks.
#pragma once

#include "sink/spool/ticks.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <boost/system/result.hpp>

namespace sink::spool {

// A descriptor that is closed.
class Descriptor {
  public:
    explicit Descriptor(int file = -1) : file_{file} {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int get() const { return file_; }
    explicit operator bool() const { return file_ >= 0; }

  private:
    int file_;
};

// A segment that is being written.
class SegmentWriter {
  public:
    // Makes the file, which must not be there, with its head.
    static boost::system::result<SegmentWriter> make(const std::string& path);

    // Behind what is there. After an error nothing was added, as far as the next append() goes.
    std::error_code append(std::string_view head, std::string_view body);
    // What was added is on the disk then. An error too if the file is no longer in any folder.
    std::error_code sync();
    // Lets go of what is behind.
    std::error_code cut(std::uint64_t size);
    std::uint64_t size() const { return size_; }

  private:
    explicit SegmentWriter(Descriptor file) : file_{std::move(file)} {}

    Descriptor file_;
    std::uint64_t size_ = 0;
};

// A segment to read. A pipe or a folder is none.
class SegmentFile {
  public:
    static boost::system::result<SegmentFile> open(const std::string& path);

    std::uint64_t size() const { return size_; }
    // From its beginning; an error ends it, and is found in error(). It outlives what it gives.
    SegmentReader::Read reader();
    std::error_code error() const { return error_; }
    // The body, checked against the entry. std::errc::illegal_byte_sequence: it is not what was written.
    boost::system::result<std::string> body(const Entry& entry) const;

  private:
    SegmentFile(Descriptor file, std::uint64_t size) : file_{std::move(file)}, size_{size} {}

    Descriptor file_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
    std::error_code error_;
};

}  // namespace sink::spool
