// SPDX-License-Identifier: Apache-2.0
// Documents as responses.
#pragma once

#include "apiserver/representation/representation.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/status.hpp"
#include "net/http/message.hpp"

#include <string>

namespace apiserver {

net::Response answer_json(unsigned code, std::string compact, bool pretty);
net::Response answer_document(unsigned code, const Representation& form, const Document& document);
// 200; `encoded`: by Encoder::object() of the form's encoder.
net::Response answer_object(const Representation& form, std::string encoded);

// In the form the request asks for; indented JSON where it accepts none of ours (responsewriters/writers.go).
net::Response answer_status(const Status& status, const net::Request& request, const Query& query);

// text/plain, no newline added.
net::Response answer_text(unsigned code, std::string text);
// The same with `X-Content-Type-Options: nosniff`.
net::Response answer_plain(unsigned code, std::string text);
// Too much is being answered at once: come again in a second.
net::Response answer_too_many(unsigned code = 429);

}  // namespace apiserver
