// SPDX-License-Identifier: Apache-2.0
// Documents as responses.
#pragma once

#include "apiserver/request/negotiate.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/status.hpp"
#include "net/http/message.hpp"

#include <string>
#include <string_view>

namespace apiserver {

// A document in all its representations; YAML is made from JSON.
struct Document {
    // Compact, without a line end.
    std::string json;
    // With magic number and envelope.
    std::string protobuf;
};

net::Response answer_json(unsigned code, std::string_view compact, bool pretty);
net::Response answer_yaml(unsigned code, std::string text);
net::Response answer_protobuf(unsigned code, std::string bytes);
// JSON or YAML, made from compact JSON.
net::Response answer_textual(unsigned code, std::string_view compact, Representation form);
net::Response answer_document(unsigned code, Representation form, const Document& document);

// In the form the request asks for; indented JSON where it accepts none of ours (responsewriters/writers.go).
net::Response answer_status(const Status& status, const net::Request& request, const Query& query);

// text/plain, no newline added.
net::Response answer_text(unsigned code, std::string text);
// The same with `X-Content-Type-Options: nosniff`.
net::Response answer_plain(unsigned code, std::string text);
// 429: too much is being answered at once.
net::Response answer_too_many();

}  // namespace apiserver
