// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/names.hpp"
#include "storage/snapshot/stats_sections.hpp"
#include "storage/snapshot/stats_series_bytes.hpp"
#include "storage/snapshot/stats_snapshots.hpp"

#include <algorithm>
#include <utility>

namespace storage::snapshot {
namespace {

using stats::Catalog;
using stats::NodeEntry;
using stats::PodEntry;
using stats::Seconds;
using stats::Tick;
using Impl = stats::Snapshots::Impl;

constexpr std::uint64_t kLongestTick = 86'400;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 48;
// Behind this no ticks are read, so that there are numbers left for what comes.
constexpr Seconds kLastTick = 3'750'000'000;
constexpr std::size_t kVolumeNameBytes = 63;

std::optional<StatsHead> take_head(BytesReader& bytes) {
    StatsHead head;
    head.tick = static_cast<Seconds>(bytes.number(kLongestTick));
    head.long_ticks = static_cast<Tick>(bytes.number(kLongestTick));
    head.now = static_cast<Seconds>(bytes.number(kLastSecond));
    head.moved = static_cast<Seconds>(bytes.number(static_cast<std::uint64_t>(head.now)));
    if (head.tick == 0 || head.long_ticks == 0 || head.now / head.tick > kLastTick) return std::nullopt;
    if (head.moved % head.tick != 0) return std::nullopt;
    const auto last = static_cast<std::uint64_t>(head.now / head.tick);
    head.first_ever = static_cast<Tick>(bytes.number(last));
    head.first_recent = static_cast<Tick>(bytes.number(last));
    head.first_longer = static_cast<Tick>(bytes.number(last / head.long_ticks));
    head.share = static_cast<unsigned>(bytes.number(history::Share::kWhole));
    head.used_blocks = bytes.number();
    head.bytes_of_others = bytes.number(kMostBytes);
    if (bytes.failed() || head.first_ever == 0 || head.share == 0) return std::nullopt;
    return head;
}

bool has_same_ticks(const Impl& impl, const StatsHead& head) {
    return head.tick == impl.pace.tick;
}

// Rows of the long tier are at the same times, whatever the ticks are, if they are as long.
bool has_same_long_rows(const Impl& impl, const StatsHead& head) {
    return head.tick * head.long_ticks == impl.pace.tick * impl.pace.long_ticks;
}

// The clock goes on where it was at the head. Later sections may be a tick ahead.
void resume(Impl& impl, const StatsHead& head, bool first) {
    if (first || head.now > impl.clock.now()) impl.clock.resume(head.now, head.moved);
    impl.tick = static_cast<Tick>(impl.clock.now() / impl.pace.tick);
    if (first) {
        const Seconds first_ever = Seconds{head.first_ever} * head.tick / impl.pace.tick;
        impl.first_ever = static_cast<Tick>(std::max<Seconds>(first_ever, 1));
        impl.first_recent = has_same_ticks(impl, head) ? head.first_recent : impl.tick;
        impl.first_longer = has_same_long_rows(impl, head) ? head.first_longer : 0;
        impl.share.set(head.share);
        const double fits = impl.share.fit(head.used_blocks, impl.most_blocks(head.bytes_of_others));
        if (fits < 1) {
            const Tick long_ticks = impl.pace.long_ticks;
            const Tick recent = std::max(impl.first_recent, impl.first_ever);
            const Tick longer = std::max(impl.first_longer, impl.first_ever / long_ticks);
            impl.first_recent = history::first_kept(recent, impl.tick, fits);
            impl.first_longer = history::first_kept(longer, impl.tick / long_ticks, fits);
        }
    }
    impl.move_windows();
}

// What an owner has; null of none.
template <class Owner, class Member>
Member* of(Owner* owner, Member Owner::*member) {
    return owner == nullptr ? nullptr : &(owner->*member);
}

// Takes the records of one section.
class StatsRecords {
  public:
    StatsRecords(Impl& impl, const StatsHead& head, BytesReader& bytes, LoadedStats& loaded)
        : impl_{impl}, now_{head.now}, bytes_{bytes}, loaded_{loaded}, target_{impl.blocks} {
        target_.kept = {impl.first_recent, impl.first_longer};
        // A sample may be a moment later than its page.
        target_.last_recent = static_cast<Tick>(head.now / head.tick) + 1;
        target_.last_longer = target_.last_recent / head.long_ticks;
        target_.last_sample = head.now + head.tick;
        target_.takes_recent = has_same_ticks(impl, head);
        target_.takes_longer = has_same_long_rows(impl, head);
    }

    // False: there is none left, or it is wrong.
    bool take() {
        const auto record =
            static_cast<StatsRecord>(bytes_.number(static_cast<std::uint64_t>(StatsRecord::volume)));
        if (record == StatsRecord::node) take_node();
        if (record == StatsRecord::pod) take_pod();
        if (record == StatsRecord::own) take_own();
        if (record == StatsRecord::container) take_container();
        if (record == StatsRecord::volume) take_volume();
        loaded_.refused += std::exchange(target_.refused, 0);
        return record != StatsRecord::end && !bytes_.failed();
    }

  private:
    // Null: there is no place for it.
    template <std::size_t N>
    void take(stats::Series<N>* series, const stats::Columns<N>& columns) {
        if (series != nullptr && (series->at != 0 || !series->empty())) series = nullptr;
        if (take_series(bytes_, series, columns, target_) && series != nullptr) ++loaded_.series;
    }

    // Whether a thing of that name can be added.
    bool takes(std::string_view name) {
        if (bytes_.failed() || !is_name(name)) return false;
        if (impl_.has_room()) return true;
        ++loaded_.refused;
        return false;
    }

