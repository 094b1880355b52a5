// SPDX-License-Identifier: Apache-2.0
// What a request is about, by its path and method: what authorization is asked for
// (k8s.io/apiserver, pkg/endpoints/request/requestinfo.go).
#pragma once

#include "apiserver/request/parsed.hpp"
#include "apiserver/request/query.hpp"

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
    // As they came; unparsed.
    std::string label_selector;
    std::string field_selector;
};

// Path segments between slashes, the leading and trailing slashes left out. Segments inside may be empty.
std::vector<std::string> split_path(std::string_view path);

// The error is the text behind "failed to create RequestInfo: ".
Parsed<RequestInfo> make_request_info(std::string_view method, const Target& target);

// A query parameter of a bool option: any value but 0 and false is true (k8s.io/apimachinery, conversion).
bool option_is_set(const Query& query, std::string_view key);

}  // namespace apiserver
