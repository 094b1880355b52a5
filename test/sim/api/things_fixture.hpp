// SPDX-License-Identifier: Apache-2.0
// For the tests of collections: a collection of little things, and reading what is answered about it.
#pragma once

#include "test/sim/api/collection.hpp"
#include "test/sim/api/protobuf.hpp"
#include "test/sim/api/resources.hpp"
#include "test/sim/testing.hpp"

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sim {

// An object that is little more than a name.
class Thing final : public Object {
  public:
    Thing(std::string name_space, std::string name, std::string color) : color_{std::move(color)} {
        meta_.name_space = std::move(name_space);
        meta_.name = std::move(name);
        meta_.created = 1'795'408'000 * kSecond;
        meta_.labels = {{"color", color_}};
    }
    void write_json(nlohmann::ordered_json& to) const override { to["color"] = color_; }
    void write_protobuf(std::string& to) const override {
        protozero::pbf_writer writer{to};
        add_text(writer, 2, color_);
    }

  private:
    std::optional<std::string> own_field(std::string_view path) const override {
        if (path == "color") return color_;
        return std::nullopt;
    }
    std::string color_;
};

struct Things {
    Things() {
        for (const char* name : {"a", "b", "c"}) all.load(std::make_shared<Thing>("one", name, "red"));
        all.load(std::make_shared<Thing>("two", "a", "blue"));
    }

    std::string read(net::BodySource& source, int pieces = 1'000) {
        std::string text;
        net::Piece last = net::Piece::more;
        for (int i = 0; i < pieces && last == net::Piece::more; ++i)
            last = loop.run(source.next(text)).value();
        ended = last == net::Piece::last;
        return text;
    }
    Answer get(const std::string& query, const std::string& accept = "application/json",
               const std::string& name = "", const std::string& name_space = "") {
        net::Response response = get_resource(all, {name_space, name, Query::parse(query), accept});
        Answer answer;
        answer.status = response.status;
        answer.headers = response.headers;
        answer.body = response.source ? read(*response.source) : response.body;
        return answer;
    }
    std::vector<std::string> names(const Answer& answer) {
        std::vector<std::string> result;
        const auto list = nlohmann::json::parse(answer.body);
        for (const auto& item : list["items"])
            result.push_back(item["metadata"]["namespace"].get<std::string>() + "/" +
                             item["metadata"]["name"].get<std::string>());
        return result;
    }

    TestLoop loop;
    Versions versions;
    Collection all{{"things", "thing", "", {"Thing", "v1"}, true, {"metadata.name", "color"}}, versions, 5};
    bool ended = false;
};

using Names = std::vector<std::string>;
inline constexpr const char* kProtobuf = "application/vnd.kubernetes.protobuf";

}  // namespace sim
