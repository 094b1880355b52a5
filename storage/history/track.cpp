// SPDX-License-Identifier: Apache-2.0
#include "storage/history/track.hpp"

#include <bit>
#include <cassert>

namespace storage::history {
namespace {

// Of a place in a block.
constexpr unsigned kBitBits = 9;

}  // namespace

template <std::size_t N, class Sum>
void Track<N, Sum>::append(Blocks& blocks, Tick tick, const std::array<std::uint64_t, N>& values,
                           std::optional<std::uint64_t> new_life) {
    assert(tick > state_.tick && blocks.free() >= kRowBlocks<N>);
    BitWriter bits{blocks, end_};
    if (new_life) {
        bits.put(0b01, 2);
        bits.put(*new_life, 64);
    }
    const std::uint32_t missed = tick - state_.tick - 1;
    if (missed == 0) {
        bits.put(0, 1);
    } else {
        const auto length = static_cast<unsigned>(std::bit_width(missed));
        bits.put(0b11, 2);
        bits.put(length - 1, kLengthBits);
        bits.put(missed, length);
    }
    if (empty()) {
        bits.flush();
        first_ = end_.block;
    }
    for (std::size_t i = 0; i < N; ++i) {
        bits.put_rice(zigzag(values[i] - state_.values[i]), state_.rice[i]);
        state_.values[i] = values[i];
    }
    state_.tick = tick;
}

template <std::size_t N, class Sum>
void Track<N, Sum>::drop_before(Blocks& blocks, Tick tick) {
    if (empty()) return;
    if (newest() < tick) {
        clear(blocks);
        return;
    }
    TrackReader<N, Sum> reader = read(blocks);
    BitPlace from;
    TrackRow<N> last;
    std::array<RiceState, N> rice;
    do {
        from = reader.bits_.place();
        last = reader.row_;
        rice = reader.rice_;
    } while (reader.next() && reader.row().tick < tick);
    if (from.block == first_) return;
    blocks.give(first_, from.block);
    first_ = from.block;

    if (lead_ != kNoBlock) blocks.give(lead_);
    write_lead(blocks, from.bit, {last.tick, last.started, last.total}, {last.values, last.tick, rice});
}

template <std::size_t N, class Sum>
void Track<N, Sum>::begin(Blocks& blocks, const TrackLead& lead) {
    assert(empty() && lead_ == kNoBlock && blocks.free() >= kLeadBlocks<N>);
    state_.tick = lead.tick;
    write_lead(blocks, 0, lead, state_);
}

template <std::size_t N, class Sum>
void Track<N, Sum>::write_lead(Blocks& blocks, unsigned first_bit, const TrackLead& before,
                               const TrackState<N>& state) {
    BitPlace place;
    BitWriter lead{blocks, place};
    lead.put(first_bit, kBitBits);
    lead.flush();
    lead_ = place.block;
    lead.put(before.tick, 32);
    lead.put(before.started, 64);
    lead.put(before.total, 64);
    for (std::size_t i = 0; i < N; ++i) {
        lead.put(state.values[i], 64);
        lead.put(state.rice[i], 8);
    }
}

template <std::size_t N, class Sum>
void Track<N, Sum>::clear(Blocks& blocks) {
    if (first_ != kNoBlock) blocks.give(first_);
    if (lead_ != kNoBlock) blocks.give(lead_);
    *this = {};
}

template <std::size_t N, class Sum>
TrackReader<N, Sum>::TrackReader(const Blocks& blocks, const Track<N, Sum>& track)
    : bits_{blocks, {track.first_, 0}}, end_{track.end_} {
    if (track.lead_ == kNoBlock) return;
    BitReader lead{blocks, {track.lead_, 0}};
    const auto bit = static_cast<std::uint16_t>(lead.take(kBitBits));
    row_.tick = static_cast<Tick>(lead.take(32));
    row_.started = lead.take(64);
    row_.total = lead.take(64);
    for (std::size_t i = 0; i < N; ++i) {
        row_.values[i] = lead.take(64);
        rice_[i] = static_cast<RiceState>(lead.take(8));
    }
    bits_ = BitReader{blocks, {track.first_, bit}};
}

// What tiers are made of: storage/history/series.hpp.
template class Track<1, SumOfFirst>;
template class Track<2, SumOfFirst>;
template class Track<2, SumOfUnits>;
template class Track<5, SumOfFirst>;
template class TrackReader<1, SumOfFirst>;
template class TrackReader<2, SumOfFirst>;
template class TrackReader<2, SumOfUnits>;
template class TrackReader<5, SumOfFirst>;

}  // namespace storage::history
