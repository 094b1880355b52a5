// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/protobuf_stream.hpp"
#include "test/kube/bytes.hpp"
#include "test/kube/taken.hpp"
#include "test/kube/wire/goldens.hpp"

#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

namespace {

Taken take_message(const std::string& message) {
    return take(ListDecoder{}, {message});
}

}  // namespace

TEST_CASE("ListDecoder hands on the items of a golden list and knows its metadata") {
    ListDecoder decoder;
    const Taken taken = take(decoder, {golden(kPodList)});
    CHECK(taken.whole);
    REQUIRE(taken.items.size() == 2);
    CHECK(taken.items[0] == golden(kWebPod));
    CHECK(taken.items[1] == golden(kDbPod));
    CHECK(decoder.resource_version() == "900");
    CHECK(decoder.continue_token() == "c1");
    CHECK(decoder.kind() == "PartialObjectMetadataList");
}

TEST_CASE("ListDecoder does not mind where a list is split") {
    const Pieces expected{golden(kWebPod), golden(kDbPod)};
    check_splits(golden(kPodList), [&](const Pieces& pieces) {
        ListDecoder decoder;
        const Taken taken = take(decoder, pieces);
        return taken.whole && taken.items == expected && decoder.resource_version() == "900";
    });
}

TEST_CASE("ListDecoder takes a list byte by byte") {
    ListDecoder decoder;
    std::vector<std::string> pieces;
    for (const char c : golden(kPodList)) pieces.emplace_back(1, c);
    const Taken taken = take(decoder, pieces);
    CHECK(taken.whole);
    CHECK(taken.items == std::vector<std::string>{golden(kWebPod), golden(kDbPod)});
    CHECK(decoder.continue_token() == "c1");
}

TEST_CASE("ListDecoder knows that a list cut anywhere is not whole") {
    const std::string list = golden(kPodList);
    // The two empty fields after raw may be missing: nothing of the list would be.
    const std::size_t end_of_raw = list.size() - 4;
    for (std::size_t size = 0; size < list.size(); ++size) {
        const Taken taken = take_message(list.substr(0, size));
        CAPTURE(size);
        CHECK_FALSE(taken.error);
        CHECK(taken.whole == (size == end_of_raw || size == end_of_raw + 2));
    }
}

TEST_CASE("ListDecoder accepts") {
    struct Case {
        const char* name;
        std::string message;
        std::vector<std::string> items;
    };
    const std::string magic{"k8s\0", 4};
    const std::string big(300'000, 'x');
    const Case cases[] = {
        {"an empty list", envelope("v1", "NodeList", list_meta("7", "")), {}},
        {"an empty raw", magic + golden("1200"), {}},
        {"an empty item", envelope("v1", "NodeList", bytes(2, "") + bytes(2, "")), {"", ""}},
        {"metadata after the items", envelope("v1", "NodeList", bytes(2, "a") + list_meta("7", "")), {"a"}},
        {"raw before the type", magic + bytes(2, bytes(2, "a")) + bytes(1, bytes(2, "NodeList")), {"a"}},
        {"unknown fields of every wire type",
         magic + golden("28ffffffff0f 3106'1234567' 3d'1234'") +
             bytes(2, golden("1801 21'12345678' 2d'1234'") + bytes(9, big) + bytes(2, "a") +
                          bytes(200'000, "y")) +
             bytes(77, big),
         {"a"}},
        {"a field 2 of raw that is no item", envelope("v1", "NodeList", number(2, 5) + bytes(2, "a")), {"a"}},
        {"an item as large as the limit",
         envelope("v1", "NodeList", bytes(2, std::string(kLongestItem, 'i'))),
         {std::string(kLongestItem, 'i')}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const Taken taken = take_message(c.message);
            CHECK_FALSE(taken.error);
            CHECK(taken.whole);
            CHECK((taken.items == c.items));
        }
}

TEST_CASE("ListDecoder refuses") {
    struct Case {
        const char* name;
        std::string message;
        Errc expected;
    };
    const std::string magic{"k8s\0", 4};
    const Case cases[] = {
        {"JSON", "{\"kind\":\"NodeList\"}", Errc::malformed},
        {"another magic", golden("6b387301 1200"), Errc::malformed},
        {"a group", magic + golden("0b"), Errc::malformed},
        {"a wire type that does not exist", magic + golden("0f"), Errc::malformed},
        {"field 0", magic + golden("0200"), Errc::malformed},
        {"a key that does not end", magic + golden("ffffffffffffffffffff01"), Errc::malformed},
        {"a length over 64 bits", magic + golden("12 ffffffffffffffffff02"), Errc::malformed},
        {"a second raw", magic + golden("1200 1200"), Errc::malformed},
        {"an item that is longer than raw", magic + golden("1203 120a 61"), Errc::malformed},
        {"a skipped field that is longer than raw", magic + golden("1203 1a0a 61"), Errc::malformed},
        {"a number that is longer than raw", magic + golden("1202 1880 01"), Errc::malformed},
        {"a fixed number that is longer than raw", magic + golden("1203 19 0101"), Errc::malformed},
        {"a key at the end of raw", magic + golden("1201 12 01 61"), Errc::malformed},
        {"an item over the limit", magic + golden("12 ffffffff0f 12") + varint(kLongestItem + 1),
         Errc::item_too_large},
        {"a type over the limit", magic + golden("0a ffffffff0f"), Errc::item_too_large},
        {"list metadata that is no message", envelope("v1", "NodeList", bytes(1, "\xff\xff")),
         Errc::malformed},
        {"a type that is no message", magic + golden("0a01 ff"), Errc::malformed},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(take_message(c.message).error == c.expected);
        }
}

TEST_CASE("ListDecoder announces an item that is too large before it has arrived") {
    const Taken taken = take(
        ListDecoder{10}, {std::string{"k8s\0", 4} + golden("12 ffffffff7f 120a 30313233343536373839 120b")});
    CHECK(taken.items == std::vector<std::string>{"0123456789"});
    CHECK(taken.error == Errc::item_too_large);
}

TEST_CASE("ListDecoder lives through changed bytes") {
    std::minstd_rand random{7};
    const std::string list = golden(kPodList);
    std::size_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string changed = list;
        for (unsigned i = 0; i <= random() % 3; ++i)
            changed[random() % changed.size()] = static_cast<char>(random());
        const std::size_t split = random() % changed.size();
        const Taken taken = take(ListDecoder{64}, {changed.substr(0, split), changed.substr(split)});
        if (taken.error || !taken.whole) ++refused;
        for (const std::string& item : taken.items)
            if (item.size() > 64) FAIL("an item over the limit");
    }
    // Most bytes are content; it is the others that must be noticed.
    CHECK(refused > 2'000);
    CHECK(refused < 20'000);
}
