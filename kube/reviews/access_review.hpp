// SPDX-License-Identifier: Apache-2.0
// authorization.k8s.io/v1 SubjectAccessReview: may this user do this?
#pragma once

#include "kube/failure.hpp"
#include "kube/reviews/review_client.hpp"
#include "kube/reviews/token_review.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kube {

// One term of a selector, as reviews carry it.
struct SelectorRequirement {
    std::string key;
    // In, NotIn, Exists, DoesNotExist.
    std::string op;
    std::vector<std::string> values;
};

struct ResourceAttributes {
    std::string name_space;
    std::string verb;
    std::string group;
    std::string version;
    std::string resource;
    std::string subresource;
    std::string name;
    std::vector<SelectorRequirement> field_selector;
    std::vector<SelectorRequirement> label_selector;
};

struct AccessQuestion {
    UserInfo user;
    // Set: a resource request; else path and verb.
    std::optional<ResourceAttributes> resource;
    std::string path;
    std::string verb;
};

struct AccessStatus {
    bool allowed = false;
    // For certain; not allowed alone means that nobody allowed it.
    bool denied = false;
    std::string reason;
};

// The JSON of the spec: the same for the same question, so it is a key for caches too.
std::string access_spec(const AccessQuestion& question);

net::Task<Outcome<AccessStatus>> review_access(ReviewClient& client, std::string spec, Asker asker,
                                               net::Deadline until);
// Names what could not be asked.
std::string access_review_failure(const ReviewClient& client, const Failure& failure);

// For tests.
Outcome<AccessStatus> read_access_review(const std::string& json);

}  // namespace kube
