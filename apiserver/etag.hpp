// SPDX-License-Identifier: Apache-2.0
// ETags of documents, as k8s.io/apiserver and kube-openapi make them.
#pragma once

#include "net/http/message.hpp"

#include <string>
#include <string_view>

namespace apiserver {

// The upper-case hexadecimal SHA-512 of the text, in quotes.
std::string make_etag(std::string_view text);

// Whether the client's If-None-Match names the tag, or any.
bool client_has(const net::Request& request, std::string_view etag);

}  // namespace apiserver
