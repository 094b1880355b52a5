// SPDX-License-Identifier: Apache-2.0
// Whose pods an object's are: those that a Service leads to, or that a Deployment or anything else with a
// scale runs.
#pragma once

#include "apiserver/request/label_selector.hpp"
#include "net/task.hpp"
#include "text/parsed.hpp"

#include <string>

namespace apiserver {

struct ObjectName {
    std::string name_space;
    // "services", "deployments.apps"
    std::string resource;
    std::string name;
    auto operator<=>(const ObjectName&) const = default;
};

struct ObjectPods {
    std::string kind;
    std::string api_version;
    // Not empty.
    LabelSelector selector;
};

class ObjectPodsSource {
  public:
    virtual ~ObjectPodsSource() = default;
    // Who asks may read a metric of the object. The error is a sentence for them.
    virtual net::Task<text::Parsed<ObjectPods>> find(ObjectName object, net::Deadline until) = 0;
};

}  // namespace apiserver
