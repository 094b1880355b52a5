// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/history_sections.hpp"
#include "storage/snapshot/history_snapshots.hpp"
#include "storage/snapshot/names.hpp"
#include "storage/snapshot/series_bytes.hpp"

#include <algorithm>
#include <utility>

namespace storage::snapshot {
namespace {

using history::kNowhere;
using history::Series;
using history::Tick;
using Impl = history::History::Impl;

constexpr history::Seconds kLongestTick = 86'400;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 48;

Tick take_number(BytesReader& bytes) {
    return static_cast<Tick>(bytes.number(kLastNumber));
}

std::optional<Head> take_head(BytesReader& bytes) {
    Head head;
    head.tick_length = static_cast<history::Seconds>(bytes.number(kLongestTick));
    head.over = take_number(bytes);
    head.last = take_number(bytes);
    head.first_over = take_number(bytes);
    head.first_tick = take_number(bytes);
    head.bucket = take_number(bytes);
    head.first_bucket = take_number(bytes);
    head.share = static_cast<unsigned>(bytes.number(history::Share::kWhole));
    head.used_blocks = bytes.number();
    head.bytes_of_others = bytes.number(kMostBytes);
    const bool sound =
        head.tick_length > 0 && head.share > 0 && head.over > 0 && head.over <= head.last && head.bucket > 0;
    if (bytes.failed() || !sound) return std::nullopt;
    return head;
}

// Where the last whole tick was, in ticks of now.
Tick in_ticks_of(history::Seconds length, Tick number, history::Seconds told_length) {
    return static_cast<Tick>(std::min<history::Seconds>(number * told_length / length, kLastNumber));
}

// History goes on where it was at the head. Later sections may be a tick ahead.
void resume(Impl& impl, const Head& head, bool first) {
    const history::Seconds length = impl.ticks.length();
    const Tick over = in_ticks_of(length, head.over, head.tick_length);
    const Tick last = in_ticks_of(length, head.last, head.tick_length);
    if (first || last > impl.ticks.last()) impl.ticks.resume(last);
    if (first || head.bucket > impl.buckets.last()) impl.buckets.resume(head.bucket);
    impl.over = std::max(impl.over, over);
    impl.tick = impl.over;
    impl.bucket = impl.buckets.last();
    impl.end_of_bucket = impl.buckets.time(impl.bucket);
    if (first) {
        const bool same = head.tick_length == length;
        impl.first_over = same ? head.first_over : over;
        impl.first_tick = same ? head.first_tick : over;
        impl.first_bucket = head.first_bucket;
        impl.share.set(head.share);
        const double fits = impl.share.fit(head.used_blocks, impl.most_blocks(head.bytes_of_others));
        impl.first_tick = history::first_kept(impl.first_tick, over, fits);
        impl.first_bucket = history::first_kept(impl.first_bucket, impl.bucket, fits);
    }
    impl.move_windows();
}

// Takes the records of one section.
class Records {
  public:
    Records(Impl& impl, const Head& head, BytesReader& bytes, LoadedHistory& loaded)
        : impl_{impl}, bytes_{bytes}, loaded_{loaded}, target_{impl.room} {
        target_.first_tick = impl.first_tick;
        target_.first_bucket = impl.first_bucket;
        target_.last_tick = head.last;
        target_.last_bucket = head.bucket;
        target_.told_tick = head.tick_length;
        target_.tick = impl.ticks.length();
    }

    // False: there is none left, or it is wrong.
    bool take() {
        const auto record = static_cast<Record>(bytes_.number(static_cast<std::uint64_t>(Record::container)));
        if (record == Record::cluster) take_into(&impl_.cluster);
        if (record == Record::name_space) take_namespace();
        if (record == Record::node) take_node();
        if (record == Record::pod) take_pod();
        if (record == Record::container) take_container();
        loaded_.refused += std::exchange(target_.refused, 0);
        return record != Record::end && !bytes_.failed();
    }

