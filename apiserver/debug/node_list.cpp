// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/node_list.hpp"

#include "apiserver/debug/node_row.hpp"
#include "apiserver/encode/json_object.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "net/yield.hpp"
#include "text/printable.hpp"

#include <optional>
#include <utility>

namespace apiserver {
namespace {

// What a piece costs if the filter leaves out all of them: a millisecond.
constexpr std::size_t kPieceNodes = 500;

}  // namespace

NodeList::NodeList(const storage::Store& store, const ScrapeReports& reports, std::function<Moments()> clock,
                   NodeFilter filter, DebugForm form)
    : store_{store}, reports_{reports}, clock_{std::move(clock)}, filter_{std::move(filter)}, form_{form} {}

net::Task<net::Result<net::Piece>> NodeList::next(std::string& out) {
    co_await net::yield();
    const std::size_t from = out.size();
    if (!std::exchange(begun_, true)) begin(out);
    while (advance(out)) {
        if (out.size() - from >= kPieceBytes / 2) co_return net::Piece::more;
        co_await net::yield();
    }
    if (form_ == DebugForm::json) out.append("\n]}\n");
    co_return net::Piece::last;
}

void NodeList::begin(std::string& out) {
    const std::string time = time_text(std::chrono::nanoseconds{clock_().wall.time_since_epoch()}.count());
    if (form_ == DebugForm::table) {
        out.append(time).append("  ").append(text::printable(reports_.summary())).append("  \n");
        append_node_header(out);
        return;
    }
    JsonObject object{out};
    object.text("time", time);
    object.text("summary", reports_.summary());
    object.member("nodes").push_back('[');
}

bool NodeList::advance(std::string& out) {
    const Moments now = clock_();
    if (!filter_.name.empty()) {
        if (node_row(store_, reports_, filter_.name, now)) add(out, filter_.name, now);
        return false;
    }
    const std::size_t from = out.size();
    const std::string after = std::move(after_);
    std::size_t nodes = 0;
    bool more = false;
    store_.walk_nodes(after, now.monotonic, [&](const storage::NodeView& node) {
        add(out, node.name, now);
        more = ++nodes == kPieceNodes || out.size() - from >= kPieceBytes;
        if (more) after_ = node.name;
        return !more;
    });
    return more;
}

void NodeList::add(std::string& out, std::string_view name, const Moments& now) {
    const std::optional<NodeRow> row = node_row(store_, reports_, name, now);
    if (!row || (!filter_.state.empty() && row->scrape.state != filter_.state)) return;
    if (form_ == DebugForm::table) {
        append_line(out, *row, now, store_.bound());
        return;
    }
    out.append(std::exchange(first_, false) ? "\n" : ",\n");
    append_json(out, *row, now, store_.bound());
}

}  // namespace apiserver
