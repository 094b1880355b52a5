// SPDX-License-Identifier: Apache-2.0
// The query parameters of a list (k8s.io/apimachinery, pkg/apis/meta/internalversion). What we do not act on
// (limit, continue, resourceVersion, ...) is checked and ignored: a list is always whole.
#pragma once

#include "apiserver/request/field_selector.hpp"
#include "apiserver/request/label_selector.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/status.hpp"

#include <boost/system/result.hpp>

namespace apiserver {

struct ListOptions {
    LabelSelector labels;
    FieldSelector fields;
    bool watch = false;
};

// The Status is 400 or 422.
boost::system::result<ListOptions, Status> parse_list_options(const Query& query);

}  // namespace apiserver
