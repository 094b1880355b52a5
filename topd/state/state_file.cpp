// SPDX-License-Identifier: Apache-2.0
#include "topd/state/state_file.hpp"

#include "files/replace.hpp"
#include "net/task_group.hpp"
#include "net/yield.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace topd {
namespace {

using storage::snapshot::Now;
using storage::snapshot::Section;
using storage::snapshot::SectionKind;
using Verdict = StateReader::Verdict;

// The kind of the section of StateFileOptions::write_places; those of snapshots are below.
constexpr std::uint32_t kPlaces = 64;
// Nodes that are told to history in a row.
constexpr std::size_t kNodesAtOnce = 64;

Now machine_clocks() {
    const auto unix_time = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(unix_time),
            storage::Monotonic::clock::now()};
}

class OpenFile {
  public:
    // A pipe would keep us waiting.
    explicit OpenFile(const std::string& path)
        : file_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)}, error_{file_ < 0 ? errno : 0} {
        struct stat status {};
        if (file_ >= 0 && ::fstat(file_, &status) != 0) error_ = errno;
        if (error_ == 0 && !S_ISREG(status.st_mode)) error_ = EINVAL;
    }
    ~OpenFile() {
        if (file_ >= 0) ::close(file_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    // errno of what went wrong; 0: nothing did.
    int error() const { return error_; }
    // 0: at the end, or it fails.
    std::size_t read(char* to, std::size_t most) {
        for (;;) {
            const ssize_t got = ::read(file_, to, most);
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno == EINTR) continue;
            error_ = errno;
            return 0;
        }
    }

  private:
    int file_;
    int error_;
};

std::string text_of(int error) {
    if (error == EINVAL) return "it is no regular file";
    return std::system_category().message(error);
}

// On the thread.
net::Task<std::string> write(std::string path, std::vector<std::string> pieces) {
    const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
    std::error_code ignored;
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
    const std::error_code error = files::replace(path, pieces, 0600);
    co_return error ? error.message() : std::string{};
}

}  // namespace

StateFile::StateFile(StateFileOptions options, storage::Store& store, storage::history::History* history,
                     storage::stats::StatsHistory* stats)
    : options_{std::move(options)}, store_{store}, history_{history}, stats_{stats} {
    if (!options_.now) options_.now = machine_clocks;
}

StateFile::~StateFile() {
    thread_.join();
}

net::Task<StateFile::Loaded> StateFile::load() {
    Loaded loaded = co_await read();
    points_are_there();
    is_loaded_ = true;
    co_return loaded;
}

net::Task<> StateFile::wait_for_points() {
    while (!has_points_) co_await points_came_.wait_until(net::Clock::time_point::max());
}

void StateFile::points_are_there() {
    if (!std::exchange(has_points_, true)) points_came_.notify();
}

net::Task<StateFile::Loaded> StateFile::read() {
    Loaded loaded;
    files::remove_leftovers(options_.path);
    OpenFile file{options_.path};
    if (file.error() == ENOENT) co_return loaded;
    if (file.error() != 0) {
        loaded.reason = text_of(file.error());
        say(loaded);
        co_return loaded;
    }
    loaded.found = true;
    std::size_t left = options_.most_bytes;
    StateReader reader{[&](char* to, std::size_t most) {
        const std::size_t got = file.read(to, std::min(most, left));
        left -= got;
        return got;
    }};
    storage::snapshot::SnapshotLoader loader{store_, history_, stats_};
    bool points_seen = false;
    while (const auto item = reader.next()) {
        if (item->kind == kPlaces) {
            ++loaded.sections;
            if (options_.read_places) options_.read_places(item->bytes);
            continue;
        }
        // No kind is greater.
        const auto kind = static_cast<SectionKind>(std::min<std::uint32_t>(item->kind, 255));
        // In a file of an older topd they are last.
        if (points_seen && kind != SectionKind::points) points_are_there();
        points_seen = points_seen || kind == SectionKind::points;
        const std::string_view fault = loader.load(kind, item->bytes, options_.now());
        if (loaded.reason.empty()) loaded.reason = fault;
        ++loaded.sections;
        co_await net::yield();
    }
    loaded.verdict = reader.verdict();
    if (!reader.reason().empty()) loaded.reason = reader.reason();
    if (left == 0) loaded.reason = "it is larger than " + std::to_string(options_.most_bytes) + " bytes";
    if (file.error() != 0) loaded.reason = text_of(file.error());
    if (loaded.verdict == Verdict::whole && !loaded.reason.empty()) loaded.verdict = Verdict::damaged;
    loaded.snapshot = loader.loaded();
    say(loaded);
    if (!loaded.reason.empty()) std::rename(options_.path.c_str(), (options_.path + ".bad").c_str());
    co_return loaded;
}

