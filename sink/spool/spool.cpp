// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/spool.hpp"

#include "telemetry/log.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sink::spool {
namespace {

std::size_t size_of(const Batch& batch) {
    return sizeof(Batch) + batch.body.size();
}

std::string text_of(const std::error_code& error) {
    if (error == std::errc::resource_unavailable_try_again) return "another process uses it";
    if (error == std::errc::illegal_byte_sequence) return "it is not what was written";
    return error.message();
}

}  // namespace

void Trouble::note(const std::error_code& error, const std::string& path) {
    const bool was_on = std::exchange(on_, static_cast<bool>(error));
    if (on_) ++failures_;
    if (on_ && !was_on) telemetry::error(failed_, {{"err", text_of(error)}, {"path", path}});
    if (!on_ && was_on) telemetry::info(works_, {{"path", path}});
}

Spool::Spool(SpoolOptions options) : options_{std::move(options)}, folder_{options_.folder} {
    options_.segment_bytes = std::min(options_.segment_bytes, options_.most_bytes / 8);
}

void Spool::Segment::add(const Entry& entry) {
    if (batches == 0) oldest = entry.head.tick;
    newest = entry.head.tick;
    ++batches;
    points += entry.head.points;
    bytes += entry.bytes();
}

void Spool::Segment::take_out(const Entry& entry) {
    --batches;
    points -= entry.head.points;
    bytes -= entry.bytes();
}

void Spool::push(Batch batch) {
    const bool last = batch.last;
    if (last) newest_tick_ = batch.tick;
    if (batch.tick == lost_tick_) {
        dropped_ += batch.points;
        return;
    }
    held_bytes_ += size_of(batch);
    held_.push_back({std::move(batch)});
    // What fails is tried again once a tick.
    if (last || !writing_fails_.is_on()) write_held();
    shrink_held();
    write_done();
    remove_done();
}

Waiting Spool::waiting() const {
    Waiting all;
    for (const Segment& segment : segments_) {
        if (all.oldest == 0 && segment.batches != 0) all.oldest = segment.oldest;
        all.batches += segment.batches;
        all.points += segment.points;
        all.bytes += segment.bytes;
    }
    if (all.oldest == 0 && !held_.empty()) all.oldest = held_.front().batch.tick;
    for (const Held& held : held_) all.points += held.batch.points;
    all.batches += held_.size();
    all.bytes += held_bytes_;
    all.dropped = dropped_;
    all.failures = faults_ + writing_fails_.failures() + done_fails_.failures() + reading_fails_.failures();
    return all;
}

void Spool::write_held() {
    std::error_code error = enter();
    while (!error && written_ < held_.size()) error = write_next();
    if (error) abandon();
    writing_fails_.note(error, folder_.path());
}

std::error_code Spool::write_next() {
    const Batch& batch = held_[written_].batch;
    const bool first = written_ == 0;
    // Out of its order, it would be given by no restart. An earlier run had it, if its folder could not be
    // read until now.
    if (first && batch.tick <= newest_on_disk_) {
        dropped_ += batch.points;
        held_bytes_ -= size_of(batch);
        held_.pop_front();
        return {};
    }
    if (first && writing_ && writing_->size() >= options_.segment_bytes) {
        writing_.reset();
        remove_done();
    }
    const std::size_t size = kRecordHeadBytes + batch.body.size();
    const std::size_t written = written_;
    const Seconds tick = batch.tick;
    if (batch.body.size() > kMostBodyBytes || !make_room(size)) {
        abandon();
        if (!held_.empty() && held_.front().batch.tick == tick) lose_held();
        return {};
    }
    // What made room was its own segment: from its beginning.
    if (written_ != written) return {};
    if (!writing_)
        if (const std::error_code error = make_segment()) return error;
    if (first) tick_at_ = writing_->size();
    const std::string head = record_head(batch, first);
    const Entry entry{*parse_record_head(head), writing_->size()};
    if (const std::error_code error = writing_->append(head, batch.body)) return error;
    held_[written_++].entry = entry;
    segments_.back().file_bytes += size;
    disk_bytes_ += size;
    return batch.last ? end_tick() : std::error_code{};
}

