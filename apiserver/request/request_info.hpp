// SPDX-License-Identifier: Apache-2.0
// What a request is about, by its path and method: what authorization is asked for
// (k8s.io/apiserver, pkg/endpoints/request/requestinfo.go), and the segments by which it is served when that
// is given. Both come from one reading of the path, so that what is served is what was asked for.
#pragma once

#include "apiserver/request/query.hpp"
#include "text/parsed.hpp"

#include <cstddef>
#include <optional>
#include <span>
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
    // The path's segments, decoded, without empty ones at its ends. None: nothing is served there.
    std::vector<std::string> segments;
};

// Limits of a selector in the review: it is parsed and sent before it is known who asks.
inline constexpr std::size_t kMaxAskedSelector = 4 * 1024;
inline constexpr std::ptrdiff_t kMaxAskedCommas = 100;
// The longest decoded path, which is sent in the review too. Longer ones are refused.
inline constexpr std::size_t kMaxPath = 16 * 1024;

// Path segments between slashes, the leading and trailing slashes left out. Segments inside may be empty.
std::vector<std::string> split_path(std::string_view path);
bool is_path_or_below(std::string_view path, std::string_view root);
bool is_with_or_without_slash(std::string_view path, std::string_view root);

// The error is the text behind "failed to create RequestInfo: ".
text::Parsed<RequestInfo> make_request_info(std::string_view method, const Target& target);

// A path below /apis/GROUP/VERSION/, taken apart. It refers to a RequestInfo's segments; none is empty.
struct ResourcePath {
    // Null: not below "namespaces".
    const std::string* name_space = nullptr;
    // They begin with the resource, or are a bare "namespaces" or "namespaces", name.
    std::span<const std::string> parts;
};

// nullopt: it is for no resource, has an empty segment, or is read through "watch" or "proxy", and nothing is
// served there.
std::optional<ResourcePath> resource_path(const RequestInfo& info);

// A query parameter of a bool option: any value but 0 and false is true (k8s.io/apimachinery, conversion).
bool option_is_set(const Query& query, std::string_view key);

}  // namespace apiserver
