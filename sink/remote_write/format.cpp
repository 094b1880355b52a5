// SPDX-License-Identifier: Apache-2.0
#include "sink/remote_write/format.hpp"

#include "series/expansion.hpp"
#include "sink/remote_write/newest_points.hpp"
#include "sink/remote_write/nodes_before.hpp"
#include "sink/remote_write/snappy.hpp"
#include "sink/remote_write/write_request.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace sink::remote_write {
namespace {

using query::kStale;
using query::Millis;
using series::Family;
using series::ItemView;
using series::Kind;
using series::Origin;
using series::Shape;
using storage::history::RecentPoint;
using Told = storage::stats::Point;

// A family, with its name as it is written.
struct Column {
    const Family* family = nullptr;
    std::string name;
};

std::optional<Kind> kind_of(Row::Of of) {
    switch (of) {
        case Row::Of::container:
            return Kind::container;
        case Row::Of::pod:
            return Kind::pod;
        case Row::Of::node:
            return Kind::node;
        case Row::Of::name_space:
        case Row::Of::cluster:
            break;
    }
    return std::nullopt;
}

// Pods of a node may share a claim, and it is one series: that of the first volume that tells of it.
class Claims {
  public:
    void clear() { owners_.clear(); }
    // Whether it is this volume's.
    bool take(const series::Thing& thing, std::string_view claim, std::string_view volume) {
        key_.assign(thing.node).append(1, '/').append(thing.name_space).append(1, '/').append(claim);
        owner_.assign(thing.pod).append(1, '/').append(volume);
        return owners_.try_emplace(key_, owner_).first->second == owner_;
    }

  private:
    boost::unordered_flat_map<std::string, std::string> owners_;
    std::string key_, owner_;
};

class RemoteWriteFormat final : public Format {
  public:
    explicit RemoteWriteFormat(FormatOptions options)
        : extras_{options.extras}, request_{std::move(options.external_labels)} {
        for (const Family& family : series::families())
            if (has(extras_, family) && !family.moves)
                columns_[static_cast<std::size_t>(family.kind)].push_back(
                    {&family, WriteRequest::name_label(family.name)});
    }

    void begin(const TickSpan& tick) override {
        at_ = tick.at * 1000;
        if (extras_.objects != nullptr) ends_before_ = std::exchange(ends_, extras_.objects->ended_pods());
        newest_.begin(extras_.stats, tick.summaries);
        nodes_before_.next_tick();
        claims_.clear();
        request_.clear();
    }

    void add(const Row& row) override {
        const auto kind = kind_of(row.of);
        const bool has_ended = !row.now && row.before;
        if (!kind || (!row.now && !has_ended && kind != Kind::node)) return;
        thing_.name_space = row.name_space;
        thing_.pod = row.pod;
        thing_.container = row.container;
        thing_.node = row.node;
        newest_.next_thing();
        labels_are_shared_ = false;
        const auto look = newest_.is_empty() ? series::Look::at_objects : series::Look::at_all;
        series::look_up(thing_, *kind, extras_, look, known_);
        if (kind != Kind::node) {
            if (extras_.objects == nullptr)
                mark_moved(row, *kind);
            else
                look_up_ended(row, *kind);
        }
        for (const Column& column : columns_[static_cast<std::size_t>(*kind)]) {
            if (column.family->shape == Shape::up)
                add_up(column, row);
            else if (column.family->origin == Origin::kubelet)
                add_plain(column, row);
            else if (column.family->origin == Origin::objects)
                add_told_by_watches(column, row);
            else if (row.now && !newest_.is_empty())
                add_told_by_summaries(column);
        }
    }

    std::size_t points() const override { return request_.series(); }
    std::size_t bytes() const override { return request_.bytes().size(); }

    Batch take() override {
        Batch batch;
        batch.points = static_cast<std::uint32_t>(request_.series());
        batch.body = compressed(request_.bytes(), scratch_);
        request_.clear();
        return batch;
    }

  private:
    // The watch may have dropped a pod before its last figures are told, or its end, and may show another of
    // its name by then.
    void look_up_ended(const Row& row, Kind kind) {
        const storage::WatchedObjects& objects = *extras_.objects;
        std::optional<storage::PodObject> ended;
        // Since the tick before was begun: it is what that one was told of.
        if (row.before) ended = objects.ended_pod(row.name_space, row.pod, ends_before_);
        if (ended && row.now && known_.pod)
            mark_ended(row, kind, *ended);
        else if (ended)
            known_.pod = ended;
        else if (!known_.pod)
            known_.pod = objects.ended_pod(row.name_space, row.pod);
    }

