// SPDX-License-Identifier: Apache-2.0
// Shows the rows, once or at each tick.
#pragma once

#include "net/task.hpp"
#include "topd/top/client/place.hpp"
#include "topd/top/client/reader.hpp"
#include "topd/top/client/rows.hpp"
#include "topd/top/options.hpp"
#include "topd/top/show/terminal.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace topd::top {

// Who looks.
struct Viewer {
    // Standard output. False: nobody reads it any more.
    std::function<bool(const std::string& text)> show;
    // Standard error.
    std::function<void(const std::string& text)> complain;
    // Of the terminal; not set: standard output is none.
    std::function<Size()> size;
    Marks marks = Marks::blocks;
};

// The rows as -o says, without the ends of lines.
std::vector<std::string> lines_of(const Rows& rows, const Options& options, const Viewer& viewer);

// The exit status: 0, or 1 after a complaint.
net::Task<int> show_once(Reader& reader, const Options& options, const Place& place, const Viewer& viewer);

struct Pace {
    // How soon topd is asked again that has had no new tick.
    std::chrono::milliseconds again{1000};
    // No resolution of topd's counts for more or less.
    std::chrono::milliseconds shortest{1000};
    std::chrono::milliseconds longest{600'000};
};

// On a terminal the table is drawn over itself, elsewhere one comes after the other. Ends when topd cannot be
// asked at first, or nobody reads; then what fails is told, and tried again. The exit status.
net::Task<int> watch(Reader& reader, const Options& options, const Place& place, const Viewer& viewer,
                     const Pace& pace = {});

}  // namespace topd::top
