// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/folder.hpp"

#include "files/read.hpp"
#include "files/replace.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sink::spool {
namespace {

constexpr std::string_view kSuffix = ".segment";
constexpr std::size_t kDigits = 16;

std::error_code from_errno() {
    return {errno, std::generic_category()};
}

std::optional<std::uint64_t> number_of(std::string_view name) {
    if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
    const char* const end = name.data() + kDigits;
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(name.data(), end, number);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return number;
}

// Whether the file that is open is the one of that name.
bool is_in_place(int file, const std::string& path) {
    struct stat open {
    }, there{};
    return ::fstat(file, &open) == 0 && ::stat(path.c_str(), &there) == 0 && open.st_dev == there.st_dev &&
           open.st_ino == there.st_ino;
}

// A folder that was made is there after a crash when the one that it is in was synced. --sink-spool-dir may
// have been made with it.
void sync_parents(const std::filesystem::path& path) {
    std::filesystem::path parent = path;
    for (int level = 0; level < 2; ++level) {
        parent = parent.parent_path();
        const Descriptor folder{
            ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (folder) ::fsync(folder.get());
    }
}

}  // namespace

std::error_code Folder::enter() {
    if (lock_ && is_in_place(lock_.get(), lock_file())) return {};
    std::error_code error;
    const bool is_made = std::filesystem::create_directories(path_, error);
    if (error) return error;
    if (is_made) std::filesystem::permissions(path_, std::filesystem::perms::owner_all, error);
    if (is_made) sync_parents(path_);
    Descriptor lock{::open(lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!lock) return from_errno();
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        if (errno != EINTR) return from_errno();
    lock_ = std::move(lock);
    return {};
}

std::vector<std::uint64_t> Folder::segments(std::error_code& error) const {
    std::vector<std::uint64_t> numbers;
    for (std::filesystem::directory_iterator at{path_, error}, end; !error && at != end; at.increment(error))
        if (const auto number = number_of(at->path().filename().native())) numbers.push_back(*number);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::string Folder::segment(std::uint64_t number) const {
    std::string digits = std::to_string(number);
    if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
    return path_ + "/" + digits + std::string{kSuffix};
}

std::string Folder::put_aside(const std::string& file) const {
    std::string aside = file + ".bad";
    std::rename(file.c_str(), aside.c_str());
    return aside;
}

std::error_code Folder::remove(std::uint64_t number) const {
    // What is gone already is gone.
    if (::unlink(segment(number).c_str()) == 0 || errno == ENOENT) return {};
    return from_errno();
}

std::error_code Folder::sync() const {
    const Descriptor folder{::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder) return from_errno();
    // Not everything that is a folder can do it.
    if (::fsync(folder.get()) != 0 && errno != EINVAL) return from_errno();
    return {};
}

std::error_code Folder::write_done(Position position) const {
    return files::replace(done_file(), done_text(position), 0600);
}

Folder::Done Folder::read_done() const {
    files::remove_leftovers(done_file());
    const auto text = files::read(done_file());
    if (text.has_error() && text.error() == boost::system::errc::no_such_file_or_directory) return {};
    if (text.has_error()) return {{}, text.error().message()};
    const std::optional<Position> position = parse_done(*text);
    if (!position) return {{}, "it is damaged, or not of this version of topd"};
    return {*position, {}};
}

}  // namespace sink::spool