    // Without the watches' objects a pod that moved under its name ends by its label of the node alone.
    void mark_moved(const Row& row, Kind kind) {
        if (kind == Kind::pod && row.now) nodes_before_.note(row.name_space, row.pod, row.node);
        const std::string_view node =
            row.before ? nodes_before_.of(row.name_space, row.pod) : std::string_view{};
        if (!row.now || node.empty() || node == row.node) return;
        thing_.node = node;
        Row end = row;
        end.now.reset();
        for (const Column& column : columns_[static_cast<std::size_t>(kind)])
            if (column.family->origin == Origin::kubelet) add_plain(column, end);
        thing_.node = row.node;
        labels_are_shared_ = false;
    }

    // Of the series of a pod whose name another one has now those that this one does not go on with.
    void mark_ended(const Row& row, Kind kind, const storage::PodObject& ended) {
        const auto next = std::exchange(known_.pod, ended);
        const bool is_moved = !ended.node.empty() && ended.node != row.node;
        const bool has_other_image = kind == Kind::container && image_in(ended) != image_in(*next);
        if (is_moved) thing_.node = ended.node;
        Row end = row;
        end.now.reset();
        for (const Column& column : columns_[static_cast<std::size_t>(kind)]) {
            if (column.family->origin == Origin::kubelet && (is_moved || has_other_image))
                add_plain(column, end);
            else if (column.family->origin == Origin::objects && (is_moved || ended.uid != next->uid))
                add_told_by_watches(column, end);
        }
        thing_.node = row.node;
        known_.pod = next;
        labels_are_shared_ = false;
    }

    std::string_view image_in(const storage::PodObject& pod) const {
        return storage::image_of(pod.containers, thing_.container);
    }

    void add_up(const Column& column, const Row& row) {
        use_shared(*column.family);
        request_.add(column.name, {at_, row.now ? 1.0 : row.is_known ? 0.0 : kStale});
    }

    void add_plain(const Column& column, const Row& row) {
        const auto value_at = [&](const std::optional<RecentPoint>& point) {
            return point ? column.family->value(series::point_of(*point)) : std::nullopt;
        };
        const std::optional<double> value = value_at(row.now);
        if (!value && !value_at(row.before)) return;
        use_shared(*column.family);
        request_.add(column.name, {at_, value.value_or(kStale)});
    }

    void add_told_by_watches(const Column& column, const Row& row) {
        if (!row.now && !row.before) return;
        const auto add = [&](const ItemView& item) {
            use(*column.family, item);
            request_.add(column.name, {at_, row.now ? item.value : kStale});
        };
        series::visit_items(*column.family, thing_, known_, std::ref(add));
    }

    void add_told_by_summaries(const Column& column) {
        const Family& family = *column.family;
        const auto add = [&](const ItemView& item) {
            const Told* const told = newest_.of(family, thing_, item);
            const auto value = told == nullptr ? std::nullopt : family.told(*told);
            if (!value) return;
            if (family.shape == Shape::volumes) {
                if (!claims_.take(thing_, item.labels[0].value, item.volume)) return;
                use(family, item);
            } else {
                use_shared(family);
            }
            request_.add(column.name, {told->at * 1000, *value});
        };
        series::visit_items(family, thing_, known_, std::ref(add));
    }

    // Those of a thing differ in the name alone, unless the watches tell them or they are of a volume.
    void use_shared(const Family& family) {
        if (std::exchange(labels_are_shared_, true)) return;
        const auto fill = [&](const ItemView& item) { fill_labels(family, item); };
        series::visit_items(family, thing_, known_, std::ref(fill));
        request_.use(labels_);
    }

    void use(const Family& family, const ItemView& item) {
        labels_are_shared_ = false;
        fill_labels(family, item);
        request_.use(labels_);
    }

    void fill_labels(const Family& family, const ItemView& item) {
        labels_.clear();
        series::append_labels(family, thing_, item.own(), labels_);
    }

    series::Extras extras_;
    // By kind.
    std::array<std::vector<Column>, 3> columns_;
    WriteRequest request_;
    NewestPoints newest_;
    NodesBefore nodes_before_;
    Claims claims_;
    Millis at_ = 0;
    // How many pods had ended when the tick was begun, and the one before it.
    std::uint64_t ends_ = 0;
    std::uint64_t ends_before_ = 0;
    std::string scratch_;
    // Of the row.
    series::Thing thing_;
    series::Known known_;
    query::Labels labels_;
    bool labels_are_shared_ = false;
};

}  // namespace

std::unique_ptr<Format> make_format(FormatOptions options) {
    return std::make_unique<RemoteWriteFormat>(std::move(options));
}

}  // namespace sink::remote_write
