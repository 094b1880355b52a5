// SPDX-License-Identifier: Apache-2.0
#include "kube/reviews/access_review.hpp"
#include "kube/reviews/token_review.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using nlohmann::json;

TEST_CASE("A token review tells the user") {
    const auto status =
        kube::read_token_review(R"({"kind":"TokenReview","status":{"authenticated":true,"user":{
        "username":"system:serviceaccount:default:a","uid":"7","groups":["g1","g2"],
        "extra":{"k":["v1","v2"]}},"audiences":["x"]}})");
    REQUIRE(status.has_value());
    CHECK(status->authenticated);
    CHECK(status->error.empty());
    CHECK(status->user.name == "system:serviceaccount:default:a");
    CHECK(status->user.uid == "7");
    CHECK(status->user.groups == std::vector<std::string>{"g1", "g2"});
    CHECK(status->user.extra.at("k") == std::vector<std::string>{"v1", "v2"});
}

TEST_CASE("Review answers of another shape prove nothing") {
    struct Case {
        const char* name;
        const char* text;
        bool readable;
    };
    const Case cases[] = {
        {"not JSON", "<html>", false},
        {"not an object", "[]", false},
        {"empty", "{}", true},
        {"wrong types", R"({"status":{"authenticated":"true","user":{"username":7,"groups":"g"}}})", true},
        {"status is text", R"({"status":"ok"})", true},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            const auto token = kube::read_token_review(c.text);
            REQUIRE(token.has_value() == c.readable);
            if (token) CHECK(!token->authenticated);
            if (token) CHECK(token->user.name.empty());
            const auto access = kube::read_access_review(c.text);
            if (access) CHECK(!access->allowed);
        }
    }
}

TEST_CASE("Access is what the status says") {
    struct Case {
        const char* text;
        bool allowed;
        bool denied;
        const char* reason;
    };
    const Case cases[] = {
        {R"({"status":{"allowed":true,"reason":"RBAC: allowed"}})", true, false, "RBAC: allowed"},
        {R"({"status":{"allowed":false,"reason":"no"}})", false, false, "no"},
        {R"({"status":{"allowed":true,"denied":true}})", true, true, ""},
        {R"({"status":{"denied":true}})", false, true, ""},
        {R"({"status":{}})", false, false, ""},
        {R"({"status":{"allowed":false,"evaluationError":"ignored"}})", false, false, ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto status = kube::read_access_review(c.text);
        REQUIRE(status.has_value());
        CHECK(status->allowed == c.allowed);
        CHECK(status->denied == c.denied);
        CHECK(status->reason == c.reason);
    }
}

TEST_CASE("A token that is not UTF-8 still makes a JSON document") {
    const json body =
        json::parse(kube::token_review_body("a\xff"
                                            "b\"c"));
    CHECK(body["spec"]["token"] ==
          "a\xef\xbf\xbd"
          "b\"c");
}
