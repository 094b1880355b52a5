// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/ticks.hpp"

#include <utility>

namespace sink::spool {

std::vector<Entry> TickReader::next() {
    while (const std::optional<SegmentReader::Record> record = reader_.next()) {
        const RecordHead& head = record->head;
        const bool goes_on = !tick_.empty() && tick_.front().head.tick == head.tick && !head.first;
        if (!goes_on) lose_tick();
        if (!record->intact || !fits(*record)) {
            lose_tick();
            lose(head);
            lost_tick_ = head.tick;
            continue;
        }
        if (tick_.empty()) faults_before_ = reader_.faults();
        tick_.push_back({head, record->at});
        if (!head.last) continue;
        newest_ = head.tick;
        return std::exchange(tick_, {});
    }
    // The rest of it is behind what is broken, or was never written.
    if (reader_.faults() != faults_before_) lose_tick();
    return {};
}

SegmentReader::Verdict TickReader::verdict() const {
    const SegmentReader::Verdict verdict = reader_.verdict();
    const bool is_read = verdict == SegmentReader::Verdict::whole || verdict == SegmentReader::Verdict::torn;
    return is_read && misplaced_ ? SegmentReader::Verdict::damaged : verdict;
}

const std::string& TickReader::reason() const {
    return reader_.reason().empty() ? misplaced_reason_ : reader_.reason();
}

bool TickReader::fits(const SegmentReader::Record& record) const {
    const RecordHead& head = record.head;
    if (head.tick == lost_tick_ && !head.first) return false;
    if (tick_.empty()) return head.first && head.tick > newest_;
    return head.number == tick_.back().head.number + 1;
}

void TickReader::lose(const RecordHead& head) {
    // The damage is told already, unless the records themselves are not what was ever written.
    misplaced_ = true;
    if (misplaced_reason_.empty()) misplaced_reason_ = "records of a tick are missing, or in no order";
    if (Position{head.tick, head.number} > done_) lost_points_ += head.points;
}

void TickReader::lose_tick() {
    for (const Entry& entry : tick_) lose(entry.head);
    tick_.clear();
}

}  // namespace sink::spool
