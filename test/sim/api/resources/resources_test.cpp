// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/resources.hpp"

#include "test/sim/api/resources/list_source.hpp"
#include "test/sim/api/resources/things_fixture.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>

namespace sim {

using nlohmann::json;

TEST_CASE("Lists hold what was selected in order") {
    Things f;
    CHECK(f.names(f.get("")) == Names{"one/a", "one/b", "one/c", "two/a"});
    CHECK(f.names(f.get("", "*/*", "", "two")) == Names{"two/a"});
    CHECK(f.names(f.get("labelSelector=color%3Dblue")) == Names{"two/a"});
    CHECK(f.names(f.get("fieldSelector=metadata.name%3Da")) == Names{"one/a", "two/a"});
    CHECK(f.names(f.get("fieldSelector=color!%3Dred")) == Names{"two/a"});
    CHECK(f.names(f.get("", "*/*", "", "none")).empty());
    CHECK(f.get("fieldSelector=size%3D1").status == 400);
    CHECK(f.get("labelSelector=a%3D%3D%3D").status == 400);
    CHECK(f.get("limit=x").status == 400);
    CHECK(f.get("", "text/html").status == 406);
    const Answer answer = f.get("");
    CHECK(answer.header("Content-Type") == "application/json");
    const json list = json::parse(answer.body);
    CHECK(list["kind"] == "ThingList");
    CHECK(list["metadata"]["resourceVersion"] == "1004");
    CHECK_FALSE(list["items"][0].contains("kind"));
}

TEST_CASE("Pages follow one another by continue") {
    Things f;
    const Answer first = f.get("limit=3");
    CHECK(f.names(first) == Names{"one/a", "one/b", "one/c"});
    const json list = json::parse(first.body);
    CHECK(list["metadata"]["remainingItemCount"] == 1);
    const std::string token = list["metadata"]["continue"];
    const Answer second = f.get("limit=3&continue=" + token);
    CHECK(f.names(second) == Names{"two/a"});
    CHECK_FALSE(json::parse(second.body)["metadata"].contains("continue"));
    CHECK(json::parse(second.body)["metadata"]["resourceVersion"] == "1004");
    CHECK(f.names(f.get("limit=1&resourceVersion=0")).size() == 4);
    CHECK(f.get("continue=nonsense").status == 400);
    f.all.compact();
    CHECK(f.get("limit=3&continue=" + token).status == 410);
}

TEST_CASE("A protobuf list is one message and says the same as JSON") {
    Things f;
    const std::string body = f.get("", kProtobuf).body;
    // The list's own metadata, then each object: worked out by hand.
    const auto field = [](char number, const std::string& text) {
        return std::string{static_cast<char>(number << 3 | 2)} + static_cast<char>(text.size()) + text;
    };
    std::string list = field(1, field(1, "") + field(2, "1004") + field(3, ""));
    const char* const objects[][4] = {{"one", "a", "red", "1001"},
                                      {"one", "b", "red", "1002"},
                                      {"one", "c", "red", "1003"},
                                      {"two", "a", "blue", "1004"}};
    for (const auto& [name_space, name, color, version] : objects) {
        const std::string meta = field(1, name) + field(2, "") + field(3, name_space) + field(4, "") +
                                 field(5, "") + field(6, version) + std::string("\x38\0", 2) +
                                 field(8, std::string("\x08\x80\x81\x8f\xd8\x06\x10\0", 8)) +
                                 field(11, field(1, "color") + field(2, color));
        list += field(2, field(1, meta) + field(2, color));
    }
    const std::string type = field(1, field(1, "v1") + field(2, "ThingList"));
    REQUIRE(list.size() >= 128);
    const std::string size{static_cast<char>(0x80 | (list.size() & 0x7f)),
                           static_cast<char>(list.size() >> 7)};
    CHECK(body == std::string("k8s\0", 4) + type + "\x12" + size + list + std::string("\x1a\0\x22\0", 4));
}

TEST_CASE("Long lists come in pieces that make one message") {
    Things f;
    for (int i = 0; i < 3'000; ++i)
        f.all.load(std::make_shared<Thing>("many", "name-" + std::to_string(i), "green"));
    for (const Encoding encoding : {Encoding::json, Encoding::protobuf}) {
        ListForm form;
        form.type = {"Thing", "v1"};
        form.encoding = encoding;
        ListSource source{f.all.list({}, std::nullopt, 0), form};
        std::string text;
        int pieces = 0;
        for (bool more = true; more; ++pieces) {
            const std::size_t before = text.size();
            more = f.loop.run(source.next(text)).value() == net::Piece::more;
            CHECK(text.size() - before < 70'000);
        }
        CHECK(pieces > 3);
        if (encoding == Encoding::json) {
            CHECK(json::parse(text)["items"].size() == 3'004);
            continue;
        }
        protozero::pbf_reader unknown{text.data() + 4, text.size() - 4};
        REQUIRE(unknown.next(2));
        protozero::pbf_reader list{unknown.get_view()};
        int items = 0;
        while (list.next()) {
            items += list.tag() == 2 ? 1 : 0;
            list.skip();
        }
        CHECK(items == 3'004);
    }
}

TEST_CASE("One object is got by its name") {
    Things f;
    const Answer found = f.get("", "*/*", "b", "one");
    CHECK(found.status == 200);
    CHECK(json::parse(found.body)["color"] == "red");
    const Answer missing = f.get("", "*/*", "nope", "one");
    CHECK(missing.status == 404);
    CHECK(json::parse(missing.body)["message"] == "things \"nope\" not found");
    const Answer binary = f.get("", kProtobuf, "nope", "one");
    CHECK(binary.header("Content-Type") == kProtobuf);
    CHECK(binary.body.substr(0, 4) == std::string("k8s\0", 4));
    const std::string metadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    CHECK(json::parse(f.get("", metadata, "b", "one").body)["kind"] == "PartialObjectMetadata");
    CHECK(f.get("", metadata).status == 406);
}

}  // namespace sim
