// SPDX-License-Identifier: Apache-2.0
#include "kube/json/decode.hpp"

#include "kube/json/fields.hpp"
#include "kube/json/object_splitter.hpp"
#include "kube/wire/protobuf_stream.hpp"

#include <algorithm>
#include <limits>

namespace kube {
namespace {

std::int32_t to_int32(std::int64_t value) {
    using Limits = std::numeric_limits<std::int32_t>;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, Limits::min(), Limits::max()));
}

constexpr Member kListMeta[] = {{"resourceVersion", text_of(Field::resource_version)},
                                {"continue", text_of(Field::continue_token)}};

class ListMetaTarget final : public FieldTarget {
  public:
    explicit ListMetaTarget(ListMeta& meta) : meta_{meta} {}
    void text(Field field, const std::string&, const std::string& value) override {
        if (field == Field::resource_version) meta_.resource_version = value;
        if (field == Field::continue_token) meta_.continue_token = value;
    }

  private:
    ListMeta& meta_;
};

constexpr Member kStatusDetails[] = {{"retryAfterSeconds", number_of(Field::retry_after)}};
constexpr Member kStatus[] = {{"message", text_of(Field::message)},
                              {"reason", text_of(Field::reason)},
                              {"code", number_of(Field::code)},
                              {"details", object_of(kStatusDetails)}};

class StatusTarget final : public FieldTarget {
  public:
    explicit StatusTarget(Status& status) : status_{status} {}
    void text(Field field, const std::string&, const std::string& value) override {
        if (field == Field::message) status_.message = value;
        if (field == Field::reason) status_.reason = value;
    }
    void number(Field field, std::int64_t value) override {
        if (field == Field::code) status_.code = to_int32(value);
        if (field == Field::retry_after) status_.retry_after = std::chrono::seconds{to_int32(value)};
    }

  private:
    Status& status_;
};

}  // namespace

net::Result<ListMeta> decode_json_list_meta(std::string_view bytes) {
    ListMeta meta;
    ListMetaTarget target{meta};
    if (auto good = read_fields(bytes, object_of(kListMeta), target); !good) return good.error();
    return meta;
}

net::Result<Status> decode_json_status(std::string_view bytes) {
    Status status;
    StatusTarget target{status};
    if (auto good = read_fields(bytes, object_of(kStatus), target); !good) return good.error();
    return status;
}

net::Result<WatchEvent> decode_json_event(std::string_view bytes) {
    WatchEvent event;
    ObjectSplitter splitter{{"type", "object"}, "", kLongestItem};
    for (;;) {
        const auto part = splitter.next(bytes);
        if (!part) return part.error();
        if (!*part) break;
        if ((*part)->key == "object") {
            event.object = (*part)->value;
            continue;
        }
        auto type = decode_json_text((*part)->value);
        if (!type) return type.error();
        event.type = std::move(*type);
    }
    if (auto whole = splitter.finish(); !whole) return whole.error();
    return event;
}

}  // namespace kube