bool Spool::make_room(std::size_t size) {
    while (disk_bytes_ + size > options_.most_bytes) {
        if (segments_.empty()) return size <= options_.most_bytes;
        // Nothing is left but what was written of the tick itself.
        if (segments_.size() == 1 && writing_ && written_ != 0 && tick_at_ == kSegmentHeadBytes) return false;
        drop_oldest();
    }
    return true;
}

std::error_code Spool::make_segment() {
    if (const std::error_code error = folder_.enter()) return error;
    auto made = SegmentWriter::make(folder_.segment(next_number_));
    const std::uint64_t number = next_number_++;
    if (!made) return made.error();
    writing_ = std::move(*made);
    is_new_ = true;
    tick_at_ = kSegmentHeadBytes;
    segments_.push_back({number, kSegmentHeadBytes});
    disk_bytes_ += kSegmentHeadBytes;
    return {};
}

std::error_code Spool::end_tick() {
    if (const std::error_code error = writing_->sync()) return error;
    if (is_new_)
        if (const std::error_code error = folder_.sync()) return error;
    is_new_ = false;
    tick_at_ = writing_->size();
    Segment& segment = segments_.back();
    for (; written_ != 0; --written_) {
        const Held& held = held_.front();
        newest_on_disk_ = held.batch.tick;
        segment.add(held.entry);
        if (ahead_of_ == segment.number) ahead_.push_back(held.entry);
        if (!held.let_go) held_bytes_ -= size_of(held.batch);
        held_.pop_front();
    }
    return {};
}

void Spool::abandon() {
    const bool is_lost = std::any_of(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(written_),
                                     [](const Held& held) { return held.let_go; });
    if (writing_) {
        Segment& segment = segments_.back();
        // Whether it can or not: a tick without its end is never given.
        static_cast<void>(writing_->cut(tick_at_));
        writing_.reset();
        disk_bytes_ -= segment.file_bytes - tick_at_;
        segment.file_bytes = tick_at_;
        if (tick_at_ == kSegmentHeadBytes) {
            static_cast<void>(folder_.remove(segment.number));
            disk_bytes_ -= segment.file_bytes;
            segments_.pop_back();
        }
    }
    written_ = 0;
    if (is_lost) lose_held();
}

void Spool::shrink_held() {
    while (held_bytes_ > options_.most_held_bytes && !held_.empty()) {
        if (written_ == 0) {
            lose_held();
            continue;
        }
        for (Held& held : held_) {
            if (std::exchange(held.let_go, true)) continue;
            held_bytes_ -= size_of(held.batch);
            held.batch.body = {};
        }
    }
}

void Spool::lose_held() {
    if (held_.empty()) return;
    const Seconds tick = held_.front().batch.tick;
    if (tick > newest_tick_) lost_tick_ = tick;
    if (shown_ && shown_->tick == tick) shown_.reset();
    while (!held_.empty() && held_.front().batch.tick == tick) {
        dropped_ += held_.front().batch.points;
        if (!held_.front().let_go) held_bytes_ -= size_of(held_.front().batch);
        held_.pop_front();
    }
}

void Spool::drop_oldest() {
    const bool is_written = segments_.size() == 1 && writing_.has_value();
    const std::uint64_t number = segments_.front().number;
    // It may go with that, if nothing else is in it.
    if (is_written) abandon();
    if (segments_.empty() || segments_.front().number != number) return;
    const Segment& segment = segments_.front();
    dropped_ += segment.points;
    if (segment.batches != 0) {
        const Position last{segment.newest, std::numeric_limits<std::uint32_t>::max()};
        done_ = std::max(done_, last);
        if (shown_ && *shown_ <= last) shown_.reset();
        maybe_sent_ -= std::min(maybe_sent_, segment.batches);
    }
    if (ahead_of_ == number) ahead_.clear();
    disk_bytes_ -= segment.file_bytes;
    if (const std::error_code error = folder_.remove(number)) writing_fails_.note(error, folder_.path());
    segments_.pop_front();
}

}  // namespace sink::spool
