// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/watch_source.hpp"

#include "test/sim/api/resources/things_fixture.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>

namespace sim {

using nlohmann::json;

namespace {

// A literal with its zeros.
template <std::size_t size>
std::string bytes(const char (&literal)[size]) {
    return {literal, size - 1};
}

// The frames of a protobuf watch: (type, envelope).
std::vector<std::pair<std::string, std::string>> frames(std::string_view stream) {
    std::vector<std::pair<std::string, std::string>> result;
    while (stream.size() >= 4) {
        std::size_t size = 0;
        for (int i = 0; i < 4; ++i)
            size = size << 8 | static_cast<unsigned char>(stream[static_cast<std::size_t>(i)]);
        REQUIRE(stream.size() >= 4 + size);
        const std::string event{stream.substr(4, size)};
        stream.remove_prefix(4 + size);
        protozero::pbf_reader reader{event};
        std::pair<std::string, std::string> frame;
        while (reader.next()) {
            if (reader.tag() == 1) frame.first = reader.get_string();
            if (reader.tag() != 2) continue;
            protozero::pbf_reader raw{reader.get_view()};
            REQUIRE(raw.next(1));
            frame.second = raw.get_bytes();
        }
        result.push_back(frame);
    }
    CHECK(stream.empty());
    return result;
}

}  // namespace

TEST_CASE("A watch tells what happened since and what it means for the selection") {
    Things f;
    WatchForm form;
    form.version = f.versions.current();
    form.selection.fields = {{"color", "red", true}};
    f.all.put(std::make_shared<Thing>("one", "d", "red"));
    f.all.put(std::make_shared<Thing>("one", "a", "blue"));
    f.all.put(std::make_shared<Thing>("two", "a", "red"));
    f.all.put(std::make_shared<Thing>("two", "b", "blue"));
    f.all.remove({"one", "b"});

    SECTION("in JSON, a line each") {
        WatchSource source{f.all, form};
        std::istringstream lines{f.read(source, 1)};
        Names seen;
        for (std::string line; std::getline(lines, line);) {
            const json event = json::parse(line);
            seen.push_back(event["type"].get<std::string>() + " " +
                           event["object"]["metadata"]["name"].get<std::string>() + " " +
                           event["object"]["metadata"]["resourceVersion"].get<std::string>());
            CHECK(event["object"]["kind"] == "Thing");
        }
        CHECK(seen == Names{"ADDED d 1005", "DELETED a 1006", "ADDED a 1007", "DELETED b 1009"});
    }
    SECTION("in protobuf, framed") {
        form.encoding = Encoding::protobuf;
        form.shape = Shape::metadata;
        WatchSource source{f.all, form};
        const auto seen = frames(f.read(source, 1));
        REQUIRE(seen.size() == 4);
        CHECK(seen[0].first == "ADDED");
        CHECK(seen[3].first == "DELETED");
        CHECK(seen[0].second.find("PartialObjectMetadata") != std::string::npos);
        CHECK(seen[0].second.substr(0, 4) == std::string("k8s\0", 4));
    }
    SECTION("from later on") {
        form.version = 1008;
        WatchSource source{f.all, form};
        CHECK(f.read(source, 1).find("\"DELETED\"") != std::string::npos);
    }
}

TEST_CASE("A watch with initial events tells what there is then where that ends and then changes") {
    Things f;
    f.all.put(std::make_shared<Thing>("one", "b", "green"));
    const std::string query =
        "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&"
        "allowWatchBookmarks=true&timeoutSeconds=1";
    SECTION("in JSON and of the selection only") {
        std::istringstream lines{f.get(query + "&labelSelector=color%3Dred").body};
        Names seen;
        for (std::string line; std::getline(lines, line);) {
            const json event = json::parse(line);
            const json& meta = event["object"]["metadata"];
            seen.push_back(event["type"].get<std::string>() + " " + meta.value("name", "") + " " +
                           meta["resourceVersion"].get<std::string>());
            if (event["type"] == "BOOKMARK")
                CHECK(meta["annotations"]["k8s.io/initial-events-end"] == "true");
        }
        CHECK(seen == Names{"ADDED a 1001", "ADDED c 1003", "BOOKMARK  1005"});
    }
    SECTION("in protobuf") {
        const auto seen = frames(f.get(query, kProtobuf).body);
        REQUIRE(seen.size() == 5);
        CHECK(seen[3].first == "ADDED");
        CHECK(seen[4].first == "BOOKMARK");
        CHECK(seen[4].second.find("k8s.io/initial-events-end") != std::string::npos);
    }
    SECTION("a change that comes meanwhile is told after them") {
        WatchForm form;
        form.version = f.versions.current();
        form.initial = f.all.list({}, std::nullopt, 0);
        WatchSource source{f.all, form};
        f.all.remove({"two", "a"});
        const std::string text = f.read(source, 2);
        const std::size_t end = text.find("BOOKMARK");
        CHECK(text.find("\"ADDED\"") < end);
        CHECK(text.find("\"DELETED\"") > end);
        CHECK(text.find("\"DELETED\"") != std::string::npos);
    }
}

TEST_CASE("The bytes of a protobuf watch event") {
    Things f;
    WatchForm form;
    form.encoding = Encoding::protobuf;
    form.version = f.versions.current();
    form.bookmarks = true;
    form.bookmark_interval = std::chrono::milliseconds{0};
    WatchSource source{f.all, form};
    f.read(source, 1);
    const std::string object = bytes("k8s\0\x0a\x0b\x0a\x02v1\x12\x05Thing\x12\x08\x0a\x06\x32\x04") +
                               "1004" + bytes("\x1a\0\x22\0");
    REQUIRE(object.size() == 31);
    CHECK(f.read(source, 1) == bytes("\0\0\0\x2d\x0a\x08") + "BOOKMARK" + "\x12\x21\x0a\x1f" + object);
}

TEST_CASE("A watch waits for changes and ends with the collection or its time") {
    Things f;
    WatchForm form;
    form.version = f.versions.current();
    SECTION("the head goes out before anything happens") {
        WatchSource source{f.all, form};
        CHECK(f.read(source, 1).empty());
        CHECK_FALSE(f.ended);
    }
    SECTION("a change wakes it") {
        WatchSource source{f.all, form};
        f.read(source, 1);
        const auto change = [](Collection& things) -> net::Task<> {
            things.put(std::make_shared<Thing>("one", "z", "red"));
            co_return;
        };
        f.loop.start(change(f.all));
        CHECK(f.read(source, 1).find("\"z\"") != std::string::npos);
    }
    SECTION("time is over") {
        form.until = net::Clock::now() + std::chrono::milliseconds{20};
        WatchSource source{f.all, form};
        CHECK(f.read(source).empty());
        CHECK(f.ended);
    }
    SECTION("the collection is closed") {
        WatchSource source{f.all, form};
        f.all.close();
        CHECK(f.read(source).empty());
        CHECK(f.ended);
    }
}

TEST_CASE("A version that is too old is gone") {
    Things f;
    const std::uint64_t old = f.versions.current();
    for (int i = 0; i < 6; ++i) f.all.put(std::make_shared<Thing>("one", "a", std::to_string(i)));
    const json event = json::parse(f.get("watch=true&resourceVersion=" + std::to_string(old)).body);
    CHECK(event["type"] == "ERROR");
    CHECK(event["object"]["code"] == 410);
    CHECK(event["object"]["reason"] == "Expired");
    CHECK(event["object"]["message"] == "too old resource version: 1004 (1005)");
    // The five that are kept can be had.
    const Answer kept = f.get("watch=true&timeoutSeconds=1&resourceVersion=1005");
    CHECK(std::count(kept.body.begin(), kept.body.end(), '\n') == 5);
    CHECK(kept.header("Content-Type") == "application/json");
    CHECK(f.get("watch=true&timeoutSeconds=1", kProtobuf).header("Content-Type") ==
          "application/vnd.kubernetes.protobuf;stream=watch");
    CHECK(f.get("watch=true&resourceVersion=x").status == 400);
}

}  // namespace sim
