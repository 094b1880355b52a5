// SPDX-License-Identifier: Apache-2.0
// What is sent of a spool, and forgotten.
#include "sink/spool/spool.hpp"

#include <algorithm>
#include <utility>

namespace sink::spool {

std::optional<Batch> Spool::front() {
    shown_.reset();
    if (std::optional<Batch> batch = front_on_disk()) {
        shown_ = Position{batch->tick, batch->number};
        return batch;
    }
    if (held_.empty() || held_.front().batch.tick > newest_tick_) return std::nullopt;
    const Batch& batch = held_.front().batch;
    shown_ = Position{batch.tick, batch.number};
    return batch;
}

void Spool::pop() {
    const std::optional<Position> shown = std::exchange(shown_, {});
    if (!shown) return;
    Segment* segment = front_segment();
    if (segment && ahead_.front().position() == *shown) {
        remove_from(*segment);
        done_ = *shown;
        ++sent_since_;
    } else if (!held_.empty() && Position{held_.front().batch.tick, held_.front().batch.number} == *shown) {
        // Until all of it was sent: what is still in memory goes with the process, and is to be told again.
        if (held_.front().batch.last) done_ = *shown;
        held_bytes_ -= sizeof(Batch) + held_.front().batch.body.size();
        held_.pop_front();
        ++sent_since_;
    }
    write_done();
    remove_done();
}

void Spool::close() {
    sent_since_ = std::max(sent_since_, kDoneEvery);
    write_done();
    remove_done();
}

std::optional<Batch> Spool::front_on_disk() {
    while (Segment* const segment = front_segment()) {
        const Entry& entry = ahead_.front();
        const auto file = SegmentFile::open(folder_.segment(segment->number));
        boost::system::result<std::string> body = file.has_value() ? file->body(entry) : file.error();
        if (body.has_value()) {
            reading_fails_.note({}, folder_.path());
            return Batch{entry.head.tick, entry.head.number, entry.head.last, entry.head.points,
                         std::move(*body)};
        }
        lose_tick_on_disk(*segment, body.error());
    }
    return std::nullopt;
}

Spool::Segment* Spool::front_segment() {
    for (Segment& segment : segments_) {
        if (segment.batches == 0) continue;
        if ((ahead_of_ == segment.number && !ahead_.empty()) || load(segment)) return &segment;
    }
    return nullptr;
}

bool Spool::load(Segment& segment) {
    ahead_.clear();
    ahead_of_ = segment.number;
    Segment found{segment.number, segment.file_bytes};
    const std::string path = folder_.segment(segment.number);
    auto file = SegmentFile::open(path);
    std::error_code error;
    if (file.has_value()) {
        TickReader reader{file->reader(), 0, done_};
        for (std::vector<Entry> tick = reader.next(); !tick.empty(); tick = reader.next()) {
            for (const Entry& entry : tick) {
                // What is behind was not synced.
                if (entry.position() <= done_ || entry.head.tick > segment.newest) continue;
                found.add(entry);
                ahead_.push_back(entry);
            }
        }
        error = file->error();
    } else {
        error = file.error();
    }
    if (found.points != segment.points || found.batches != segment.batches) {
        if (!error) error = std::make_error_code(std::errc::illegal_byte_sequence);
        dropped_ += segment.points - std::min(segment.points, found.points);
        reading_fails_.note(error, path);
        maybe_sent_ -= std::min(maybe_sent_, segment.batches - std::min(segment.batches, found.batches));
    }
    segment = found;
    return !ahead_.empty();
}

void Spool::lose_tick_on_disk(Segment& segment, const std::error_code& error) {
    reading_fails_.note(error, folder_.segment(segment.number));
    const Seconds tick = ahead_.front().head.tick;
    while (!ahead_.empty() && ahead_.front().head.tick == tick) {
        dropped_ += ahead_.front().head.points;
        done_ = ahead_.front().position();
        remove_from(segment);
    }
}

void Spool::remove_from(Segment& segment) {
    segment.take_out(ahead_.front());
    ahead_.pop_front();
    if (!ahead_.empty()) segment.oldest = ahead_.front().head.tick;
    if (maybe_sent_ != 0) --maybe_sent_;
}

void Spool::write_done() {
    if (sent_since_ == 0 || !entered_) return;
    const auto now = std::chrono::steady_clock::now();
    if (sent_since_ < kDoneEvery && now - done_at_ < options_.done_every) return;
    done_at_ = now;
    sent_since_ = 0;
    if (remembered_ == done_) return;
    const std::error_code error = folder_.write_done(done_);
    if (!error) remembered_ = done_;
    done_fails_.note(error, folder_.done_file());
}

void Spool::remove_done() {
    while (!segments_.empty() && segments_.front().batches == 0) {
        if (segments_.size() == 1 && writing_) return;
        if (remembered_ != done_) {
            sent_since_ = std::max(sent_since_, kDoneEvery);
            write_done();
            if (remembered_ != done_) return;
        }
        disk_bytes_ -= segments_.front().file_bytes;
        // What is left of it is done with, and found to be so the next time.
        static_cast<void>(folder_.remove(segments_.front().number));
        segments_.pop_front();
    }
}

}  // namespace sink::spool
