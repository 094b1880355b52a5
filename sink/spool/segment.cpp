// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/segment.hpp"

#include "files/checked.hpp"

#include <algorithm>
#include <cassert>

namespace sink::spool {
namespace {

constexpr std::string_view kMagic = "topdspol";
// The first byte is in no text.
constexpr std::string_view kMark = "\xf7TQ1";
constexpr std::size_t kNumber = files::kNumberBytes;
constexpr std::uint32_t kLast = 1;
constexpr std::uint32_t kFirst = 2;
constexpr std::size_t kPiece = 64 * 1024;

static_assert(kSegmentHeadBytes == kMagic.size() + 2 * kNumber);
static_assert(kRecordHeadBytes == kMark.size() + 9 * kNumber);

}  // namespace

std::string segment_head() {
    std::string head{kMagic};
    files::put_number(head, kSegmentVersion);
    files::put_number(head, files::checksum(head));
    return head;
}

std::string record_head(const Batch& batch, bool first) {
    assert(batch.body.size() <= kMostBodyBytes);
    std::string head{kMark};
    const auto tick = static_cast<std::uint64_t>(batch.tick);
    files::put_number(head, static_cast<std::uint32_t>(tick));
    files::put_number(head, static_cast<std::uint32_t>(tick >> 32));
    files::put_number(head, batch.number);
    files::put_number(head, (batch.last ? kLast : 0) | (first ? kFirst : 0));
    files::put_number(head, batch.points);
    files::put_number(head, static_cast<std::uint32_t>(batch.body.size()));
    files::put_number(head, files::checksum(batch.body));
    // A place for what comes later.
    files::put_number(head, 0);
    files::put_number(head, files::checksum(head));
    return head;
}

std::optional<RecordHead> parse_record_head(std::string_view bytes) {
    bytes = bytes.substr(0, kRecordHeadBytes);
    if (!bytes.starts_with(kMark) || !files::is_sound(bytes)) return std::nullopt;
    std::size_t at = kMark.size();
    const auto number = [&] {
        at += kNumber;
        return files::number_at(bytes, at - kNumber);
    };
    RecordHead head;
    std::uint64_t tick = number();
    tick |= static_cast<std::uint64_t>(number()) << 32;
    head.tick = static_cast<Seconds>(tick);
    head.number = number();
    const std::uint32_t flags = number();
    head.last = (flags & kLast) != 0;
    head.first = (flags & kFirst) != 0;
    head.points = number();
    head.length = number();
    head.checksum = number();
    if (head.tick <= 0 || head.length > kMostBodyBytes) return std::nullopt;
    return head;
}

std::optional<SegmentReader::Record> SegmentReader::next() {
    if (!opened_) {
        opened_ = true;
        done_ = !open();
    }
    while (!done_) {
        if (const std::optional<RecordHead> found = head()) {
            const std::size_t size = kRecordHeadBytes + found->length;
            torn_ = !have(size);
            if (torn_) break;
            const Record record{
                *found, base_ + at_, ahead().substr(kRecordHeadBytes, found->length),
                files::checksum(ahead().substr(kRecordHeadBytes, found->length)) == found->checksum};
            if (!record.intact) damaged("a record of it is damaged");
            at_ += size;
            return record;
        }
        if (!have(1)) break;
        torn_ = !have(kRecordHeadBytes) && is_torn();
        if (torn_) break;
        damaged("a part of it is damaged");
        if (!find_head()) break;
    }
    done_ = true;
    return std::nullopt;
}

SegmentReader::Verdict SegmentReader::verdict() const {
    if (not_ours_) return *not_ours_;
    if (faults_ != 0) return Verdict::damaged;
    return torn_ ? Verdict::torn : Verdict::whole;
}

bool SegmentReader::open() {
    if (!have(kSegmentHeadBytes)) {
        torn_ = segment_head().starts_with(ahead());
        if (torn_) return false;
    }
    if (!ahead().starts_with(kMagic)) {
        not_ours_ = Verdict::foreign;
        reason_ = "it is not a file of topd's spool";
        return false;
    }
    if (!have(kSegmentHeadBytes)) {
        damaged("its head is damaged");
        return false;
    }
    const std::string_view bytes = ahead().substr(0, kSegmentHeadBytes);
    const std::uint32_t version = files::number_at(bytes, kMagic.size());
    // The mark of records tells the version, too.
    if (!files::is_sound(bytes)) damaged("its head is damaged");
    if (files::is_sound(bytes) && version != kSegmentVersion) {
        not_ours_ = Verdict::future;
        reason_ = "it is of version " + std::to_string(version) + ", this topd knows version " +
                  std::to_string(kSegmentVersion);
        return false;
    }
    at_ += kSegmentHeadBytes;
    return true;
}

std::optional<RecordHead> SegmentReader::head() {
    if (!have(kRecordHeadBytes)) return std::nullopt;
    return parse_record_head(ahead());
}

bool SegmentReader::find_head() {
    ++at_;
    while (have(kRecordHeadBytes)) {
        const std::size_t found = buffer_.find(kMark.front(), at_);
        at_ = std::min(found, buffer_.size());
        if (found == std::string::npos) continue;
        if (head()) return true;
        // Less than a head is left of the buffer, or it is none.
        ++at_;
    }
    return false;
}

bool SegmentReader::is_torn() const {
    return kMark.starts_with(ahead().substr(0, kMark.size()));
}

// The first reason says most.
void SegmentReader::damaged(std::string_view reason) {
    ++faults_;
    if (reason_.empty()) reason_ = reason;
}

bool SegmentReader::have(std::size_t bytes) {
    while (buffer_.size() - at_ < bytes && !read_all_) {
        // What was read is let go of.
        buffer_.erase(0, at_);
        base_ += at_;
        at_ = 0;
        const std::size_t before = buffer_.size();
        buffer_.resize(before + kPiece);
        const std::size_t got = std::min(read_(buffer_.data() + before, kPiece), kPiece);
        buffer_.resize(before + got);
        read_all_ = got == 0;
    }
    return buffer_.size() - at_ >= bytes;
}

}  // namespace sink::spool
