// SPDX-License-Identifier: Apache-2.0
// What earlier runs left in a spool.
#include "sink/spool/spool.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <limits>

namespace sink::spool {

using Verdict = SegmentReader::Verdict;

std::string Spool::open() {
    const std::error_code error = enter();
    if (!error) return {};
    writing_fails_.note(error, folder_.path());
    if (error == std::errc::resource_unavailable_try_again)
        return "another process uses the spool in " + folder_.path() +
               ": give each a folder of its own (--sink-spool-dir)";
    return "cannot use the spool in " + folder_.path() + ": " + error.message();
}

std::error_code Spool::enter() {
    if (entered_) return {};
    if (const std::error_code error = folder_.enter()) return error;
    std::error_code error;
    const std::vector<std::uint64_t> numbers = folder_.segments(error);
    if (error) return error;
    entered_ = true;
    read_done();
    for (const std::uint64_t number : numbers) take_in(number);
    newest_on_disk_ = std::max(newest_on_disk_, done_.tick);
    newest_tick_ = std::max(newest_tick_, newest_on_disk_);
    std::size_t batches = 0;
    for (const Segment& segment : segments_) batches += segment.batches;
    maybe_sent_ = std::min(maybe_sent_, batches);
    make_room(0);
    remove_done();
    const Waiting all = waiting();
    if (!numbers.empty())
        telemetry::info("Read the spool", {{"path", folder_.path()},
                                           {"batches", all.batches},
                                           {"points", all.points},
                                           {"oldest", all.oldest},
                                           {"newest", newest_tick_}});
    return {};
}

void Spool::read_done() {
    const Folder::Done done = folder_.read_done();
    done_ = done.position;
    remembered_ = done.position;
    maybe_sent_ = kDoneEvery;
    if (done.fault.empty()) return;
    ++faults_;
    telemetry::warning("How far the spool was sent is not known, all of it is sent again",
                       {{"reason", done.fault},
                        {"path", folder_.done_file()},
                        {"aside", folder_.put_aside(folder_.done_file())}});
    maybe_sent_ = std::numeric_limits<std::size_t>::max();
}

void Spool::take_in(std::uint64_t number) {
    const std::string path = folder_.segment(number);
    auto file = SegmentFile::open(path);
    const bool is_none = file.has_error() && file.error() == boost::system::errc::invalid_argument;
    if (file.has_error()) {
        ++faults_;
        telemetry::warning("Cannot read a file of the spool, it is left out",
                           {{"err", is_none ? "it is no regular file" : file.error().message()},
                            {"path", path},
                            {"aside", is_none ? folder_.put_aside(path) : std::string{}}});
        next_number_ = std::max(next_number_, number + 1);
        return;
    }
    Segment segment{number, file->size()};
    TickReader reader{file->reader(), newest_on_disk_, done_};
    for (std::vector<Entry> tick = reader.next(); !tick.empty(); tick = reader.next()) {
        newest_on_disk_ = tick.front().head.tick;
        for (const Entry& entry : tick)
            if (entry.position() > done_) segment.add(entry);
    }
    const Verdict verdict = reader.verdict();
    if (verdict == Verdict::foreign || verdict == Verdict::future) {
        ++faults_;
        telemetry::warning("A file of the spool is not this topd's, it is put aside",
                           {{"reason", reader.reason()}, {"path", path}, {"aside", folder_.put_aside(path)}});
        return;
    }
    const std::string reason = file->error() ? file->error().message() : reader.reason();
    if (!reason.empty()) {
        ++faults_;
        dropped_ += reader.lost_points();
        telemetry::warning("A file of the spool is not right, what is intact in it is sent",
                           {{"reason", reason}, {"path", path}, {"lostPoints", reader.lost_points()}});
    }
    next_number_ = std::max(next_number_, number + 1);
    disk_bytes_ += segment.file_bytes;
    segments_.push_back(segment);
}

}  // namespace sink::spool
