// SPDX-License-Identifier: Apache-2.0
// Whole JSON objects to the same values as decode.hpp makes of protobuf: a field of another type than it
// should have costs the object, anything else that is unknown is passed over.
#pragma once

#include "kube/wire/decode.hpp"

namespace kube {

net::Result<WatchEvent> decode_json_event(std::string_view bytes);
net::Result<ListMeta> decode_json_list_meta(std::string_view bytes);
net::Result<Status> decode_json_status(std::string_view bytes);

net::Result<> decode_json(std::string_view bytes, Node& into);
net::Result<> decode_json(std::string_view bytes, Pod& into);
net::Result<> decode_json(std::string_view bytes, ConfigMap& into);
net::Result<> decode_json(std::string_view bytes, PodPlace& into);

}  // namespace kube
