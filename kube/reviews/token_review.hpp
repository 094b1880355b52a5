// SPDX-License-Identifier: Apache-2.0
// authentication.k8s.io/v1 TokenReview: whose bearer token is this?
#pragma once

#include "kube/failure.hpp"
#include "kube/reviews/review_client.hpp"

#include <map>
#include <string>
#include <vector>

namespace kube {

struct UserInfo {
    std::string name;
    std::string uid;
    std::vector<std::string> groups;
    std::map<std::string, std::vector<std::string>> extra;
};

struct TokenStatus {
    bool authenticated = false;
    UserInfo user;
    // Not empty: the review itself went wrong, which proves nothing about the token.
    std::string error;
};

net::Task<Outcome<TokenStatus>> review_token(ReviewClient& client, std::string token, Asker asker,
                                             net::Deadline until);
// Names what could not be asked.
std::string token_review_failure(const ReviewClient& client, const Failure& failure);

// The two halves of it, for tests.
std::string token_review_body(const std::string& token);
Outcome<TokenStatus> read_token_review(const std::string& json);

}  // namespace kube
