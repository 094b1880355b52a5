// SPDX-License-Identifier: Apache-2.0
// What the ConfigMap kube-system/extension-apiserver-authentication says
// (k8s.io/apiserver, pkg/server/options/authentication_dynamic_request_header.go). Read strictly: what is not
// wholly understood is not used at all, since a list that is taken for empty means "anybody".
#pragma once

#include "apiserver/auth/front_proxy.hpp"
#include "kube/objects.hpp"
#include "net/tls/certificate.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace apiserver {

// Why a key cannot be used.
struct UnreadableKey {
    std::string_view key;
    std::string why;
    // It is not there, or empty: nobody has set it up.
    bool missing = false;
};

template <class T>
using ReadKey = boost::system::result<T, UnreadableKey>;

inline constexpr std::string_view kClientCaKey = "client-ca-file";
inline constexpr std::string_view kFrontProxyCaKey = "requestheader-client-ca-file";
inline constexpr std::string_view kAllowedNamesKey = "requestheader-allowed-names";
inline constexpr std::string_view kUsernameHeadersKey = "requestheader-username-headers";
inline constexpr std::string_view kGroupHeadersKey = "requestheader-group-headers";
inline constexpr std::string_view kExtraPrefixesKey = "requestheader-extra-headers-prefix";
inline constexpr std::string_view kUidHeadersKey = "requestheader-uid-headers";

using KeyedText = kube::StringMap;

// A JSON array of strings, none of them empty. A key that is absent or empty is the empty list, as in Go.
ReadKey<std::vector<std::string>> read_list(const KeyedText& data, std::string_view key);
// `key` holds PEM certificates.
ReadKey<net::TrustPool> read_authorities(const KeyedText& data, std::string_view key);
// All of it, or the first key that is at fault.
ReadKey<FrontProxyConfig> read_front_proxy(const KeyedText& data);

}  // namespace apiserver