void StateFile::say(const Loaded& loaded) const {
    const std::string& path = options_.path;
    if (!loaded.found) {
        telemetry::error("Cannot read the state file, starting without",
                         {{"err", loaded.reason}, {"path", path}});
        return;
    }
    if (!loaded.reason.empty())
        telemetry::warning("The state file is not right, it is put aside and what is intact in it is used",
                           {{"reason", loaded.reason}, {"path", path}, {"aside", path + ".bad"}});
    const storage::snapshot::Loaded& what = loaded.snapshot;
    telemetry::info("Read the state file", {{"path", path},
                                            {"series", what.history.series},
                                            {"historyTo", what.history.to},
                                            {"summarySeries", what.stats.series},
                                            {"nodes", what.nodes},
                                            {"pods", what.pods},
                                            {"tooOldForFigures", what.outdated_points}});
    if (what.history.refused + what.stats.refused != 0)
        telemetry::warning("There is no memory for all of the history of the state file",
                           {{"leftOut", what.history.refused + what.stats.refused}});
    if (what.history.other_tick != 0)
        telemetry::warning(
            "The recent history of the state file is left out: it is of another --metric-resolution",
            {{"seconds", what.history.other_tick}});
    if (what.stats.other_interval != 0)
        telemetry::warning(what.stats.nothing_fits
                               ? "The summaries of the state file are left out: they are of another "
                                 "--kubelet-summary-interval"
                               : "The recent summaries of the state file are left out: they are of another "
                                 "--kubelet-summary-interval",
                           {{"seconds", what.stats.other_interval}});
}

net::Task<> StateFile::run() {
    for (;;) {
        co_await net::sleep_until(net::Clock::now() + options_.every);
        co_await save();
    }
}

net::Task<> StateFile::save(bool ending) {
    std::vector<std::string> whole = co_await pieces(ending);
    std::size_t bytes = 0;
    for (const std::string& piece : whole) bytes += piece.size();
    const std::string error = co_await boost::asio::co_spawn(thread_, write(options_.path, std::move(whole)),
                                                             boost::asio::use_awaitable);
    note(error, bytes);
}

net::Task<std::vector<std::string>> StateFile::pieces(bool ending) {
    // So that nothing of the last tick is missing.
    while (store_.sweep_tick(kNodesAtOnce)) co_await net::yield();
    std::vector<std::string> all;
    all.push_back(state_head());
    std::uint32_t sections = 0;
    const std::string no_more = state_end(0);
    std::size_t bytes = all.back().size() + no_more.size();
    // First, so that what is newer comes with the next.
    if (options_.write_places) {
        std::string places = options_.write_places(ending);
        all.push_back(state_section_head(kPlaces, places));
        bytes += all.back().size() + places.size();
        all.push_back(std::move(places));
        ++sections;
    }
    storage::snapshot::SnapshotWriter writer{store_, history_, stats_};
    while (std::optional<Section> section = writer.next(options_.now())) {
        std::string head = state_section_head(static_cast<std::uint32_t>(section->kind), section->bytes);
        bytes += head.size() + section->bytes.size();
        if (bytes >= options_.most_bytes) {
            if (!std::exchange(said_full_, true))
                telemetry::warning("The state file does not hold all, it would be too large",
                                   {{"path", options_.path}, {"mostBytes", options_.most_bytes}});
            break;
        }
        all.push_back(std::move(head));
        all.push_back(std::move(section->bytes));
        ++sections;
        co_await net::yield();
    }
    all.push_back(state_end(sections));
    co_return all;
}

void StateFile::note(std::string_view error, std::size_t bytes) {
    const bool failed_before = std::exchange(failed_, !error.empty());
    if (failed_) {
        ++saved_.failures;
        if (!failed_before)
            telemetry::error("Failed to write the state file, a restart would start without; trying again",
                             {{"err", error}, {"path", options_.path}});
        return;
    }
    saved_.at = options_.now().unix_time;
    saved_.bytes = bytes;
    if (failed_before) telemetry::info("Writing the state file works again", {{"path", options_.path}});
}

}  // namespace topd
