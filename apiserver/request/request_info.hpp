// SPDX-License-Identifier: Apache-2.0
// What a request is about, by its path and method: what authorization is asked for
// (k8s.io/apiserver, pkg/endpoints/request/requestinfo.go), and what is served when it is given. Both come
// from one reading of the path, so that what is served is what was asked for.
#pragma once

#include "apiserver/request/query.hpp"
#include "apiserver/request/route.hpp"
#include "text/parsed.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct RequestInfo {
    bool is_resource = false;
    // Decoded.
    std::string path;
    // get, list, watch, create, ...; the lower-case method of a request that is not for a resource.
    std::string verb;
    std::string group;
    std::string version;
    std::string name_space;
    std::string resource;
    std::string subresource;
    // Also what a list's fieldSelector=metadata.name=... asks for.
    std::string name;
    // As they came, unparsed; empty when longer than is asked about: who may see all may see some of it.
    std::string label_selector;
    std::string field_selector;
    Route route;
};

// Of a selector that is a part of the question. It is parsed and sent before it is known who asks.
inline constexpr std::size_t kMaxAskedSelector = 4 * 1024;
inline constexpr std::ptrdiff_t kMaxAskedCommas = 100;
// Of a decoded path, which is a part of the question too. Longer ones are not read.
inline constexpr std::size_t kMaxPath = 16 * 1024;

// Path segments between slashes, the leading and trailing slashes left out. Segments inside may be empty.
std::vector<std::string> split_path(std::string_view path);

// The error is the text behind "failed to create RequestInfo: ".
text::Parsed<RequestInfo> make_request_info(std::string_view method, const Target& target);

// A query parameter of a bool option: any value but 0 and false is true (k8s.io/apimachinery, conversion).
bool option_is_set(const Query& query, std::string_view key);

}  // namespace apiserver