  private:
    // Null: there is no place for it.
    void take_into(Series* series) {
        if (series != nullptr && !series->empty()) series = nullptr;
        if (take_series(bytes_, series, target_) && series != nullptr) ++loaded_.series;
    }

    // Whether a thing of that name can be added.
    bool takes(std::string_view name) {
        if (!is_name(name)) return false;
        if (impl_.has_room()) return true;
        ++loaded_.refused;
        return false;
    }

    void take_namespace() {
        const std::string_view name = bytes_.text(kNamespaceBytes);
        std::uint32_t at = impl_.catalog.find_namespace(name);
        if (at == kNowhere && takes(name)) at = impl_.catalog.hold_namespace(name);
        take_into(at == kNowhere ? nullptr : &impl_.catalog.namespaces[at].series);
    }

    std::uint32_t hold_node(std::string_view name) {
        const std::uint32_t at = impl_.catalog.find_node(name);
        if (at != kNowhere || !takes(name)) return at;
        return impl_.catalog.add_node(name);
    }

    void take_node() {
        const std::uint32_t at = hold_node(bytes_.text(kNodeNameBytes));
        take_into(at == kNowhere ? nullptr : &impl_.catalog.nodes[at].series);
    }

    void take_pod() {
        const std::string_view name_space = bytes_.text(kNamespaceBytes);
        const std::string_view name = bytes_.text(kPodNameBytes);
        const std::string_view node = bytes_.text(kNodeNameBytes);
        if (bytes_.failed()) return;
        before_ = kNowhere;
        pod_ = impl_.catalog.find_pod(name_space, name);
        if (pod_ == kNowhere && is_name(name_space) && takes(name))
            pod_ = impl_.catalog.add_pod(name_space, name);
        if (pod_ == kNowhere) return;
        history::PodEntry& pod = impl_.catalog.pods[pod_];
        if (pod.node == kNowhere && !node.empty()) impl_.catalog.set_node(pod, hold_node(node));
    }

    // A pod's containers are told by name.
    void take_container() {
        const std::string_view name = bytes_.text(kContainerNameBytes);
        if (pod_ == kNowhere || bytes_.failed()) return take_into(nullptr);
        history::Catalog& catalog = impl_.catalog;
        history::PodEntry& pod = catalog.pods[pod_];
        if (before_ != kNowhere && name <= catalog.containers[before_].name.text()) {
            bytes_.fail();
            return;
        }
        std::uint32_t at = before_ == kNowhere ? pod.first : catalog.containers[before_].next;
        while (at != kNowhere && catalog.containers[at].name.text() < name) {
            before_ = at;
            at = catalog.containers[at].next;
        }
        if (at == kNowhere || catalog.containers[at].name.text() != name) {
            if (!takes(name)) return take_into(nullptr);
            at = catalog.add_container(pod, before_, name);
        }
        before_ = at;
        take_into(&catalog.containers[at].series);
    }

    Impl& impl_;
    BytesReader& bytes_;
    LoadedHistory& loaded_;
    SeriesTarget target_;
    // The pod whose containers come, and the last of them.
    std::uint32_t pod_ = kNowhere;
    std::uint32_t before_ = kNowhere;
};

}  // namespace

std::string_view HistoryLoader::load(std::string_view text) {
    Impl& impl = history::Snapshots::of(history_);
    BytesReader bytes{text};
    const std::optional<Head> head = take_head(bytes);
    if (!head) return "its history does not say from when it is";
    if (impl.begun || impl.over != over_) return "history has begun already";
    resume(impl, *head, over_ == 0);
    over_ = impl.over;
    if (head->tick_length != impl.ticks.length()) loaded_.other_tick = head->tick_length;
    loaded_.to = std::max(loaded_.to, impl.ticks.time(impl.over));
    Records records{impl, *head, bytes, loaded_};
    while (records.take()) {
    }
    impl.set_limits();
    return bytes.failed() || !bytes.at_end() ? "a series of its history is broken" : "";
}

}  // namespace storage::snapshot
