// SPDX-License-Identifier: Apache-2.0
#include "kube/json/stream.hpp"

#include "test/kube/taken.hpp"

#include <random>
#include <string>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

namespace {

Taken take_list(const std::string& text) {
    return take(JsonListReader{}, {text});
}

Taken take_watch(const std::string& text) {
    return take(JsonWatchReader{}, {text});
}

const std::string kFirst = R"({"a":"}]\"\\","b":[{"c":[]},"{"]})";
const std::string kSecond = R"({"metadata":{"name":"b"}})";
const std::string kList = R"({"kind":"NodeList","apiVersion":"v1",
 "metadata" : {"resourceVersion":"900","continue":"c\u0031","remainingItemCount":7},
 "other":{"items":[1,"]}",{"kind":"x"}]},"items":[ )" +
                          kFirst + " ,\n" + kSecond + R"(],"more":[-1.5e+7,true,null,"\u005d"]} )";

}  // namespace

TEST_CASE("A list in JSON is taken apart wherever it is split") {
    check_splits(kList, [](const Pieces& pieces) {
        JsonListReader reader;
        const Taken taken = take(reader, pieces);
        return taken.whole && taken.items == Pieces{kFirst, kSecond} && reader.kind() == "NodeList" &&
               reader.resource_version() == "900" && reader.continue_token() == "c1";
    });
}

TEST_CASE("A list in JSON that is cut anywhere is not whole") {
    for (std::size_t size = 0; size + 1 < kList.size(); ++size) {
        CAPTURE(size);
        const Taken taken = take_list(kList.substr(0, size));
        CHECK_FALSE(taken.error);
        CHECK_FALSE(taken.whole);
    }
}

TEST_CASE("A list in JSON may hold") {
    struct Case {
        const char* name;
        std::string text;
        Pieces items;
        std::string version;
    };
    const Case cases[] = {
        {"nothing", "{}", {}, ""},
        {"nothing, with space", " \r\n\t{ } ", {}, ""},
        {"no items", R"({"items":[]})", {}, ""},
        {"items that are null", R"({"items":null,"metadata":{"resourceVersion":"5"}})", {}, "5"},
        {"items before the metadata", R"({"items":[{}],"metadata":{"resourceVersion":"5"}})", {"{}"}, "5"},
        {"items that are no objects",
         R"({"items":[null,1,"a",[2],true]})",
         {"null", "1", "\"a\"", "[2]", "true"},
         ""},
        {"a key with escapes", R"({"\u0069tem\u0073":[{}]})", {"{}"}, ""},
        {"a key in another case", R"({"Items":[{}],"Metadata":{"resourceVersion":"5"}})", {}, ""},
        {"metadata twice",
         R"({"metadata":{"resourceVersion":"1"},"metadata":{"resourceVersion":"2"}})",
         {},
         "2"},
        {"metadata that is null", R"({"metadata":null})", {}, ""},
        {"a kind that is null", R"({"kind":null})", {}, ""},
        {"a version that is null", R"({"metadata":{"resourceVersion":null}})", {}, ""},
        {"brackets in each other without end",
         R"({"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + R"(,"items":[{}]})",
         {"{}"},
         ""},
        {"a member over the limit that is of no interest",
         R"({"x":")" + std::string(kLongestItem + 9, 'x') + R"(","items":[{}]})",
         {"{}"},
         ""},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            JsonListReader reader;
            const Taken taken = take(reader, {c.text});
            CHECK_FALSE(taken.error);
            CHECK(taken.whole);
            CHECK((taken.items == c.items));
            CHECK(reader.resource_version() == c.version);
        }
}

TEST_CASE("A list in JSON is refused for") {
    const auto [name, text] = GENERATE(table<const char*, std::string>({
        {"another type", "[]"},
        {"HTML", "<html>"},
        {"protobuf", "k8s"},
        {"a key without quotes", "{kind:1}"},
        {"a member without a colon", R"({"kind" "x"})"},
        {"a value that is none", R"({"x":})"},
        {"a comma too many", R"({"x":1,})"},
        {"a comma at the start", R"({,"x":1})"},
        {"a comma too many among items", R"({"items":[{},]})"},
        {"a comma before the items", R"({"items":[,{}]})"},
        {"items without a comma", R"({"items":[{}{}]})"},
        {"items that end as an object", R"({"items":[{}}})"},
        {"items that are an object", R"({"items":{}})"},
        {"items that are text", R"({"items":"[]"})"},
        {"items that are nearly null", R"({"items":nul})"},
        {"items that come twice", R"({"items":[],"items":[]})"},
        {"a kind that is a number", R"({"kind":1})"},
        {"metadata that are a list", R"({"metadata":[]})"},
        {"a version that is a number", R"({"metadata":{"resourceVersion":5}})"},
        {"metadata that are no JSON", R"({"metadata":{]}})"},
        {"something after it", "{} {}"},
    }));
    CAPTURE(name);
    CHECK(take_list(text).error == Errc::malformed);
}

TEST_CASE("Objects in JSON are bounded before they have arrived") {
    const Taken items = take(JsonListReader{10}, {R"({"items":["12345678","123456789)"});
    CHECK(items.items == Pieces{"\"12345678\""});
    CHECK_FALSE(items.error);
    CHECK(take(JsonListReader{10}, {R"({"items":["12345678","12345)", "67890"}).error ==
          Errc::item_too_large);
    const Taken events = take(JsonWatchReader{10}, {R"({"a":1234})", R"({"a":12345)"});
    CHECK(events.items == Pieces{R"({"a":1234})"});
    CHECK_FALSE(events.error);
    CHECK(take(JsonWatchReader{10}, {R"({"a":12345})"}).error == Errc::item_too_large);
}

TEST_CASE("A watch in JSON is taken apart wherever it is split") {
    const std::string watch = kFirst + "\n" + kSecond + kSecond + " \n";
    check_splits(watch, [](const Pieces& pieces) {
        const Taken taken = take(JsonWatchReader{}, pieces);
        return taken.whole && taken.items == Pieces{kFirst, kSecond, kSecond};
    });
}

TEST_CASE("A watch in JSON is whole between events only and holds nothing but objects") {
    CHECK(take_watch("").whole);
    CHECK(take_watch(kSecond + "\n").whole);
    CHECK_FALSE(take_watch(kSecond + "\n{").whole);
    CHECK_FALSE(take_watch(kSecond.substr(0, kSecond.size() - 1)).whole);
    const auto other = GENERATE(as<std::string>{}, "[]", "null", "1", "\"{}\"", "}", "{}}", "{},{}", "k8s");
    CAPTURE(other);
    CHECK(take_watch(other).error == Errc::malformed);
}

TEST_CASE("JsonListReader lives through changed bytes") {
    std::minstd_rand random{7};
    std::size_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string changed = kList;
        for (unsigned i = 0; i <= random() % 3; ++i)
            changed[random() % changed.size()] = "{}[]\",:\\ x1\n"[random() % 12];
        const std::size_t split = random() % changed.size();
        const Taken taken = take(JsonListReader{80}, {changed.substr(0, split), changed.substr(split)});
        if (taken.error || !taken.whole) ++refused;
        for (const std::string& item : taken.items)
            if (item.size() > 80) FAIL("an item over the limit");
    }
    CHECK(refused > 2'000);
    CHECK(refused < 20'000);
}
