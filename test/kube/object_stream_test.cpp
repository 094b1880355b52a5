// SPDX-License-Identifier: Apache-2.0
#include "kube/object_stream.hpp"

#include "test/kube/bytes.hpp"
#include "test/kube/reflector_scene.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

TEST_CASE("An ERROR event ends a watch with all that its status says") {
    struct Case {
        const char* content_type;
        std::string event;
        std::chrono::seconds retry_after;
    };
    const Case cases[] = {
        {"application/json",
         R"({"type":"ERROR","object":{"message":"too busy","code":429,"details":{"retryAfterSeconds":7}}})",
         std::chrono::seconds{7}},
        {"application/vnd.kubernetes.protobuf;stream=watch", event("ERROR", status(429, "too busy")), {}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.content_type) {
            Recorder recorder;
            const auto delivery = deliver_to<Pod>(recorder);
            std::string version = "900";
            WatchSink sink{"pods", version, *delivery, [] {}};
            net::ResponseHead head;
            head.headers.add("Content-Type", c.content_type);
            REQUIRE(sink.head(head));
            CHECK(sink.body(c.event).error() == Errc::watch_error);
            REQUIRE(sink.failure());
            CHECK(sink.failure()->http_status == 429);
            CHECK(sink.failure()->message == "too busy");
            CHECK(sink.failure()->retry_after == c.retry_after);
            CHECK(version == "900");
        }
}
