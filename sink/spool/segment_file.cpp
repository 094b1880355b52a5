// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/segment_file.hpp"

#include "files/checked.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sink::spool {
namespace {

std::error_code last_error() {
    return {errno, std::generic_category()};
}

// As many as there are; -1: errno.
ssize_t read_at(int file, char* to, std::size_t most, std::uint64_t at) {
    std::size_t got = 0;
    while (got < most) {
        const ssize_t now = ::pread(file, to + got, most - got, static_cast<off_t>(at + got));
        if (now == 0) break;
        if (now > 0) got += static_cast<std::size_t>(now);
        if (now < 0 && errno != EINTR) return -1;
    }
    return static_cast<ssize_t>(got);
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : file_{std::exchange(other.file_, -1)} {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

Descriptor::~Descriptor() {
    if (file_ >= 0) ::close(file_);
}

boost::system::result<SegmentWriter> SegmentWriter::make(const std::string& path) {
    Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file) return boost::system::error_code{errno, boost::system::generic_category()};
    SegmentWriter made{std::move(file)};
    if (const std::error_code error = made.append(segment_head(), {})) {
        ::unlink(path.c_str());
        return boost::system::error_code{error.value(), boost::system::generic_category()};
    }
    return made;
}

std::error_code SegmentWriter::append(std::string_view head, std::string_view body) {
    std::uint64_t at = size_;
    for (std::string_view left : {head, body}) {
        while (!left.empty()) {
            const ssize_t written = ::pwrite(file_.get(), left.data(), left.size(), static_cast<off_t>(at));
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return last_error();
            left.remove_prefix(static_cast<std::size_t>(written));
            at += static_cast<std::uint64_t>(written);
        }
    }
    size_ = at;
    return {};
}

std::error_code SegmentWriter::sync() {
    if (::fdatasync(file_.get()) != 0) return last_error();
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) return last_error();
    // Somebody removed it: whatever is in it is gone with us.
    if (status.st_nlink == 0) return std::make_error_code(std::errc::no_such_file_or_directory);
    return {};
}

std::error_code SegmentWriter::cut(std::uint64_t size) {
    size_ = size;
    return ::ftruncate(file_.get(), static_cast<off_t>(size)) == 0 ? std::error_code{} : last_error();
}

boost::system::result<SegmentFile> SegmentFile::open(const std::string& path) {
    const auto error = [](int number) {
        return boost::system::error_code{number, boost::system::generic_category()};
    };
    // A pipe would keep us waiting.
    Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file) return error(errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return error(errno);
    if (!S_ISREG(status.st_mode)) return error(EINVAL);
    return SegmentFile{std::move(file), static_cast<std::uint64_t>(status.st_size)};
}

SegmentReader::Read SegmentFile::reader() {
    at_ = 0;
    return [this](char* to, std::size_t most) -> std::size_t {
        const ssize_t got = read_at(file_.get(), to, most, at_);
        if (got < 0) {
            error_ = last_error();
            return 0;
        }
        at_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    };
}

boost::system::result<std::string> SegmentFile::body(const Entry& entry) const {
    const auto damaged = boost::system::errc::make_error_code(boost::system::errc::illegal_byte_sequence);
    // No memory for what is not there.
    if (entry.at + entry.bytes() > size_) return damaged;
    std::string body(entry.head.length, '\0');
    const ssize_t got = read_at(file_.get(), body.data(), body.size(), entry.at + kRecordHeadBytes);
    if (got < 0) return boost::system::error_code{errno, boost::system::generic_category()};
    if (static_cast<std::size_t>(got) != body.size() || files::checksum(body) != entry.head.checksum)
        return damaged;
    return body;
}

}  // namespace sink::spool