    Seconds take_seen() {
        return now_ - static_cast<Seconds>(bytes_.number(static_cast<std::uint64_t>(now_)));
    }

    void take_node() {
        const std::string_view name = bytes_.text(kNodeNameBytes);
        const Seconds seen = take_seen();
        owner_ = StatsRecord::node;
        node_ = impl_.catalog.find_node(name);
        if (node_ == nullptr && takes(name)) node_ = &impl_.catalog.add_node(name);
        if (node_ != nullptr) node_->seen = std::max(node_->seen, seen);
    }

    void take_pod() {
        const std::string_view name_space = bytes_.text(kNamespaceBytes);
        const std::string_view name = bytes_.text(kPodNameBytes);
        const std::string_view node = bytes_.text(kNodeNameBytes);
        const Seconds seen = take_seen();
        owner_ = StatsRecord::pod;
        pod_ = impl_.catalog.find_pod(name_space, name);
        if (pod_ == nullptr && is_name(name_space) && takes(name)) {
            pod_ = &impl_.catalog.add_pod(name_space, name);
            impl_.catalog.set_node(*pod_, is_name(node) ? node : std::string_view{});
        }
        if (pod_ != nullptr) pod_->seen = std::max(pod_->seen, seen);
    }

    void take_own() {
        if (owner_ == StatsRecord::end) bytes_.fail();
        if (owner_ == StatsRecord::node) {
            take(of(node_, &NodeEntry::network), stats::kNetworkColumns);
            take(of(node_, &NodeEntry::memory), stats::kMemoryColumns);
            take(of(node_, &NodeEntry::filesystem), stats::kFilesystemColumns);
            take(of(node_, &NodeEntry::image_filesystem), stats::kFilesystemColumns);
            take(of(node_, &NodeEntry::container_filesystem), stats::kFilesystemColumns);
        }
        if (owner_ == StatsRecord::pod) {
            take(of(pod_, &PodEntry::network), stats::kNetworkColumns);
            take(of(pod_, &PodEntry::memory), stats::kMemoryColumns);
        }
    }

    void take_container() {
        const std::string_view name = bytes_.text(kContainerNameBytes);
        if (owner_ == StatsRecord::end) bytes_.fail();
        if (owner_ == StatsRecord::node) {
            stats::SystemEntry* system = node_ == nullptr ? nullptr : Catalog::find(*node_, name);
            if (node_ != nullptr && system == nullptr && takes(name))
                system = &impl_.catalog.add_system(*node_, name);
            take(of(system, &stats::SystemEntry::figures), stats::kSystemColumns);
        }
        if (owner_ == StatsRecord::pod) {
            stats::ContainerEntry* container = pod_ == nullptr ? nullptr : Catalog::find(*pod_, name);
            if (pod_ != nullptr && container == nullptr && takes(name))
                container = &impl_.catalog.add_container(*pod_, name);
            take(of(container, &stats::ContainerEntry::memory), stats::kMemoryColumns);
            take(of(container, &stats::ContainerEntry::disk), stats::kDiskColumns);
        }
    }

    void take_volume() {
        const std::string_view name = bytes_.text(kVolumeNameBytes);
        const std::string_view claim = bytes_.text(kPodNameBytes);
        if (owner_ != StatsRecord::pod) bytes_.fail();
        stats::VolumeEntry* volume = pod_ == nullptr ? nullptr : Catalog::find_volume(*pod_, name);
        if (pod_ != nullptr && volume == nullptr && takes(name)) {
            volume = &impl_.catalog.add_volume(*pod_, name);
            if (is_name(claim)) impl_.catalog.set_claim(*volume, claim);
        }
        take(of(volume, &stats::VolumeEntry::filesystem), stats::kFilesystemColumns);
    }

    Impl& impl_;
    Seconds now_;
    BytesReader& bytes_;
    LoadedStats& loaded_;
    StatsTarget target_;
    // Whose parts come: a node's, a pod's, or (end) nobody's. Null: there is no place for it.
    StatsRecord owner_ = StatsRecord::end;
    NodeEntry* node_ = nullptr;
    PodEntry* pod_ = nullptr;
};

}  // namespace

StatsLoader::StatsLoader(stats::StatsHistory& stats) : stats_{stats} {
    stats::Snapshots::of(stats_).is_loading = true;
}

StatsLoader::~StatsLoader() {
    stats::Snapshots::of(stats_).is_loading = false;
}

std::string_view StatsLoader::load(std::string_view text) {
    Impl& impl = stats::Snapshots::of(stats_);
    BytesReader bytes{text};
    const std::optional<StatsHead> head = take_head(bytes);
    if (!head || head->now < impl.pace.tick || head->now / impl.pace.tick > kLastTick)
        return "its summaries do not say from when they are";
    if (!resumed_ && impl.first_ever != 0) return "summaries have come already";
    if (!has_same_ticks(impl, *head)) {
        loaded_.other_interval = head->tick;
        // Where the clock was set back, what was before lies between ticks of now.
        loaded_.nothing_fits = !has_same_long_rows(impl, *head) || head->moved % impl.pace.tick != 0;
        if (loaded_.nothing_fits) return "";
    }
    resume(impl, *head, !std::exchange(resumed_, true));
    StatsRecords records{impl, *head, bytes, loaded_};
    while (records.take()) {
    }
    impl.set_limit();
    return bytes.failed() || !bytes.at_end() ? "a series of its summaries is broken" : "";
}

}  // namespace storage::snapshot
