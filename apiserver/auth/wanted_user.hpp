// SPDX-License-Identifier: Apache-2.0
// The user that a request wants to act as: the Impersonate-* headers
// (k8s.io/apiserver, pkg/endpoints/filters/impersonation).
#pragma once

#include "apiserver/auth/user.hpp"
#include "net/http/message.hpp"
#include "text/parsed.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace apiserver {

// The longest header: each is asked about before it is known whether the client may act as others.
inline constexpr std::size_t kMaxImpersonated = 4 * 1024;

// The user as the headers name it, with nothing added; nullopt: they name none. The error is the message of a
// 400: they want a group, a uid or something extra without a user, or a header is too long.
text::Parsed<std::optional<User>> wanted_user(const net::Headers& headers);

struct ServiceAccount {
    std::string_view name_space;
    std::string_view name;
};
// The service account that a user's name stands for, or the node; parts of the name.
std::optional<ServiceAccount> service_account_of(std::string_view user_name);
std::optional<std::string_view> node_of(std::string_view user_name);

// Why something extra cannot be had by constrained impersonation; empty: it can.
std::string extra_fault(const User& wanted);

}  // namespace apiserver
