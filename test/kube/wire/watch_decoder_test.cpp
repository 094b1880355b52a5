// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/decode.hpp"
#include "kube/wire/protobuf_stream.hpp"
#include "test/kube/bytes.hpp"
#include "test/kube/taken.hpp"
#include "test/kube/wire/goldens.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

TEST_CASE("WatchDecoder and decode_event read a golden watch") {
    const Taken taken = take(WatchDecoder{}, {golden(kPodWatch)});
    CHECK(taken.whole);
    REQUIRE(taken.items.size() == 2);

    const WatchEvent added = decode_event(taken.items[0]).value();
    CHECK(added.type == "ADDED");
    const Envelope object = open_envelope(added.object).value();
    CHECK(object.type.api_version == "meta.k8s.io/v1");
    CHECK(object.type.kind == "PartialObjectMetadata");
    CHECK(object.raw == golden(kDbPod));

    const WatchEvent bookmark = decode_event(taken.items[1]).value();
    CHECK(bookmark.type == "BOOKMARK");
    Pod pod;
    REQUIRE(decode(open_envelope(bookmark.object).value().raw, pod));
    CHECK(pod.resource_version == "901");
    CHECK(pod.name.empty());
}

TEST_CASE("WatchDecoder does not mind where a watch is split") {
    const std::string watch = golden(kPodWatch);
    const auto expected = take(WatchDecoder{}, {watch}).items;
    check_splits(watch, [&](const Pieces& pieces) {
        const Taken taken = take(WatchDecoder{}, pieces);
        return taken.whole && taken.items == expected;
    });
}

TEST_CASE("WatchDecoder is whole between frames only") {
    const std::string watch = golden(kPodWatch);
    const std::size_t first_frame = 4 + 0x4f;
    for (std::size_t size = 0; size <= watch.size(); ++size) {
        CAPTURE(size);
        const bool between = size == 0 || size == first_frame || size == watch.size();
        CHECK(take(WatchDecoder{}, {watch.substr(0, size)}).whole == between);
    }
}

TEST_CASE("WatchDecoder bounds frames") {
    CHECK(take(WatchDecoder{4}, {golden("00000004 'abcd' 00000000 00000005")}).error == Errc::item_too_large);
    CHECK(take(WatchDecoder{4}, {golden("00000004 'abcd' 00000000 00000001 'e'")}).items ==
          std::vector<std::string>{"abcd", "", "e"});
    // What a server that answers in JSON would begin with.
    CHECK(take(WatchDecoder{}, {"{\"type\":\"ADDED\""}).error == Errc::item_too_large);
}

TEST_CASE("decode_event and open_envelope refuse what they cannot read") {
    const auto broken = GENERATE(as<std::string>{},
                                 "\x0a\x05"
                                 "ADD",
                                 "\x0a", "\xff", "\x13");
    CAPTURE(broken);
    CHECK(decode_event(broken).error() == Errc::malformed);
    CHECK(open_envelope(std::string{"k8s\0", 4} + broken).error() == Errc::malformed);
}

TEST_CASE("open_envelope wants the magic") {
    CHECK(open_envelope("").error() == Errc::malformed);
    CHECK(open_envelope("k8s").error() == Errc::malformed);
    CHECK(open_envelope("{}").error() == Errc::malformed);
    CHECK(open_envelope({"k8s\0", 4}).value().raw.empty());
}

TEST_CASE("An event without a type or an object is empty") {
    CHECK(decode_event("").value().type.empty());
    CHECK(decode_event("").value().object.empty());
    // Both fields as numbers.
    CHECK(decode_event(golden("0801 1001")).value().type.empty());
}
