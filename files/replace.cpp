// SPDX-License-Identifier: Apache-2.0
#include "files/replace.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace files {
namespace {

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

}  // namespace

std::error_code replace(const std::string& path, std::string_view text, mode_t mode) {
    std::string fresh = path + ".XXXXXX";
    // Makes it anew (O_EXCL), for the owner alone: what somebody put there before is neither followed nor
    // used.
    const int file = ::mkostemp(fresh.data(), O_CLOEXEC);
    if (file < 0) return {errno, std::generic_category()};
    int error = write_all(file, text);
    if (error == 0 && ::fchmod(file, mode) != 0) error = errno;
    if (error == 0 && ::fsync(file) != 0) error = errno;
    ::close(file);
    if (error == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) ::unlink(fresh.c_str());
    if (error == 0) sync_folder_of(path);
    return {error, std::generic_category()};
}

}  // namespace files
