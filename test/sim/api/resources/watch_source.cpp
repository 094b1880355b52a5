// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/watch_source.hpp"

#include "test/sim/api/objects/protobuf.hpp"
#include "test/sim/api/request/status.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace sim {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

}  // namespace

WatchSource::WatchSource(Collection& collection, WatchForm form)
    : collection_{collection},
      form_{std::move(form)},
      next_bookmark_{net::Clock::now() + form_.bookmark_interval} {}

net::Task<net::Result<net::Piece>> WatchSource::next(std::string& out) {
    const std::size_t before = out.size();
    if (form_.initial) {
        // A long list must not keep the loop from the others.
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        append_initial(out);
        begun_ = true;
        co_return net::Piece::more;
    }
    for (;;) {
        if (form_.version < collection_.oldest()) {
            append_expired(out);
            co_return net::Piece::last;
        }
        append_changes(out);
        // The head goes out at once, whether or not there is anything to say.
        if (out.size() > before || !begun_) {
            begun_ = true;
            co_return net::Piece::more;
        }
        const auto now = net::Clock::now();
        if (collection_.closed() || now >= form_.until) co_return net::Piece::last;
        if (form_.bookmarks && now >= next_bookmark_) {
            append_bookmark(out);
            co_return net::Piece::more;
        }
        co_await collection_.changed().wait_until(form_.bookmarks ? std::min(form_.until, next_bookmark_)
                                                                  : form_.until);
    }
}

void WatchSource::append_initial(std::string& out) {
    const std::size_t enough = out.size() + kPiece;
    for (; sent_ < form_.initial->size() && out.size() < enough; ++sent_) {
        const Stored& stored = (*form_.initial)[sent_];
        append_event(out, "ADDED",
                     encode_object(*stored.object, stored.version, collection_.type().type, form_.encoding,
                                   form_.shape));
    }
    if (sent_ < form_.initial->size()) return;
    form_.initial.reset();
    append_bookmark(out, true);
}

void WatchSource::append_changes(std::string& out) {
    const std::size_t enough = out.size() + kPiece;
    while (const Change* change = collection_.next_change(form_.version)) {
        if (out.size() >= enough) return;
        append_change(out, *change);
        form_.version = change->version;
    }
}

// An object that comes into the selection is added, one that leaves it deleted, whatever really happened.
void WatchSource::append_change(std::string& out, const Change& change) {
    const bool was = change.before && form_.selection.matches(*change.before);
    const bool is = change.after && form_.selection.matches(*change.after);
    if (!was && !is) return;
    const std::string_view type = is ? (was ? "MODIFIED" : "ADDED") : "DELETED";
    const Object& object = change.after ? *change.after : *change.before;
    append_event(out, type,
                 encode_object(object, change.version, collection_.type().type, form_.encoding, form_.shape));
}

void WatchSource::append_event(std::string& out, std::string_view type, std::string_view object) const {
    if (form_.encoding == Encoding::json) {
        out.append("{\"type\":\"").append(type).append("\",\"object\":").append(object).append("}\n");
        return;
    }
    // A frame: four bytes of length, then WatchEvent{1 type, 2 RawExtension{1 raw}}.
    std::string raw, event;
    protozero::pbf_writer{raw}.add_bytes(1, object.data(), object.size());
    protozero::pbf_writer writer{event};
    add_text(writer, 1, type);
    writer.add_message(2, raw);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((event.size() >> shift) & 0xff);
    out += event;
}

// An object of the watched kind that holds a version and nothing else, unless it ends the initial events.
void WatchSource::append_bookmark(std::string& out, bool ends_initial) {
    static const Labels kEnd{{"k8s.io/initial-events-end", "true"}};
    const TypeName type = form_.shape == Shape::metadata
                              ? TypeName{std::string{kPartialMetadata}, std::string{kMetaVersion}}
                              : collection_.type().type;
    // Changes that came while the initial events were sent are still to be told.
    const std::uint64_t version =
        ends_initial ? form_.version : std::max(form_.version, collection_.current());
    form_.version = version;
    next_bookmark_ = net::Clock::now() + form_.bookmark_interval;
    if (form_.encoding == Encoding::json) {
        nlohmann::ordered_json object;
        object["kind"] = type.kind;
        object["apiVersion"] = type.api_version;
        object["metadata"] = {{"resourceVersion", std::to_string(version)}, {"creationTimestamp", nullptr}};
        if (ends_initial) object["metadata"]["annotations"] = {{kEnd[0].first, kEnd[0].second}};
        append_event(out, "BOOKMARK", object.dump());
        return;
    }
    std::string meta, object;
    protozero::pbf_writer meta_writer{meta};
    meta_writer.add_string(6, std::to_string(version));
    if (ends_initial) add_map(meta_writer, 12, kEnd);
    protozero::pbf_writer{object}.add_message(1, meta);
    append_event(out, "BOOKMARK", protobuf_envelope(type.kind, type.api_version, object));
}

void WatchSource::append_expired(std::string& out) const {
    append_event(out, "ERROR",
                 encode_status(expired("too old resource version: " + std::to_string(form_.version) + " (" +
                                       std::to_string(collection_.oldest()) + ")"),
                               form_.encoding));
}

}  // namespace sim
