// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace topd::top {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

}  // namespace

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1 && variable("TERM") != "dumb";
}

Size size_of(int descriptor) {
    winsize found{};
    Size size;
    if (::ioctl(descriptor, TIOCGWINSZ, &found) != 0) return size;
    if (found.ws_col > 0) size.columns = found.ws_col;
    if (found.ws_row > 0) size.lines = found.ws_row;
    return size;
}

Marks marks_of_environment() {
    std::string locale = variable("LC_ALL");
    for (const char* name : {"LC_CTYPE", "LANG"})
        if (locale.empty()) locale = variable(name);
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    const bool utf8 = locale.find("utf-8") != locale.npos || locale.find("utf8") != locale.npos;
    return utf8 ? Marks::blocks : Marks::ascii;
}

}  // namespace topd::top
