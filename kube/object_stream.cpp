// SPDX-License-Identifier: Apache-2.0
#include "kube/object_stream.hpp"

#include "kube/json/decode_full.hpp"
#include "kube/json/stream.hpp"
#include "kube/wire/decode_full.hpp"
#include "kube/wire/protobuf_stream.hpp"
#include "telemetry/log.hpp"

#include <mutex>
#include <utility>

namespace kube {
namespace {

template <class Object>
class ObserverDelivery final : public Delivery {
  public:
    ObserverDelivery(Observer<Object>& observer, Object blank)
        : observer_{observer}, object_{std::move(blank)} {}

    void begin_list() override { observer_.begin_list(); }
    void end_list() override { observer_.end_list(); }

    net::Result<> put(EncodedObject object) override {
        const auto good = decode_named(object);
        if (good) observer_.put(object_);
        return good;
    }
    net::Result<> removed(EncodedObject object) override {
        const auto good = decode_named(object);
        if (good) observer_.removed(object_);
        return good;
    }
    net::Result<> look(EncodedObject object) override {
        if (object.encoding == Encoding::json) return decode_json(object.bytes, object_);
        return decode(object.bytes, object_);
    }

    const std::string& resource_version() const override { return object_.resource_version; }

  private:
    // An object without a name cannot be told from another.
    net::Result<> decode_named(EncodedObject object) {
        if (auto good = look(object); !good) return good;
        if (object_.name.empty()) return Errc::malformed;
        return {};
    }

    Observer<Object>& observer_;
    Object object_;
};

// Once for the process: it costs more, and explains what is seen on the wire.
void say_that_it_is_json() {
    static std::once_flag said;
    std::call_once(said, [] {
        telemetry::info("API server answers in JSON", {{"preferred", kProtobufType}});
    });
}

net::Result<Encoding> read_encoding(const net::ResponseHead& head) {
    const auto encoding = encoding_of(head.headers.find("Content-Type").value_or(""));
    if (!encoding) return Errc::other_encoding;
    if (*encoding == Encoding::json) say_that_it_is_json();
    return *encoding;
}

template <class Reader, class Protobuf, class Json>
std::unique_ptr<Reader> reader_of(Encoding encoding) {
    if (encoding == Encoding::json) return std::make_unique<Json>();
    return std::make_unique<Protobuf>();
}

// With its object out of its envelope; that of an ERROR may be none.
net::Result<WatchEvent> read_event(EncodedObject encoded) {
    if (encoded.encoding == Encoding::json) return decode_json_event(encoded.bytes);
    auto event = decode_event(encoded.bytes);
    if (!event) return event;
    const auto envelope = open_envelope(event->object);
    if (!envelope && event->type != "ERROR") return envelope.error();
    event->object = envelope ? envelope->raw : std::string_view{};
    return event;
}

net::Result<Status> read_status(EncodedObject encoded) {
    if (encoded.encoding == Encoding::json) return decode_json_status(encoded.bytes);
    return decode_status(encoded.bytes);
}

}  // namespace

template <class Object>
std::unique_ptr<Delivery> deliver_to(Observer<Object>& observer, Object blank) {
    return std::make_unique<ObserverDelivery<Object>>(observer, std::move(blank));
}
template std::unique_ptr<Delivery> deliver_to(Observer<Node>& observer, Node blank);
template std::unique_ptr<Delivery> deliver_to(Observer<Pod>& observer, Pod blank);
template std::unique_ptr<Delivery> deliver_to(Observer<FullNode>& observer, FullNode blank);
template std::unique_ptr<Delivery> deliver_to(Observer<FullPod>& observer, FullPod blank);
template std::unique_ptr<Delivery> deliver_to(Observer<ConfigMap>& observer, ConfigMap blank);

void SkippedObjects::add() {
    if (++count_ == 1) telemetry::warning("Skipped a malformed object", {{"resource", resource_}});
}

SkippedObjects::~SkippedObjects() {
    if (count_ > 1)
        telemetry::warning("Skipped malformed objects", {{"resource", resource_}, {"count", count_}});
}

net::Result<> ListSink::head(const net::ResponseHead& head) {
    const auto encoding = read_encoding(head);
    if (!encoding) return encoding.error();
    encoding_ = *encoding;
    reader_ = reader_of<ListReader, ListDecoder, JsonListReader>(encoding_);
    if (page_ == Page::first) delivery_.begin_list();
    return {};
}

net::Result<> ListSink::body(std::string_view piece) {
    for (;;) {
        const auto item = reader_->next(piece);
        if (!item) return item.error();
        if (!*item) return {};
        if (delivery_.put({encoding_, **item}))
            ++objects_;
        else
            skipped_.add();
    }
}

net::Result<> ListSink::finish() const {
    if (!reader_) return Errc::cut_short;
    if (auto whole = reader_->finish(); !whole) return whole;
    // A Status, say, is built like a list as far as the wire tells.
    if (!reader_->kind().ends_with("List")) return Errc::malformed;
    if (reader_->resource_version().empty()) return Errc::no_version;
    return {};
}

net::Result<> WatchSink::head(const net::ResponseHead& head) {
    const auto encoding = read_encoding(head);
    if (!encoding) return encoding.error();
    encoding_ = *encoding;
    reader_ = reader_of<WatchReader, WatchDecoder, JsonWatchReader>(encoding_);
    opened_();
    return {};
}

net::Result<> WatchSink::body(std::string_view piece) {
    for (;;) {
        const auto frame = reader_->next(piece);
        if (!frame) return frame.error();
        if (!*frame) return {};
        if (!take(**frame)) skipped_.add();
        if (failure_) return failure_->code;
    }
}

net::Result<> WatchSink::finish() const {
    if (!reader_) return Errc::cut_short;
    return reader_->finish();
}

net::Result<> WatchSink::take(std::string_view frame) {
    const auto event = read_event({encoding_, frame});
    if (!event) return event.error();
    if (event->type == "ERROR") {
        take_error(event->object);
        return {};
    }
    if (auto applied = apply(event->type, {encoding_, event->object}); !applied) return applied;
    if (!delivery_.resource_version().empty()) version_ = delivery_.resource_version();
    return {};
}

net::Result<> WatchSink::apply(std::string_view type, EncodedObject object) {
    if (type == "ADDED" || type == "MODIFIED") return delivery_.put(object);
    if (type == "DELETED") return delivery_.removed(object);
    if (type == "BOOKMARK") return delivery_.look(object);
    return Errc::malformed;
}

void WatchSink::take_error(std::string_view object) {
    failure_ = Failure{Errc::watch_error};
    auto status = read_status({encoding_, object});
    if (!status) return;
    failure_->http_status = status->code;
    failure_->message = std::move(status->message);
    failure_->retry_after = status->retry_after;
}

}  // namespace kube
