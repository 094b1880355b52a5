// SPDX-License-Identifier: Apache-2.0
#include "files/read.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>

namespace files {
namespace {

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

}  // namespace

boost::system::result<std::string> read(const std::string& path) {
    const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "rb")};
    if (!file) return last_error();
    std::string text;
    char piece[16 * 1024];
    while (const std::size_t size = std::fread(piece, 1, sizeof piece, file.get())) {
        text.append(piece, size);
        if (text.size() > kLargest) return make_error_code(boost::system::errc::file_too_large);
    }
    if (std::ferror(file.get())) return last_error();
    return text;
}

}  // namespace files
