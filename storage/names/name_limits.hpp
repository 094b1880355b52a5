// SPDX-License-Identifier: Apache-2.0
// What a name may be. The API server lets in names of lower case letters, digits, '-' and '.' alone
// (k8s.io/apimachinery, pkg/util/validation: DNS labels, and for pods a DNS subdomain); a page's may have any
// byte that does harm nowhere: ASCII without control characters, blanks, quotes, '/' and '\\'.
#pragma once

#include <cstddef>

namespace storage {

inline constexpr std::size_t kNamespaceBytes = 63;
inline constexpr std::size_t kPodNameBytes = 253;
inline constexpr std::size_t kContainerNameBytes = 63;

}  // namespace storage
