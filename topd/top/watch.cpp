// SPDX-License-Identifier: Apache-2.0
#include "topd/top/watch.hpp"

#include "net/task_group.hpp"
#include "text/go_text.hpp"
#include "text/printable.hpp"
#include "topd/top/client/complaint.hpp"
#include "topd/top/client/request.hpp"
#include "topd/top/show/columns.hpp"
#include "topd/top/show/json_items.hpp"
#include "topd/top/show/screen.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace topd::top {
namespace {

// Beside the rows: the headings, what is left out, and where the cursor stands.
constexpr std::size_t kOtherLines = 3;

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    return text;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> lines(1);
    for (const char c : text) {
        if (c == '\n')
            lines.emplace_back();
        else
            lines.back() += c;
    }
    return lines;
}

// As kubectl says it.
std::string nothing_found(const Options& options, const Place& place) {
    const std::string where = asked_namespace(options, place.config.name_space);
    const bool nodes = options.kind == Kind::nodes;
    if (!options.name.empty())
        return fmt::format("{} {} not found{}", nodes ? "nodes" : "pods", text::quoted(options.name),
                           nodes ? std::string{} : " in namespace " + text::printable(where));
    if (nodes || where.empty()) return "No resources found";
    return fmt::format("No resources found in {} namespace.", text::printable(where));
}

// How long until topd is to be asked again, from when it was asked.
std::chrono::milliseconds wait_after(const Rows& rows, bool moved, const Pace& pace) {
    if (!moved) return pace.again;
    const std::chrono::milliseconds resolution =
        std::chrono::seconds{std::min<std::int64_t>(rows.resolution, 3600)};
    return std::clamp(resolution, pace.shortest, pace.longest);
}

// What is shown of one answer after the other.
class Showing {
  public:
    Showing(const Options& options, const Place& place, const Viewer& viewer)
        : options_{options}, place_{place}, viewer_{viewer} {}

    // On a terminal no more rows are asked for than fit.
    Options options_now() const {
        Options now = options_;
        if (!drawn_over()) return now;
        const std::size_t lines = viewer_.size().lines;
        const std::size_t room = lines > kOtherLines ? lines - kOtherLines : 1;
        now.limit = now.limit == 0 ? room : std::min(now.limit, room);
        return now;
    }

    bool show(const Rows& rows) {
        last_ = lines_of(rows, options_, viewer_);
        const bool was_empty = std::exchange(is_empty_, rows.count == 0);
        if (is_empty_ && !drawn_over()) {
            if (!was_empty) viewer_.complain(nothing_found(options_, place_) + '\n');
            if (options_.output != Output::json) return true;
        }
        if (drawn_over() && rows.count == 0) last_ = {nothing_found(options_, place_)};
        if (drawn_over() && rows.count < rows.matched && rows.count != options_.limit)
            last_.push_back(fmt::format("and {} more", rows.matched - rows.count));
        return drawn_over() ? draw(last_) : show_next();
    }

    bool complain(const std::string& text) {
        if (!drawn_over()) {
            viewer_.complain("topd: " + text + '\n');
            return true;
        }
        std::vector<std::string> lines = last_;
        const Size size = viewer_.size();
        for (std::string& line : split(text)) lines.push_back(line.substr(0, size.columns));
        const std::size_t room = size.lines > 1 ? size.lines - 1 : 1;
        // What is wrong is more than the last rows.
        if (lines.size() > room) {
            const std::size_t over = lines.size() - room;
            const std::size_t first = last_.size() - std::min(last_.size(), over);
            lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(first),
                        lines.begin() + static_cast<std::ptrdiff_t>(last_.size()));
            lines.resize(std::min(lines.size(), room));
        }
        return draw(lines);
    }

  private:
    bool drawn_over() const { return viewer_.size && options_.output != Output::json; }

    bool draw(const std::vector<std::string>& lines) {
        return viewer_.show(screen_.draw(lines, viewer_.size()));
    }

    bool show_next() {
        std::string text = joined(last_);
        if (shown_ && options_.output != Output::json) text = '\n' + text;
        shown_ = true;
        return viewer_.show(text);
    }

    const Options& options_;
    const Place& place_;
    const Viewer& viewer_;
    Screen screen_;
    std::vector<std::string> last_;
    bool shown_ = false;
    // The last answer had no rows.
    bool is_empty_ = false;
};

}  // namespace

std::vector<std::string> lines_of(const Rows& rows, const Options& options, const Viewer& viewer) {
    if (options.output == Output::json) return {json_of(rows, options)};
    Layout layout;
    if (viewer.size) layout.width = viewer.size().columns;
    layout.marks = viewer.marks;
    layout.headings = options.headings;
    return lay_out(columns_of(rows, options), layout);
}

net::Task<int> show_once(Reader& reader, const Options& options, const Place& place, const Viewer& viewer) {
    const auto rows = co_await reader.read(options);
    if (!rows) {
        viewer.complain("topd: " + complaint(rows.error(), place) + '\n');
        co_return 1;
    }
    const bool json = options.output == Output::json;
    const bool missing = rows->count == 0 && !options.name.empty();
    // Who asked for JSON gets it whatever is in it.
    if (missing || (rows->count == 0 && !json)) viewer.complain(nothing_found(options, place) + '\n');
    if (rows->count == 0 && !json) co_return missing ? 1 : 0;
    co_return viewer.show(joined(lines_of(*rows, options, viewer))) && !missing ? 0 : 1;
}

net::Task<int> watch(Reader& reader, const Options& options, const Place& place, const Viewer& viewer,
                     const Pace& pace) {
    Showing showing{options, place, viewer};
    std::optional<std::int64_t> tick;
    for (;;) {
        const auto started = net::Clock::now();
        const Options now = showing.options_now();
        const auto rows = co_await reader.read(now);
        std::chrono::milliseconds wait = std::max(pace.again, pace.shortest);
        bool goes_on = true;
        if (rows) {
            // The first tick is as old as chance has it; from the second on we come soon after each.
            const bool moved = tick && rows->tick != *tick;
            wait = wait_after(*rows, moved, pace);
            if (tick != rows->tick) goes_on = showing.show(*rows);
            tick = rows->tick;
        } else if (!tick) {
            viewer.complain("topd: " + complaint(rows.error(), place) + '\n');
            co_return 1;
        } else {
            goes_on = showing.complain(complaint(rows.error(), place));
        }
        if (!goes_on) co_return 1;
        const auto next = started + wait;
        co_await net::sleep_until(next);
    }
}

}  // namespace topd::top
