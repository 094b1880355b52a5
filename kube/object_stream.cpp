// SPDX-License-Identifier: Apache-2.0
#include "kube/object_stream.hpp"

#include "telemetry/log.hpp"

namespace kube {
namespace {

template <class Object>
class ObserverDelivery final : public Delivery {
  public:
    explicit ObserverDelivery(Observer<Object>& observer) : observer_{observer} {}

    void begin_list() override { observer_.begin_list(); }
    void end_list() override { observer_.end_list(); }

    net::Result<> put(std::string_view object) override {
        const auto good = decode_named(object);
        if (good) observer_.put(object_);
        return good;
    }
    net::Result<> removed(std::string_view object) override {
        const auto good = decode_named(object);
        if (good) observer_.removed(object_);
        return good;
    }
    net::Result<> look(std::string_view object) override { return decode(object, object_); }

    const std::string& resource_version() const override { return object_.resource_version; }

  private:
    // An object without a name cannot be told from another.
    net::Result<> decode_named(std::string_view object) {
        if (auto good = decode(object, object_); !good) return good;
        if (object_.name.empty()) return Errc::malformed;
        return {};
    }

    Observer<Object>& observer_;
    Object object_;
};

net::Result<> must_be_protobuf(const net::ResponseHead& head) {
    if (!is_protobuf(head.headers.find("Content-Type").value_or(""))) return Errc::not_protobuf;
    return {};
}

}  // namespace

template <class Object>
std::unique_ptr<Delivery> deliver_to(Observer<Object>& observer) {
    return std::make_unique<ObserverDelivery<Object>>(observer);
}
template std::unique_ptr<Delivery> deliver_to(Observer<Node>& observer);
template std::unique_ptr<Delivery> deliver_to(Observer<Pod>& observer);
template std::unique_ptr<Delivery> deliver_to(Observer<ConfigMap>& observer);

void SkippedObjects::add() {
    if (++count_ == 1) telemetry::warning("Skipped a malformed object", {{"resource", resource_}});
}

SkippedObjects::~SkippedObjects() {
    if (count_ > 1)
        telemetry::warning("Skipped malformed objects", {{"resource", resource_}, {"count", count_}});
}

net::Result<> ListSink::head(const net::ResponseHead& head) {
    if (auto good = must_be_protobuf(head); !good) return good;
    if (page_ == Page::first) delivery_.begin_list();
    return {};
}

net::Result<> ListSink::body(std::string_view piece) {
    for (;;) {
        const auto item = decoder_.next(piece);
        if (!item) return item.error();
        if (!*item) return {};
        if (delivery_.put(**item))
            ++objects_;
        else
            skipped_.add();
    }
}

net::Result<> ListSink::finish() const {
    if (auto whole = decoder_.finish(); !whole) return whole;
    // A Status, say, is built like a list as far as the wire tells.
    if (!decoder_.kind().ends_with("List")) return Errc::malformed;
    if (decoder_.resource_version().empty()) return Errc::no_version;
    return {};
}

net::Result<> WatchSink::head(const net::ResponseHead& head) {
    if (auto good = must_be_protobuf(head); !good) return good;
    opened_();
    return {};
}

net::Result<> WatchSink::body(std::string_view piece) {
    for (;;) {
        const auto frame = decoder_.next(piece);
        if (!frame) return frame.error();
        if (!*frame) return {};
        if (!take(**frame)) skipped_.add();
        if (failure_) return failure_->code;
    }
}

net::Result<> WatchSink::take(std::string_view frame) {
    const auto event = decode_event(frame);
    if (!event) return event.error();
    const auto object = open_envelope(event->object);
    if (event->type == "ERROR") {
        take_error(object ? object->raw : std::string_view{});
        return {};
    }
    if (!object) return object.error();
    if (auto applied = apply(event->type, object->raw); !applied) return applied;
    if (!delivery_.resource_version().empty()) version_ = delivery_.resource_version();
    return {};
}

net::Result<> WatchSink::apply(std::string_view type, std::string_view object) {
    if (type == "ADDED" || type == "MODIFIED") return delivery_.put(object);
    if (type == "DELETED") return delivery_.removed(object);
    if (type == "BOOKMARK") return delivery_.look(object);
    return Errc::malformed;
}

void WatchSink::take_error(std::string_view object) {
    failure_ = Failure{Errc::watch_error};
    auto status = decode_status(object);
    if (!status) return;
    failure_->http_status = status->code;
    failure_->message = std::move(status->message);
    failure_->retry_after = status->retry_after;
}

}  // namespace kube
