// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/list_source.hpp"

#include "test/sim/api/objects/protobuf.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace sim {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kPiece = 64 * 1024;
// So many objects are encoded between two turns of the loop.
constexpr std::size_t kTurn = 200;

net::Task<> yield_turn() {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

void append_field(std::string& out, const std::string& message) {
    protozero::pbf_writer{out}.add_message(2, message);
}

}  // namespace

ListSource::ListSource(std::vector<Stored> objects, ListForm form)
    : objects_{std::move(objects)}, form_{std::move(form)} {}

std::string ListSource::list_kind() const {
    return (form_.shape == Shape::metadata ? std::string{kPartialMetadata} : form_.type.kind) + "List";
}

std::string ListSource::list_meta_message() const {
    std::string out;
    protozero::pbf_writer writer{out};
    writer.add_string(1, "");
    writer.add_string(2, std::to_string(form_.version));
    writer.add_string(3, form_.next_page);
    if (form_.remaining > 0) writer.add_int64(4, static_cast<std::int64_t>(form_.remaining));
    return out;
}

// The envelope says the size of the message before the message comes: so everything is encoded twice.
net::Task<std::size_t> ListSource::message_size() const {
    std::size_t size = field_size(list_meta_message().size());
    for (std::size_t i = 0; i < objects_.size(); ++i) {
        size += field_size(
            encode_item(*objects_[i].object, objects_[i].version, form_.encoding, form_.shape).size());
        if (i % kTurn == kTurn - 1) co_await yield_turn();
    }
    co_return size;
}

void ListSource::begin(std::string& out) {
    const std::string api_version =
        form_.shape == Shape::metadata ? std::string{kMetaVersion} : form_.type.api_version;
    if (form_.encoding == Encoding::protobuf) {
        out += envelope_begin(list_kind(), api_version, size_);
        protozero::pbf_writer{out}.add_message(1, list_meta_message());
        return;
    }
    nlohmann::ordered_json meta;
    meta["resourceVersion"] = std::to_string(form_.version);
    if (!form_.next_page.empty()) meta["continue"] = form_.next_page;
    if (form_.remaining > 0) meta["remainingItemCount"] = form_.remaining;
    out += "{\"kind\":\"" + list_kind() + "\",\"apiVersion\":\"" + api_version +
           "\",\"metadata\":" + meta.dump() + ",\"items\":[";
}

net::Task<net::Result<net::Piece>> ListSource::next(std::string& out) {
    if (!begun_) {
        begun_ = true;
        if (form_.encoding == Encoding::protobuf) size_ = co_await message_size();
        begin(out);
    } else {
        co_await yield_turn();
    }
    const std::size_t enough = out.size() + kPiece;
    for (; sent_ < objects_.size() && out.size() < enough; ++sent_) {
        const Stored& stored = objects_[sent_];
        const std::string item = encode_item(*stored.object, stored.version, form_.encoding, form_.shape);
        if (form_.encoding == Encoding::protobuf)
            append_field(out, item);
        else
            out.append(sent_ == 0 ? "" : ",").append(item);
    }
    if (sent_ < objects_.size()) co_return net::Piece::more;
    out += form_.encoding == Encoding::protobuf ? envelope_end() : std::string_view{"]}\n"};
    co_return net::Piece::last;
}

}  // namespace sim
