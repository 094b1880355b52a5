// SPDX-License-Identifier: Apache-2.0
#include "files/replace.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace files {
namespace {

// As mkostemp() wants it.
constexpr std::string_view kFresh = ".XXXXXX";

// 0, or errno.
int write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written >= 0) text.remove_prefix(static_cast<std::size_t>(written));
        if (written < 0 && errno != EINTR) return errno;
    }
    return 0;
}

// The rename is on the disk then. Not everything that is a folder can do it, and the file is in its place
// anyway.
void sync_folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
    const int opened = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return;
    ::fsync(opened);
    ::close(opened);
}

template <class Pieces>
std::error_code replace_by(const std::string& path, const Pieces& pieces, mode_t mode) {
    std::string fresh = path + std::string{kFresh};
    // Makes it anew (O_EXCL), for the owner alone: what somebody put there before is neither followed nor
    // used.
    const int file = ::mkostemp(fresh.data(), O_CLOEXEC);
    if (file < 0) return {errno, std::generic_category()};
    int error = 0;
    for (const std::string_view piece : pieces)
        if (error == 0) error = write_all(file, piece);
    if (error == 0 && ::fchmod(file, mode) != 0) error = errno;
    if (error == 0 && ::fsync(file) != 0) error = errno;
    ::close(file);
    if (error == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) ::unlink(fresh.c_str());
    if (error == 0) sync_folder_of(path);
    return {error, std::generic_category()};
}

// Whether mkostemp() can have made it for `name`.
bool is_leftover(std::string_view found, std::string_view name) {
    if (found.size() != name.size() + kFresh.size() || !found.starts_with(name)) return false;
    found.remove_prefix(name.size());
    return found.front() == '.' && std::all_of(found.begin() + 1, found.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

}  // namespace

std::error_code replace(const std::string& path, std::string_view text, mode_t mode) {
    return replace_by(path, std::array{text}, mode);
}

std::error_code replace(const std::string& path, std::span<const std::string> pieces, mode_t mode) {
    return replace_by(path, pieces, mode);
}

void remove_leftovers(const std::string& path) {
    const std::filesystem::path place{path};
    const std::filesystem::path folder = place.has_parent_path() ? place.parent_path() : ".";
    std::error_code error;
    std::vector<std::filesystem::path> found;
    for (std::filesystem::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error))
        if (is_leftover(at->path().filename().native(), place.filename().native()))
            found.push_back(at->path());
    for (const std::filesystem::path& leftover : found) ::unlink(leftover.c_str());
}

}  // namespace files
